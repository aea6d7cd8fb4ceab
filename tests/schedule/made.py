"""A workspace with a schedule, and a clock that is set by hand."""

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from tracker import settings
from tracker.clock import SHANGHAI
from tracker.model import Account
from tracker.workspace import create


@dataclass
class Hand:
    """A clock that stands until it is set."""

    at: datetime

    def __call__(self) -> datetime:
        return self.at


def on(text: str) -> datetime:
    """2026-11-20 08:00 in Asia/Shanghai."""
    return datetime.fromisoformat(text).replace(tzinfo=SHANGHAI)


def settle(root: Path, more: str, *, database: str = "") -> Path:
    """A new workspace whose tracker.toml ends with `more`."""
    told = settings.template()
    create(root, (told.replace("sqlite:///tracker.db", database) if database else told) + more)
    return root


def account(number: int, organisation: str = "", **told: object) -> Account:
    base = {
        "account_id": f"a{number:09}",
        "platform": "weixin",
        "kind": "微信订阅号",
        "name": f"示例{number}",
        "position": number,
    }
    return Account(**base | {"organisation": organisation} | told)  # type: ignore[arg-type]
