"""Liked works, where the owner shows them (formats/douyin.md §3 Likes, guard 14)."""

from collections.abc import Sequence

from adapters.douyin.answers import envelope
from adapters.douyin.profile import Profile
from adapters.douyin.works import Work, read_work
from tracker.adapter import attempt
from tracker.model import Exchange, Like, Likes, Outcome, Seen, Unseen

_PRIVATE = Unseen(outcome=Outcome.RESTRICTED, detail="账号没有公开点赞列表")


def likes(exchanges: Sequence[Exchange], profile: Profile | None, *, works_answered: bool) -> Seen | Unseen:
    """Works of others that the account liked; read only if the profile shows the list and the list answers.

    No bytes at all mean a private list only while the works route does answer (guard 6).
    """
    if profile is None or not profile.shows_likes:
        told = profile is not None and profile.shows_likes is False
        return _PRIVATE if told else Unseen(outcome=Outcome.NOT_RECORDED, detail="没有收到点赞列表")
    answers = [one for one in exchanges if one.page == "favorite"]
    if not answers:
        return Unseen(outcome=Outcome.NOT_RECORDED, detail="没有收到点赞列表")
    if works_answered and not answers[0].body and answers[0].status == 200:
        return _PRIVATE
    return attempt("点赞列表", _listed, answers[0], profile)


def _listed(exchange: Exchange, profile: Profile) -> Seen | Unseen:
    """The account's own works may fill the list (R: 18 of 18); they are left out before anything is judged."""
    body = envelope(exchange)
    if body.at("aweme_list").value is None:
        return Unseen(outcome=Outcome.AMBIGUOUS_EMPTY, detail="点赞列表为 null，不等于没有点赞")
    rows = [read_work(row, exchange.at) for row in body.at("aweme_list").rows()]
    own = profile.identity.ids
    items = tuple(_like(row) for row in rows if row.author.ids["sec_uid"] != own.get("sec_uid"))
    whole = bool(rows) and body.at("has_more").flag() is False
    return Seen(value=Likes(items=items, whole=whole), outcome=Outcome.OK if whole else Outcome.PARTIAL)


def _like(work: Work) -> Like:
    verified = work.author_verification
    organisation = verified is not None and verified.verified and verified.kind != "个人认证"
    return Like(
        post_id=work.post.id,
        owner=work.author.name,
        owner_kind="机构" if organisation else "",
        text=work.post.title,
        at=work.post.at,
        url=work.post.url,
    )
