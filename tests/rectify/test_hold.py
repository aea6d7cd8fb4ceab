"""One old finding against one present check: every word, and why (domain/rules.md §4)."""

from datetime import date
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.rectify.made import THEN, earlier, finding, hit, old, present
from tracker.model import Conclusion, Status
from tracker.rectify import OldFinding, Present, Rectification, Word, rectify, summarise
from tracker.rulebook.taxonomy import kinds

SILENT = finding("UPD-01", "未及时更新")
GAP = finding("UPD-05", "存在未及时更新")
MUTE = finding("INT-01", "未提供有效互动功能")


def of(told: OldFinding, new: Present | None, **more: object) -> Rectification:
    return rectify(earlier(told, **more), new)


@pytest.mark.parametrize(
    ("told", "new", "word", "because"),
    [
        ("INT-01", present(kept=("INT-01",)), Word.RECTIFIED, "查过,没有"),
        ("INT-01", present(MUTE), Word.NOT, "本次仍有“未提供有效互动功能”"),
        ("INT-01", present(unknown={"INT-01": "需要登录态"}), Word.UNKNOWN, "需要登录态"),
        ("INT-01", present(), Word.UNKNOWN, "没有看这一项"),
        ("INT-01", None, Word.UNKNOWN, "没有检查这个账号"),
        ("INT-01", present(finding("INT-01", "禁止留言", status=Status.CANDIDATE)), Word.UNKNOWN, "待人工复核"),
        ("INT-01", present(GAP, kept=("INT-01",)), Word.RECTIFIED, "查过,没有"),
        ("UPD-01", present(kept=("UPD-01", "UPD-02", "UPD-03")), Word.RECTIFIED, "查过,没有"),
        ("UPD-03", present(SILENT, latest=date(2020, 9, 1), silent_since=date(2020, 9, 1)), Word.PARTLY, "最近2020-09-01"),
        ("UPD-01", present(SILENT, latest=date(2020, 7, 1), silent_since=date(2020, 7, 1)), Word.NOT, "没有公开发布"),
        ("UPD-01", present(SILENT, latest=date(2020, 7, 1), silent_since=date(2020, 10, 20)), Word.PARTLY, "不能断定"),
        ("UPD-01", present(SILENT), Word.PARTLY, "不能断定"),
        ("UPD-02", present(GAP, latest=date(2020, 11, 9), silent_since=date(2020, 11, 9)), Word.RECTIFIED, "已恢复发布"),
        ("UPD-05", present(GAP, latest=date(2020, 11, 9), silent_since=date(2020, 11, 9)), Word.PARTLY, "存在未及时更新"),
        ("UPD-05", present(SILENT, latest=THEN, silent_since=THEN), Word.NOT, "没有公开发布"),
        ("UPD-05", present(kept=("UPD-01",)), Word.UNKNOWN, "没有看这一项"),
        ("UPD-04", present(kept=("UPD-04",), unknown={"UPD-01": "只看到部分内容"}), Word.RECTIFIED, "查过,没有"),
        ("UPD-04", present(finding("UPD-04"), silent_since=date(2019, 1, 1)), Word.NOT, "没有公开发布"),
        ("UPD-01", present(unknown={"UPD-01": "需要登录态"}), Word.UNKNOWN, "需要登录态"),
        ("UPD-01", present(finding("UPD-01", "x", status=Status.CANDIDATE)), Word.UNKNOWN, "待人工复核"),
    ],
)
def test_a_finding_against_the_present(told: str, new: Present | None, word: Word, because: str) -> None:
    got = of(old(told), new)
    assert (got.word, got.held[0].word) == (word, word)
    assert because in got.reason


