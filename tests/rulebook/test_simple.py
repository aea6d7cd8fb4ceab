"""An office's own rules: every operator between bounds, searches, what they print, and that ignorance stays ignorance."""

from collections.abc import Mapping
from dataclasses import fields, replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.made import facts_of
from tracker.facts import Broken, Evidence, Facts, Kept, Quantity, Unclear
from tracker.model import Bounds, Conclusion, Effect, Found, Hit, Status, Verdict
from tracker.rulebook import RULES, Breach, By, Passed, lexicon
from tracker.rulebook.profile import Profile, load, with_words
from tracker.rulebook.simple import FACTS, Condition, Simple, condition
from tracker.verdict import conclude

HEAD = 'extends = "national"\n'
SILENT = {"check_date": date(2026, 11, 6), "posts": [date(2026, 10, 1)], "complete_since": date(2026, 7, 1)}
OWN = """
[[own]]
code = "LOC-01"
title = "长期没有原创"
basis = "示例市2026年检查方案第三条"
message = "近{{ idle_days }}天没有更新,检查期内原创{{ originals }}条"
effect = "veto"
by = "automatic"
when = { idle_days = "> 30", originals = "<= 3" }
"""


def profile(tmp_path: Path, text: str) -> Profile:
    (tmp_path / "own.toml").write_text(HEAD + text, encoding="utf-8")
    return load("own", RULES, [tmp_path])


def judged(tmp_path: Path, case: Mapping[str, Any], text: str = OWN) -> Verdict:
    return conclude(facts_of(case), profile(tmp_path, text))


def test_it_breaks_and_prints_its_own_sentence(tmp_path: Path) -> None:
    verdict = judged(tmp_path, SILENT)
    finding = next(one for one in verdict.findings if one.code == "LOC-01")
    assert (finding.message, finding.effect, finding.status) == (
        "近36天没有更新,检查期内原创1条",
        Effect.VETO,
        Status.AUTOMATIC,
    )
    assert finding.basis == "示例市2026年检查方案第三条"
    assert finding.arithmetic == "检查日2026-11-06,到检查日未更新的天数:36天(大于30);检查期内原创的条数:1条(不超过3)"
    assert "不再同时符合" in finding.counterfactual


def test_one_condition_that_does_not_hold_keeps_it(tmp_path: Path) -> None:
    case = {**SILENT, "posts": [date(2026, 11, 1)]}
    facts = facts_of(case)
    rule = next(one for one in profile(tmp_path, OWN).rules if one.code == "LOC-01")
    ruling = rule.ask(facts)
    assert isinstance(ruling, Passed)
    assert ruling.because == "不符合“到检查日未更新的天数大于30天”"


def test_what_was_not_seen_is_no_finding(tmp_path: Path) -> None:
    verdict = judged(tmp_path, {"check_date": date(2026, 11, 6), "unseen": "login_wall"})
    assert verdict.findings == ()
    assert verdict.conclusion is Conclusion.UNCHECKED
    assert any(one.code == "LOC-01" and "登录" in one.reason for one in verdict.undetermined)


def test_a_person_confirms_unless_the_office_says_otherwise(tmp_path: Path) -> None:
    text = OWN.replace('by = "automatic"\n', "").replace('effect = "veto"\n', "")
    finding = next(one for one in judged(tmp_path, SILENT, text).findings if one.code == "LOC-01")
    assert (finding.status, finding.effect) == (Status.CANDIDATE, Effect.NOTE)


def test_a_later_file_replaces_a_rule_of_the_same_code(tmp_path: Path) -> None:
    (tmp_path / "base.toml").write_text(HEAD + OWN + OWN.replace("LOC-01", "LOC-02"), encoding="utf-8")
    (tmp_path / "own.toml").write_text('extends = "base"\n' + OWN.replace("> 30", "> 90"), encoding="utf-8")
    told = load("own", RULES, [tmp_path])
    own = {rule.code: rule for rule in told.rules if isinstance(rule, Simple)}
    assert list(own) == ["LOC-01", "LOC-02"]
    assert [one["LOC-01"].when[0].value for one in (own,)] == [90]
    assert own["LOC-02"].when[0].value == 30
    assert told.digest != load("base", RULES, [tmp_path]).digest


MEANS = {
    ">": lambda number, value: number > value,
    ">=": lambda number, value: number >= value,
    "<": lambda number, value: number < value,
    "<=": lambda number, value: number <= value,
    "==": lambda number, value: number == value,
}


@given(st.sampled_from(sorted(MEANS)), st.integers(0, 6), st.integers(0, 6), st.none() | st.integers(0, 6))
def test_an_answer_holds_for_every_number_between_the_bounds(operator: str, value: int, least: int, more: int | None) -> None:
    most = None if more is None else least + more
    facts = replace(facts_of(SILENT), published=Quantity(bounds=Bounds(least=least, most=most), reasons=("没有看全",)))
    possible = {MEANS[operator](number, value) for number in range(least, (20 if most is None else most) + 1)}
    match Condition(name="published", operator=operator, value=value).ask(facts):
        case Broken():
            assert possible == {True}
        case Kept():
            assert possible == {False}
        case Unclear(reasons=reasons):
            assert possible == {True, False}
            assert reasons == ("没有看全",)


@pytest.mark.parametrize(
    ("found", "true", "false"),
    [
        (Found(hits=(Hit(kind="x", quote="y"),)), Broken, Kept),
        (Found(whole=True), Kept, Broken),
        (Found(), Unclear, Unclear),
    ],
)
def test_searches(found: Found, true: type, false: type) -> None:
    facts = replace(facts_of(SILENT), channels=Evidence(found=found))
    assert isinstance(Condition(name="channels", operator="==", value=1).ask(facts), true)
    assert isinstance(Condition(name="channels", operator="==", value=0).ask(facts), false)


