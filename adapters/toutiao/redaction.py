"""What is taken out of a body before anything reads or stores it: commenters and secrets."""

import re

from adapters.toutiao.comments import PLATFORM, REPLY_LISTS
from tracker.model import Exchange
from tracker.payload import mask, pseudonym, rewritten

_ROW = frozenset(
    {"id", "id_str", "create_time", "digg_count", "reply_count", "is_pgc_author", "has_author_digg"}
    | {"has_more", "offset", "total_number", "total_count", "message", "err_no"}
)
"""Of comments and of their envelope only these are kept as they are; whatever else a later version adds is dropped."""
_WORDS = ("text", "content")
_DROPPED = frozenset({"comments", "comment_list", "hot_comments", "comment"})
"""Other people's words inside other answers."""
_SECRET = re.compile(r"token|ticket|cookie|csrf|session_?id|odin_tt|ttwid|passport|mobile|phone|openid|device_id|__ac_\w+", re.I)
_SECRET_PAIR = re.compile(
    rb"""((?:(?:(?<!user/)token|ticket|cookie|csrf|sessionid|session_id|odin_tt|ttwid|mobile|phone|openid|device_id|__ac_nonce|__ac_signature)"""
    rb"""[\w-]{0,40})(?:\\*["']|%22)?\s*(?:[:=]|%3A)\s*(?:\\*["']|%22)?)[^"'\\&;%,\s<>{}]{6,}""",
    re.I,
)
_PERSON_PAIR = re.compile(
    rb"""("(?:user_name|name|screen_name|nickname|user_id|uid|description|avatar\w*|user_profile_image_url|user_auth_info|text|content)"\s*:\s*)"""
    rb"""("(?:[^"\\]|\\.)*"?|-?\d+)"""
)
_PEOPLE = ("comments", "replies")


def redact(exchange: Exchange) -> bytes:
    """The body without commenters and secrets. Rows signed `is_pgc_author` stay the account's; other ids become marks."""
    clean = _person if exchange.page in _PEOPLE else _clean
    known = rewritten(exchange.body, clean)
    if known is not None:
        return known
    masked = _by_pattern(exchange)
    return rewritten(masked, clean) or masked


def _by_pattern(exchange: Exchange) -> bytes:
    """For bodies that are no JSON: values of secret-like names, and on comment pages everything that names a person."""
    body = _SECRET_PAIR.sub(rb"\1redacted", exchange.body)
    return _PERSON_PAIR.sub(rb'\1"redacted"', body) if exchange.page in _PEOPLE else body


def _clean(value: object) -> object:
    """A list or profile answer: secrets go, other people's comments go, of a reposted item only that it is one stays."""
    if isinstance(value, list):
        return [_clean(one) for one in value]
    if not isinstance(value, dict):
        return value
    return {name: _member(name, one) for name, one in value.items()}


def _member(name: str, value: object) -> object:
    if isinstance(value, str) and value and _SECRET.search(name):
        return "redacted"
    if isinstance(value, dict | list) and name in _DROPPED:
        return None
    if isinstance(value, dict) and name == "comment_base":
        return {}
    return _clean(value)


def _person(value: object) -> object:
    """A comment answer, by an allow-list at every level."""
    if isinstance(value, list):
        return [_person(one) for one in value]
    if not isinstance(value, dict):
        return value if isinstance(value, bool | int | None) else None
    own = value.get("is_pgc_author") in (1, True, "1")
    kept = {name: one for name, one in value.items() if name in _ROW and not isinstance(one, dict | list)}
    kept |= {name: mask(one) for name in _WORDS if isinstance(one := value.get(name), str)}
    kept |= {name: _person(value[name]) for name in ("data", "comment", *REPLY_LISTS) if name in value}
    kept |= {"user_id": _number(value["user_id"], own=own)} if "user_id" in value else {}
    user = value.get("user")
    kept |= {"user": {"user_id": _number(user.get("user_id"), own=own)}} if isinstance(user, dict) else {}
    return kept | ({"decision": "redacted"} if "decision" in value else {})


def _number(identifier: object, *, own: bool) -> str:
    if not isinstance(identifier, str | int):
        return ""
    return str(identifier) if own else pseudonym(PLATFORM, str(identifier))
