"""The account's replies under one item (formats/toutiao.md §3, guard 15)."""

from collections.abc import Iterator, Sequence

from adapters.toutiao.answers import envelope
from tracker.adapter import Thread, attempt, replies_in
from tracker.model import Exchange, Outcome, Seen, Unseen
from tracker.payload import Json, argument, pseudonym

PLATFORM = "toutiao"
REPLY_LISTS = ("new_reply_list", "reply_list")
_PLACE = "评论列表"


def replies(exchanges: Sequence[Exchange], own: frozenset[str]) -> Seen | Unseen | None:
    """The account's answers in all comment and reply answers of the visit; None = there were none."""
    answers = [attempt(_PLACE, envelope, one) for one in exchanges if one.page == "comments"]
    bodies = [one for one in answers if isinstance(one, Json)]
    if not bodies:
        return next((one for one in answers if isinstance(one, Unseen)), None)
    return attempt(_PLACE, _replies, bodies, dict(_reply_pages(exchanges)), own)


def _reply_pages(exchanges: Sequence[Exchange]) -> Iterator[tuple[str, Json]]:
    """Reply answers by the comment that their address names."""
    for one in exchanges:
        body = attempt(_PLACE, envelope, one) if one.page == "replies" else None
        if isinstance(body, Json):
            yield argument(one.url, "id"), body.at("data")


def _replies(bodies: Sequence[Json], pages: dict[str, Json], own: frozenset[str]) -> Seen | Unseen:
    """How many comments were read and answered (guard 15)."""
    if any(not isinstance(body.at("data").value, list) for body in bodies):
        return Unseen(outcome=Outcome.AMBIGUOUS_EMPTY, detail="评论列表缺失，不等于没有评论")
    cells = [cell.at("comment") for body in bodies for cell in body.at("data").rows()]
    roots = {cell.at("id_str").words() or cell.at("id").words(): cell for cell in cells}
    threads = [_thread(cell, pages.get(name), own) for name, cell in roots.items()]
    stated = [total for body in bodies if (total := body.at("total_number").count()) is not None]
    return replies_in(threads, stated)


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
