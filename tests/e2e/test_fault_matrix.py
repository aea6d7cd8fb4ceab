"""Platform × route × fault: every account posted yesterday or is silent for certain, so what else is found would be false.

Whatever the fault, the account either passes by what was seen all the same, or is 未能核查 and says why; under the national
profile with every rule of the book. The cells and what they come to stand in fault_matrix.toml, and in docs/faults.md for users.
"""

from collections.abc import Sequence
from pathlib import Path

import pytest

from tests.e2e.faulty import ACCUSED, ASK, BELIEVED, BOUND, FINE, Case, Met, cases, meet
from tests.platforms.faults import KNOWN
from tests.soak import results
from tracker.facts.reasons import REASONS
from tracker.model import Bounds, Conclusion, Outcome, Status, Verdict

ALL = cases()
SHORT = {
    *("", "48001", "captcha", "foreign_rows", "future_dates", "gzip_bomb", "http_432", "is_delay", "login_wall"),
    *("pinned_old_first", "redirect_private", "rows_none", "truncated", "wrong_account"),
}
"""Faults of the short selection."""

needs_browser = [pytest.mark.browser, pytest.mark.usefixtures("chromium")]


def marked(test):
    for mark in needs_browser:
        test = mark(test)
    return test


def test_no_fault_is_forgotten() -> None:
    tried = {platform: {case.fault for case in ALL if case.platform == platform} - {""} for platform in KNOWN}
    assert {platform: set(faults) - tried[platform] for platform, faults in KNOWN.items() if set(faults) - tried[platform]} == {}
    assert len(ALL) >= 400


def test_only_the_silent_are_listed() -> None:
    assert [case.name for case in ALL if case.told == ACCUSED and not case.silent] == []
    assert [case.name for case in ALL if case.told == BELIEVED and not case.silent] == ["weixin-owner-rows_none"]


@marked
@pytest.mark.timeout(200)
def test_a_fault_never_accuses_and_says_why(tmp_path: Path) -> None:
    """The short selection, one test for all: the sweeps run side by side in one browser."""
    chosen = [case for case in ALL if case.fault in SHORT and not case.where and "slow" not in case.name]
    met = meet(chosen, tmp_path / "ws")
    assert wrong(chosen, met) == {}
    assert met["weibo-guest"].reasons.startswith("需要登录态")
    assert met["weibo-browser-login_wall"].reasons.startswith("需要登录态")
    assert met["douyin-guest"].verdict.idle_days == Bounds(least=0, most=7)


@marked
@pytest.mark.soak
@pytest.mark.timeout(2400)
def test_no_fault_of_the_whole_matrix_accuses(tmp_path: Path) -> None:
    met = meet(ALL, tmp_path / "ws")
    amiss = wrong(ALL, met)
    told = [one.verdict.conclusion for name, one in met.items() if not name.endswith("silent")]
    counted = {str(word): told.count(word) for word in sorted(set(told))}
    results.keep("matrix", cells=len(ALL), fresh=len(told), amiss=len(amiss), **counted)
    assert amiss == {}


def wrong(chosen: Sequence[Case], met: dict[str, Met]) -> dict[str, str]:
    """What is not as the matrix says, by the case's name."""
    return {case.name: said for case in chosen if (said := _amiss(met[case.name], case.told))}


def _amiss(met: Met, told: str) -> str:
    verdict, visits = met.verdict, met.visits
    codes = [finding.code for finding in verdict.findings]
    fine = {
        FINE: verdict.conclusion is Conclusion.PASSED and not codes and not met.reasons and _shown(verdict),
        ASK: verdict.conclusion is Conclusion.TO_REVIEW and codes == ["INT-01"],
        ACCUSED: verdict.conclusion is Conclusion.FAILED and codes != [] and all(code.startswith("UPD-") for code in codes),
        BELIEVED: verdict.conclusion is Conclusion.TO_REVIEW and all(code.startswith("UPD-") for code in codes),
    }
    if len(visits) == 1 and any(fine.get(one) or _unchecked(met, one) for one in told.split("|")):
        return ""
    return f"expected {told}, got {verdict.word} {codes} {met.reasons} {[str(visit.observation.outcome) for visit in visits]}"


def _shown(verdict: Verdict) -> bool:
    """Who passes was seen to be fresh enough."""
    return verdict.idle_days is not None and verdict.idle_days.most is not None and verdict.idle_days.most <= 14


def _unchecked(met: Met, told: str) -> bool:
    if told in (FINE, ASK, ACCUSED, BELIEVED):
        return False
    verdict, visit = met.verdict, met.visits[0]
    # what the platform says of an account that it calls gone is shown to a person, and decides nothing before
    open_ones = {("REG-06", Status.CANDIDATE)} if told == Outcome.GONE else set()
    if verdict.conclusion is not Conclusion.UNCHECKED or verdict.word != "未能核查":
        return False
    if {(one.code, one.status) for one in verdict.findings} - open_ones:
        return False
    if told == BOUND:
        return met.reasons != ""
    if visit.account_id:
        return REASONS[Outcome(told)] in met.reasons
    return met.reasons == REASONS[Outcome.NOT_RECORDED] and visit.observation.outcome == told
