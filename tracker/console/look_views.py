"""What the templates of 待人工 show: one documented object per page."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from tracker import drafts, looks
from tracker.console.tasks import SECONDS, Item, Queue, Stand
from tracker.due import DATE
from tracker.model import Account, Exchange, Route
from tracker.registry.looks import ASPECTS
from tracker.registry.worklist import ANSWERS
from tracker.store import Draft, Looked, LoosePicture

_ROUTES = {Route.MANUAL: "人工", Route.LINK: "链接", Route.FEED: "订阅源"}
_UNSEEN = ANSWERS[-1]
ROWS = 100
"""Accounts on one page of the work list."""
_MOST_LOOSE = 12
"""Loose pictures shown beside one account."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Shot:
    """A loose picture: its number is its address, its name only words."""

    number: int
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One account of the work list."""

    account_id: str
    name: str
    kind: str
    organisation: str
    ask: str
    last: str
    stand: Stand


@dataclass(frozen=True, slots=True, kw_only=True)
class ListPage:
    """`looks.html`. `accounts` False = the registry is still empty."""

    accounts: bool
    again: str
    """Why this is not the last word; empty = it is."""
    waiting: tuple[Row, ...]
    """Of this page."""
    left: int
    """On all pages."""
    at: int
    pages: int
    parked: tuple[Row, ...]
    done: tuple[Row, ...]
    """The newest looks."""
    minutes: int
    """For all that wait, rounded up."""
    loose: int
    """Pictures that belong to nobody."""
    office: bool
    """Whether the person does what comes before and after, too: registry, links, pictures of all accounts, review."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """One aspect: its field in the form, what is chosen, whether this check asks for it, and the last answer."""

    field: str
    title: str
    value: str
    asked: bool
    last: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Hidden:
    """What the form carries unseen (tracker.drafts.Form); `then` = the account that comes next."""

    key: str
    seq: int
    seen_visit: str
    seen_draft: str
    then: str


@dataclass(frozen=True, slots=True, kw_only=True)
class LookPage:
    """`look.html`: one account."""

    account_id: str
    name: str
    kind: str
    owner: str
    """Organisation and region."""
    link: str
    """To open; empty where none is filed or it is no web address."""
    ask: tuple[str, ...]
    last: tuple[str, ...]
    """The last answers with their dates."""
    done: str
    """When this check's look was taken; empty = not yet."""
    restored: str
    """When the draft that fills the form was kept; empty = none."""
    told: str
    note: str
    who: str
    choices: tuple[Choice, ...]
    answers: tuple[str, ...]
    pictures: tuple[Shot, ...]
    sorts: bool
    """Whether the person may give pictures to other accounts."""
    loose: tuple[Shot, ...]
    loose_count: int
    left: int
    """Accounts that wait, this one included."""
    hidden: Hidden
    error: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One field of two forms side by side."""

    title: str
    mine: str
    theirs: str

    @property
    def differs(self) -> bool:
        """Whether the two say different things."""
        return self.mine != self.theirs


@dataclass(frozen=True, slots=True, kw_only=True)
class Clash:
    """`looks_clash.html`: two forms on one account; the person chooses."""

    account_id: str
    name: str
    theirs: str
    """Who wrote the other one, when, and whether it is saved."""
    lines: tuple[Line, ...]
    fields: tuple[tuple[str, str], ...]
    """My form, to be sent again as having seen both."""


def list_of(found: Queue, loose: int, accounts: bool, at: int, *, office: bool) -> ListPage:
    """A page of the work list."""
    pages = max(1, -(-found.left // ROWS))
    here = min(max(at, 1), pages)
    return ListPage(
        accounts=accounts,
        again=found.again,
        waiting=tuple(map(_row, found.waiting((here - 1) * ROWS, ROWS))),
        left=found.left,
        at=here,
        pages=pages,
        parked=tuple(map(_row, found.parked())),
        done=tuple(map(_row, found.done(ROWS))),
        minutes=-(-found.left * SECONDS // 60),
        loose=loose,
        office=office,
    )


def _row(one: Item) -> Row:
    account = one.account
    return Row(
        account_id=account.account_id,
        name=account.name,
        kind=account.kind,
        organisation=account.organisation,
        ask="、".join(one.ask),
        last=_last_post(one),
        stand=one.stand,
    )


def _last_post(one: Item) -> str:
    return f"{one.last.on:%Y-%m-%d}({_ROUTES.get(one.last.route, '程序')})" if one.last else "没有见到过"


def look_of(
    one: Item,
    found: Queue,
    *,
    form: drafts.Form | None,
    key: str,
    who: str,
    pictures: Sequence[LoosePicture],
    sorts: bool,
    error: str,
) -> LookPage:
    """The page of one account: filled from the form as sent, else from the draft."""
    account = one.account
    filled = form.fields if form else one.draft.told if one.draft else {}
    loose = [_shot(each) for each in pictures if not each.account_id]
    return LookPage(
        account_id=account.account_id,
        name=account.name,
        kind=account.kind,
        owner="、".join(part for part in (account.organisation, account.region) if part),
        link=account.url if account.url.startswith(("https://", "http://")) else "",
        ask=one.ask,
        last=_last(one),
        done=_when(one.look) if one.look else "",
        restored=f"{one.draft.at:%m-%d %H:%M}" if one.draft and not form else "",
        told=filled.get(drafts.TOLD, ""),
        note=filled.get(drafts.NOTE, ""),
        who=who,
        choices=tuple(_choice(place, aspect, one, filled) for place, aspect in enumerate(ASPECTS)),
        answers=ANSWERS,
        pictures=tuple(_shot(each) for each in pictures if each.account_id == account.account_id),
        sorts=sorts,
        loose=tuple(loose[:_MOST_LOOSE]),
        loose_count=len(loose),
        left=found.left,
        hidden=_hidden(one, found, form, key),
        error=error,
    )


def _hidden(one: Item, found: Queue, form: drafts.Form | None, key: str) -> Hidden:
    """A form that was refused keeps what it has seen; a new page has seen what stands there now."""
    then = found.following(one.account.account_id)
    if form is not None:
        told = {"seen_visit": form.seen_visit, "seen_draft": form.seen_draft}
        return Hidden(key=key, seq=form.seq + 1, then=then, **told)
    visit, draft = (one.look.file if one.look else ""), (one.draft.version if one.draft else "")
    return Hidden(key=key, seq=0, seen_visit=visit, seen_draft=draft, then=then)


def _shot(picture: LoosePicture) -> Shot:
    return Shot(number=picture.id, name=picture.name)


def _last(one: Item) -> tuple[str, ...]:
    return (
        f"最后更新:{_last_post(one)}",
        *(f"{column}:{_answer(answer.broken)}({answer.on:%Y-%m-%d})" for column, answer in one.answered.items()),
    )


def _answer(broken: bool) -> str:
    return ANSWERS[0] if broken else ANSWERS[1]


def _when(visit: Looked) -> str:
    return f"{visit.at:%Y-%m-%d %H:%M}"


def _choice(place: int, aspect: str, one: Item, filled: Mapping[str, str]) -> Choice:
    last = one.answered.get(aspect)
    return Choice(
        field=f"a{place}",
        title=aspect,
        value=filled.get(aspect, _UNSEEN),
        asked=aspect in one.ask,
        last=f"上次{_answer(last.broken)}({last.on:%m-%d})" if last else "",
    )


def clash_of(account: Account, form: drafts.Form, stale: drafts.Stale, row: Exchange | None, then: str) -> Clash:
    """Mine and the other's, field by field; `row` is the stored look where the other one is saved."""
    mine = form.fields
    theirs, told = _theirs(stale, row)
    names = {drafts.TOLD: DATE, **{aspect: aspect for aspect in ASPECTS}, drafts.NOTE: "备注"}
    return Clash(
        account_id=account.account_id,
        name=account.name,
        theirs=told,
        lines=tuple(Line(title=word, mine=mine.get(name, ""), theirs=theirs.get(name, "")) for name, word in names.items()),
        fields=(*_again(form, stale), ("then", then)),
    )


