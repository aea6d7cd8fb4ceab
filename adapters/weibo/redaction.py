"""What is taken out of a body before anything reads or stores it: commenters, persons, tokens, the visitor's own session.

Ids of the account (or the author that the address names) stay, everybody else's become 0: `read` needs only that difference.
"""

import re
from collections.abc import Iterable, Mapping
from functools import partial

from adapters.weibo.comments import marked_author
from adapters.weibo.fields import child, flag, ident, words
from adapters.weibo.ids import owner_of
from adapters.weibo.material import COMMENT_PAGES
from tracker.model import Exchange
from tracker.payload import rewritten

NOBODY: Mapping[str, object] = {"id": 0, "idstr": "0", "screen_name": "redacted"}
"""Who stands for a person that is none of our business."""

_SECRET_KEY = re.compile(
    r"(?:access_?token|refresh_?token|xsrf[-_]?token|csrf\w*|token|st|gsid|sub|subp|scf|alf|ssologinstate|cookies?|openid|unionid"
    r"|session\w*|phone\w*|mobile|email|idcard|real_?name|qq|birthday|avatar\w*|profile_image_url|cover_image\w*|ip|aid|did|uniqid)",
    re.IGNORECASE,
)
_ID_KEYS = frozenset(
    {"id", "idstr", "mid", "mblogid", "bid", "uid", "itemid", "containerid", "since_id", "max_id", "rootid", "rootidstr"}
)
_COMMENT_KEYS = frozenset(
    {
        *("id", "idstr", "mid", "rootid", "rootidstr", "floor_number", "created_at", "text", "text_raw"),
        *("like_counts", "like_count", "total_number", "reply_count", "is_mblog_author", "isLikedByMblogAuthor"),
        *("reply_comment_id", "reply_comment", "comments", "comment", "user"),
    }
)
_PHONE = re.compile(r"(?<![0-9A-Za-z])(?:\+?86[- ]?)?1[3-9]\d(?:[- ]?\d{4}){2}(?![0-9A-Za-z])", re.ASCII)
_OPENID = re.compile(r"(?<![0-9A-Za-z_\-])o[0-9A-Za-z_\-]{27}(?![0-9A-Za-z_\-])", re.ASCII)
_PAIR = re.compile(
    r"(?<![0-9A-Za-z_])(SUBP?|SCF|ALF|SSOLoginState|XSRF-TOKEN|WBPSESS|MLOGIN|gsid|access_token|refresh_token|openid|unionid|st|sid|ticket)"
    r"([\"']?\s{0,4}[=:]\s{0,4}[\"']?)([0-9A-Za-z_\-.%+/|]{4,4000}=*)"
)
_MENTION = re.compile(r"@[^\s@:：,，。<>\"']{1,40}")


def redact(exchange: Exchange) -> bytes:
    """The body without persons, tokens and phone numbers; the same bytes where nothing had to go. Never raises."""
    clean = partial(_page, exchange)
    known = rewritten(exchange.body, clean)
    if known is not None:
        return known
    masked = _text(exchange.body)
    return rewritten(masked, clean) or masked


def _page(exchange: Exchange, value: object) -> object:
    owner = owner_of(exchange.url)
    if exchange.page in COMMENT_PAGES:
        return _walk(_commented(value, owner or marked_author(value)))
    if exchange.page in {"mymblog", "articles", "m_getindex"} and owner:
        return _walk(_listed(value, owner))
    return _walk(_rowed(value))


def _commented(value: object, owner: str) -> object:
    """Comments wherever they stand: an object with a text and an author, or with an author's mark, loses all but what is read."""
    if isinstance(value, list):
        return [_commented(one, owner) for one in value]
    if not isinstance(value, dict):
        return value
    if not _is_comment(value):
        return {key: _person(one, owner) if _is_user(key) else _commented(one, owner) for key, one in value.items()}
    kept = {key: one for key, one in value.items() if key in _COMMENT_KEYS}
    if "user" in kept:
        kept["user"] = _author(kept["user"], owner, flag(kept.get("is_mblog_author")))
    for key in ("comments", "comment", "reply_comment"):
        if key in kept:
            kept[key] = _commented(kept[key], owner)
    return {key: _MENTION.sub("@redacted", words(one)) if key in {"text", "text_raw"} else one for key, one in kept.items()}


