"""The account page: who it is and how it is verified (formats/toutiao.md §2, §3, guards 9 and 12)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from adapters.toutiao.answers import render_data, title
from adapters.toutiao.ids import agree, ids_in
from tracker.model import Exchange, Identity, Outcome, Unseen, Verification
from tracker.payload import Json, Surprise, json_of
from tracker.text import key

MARK = "的头条主页"
NO_PROFILE = Unseen(outcome=Outcome.NOT_RECORDED, detail="没有收到账号主页")


@dataclass(frozen=True, slots=True, kw_only=True)
class Profile:
    """What the account page says."""

    identity: Identity
    verification: Verification | None = None
    bio: str = ""
    closed: str = ""
    """The mark that the account is closed, as the platform has it; "" = it is open."""


def find(exchanges: Sequence[Exchange], wanted: Mapping[str, str], name: str) -> Profile | Unseen:
    """The profile of the account asked for. A page that was reloaded counts as it stood last."""
    homes = [one for one in exchanges if one.page == "home" and one.status == 200]
    refusal = NO_PROFILE
    for exchange in reversed(homes):
        try:
            return _matched(_read(exchange), wanted, name)
        except Surprise as surprise:
            refusal = _refusal(exchange, surprise)
    return refusal


def _refusal(exchange: Exchange, surprise: Surprise) -> Unseen:
    """A page that has not finished (no title, no data: common) is another thing than a page of another form."""
    try:
        finished = MARK in title(exchange) or render_data(exchange).at("data", "profileUserInfo").value is not None
    except Surprise:
        finished = False
    if finished:
        return Unseen(outcome=Outcome.DRIFT, detail=f"账号主页 {surprise}")
    return Unseen(outcome=Outcome.NOT_RECORDED, detail="账号主页没有完整打开")


def _matched(profile: Profile, wanted: Mapping[str, str], name: str) -> Profile | Unseen:
    matched = agree(wanted, profile.identity.ids)
    if matched is None and name:
        matched = key(profile.identity.name) == key(name)
    return profile if matched is not False else Unseen(outcome=Outcome.INCONSISTENT, detail="主页属于别的账号，请核对台账链接")


def _read(exchange: Exchange) -> Profile:
    if MARK not in title(exchange):
        raise Surprise(f"标题没有“{MARK}”，资料没有解析")
    user = render_data(exchange).at("data", "profileUserInfo")
    ids = {"user_id": user.at("userId").words(), "media_id": user.at("mediaId").words(), "token": _token(exchange)}
    if not ids["user_id"]:
        raise user.at("userId").surprise("账号编号")
    return Profile(
        identity=Identity(ids={kind: value for kind, value in ids.items() if value}, name=user.at("name").words()),
        verification=_verification(user),
        bio=user.at("description").words(),
        closed=next((f"{name} 为 {told}" for name in ("banStatus", "ban_status") if (told := user.at(name).count())), ""),
    )


def _token(exchange: Exchange) -> str:
    """The token of the page's own address; an address that shows none proves nothing."""
    return ids_in(exchange.url).get("token", "")


def _verification(user: Json) -> Verification | None:
    told = user.at("userVerified").flag()
    return verified(told, user.at("userAuthInfo"), "") if told is not None or user.has("userAuthInfo") else None


def verified(flag: bool | None, cell: Json, words: str) -> Verification:
    """Verification from its three signs: the flag, `user_auth_info` in any of its forms, and the plain words."""
    kind, subject = auth(cell)
    subject = subject or words
    named = {"0": "机构认证", "1": "个人认证"}.get(kind, "")
    return Verification(verified=bool(flag or subject), kind=named if flag or subject else "", subject=subject)


def auth(cell: Json) -> tuple[str, str]:
    """`auth_type` and `auth_info` of a JSON string, an object, an empty string or broken JSON (guard 12)."""
    try:
        body = cell if isinstance(cell.value, dict) else json_of(cell.words().encode("utf-8", "replace"))
        return body.at("auth_type").words(), body.at("auth_info").words()
    except Surprise:
        return "", ""
