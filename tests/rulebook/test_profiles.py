"""The shipped profiles against published figures (domain/rules.md §5, the seeds), and what a profile's keys do."""

import csv
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from tests.made import facts_of
from tests.rulebook.test_rule_cases import CASES
from tracker.absence import Absence
from tracker.clock import SHANGHAI
from tracker.model import Conclusion, Effect, Reported, Status, Verdict
from tracker.rulebook import RULES, Breach
from tracker.rulebook.profile import Profile, load, names
from tracker.rulebook.rule import SLOTS
from tracker.rulebook.taxonomy import read_phrases
from tracker.verdict import conclude

SEEDS = Path(__file__).parents[3] / "shared" / "seeds"
IDLE = ("UPD-01", "UPD-02", "UPD-03")


def case(idle: int, on: date = date(2026, 11, 6), **more: Any) -> Mapping[str, Any]:
    """An account whose list is whole, that posted every week and last `idle` days before the check date."""
    last = on - timedelta(days=idle)
    weekly = [last - timedelta(weeks=n) for n in range(20)]
    return {"check_date": on, "posts": weekly, "complete_since": weekly[-1], **more}


def judged(told: Mapping[str, Any], profile: Profile, *reported: Reported) -> Verdict:
    return conclude(replace(facts_of(told), reported=reported), profile)


def own(tmp_path: Path, text: str, base: str = "national") -> Profile:
    (tmp_path / "own.toml").write_text(f'extends = "{base}"\n{text}', encoding="utf-8")
    return load("own", RULES, [tmp_path])


def seed(name: str) -> list[dict[str, str]]:
    path = SEEDS / name
    if not path.is_file():
        pytest.skip("the published samples are not here")
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_six_profiles_ship() -> None:
    assert names() == ("ankang", "baoji", "national", "shangluo", "ten-day", "weekly")
    assert all(load(name, RULES).source for name in names())


@pytest.mark.parametrize(
    ("name", "last_safe"), [("national", 14), ("baoji", 14), ("shangluo", 14), ("ankang", 13), ("ten-day", 10), ("weekly", 7)]
)
def test_the_boundary_day_of_every_profile(name: str, last_safe: int) -> None:
    profile = load(name, RULES)
    assert judged(case(last_safe), profile).conclusion is Conclusion.PASSED
    late = judged(case(last_safe + 1), profile)
    assert (late.conclusion, late.findings[0].code) == (Conclusion.FAILED, "UPD-01")


@pytest.mark.parametrize(
    ("idle", "words"),
    [
        (14, "合格"),
        (15, "未及时更新"),
        (59, "未及时更新"),
        (60, "长时间未更新"),
        (180, "长时间未更新"),
        (181, "长期不更新,账号处于“僵尸”状态"),
    ],
)
def test_the_tiers_of_shangluo(idle: int, words: str) -> None:
    """The finding's own words stand where others print 不合格."""
    assert judged(case(idle), load("shangluo", RULES)).word == words


def shangluo() -> Iterator[tuple[int, date | None, tuple[str, ...]]]:
    for row in seed("shangluo_media_1-75.csv"):
        month, _, day = row["最后更新日期"].partition(".")
        last = date(2020, int(month), int(day)) if day else None
        yield int(row["序号"]), last, tuple(one.code or "" for one in read_phrases(row["第四季度检查存在的突出问题"]))


@pytest.mark.parametrize("on", [date(2020, 11, 15), date(2020, 11, 16)])
def test_the_published_list_of_shangluo(on: date) -> None:
    """With either reference day stale and not stale agree on every row; of the tiers one differs (row 67, domain/rules.md §5)."""
    profile, differ = load("shangluo", RULES), []
    for number, last, printed in shangluo():
        if last is None:
            assert "UPD-04" in printed
            continue
        # a date after the reference day is one that the clerk saw on a later check day
        verdict = judged(case(max(0, (on - last).days), on), profile)
        ours = max((one.code for one in verdict.findings if one.code in IDLE), default="")
        # row 32 prints 长期不更新 and 僵尸 side by side: the higher tier counts
        theirs = max((code for code in printed if code in IDLE), default="")
        assert bool(ours) == bool(theirs), (number, last, ours, theirs)
        differ += [number] if ours != theirs else []
    assert differ == [67]


