"""What the visits of one check show of each aspect, as searches with hits (DESIGN §4)."""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from difflib import SequenceMatcher

from tracker import text
from tracker.facts.answers import Evidence, Quantity
from tracker.facts.reasons import reason
from tracker.model import (
    Account,
    Aspect,
    Bio,
    Bounds,
    CommentPolicy,
    CommentState,
    Found,
    Hit,
    Identity,
    Like,
    Likes,
    Menu,
    Outcome,
    Replies,
    Route,
    Seen,
    StoredVisit,
    Unseen,
    Value,
    Verification,
)

_BY_PEOPLE = "程序看不到这一项,要由人查看"
_LOOKALIKE = 0.8
"""Share of matching characters from which two names are nearly the same."""


def exists(visits: Iterable[StoredVisit]) -> bool:
    """Whether any visit saw the account itself."""
    for visit in visits:
        seen = visit.observation.aspects.get(Aspect.EXISTENCE)
        if isinstance(seen, Seen) and seen.outcome is not Outcome.GONE:
            return True
    return False


def reasons(visits: Sequence[StoredVisit], aspect: Aspect) -> tuple[str, ...]:
    """Why an aspect was not seen, in the words of the list; empty when it was."""
    told: list[str] = []
    for visit in visits:
        found = visit.observation.aspects.get(aspect)
        if isinstance(found, Unseen):
            told.append(reason(found))
        elif isinstance(found, Seen) and found.outcome is Outcome.EMPTY:
            told.append("列表为空,待另日再次核实")
        elif found is None and visit.observation.outcome is not Outcome.OK:
            told.append(reason(Unseen(outcome=visit.observation.outcome, detail=visit.observation.detail)))
    if not told and not any(isinstance(visit.observation.aspects.get(aspect), Seen) for visit in visits):
        told.append(reason(Unseen(outcome=Outcome.NOT_RECORDED)))
    return tuple(dict.fromkeys(told))


def search(
    visits: Sequence[StoredVisit], aspects: tuple[Aspect, ...], pick: Callable[[Value], Found], sees: Collection[Aspect]
) -> Evidence:
    """What all visits show of some aspects: every hit once, with the file that shows it; whole if one visit saw the whole.

    `sees`: what the adapter can see at all, so that the reason names what only a person can look at.
    """
    found = [
        (visit, pick(seen.value))
        for visit in visits
        for aspect in aspects
        if isinstance(seen := visit.observation.aspects.get(aspect), Seen)
    ]
    hits: dict[Hit, Hit] = {}
    for visit, one in found:
        for hit in one.hits:
            hits.setdefault(hit, replace(hit, file=visit.file))
    # one pasted page is never the whole of an account, however well it was read
    whole = any(one.whole and visit.route is not Route.LINK for visit, one in found)
    if whole:
        return Evidence(found=Found(hits=tuple(hits.values()), whole=True))
    if not found and not set(aspects) & set(sees):
        return Evidence(reasons=(_BY_PEOPLE,))
    why = ("只看到一部分",) if found else tuple(r for aspect in aspects for r in reasons(visits, aspect))
    return Evidence(found=Found(hits=tuple(hits.values())), reasons=tuple(dict.fromkeys(why)))


def channels(value: Value) -> Found:
    """Ways for the public to speak."""
    match value:
        case Menu():
            return value.channels
        case CommentPolicy(state=CommentState.OPEN | CommentState.SCREENED):
            return Found(hits=(Hit(kind="评论", quote=value.why or "评论开放"),))
        case _:
            return Found()


def closed(value: Value) -> Found:
    """Signs that comments are closed."""
    match value:
        case CommentPolicy(state=CommentState.CLOSED | CommentState.SUSPECTED_CLOSED):
            return Found(hits=(Hit(kind="评论", quote=value.why or "评论关闭"),))
        case _:
            return Found()


