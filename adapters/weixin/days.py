"""Posts by day from `POST /datacube/getarticletotaldetail` (formats/weixin.md §3.1, guard 9).

One call answers for one day; data begin on 2025-11-01 and end yesterday. Silence is claimed only over an unbroken run of
days that were asked and answered with `is_delay` false.
"""

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from adapters.weixin.errcode import answer
from adapters.weixin.ids import query
from tracker.adapter import Unread
from tracker.clock import day, end_of, start_of
from tracker.model import Exchange, Outcome, Post, Posts, Visit
from tracker.payload import Json

FIRST = date(2025, 11, 1)
"""The earliest day that the interface has data for (D)."""
MOST = 56
"""Days asked for at most in the first visit: eight weeks."""
MOST_LATER = 10
"""Days asked for at most in any later visit (§7)."""
MSGID = re.compile(r"[0-9]{1,20}_[0-9]{1,3}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Day:
    """The answer for one day; `answered` = the platform vouches that nothing is missing."""

    on: date
    answered: bool
    posts: tuple[Post, ...] = ()


def wanted(visit: Visit) -> tuple[date, ...]:
    """Days to ask for, newest first: at the first visit the window as far as data exist, later what the cursor lacks.

    The newest day is asked in any case: silence up to it is this visit's own claim.
    """
    every = _window(visit)
    read = spans(visit.cursor)
    left = [on for n, on in enumerate(every) if n == 0 or not any(first <= on <= last for first, last in read)]
    return tuple(left[: MOST_LATER if read else MOST])


def _window(visit: Visit) -> tuple[date, ...]:
    last = min(visit.window.until, visit.today - timedelta(days=1))
    first = max(visit.window.since, FIRST, last - timedelta(days=MOST - 1))
    return tuple(last - timedelta(days=n) for n in range((last - first).days + 1))


def spans(cursor: str) -> tuple[tuple[date, date], ...]:
    """The spans of days that a cursor names, both ends included; what is no such span is passed over."""
    found = []
    for part in cursor.split(","):
        first, _, last = part.partition("/")
        try:
            found.append((date.fromisoformat(first.strip()), date.fromisoformat(last.strip())))
        except ValueError:
            continue
    return tuple(found)


def body(on: date) -> bytes:
    """The request body for one day."""
    return json.dumps({"begin_date": on.isoformat(), "end_date": on.isoformat()}).encode()


def read(exchange: Exchange) -> Day:
    """One day's answer. Raises Unread or Surprise where it cannot be told whose day it is or a row is not understood."""
    root = answer(exchange)
    on = asked(exchange)
    posts = tuple(_post(row, on) for row in root.at("list").rows())
    return Day(on=on, answered=root.at("is_delay").flag() is False and FIRST <= on < day(exchange.at), posts=posts)


def asked(exchange: Exchange) -> date:
    """The day that a call asked for, by its request body."""
    try:
        told = json.loads(exchange.ask_body)
        begin, end = date.fromisoformat(told["begin_date"]), date.fromisoformat(told["end_date"])
    except (ValueError, TypeError, KeyError, RecursionError):
        raise Unread(Outcome.DRIFT, "不知道这份逐日数据问的是哪一天(请求正文缺 begin_date)") from None
    if begin != end:
        raise Unread(Outcome.DRIFT, f"逐日数据一次只能问一天,却问了 {begin} 至 {end}")
    return begin


def posts(days: Sequence[Day]) -> Posts | None:
    """What the answered days say together, None where no day was answered.

    A post on a day that is not vouched for is news all the same: it makes the newest date a lower bound, and nothing is said
    of silence then.
    """
    answered = {told.on for told in days if told.answered}
    if not answered:
        return None
    last = first = max(answered)
    while first - timedelta(days=1) in answered:
        first -= timedelta(days=1)
    items = {post.id: post for told in days for post in told.posts}
    newest_first = tuple(sorted(items.values(), key=lambda post: (post.at, post.id), reverse=True))
    later = any(post.at > end_of(last) for post in newest_first)
    return Posts(items=newest_first, as_of=end_of(last), complete_since=None if later else start_of(first))


def gaps(days: Sequence[Day], asked_for: Sequence[date]) -> tuple[str, ...]:
    """Remarks on days that were not answered, for the verdict card."""
    answered = {told.on for told in days if told.answered}
    late = sorted(told.on for told in days if not told.answered)
    missing = sorted(set(asked_for) - answered - set(late))
    notes = [f"平台尚未给出 {_list(late)} 的数据(is_delay)"] if late else []
    return (*notes, *([f"缺 {_list(missing)} 的逐日数据"] if missing else []))


def _list(dates: Sequence[date]) -> str:
    shown = "、".join(f"{on:%Y-%m-%d}" for on in dates[:3])
    return shown if len(dates) <= 3 else f"{shown} 等 {len(dates)} 天"


def _post(row: Json, on: date) -> Post:
    ref_date, msgid = row.at("ref_date").text(), row.at("msgid").text()
    if ref_date != on.isoformat():
        raise row.at("ref_date").surprise(f"所问的 {on}")
    if not MSGID.fullmatch(msgid):
        raise row.at("msgid").surprise("“mid_idx”")
    url = row.at("content_url").text().replace("&amp;", "&")
    return Post(id=msgid, at=start_of(on), title=row.at("title").text(), url=url, comments=_comments(row))


def _comments(row: Json) -> int | None:
    """The largest `comment_count` of the statistic days, None where none is given."""
    details = row.at("detail_list").rows() if row.tells("detail_list") else ()
    return max((told for detail in details if (told := detail.at("comment_count").count()) is not None), default=None)


def biz_of(found: Sequence[Post]) -> frozenset[str]:
    """The `__biz` that the posts' long links name."""
    return frozenset(biz for post in found if (biz := query(post.url, "__biz")))
