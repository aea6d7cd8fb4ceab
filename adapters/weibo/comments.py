"""Comments: who may write them, and whether the account answers (formats/weibo.md §3, guards 14 to 18)."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from adapters.weibo.answers import envelope
from adapters.weibo.fields import Table, child, code, count, flag, ident, rows, table, words
from adapters.weibo.ids import owner_of
from adapters.weibo.rows import Row
from tracker.adapter import Unread
from tracker.model import CommentPolicy, CommentState, Exchange, Outcome, Replies, Seen, Unseen
from tracker.payload import argument

LAST = 10
"""Comment settings are asked of so many newest own public posts; fewer of them without a comment say nothing (guard 15)."""
_CLOSED = re.compile(r"关闭|无法评论")


@dataclass(frozen=True, slots=True, kw_only=True)
class Comment:
    """One comment or answer. `ours`: by the account; None = the page does not let that be told."""

    id: str
    ours: bool | None
    author: str = ""
    """uid where it is the account's, else ""."""
    answers_ours: bool = False
    parent: str = ""
    children: tuple["Comment", ...] = ()
    told_children: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Thread:
    """Comments of one post as one page gives them. `owner` is the uid in the address or at a marked comment, else ""."""

    comments: tuple[Comment, ...] = ()
    answers: Mapping[str, tuple[Comment, ...]] = field(default_factory=dict)
    """Answers by the id of the comment they belong to, from a child list."""
    total: int | None = None
    screened: bool = False
    tip: str = ""
    owner: str = ""
    post: str = ""
    """mid of the post in the address, "" where it names none."""


def buildcomments(exchange: Exchange) -> Thread:
    """/ajax/statuses/buildComments. Raises Unread."""
    answer = envelope(exchange)
    owner = owner_of(exchange.url) or marked_author(answer)
    return Thread(
        comments=_comments(answer.get("data"), "data", owner),
        total=count(answer.get("total_number")),
        tip=words(answer.get("tip_msg")),
        owner=owner,
        post=argument(exchange.url, "id"),
    )


def hotflow(exchange: Exchange) -> Thread:
    """m.weibo.cn /comments/hotflow. Raises Unread."""
    data = envelope(exchange).get("data")
    if not data:
        raise Unread(Outcome.AMBIGUOUS_EMPTY, "平台没有给出评论")
    told = table(data, "data")
    manage = child(child(told, "status"), "comment_manage_info")
    owner = owner_of(exchange.url) or marked_author(told)
    return Thread(
        comments=_comments(told.get("data"), "data.data", owner),
        total=count(told.get("total_number")),
        screened=code(manage.get("approval_comment_type")) == 1,
        tip=words(told.get("tip_msg")),
        owner=owner,
    )


def hotflowchild(exchange: Exchange) -> Thread:
    """m.weibo.cn /comments/hotFlowChild: a bare list of the answers to comment `cid`. Raises Unread."""
    answer = envelope(exchange)
    owner, root = owner_of(exchange.url) or marked_author(answer), argument(exchange.url, "cid")
    found = _comments(answer.get("data"), "data", owner)
    return Thread(answers={root: found} if root else {}, total=count(answer.get("total_number")), owner=owner)


def marked_author(value: object) -> str:
    """uid of the post's author, where a comment carries the mark `is_mblog_author`; "" when none does."""
    left = [value]
    while left:
        one = left.pop()
        if isinstance(one, list):
            left.extend(one)
        elif isinstance(one, dict):
            user = child(one, "user")
            uid = ident(user.get("id"), user.get("idstr"))
            if uid and flag(one.get("is_mblog_author")):
                return uid
            left.extend(one.values())
    return ""


def replies(threads: Sequence[Thread], owner: str) -> Seen | Unseen:
    """Outsiders' comments read, and how many of them the account answered (guards 17 and 18)."""
    every = _roots(threads)
    flat = [*every, *(one for comment in every for one in comment.children), *_extra(threads)]
    if any(one.ours and one.author and owner and one.author != owner for one in flat):
        return Unseen(outcome=Outcome.INCONSISTENT, detail="评论所在微博的作者不是本账号")
    if any(comment.ours is None for comment in flat):
        return Unseen(outcome=Outcome.NOT_OBSERVABLE, detail="评论页没有说明哪些是博主的回复")
    by_parent = _by_parent(threads)
    outsiders = [comment for comment in every if not comment.ours]
    answered = [comment for comment in outsiders if _answered(comment, by_parent)]
    whole = [comment for comment in outsiders if _answered(comment, by_parent) or _all_read(comment, by_parent)]
    totals = [thread.total for thread in threads if thread.comments]
    told = sum(total for total in totals if total is not None) if totals and None not in totals else None
    least = len(outsiders)
    if told is None and len(whole) == least:
        return Seen(value=Replies(seen=least, of=None, answered=len(answered)))
    return Seen(value=Replies(seen=len(whole), of=max(told or 0, least), answered=len(answered)))


