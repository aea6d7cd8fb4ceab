"""The account's replies under one work (formats/douyin.md §4 guards 11 and 12)."""

from collections.abc import Mapping, Sequence

from adapters.douyin.answers import envelope
from tracker.adapter import Thread, attempt, replies_in
from tracker.model import Exchange, Outcome, Seen, Unseen
from tracker.payload import Json, pseudonym

PLATFORM = "douyin"
_PLACE = "评论列表"


def replies(exchanges: Sequence[Exchange], account: Mapping[str, str]) -> Seen | Unseen | None:
    """The account's answers in all comment answers of the visit; None = there were none."""
    answers = [attempt(_PLACE, envelope, one) for one in exchanges if one.page == "comments"]
    bodies = [one for one in answers if isinstance(one, Json)]
    if not bodies:
        return next((one for one in answers if isinstance(one, Unseen)), None)
    return attempt(_PLACE, _replies, bodies, account)


def _replies(bodies: Sequence[Json], account: Mapping[str, str]) -> Seen | Unseen:
    """`total` counts more than what is served (guard 12)."""
    if any(body.at("comments").value is None for body in bodies):
        return Unseen(outcome=Outcome.AMBIGUOUS_EMPTY, detail="评论列表为 null，不等于没有评论")
    rows = {row.at("cid").words(): row for body in bodies for row in body.at("comments").rows()}
    children = [row for row in rows.values() if row.at("reply_id").words() not in ("", "0")]
    roots = {cid: row for cid, row in rows.items() if row.at("reply_id").words() in ("", "0")}
    threads = [_thread(cid, row, children, account) for cid, row in roots.items()]
    stated = [total for body in bodies if (total := body.at("total").count()) is not None]
    return replies_in(threads, stated)


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
