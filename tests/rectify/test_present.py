"""What a present verdict says code by code; and an earlier check of our own, held against a later one."""

from dataclasses import replace
from datetime import date, datetime
from pathlib import Path

import pytest

from tests.history.world import Q3, Q4, account, checked, office
from tests.made import account as one_account
from tests.made import facts_of, noon, visit
from tracker.absence import Absence
from tracker.clock import SHANGHAI
from tracker.model import Aspect, Conclusion, Decision, Identity, Outcome, Reported, Route, Seen, StoredVisit, Verdict
from tracker.rectify import Present, earlier, present
from tracker.rulebook import RULES
from tracker.rulebook.profile import AbsenceEffect, load
from tracker.store import Paper, PaperFinding, PaperLine
from tracker.verdict import conclude

BAOJI = load("baoji", RULES)
ON = date(2026, 11, 6)
FRESH = {"check_date": ON, "posts": [date(2026, 11, 3)], "complete_since": date(2026, 8, 1)}
STALE = {"check_date": ON, "posts": [date(2026, 9, 3)], "complete_since": date(2026, 8, 1)}


def said(confirmed: bool, code: str = "INT-01") -> Decision:
    return Decision(account_id="示例0001", code=code, confirmed=confirmed, who="王某", why="后台已开留言", at=noon(ON))


def told(world: dict[str, object], *decisions: Decision, visits: tuple[StoredVisit, ...] = ()) -> Present:
    verdict = conclude(facts_of(world), BAOJI, decisions)
    return present(verdict, BAOJI, BAOJI.digest, visits, decisions)


def test_kept_unknown_and_broken() -> None:
    new = told(FRESH | {"likes_whole": True})
    assert new.kept["UPD-01"] == new.kept["UPD-03"] == "检查日2026-11-06,最近发布2026-11-03"
    assert "没有这个问题" in new.kept["CNT-02"]
    assert "INT-01" in new.unknown
    assert "INT-01" not in new.kept
    stale = told(STALE)
    assert ([one.code for one in stale.findings], stale.silent_since) == (["UPD-02"], date(2026, 9, 3))
    assert "UPD-01" not in stale.kept


def test_a_dismissal_is_a_look_that_found_nothing() -> None:
    muted = FRESH | {"channels_whole": True, "comments": "closed"}
    assert [one.code for one in told(muted).findings] == ["INT-01"]
    new = told(muted, said(False))
    assert (new.findings, new.kept["INT-01"]) == ((), "王某2026-11-06驳回:后台已开留言")
    assert [one.code for one in told(muted, said(False), said(True)).findings] == ["INT-01"]


def test_what_a_person_found_fine_is_kept_though_no_rule_asks() -> None:
    looked = visit(route=Route.MANUAL, reported=[Reported(code="CNT-01", broken=False), Reported(code="COL", broken=False)])
    new = told(FRESH, visits=(looked,))
    assert new.kept["CNT-01"] == new.kept["COL"] == "检查人看过,没有这个问题"
    again = replace(
        visit(route=Route.MANUAL, at=date(2026, 11, 7), reported=[Reported(code="CNT-01", broken=True, phrase="内容不规范")]),
        file="s/2.warc.gz",
    )
    assert "CNT-01" not in told(FRESH, visits=(looked, again)).kept


def test_a_silence_that_is_only_excused_is_no_finding() -> None:
    profile = replace(BAOJI, absence=AbsenceEffect.EXEMPT)
    away = Absence(
        account_id="示例0001",
        first=date(2026, 9, 1),
        last=ON,
        filed_on=date(2026, 9, 1),
        reason="迁移",
        document="示政办〔2026〕9号",
        who="王某",
        at=noon(date(2026, 9, 1)),
    )
    facts = replace(facts_of(STALE), reported=(Reported(code="UPD-02", broken=True, phrase="长时间未更新"),))
    new = present(conclude(facts, profile, (), [away]), profile, profile.digest, ())
    assert new.findings == ()
    assert "停更报备期内的天数不计" in new.kept["UPD-02"]


def closed(words: str) -> StoredVisit:
    return visit({Aspect.EXISTENCE: Seen(value=Identity(ids={}, name="示例发布", closed=words), outcome=Outcome.OK)})


def test_the_platforms_words_are_a_hint_until_a_person_confirms() -> None:
    new = told(STALE, visits=(closed("此帐号已自主注销"),))
    assert (new.closing, new.hint) == ("", "此帐号已自主注销")


@pytest.mark.parametrize(
    ("status", "closing"), [("已发布关停公告", "10.20已发布关停公告"), ("停运未注销", "停运未注销"), ("正常", "")]
)
def test_how_far_it_is_on_its_way_out(status: str, closing: str) -> None:
    filed = {"account": {"status": status, "status_date": date(2026, 10, 20)}}
    assert told(STALE | filed).closing == closing


def test_a_status_counts_from_its_date_on() -> None:
    later = {"account": {"status": "已注销", "status_date": date(2026, 11, 20)}}
    assert told(STALE | later).closing == ""


ONE, TWO = account("新浪微博", "示例发布"), account("微信公众号", "示例统计")


def test_an_earlier_check_of_our_own(tmp_path: Path) -> None:
    with office(tmp_path, ONE, TWO, periods=[Q3]) as ws:
        checked(ws, Q3, 示例发布=["INT-01", "UPD-01"])
        was = earlier(ws, Q3)
        assert [one.code for one in was[ONE.account_id].findings] == ["UPD-01", "INT-01"]
        assert (was[TWO.account_id].findings, was[TWO.account_id].words) == ((), "合格")
        assert (was[ONE.account_id].since, was[ONE.account_id].until) == (Q3.end, Q3.end)
        assert was[ONE.account_id].source.startswith("批次 正式 2020Q3 ")


def test_two_lines_of_one_account_are_one(tmp_path: Path) -> None:
    def line(row: int, code: str, phrase: str) -> PaperLine:
        finding = PaperFinding(code=code, phrase=phrase)
        return PaperLine(row=row, platform=ONE.platform, kind="微博", name="示 例发布", findings=(finding,))

    lines = (line(2, "UPD-01", "未更新"), line(3, "INT-01", "未提供有效互动功能"))
    at = datetime(2020, 12, 1, tzinfo=SHANGHAI)
    with office(tmp_path, ONE, TWO) as ws:
        paper = Paper(period="2020Q4", file="附件.csv", sha256="0", at=at, who="王某", lines=lines)
        ws.store.add_paper(paper, replace(Q4, closed_at=at, source="来自纸质通报 附件.csv"))
        period = ws.store.period("2020Q4")
        assert period
        was = earlier(ws, period)
    assert list(was) == [ONE.account_id]
    assert was[ONE.account_id].words == "未更新,未提供有效互动功能"
    assert was[ONE.account_id].source == "来自纸质通报 附件.csv第2行、来自纸质通报 附件.csv第3行"


def test_a_verdict_alone_names_its_account() -> None:
    verdict = Verdict(
        account=one_account(), conclusion=Conclusion.PASSED, word="合格", check_date=ON, latest_post=None, idle_days=None
    )
    new = present(verdict, BAOJI, "another digest", ())
    assert new.kept == {}
    assert set(new.unknown.values()) == {"口径在判定之后改过,看不出当时查没查这一项;请重新判定"}
