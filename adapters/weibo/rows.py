"""One row of a list, or one post: whose it is, when, who may see it (formats/weibo.md §3, guards 2 to 6, 10, 19, 20)."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from adapters.weibo.fields import Table, child, code, count, drift, flag, ident, plain, table, words
from adapters.weibo.ids import bid_of
from adapters.weibo.times import APART, date_only, id_time, moment
from tracker.clock import day
from tracker.model import Like, Post
from tracker.text import clip, squeeze

_HIDDEN_TITLES = ("仅自己可见", "好友圈", "仅粉丝可见")
_KINDS = {
    1: "政府",
    3: "媒体",
    2: "企业",
    4: "机构",
    5: "机构",
    6: "机构",
    7: "机构",
    8: "企业",
    0: "个人",
    -1: "个人",
    200: "个人",
    220: "个人",
}
TEXT = 2000
"""Characters of a post's words that are kept."""
SKEW = timedelta(hours=1)
"""How far the platform's clock may run ahead of ours before a date counts as lying in the future."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """A row with what the guards need. `user` is "" where the row names nobody."""

    post: Post
    dated: bool
    """False where the written date was not understood; `post.at` is then the id's time or the time of reading."""
    seen_at: datetime
    user: str
    name: str
    liked: bool
    ad: bool
    public: bool
    screened: bool
    permission: int | None
    reactions: int | None
    raw: Table
    path: str


def row_of(value: object, path: str, at: datetime, *, card: Table | None = None) -> Row:
    """Read one status object. Raises Unread(DRIFT) that names the path; its date is judged by `check_date`."""
    raw = table(value, path)
    title = words(child(raw, "title").get("text"))
    mid = ident(raw.get("mid"), raw.get("idstr"), raw.get("id"))
    if not mid:
        raise drift(f"{path}.mid", "数字编号")
    user, manage = child(raw, "user"), child(raw, "comment_manage_info")
    uid = ident(user.get("id"), user.get("idstr"))
    permission = code(manage.get("comment_permission_type"))
    said = _words(raw)
    told = written(words(raw.get("created_at")), mid, at)
    return Row(
        dated=told is not None,
        seen_at=at,
        post=Post(
            id=mid,
            at=told or id_time(mid) or at,
            title=clip(said),
            text=clip(full_text(child(raw, "longText")) or said, TEXT),
            url=f"https://weibo.com/{uid}/{words(raw.get('mblogid')) or words(raw.get('bid')) or bid_of(mid)}" if uid else "",
            pinned=_pinned(raw, card or {}, title),
            repost=isinstance(raw.get("retweeted_status"), dict),
            comments=count(raw.get("comments_count")),
            comments_open=True if permission == 0 else None,
        ),
        user=uid,
        name=words(user.get("screen_name")),
        liked="赞过" in title,
        ad=flag(raw.get("isAd")),
        public=_public(raw, title),
        screened=code(manage.get("approval_comment_type")) == 1,
        permission=permission,
        reactions=_reactions(raw),
        raw=raw,
        path=path,
    )


def full_text(value: Table) -> str:
    """All words of a long post (`longTextContent`), "" where there is nothing more than the row has."""
    return squeeze(words(value.get("longTextContent_raw")) or plain(words(value.get("longTextContent"))))


def _words(raw: Table) -> str:
    """The account's own words; those that a repost repeats stand in `retweeted_status` and are not among them."""
    return squeeze(words(raw.get("text_raw")) or plain(words(raw.get("text"))))


def written(text: str, mid: str, at: datetime) -> datetime | None:
    """The date of a row: as written, or from the id where the page tells only a day; None for no date that we know."""
    told, given = moment(text, at), id_time(mid)
    if told and given and date_only(text) and day(given) == day(told):
        return given
    return told


def check_date(row: Row, at: datetime) -> None:
    """Raise Unread(DRIFT) for no date, one over two days from the id's (guard 10), or one in the future."""
    if not row.dated:
        raise drift(f"{row.path}.created_at", "日期")
    given = id_time(row.post.id)
    if given and abs(given - row.post.at) > APART:
        raise drift(f"{row.path}.created_at", "与微博编号所含时间相差不超过两天")
    if row.post.at > at + SKEW:
        raise drift(f"{row.path}.created_at", "不晚于采集时间的日期")


def like_of(row: Row) -> Like:
    """A post of somebody else that the account liked; `at` is the post's date, never the like's (guard 19)."""
    given = id_time(row.post.id)
    wrong = given is not None and abs(given - row.post.at) > APART
    return Like(
        post_id=row.post.id,
        owner=row.name,
        owner_kind=owner_kind(child(row.raw, "user")),
        text=row.post.title,
        at=None if wrong or not row.dated else row.post.at,
        url=row.post.url,
    )


def owner_kind(user: Table) -> str:
    """政府, 媒体, 企业, 机构 or 个人 by `verified_type`; "" where the platform does not say."""
    kind = code(user.get("verified_type"))
    return "" if kind is None else _KINDS.get(kind, "")


def _pinned(raw: Table, card: Table, title: str) -> bool:
    by_card = any(words(place.get("profile_type_id")).startswith("proweibotop") for place in (raw, card))
    return flag(raw.get("isTop")) or code(raw.get("mblogtype")) == 2 or "置顶" in title or by_card


def _public(raw: Table, title: str) -> bool:
    if any(word in title for word in _HIDDEN_TITLES):
        return False
    return "visible" not in raw or code(child(raw, "visible").get("type")) == 0


def _reactions(raw: Table) -> int | None:
    told = [count(raw.get(key)) for key in ("reposts_count", "attitudes_count")]
    return sum(n for n in told if n is not None) if any(n is not None for n in told) else None
