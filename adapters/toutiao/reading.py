"""From the exchanges of one visit to its observation (formats/toutiao.md §4, §5)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from adapters.toutiao import comments, feed, home
from adapters.toutiao.answers import closing, document
from adapters.toutiao.feed import Listing
from adapters.toutiao.home import Profile
from adapters.toutiao.ids import OWN_KINDS, agree, ids_in, own_ids
from adapters.toutiao.item import Item, read_item
from tracker.adapter import as_whole, asked_ids, blind, comment_policy, loudest, replies_over, unseen
from tracker.model import Aspect, Bio, Exchange, Identity, Observation, Outcome, Posts, Seen, Unseen, Visit
from tracker.payload import argument
from tracker.text import key

MAIN = (Aspect.EXISTENCE, Aspect.VERIFICATION, Aspect.POSTS, Aspect.COMMENT_POLICY, Aspect.BIO)
LIKES = Unseen(outcome=Outcome.NOT_OBSERVABLE, detail="平台不公开账号的点赞")
DETAILS = {Outcome.PARTIAL: "列表不完整，最新日期只是下限", Outcome.EMPTY: "从未发布内容"}
"""What half-knowledge of the posts, or their absence, means for the visit as a whole."""
NOTHING = Unseen(outcome=Outcome.NOT_RECORDED, detail="没有收到任何页面，请在台账补填主页链接")
GONE = Unseen(outcome=Outcome.GONE, detail="平台称账号不存在或已关闭")


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """What one visit brought: the parts, before they are held against each other."""

    wanted: Mapping[str, str]
    """The ids asked for and those learned from a matching profile."""
    name: str
    profile: Profile | Unseen
    listing: Listing
    item: Item | Unseen | None
    page: Unseen | None
    at: datetime
    """When the last answer came."""
    named: bool
    """No id could be compared: rows were matched by the filed name."""

    @property
    def known(self) -> Profile | None:
        """The profile, if it was understood."""
        return self.profile if isinstance(self.profile, Profile) else None


def read(visit: Visit, exchanges: Sequence[Exchange]) -> Observation:
    """The observation; never raises."""
    if not exchanges:
        return _blind(NOTHING)
    look = _look(visit, exchanges)
    if stop := _contradiction(look):
        return _blind(stop)
    if _closed(look):
        closed = look.known.closed if look.known else _words(exchanges)
        existence = Seen(value=Identity(ids=look.wanted, name="", closed=closed), outcome=Outcome.GONE)
        gone = _blind(GONE)
        return replace(gone, aspects={**gone.aspects, Aspect.EXISTENCE: existence})
    return _observe(visit, look, exchanges)


def _blind(why: Unseen) -> Observation:
    nothing = blind(MAIN, why)
    return replace(nothing, aspects={**nothing.aspects, Aspect.LIKES: LIKES})


def _look(visit: Visit, exchanges: Sequence[Exchange]) -> Look:
    wanted = asked_ids(visit, ids_in)
    name = visit.account.name if visit.account else ""
    profile = home.find(exchanges, wanted, name)
    known = profile if isinstance(profile, Profile) else None
    target = {**wanted, **known.identity.ids} if known else wanted
    listing = feed.find(exchanges, target, name, known)
    # beside the account's own list an item was opened for its comments only
    item = None if isinstance(listing.posts, Seen) else _item(exchanges)
    believed = known is not None or isinstance(listing.posts, Seen) or isinstance(item, Item)
    return Look(
        wanted=target,
        name=name,
        profile=profile,
        listing=listing,
        item=item,
        page=None if believed else _page(exchanges),
        at=max(one.at for one in exchanges),
        named=bool(name) and not own_ids(target),
    )


def _item(exchanges: Sequence[Exchange]) -> Item | Unseen | None:
    return next((read_item(one) for one in reversed(exchanges) if one.page == "item"), None)


def _page(exchanges: Sequence[Exchange]) -> Unseen | None:
    told = [document(one) for one in exchanges if one.page in ("home", "challenge")]
    return loudest([unseen(one, "页面") for one in told if one is not None])


def _contradiction(look: Look) -> Unseen | None:
    """Another account than the one asked for, or a closed account that publishes."""
    refusals = (look.profile, look.listing.posts)
    other = next((one for one in refusals if isinstance(one, Unseen) and one.outcome == Outcome.INCONSISTENT), None)
    if isinstance(look.item, Item) and _foreign(look, look.item.author):
        return Unseen(outcome=Outcome.INCONSISTENT, detail="内容属于别的账号")
    if look.known and look.known.closed and look.listing.rows:
        return Unseen(outcome=Outcome.INCONSISTENT, detail="主页称账号已关闭，但仍给出内容")
    return other


def _foreign(look: Look, shown: Identity) -> bool:
    matched = agree(look.wanted, shown.ids)
    return matched is False or (matched is None and bool(look.name) and key(look.name) != key(shown.name))


def _closed(look: Look) -> bool:
    """A claim: facts promote it only after a second look on another day."""
    if look.listing.rows or isinstance(look.item, Item):
        return False
    return bool(look.known.closed) if look.known else look.page is not None and look.page.outcome == Outcome.GONE


def _words(exchanges: Sequence[Exchange]) -> str:
    return next((said for one in exchanges if one.page == "home" and (said := closing(one))), "")


def _observe(visit: Visit, look: Look, exchanges: Sequence[Exchange]) -> Observation:
    posts = _posts(look)
    aspects: dict[Aspect, Seen | Unseen] = {
        **_person(look, exchanges),
        Aspect.POSTS: posts,
        Aspect.COMMENT_POLICY: comment_policy(posts, whole=look.listing.whole, noun="内容"),
        Aspect.LIKES: LIKES,
    }
    author = look.item.author.ids if isinstance(look.item, Item) else {}
    replied = comments.replies(exchanges, own_ids(look.wanted) | own_ids(author))
    if look.listing.rows:
        replied = replies_over(posts, replied, {argument(one.url, "group_id") for one in exchanges}, visit)
    if replied:
        aspects[Aspect.REPLIES] = replied
    visited = any(one.page in ("home", "item") for one in exchanges)
    whole_visit = as_whole(aspects, look.page, visited=visited)
    detail = whole_visit.detail if isinstance(whole_visit, Unseen) else DETAILS.get(posts.outcome, "")
    notes = (*look.listing.notes, *_notes(look))
    return Observation(outcome=whole_visit.outcome, aspects=aspects, detail=detail, notes=notes)


def _posts(look: Look) -> Seen | Unseen:
    posts = look.listing.posts
    if isinstance(posts, Seen) or posts.outcome != Outcome.NOT_RECORDED:
        return posts
    if isinstance(look.item, Item):
        return Seen(value=Posts(items=(look.item.post,), as_of=look.at))
    return look.item or look.page or posts


def _person(look: Look, exchanges: Sequence[Exchange]) -> dict[Aspect, Seen | Unseen]:
    """Existence, verification and bio: from the account page, else from the author of own items."""
    if known := look.known:
        return {
            Aspect.EXISTENCE: Seen(value=known.identity),
            Aspect.VERIFICATION: Seen(value=known.verification) if known.verification else _untold("主页没有说明认证"),
            Aspect.BIO: Seen(value=Bio(text=known.bio)),
        }
    if isinstance(look.item, Item):
        return _by_author(look.item.author, look.item)
    if look.listing.rows:
        owner = look.listing.rows[0].owner
        ids = {kind: value for kind, value in look.wanted.items() if kind not in OWN_KINDS or value in owner.numbers}
        ids = ids or {"user_id": min(owner.numbers, default="")}
        return _by_author(Identity(ids={k: v for k, v in ids.items() if v}, name=owner.name), owner)
    parts = [one for one in (look.page, look.profile, look.listing.posts, look.item) if isinstance(one, Unseen)]
    why = loudest([one for one in parts if one.outcome != Outcome.NOT_RECORDED]) or parts[0]
    return dict.fromkeys((Aspect.EXISTENCE, Aspect.VERIFICATION, Aspect.BIO), why)


def _by_author(author: Identity, source: object) -> dict[Aspect, Seen | Unseen]:
    checked = getattr(source, "verification", None)
    return {
        Aspect.EXISTENCE: Seen(value=author),
        Aspect.VERIFICATION: Seen(value=checked) if checked else _untold("内容没有说明认证"),
        Aspect.BIO: _untold("没有收到账号主页"),
    }


def _untold(why: str) -> Unseen:
    return Unseen(outcome=Outcome.NOT_RECORDED, detail=why)


def _notes(look: Look) -> tuple[str, ...]:
    name = look.known.identity.name if look.known else ""
    if look.named:
        return ("台账没有可比的平台编号，按名称对应",)
    if look.name and name and key(name) != key(look.name):
        return (f"平台现名“{name}”与台账名称不同，疑似更名",)
    return ()
