"""Every declared case of every adapter: tests/adapter_cases/<platform>/<case>/case.toml, no test code needed.

why = "what the case guards"            # formats/<platform>.md, which guard or fault
url = "https://…"                       # of the one exchange; or [[exchange]] tables with the same keys
page = "mymblog"                        # one of the adapter's pages
captured_at = 2026-09-21T10:00:00+08:00
status = 200                            # 0 = no answer came
file = "body.json"                      # beside case.toml; or body = "…" inline
route = "browser"
account = "900000701"                   # any text that adapter.ids understands; absent = visit by link (account None)
[expect]                                # any part of tracker.model.reading; scalars must be equal, lists row by row
outcome = "ok"
[expect.posts]
latest = "2026-08-10T17:30:00+08:00"
[value.menu]                            # any part of an aspect's value (tracker.model.aspects), which reading does not print
auto_reply = true
"""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, replace
from datetime import datetime
from pathlib import Path

import pytest

from adapters import BY_PLATFORM
from tests.adapters.recorded import FOLDERS, case_of, exchanges_of, visit_of
from tracker.model import Observation, Seen, reading


def values(observation: Observation) -> dict[str, object]:
    """Every aspect that was seen, by name, as plain values."""
    return {str(aspect): plain(asdict(seen.value)) for aspect, seen in observation.aspects.items() if isinstance(seen, Seen)}


def plain(value: object) -> object:
    """A value as TOML would hold it."""
    if isinstance(value, Mapping):
        return {str(name): plain(one) for name, one in value.items()}
    if isinstance(value, Sequence) and not isinstance(value, str):
        return [plain(one) for one in value]
    return value.isoformat() if isinstance(value, datetime) else value


def missing(expected: object, got: object, path: str = "") -> list[str]:
    """Every place where `got` does not hold what was expected."""
    if isinstance(expected, Mapping):
        if not isinstance(got, Mapping):
            return [f"{path}: expected a table, got {got!r}"]
        return [line for key, value in expected.items() for line in missing(value, got.get(key), f"{path}.{key}")]
    if isinstance(expected, list) and isinstance(got, list) and len(expected) == len(got):
        rows = enumerate(zip(expected, got, strict=True))
        return [line for n, (wanted, told) in rows for line in missing(wanted, told, f"{path}[{n}]")]
    return [] if expected == got else [f"{path}: expected {expected!r}, got {got!r}"]


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda path: f"{path.parent.name}/{path.name}")
def test_case(folder: Path) -> None:
    case = case_of(folder)
    adapter = BY_PLATFORM[folder.parent.name]
    exchanges = exchanges_of(folder, case)
    redacted = [replace(one, body=adapter.redact(one)) for one in exchanges]
    observation = adapter.read(visit_of(folder, case, exchanges), redacted)
    assert case["why"].strip()
    assert case["expect"]
    assert missing(case["expect"], reading(observation)) == []
    assert missing(case.get("value", {}), values(observation)) == []
    assert [a for a in case.get("expect_notes", []) if not any(a in note for note in observation.notes)] == []
