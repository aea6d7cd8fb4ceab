"""One item page, opened from a pasted link: a lower bound for its author (formats/toutiao.md §2 “one item”)."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from adapters.toutiao.answers import document, envelope, render_data
from adapters.toutiao.home import verified
from adapters.toutiao.ids import item_in
from adapters.toutiao.rows import comments_open, time_of
from tracker.adapter import Unread, unseen
from tracker.clock import SHANGHAI
from tracker.model import Exchange, Identity, Outcome, Post, Unseen, Verification
from tracker.payload import Json, Surprise, visible
from tracker.text import clip, squeeze

PLACE = "内容页"
_TEXT = 2000
"""Characters of an item's words that are kept."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """One item and whoever the page says that it is by."""

    post: Post
    author: Identity
    verification: Verification | None = None


def read_item(exchange: Exchange) -> Item | Unseen:
    """The item of a page or of its `info` answer, or why there is none."""
    try:
        return _info(exchange) if exchange.body.lstrip()[:1] == b"{" else _page(exchange)
    except Unread as error:
        return unseen(error, PLACE)
    except Surprise as error:
        return unseen(document(exchange) or error, PLACE)


def _info(exchange: Exchange) -> Item:
    """`/i<id>/info/`: the author is told by name only."""
    body = envelope(exchange)
    data = body.at("data")
    if body.at("success").flag() is not True or not isinstance(data.value, dict):
        raise Unread(Outcome.AMBIGUOUS_EMPTY, "平台没有给出内容，也没有说明原因")
    at = time_of(data.at("publish_time"))
    return _item(exchange, data, at, Identity(ids={}, name=data.at("source").words()))


def _page(exchange: Exchange) -> Item:
    data = render_data(exchange).at("data")
    video = data.at("initialVideo")
    inner = video if isinstance(video.value, dict) else data
    stamp = time_of(data.at("seoTDK", "publishTimestamp"))
    author = inner.at("userInfo") if inner is video else inner.at("mediaInfo")
    return _item(exchange, inner, stamp or _time(inner.at("publishTime")), _author(author), author)


def _item(exchange: Exchange, data: Json, at: datetime | None, author: Identity, media: Json | None = None) -> Item:
    if data.at("control_meta", "share", "permission").flag() is False:
        raise Unread(Outcome.ITEM_GONE, "内容已设为不可见")
    if at is None or at > exchange.at:
        raise data.at("publishTime").surprise("不晚于采集时刻的发布时间")
    count = (data.at("comment_count"), data.at("commentCount"), data.at("itemCounter", "commentCount"))
    identifier = data.at("groupId").words() or data.at("itemId").words() or item_in(exchange.url)
    post = Post(
        id=identifier,
        at=at,
        title=clip(squeeze(data.at("title").words()), 120),
        text=_text(data),
        url=exchange.url,
        comments=next((told for one in count if (told := one.count()) is not None), None),
        comments_open=comments_open(data),
    )
    return Item(post=post, author=author, verification=_verified(media) if media else None)


def _text(data: Json) -> str:
    """The words of a page, where it carries them as text or as a piece of HTML; no other form was recorded."""
    told = next((one for name in ("content", "abstract") if isinstance(one := data.at(name).value, str) and one.strip()), "")
    plain = visible(told.encode("utf-8", "replace")) if "<" in told else squeeze(told)
    return clip(plain, _TEXT)


def _author(media: Json) -> Identity:
    told: Mapping[str, str] = {
        "user_id": media.at("userId").words() or media.at("user_id").words() or media.at("userID").words(),
        "media_id": media.at("mediaId").words() or media.at("media_id").words() or media.at("mediaID").words(),
    }
    return Identity(ids={kind: value for kind, value in told.items() if value not in ("", "0")}, name=media.at("name").words())


def _verified(media: Json) -> Verification | None:
    flag = media.at("userVerified").flag()
    checked = verified(flag, media.at("userAuthInfo"), "")
    return checked if checked.verified else None


def _time(cell: Json) -> datetime | None:
    """`publishTime`: seconds, or a wall-clock text of Asia/Shanghai."""
    if isinstance(cell.value, str) and not cell.value.isdigit():
        try:
            at = datetime.fromisoformat(cell.value.strip())
            return at.astimezone(SHANGHAI) if at.tzinfo else at.replace(tzinfo=SHANGHAI)
        except (ValueError, OverflowError) as error:
            raise cell.surprise("发布时间") from error
    return time_of(cell)
