"""The account's own record: who it is, how it is verified, and in what state (formats/douyin.md §3 Profile)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from adapters.douyin.answers import envelope
from adapters.douyin.ids import agree
from adapters.douyin.stream import users_in
from tracker.adapter import attempt
from tracker.model import Exchange, Identity, Outcome, Unseen, Verification
from tracker.payload import Json, Surprise, json_of
from tracker.text import key, squeeze

NO_PROFILE = Unseen(outcome=Outcome.NOT_RECORDED, detail="没有收到账号资料")


@dataclass(frozen=True, slots=True, kw_only=True)
class Profile:
    """What one profile answer says. `works` is the stated number, which alone proves nothing (guard 5)."""

    identity: Identity
    aliases: tuple[str, ...] = ()
    verification: Verification | None = None
    bio: str = ""
    works: int | None = None
    shows_likes: bool | None = None
    state: Outcome = Outcome.OK
    why: str = ""
    closed: str = ""
    """The platform's own words, or its own mark, that the account was cancelled or banned."""


def find(exchanges: Sequence[Exchange], wanted: Mapping[str, str], name: str) -> Profile | Unseen:
    """The profile of the account asked for; a logged-in viewer's own record is never it (guard 15)."""
    answers = [one for exchange in exchanges for one in _profiles(exchange)]
    told = [one for one in answers if isinstance(one, Profile)]
    refusals = (one for one in answers if isinstance(one, Unseen))
    return _choose(told, wanted, name) or next(refusals, NO_PROFILE)


def _profiles(exchange: Exchange) -> list[Profile | Unseen]:
    """Records in the document are a fallback of single source (S): one that does not parse is passed over."""
    if exchange.page == "home":
        streamed = [attempt("账号主页", parse, user) for user in users_in(exchange.text)]
        return [one for one in streamed if isinstance(one, Profile)]
    return [attempt("账号资料", _answered, exchange)] if exchange.page in ("profile", "share_profile") else []


def _answered(exchange: Exchange) -> Profile:
    body = envelope(exchange)
    return parse(body.at("user" if body.has("user") else "user_info"))


def _choose(told: Sequence[Profile], wanted: Mapping[str, str], name: str) -> Profile | Unseen | None:
    verdicts = [(agree(wanted, one.identity.ids, one.aliases), one) for one in told]
    for matched, one in verdicts:
        if matched:
            return one
    open_ = [one for matched, one in verdicts if matched is None]
    if name:
        open_ = [one for one in open_ if key(one.identity.name) == key(name)]
    if told and len({one.identity.name for one in open_}) != 1:
        return Unseen(outcome=Outcome.INCONSISTENT, detail="资料属于别的账号，请核对台账链接")
    return open_[0] if open_ else None


def parse(user: Json) -> Profile:
    """One `user` record in either spelling. Raises Surprise when it names no account or a field has another form."""
    ids = {kind: user.at(field).words() for kind, field in (("sec_uid", "sec_uid"), ("uid", "uid"), ("unique_id", "unique_id"))}
    ids = {kind: value for kind, value in ids.items() if value}
    if not ids.keys() & {"sec_uid", "uid"}:
        raise user.surprise("带 sec_uid 或 uid 的账号资料")
    state, why = _state(user)
    return Profile(
        identity=Identity(ids=ids, name=user.at("nickname").words()),
        aliases=tuple(value for value in (user.at("short_id").words(), ids.get("uid", "")) if value not in ("", "0")),
        verification=verification(user),
        bio=user.at("signature").words(),
        works=user.at("aweme_count").count(),
        shows_likes=user.at("show_favorite_list").flag(),
        state=state,
        why=why,
        closed=_closed(user) if state is Outcome.GONE else "",
    )


def verification(user: Json) -> Verification | None:
    """Verified as the platform shows it, or None when the record does not tell.

    `verification_type` and `is_verified` tell nothing (R).
    """
    organisation = user.at("enterprise_verify_reason").words()
    person = user.at("custom_verify").words()
    label = _label(user.at("account_cert_info"))
    official = user.at("is_gov_media_vip").flag()
    if official or organisation or label:
        return Verification(verified=True, kind="政府媒体认证" if official else "机构认证", subject=organisation or label)
    if person:
        return Verification(verified=True, kind="个人认证", subject=person)
    told = user.has("enterprise_verify_reason") and user.has("custom_verify") and official is not None
    return Verification(verified=False) if told else None


def _label(cell: Json) -> str:
    """`account_cert_info` is JSON in a string; broken JSON in it breaks nothing (guard 18)."""
    try:
        return json_of(cell.words().encode("utf-8", "replace")).at("label_text").words()
    except Surprise:
        return ""


def _closed(user: Json) -> str:
    special = user.at("special_state_info")
    said = " ".join(words for name in ("title", "content") if (words := special.at(name).words()))
    marks = ("user_deleted", "is_ban")
    return squeeze(said) or next((f"{name} 为真" for name in marks if user.at(name).flag()), "special_state 为 1")


def _state(user: Json) -> tuple[Outcome, str]:
    special = user.at("special_state_info", "special_state").count()
    if special == 1 or user.at("user_deleted").flag():
        return Outcome.GONE, "账号已注销"
    if user.at("is_ban").flag():
        return Outcome.GONE, "账号被平台封禁"
    if special == 4 or user.at("secret").flag():
        return Outcome.RESTRICTED, "私密账号，作品不公开"
    return Outcome.OK, ""
