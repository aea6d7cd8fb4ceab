"""From the exchanges of one visit to its observation (formats/douyin.md §4, §5)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from adapters.douyin import comments, likes, profile, works
from adapters.douyin.answers import CANCELLED, captcha_title, document, envelope
from adapters.douyin.ids import agree, ids_in
from adapters.douyin.profile import Profile
from adapters.douyin.works import Listing, Work
from tracker.adapter import LOUDEST, Unread, as_whole, asked_ids, attempt, blind, comment_policy, loudest, replies_over, unseen
from tracker.model import Aspect, Bio, Exchange, Identity, Observation, Outcome, Posts, Seen, Unseen, Visit
from tracker.payload import argument
from tracker.text import key

MAIN = (Aspect.EXISTENCE, Aspect.VERIFICATION, Aspect.POSTS, Aspect.COMMENT_POLICY, Aspect.LIKES, Aspect.BIO)
DETAILS = {Outcome.PARTIAL: "未登录或列表不连续，最新日期只是下限", Outcome.EMPTY: "从未发布作品"}
"""What half-knowledge of the posts, or their absence, means for the visit as a whole."""
NOTHING = Unseen(outcome=Outcome.NOT_RECORDED, detail="没有收到任何页面，请在台账补填带 sec_uid 的主页链接")


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """What one visit brought: the parts, before they are held against each other."""

    wanted: Mapping[str, str]
    name: str
    profile: Profile | Unseen
    listing: Listing
    item: Work | Unseen | None
    page: Unseen | None
    at: datetime
    """When the last answer came."""

    @property
    def known(self) -> Profile | None:
        """The profile, if it was understood."""
        return self.profile if isinstance(self.profile, Profile) else None


def read(visit: Visit, exchanges: Sequence[Exchange]) -> Observation:
    """The observation; never raises."""
    if not exchanges:
        return blind(MAIN, NOTHING)
    look = _look(visit, exchanges)
    if stop := _contradiction(look):
        return blind(MAIN, stop)
    state = _state(look)
    if state is not None and state.outcome == Outcome.GONE:
        return _gone(look, state)
    return _observe(visit, look, state, exchanges)


def _look(visit: Visit, exchanges: Sequence[Exchange]) -> Look:
    wanted = asked_ids(visit, ids_in)
    name = visit.account.name if visit.account else ""
    found = profile.find(exchanges, wanted, name)
    known = found if isinstance(found, Profile) else None
    target = {**wanted, **known.identity.ids} if known else wanted
    listing = works.find(exchanges, target, name, known)
    item = next((attempt("作品", _item, one) for one in exchanges if one.page == "detail"), None)
    believed = known is not None or isinstance(listing.posts, Seen) or isinstance(item, Work)
    page = _page(exchanges, believed=believed)
    at = max(one.at for one in exchanges)
    return Look(wanted=wanted, name=name, profile=found, listing=listing, item=item, page=page, at=at)


def _page(exchanges: Sequence[Exchange], *, believed: bool) -> Unseen | None:
    """What the documents say; words in them count only while no envelope parsed (guard 17)."""
    documents = [one for one in exchanges if one.page in ("home", "item")]
    told = [document(one) for one in documents if not believed or captcha_title(one)]
    return loudest([unseen(one, "页面") for one in told if one is not None])


def _item(exchange: Exchange) -> Work:
    body = envelope(exchange)
    if body.at("aweme_detail").value is None:
        if reason := body.at("filter_detail", "filter_reason").words():
            raise Unread(Outcome.ITEM_GONE, f"作品不可见（{reason}）")
        raise Unread(Outcome.AMBIGUOUS_EMPTY, "平台没有给出作品，也没有说明原因")
    work = works.read_work(body.at("aweme_detail"), exchange.at)
    if work.hidden:
        raise Unread(Outcome.ITEM_GONE, "作品已删除、审核中或未公开")
    return work


def _contradiction(look: Look) -> Unseen | None:
    """Another account than the one asked for, or a closed account that publishes."""
    if isinstance(look.profile, Unseen) and look.profile.outcome == Outcome.INCONSISTENT:
        return look.profile
    if isinstance(look.item, Work) and _foreign(look, look.item.author):
        return Unseen(outcome=Outcome.INCONSISTENT, detail="作品属于别的账号")
    gone = look.known is not None and look.known.state == Outcome.GONE
    if gone and look.listing.works:
        return Unseen(outcome=Outcome.INCONSISTENT, detail="资料称账号已注销或封禁，但仍给出作品")
    if look.known and not gone and look.listing.posts.outcome == Outcome.GONE:
        return Unseen(outcome=Outcome.INCONSISTENT, detail="资料正常，作品接口却称账号不存在")
    return None


def _foreign(look: Look, shown: Identity) -> bool:
    matched = agree(look.wanted, shown.ids)
    return matched is False or (matched is None and bool(look.name) and key(look.name) != key(shown.name))


def _state(look: Look) -> Unseen | None:
    """Gone, private, or None. Code 2065 and the page's own words count while nothing else was understood."""
    if look.known:
        return None if look.known.state == Outcome.OK else Unseen(outcome=look.known.state, detail=look.known.why)
    if look.listing.works or isinstance(look.item, Work):
        return None
    loud = _missing(look)
    if loud is not None and loud.outcome in LOUDEST:
        return None
    told = (look.profile, look.listing.posts, look.page)
    return next((one for one in told if isinstance(one, Unseen) and one.outcome == Outcome.GONE), None)


