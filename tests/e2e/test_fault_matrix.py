"""Platform × fault: every account here posted yesterday, so every finding would be a false accusation.

Whatever the fault, the account either passes by what was seen all the same, or is 未能核查 and says why.
"""

from pathlib import Path

import pytest

from tests.e2e.faulty import Case, Met, meet
from tests.platforms.faults import KNOWN, SERVER
from tracker.facts.reasons import REASONS
from tracker.model import Bounds, Conclusion, Outcome, Verdict

pytestmark = [pytest.mark.browser, pytest.mark.usefixtures("chromium")]

FINE, ASK, ACCUSED, BOUND = "passes", "a person decides", "is listed", "only a bound"
LATE = "8"
"""Seconds: later than the patience of these tests."""

# what the account comes to: FINE, ASK (a candidate that the page itself proves), or why it is 未能核查
EXPECTED: dict[str, dict[str, str]] = {
    "weibo": {
        "ambiguous_empty": "ambiguous_empty",
        "banned": "gone",
        "captcha": "challenge",
        "closed": "gone",
        "empty_body": "drift",
        "forbidden_html": "refused",
        "foreign_rows": "foreign_rows",
        "half_year": FINE,
        "half_year_empty": "restricted",
        "html_200": "login_wall",
        "http_500": "transport",
        "liked_newer": FINE,
        "list_empty": "inconsistent",
        "login_wall": "login_wall",
        "needs_visitor": "login_wall",
        "null_data": "ambiguous_empty",
        "pinned_old_first": FINE,
        "post_hidden": FINE,
        "post_missing": FINE,
        "rate_limited": "rate_limited",
        "refused": "refused",
        "renamed": FINE,
        "retweet_deleted": FINE,
        "slow": "not_recorded",
        "truncated": "drift",
        "two_pinned": FINE,
        "user_missing": "gone",
    },
    "toutiao": {
        "ambiguous_empty": "ambiguous_empty",
        "auth_empty": FINE,
        "auth_object": FINE,
        "ban_comment": ASK,
        "behot_newer": FINE,
        "captcha": "challenge",
        "decision": "challenge",
        "empty_body": "refused",
        "foreign_rows": "foreign_rows",
        "html_200": "drift",
        "http_500": "transport",
        "login_wall": "login_wall",
        "missing_next": "ambiguous_empty",
        "mixed_rows": FINE,
        "null_data": "ambiguous_empty",
        "number_ids": FINE,
        "pinned_old_first": FINE,
        "plain_title": FINE,
        "rate_limited": "rate_limited",
        "refused": "refused",
        "renamed": FINE,
        "slow": "not_recorded",
        "truncated": "drift",
        "ugc_only": FINE,
    },
    "douyin": {
        "ambiguous_empty": "ambiguous_empty",
        "bad_sec_uid": "inconsistent",
        "banned": "inconsistent",
        "bare_envelope": "refused",
        "broken_enterprise": FINE,
        "captcha": "challenge",
        "captcha_html": "challenge",
        "closed_comments": ASK,
        "code_8": "ambiguous_empty",
        "code_8_login": "login_wall",
        "deactivated": "inconsistent",
        "deleted_work": FINE,
        "empty_body": "refused",
        "foreign_rows": "foreign_rows",
        "html_200": "drift",
        "http_500": "transport",
        "login_tip": FINE,
        "login_wall": "login_wall",
        "null_data": "ambiguous_empty",
        "number_ids": FINE,
        "pinned_old_first": FINE,
        "pinned_twice": FINE,
        "private": "restricted",
        "rate_limited": "rate_limited",
        "refused": "refused",
        "renamed": FINE,
        "slow": "not_recorded",
        "truncated": "drift",
    },
    # a pasted link that shows no account belongs to none: the account was not looked at, and the visit says what the link met
    "weixin": {
        "account_gone": "gone",
        "captcha": "challenge",
        "cut_before_data": FINE,
        "deleted_article": "item_gone",
        "deleted_english": "item_gone",
        "empty_body": "transport",
        "html_200": "drift",
        "http_500": "transport",
        "login_wall": "challenge",
        "migrated": "ambiguous_empty",
        "old_template": FINE,
        "rate_limited": "challenge",
        "refused": "refused",
        "reprint": FINE,
        "slow": FINE,
        "temporarily_unavailable": "ambiguous_empty",
        "truncated": "transport",
        "verify_page": "challenge",
        "violation": "item_gone",
        "wrong_account": "ok",
    },
}
OWNER = {
    "-1": "transport",
    "40001": "auth",
    "40013": "auth",
    "40125": "auth",
    "40164": "auth",
    "45009": "quota",
    "45011": "rate_limited",
    "46003": FINE,
    "47009": "drift",
    "48001": "auth",
    "48004": "auth",
    "88000": FINE,
    "empty_body": "transport",
    "html_200": "transport",
    "http_500": "transport",
    "is_delay": "ambiguous_empty",
    "missing_day": "transport",
    "slow": FINE,
    "truncated": "transport",
}
"""By the owner's interfaces of weixin. Codes that only the token interface or an unused one gives leave the rest as it is."""
ONLY_DAYS = {"-1", "40001", "40164", "45009", "45011", "47009", "48001", "48004"}
"""Codes that the statistics alone may give, after the menu was read well."""