def auto_reply(value: Value) -> Found:
    """Whether automatic replies are on."""
    if not isinstance(value, Menu) or value.auto_reply is None:
        return Found()
    return Found(hits=(Hit(kind="自动回复", quote="已开启自动回复"),) if value.auto_reply else (), whole=True)


def likes(value: Value) -> Found:
    """Liked posts of others."""
    if not isinstance(value, Likes):
        return Found()
    return Found(hits=tuple(_liked(like) for like in value.items), whole=value.whole)


def _liked(like: Like) -> Hit:
    return Hit(kind=like.owner_kind, quote=f"{like.owner}:{like.text}", url=like.url, at=like.at)


def liked_owners(visits: Iterable[StoredVisit]) -> frozenset[str]:
    """The names (`text.key`) of all whose posts were liked."""
    told = [visit.observation.aspects.get(Aspect.LIKES) for visit in visits]
    values = [seen.value for seen in told if isinstance(seen, Seen) and isinstance(seen.value, Likes)]
    return frozenset(text.key(like.owner) for value in values for like in value.items)


def footers(value: Value) -> Found:
    """Commercial content at page bottoms."""
    return value if isinstance(value, Found) else Found()


def closed_down(value: Value) -> Found:
    """The platform's words that the account was cancelled or frozen."""
    if not isinstance(value, Identity):
        return Found()
    return Found(hits=(Hit(kind="平台提示", quote=value.closed),) if value.closed else (), whole=not value.closed)


def unverified(value: Value) -> Found:
    """The account without 认证."""
    if not isinstance(value, Verification):
        return Found()
    return Found(hits=() if value.verified else (Hit(kind="认证", quote="平台显示未认证"),), whole=True)


def certified(value: Value) -> Found:
    """The 认证主体."""
    if not isinstance(value, Verification) or not value.subject:
        return Found()
    return Found(hits=(Hit(kind="认证主体", quote=value.subject),), whole=True)


def bio(value: Value) -> Found:
    """The 简介."""
    if not isinstance(value, Bio):
        return Found()
    return Found(hits=(Hit(kind="简介", quote=value.text),) if value.text.strip() else (), whole=True)


def unanswered(visits: Sequence[StoredVisit], why: tuple[str, ...]) -> Quantity:
    """Comments without an answer: at least those read that have none, at most all where every comment was read."""
    told = [visit.observation.aspects.get(Aspect.REPLIES) for visit in visits]
    seen = [(one.value, one.outcome) for one in told if isinstance(one, Seen) and isinstance(one.value, Replies)]
    least = max((value.seen - value.answered for value, _ in seen), default=0)
    whole = [value.seen - value.answered for value, outcome in seen if outcome is Outcome.OK and value.of == value.seen]
    most = max([*whole, least]) if whole else None
    return Quantity(bounds=Bounds(least=max(0, least), most=most), reasons=() if whole else why or ("评论只看到一部分",))


def lookalikes(account: Account, strangers: Iterable[StoredVisit]) -> Evidence:
    """Accounts seen on the platform that nobody filed and whose names are nearly this one; nobody ever searched for all."""
    wanted = text.key(account.name)
    hits = []
    for visit in strangers:
        seen = visit.observation.aspects.get(Aspect.EXISTENCE)
        if not isinstance(seen, Seen) or not isinstance(seen.value, Identity) or visit.platform != account.platform:
            continue
        name = text.key(seen.value.name)
        if name and not _same(seen.value.ids, account.ids) and SequenceMatcher(None, name, wanted).ratio() >= _LOOKALIKE:
            hits.append(Hit(kind="未备案账号", quote=seen.value.name, url=visit.url, at=visit.at, file=visit.file))
    return Evidence(found=Found(hits=tuple(hits)), reasons=() if hits else ("没有搜索过名称相近的账号",))


def _same(one: Mapping[str, str], other: Mapping[str, str]) -> bool:
    return bool(set(one.items()) & set(other.items()))