def _gone(look: Look, why: Unseen) -> Observation:
    """A claim: facts promote it only after a second look on another day."""
    ids = {**look.wanted, **(look.known.identity.ids if look.known else {})}
    closed = look.known.closed if look.known else CANCELLED if CANCELLED in why.detail else ""
    existence = Seen(value=Identity(ids=ids, name="", closed=closed), outcome=Outcome.GONE)
    return Observation(outcome=Outcome.GONE, aspects={**dict.fromkeys(MAIN, why), Aspect.EXISTENCE: existence}, detail=why.detail)


def _observe(visit: Visit, look: Look, state: Unseen | None, exchanges: Sequence[Exchange]) -> Observation:
    missing = _missing(look)
    posts, whole = _posts(look, missing)
    aspects: dict[Aspect, Seen | Unseen] = {
        **_person(look, missing),
        Aspect.POSTS: state or posts,
        Aspect.COMMENT_POLICY: state or comment_policy(posts, whole=whole, noun="作品"),
        Aspect.LIKES: state or likes.likes(exchanges, look.known, works_answered=isinstance(look.listing.posts, Seen)),
    }
    replied = comments.replies(exchanges, _author_ids(look))
    if look.listing.works:
        opened = {argument(one.url, "aweme_id") for one in exchanges if one.page == "comments"}
        replied = replies_over(posts, replied, opened, visit)
    if replied:
        aspects[Aspect.REPLIES] = replied
    whole_visit = as_whole(aspects, look.page, visited=any(one.page in ("home", "item") for one in exchanges))
    return Observation(
        outcome=whole_visit.outcome,
        aspects=aspects,
        detail=whole_visit.detail if isinstance(whole_visit, Unseen) else DETAILS.get(aspects[Aspect.POSTS].outcome, ""),
        notes=(*look.listing.notes, *_notes(look)),
    )


def _missing(look: Look) -> Unseen | None:
    """Why nothing stands where an answer was awaited: the page's own words, else the loudest refusal."""
    told = (look.page, look.profile, look.listing.posts, look.item)
    return loudest([one for one in told if isinstance(one, Unseen) and one.outcome != Outcome.NOT_RECORDED])


def _posts(look: Look, missing: Unseen | None) -> tuple[Seen | Unseen, bool]:
    posts = look.listing.posts
    if isinstance(posts, Unseen) and posts.outcome == Outcome.NOT_RECORDED and look.item is not None:
        return (_one_post(look.item, look.at), False) if isinstance(look.item, Work) else (look.item, False)
    if isinstance(posts, Unseen) and posts.outcome == Outcome.NOT_RECORDED and look.page:
        return look.page, False
    return posts, look.listing.whole


def _one_post(work: Work, at: datetime) -> Seen:
    """A single work proves nothing about silence: it is a lower bound."""
    return Seen(value=Posts(items=(work.post,), as_of=at))


def _person(look: Look, missing: Unseen | None) -> dict[Aspect, Seen | Unseen]:
    """Existence, verification and bio: from the profile, else from the author of the account's own works."""
    if known := look.known:
        checked = known.verification
        return {
            Aspect.EXISTENCE: Seen(value=known.identity),
            Aspect.VERIFICATION: Seen(value=checked) if checked else _untold("资料没有说明认证"),
            Aspect.BIO: Seen(value=Bio(text=known.bio)),
        }
    why = missing or (look.profile if isinstance(look.profile, Unseen) else NOTHING)
    own = look.item if isinstance(look.item, Work) else next(iter(look.listing.works), None)
    if own is None:
        return dict.fromkeys((Aspect.EXISTENCE, Aspect.VERIFICATION, Aspect.BIO), why)
    checked = own.author_verification if own.author_verification and own.author_verification.verified else None
    return {
        Aspect.EXISTENCE: Seen(value=own.author),
        Aspect.VERIFICATION: Seen(value=checked) if checked else _untold("作品没有说明认证"),
        Aspect.BIO: _untold("没有收到账号资料"),
    }


def _untold(why: str) -> Unseen:
    return Unseen(outcome=Outcome.NOT_RECORDED, detail=why)


def _author_ids(look: Look) -> Mapping[str, str]:
    if look.known:
        return {**look.wanted, **look.known.identity.ids}
    return {**look.wanted, **look.item.author.ids} if isinstance(look.item, Work) else look.wanted


def _notes(look: Look) -> tuple[str, ...]:
    shown = look.known.identity if look.known else None
    if shown is None or not look.name:
        return ()
    notes = []
    if agree(look.wanted, shown.ids, look.known.aliases if look.known else ()) is None:
        notes.append("台账没有可比的平台编号，按名称对应")
    elif shown.name and key(shown.name) != key(look.name):
        notes.append(f"平台现名“{shown.name}”与台账名称不同，疑似更名")
    filed = look.wanted.get("unique_id")
    if filed and shown.ids.get("unique_id") not in (None, filed):
        notes.append("抖音号与台账不同，请更新台账")
    return tuple(notes)