@pytest.mark.parametrize("told", ["== true", True, "==true"])
def test_truth_is_written_in_either_way(told: object) -> None:
    assert condition("missing", told) == Condition(name="missing", operator="==", value=1)


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("idle", "> 30"),
        ("idle_days", "30"),
        ("idle_days", 30),
        ("idle_days", True),
        ("idle_days", "> -1"),
        ("idle_days", "> 3.5"),
        ("idle_days", "!= 3"),
        ("idle_days", "> 30 天"),
        ("missing", "> 0"),
        ("missing", 1),
    ],
)
def test_a_condition_that_cannot_be_read(name: str, told: object) -> None:
    assert isinstance(condition(name, told), str)


@pytest.mark.parametrize("name", FACTS)
def test_every_name_reads_the_facts(name: str) -> None:
    told = FACTS[name].read(facts_of(SILENT))
    assert isinstance(told, Quantity if FACTS[name].unit else Evidence)


def test_every_search_and_number_of_the_facts_has_a_name() -> None:
    """A new field of the facts wants a line in FACTS."""
    facts = facts_of(SILENT)
    asked = {id(fact.read(facts)) for fact in FACTS.values()}
    left = [
        one.name
        for one in fields(Facts)
        if isinstance(told := getattr(facts, one.name), Quantity | Evidence) and id(told) not in asked
    ]
    assert left == []


def test_working_days_can_be_asked_for() -> None:
    rule = Simple(
        code="LOC-09",
        title="x",
        basis="x",
        by=By.AUTOMATIC,
        when=(Condition(name="idle_working_days", operator=">", value=7),),
    )
    late = {**SILENT, "check_date": date(2026, 10, 13), "posts": [date(2026, 9, 25)]}
    assert not isinstance(rule.ask(facts_of(late)), Passed)
    assert isinstance(rule.ask(facts_of({**late, "check_date": date(2026, 10, 12)})), Passed)


def known(least: int, most: int | None) -> Quantity:
    return Quantity(bounds=Bounds(least=least, most=most))


def with_facts(**more: Any) -> Facts:
    return replace(facts_of(SILENT), **more)


@pytest.mark.parametrize(
    ("operator", "bounds", "shown", "proven"),
    [
        (">", (36, 36), "到检查日未更新的天数:36天(大于30)", 36),
        (">=", (36, None), "到检查日未更新的天数:至少36天(不少于30)", 36),
        ("<", (0, 4), "到检查日未更新的天数:0至4天(小于30)", 4),
        ("<=", (2, 5), "到检查日未更新的天数:2至5天(不超过30)", 5),
        ("<", (2, None), "到检查日未更新的天数:至少2天(小于30)", 2),
        ("==", (30, 30), "到检查日未更新的天数:30天(等于30)", 30),
        ("<", (0, 0), "到检查日未更新的天数:0天(小于30)", 0),
    ],
)
def test_what_a_condition_shows_and_may_print(operator: str, bounds: tuple[int, int | None], shown: str, proven: int) -> None:
    one = Condition(name="idle_days", operator=operator, value=30)
    facts = with_facts(idle=known(*bounds))
    assert (one.shown(facts), one.proven(facts)) == (shown, proven)
    assert one.says() == shown.split(":")[0] + shown.split("(")[1].rstrip(")") + "天"


@pytest.mark.parametrize(("value", "word"), [(1, "是"), (0, "否")])
def test_what_a_condition_on_a_search_shows(value: int, word: str) -> None:
    one = Condition(name="likes", operator="==", value=value)
    meaning = FACTS["likes"].meaning
    hits = (Hit(kind="个人", quote="甲"), Hit(kind="个人", quote="乙"))
    facts = with_facts(likes=Evidence(found=Found(hits=hits)))
    assert one.shown(facts) == f"{meaning}:{word}(甲、乙)"
    assert one.proven(facts) == 2
    assert one.shown(with_facts(likes=Evidence())) == f"{meaning}:{word}"
    assert one.says() == f"{meaning}为{word}"


def test_an_offices_words_judge_and_show_in_the_digest(tmp_path: Path) -> None:
    head = "word,kind,suggestion,source,since\n"
    (tmp_path / "own.csv").write_text(f"{head}示例错词,错别字,示例对词,本单位,\n", encoding="utf-8")
    plain = profile(tmp_path, '[rules.CNT-04]\neffect = "note"\n')
    ours = with_words(plain, lexicon.load(tmp_path))
    case = {**SILENT, "posts": [{"on": date(2026, 10, 1), "title": "关于示例错词的通知"}]}
    (rule,) = [one for one in ours.rules if one.code == "CNT-04"]
    ruling = rule.ask(facts_of(case))
    assert isinstance(ruling, Breach)
    assert "示例错词" in ruling.arithmetic
    (before,) = [one for one in plain.rules if one.code == "CNT-04"]
    assert not isinstance(before.ask(facts_of(case)), Breach)
    assert len({plain.digest, ours.digest, with_words(plain, lexicon.shipped()).digest}) == 3
    assert with_words(plain, lexicon.shipped()).digest == with_words(plain, lexicon.load(tmp_path / "none")).digest
    assert [one.code for one in ours.rules] == [one.code for one in plain.rules]
    assert replace(ours, rules=(), digest="") == replace(plain, rules=(), digest="")
