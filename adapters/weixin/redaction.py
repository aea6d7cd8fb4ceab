"""What never reaches a file: readers' names and openids, tokens, mobile numbers (formats/weixin.md guard 18)."""

import json
import re
from collections.abc import Iterator

# fmt: off
TOKENS = (
    "access_token", "refresh_token", "component_access_token", "authorizer_access_token", "appmsg_token", "pass_ticket",
    "openid", "open_id", "fromusername", "unionid", "appsecret", "session_key", "wap_sid2", "jsapi_ticket", "exportkey",
)
# fmt: on
"""Names whose values open doors or name a reader, wherever they are echoed."""
READER_LISTS = ("comment", "comments", "comment_list", "elected_comment", "friend_comment", "my_comment", "user_list")
"""JSON arrays of readers' remarks."""
# fmt: off
READER_KEYS = frozenset((
    "nick_name", "nickname", "user_name", "username", "logo_url", "head_img", "headimgurl", "avatar", "content",
    "user_comment_id", "content_id", "my_id", "identity_name", "identity_type", "ip_wording", "province_name", "country_name",
    "uin", "uid", "author_id",
))
# fmt: on
BLANK = "redacted"
_VALUE = rb"(?:%25|%3D|[\w\-.~+/%]){6,2048}=*"
_PATTERNS = {
    name.encode(): re.compile(
        name.encode() + rb"(?P<between>(?:\\?[\"'])?\s*[:=]\s*(?:JsDecode\()?(?:\\?[\"'])?)(?P<value>" + _VALUE + rb")",
        re.IGNORECASE,
    )
    for name in TOKENS
}
_MOBILE = re.compile(rb"1[3-9][0-9]{9}(?![0-9A-Za-z_%])")
_NO_MOBILE_AFTER = frozenset(b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz_%./=&-")


def redact(body: bytes) -> bytes:
    """The body without readers and tokens; bytes that hold none come back unchanged. Never raises."""
    held = body.lower() if len(body) < 65536 else body
    for name, pattern in _PATTERNS.items():
        if name in held:
            body = pattern.sub(lambda hit: hit[0][: hit.start("value") - hit.start()] + BLANK.encode(), body)
    body = _MOBILE.sub(_mobile, body)
    return _scrub_json(body) if body.lstrip()[:1] in (b"{", b"[") else body


def _mobile(hit: re.Match[bytes]) -> bytes:
    before = hit.string[hit.start() - 1 : hit.start()] if hit.start() else b""
    return hit[0] if before and before[0] in _NO_MOBILE_AFTER else b"10000000000"


def _scrub_json(body: bytes) -> bytes:
    """JSON with the rows of readers' lists blanked; the account's own reply keeps its time, so that it can be counted."""
    if not any(f'"{name}"'.encode() in body for name in READER_LISTS):
        return body
    try:
        root = json.loads(body)
    except (ValueError, RecursionError):
        return body
    changed = [_blank(row) for row in _reader_rows(root)]
    return json.dumps(root, ensure_ascii=False).encode("utf-8", errors="replace") if any(changed) else body


def _reader_rows(root: object) -> Iterator[dict[str, object]]:
    """Every object below a readers' list; walked without recursion, as depth is the sender's choice."""
    waiting: list[tuple[object, bool]] = [(root, False)]
    while waiting:
        node, readers = waiting.pop()
        if isinstance(node, dict):
            if readers:
                yield node
            waiting.extend((value, readers or (name in READER_LISTS and isinstance(value, list))) for name, value in node.items())
        elif isinstance(node, list):
            waiting.extend((value, readers) for value in node)


def _blank(row: dict[str, object]) -> bool:
    keys = [name for name in row if name in READER_KEYS]
    for name in keys:
        row[name] = 0 if isinstance(row[name], int) else BLANK
    return bool(keys)
