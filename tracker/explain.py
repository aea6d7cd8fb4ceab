"""The verdict card: clause, sentence, dates, arithmetic, what would have passed, and where the bytes lie (DESIGN §1)."""

from collections.abc import Iterator
from dataclasses import dataclass

from tracker.facts.reasons import REASONS
from tracker.model import Finding, Outcome, Status, StoredVisit, Verdict

STATUS = {
    Status.AUTOMATIC: "程序判定",
    Status.CANDIDATE: "未复核",
    Status.CONFIRMED: "已确认",
    Status.DISMISSED: "已驳回",
}
EFFECT = {"veto": "否决", "note": "列明", "remind": "提醒"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Card:
    """Everything behind one verdict; `lines` is the same for people."""

    verdict: Verdict
    visits: tuple[StoredVisit, ...]

    def lines(self) -> Iterator[str]:
        """The card as Chinese lines."""
        verdict, account = self.verdict, self.verdict.account
        yield f"{account.name}({account.kind},{account.organisation or '主办单位未填'})  编号 {account.account_id}"
        yield f"检查结果:{verdict.word}    检查日:{verdict.check_date:%Y-%m-%d}    {self._latest()}"
        for finding in verdict.findings:
            yield from _finding(finding)
        yield from (f"说明:{note}" for note in verdict.notes)
        if verdict.undetermined:
            yield "没有查清的:"
            yield from (f"  {one.code} {one.reason}" for one in verdict.undetermined)
        yield "依据的采集:" if self.visits else "没有采集记录"
        for visit in self.visits:
            yield from _visit(visit)

    def _latest(self) -> str:
        verdict = self.verdict
        if verdict.latest_post is None:
            return "最后更新:没有看到"
        shown = verdict.printed_date or f"{verdict.latest_post:%Y-%m-%d}"
        return f"最后更新:{shown}"


def _finding(finding: Finding) -> Iterator[str]:
    yield f"问题 {finding.code}({EFFECT[finding.effect]},{STATUS[finding.status]}):{finding.message}"
    yield f"  依据:{finding.basis}"
    if finding.arithmetic:
        yield f"  经过:{finding.arithmetic}"
    for hit in finding.hits:
        when = f"{hit.at:%Y-%m-%d %H:%M} " if hit.at else ""
        yield f"  原文:{when}[{hit.kind}] {hit.quote} {hit.url}".rstrip()
    if finding.counterfactual:
        yield f"  怎样算通过:{finding.counterfactual}"


def _visit(visit: StoredVisit) -> Iterator[str]:
    said = visit.observation
    outcome = "已读取" if said.outcome is Outcome.OK else said.detail or REASONS[said.outcome]
    yield f"  {visit.at:%Y-%m-%d %H:%M} 途径 {visit.route}:{outcome}"
    yield f"    {visit.url}"
    yield f"    证据 {visit.file}  SHA-256 {visit.sha256}"
    yield from (f"    备注 {note}" for note in said.notes)


def as_json(card: Card) -> dict[str, object]:
    """The card for scripts."""
    verdict = card.verdict
    return {
        "account_id": verdict.account.account_id,
        "name": verdict.account.name,
        "verdict": verdict.word,
        "check_date": verdict.check_date.isoformat(),
        "findings": [
            {
                "code": finding.code,
                "message": finding.message,
                "basis": finding.basis,
                "status": str(finding.status),
                "arithmetic": finding.arithmetic,
                "counterfactual": finding.counterfactual,
                "hits": [{"kind": hit.kind, "quote": hit.quote, "url": hit.url} for hit in finding.hits],
            }
            for finding in verdict.findings
        ],
        "undetermined": [{"code": one.code, "reason": one.reason} for one in verdict.undetermined],
        "notes": list(verdict.notes),
        "evidence": [
            {
                "at": visit.at.isoformat(),
                "route": str(visit.route),
                "url": visit.url,
                "outcome": str(visit.observation.outcome),
                "file": visit.file,
                "sha256": visit.sha256,
            }
            for visit in card.visits
        ],
    }