@pytest.mark.parametrize(
    ("told", "now", "word"),
    [
        (old("COL-01", "“文章”“动态”栏目长期未更新"), finding("COL-01", "“文章”、“动态”长期未更新"), Word.NOT),
        (old("COL-01", "“文章”“动态”栏目长期未更新"), finding("COL-01", "“动态”栏目长期未更新"), Word.PARTLY),
        (old("COL-01", "“文章”栏目长期未更新"), finding("COL-01", "“动态”栏目长期未更新"), Word.PARTLY),
        (old("COL-03", "多个栏目链接无法访问"), finding("COL-03", "多个栏目链接无效"), Word.NOT),
        (old("COL-03", "多个栏目链接无法访问"), finding("COL-03", "个别栏目链接无效"), Word.PARTLY),
        (old("COL-03", "个别栏目链接无法访问"), finding("COL-03", "多个栏目链接无效"), Word.NOT),
        (old("COL", "栏目存在问题"), finding("COL-02", "“动态”无内容"), Word.NOT),
        (old("COL-01", "栏目", hit("“文章”停了"), hit("“动态”停了")), finding("COL-01", "栏目", hit("“文章”停了")), Word.PARTLY),
        (
            old("CNT-03", "商业信息", hit("一"), hit("二")),
            finding("CNT-03", "商业信息", hit("一"), hit("二"), hit("三")),
            Word.NOT,
        ),
        (old("CNT-03", "商业信息", hit("一"), hit("二")), finding("CNT-03", "商业信息", hit("二"), hit("三")), Word.PARTLY),
        (old("CNT-03", "商业信息", hit("一")), finding("CNT-03", "商业信息", hit("四")), Word.PARTLY),
        (old("CNT-01", "内容不规范"), finding("CNT-01", "内容不规范"), Word.PARTLY),
        (old("OTHER", "多个栏目内容一直"), finding("OTHER", "多个栏目内容一直"), Word.NOT),
        (old("OTHER", "多个栏目内容一直"), finding("OTHER", "别的话"), Word.UNKNOWN),
    ],
)
def test_how_much_of_it_stands(told: OldFinding, now: object, word: Word) -> None:
    assert of(told, present(now)).word is word  # type: ignore[arg-type]


def test_words_that_nobody_knows_are_mended_only_by_a_look_that_found_nothing() -> None:
    told = old("OTHER", "多个栏目内容一直")
    assert of(told, present()).word is Word.UNKNOWN
    assert of(told, present(kept=("OTHER",))).word is Word.RECTIFIED


def test_an_account_of_several_findings() -> None:
    two = (old("INT-01"), old("REG-01"))

    def word(new: Present) -> Word:
        return rectify(earlier(*two), new).word

    assert word(present(kept=("INT-01", "REG-01"))) is Word.RECTIFIED
    assert word(present(MUTE, finding("REG-01"))) is Word.NOT
    assert word(present(MUTE, kept=("REG-01",))) is Word.PARTLY
    assert word(present(MUTE, unknown={"REG-01": "没有查看"})) is Word.PARTLY
    assert word(present(kept=("INT-01",), unknown={"REG-01": "没有查看"})) is Word.UNKNOWN


def test_a_paper_list_without_check_days_never_claims_silence_since() -> None:
    told = {"since": date(2020, 7, 1), "until": date(2020, 9, 30)}
    within = present(SILENT, latest=date(2020, 9, 15), silent_since=date(2020, 9, 15))
    assert of(old("UPD-01"), within, **told).word is Word.PARTLY
    assert of(old("UPD-01"), within, last_post=date(2020, 9, 15), **told).word is Word.NOT
    before = present(SILENT, latest=date(2020, 6, 30), silent_since=date(2020, 6, 30))
    assert of(old("UPD-01"), before, **told).word is Word.NOT


def test_new_findings_are_told_apart() -> None:
    got = of(old("INT-01"), present(SILENT, kept=("INT-01",)))
    assert (got.word, [one.code for one in got.fresh], got.conclusion) == (Word.RECTIFIED, ["UPD-01"], Conclusion.FAILED)
    again = of(old("UPD-02"), present(SILENT, MUTE, finding("CNT-01", status=Status.CANDIDATE)))
    assert [one.code for one in again.fresh] == ["INT-01"]


