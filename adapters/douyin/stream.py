"""User records that newer pages stream inside the document: `self.__pace_f.push([1,"id:{…}"])` (formats/douyin.md §2, S)."""

import re
from collections.abc import Iterator

from tracker.payload import Json, Surprise, json_of

_PUSH = re.compile(r"self\.__pace_f\.push\((\[1,\s*\"(?:[^\"\\]|\\.)*\"\])\)")
_NAMES = {
    "secUid": "sec_uid",
    "uniqueId": "unique_id",
    "shortId": "short_id",
    "desc": "signature",
    "awemeCount": "aweme_count",
    "customVerify": "custom_verify",
    "enterpriseVerifyReason": "enterprise_verify_reason",
    "isGovMediaVip": "is_gov_media_vip",
    "accountCertInfo": "account_cert_info",
    "specialStateInfo": "special_state_info",
    "isBan": "is_ban",
    "showFavoriteList": "show_favorite_list",
}
_DEPTH = 12


def users_in(document: str) -> Iterator[Json]:
    """Every `user:{user:{…}}` record in snake case; `user:{info:{…}}` is the logged-in viewer and is left out (guard 15)."""
    for push in _PUSH.finditer(document):
        try:
            line = json_of(push[1].encode("utf-8", "replace")).rows()[1].words()
            label, _, record = line.partition(":")
            yield from _users({label: json_of(record.encode("utf-8", "replace")).value}, _DEPTH)
        except Surprise:
            continue


def _users(value: object, depth: int) -> Iterator[Json]:
    if depth and isinstance(value, list):
        for one in value:
            yield from _users(one, depth - 1)
    elif depth and isinstance(value, dict):
        user = value.get("user")
        inner = user.get("user") if isinstance(user, dict) else None
        if isinstance(inner, dict) and inner.get("secUid"):
            yield Json(value={_NAMES.get(name, name): one for name, one in inner.items()}, path="$.user.user")
            return
        for one in value.values():
            yield from _users(one, depth - 1)