SILENT = {
    "weibo": {"half_year": "restricted", "foreign_rows": "foreign_rows", "list_empty": "inconsistent", "liked_newer": ACCUSED},
    "toutiao": {"behot_newer": BOUND, "foreign_rows": "foreign_rows", "pinned_old_first": ACCUSED},
    "douyin": {"login_tip": BOUND, "foreign_rows": "foreign_rows", "pinned_twice": ACCUSED},
    "weixin": {"old_template": BOUND, "reprint": BOUND},
}
"""What an account silent for 40 days comes to: no bound and no half list accuses it; a list that was understood does."""


def _cases() -> list[tuple[Case, str]]:
    arg = {"weibo": LATE, "toutiao": LATE, "douyin": LATE, "weixin": "0.3"}
    found = [
        (Case(platform=platform, fault=fault, arg=arg[platform] if fault == "slow" else ""), told)
        for platform, faults in EXPECTED.items()
        for fault, told in faults.items()
    ]
    slow = {"slow": "0.05"}
    found += [(Case(platform="weixin", fault=fault, owner=True, arg=slow.get(fault, "")), told) for fault, told in OWNER.items()]
    found += [(Case(platform="weixin", fault=fault, owner=True, where="totaldetail"), OWNER[fault]) for fault in ONLY_DAYS]
    found += [(Case(platform=platform, fault=""), FINE) for platform in EXPECTED]
    found += [(Case(platform="weixin", fault="", owner=True), FINE)]
    found += [(Case(platform="weibo", fault="", guest=True), "login_wall"), (Case(platform="douyin", fault="", guest=True), FINE)]
    for platform, faults in SILENT.items():
        found += [(Case(platform=platform, fault=fault, silent=True), told) for fault, told in faults.items()]
        found += [(Case(platform=platform, fault="", silent=True), ACCUSED if platform != "weixin" else BOUND)]
    found += [(Case(platform="weixin", fault="", owner=True, silent=True), ACCUSED)]
    found += [(Case(platform="douyin", fault="", guest=True, silent=True), BOUND)]
    return sorted(found, key=lambda pair: pair[0].name)


CASES = _cases()


def test_no_fault_is_forgotten() -> None:
    tried = {platform: {case.fault for case, _ in CASES if case.platform == platform} - {""} for platform in KNOWN}
    assert tried == {platform: set(faults) for platform, faults in KNOWN.items()}
    assert set(OWNER) >= SERVER


@pytest.mark.timeout(300)
def test_a_fault_never_accuses_and_says_why(tmp_path: Path) -> None:
    """One test for all: the sweeps of all cases run side by side in one browser."""
    met = meet([case for case, _ in CASES], tmp_path / "ws")
    wrong = {case.name: said for case, told in CASES if (said := amiss(met[case.name], told))}
    assert wrong == {}
    assert met["weibo-guest"].reasons.startswith("需要登录态")
    assert met["weibo-login_wall"].reasons.startswith("需要登录态")
    assert met["douyin-guest"].verdict.idle_days == Bounds(least=0, most=7)


def amiss(met: Met, told: str) -> str:
    """What is not as it should be; empty = nothing."""
    verdict, visits = met.verdict, met.visits
    codes = [finding.code for finding in verdict.findings]
    got = f"{verdict.word} {codes} {met.reasons} {[str(visit.observation.outcome) for visit in visits]}"
    fine = {
        FINE: verdict.conclusion is Conclusion.PASSED and not codes and not met.reasons and _shown(verdict),
        ASK: verdict.conclusion is Conclusion.TO_REVIEW and codes == ["INT-01"],
        ACCUSED: verdict.conclusion is Conclusion.FAILED and len(codes) == 1 and codes[0].startswith("UPD-"),
    }
    if len(visits) == 1 and fine.get(told, _unchecked(met, told)):
        return ""
    return f"expected {told}, got {got}"


def _shown(verdict: Verdict) -> bool:
    """Who passes was seen to be fresh enough."""
    return verdict.idle_days is not None and verdict.idle_days.most is not None and verdict.idle_days.most <= 14


def _unchecked(met: Met, told: str) -> bool:
    verdict, visit = met.verdict, met.visits[0]
    if verdict.conclusion is not Conclusion.UNCHECKED or verdict.word != "未能核查" or verdict.findings:
        return False
    if told == BOUND:
        return met.reasons != ""
    if visit.account_id:
        return REASONS[Outcome(told)] in met.reasons
    return met.reasons == REASONS[Outcome.NOT_RECORDED] and visit.observation.outcome == told
