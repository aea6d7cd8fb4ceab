"""Comment setting over the newest items, and the account's replies under one item (formats/toutiao.md §3, guards 11 and 15)."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from adapters.toutiao.answers import interface
from adapters.toutiao.ids import query
from tracker.model import CommentPolicy, CommentState, Exchange, Outcome, Post, Replies, Seen, Unseen
from tracker.text import Json, Surprise, pseudonym

LAST = 10
"""So many newest items have to agree before comments are suspected closed."""
PLATFORM = "toutiao"
REPLY_LISTS = ("new_reply_list", "reply_list")
_UNTOLD = Unseen(outcome=Outcome.NOT_OBSERVABLE, detail="内容没有说明评论权限")


def policy(posts: Sequence[Post], *, whole: bool) -> Seen | Unseen:
    """Comment setting over the last items: `ban_comment` on some is evidence of those only (guard 11)."""
    newest = sorted(posts, key=lambda post: post.at, reverse=True)[:LAST]
    told = [post.comments_open for post in newest if post.comments_open is not None]
    if not told:
        return _UNTOLD
    if any(told):
        value = CommentPolicy(state=CommentState.OPEN, seen=len(told), of=len(newest), why="内容允许评论")
        return Seen(value=value)
    if len(told) == len(newest) and (whole or len(newest) == LAST):
        why = f"最近 {len(newest)} 条内容均不允许评论，需人工确认"
        return Seen(value=CommentPolicy(state=CommentState.SUSPECTED_CLOSED, seen=len(told), of=len(newest), why=why))
    return Unseen(outcome=Outcome.PARTIAL, detail="部分内容不允许评论，不足以判断账号")


@dataclass(frozen=True, slots=True, kw_only=True)
class Thread:
    """One comment: whether the account answered, and whether all its replies were read."""

    answered: bool
    read: bool


def replies(exchanges: Sequence[Exchange], own: frozenset[str]) -> Seen | Unseen | None:
    """The account's answers in all comment and reply answers of the visit; None = there were none."""
    answers = [interface(one) for one in exchanges if one.page == "comments"]
    bodies = [one for one in answers if isinstance(one, Json)]
    if not bodies:
        return next((one for one in answers if isinstance(one, Unseen)), None)
    try:
        return _replies(bodies, dict(_reply_pages(exchanges)), own)
    except Surprise as surprise:
        return Unseen(outcome=Outcome.DRIFT, detail=f"评论列表 {surprise}")


def _reply_pages(exchanges: Sequence[Exchange]) -> Iterator[tuple[str, Json]]:
    """Reply answers by the comment that their address names."""
    for one in exchanges:
        body = interface(one) if one.page == "replies" else None
        if isinstance(body, Json):
            yield query(one.url, "id"), body.at("data")


def _replies(bodies: Sequence[Json], pages: dict[str, Json], own: frozenset[str]) -> Seen | Unseen:
    """How many comments were read and answered; where threads stayed half read the number of comments is left open (guard 15)."""
    if any(not isinstance(body.at("data").value, list) for body in bodies):
        return Unseen(outcome=Outcome.AMBIGUOUS_EMPTY, detail="评论列表缺失，不等于没有评论")
    cells = [cell.at("comment") for body in bodies for cell in body.at("data").rows()]
    roots = {cell.at("id_str").words() or cell.at("id").words(): cell for cell in cells}
    threads = [_thread(cell, pages.get(name), own) for name, cell in roots.items()]
    stated = [total for body in bodies if (total := body.at("total_number").count()) is not None]
    of = max(stated, default=None) if threads else None
    unread = any(not (thread.read or thread.answered) for thread in threads)
    if of is not None and (of < len(threads) or (unread and of == len(threads))):
        of = None
    seen = Replies(seen=len(threads), of=of, answered=sum(thread.answered for thread in threads))
    return Seen(value=seen, outcome=Outcome.OK if of == len(threads) else Outcome.PARTIAL)


def _thread(cell: Json, page: Json | None, own: frozenset[str]) -> Thread:
    """Replies stand under either of two names in the row, and in the reply answer; the longest of these is what was read."""
    lists = [_listed(cell.at(name)) for name in REPLY_LISTS]
    if page is not None:
        lists.append(_listed(page.at("data")))
    stated = cell.at("reply_count").count()
    read = stated is not None and max(len(one) for one in lists) >= stated
    return Thread(answered=any(by_account(one, own) for row in lists for one in row), read=read)


def _listed(cell: Json) -> tuple[Json, ...]:
    return () if cell.value is None else cell.rows()


def by_account(row: Json, own: frozenset[str]) -> bool:
    """Whether the account wrote this row: its number, plain or as redaction's mark, or the platform's own sign."""
    if row.at("is_pgc_author").flag():
        return True
    told = {row.at("user_id").words(), row.at("user", "user_id").words()} - {"", "0"}
    return bool(told & {name for one in own for name in (one, pseudonym(PLATFORM, one))})
