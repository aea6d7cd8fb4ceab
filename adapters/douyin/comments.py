"""Comment setting over the newest works, and the account's replies under one work (formats/douyin.md §4 guards 9–12)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from adapters.douyin.answers import envelope
from tracker.model import CommentPolicy, CommentState, Exchange, Outcome, Post, Replies, Seen, Unseen
from tracker.text import Json, Surprise, pseudonym

LAST = 10
"""So many newest works have to agree before comments are suspected closed."""
PLATFORM = "douyin"
_UNTOLD = Unseen(outcome=Outcome.NOT_OBSERVABLE, detail="作品没有说明评论权限")


def policy(posts: Sequence[Post], *, whole: bool) -> Seen | Unseen:
    """Comment setting over the last works. Closed is only ever suspected, and only if all of the last say so (guards 9, 10)."""
    newest = sorted(posts, key=lambda post: post.at, reverse=True)[:LAST]
    told = [post.comments_open for post in newest if post.comments_open is not None]
    if True in told:
        return _policy(CommentState.OPEN, told, newest, "作品允许评论")
    if told and len(told) == len(newest) and (whole or len(newest) == LAST):
        return _policy(CommentState.SUSPECTED_CLOSED, told, newest, f"最近 {len(newest)} 条作品均不允许评论，需人工确认")
    return _UNTOLD if not told else Unseen(outcome=Outcome.PARTIAL, detail="部分作品不允许评论，不足以判断账号")


def _policy(state: CommentState, told: Sequence[bool], newest: Sequence[Post], why: str) -> Seen:
    return Seen(value=CommentPolicy(state=state, seen=len(told), of=len(newest), why=why))


@dataclass(frozen=True, slots=True, kw_only=True)
class Thread:
    """One root comment: whether the account answered, and whether all its replies were read."""

    answered: bool
    read: bool


def replies(exchanges: Sequence[Exchange], account: Mapping[str, str]) -> Seen | Unseen | None:
    """The account's answers in all comment answers of the visit; None = there were none."""
    answers = [envelope(one) for one in exchanges if one.page == "comments"]
    bodies = [one for one in answers if isinstance(one, Json)]
    if not bodies:
        return next((one for one in answers if isinstance(one, Unseen)), None)
    try:
        return _replies(bodies, account)
    except Surprise as surprise:
        return Unseen(outcome=Outcome.DRIFT, detail=f"评论列表 {surprise}")


def _replies(bodies: Sequence[Json], account: Mapping[str, str]) -> Seen | Unseen:
    """`total` counts more than what is served; where threads stayed half read the number of comments is left open (guard 12)."""
    if any(body.at("comments").value is None for body in bodies):
        return Unseen(outcome=Outcome.AMBIGUOUS_EMPTY, detail="评论列表为 null，不等于没有评论")
    rows = {row.at("cid").words(): row for body in bodies for row in body.at("comments").rows()}
    children = [row for row in rows.values() if row.at("reply_id").words() not in ("", "0")]
    roots = {cid: row for cid, row in rows.items() if row.at("reply_id").words() in ("", "0")}
    threads = [_thread(cid, row, children, account) for cid, row in roots.items()]
    stated = [total for body in bodies if (total := body.at("total").count()) is not None]
    of: int | None = max(stated, default=None) if roots else None
    unread = any(not (thread.read or thread.answered) for thread in threads)
    if of is not None and (of < len(threads) or (unread and of == len(threads))):
        of = None
    whole = of == len(threads)
    seen = Replies(seen=len(threads), of=of, answered=sum(thread.answered for thread in threads))
    return Seen(value=seen, outcome=Outcome.OK if whole else Outcome.PARTIAL)


def _thread(cid: str, row: Json, elsewhere: Sequence[Json], account: Mapping[str, str]) -> Thread:
    inline = () if row.at("reply_comment").value is None else row.at("reply_comment").rows()
    mine = [child for child in elsewhere if child.at("reply_id").words() == cid]
    kin = {child.at("cid").words(): child for child in (*inline, *mine)}
    stated = row.at("reply_comment_total").count()
    return Thread(
        answered=any(by_account(child, account) for child in kin.values()),
        read=stated is not None and len(kin) >= stated,
    )


def by_account(row: Json, account: Mapping[str, str]) -> bool:
    """Whether the account wrote this row: label 1 作者, or its id, plain or marked. Label 2 is a place (guard 11)."""
    if row.at("label_type").count() == 1 and row.at("label_text").words() == "作者":
        return True
    user = row.at("user")
    told = {kind: user.at(kind).words() for kind in ("uid", "sec_uid")}
    return any(value and account.get(kind) and value in _names(account[kind]) for kind, value in told.items())


def _names(identifier: str) -> tuple[str, str]:
    return identifier, pseudonym(PLATFORM, identifier)