def test_an_account_on_its_way_out_carries_that_word() -> None:
    leaving = present(SILENT, conclusion=Conclusion.LIFECYCLE, word="11.15已发布关停公告", closing="11.15已发布关停公告")
    got = of(old("UPD-01"), leaving)
    assert (got.word, got.closing, got.held[0].word) == (Word.CLOSING, "11.15已发布关停公告", Word.CLOSING)
    gone = of(old("UPD-01"), present(SILENT, closing="账号已注销,备案平台未关停"))
    assert (gone.word, gone.closing) == (Word.CLOSING, "账号已注销,备案平台未关停")
    stopped = of(old("UPD-01"), present(SILENT, silent_since=THEN, closing="停运未注销"))
    assert (stopped.word, stopped.closing) == (Word.NOT, "停运未注销")
    hinted = of(old("UPD-01"), present(SILENT, silent_since=THEN, hint="此帐号已自主注销"))
    assert hinted.word is Word.UNKNOWN
    assert "此帐号已自主注销" in hinted.reason


def test_nothing_to_check() -> None:
    passed = rectify(earlier(result="合格"), present(SILENT))
    assert (passed.previous, passed.printed, passed.word) == ("合格", "", Word.NOTHING)
    new = rectify(None, present(SILENT), filed_new=True)
    assert (new.previous, new.printed, new.word) == ("新增备案", "", Word.NEW)
    assert [one.code for one in new.fresh] == ["UPD-01"]
    unlisted = rectify(None, present())
    assert (unlisted.previous, unlisted.printed) == ("", "")


def test_the_summary_counts_each_formerly_failing_account_once() -> None:
    one = earlier(old("INT-01"))
    told = [
        rectify(one, present(kept=("INT-01",))),
        rectify(one, present(SILENT, kept=("INT-01",))),
        rectify(one, present(MUTE)),
        rectify(one, present(unknown={"INT-01": "需要登录态"})),
        rectify(one, present(conclusion=Conclusion.LIFECYCLE, word="已注销", closing="已注销")),
        rectify(earlier(result="合格"), present(MUTE)),
        rectify(None, present(), filed_new=True),
    ]
    got = summarise("2020年第三季度", told)
    assert (got.formerly, got.rechecked, got.rectified, got.not_rectified, got.closing, got.unknown) == (5, 3, 2, 1, 1, 1)
    assert (got.rate, got.fresh, got.still_failing) == (Fraction(2, 3), 1, 1)
    assert summarise("x", []).rate is None


CODES = sorted({kind.code for kind in kinds()} - {"OK", "NEW", "LIF-01"})
STATES = st.sampled_from(["stands", "waits", "kept", "unknown", "unasked"])


def _world(states: dict[str, str]) -> Present:
    made = [
        finding(code, status=Status.CONFIRMED if state == "stands" else Status.CANDIDATE)
        for code, state in states.items()
        if state in ("stands", "waits")
    ]
    kept = tuple(code for code, state in states.items() if state == "kept")
    return present(*made, kept=kept, unknown={code: "需要登录态" for code, state in states.items() if state == "unknown"})


@given(st.dictionaries(st.sampled_from(CODES), STATES, min_size=1))
def test_ignorance_is_never_an_accusation_and_never_a_pardon(states: dict[str, str]) -> None:
    """Without a settled finding nothing is 未整改; without proof nothing is 已整改; an account is no better than its findings."""
    got = rectify(earlier(*map(old, states)), _world(states))
    words = {held.word for held in got.held}
    if "stands" not in states.values():
        assert not words & {Word.NOT, Word.PARTLY}
    if "kept" not in states.values():
        assert Word.RECTIFIED not in words
    assert (got.word is Word.RECTIFIED) == (words == {Word.RECTIFIED})
    assert (got.word is Word.NOT) == (words == {Word.NOT})
    if got.word is Word.UNKNOWN:
        assert Word.UNKNOWN in words
    assert all(held.reason for held in got.held)
