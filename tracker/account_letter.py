"""One account's 检查报告 from its verdict card: what is printed of it, the picture of its posts, its evidence (DESIGN §1.2)."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory

from tracker.clock import day
from tracker.errors import EvidenceDamaged, UsageError
from tracker.explain import EFFECT, STATUS, Card, Shown, gather
from tracker.facts.reasons import REASONS
from tracker.forms import Told
from tracker.letters import bulletin_of, must_be_told, notices_of, office_of
from tracker.model import Account, Conclusion, Finding, Outcome, Post, Route, Status, StoredVisit
from tracker.pictures import PAGE, kind_of, shown_bytes
from tracker.posted import Posted, posted
from tracker.reports import account as letter
from tracker.reports import bulletin, notice
from tracker.reports.binding import Image
from tracker.reports.form import Context
from tracker.reports.timeline import build
from tracker.reports.wording import CELL_MOST, ROUTES, plain
from tracker.rulebook.taxonomy import kind_of as fault_of
from tracker.workspace import Workspace

Drawer = Callable[[Path, Path], None]
"""Pictures the SVG of an HTML file into a PNG file: the browser, lent by whoever owns it."""

_QUOTES = 8
"""Pieces of evidence printed per finding."""
_DAYS = 40
"""Rows in the table of days."""
_PRINTED_MM, _PICTURE_MM = 150.0, 70.0


def account_of(told: Told, account: Account, drawer: Drawer | None = None) -> letter.AccountContext:
    """The report of one account. `drawer` makes the picture for Word; without it Word gets the table of days alone.

    Raises UsageError when the account is not in the sweep, or a final one lacks a setting.
    """
    office, ws = office_of(told.ws), told.ws
    if told.final:
        must_be_told(office, ("issuer", "issued", "contact"))
    card = gather(ws, told.sweep, told.judgement, account.account_id)
    # as told: the words of a finding may have been amended after an objection
    shown = {one.account.account_id: one for one in told.judgement.verdicts}
    card = replace(card, verdict=shown.get(account.account_id, card.verdict))
    found = _posted(ws, card, told)
    timeline = build(
        [day(one.at) for one in found.posts],
        since=told.sweep.window.since,
        check=card.verdict.check_date,
        covered_since=found.covered_since,
    )
    drawing = letter.draw(timeline, ws.templates)
    return letter.build(
        office=office,
        name=card.verdict.account.name,
        kind=card.verdict.account.filed_kind or card.verdict.account.kind,
        start=told.start,
        end=told.end,
        draft=not told.final,
        failing=card.verdict.conclusion is Conclusion.FAILED,
        facts=tuple(_facts(card)),
        faults=tuple(_faults(card, final=told.final)),
        unknown=tuple(_unknown(card)),
        notes=(*card.verdict.notes, *(f"证据有问题:{damage}" for damage in card.damaged)),
        timeline=timeline,
        drawing=drawing,
        drawing_image=_drawn(drawing, drawer) if drawer else None,
        posted=tuple(_days(found.posts, card.verdict.check_date)),
        looks=tuple(_look(visit, card.origins.get(visit.sha256, "")) for visit in card.visits),
        pictures=tuple(_pictures(ws, card.visits)),
        templates=ws.templates,
    )


def _posted(ws: Workspace, card: Card, told: Told) -> Posted:
    """The posts of this check, and what earlier ones showed by the time of the judgement."""
    account = card.verdict.account
    earlier = [one for one in ws.store.visits_of(account.account_id) if one.at <= told.judgement.at]
    return posted(account, card.visits, earlier, card.verdict.check_date)


def _drawn(drawing: str, drawer: Drawer) -> Image:
    with TemporaryDirectory(prefix="timeline-") as folder:
        page, png = Path(folder) / "page.html", Path(folder) / "page.png"
        page.write_text(f'<!doctype html><meta charset="utf-8">{drawing}', encoding="utf-8")
        drawer(page, png)
        return Image(kind="image/png", data=png.read_bytes(), width_mm=_PRINTED_MM)


def _facts(card: Card) -> Iterator[letter.Fact]:
    verdict, account = card.verdict, card.verdict.account
    latest = verdict.printed_date or (verdict.latest_post.isoformat() if verdict.latest_post else "没有看到")
    yield letter.Fact(name="账号名称", value=plain(account.name))
    yield letter.Fact(name="账号类型", value=plain(account.filed_kind or account.kind))
    yield letter.Fact(name="主办单位", value=plain(account.organisation))
    yield letter.Fact(name="县区/市直", value=plain(account.region))
    yield letter.Fact(name="检查日期", value=verdict.check_date.isoformat())
    yield letter.Fact(name="最后更新日期", value=plain(latest))
    yield letter.Fact(name="检查结果", value=plain(verdict.word))
    yield letter.Fact(name="检查口径", value=plain(f"{card.profile}(摘要 {card.profile_digest[:16]})"))


def _faults(card: Card, *, final: bool) -> Iterator[letter.Fault]:
    """Findings that stand; one that a person dismissed is no finding, one that waits stands in a draft only."""
    kept = {Status.AUTOMATIC, Status.CONFIRMED} | (set() if final else {Status.CANDIDATE})
    for seq, finding in enumerate((one for one in card.verdict.findings if one.status in kept), 1):
        yield _fault(seq, finding, card.shown.get(finding.code, ()))


def _fault(seq: int, finding: Finding, shown: Sequence[Shown]) -> letter.Fault:
    return letter.Fault(
        seq=seq,
        code=finding.code,
        message=plain(finding.message, CELL_MOST),
        effect=EFFECT[finding.effect],
        status=STATUS[finding.status],
        basis=plain(finding.basis, CELL_MOST),
        because=plain(finding.arithmetic, CELL_MOST),
        enough=plain(finding.counterfactual, CELL_MOST),
        quotes=tuple(map(_quote, shown[:_QUOTES])),
    )


def _quote(one: Shown) -> letter.Quote:
    stored = one.trouble or f"存证 {one.file} {one.record_id} {one.digest}"
    return letter.Quote(
        what=one.what,
        text=letter.quote_text(one.hit.quote),
        when=letter.moment(one.hit.at) if one.hit.at else "",
        url=plain(one.hit.url, CELL_MOST),
        stored=plain(stored, CELL_MOST),
    )


def _unknown(card: Card) -> Iterator[letter.Fact]:
    for one in card.verdict.undetermined:
        kind = fault_of(one.code)
        yield letter.Fact(name=plain(f"{one.code} {kind.title if kind else ''}"), value=plain(one.reason, CELL_MOST))


def _days(posts: Sequence[Post], check: date) -> Iterator[letter.Posted]:
    after = check
    for post in posts[:_DAYS]:
        on = day(post.at)
        title = letter.quote_text(post.title or post.text)
        yield letter.Posted(day=on.isoformat(), silent=f"{(after - on).days}天", title=title, url=plain(post.url, CELL_MOST))
        after = on


def _look(visit: StoredVisit, origin: str) -> letter.Look:
    said = visit.observation
    outcome = "已读取" if said.outcome is Outcome.OK else said.detail or REASONS[said.outcome]
    return letter.Look(
        at=letter.moment(visit.at),
        route=ROUTES[visit.route],
        outcome=plain(f"{outcome}({origin})" if origin else outcome),
        url=plain(visit.url, CELL_MOST),
        file=visit.file,
        sha256=visit.sha256,
    )


def _pictures(ws: Workspace, visits: Sequence[StoredVisit]) -> Iterator[letter.Picture]:
    """What people attached to their looks; a damaged file is told instead of shown."""
    for visit in (one for one in visits if one.route is Route.MANUAL):
        try:
            _, exchanges = ws.evidence.read(visit.file, sha256=visit.sha256)
        except EvidenceDamaged as damage:
            yield letter.Picture(caption=plain(str(damage), CELL_MOST))
            continue
        for number, one in enumerate((one for one in exchanges if one.page == PAGE), 1):
            kind = kind_of(one.body[:12])
            image = Image(kind=kind, data=shown_bytes(one.body), width_mm=_PICTURE_MM) if kind else None
            where = "" if image and image.fits_word else "(Word 不能显示这种图片,请看 HTML 或 PDF 稿)"
            yield letter.Picture(caption=f"截图{number}:{letter.moment(visit.at)} 检查人所附{where}", image=image)


def _bulletin(told: Told, account: Account | None, drawer: Drawer | None) -> tuple[Context, ...]:
    _must_be_bare("bulletin", account)
    return (bulletin_of(told),)


def _notices(told: Told, account: Account | None, drawer: Drawer | None) -> tuple[Context, ...]:
    _must_be_bare("notice", account)
    return notices_of(told)


def _account(told: Told, account: Account | None, drawer: Drawer | None) -> tuple[Context, ...]:
    if account is None:
        raise UsageError("账号检查报告要写明是哪个账号:tracker report account 编号(或“平台:名称”),tracker accounts list 列出全部")
    return (account_of(told, account, drawer),)


def _must_be_bare(form: str, account: Account | None) -> None:
    if account is not None:
        raise UsageError(f"报表 {form} 不分账号,后面不要写账号;只看一个账号请用 tracker report account {account.account_id}")


LETTERS: Mapping[str, Callable[[Told, Account | None, Drawer | None], tuple[Context, ...]]] = {
    bulletin.FORM.name: _bulletin,
    letter.FORM.name: _account,
    notice.FORM.name: _notices,
}
"""Every letter by the name of its form: what is to be written of a judgement, one context per file."""
