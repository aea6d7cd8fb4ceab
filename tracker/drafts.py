"""The 15-second check (待人工): one form per account becomes a visit by route `manual` (DESIGN §8, observation sheet).

A half-filled form is kept as a draft, a sent one is done once, and whoever saves over something that he has not seen is asked.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from tracker import links, pictures
from tracker.adapter import Adapter
from tracker.clock import day
from tracker.errors import UsageError
from tracker.model import Account, Route, StoredVisit
from tracker.recording import Reader, keep_look
from tracker.registry import Look
from tracker.registry.cells import HOW_DATES, answer_of, day_of, never
from tracker.registry.looks import ASPECTS
from tracker.registry.problems import BadCell
from tracker.store import Draft, LoosePicture, SweepRecord
from tracker.text import squeeze
from tracker.workspace import Workspace

TOLD, NOTE, PARKED = "told", "note", "parked"
"""Keys of a draft beside the aspects: the one field, the remark, and whether only a link was handed in."""

_LINK = re.compile(r"https?://\S+|(?<![\w.])[a-z0-9-]+(?:\.[a-z0-9-]+)+/\S*", re.IGNORECASE)
_AFTER = ".,;。，；、"
"""What may stand behind a link without belonging to it."""

_TOLERANCE = timedelta(days=14)
"""How far after today a date without a year may lie (domain/registry.md §3.3)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Form:
    """One page as it was sent. `key` is the page's own; the two `seen` say what stood there when it was made."""

    key: str
    seq: int = 0
    """Counts the savings of this page."""
    seen_visit: str = ""
    """File of the account's last look in this sweep; empty = none."""
    seen_draft: str = ""
    """Version of the draft; empty = none."""
    who: str
    told: str = ""
    """The one field: a date, 无内容, a link, or a date and a link."""
    answers: Mapping[str, str]
    """有问题, 无问题 or 未看 by aspect; what is missing was not looked at."""
    note: str = ""

    @property
    def fields(self) -> Mapping[str, str]:
        """What a draft keeps: everything that is filled."""
        told = {TOLD: self.told.strip(), **self.answers, NOTE: self.note.strip()}
        return {name: value for name, value in told.items() if value and value != "未看"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Saved:
    """Done. `visit` None = only a link was handed in, or `again`: the same form had been sent before."""

    visit: StoredVisit | None = None
    again: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Stale:
    """Not saved: somebody else saved or began something on this account meanwhile."""

    visit: StoredVisit | None
    """The last look in this sweep."""
    draft: Draft | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Refused:
    """Not saved: `why` says in Chinese what is wrong and what to do."""

    why: str


def last_look(ws: Workspace, sweep: str, account_id: str) -> StoredVisit | None:
    """The last look that a person took at an account in a sweep."""
    looked = [visit for visit in ws.store.visits(sweep, account_id) if visit.route is Route.MANUAL]
    return looked[-1] if looked else None


def keep(ws: Workspace, sweep: SweepRecord, account: Account, form: Form, *, at: datetime) -> Stale | None:
    """Keep a half-filled form as the account's draft; Stale when another page wrote there meanwhile, None when kept."""
    with ws.store.transaction():
        ws.store.hold_sweep(sweep.name)
        if ws.store.form_sent(form.key):
            return None
        if (stale := _stale(ws, sweep, account, form)) is not None:
            return stale
        before = ws.store.draft(sweep.name, account.account_id)
        late = before is not None and before.form == form.key and before.seq >= form.seq
        if not late and form.fields:
            ws.store.put_draft(_draft(sweep, account, form, form.fields, at))
        elif not late:
            ws.store.drop_draft(sweep.name, account.account_id)
    return None


def save(
    ws: Workspace, sweep: SweepRecord, account: Account, form: Form, adapters: Mapping[str, Adapter], *, at: datetime
) -> Saved | Stale | Refused:
    """Make the form a look of this sweep, with the pictures that lie beside the account; sending it again does nothing more.

    Raises UsageError when the evidence cannot be written; the draft is still there then.
    """
    with ws.store.transaction():
        ws.store.hold_sweep(sweep.name)
        if ws.store.form_sent(form.key):
            return Saved(again=True)
        if (stale := _stale(ws, sweep, account, form)) is not None:
            return stale
        beside = ws.store.pictures(account.account_id)
        try:
            look = _look(account, form, beside, at)
            _hand_in(ws, form, adapters, at)
        except (BadCell, UsageError) as error:
            return Refused(why=str(error))
        visit = _enter(ws, sweep, account, form, look, beside, at)
    if visit is not None:
        pictures.forget(ws, beside)
    return Saved(visit=visit)


def _enter(
    ws: Workspace,
    sweep: SweepRecord,
    account: Account,
    form: Form,
    look: Look,
    beside: Sequence[LoosePicture],
    at: datetime,
) -> StoredVisit | None:
    """Inside the transaction: the visit, or the parked draft where there is only a link."""
    ws.store.mark_sent(form.key, at)
    if not look.looked:
        ws.store.put_draft(_draft(sweep, account, form, {**form.fields, PARKED: "1"}, at))
        return None
    taken = pictures.exchanges(ws, beside, at)
    visit = keep_look(ws, sweep.name, Reader((account,), {}), account, look, at=at, pictures=taken)
    ws.store.drop_draft(sweep.name, account.account_id)
    return visit


def _stale(ws: Workspace, sweep: SweepRecord, account: Account, form: Form) -> Stale | None:
    """What this page has not seen: a look, or a draft that another page wrote."""
    visit = last_look(ws, sweep.name, account.account_id)
    draft = ws.store.draft(sweep.name, account.account_id)
    new_visit = (visit.file if visit else "") != form.seen_visit
    new_draft = draft is not None and draft.form != form.key and draft.version != form.seen_draft
    return Stale(visit=visit if new_visit else None, draft=draft if new_draft else None) if new_visit or new_draft else None


def _draft(sweep: SweepRecord, account: Account, form: Form, told: Mapping[str, str], at: datetime) -> Draft:
    own = account.account_id
    return Draft(sweep=sweep.name, account_id=own, form=form.key, seq=form.seq, who=form.who, at=at, told=told)


def _look(account: Account, form: Form, beside: Sequence[LoosePicture], at: datetime) -> Look:
    """The form as a row of the observation sheet. Raises BadCell or UsageError, in words."""
    today = day(at)
    last, nothing, printed = _when(form.told, today)
    aspects = {aspect: answer_of(form.answers.get(aspect, "")) for aspect in ASPECTS}
    look = Look(
        sheet="网页",
        row=0,
        platform=account.platform,
        kind=account.kind,
        filed_kind=account.filed_kind,
        name=account.name,
        org_type=account.org_type,
        organisation=account.organisation,
        region=account.region,
        check_date=today,
        last_post=last,
        never=nothing,
        printed_date=printed,
        url=link_in(form.told),
        post_dates=(),
        aspects=aspects,
        found="",
        previous="",
        rectified="",
        result="",
        inspector=form.who,
        picture="、".join(picture.sha256 for picture in beside),
        note=squeeze(form.note),
    )
    _complete(look, beside)
    return look


def _complete(look: Look, beside: Sequence[LoosePicture]) -> None:
    found = [aspect for aspect, broken in look.aspects.items() if broken] + (["无内容"] if look.never else [])
    if found and not beside:
        raise UsageError(f"“{'、'.join(found)}”是一个问题,要有截图才能保存:请按 Ctrl+V 粘贴截图,或用“选择图片”添加")
    if not look.looked and not look.url:
        raise UsageError("还没有填任何内容:请填最后更新日期、无内容或链接,或给出一项检查结果;不看这个账号请按 Esc 跳过")


def _when(told: str, today: date) -> tuple[date | None, bool, str]:
    """The one field without its link: (date, never posted, as written). Words around a pasted link are not a date."""
    rest = squeeze(_LINK.sub(" ", told))
    if not rest:
        return None, False, ""
    if never(rest):
        return None, True, rest
    try:
        on = day_of(rest, latest=today + _TOLERANCE)
        if on > today + _TOLERANCE:
            raise BadCell(f"{on} 在今天之后 {_TOLERANCE.days} 天以上,请核对年份")
        return on, False, rest
    except BadCell as bad:
        if link_in(told):
            return None, False, ""
        why = f"看不懂“{rest}”:{HOW_DATES},没有发布过填“无内容”,也可以粘贴链接"
        raise BadCell(why if str(bad) == HOW_DATES else f"“{rest}”:{bad}") from bad


def link_in(told: str) -> str:
    """The first link in the one field; empty when there is none."""
    found = _LINK.search(told)
    return found[0].rstrip(_AFTER) if found else ""


def _hand_in(ws: Workspace, form: Form, adapters: Mapping[str, Adapter], at: datetime) -> None:
    """A link in the field goes the way of all pasted links; one of nobody's is told."""
    if not link_in(form.told):
        return
    if not links.paste(ws, form.told, adapters, who=form.who, at=at).links:
        raise UsageError("这个链接不是本程序认识的平台的账号、文章或作品链接;请核对后重新粘贴,或改填最后更新日期")