def _theirs(stale: drafts.Stale, row: Exchange | None) -> tuple[Mapping[str, str], str]:
    if stale.draft is not None:
        return stale.draft.told, f"{stale.draft.who} {stale.draft.at:%m-%d %H:%M} 填的,还没有保存"
    if row is None:
        return {}, "已被清空"
    look = looks.look_of(row)
    date = look.printed_date or (look.last_post.isoformat() if look.last_post else "")
    answers = {aspect: _answer(broken) for aspect, broken in look.aspects.items() if broken is not None}
    told = f"{look.inspector or '另一处'} {row.at:%m-%d %H:%M} 已经保存"
    return {drafts.TOLD: date, **answers, drafts.NOTE: look.note}, told


def _again(form: drafts.Form, stale: drafts.Stale) -> tuple[tuple[str, str], ...]:
    answers = ((f"a{place}", form.answers.get(aspect, "")) for place, aspect in enumerate(ASPECTS))
    visit: str = stale.visit.file if stale.visit else form.seen_visit
    draft: Draft | None = stale.draft
    return (
        ("key", form.key),
        ("seq", str(form.seq + 1)),
        ("seen_visit", visit),
        ("seen_draft", draft.version if draft else form.seen_draft),
        ("who", form.who),
        ("told", form.told),
        *answers,
        ("note", form.note),
    )
