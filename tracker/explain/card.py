"""The card of one verdict as lines for people: whatever a name or a quote holds, it stays on its line."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from tracker.explain.proofs import Shown
from tracker.facts.reasons import REASONS
from tracker.model import Aspect, Decision, Finding, Outcome, Posts, Seen, Status, StoredVisit, Verdict
from tracker.text import clip, squeeze

STATUS = {
    Status.AUTOMATIC: "程序判定",
    Status.CANDIDATE: "未复核",
    Status.CONFIRMED: "已确认",
    Status.DISMISSED: "已驳回",
}
EFFECT = {"veto": "否决", "note": "列明", "remind": "提醒"}
_MOST_SHOWN = 12
"""Pieces of evidence printed for one finding; the whole is in the JSON."""
_LONGEST = 400


@dataclass(frozen=True, slots=True, kw_only=True)
class Before:
    """What an earlier period held against the account; `words` as printed, else the titles of the codes."""

    period: str
    codes: tuple[str, ...]
    words: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Card:
    """Everything behind one verdict; `lines` is the same for people. Only `verdict` and `visits` are needed."""

    verdict: Verdict
    visits: tuple[StoredVisit, ...]
    sweep: str = ""
    profile: str = ""
    profile_digest: str = ""
    """SHA-256 (hex) of the profile's settings under which it was judged."""
    judged_at: datetime | None = None
    shown: Mapping[str, tuple[Shown, ...]] = field(default_factory=dict)
    """Code of a finding → the stored bytes behind it."""
    latest: tuple[Shown, ...] = ()
    """The stored bytes that show the newest post."""
    decisions: tuple[Decision, ...] = ()
    """What people said of this account in this check, in order."""
    before: tuple[Before, ...] = ()
    """Earlier periods that found it faulty, the newest first."""
    damaged: tuple[str, ...] = ()
    """What is wrong with its evidence files, one sentence each."""
    origins: Mapping[str, str] = field(default_factory=dict)
    """SHA-256 of a visit that another office brought → 来自 whom."""

    def lines(self) -> Iterator[str]:
        """The card as Chinese lines."""
        for line in self._lines():
            told = line.lstrip(" ")
            # a quote with a line break must not look like a line of the card
            yield " " * (len(line) - len(told)) + clip(squeeze(told), _LONGEST)

    def _lines(self) -> Iterator[str]:
        verdict, account = self.verdict, self.verdict.account
        organisation = squeeze(account.organisation) or "主办单位未填"
        yield f"{squeeze(account.name)}({account.kind},{organisation});编号 {account.account_id}"
        yield f"检查结果:{verdict.word};检查日:{verdict.check_date:%Y-%m-%d};{self._latest()}"
        if self.profile:
            judged = f";判定时间:{self.judged_at:%Y-%m-%d %H:%M}" if self.judged_at else ""
            yield f"批次:{self.sweep};口径:{self.profile}(摘要 {self.profile_digest[:16]}){judged}"
        told = {one.hit for some in self.shown.values() for one in some}
        for shown in self.latest:
            yield from _bytes(shown) if shown.hit not in told else ()
        for finding in verdict.findings:
            yield from _finding(finding, self.shown.get(finding.code))
            yield from (_decision(one) for one in self.decisions if one.code == finding.code)
        yield from (f"说明:{note}" for note in verdict.notes)
        yield from self._unknown()
        yield from self._other()
        yield "依据的采集:" if self.visits else "没有采集记录"
        for visit in self.visits:
            yield from _visit(visit, self.origins.get(visit.sha256, ""))
        yield from (f"证据有问题:{damage}" for damage in self.damaged)

    def _latest(self) -> str:
        verdict = self.verdict
        if verdict.latest_post is None:
            return "最后更新:没有看到"
        shown = verdict.printed_date or f"{verdict.latest_post:%Y-%m-%d}"
        return f"最后更新:{shown}"

    def _unknown(self) -> Iterator[str]:
        """What stayed unknown, grouped by its reason."""
        codes: dict[str, list[str]] = defaultdict(list)
        for one in self.verdict.undetermined:
            codes[one.reason].append(one.code)
        if codes:
            yield "没有查清的:"
            yield from (f"  {'、'.join(told)} {reason}" for reason, told in codes.items())

    def _other(self) -> Iterator[str]:
        """Decisions on findings that stand no more, and earlier periods."""
        standing = {one.code for one in self.verdict.findings}
        yield from (f"{_decision(one).strip()}(编号 {one.code},现已不成立)" for one in self.decisions if one.code not in standing)
        if self.before:
            yield "以往各期的问题:"
            yield from (f"  {one.period} {squeeze(one.words)}({'、'.join(one.codes)})" for one in self.before)
        now = {one.code for one in self.verdict.findings if one.status in (Status.AUTOMATIC, Status.CONFIRMED)}
        again = sorted(now.intersection(code for one in self.before for code in one.codes))
        if again:
            yield f"  本期重复出现:{'、'.join(again)}"


