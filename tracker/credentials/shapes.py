"""What people hand over as a secret, read strictly; no message ever repeats a value."""

import json
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from tracker.clock import from_unix
from tracker.credentials.records import Hidden, Kind
from tracker.errors import UsageError

FIELDS: Mapping[Kind, Mapping[str, str]] = {
    Kind.OWNER: {"appid": "AppID", "secret": "AppSecret"},
    Kind.DELEGATE: {"appid": "授权方 AppID", "refresh_token": "授权方刷新令牌(authorizer_refresh_token)"},
    Kind.COMPONENT: {"appid": "第三方平台 AppID", "secret": "第三方平台 AppSecret", "ticket": "最新的 component_verify_ticket"},
}
"""What each kind consists of, and how it is asked for; a session is a browser's own file."""
TICKET_LASTS = timedelta(hours=12)
"""A component_verify_ticket (the open platform's manual, 验证票据)."""
_MOST = 4000


def from_fields(kind: Kind, told: Mapping[str, object]) -> Hidden:
    """The fields of a kind, trimmed. Raises UsageError naming what is missing or unknown."""
    wanted = FIELDS[kind]
    if strange := sorted(told.keys() - wanted.keys()):
        raise UsageError(f"凭据里有不认识的内容 {'、'.join(strange)};{kind.words}应有 {'、'.join(wanted)}")
    value: dict[str, object] = {name: _text(told.get(name), title) for name, title in wanted.items()}
    return Hidden(value)


def _text(told: object, title: str) -> str:
    text = told.strip() if isinstance(told, str) else ""
    if not text or len(text) > _MOST or not text.isprintable() or any(letter.isspace() for letter in text):
        raise UsageError(f"{title}没有填或填得不对:应为一段没有空格的文字;请从平台后台重新复制")
    return text


def from_file(kind: Kind, raw: bytes, name: str) -> Hidden:
    """A secret from a JSON file: the fields of its kind, or a browser's storage state. Raises UsageError naming the file."""
    try:
        told: Any = json.loads(raw.decode("utf-8-sig"))
    except ValueError:
        # the message would quote the file
        raise UsageError(f"{name} 不是正确的 JSON;{_wanted(kind)}") from None
    if not isinstance(told, dict):
        raise UsageError(f"{name} 里应是一个 JSON 对象;{_wanted(kind)}")
    return _state(told, name) if kind is Kind.SESSION else from_fields(kind, told)


def _wanted(kind: Kind) -> str:
    if kind is Kind.SESSION:
        return "登录态应是 Playwright 的 storage state 文件,一般不用文件,直接运行 tracker credentials login"
    return f"{kind.words}应写成 {json.dumps(dict.fromkeys(FIELDS[kind], '…'), ensure_ascii=False)}"


def _state(told: Mapping[str, object], name: str) -> Hidden:
    cookies, origins = told.get("cookies"), told.get("origins", [])
    rows = cookies if isinstance(cookies, list) else []
    if not rows or not all(isinstance(row, dict) and {"name", "value", "domain"} <= row.keys() for row in rows):
        raise UsageError(f"{name} 里没有登录的 cookies;{_wanted(Kind.SESSION)}")
    if not isinstance(origins, list):
        raise UsageError(f"{name} 的 origins 应是一个列表;{_wanted(Kind.SESSION)}")
    return Hidden({"cookies": rows, "origins": origins})


def ends(kind: Kind, secret: Hidden, names: frozenset[str], at: datetime) -> datetime | None:
    """When the secret ends by its own telling: the first of the named cookies, a ticket's 12 hours; None = it does not say."""
    if kind is Kind.COMPONENT:
        return at + TICKET_LASTS
    cookies = secret.value.get("cookies")
    rows = cookies if kind is Kind.SESSION and isinstance(cookies, list) else []
    told = [row.get("expires") for row in rows if isinstance(row, dict) and row.get("name") in names]
    # a cookie of the browser session has -1: it ends when the server says so
    return min((from_unix(int(end)) for end in told if isinstance(end, int | float) and 0 < end < 1e11), default=None)


def only(secret: Hidden, hosts: frozenset[str]) -> Hidden:
    """A storage state cut down to these hosts: a login leaves cookies of strangers behind as well."""
    cookies, origins = secret.value.get("cookies"), secret.value.get("origins")
    kept = [row for row in _rows(cookies) if _belongs(str(row.get("domain", "")), hosts)]
    return Hidden({"cookies": kept, "origins": [row for row in _rows(origins) if _origin(row) in hosts]})


def _rows(told: object) -> list[Mapping[str, object]]:
    return [row for row in told if isinstance(row, dict)] if isinstance(told, list) else []


def _belongs(domain: str, hosts: frozenset[str]) -> bool:
    bare = domain.lower().lstrip(".")
    return any(host == bare or host.endswith(f".{bare}") for host in hosts)


def _origin(row: Mapping[str, object]) -> str:
    return str(row.get("origin", "")).partition("://")[2].partition(":")[0]
