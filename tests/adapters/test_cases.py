"""Every declared case of every adapter: tests/adapter_cases/<platform>/<case>/case.toml, no test code needed.

why = "what the case guards"            # formats/<platform>.md, which guard or fault
url = "https://…"                       # of the one exchange; or [[exchange]] tables with the same keys
page = "mymblog"                        # one of the adapter's pages
captured_at = 2026-09-21T10:00:00+08:00
status = 200                            # 0 = no answer came
file = "body.json"                      # beside case.toml; or body = "…" inline
route = "browser"
account = "900000701"                   # any text that adapter.ids understands; absent = visit by link (account None)
[expect]                                # any part of tracker.model.reading; lists and scalars must be equal
outcome = "ok"
[expect.posts]
latest = "2026-08-10T17:30:00+08:00"
"""

import tomllib
from collections.abc import Mapping
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from adapters import BY_PLATFORM
from tracker.clock import day
from tracker.model import Account, Exchange, Route, Visit, Window, reading

CASES = Path(__file__).parent.parent / "adapter_cases"
FOLDERS = sorted(path.parent for path in CASES.glob("*/*/case.toml"))


def exchange_of(folder: Path, told: Mapping[str, Any], default_at: datetime | None) -> Exchange:
    body = told["body"].encode() if "body" in told else (folder / told["file"]).read_bytes()
    return Exchange(
        page=told["page"],
        url=told["url"],
        status=told.get("status", 200),
        body=body,
        at=told.get("captured_at") or default_at,
        headers=told.get("headers", {}),
        method=told.get("method", "GET"),
        ask_body=told.get("ask_body", "").encode(),
        title=told.get("title", ""),
    )


def missing(expected: object, got: object, path: str = "") -> list[str]:
    """Every place where `got` does not hold what was expected."""
    if isinstance(expected, Mapping):
        if not isinstance(got, Mapping):
            return [f"{path}: expected a table, got {got!r}"]
        return [line for key, value in expected.items() for line in missing(value, got.get(key), f"{path}.{key}")]
    return [] if expected == got else [f"{path}: expected {expected!r}, got {got!r}"]


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda path: f"{path.parent.name}/{path.name}")
def test_case(folder: Path) -> None:
    case = tomllib.loads((folder / "case.toml").read_text(encoding="utf-8"))
    adapter = BY_PLATFORM[folder.parent.name]
    captured = case.get("captured_at")
    exchanges = [exchange_of(folder, told, captured) for told in (case.get("exchange") or [case])]
    today = day(exchanges[-1].at)
    account = None
    if "account" in case:
        account = Account(
            account_id="case", platform=adapter.platform, kind="", name=case.get("name", "示例"), ids=adapter.ids(case["account"])
        )
        assert account.ids, "the case's account names no platform id"
    visit = Visit(
        account=account,
        route=Route(case.get("route", "browser")),
        window=Window(since=case.get("since", today - timedelta(days=60)), until=today),
        today=today,
        url=case.get("link", ""),
    )
    redacted = [Exchange(**{**{k: getattr(e, k) for k in e.__dataclass_fields__}, "body": adapter.redact(e)}) for e in exchanges]
    observation = adapter.read(visit, redacted)
    assert case["why"].strip()
    assert case["expect"]
    assert missing(case["expect"], reading(observation)) == []
    assert [a for a in case.get("expect_notes", []) if not any(a in note for note in observation.notes)] == []