def test_the_published_list_of_ankang() -> None:
    """Every dated row is stale on 2020-03-03, one of them on day 14 exactly, and is printed in the list's own words."""
    profile, days = load("ankang", RULES), []
    for row in seed("ankang_media_sample.csv"):
        last = date(*map(int, row["最后更新时间"].split(".")))
        days.append((date(2020, 3, 3) - last).days)
        kind = "微信订阅号" if row["政务微信"] else "新浪微博"
        verdict = judged(case(days[-1], date(2020, 3, 3), account={"kind": kind}), profile)
        assert verdict.word == row["问题类别"]
    assert 14 in days


def test_the_published_words_of_baoji() -> None:
    """Each printed finding, reported by a person, fails its account; the program's own words are from the same stock."""
    profile = load("baoji", RULES)
    for row in seed("baoji_media.csv"):
        [phrase] = read_phrases(row["存在的突出问题"])
        said = Reported(code=phrase.code or "", broken=True, phrase=phrase.text)
        verdict = judged({"check_date": date(2020, 11, 6)}, profile, said)
        assert (verdict.word, len(verdict.findings)) == (row["检查结果"], 1)
        assert verdict.findings[0].message.replace("无更新", "未更新") == row["存在的突出问题"].replace("无更新", "未更新")


GAP = {
    "check_date": date(2020, 11, 16),
    "posts": [date(2020, 11, 15), date(2020, 8, 7), date(2020, 6, 16)],
    "complete_since": date(2020, 6, 1),
    "window": [date(2020, 6, 1), date(2020, 11, 16)],
}


def test_a_gap_is_worded_by_what_stood_before() -> None:
    profile = load("shangluo", RULES)
    first = {**GAP, "posts": [date(2020, 11, 15), date(2020, 11, 1), date(2020, 10, 1)], "complete_since": date(2020, 9, 1)}
    window = {"window": [date(2020, 10, 1), date(2020, 11, 16)]}
    assert judged({**first, **window}, profile).word == "存在未及时更新"
    again = judged({**first, **window, "before": ["UPD-05"]}, profile)
    assert again.word == "未及时稳定更新(10.1至11.1之间无更新)"


def test_a_gap_that_a_person_reported_keeps_his_words_where_the_dates_are_not_told() -> None:
    profile = load("shangluo", RULES)
    said = Reported(code="UPD-05", broken=True, phrase="未及时稳定更新(6.16至8.7之间无更新)")
    assert judged(case(3, before=["UPD-05"]), profile, said).word == said.phrase
    assert judged(case(3), profile, said).word == "存在未及时更新"


def test_a_state_that_a_person_wrote_is_printed_as_he_wrote_it() -> None:
    said = Reported(code="LIF-01", broken=True, phrase="11.15已发布关停公告")
    verdict = judged(case(3), load("shangluo", RULES), said)
    assert (verdict.word, verdict.conclusion) == (said.phrase, Conclusion.FAILED)


def test_a_sentence_that_needs_a_number_that_nobody_told(tmp_path: Path) -> None:
    profile = own(tmp_path, '[wording]\nUPD-01 = "近{{ days }}天无更新"\n')
    said = Reported(code="UPD-01", broken=True, phrase="未及时更新")
    told = {"check_date": date(2026, 11, 6), "unseen": "login_wall"}
    assert [one.message for one in judged(told, profile, said).findings] == ["未及时更新"]
    assert [one.message for one in judged(case(20), profile).findings] == ["近20天无更新"]


def test_findings_that_only_note_have_a_word_of_their_own(tmp_path: Path) -> None:
    profile = own(tmp_path, '[words]\nnoted = "基本合格"\n')
    said = Reported(code="COL-05", broken=True, phrase="栏目名称不正确")
    assert judged(case(3), profile).word == "合格"
    noted = judged(case(3), profile, said)
    assert (noted.word, noted.conclusion) == ("基本合格", Conclusion.PASSED)
    assert judged(case(3), load("national", RULES), said).word == "合格"


