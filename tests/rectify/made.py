"""Made findings, old and new, for the pure core."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from tests.made import account
from tracker.model import Conclusion, Effect, Finding, Hit, Status
from tracker.rectify import Earlier, OldFinding, Present

THEN, AT = date(2020, 8, 15), date(2020, 11, 16)
"""Days of the earlier and of the present check."""


def hit(quote: str, url: str = "https://example.invalid/1") -> Hit:
    return Hit(kind="栏目", quote=quote, url=url, file="s2/示例0001-1.warc.gz")


def old(code: str, words: str = "", *hits: Hit) -> OldFinding:
    return OldFinding(code=code, words=words or code, hits=hits)


def earlier(*findings: OldFinding, **told: Any) -> Earlier:
    fixed = {"whom": "示例0001", "name": "示例发布", "kind": "新浪微博", "period": "2020Q3", "since": THEN, "until": THEN}
    return Earlier(**{**fixed, "findings": findings, **told})


def finding(code: str, message: str = "", *hits: Hit, **told: Any) -> Finding:
    fixed = {"basis": "依据", "effect": Effect.VETO, "status": Status.CONFIRMED}
    return Finding(code=code, message=message or code, hits=hits, **{**fixed, **told})


def present(
    *findings: Finding,
    kept: Mapping[str, str] | tuple[str, ...] = (),
    unknown: Mapping[str, str] | None = None,
    check_date: date = AT,
    latest: date | None = None,
    silent_since: date | None = None,
    conclusion: Conclusion | None = None,
    word: str = "",
    **told: Any,
) -> Present:
    reached = conclusion or (Conclusion.FAILED if findings else Conclusion.PASSED)
    return Present(
        account=account(),
        conclusion=reached,
        word=word or ("不合格" if findings else "合格"),
        check_date=check_date,
        latest_post=latest,
        silent_since=silent_since,
        findings=findings,
        kept=kept if isinstance(kept, Mapping) else dict.fromkeys(kept, "查过,没有"),
        unknown=unknown or {},
        **told,
    )
