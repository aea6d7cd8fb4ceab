"""What an earlier period found: from its printed list, else from the last judgement of its formal check."""

from collections.abc import Iterator, Mapping, Sequence

from tracker.errors import UsageError
from tracker.history import Registry
from tracker.model import Conclusion, Effect, Finding, Period, Verdict
from tracker.rectify.hold import settled
from tracker.rectify.records import Earlier, OldFinding
from tracker.store import JudgementHead, Paper
from tracker.verdict import rank
from tracker.workspace import Workspace


def earlier(ws: Workspace, period: Period) -> Mapping[str, Earlier]:
    """What the period found, by our id (`platform:name` where the registry has no such account), in the order of its list.

    Every account that was judged or printed is there, those without findings too. Raises UsageError when the period has
    neither a printed list nor a judged formal check.
    """
    paper = ws.store.paper(period.name)
    if paper is not None:
        return _merged(_printed(paper, period, Registry(ws)))
    checks = [one for one in ws.store.sweeps() if one.period == period.name and one.kind == "check"]
    judgement = ws.store.last_head(checks[-1].name) if checks else None
    if judgement is None:
        raise UsageError(
            f"检查期 {period.name} 没有判定过的正式检查,也没有导入纸质通报;"
            "先运行 tracker judge(网页版:打开“结果”)或 tracker history import"
        )
    return {one.whom: one for one in (_judged(verdict, judgement, period) for verdict in ws.store.verdicts(judgement))}


def _printed(paper: Paper, period: Period, registry: Registry) -> Iterator[Earlier]:
    for line in paper.lines:
        whom = line.account_id or registry.find(line.platform, line.name) or f"{line.platform}:{line.name}"
        yield Earlier(
            whom=whom,
            name=line.name,
            kind=line.kind,
            organisation=line.organisation,
            region=line.region,
            period=period.name,
            since=period.start,
            until=period.end,
            findings=tuple(OldFinding(code=one.code, words=one.phrase) for one in line.findings),
            result=line.result if not line.findings else "",
            last_post=line.last_post,
            source=f"{period.source}第{line.row}行",
        )


def _merged(told: Iterator[Earlier]) -> dict[str, Earlier]:
    """An account that is printed on two lines (宝鸡: one finding a row) is one account."""
    found: dict[str, Earlier] = {}
    for one in told:
        before = found.get(one.whom)
        found[one.whom] = _both(before, one) if before else one
    return found


def _both(before: Earlier, one: Earlier) -> Earlier:
    return Earlier(
        whom=before.whom,
        name=before.name,
        kind=before.kind,
        organisation=before.organisation or one.organisation,
        region=before.region or one.region,
        period=before.period,
        since=before.since,
        until=before.until,
        findings=tuple(dict.fromkeys((*before.findings, *one.findings))),
        result="" if before.findings or one.findings else before.result or one.result,
        last_post=max((day for day in (before.last_post, one.last_post) if day), default=None),
        source=f"{before.source}、{one.source}",
    )


def _judged(verdict: Verdict, judgement: JudgementHead, period: Period) -> Earlier:
    account = verdict.account
    return Earlier(
        whom=account.account_id,
        name=account.name,
        kind=account.kind,
        organisation=account.organisation,
        region=account.region,
        period=period.name,
        since=verdict.check_date,
        until=verdict.check_date,
        findings=tuple(map(_old, _told(verdict))),
        result="" if verdict.conclusion is Conclusion.FAILED else verdict.word,
        last_post=verdict.latest_post,
        source=f"批次 {judgement.sweep} {judgement.at:%Y-%m-%d %H:%M} 的判定",
    )


def _told(verdict: Verdict) -> Sequence[Finding]:
    """What a failing account was told: its settled vetoes and notes in rule order; an account that passed has nothing to mend."""
    if verdict.conclusion is not Conclusion.FAILED:
        return ()
    told = [one for one in settled(verdict.findings) if one.effect is not Effect.REMIND]
    return sorted(told, key=lambda one: rank(one.code))


def _old(finding: Finding) -> OldFinding:
    return OldFinding(code=finding.code, words=finding.message, hits=finding.hits)