def test_a_candidate_lowers_nobody(tmp_path: Path) -> None:
    """What waits for a person is no reason to write 基本合格."""
    profile = own(tmp_path, '[words]\nnoted = "基本合格"\n')
    verdict = judged(case(3, footers=[["商品卡片", "限时优惠,立即购买"]]), profile)
    assert [one.status for one in verdict.findings] == [Status.CANDIDATE]
    assert verdict.word == "合格"


def test_only_findings_that_count_stand_in_the_word(tmp_path: Path) -> None:
    profile = own(tmp_path, '[words]\nfailed = "{{ findings }}"\n')
    said = Reported(code="COL-05", broken=True, phrase="栏目名称不正确")
    assert judged(case(20), profile, said).word == "监测时间点前2周内无更新"


def test_first_a_warning_then_the_list(tmp_path: Path) -> None:
    """盘锦: the first time only reminds, the second counts."""
    profile = own(tmp_path, 'warnings = ["UPD"]\n', "weekly")
    first = judged(case(8), profile)
    assert (first.conclusion, [one.effect for one in first.findings]) == (Conclusion.PASSED, [Effect.REMIND])
    second = judged(case(8, before=["UPD-02"]), profile)
    assert (second.conclusion, [one.effect for one in second.findings]) == (Conclusion.FAILED, [Effect.VETO])


def test_days_off_are_the_profiles(tmp_path: Path) -> None:
    rules = "[rules.UPD-01]\nlimit = 7\nworking = true\n"
    late = case(18, date(2026, 10, 13))
    assert judged(late, own(tmp_path, rules)).conclusion is Conclusion.FAILED
    (tmp_path / "h.csv").write_text("date,kind\n2026-10-09,休\n", encoding="utf-8")
    assert judged(late, own(tmp_path, f'holidays = "h.csv"\n{rules}')).conclusion is Conclusion.PASSED
    workspace = tmp_path / "holidays.csv"
    workspace.write_text("date,kind\n2026-10-12,休\n", encoding="utf-8")
    own(tmp_path, rules)
    plain, laid = load("own", RULES, [tmp_path]), load("own", RULES, [tmp_path], workspace)
    assert judged(late, laid).conclusion is Conclusion.PASSED
    assert plain.digest != laid.digest


def test_days_of_absence_are_no_working_days(tmp_path: Path) -> None:
    """Notices take their days off before working days are counted, each once."""
    told = '[absence]\neffect = "exempt"\n[rules.UPD-01]\nlimit = 3\nworking = true\n'
    profile, facts = own(tmp_path, told), facts_of(case(18, date(2026, 10, 13)))
    away = Absence(
        account_id=facts.account.account_id,
        first=date(2026, 9, 28),
        last=date(2026, 10, 8),
        filed_on=date(2026, 9, 27),
        reason="系统升级",
        document="示政办〔2026〕9号",
        who="王某",
        at=datetime(2026, 9, 27, 9, tzinfo=SHANGHAI),
    )
    # of 18 days 11 are excused; 10-09, 10-10 (make-up), 10-12 and 10-13 were worked
    [late] = conclude(facts, profile, (), [away]).findings
    assert late.arithmetic.endswith("相隔18天,其中工作日8个(期限3个工作日);扣除停更报备期内的11天,计7天,其中工作日4个")
    assert conclude(facts_of(case(17, date(2026, 10, 12))), profile, (), [away]).conclusion is Conclusion.PASSED


def test_the_baoji_form_is_judged_as_before() -> None:
    """Profiles without holidays or own rules keep their digest: it is the hash of what the files say."""
    assert load("baoji", RULES).digest == load("baoji", RULES).digest
    assert load("baoji", RULES).digest != load("national", RULES).digest


@pytest.mark.parametrize(("code", "kind", "told"), [one for one in CASES if any(one.values[0] in rule.codes for rule in RULES)])
def test_rules_tell_only_names_that_wording_may_use(code: str, kind: str, told: Mapping[str, Any]) -> None:
    rule = next(rule for rule in RULES if code in rule.codes)()
    ruling = replace(rule, **told.get("set", {})).ask(facts_of(told))  # type: ignore[type-var]
    if isinstance(ruling, Breach):
        known = {name for name, slot in SLOTS.items() if any(ruling.code.startswith(start) for start in slot.codes)}
        assert set(ruling.slots) <= known
