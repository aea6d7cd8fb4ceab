"""The owner's answers to readers' comments, from `POST /cgi-bin/comment/list` (formats/weixin.md §2, §3.1, guards 13, 18).

Numbers and times alone are read: texts and names of readers are blanked before anything is stored.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from adapters.weixin.days import MSGID
from adapters.weixin.errcode import DATA, answer
from tracker.adapter import Unread, attempt
from tracker.clock import day
from tracker.model import Exchange, Outcome, Post, Replies, Seen, Unseen

PAGE = "comment_list"
MOST = 3
"""Articles whose comments are asked for in one visit, the newest first; one call each."""
COUNT = 49
"""Rows of one call: the interface takes fewer than 50."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Talk:
    """The comments of one article as far as one call gives them; `waiting` = when each unanswered one was written."""

    seen: int
    total: int
    waiting: tuple[datetime, ...]


def wanted(posts: Sequence[Post]) -> tuple[bytes, ...]:
    """The request bodies for the newest of these posts (newest first) that the interface can name."""
    return tuple(_body(post.id) for post in posts if MSGID.fullmatch(post.id))[:MOST]


def _body(msgid: str) -> bytes:
    """The left part of a msgid names the message, the right one the article in it, counted from 1 there and from 0 here."""
    mid, _, idx = msgid.partition("_")
    told = {"msg_data_id": int(mid), "index": max(0, int(idx) - 1), "begin": 0, "count": COUNT, "type": 0}
    return json.dumps(told).encode()


def opened(exchanges: Sequence[Exchange]) -> frozenset[str]:
    """The ids of the posts whose comments were read."""
    return frozenset(msgid for one in exchanges if one.page == PAGE and _understood(one) and (msgid := _asked(one.ask_body)))


def _understood(exchange: Exchange) -> bool:
    return isinstance(attempt(DATA, _talk, exchange), Talk)


def _asked(body: bytes) -> str:
    try:
        told = json.loads(body)
        return f"{int(told['msg_data_id'])}_{int(told['index']) + 1}"
    except (ValueError, TypeError, KeyError, RecursionError):
        return ""


def read(exchanges: Sequence[Exchange]) -> Seen | Unseen | None:
    """Comments read and answered in all answers of the visit; None = none was asked. Never raises."""
    told = [attempt(DATA, _talk, one) for one in exchanges if one.page == PAGE]
    talks = [one for one in told if isinstance(one, Talk)]
    if not talks:
        return next((one for one in told if isinstance(one, Unseen)), None)
    seen, of = sum(one.seen for one in talks), sum(one.total for one in talks)
    waiting = sorted(at for one in talks for at in one.waiting)
    value = Replies(seen=seen, of=of, answered=seen - len(waiting), oldest=waiting[0] if waiting else None)
    return Seen(value=value, outcome=Outcome.OK if of == seen and len(talks) == len(told) else Outcome.PARTIAL)


def note(found: Seen | Unseen | None, at: datetime) -> tuple[str, ...]:
    """The age of the oldest unanswered comment in words, for the verdict card."""
    value = found.value if isinstance(found, Seen) else None
    if not isinstance(value, Replies) or value.oldest is None:
        return ()
    return (f"已读到的留言中最早未回复的是 {day(value.oldest):%Y-%m-%d} 的,已 {(day(at) - day(value.oldest)).days} 天",)


def _talk(exchange: Exchange) -> Talk:
    root = answer(exchange)
    rows = root.at("comment").rows() if root.tells("comment") else ()
    total = root.must("total").number()
    if len(rows) > total:
        raise root.at("total").surprise("不少于所列留言的条数")
    if total and not rows:
        raise Unread(Outcome.AMBIGUOUS_EMPTY, "平台称有留言,却没有列出")
    waiting = tuple(row.at("create_time").instant() for row in rows if not row.tells("reply"))
    return Talk(seen=len(rows), total=total, waiting=waiting)
