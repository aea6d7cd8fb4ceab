"""Articles published without 群发, from `POST /cgi-bin/freepublish/batchget` (formats/weixin.md §3.1, guards 10, 11)."""

import json
from collections.abc import Sequence
from dataclasses import dataclass

from adapters.weixin.errcode import answer
from adapters.weixin.ids import query
from tracker.model import CommentPolicy, CommentState, Exchange, Hit, Post
from tracker.payload import Json, Surprise
from tracker.text import clip

COUNT = 20
"""Rows of one page, the most that the interface allows."""
MOST_PAGES = 10
SHOWN = 3
"""Posts quoted as evidence that comments are open."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Batch:
    """One page or several joined; `whole` = every row that the platform counts was read."""

    posts: tuple[Post, ...]
    whole: bool
    total: int = 0


def body(offset: int) -> bytes:
    """The request body for one page; texts of the articles are not asked for."""
    return json.dumps({"offset": offset, "count": COUNT, "no_content": 1}).encode()


def further(first: Exchange) -> tuple[int, ...]:
    """Offsets of the pages after the first, by its total (order is not newest-first: all are read)."""
    try:
        total = answer(first).at("total_count").number()
    except Surprise:
        return ()
    return tuple(range(COUNT, min(total, COUNT * MOST_PAGES), COUNT))


def read(exchanges: Sequence[Exchange]) -> Batch | None:
    """All pages together, None where none was asked. Raises Surprise at the first page that is not understood."""
    if not exchanges:
        return None
    totals: list[int] = []
    read_rows, found = 0, dict[str, Post]()
    for exchange in exchanges:
        root = answer(exchange)
        totals.append(root.at("total_count").number())
        items = root.at("item").rows() if root.tells("item") else ()
        read_rows += len(items)
        found.update({post.id: post for item in items for post in _posts(item)})
    newest_first = tuple(sorted(found.values(), key=lambda post: post.at, reverse=True))
    return Batch(posts=newest_first, whole=read_rows >= max(totals) and len(set(totals)) == 1, total=max(totals))


def _posts(item: Json) -> list[Post]:
    content = item.must("content")
    at = (content.at("create_time") if content.tells("create_time") else item.at("update_time")).instant()
    article = item.must("article_id").text()
    return [
        Post(
            id=_id(row.at("url").text(), f"{article}_{n}"),
            at=at,
            title=row.at("title").text(),
            url=row.at("url").text().replace("&amp;", "&"),
            comments_open=row.at("need_open_comment").flag(),
        )
        for n, row in enumerate(content.at("news_item").rows(), start=1)
        if not row.at("is_deleted").flag()
    ]


def _id(url: str, otherwise: str) -> str:
    """`<mid>_<idx>` as the other interfaces write it, where the link is a long one."""
    mid, idx = query(url, "mid"), query(url, "idx")
    return f"{mid}_{idx}" if mid.isdigit() and idx.isdigit() else otherwise


def open_comments(found: Sequence[Post]) -> tuple[Hit, ...]:
    """The first posts that take or have comments: ways for the public to speak (§4)."""
    taking = [post for post in found if post.comments_open or post.comments][:SHOWN]
    return tuple(Hit(kind="留言", quote=f"《{clip(post.title, 30)}》可留言", url=post.url, at=post.at) for post in taking)


def comment_policy(found: Sequence[Post]) -> CommentPolicy | None:
    """What the posts tell of comments. Switched off everywhere is no `closed`: 群发 articles are not among them (§9)."""
    told = [post for post in found if post.comments_open is not None or post.comments]
    if not told:
        return None
    if any(post.comments_open or post.comments for post in told):
        return CommentPolicy(state=CommentState.OPEN, seen=len(told), of=len(found), why="接口显示有文章开放留言或已有留言")
    return CommentPolicy(state=CommentState.UNKNOWN, seen=len(told), of=len(found), why="已发布文章均未开放留言,群发文章不在其中")
