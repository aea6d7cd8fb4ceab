"""The declared cases of tests/adapter_cases as what an adapter is given: a visit and its exchanges."""

import tomllib
from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

from adapters import BY_PLATFORM
from tracker.clock import day
from tracker.model import Account, Exchange, Route, Visit, Window

CASES = Path(__file__).parent.parent / "adapter_cases"
FOLDERS = sorted(path.parent for path in CASES.glob("*/*/case.toml"))


def case_of(folder: Path) -> dict[str, Any]:
    return tomllib.loads((folder / "case.toml").read_text(encoding="utf-8"))


def exchanges_of(folder: Path, case: Mapping[str, Any]) -> list[Exchange]:
    return [_exchange(folder, told, case.get("captured_at")) for told in (case.get("exchange") or [case])]


def _exchange(folder: Path, told: Mapping[str, Any], default_at: datetime | None) -> Exchange:
    return Exchange(
        page=told["page"],
        url=told["url"],
        status=told.get("status", 200),
        body=told["body"].encode() if "body" in told else (folder / told["file"]).read_bytes(),
        at=told.get("captured_at") or default_at,
        headers=told.get("headers", {}),
        method=told.get("method", "GET"),
        ask_body=told.get("ask_body", "").encode(),
        title=told.get("title", ""),
    )


def visit_of(folder: Path, case: Mapping[str, Any], exchanges: list[Exchange]) -> Visit:
    adapter = BY_PLATFORM[folder.parent.name]
    today = day(exchanges[-1].at)
    account = None
    if "account" in case:
        account = Account(
            account_id="case", platform=adapter.platform, kind="", name=case.get("name", "示例"), ids=adapter.ids(case["account"])
        )
        assert account.ids, "the case's account names no platform id"
    return Visit(
        account=account,
        route=Route(case.get("route", "browser")),
        window=Window(since=case.get("since", today - timedelta(days=60)), until=today),
        today=today,
        url=case.get("link", ""),
    )


@cache
def recorded(platform: str) -> tuple[tuple[Visit, tuple[Exchange, ...]], ...]:
    """Every recorded visit of a platform."""
    return tuple(_looks(platform))


def _looks(platform: str) -> Iterator[tuple[Visit, tuple[Exchange, ...]]]:
    for folder in FOLDERS:
        if folder.parent.name == platform:
            case = case_of(folder)
            exchanges = exchanges_of(folder, case)
            yield visit_of(folder, case, exchanges), tuple(exchanges)