def _finding(finding: Finding, shown: tuple[Shown, ...] | None) -> Iterator[str]:
    yield f"问题 {finding.code}({EFFECT[finding.effect]},{STATUS[finding.status]}):{finding.message}"
    yield f"  依据:{finding.basis}"
    if finding.arithmetic:
        yield f"  经过:{finding.arithmetic}"
    told = shown if shown is not None else tuple(Shown(hit=hit, what="原文") for hit in finding.hits)
    for one in told[:_MOST_SHOWN]:
        yield from _piece(one)
    if len(told) > _MOST_SHOWN:
        yield f"  另有{len(told) - _MOST_SHOWN}处,用 --json 查看全部"
    if finding.counterfactual:
        yield f"  怎样算通过:{finding.counterfactual}"


def _piece(one: Shown) -> Iterator[str]:
    hit = one.hit
    when = f"{hit.at:%Y-%m-%d %H:%M} " if hit.at else ""
    yield f"  {one.what}:{when}[{hit.kind}] {clip(squeeze(hit.quote), 200)} {hit.url}".rstrip()
    yield from _bytes(one)


def _bytes(one: Shown) -> Iterator[str]:
    if one.trouble:
        yield f"    存证:{one.trouble}"
    elif one.record_id:
        yield f"    存证:{one.file} {one.at:%Y-%m-%d %H:%M:%S} 采集 {one.url}"
        yield f"      记录 {one.record_id} 摘要 {one.digest}"
        if one.quote:
            yield f"      上下文:…{one.before}【{one.quote}】{one.after}…"
        else:
            yield "      这段文字由程序归纳,记录里没有逐字相同的句子"


def _decision(one: Decision) -> str:
    why = f",理由:{squeeze(one.why)}" if one.why.strip() else ""
    return f"  复核:{squeeze(one.who) or '未署名'} {one.at:%Y-%m-%d %H:%M} {'确认' if one.confirmed else '驳回'}{why}"


def _visit(visit: StoredVisit, origin: str) -> Iterator[str]:
    said = visit.observation
    outcome = "已读取" if said.outcome is Outcome.OK else said.detail or REASONS[said.outcome]
    yield f"  {visit.at:%Y-%m-%d %H:%M} 途径 {visit.route}:{outcome}"
    yield f"    {visit.url}"
    seen = said.aspects.get(Aspect.POSTS)
    if isinstance(seen, Seen) and isinstance(seen.value, Posts):
        yield f"    {_span(seen.value)}"
    if origin:
        yield f"    {origin}"
    yield f"    证据 {visit.file} SHA-256 {visit.sha256}"
    yield from (f"    备注 {note}" for note in said.notes)


def _span(posts: Posts) -> str:
    """How far the list may be trusted: from where on it is whole, and up to when it could show anything."""
    until = f"{posts.as_of:%Y-%m-%d %H:%M}"
    if posts.complete_since is None:
        return f"发布{len(posts.items)}条,列表不全,只能证明发布过;截至 {until}"
    return f"发布{len(posts.items)}条,{posts.complete_since:%Y-%m-%d} 至 {until} 看全"