def policy(public: Sequence[Row], threads: Sequence[Thread], allow_all: bool | None = None) -> Seen | Unseen:
    """Whether outsiders can comment, over the last posts (guards 14 to 16); the sign is quoted in `why`."""
    last = public[:LAST]
    asked = [*last, *(row for row in public[LAST:] if row.post.pinned)]
    if not asked and not threads and allow_all is None:
        return Unseen(outcome=Outcome.NOT_OBSERVABLE, detail="没有读到本账号的微博,评论设置看不到")
    state, why = _state(asked, last, threads, allow_all)
    seen = sum(row.post.comments is not None or row.screened or row.permission not in (None, -1) for row in last)
    return Seen(
        value=CommentPolicy(state=state, seen=seen or (1 if threads else 0), of=len(last) or (1 if threads else 0), why=why)
    )


def _state(
    asked: Sequence[Row], last: Sequence[Row], threads: Sequence[Thread], allow_all: bool | None
) -> tuple[CommentState, str]:
    if any(row.screened for row in asked) or any(thread.screened for thread in threads):
        return CommentState.SCREENED, "approval_comment_type=1(精选后显示)"
    if any(comment.ours is False for thread in threads for comment in thread.comments):
        return CommentState.OPEN, "有他人评论"
    if any(row.permission == 0 for row in last):
        return CommentState.OPEN, "comment_permission_type=0(所有人)"
    if allow_all:
        return CommentState.OPEN, "allow_all_comment=true"
    if closed := next((thread.tip for thread in threads if _CLOSED.search(thread.tip)), ""):
        return CommentState.SUSPECTED_CLOSED, closed
    if len(last) == LAST and all(row.post.comments == 0 for row in last) and any(row.reactions for row in last):
        return CommentState.SUSPECTED_CLOSED, f"最近 {len(last)} 条微博有转发或点赞而评论均为 0"
    return CommentState.UNKNOWN, "平台不向外人说明评论权限"


def _comments(value: object, path: str, owner: str) -> tuple[Comment, ...]:
    return tuple(_comment(table(row, f"{path}[{n}]"), owner) for n, row in enumerate(rows(value, path)))


def _comment(raw: Table, owner: str, depth: int = 0) -> Comment:
    """`comments` may be a list, false or absent, and is sometimes called `comment` (guard 18)."""
    user = child(raw, "user")
    author = ident(user.get("id"), user.get("idstr"))
    ours = _ours(raw, author, owner)
    told = [raw.get(key) for key in ("comments", "comment")]
    inner = next((value for value in told if isinstance(value, list)), [])
    return Comment(
        id=ident(raw.get("idstr"), raw.get("id"), raw.get("mid")),
        ours=ours,
        author=author if ours else "",
        answers_ours=bool(owner) and ident(child(child(raw, "reply_comment"), "user").get("idstr")) == owner,
        parent=ident(
            raw.get("reply_comment_id"), child(raw, "reply_comment").get("idstr"), raw.get("rootidstr"), raw.get("rootid")
        ),
        children=() if depth else tuple(_comment(row, owner, 1) for row in inner if isinstance(row, dict)),
        told_children=count(raw.get("total_number")),
    )


def _ours(raw: Table, author: str, owner: str) -> bool | None:
    if flag(raw.get("is_mblog_author")) or (owner and author == owner):
        return True
    return False if raw.get("is_mblog_author") is False or owner else None


def _roots(threads: Sequence[Thread]) -> list[Comment]:
    """Comments, each once, with the number of answers that a child list states for them."""
    stated = {root: thread.total for thread in threads for root in thread.answers}
    found: dict[str, Comment] = {}
    for comment in (one for thread in threads for one in thread.comments):
        told = max((n for n in (comment.told_children, stated.get(comment.id)) if n is not None), default=None)
        found.setdefault(comment.id, replace(comment, told_children=told))
    for root, told in stated.items():
        found.setdefault(root, Comment(id=root, ours=False, told_children=told))
    return list(found.values())


def _extra(threads: Iterable[Thread]) -> list[Comment]:
    return [one for thread in threads for group in thread.answers.values() for one in group]


def _by_parent(threads: Iterable[Thread]) -> dict[str, list[Comment]]:
    """Answers by the comment they belong to: from child lists, and from rows of the list itself that name a parent."""
    found: dict[str, list[Comment]] = {}
    for thread in threads:
        for root, group in thread.answers.items():
            found.setdefault(root, []).extend(group)
        for comment in thread.comments:
            if comment.parent and comment.parent != comment.id:
                found.setdefault(comment.parent, []).append(comment)
    return found


def _answered(comment: Comment, by_parent: Mapping[str, Sequence[Comment]]) -> bool:
    return any(one.ours or one.answers_ours for one in (*comment.children, *by_parent.get(comment.id, ())))


def _all_read(comment: Comment, by_parent: Mapping[str, Sequence[Comment]]) -> bool:
    read = {one.id for one in (*comment.children, *by_parent.get(comment.id, ()))}
    return comment.told_children is None or len(read) >= comment.told_children
