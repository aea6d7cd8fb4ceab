"""What is taken out of a body before anything reads or stores it (formats/douyin.md guard 19)."""

import re

from adapters.douyin.comments import PLATFORM
from tracker.model import Exchange
from tracker.payload import mask, pseudonym, rewritten

_ROW = frozenset(
    {"aweme_id", "cid", "create_time", "digg_count", "status", "stick_position", "label_type", "label_list"}
    | {"is_author_digged", "reply_id", "reply_to_reply_id", "reply_comment_total", "level"}
)
"""Of a comment only these are kept as they are; whatever else a later version adds is dropped."""
_SECRET = re.compile(
    r"token|ticket|cookie|csrf|session_?id|odin_tt|ttwid|decision_conf|passport|mobile|phone|openid|device_id", re.I
)
_SECRET_PAIR = re.compile(
    rb"""((?:(?:token|ticket|cookie|csrf|sessionid|session_id|odin_tt|ttwid|mobile|phone|openid|device_id)[\w-]{0,40})\\*["']?\s*[:=]\s*\\*["']?)"""
    rb"""[^"'\\&;,\s<>{}]{6,}""",
    re.I,
)
_PERSON_PAIR = re.compile(
    rb"""("(?:nickname|uid|user_id|sec_uid|unique_id|short_id|signature|avatar\w*|uri|ip_label|text|reply_to_username|reply_to_userid)"\s*:\s*)"""
    rb"""("(?:[^"\\]|\\.)*"?|-?\d+)"""
)


def redact(exchange: Exchange) -> bytes:
    """The body without commenters and secrets. The account's own rows (label 1 作者) stay; other ids become marks of 16 bits."""
    known = rewritten(exchange.body, _clean)
    if known is not None:
        return known
    masked = _by_pattern(exchange)
    return rewritten(masked, _clean) or masked


def _by_pattern(exchange: Exchange) -> bytes:
    """For bodies that are no JSON: values of secret-like names, and on comment pages everything that names a person."""
    body = _SECRET_PAIR.sub(rb"\1redacted", exchange.body)
    return _PERSON_PAIR.sub(rb'\1"redacted"', body) if exchange.page == "comments" else body


def _clean(value: object) -> object:
    if isinstance(value, list):
        return [_clean(one) for one in value]
    if not isinstance(value, dict):
        return value
    if "cid" in value or ("user" in value and "text" in value):
        return _comment(value)
    return {name: "redacted" if _secret(name, one) else _clean(one) for name, one in value.items()}


def _secret(name: str, value: object) -> bool:
    return isinstance(value, str) and bool(value) and bool(_SECRET.search(name))


def _comment(row: dict[str, object]) -> dict[str, object]:
    own = row.get("label_type") == 1 and row.get("label_text") == "作者"
    kept = {name: _clean(one) for name, one in row.items() if name in _ROW}
    if "label_text" in row:
        kept["label_text"] = row["label_text"] if own else ""
    if isinstance(text := row.get("text"), str):
        kept["text"] = mask(text)
    kept["user"] = _person(row.get("user"), own=own)
    replies = row.get("reply_comment")
    if replies is None or not isinstance(replies, list):
        return {**kept, "reply_comment": None}
    return {**kept, "reply_comment": [_clean(one) if _is_row(one) else None for one in replies]}


def _is_row(value: object) -> bool:
    return isinstance(value, dict) and "cid" in value


def _person(user: object, *, own: bool) -> dict[str, str]:
    if not isinstance(user, dict):
        return {}
    ids = {kind: str(user[kind]) for kind in ("uid", "sec_uid") if isinstance(user.get(kind), str | int)}
    if own:
        name = user.get("nickname")
        return {**ids, "nickname": name if isinstance(name, str) else ""}
    return {kind: pseudonym(PLATFORM, value) for kind, value in ids.items()}