def _is_comment(value: Mapping[str, object]) -> bool:
    return (
        "is_mblog_author" in value
        or "rootid" in value
        or ("user" in value and ("text" in value or "text_raw" in value or "id" in value))
    )


def _is_user(key: str) -> bool:
    return key in {"user", "users", "like_users", "login_user", "viewer", "reply_user"}


def _author(user: object, owner: str, marked: bool) -> object:
    """The account itself keeps id and name. Without an owner in the address nobody can be told apart: all go."""
    if not isinstance(user, dict):
        return None
    uid = ident(user.get("id"), user.get("idstr"))
    if not uid or not (marked or (owner and uid == owner)):
        return dict(NOBODY)
    return {"id": int(uid), "idstr": uid, "screen_name": words(user.get("screen_name"))}


def _person(value: object, owner: str) -> object:
    if isinstance(value, list):
        return [_person(one, owner) for one in value]
    return _author(value, owner, marked=False)


def _listed(value: object, owner: str) -> object:
    """Lists of an account: authors of rows that are neither its own nor 赞过 are strangers."""
    if isinstance(value, list):
        return [_listed(one, owner) for one in value]
    if not isinstance(value, dict):
        return value
    cleaned = {key: _listed(one, owner) for key, one in value.items()}
    user = value.get("user")
    if isinstance(user, dict) and "created_at" in value:
        liked = "赞过" in words(child(value, "title").get("text"))
        if not liked and ident(user.get("id"), user.get("idstr")) != owner:
            cleaned["user"] = dict(NOBODY)
    return _without_inner(cleaned)


def _rowed(value: object) -> object:
    if isinstance(value, list):
        return [_rowed(one) for one in value]
    if not isinstance(value, dict):
        return value
    return _without_inner({key: _rowed(one) for key, one in value.items()})


def _without_inner(row: dict[str, object]) -> dict[str, object]:
    """A repost keeps that it is one; whose post it repeats is nobody's business."""
    inner = row.get("retweeted_status")
    if isinstance(inner, dict):
        kept = {key: inner[key] for key in ("id", "idstr", "mid", "mblogid", "deleted", "created_at") if key in inner}
        row["retweeted_status"] = {**kept, "user": dict(NOBODY) if inner.get("user") else None}
    return {key: one for key, one in row.items() if key not in {"like_users", "login_user", "viewer", "comment_summary"}}


def _walk(value: object, key: str = "") -> object:
    """Every string without phone numbers and tokens, every secret field emptied."""
    if isinstance(value, list):
        return [_walk(one, key) for one in value]
    if isinstance(value, dict):
        return {name: "redacted" if _is_secret(name, one) else _walk(one, name) for name, one in value.items()}
    return _clean(value) if isinstance(value, str) and key not in _ID_KEYS else value


def _is_secret(name: str, value: object) -> bool:
    return bool(value) and not isinstance(value, bool | dict | list) and value != "redacted" and bool(_SECRET_KEY.fullmatch(name))


def _clean(text: str) -> str:
    for pattern, instead in ((_PHONE, "redacted"), (_OPENID, "redacted"), (_PAIR, r"\1\2redacted")):
        text = pattern.sub(instead, text)
    return text


def _text(body: bytes) -> bytes:
    """A document or anything else: `$CONFIG` keeps only whether a login was there; tokens and phone numbers go."""
    text = body.decode("utf-8", errors="replace")
    cleaned = "".join(_clean(part) for part in _scripts(text))
    return body if cleaned == text else cleaned.encode("utf-8", "replace")


def _scripts(text: str) -> Iterable[str]:
    """The document piece by piece; a script that sets `$CONFIG` names the logged-in person and is cut down."""
    start = 0
    while (opened := text.find("<script", start)) >= 0:
        closed = text.find("</script", opened)
        end = len(text) if closed < 0 else closed
        yield text[start:opened]
        script = text[opened:end]
        yield _config(script) if "$CONFIG" in script else script
        start = end
    yield text[start:]


def _config(script: str) -> str:
    normal = re.search(r"isNormal[\"']?\s{0,4}[:=]\s{0,4}(true|false)", script)
    return "<script>window.$CONFIG = {" + (f'"isNormal":{normal[1]}' if normal else "") + "};"
