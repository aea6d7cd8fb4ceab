"""A clerk's row as an observation (DESIGN §8): empty says nothing, words report, 无/合格 means looked and clean."""

from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.made import account, noon, visit
from tracker import looks
from tracker.facts import Context, build
from tracker.model import Bounds, Conclusion, Route, StoredVisit
from tracker.registry import Look
from tracker.rulebook import RULES
from tracker.rulebook.profile import load
from tracker.verdict import conclude

CHECK = date(2020, 11, 6)
BAOJI = load("baoji", RULES)
ASPECTS = ("互动", "栏目", "底部", "点赞", "简介")


def look(**told: Any) -> Look:
    plain = dict.fromkeys(
        ("sheet", "platform", "kind", "filed_kind", "name", "org_type", "organisation", "region", "url", "found", "previous"), ""
    )
    rest = dict.fromkeys(("rectified", "result", "inspector", "picture", "note", "printed_date"), "")
    asked = {
        "aspects": dict.fromkeys(ASPECTS),
        "post_dates": (),
        "last_post": None,
        "never": False,
        "check_date": CHECK,
        "row": 2,
    }
    return Look(**{**plain, **rest, **asked, **told})


def verdict_of(one: Look):
    exchange = looks.exchange(one, noon(CHECK))
    assert looks.look_of(exchange) == one
    stored = visit(route=Route.MANUAL, at=CHECK, check_date=one.check_date, printed_date=one.printed_date)
    stored = StoredVisit(**{key: getattr(stored, key) for key in stored.__slots__} | {"observation": looks.read(one)})
    return conclude(build(account(), [stored], Context(on=None, default_date=CHECK)), BAOJI)


def test_an_empty_row_says_nothing() -> None:
    verdict = verdict_of(look())
    assert (verdict.conclusion, verdict.findings) == (Conclusion.UNCHECKED, ())


@pytest.mark.parametrize(
    ("told", "conclusion", "codes"),
    [
        ({"last_post": date(2020, 11, 3), "printed_date": "11.3"}, Conclusion.PASSED, []),
        ({"last_post": date(2020, 10, 23)}, Conclusion.PASSED, []),
        ({"last_post": date(2020, 10, 22)}, Conclusion.FAILED, ["UPD-01"]),
        ({"last_post": date(2020, 11, 9)}, Conclusion.PASSED, []),
        ({"never": True, "printed_date": "——"}, Conclusion.FAILED, ["UPD-04"]),
        ({"found": "未提供有效互动功能(设置为禁止留言)"}, Conclusion.FAILED, ["INT-01"]),
        ({"found": "未提供有效互动功能", "last_post": date(2020, 10, 1)}, Conclusion.FAILED, ["UPD-01", "INT-01"]),
        ({"found": "合格"}, Conclusion.PASSED, []),
        ({"found": "合格", "last_post": date(2020, 10, 1)}, Conclusion.FAILED, ["UPD-01"]),
        ({"found": "新增备案"}, Conclusion.UNCHECKED, []),
        ({"found": "长期不更新,账号处于“僵尸”状态"}, Conclusion.FAILED, ["UPD-03"]),
        ({"found": "内容不规范", "last_post": date(2020, 11, 3)}, Conclusion.PASSED, ["CNT-01"]),
        ({"aspects": {"底部": True}}, Conclusion.FAILED, ["CNT-03"]),
        ({"aspects": {"底部": False}}, Conclusion.UNCHECKED, []),
        ({"aspects": {"互动": True}, "found": "无"}, Conclusion.FAILED, ["INT-01"]),
        ({"found": "某种没有见过的说法", "last_post": date(2020, 11, 3)}, Conclusion.PASSED, ["OTHER"]),
    ],
)
def test_what_a_row_comes_to(told: dict[str, Any], conclusion: Conclusion, codes: list[str]) -> None:
    verdict = verdict_of(look(**told))
    assert (verdict.conclusion, [finding.code for finding in verdict.findings]) == (conclusion, codes)


def test_words_and_date_that_differ_are_both_shown() -> None:
    """A reported age code and the date disagree: 未及时更新 with a date of 63 days (商洛 row 67)."""
    verdict = verdict_of(look(found="未及时更新", last_post=date(2020, 9, 4), check_date=CHECK))
    assert [(finding.code, finding.status) for finding in verdict.findings] == [("UPD-01", "confirmed"), ("UPD-02", "automatic")]


def test_a_reported_silence_against_a_fresh_date_says_so() -> None:
    verdict = verdict_of(look(found="未及时更新", last_post=date(2020, 11, 3)))
    assert [finding.code for finding in verdict.findings] == ["UPD-01"]
    assert "相隔3天" in verdict.findings[0].arithmetic


def test_a_date_after_the_check_is_fresh_flagged_and_printed_as_given() -> None:
    verdict = verdict_of(look(last_post=date(2020, 11, 9), printed_date="11.9"))
    assert (verdict.latest_post, verdict.idle_days, verdict.printed_date) == (date(2020, 11, 9), Bounds(least=0, most=0), "11.9")
    assert "晚于检查日期" in looks.read(look(last_post=date(2020, 11, 9), printed_date="11.9")).notes[0]


def test_unknown_words_are_named() -> None:
    assert looks.unknown_phrases(look(found="未及时更新,某种没有见过的说法", previous="合格")) == ("某种没有见过的说法",)


cells = st.fixed_dictionaries(
    {
        "last_post": st.none() | st.dates(date(2019, 1, 1), CHECK),
        "never": st.booleans(),
        "found": st.sampled_from(["", "合格", "未及时更新", "未提供有效互动功能", "内容不规范", "新增备案", "——"]),
        "aspects": st.fixed_dictionaries({name: st.sampled_from([None, True, False]) for name in ASPECTS}),
    }
)


@given(cells)
def test_only_what_was_written_can_fail_or_pass(told: dict[str, Any]) -> None:
    verdict = verdict_of(look(**told))
    words = told["found"] not in ("", "——", "合格", "新增备案")
    wrote_fault = told["never"] or words or any(told["aspects"].values())
    stale = told["last_post"] is not None and (CHECK - told["last_post"]).days > 14
    if verdict.findings:
        assert wrote_fault or stale
    if verdict.conclusion is Conclusion.PASSED:
        assert told["found"] == "合格" or (told["last_post"] is not None and not stale)
