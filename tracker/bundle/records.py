"""What a bundle (数据包) carries, one record per line of its `records.jsonl`: `{"kind", "sweep", "told"}`."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from pydantic import TypeAdapter, ValidationError

from tracker.absence import Absence
from tracker.errors import UsageError
from tracker.evidence.signed import canonical
from tracker.model import Account, Decision, Period, Verdict
from tracker.store import Freeze, Hand, Link, Question, SweepHead


@dataclass(frozen=True, slots=True, kw_only=True)
class CarriedSweep:
    """A sweep as its sender has it. `office`, `fingerprint` and `name` are its maker's; empty office = the sender's own."""

    head: SweepHead
    office: str = ""
    fingerprint: str = ""
    name: str
    period: Period | None = None
    profile: str = ""
    asked: tuple[str, ...] = ()
    """Codes that the profile of its last judgement asks about: what is none of them was not looked for."""
    beside: Mapping[str, str]
    """Manifest, seals and tombstones by name → SHA-256 of the file."""
    cleared: int = 0
    """Visits whose bytes were cleared away by rule and do not travel."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CarriedVisit:
    """A stored visit: `file` and `account_id` are the sender's; `hands` are those through which it came, maker first."""

    file: str
    sha256: str
    account_id: str
    control: bool = False
    hands: tuple[Hand, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One record; `sweep` is the name at the sender's, empty for a link. `told` is an object of the type in `KINDS`."""

    kind: str
    sweep: str
    told: Any


KINDS: Mapping[str, Any] = {
    "sweep": CarriedSweep,
    "account": Account,
    "visit": CarriedVisit,
    "decision": Decision,
    "question": Question,
    "verdict": Verdict,
    "pause": Freeze,
    "notice": Absence,
    "link": Link,
}


def plain(kind: str, told: object) -> Any:
    """A record as plain JSON values."""
    return _reader(kind).dump_python(told, mode="json")


def parsed(kind: str, told: object) -> Any:
    """What `plain` gave, as a record again. Raises ValueError (pydantic's) on anything else."""
    return _reader(kind).validate_python(told)


def to_bytes(line: Line) -> bytes:
    """A line with its end."""
    return canonical({"kind": line.kind, "sweep": line.sweep, "told": plain(line.kind, line.told)}) + b"\n"


def read(path: Path) -> Iterator[Line]:
    """All lines. Raises UsageError naming the line that is none of ours."""
    with path.open("rb") as file:
        for number, raw in enumerate(file, 1):
            try:
                told = json.loads(raw)
                yield Line(kind=told["kind"], sweep=str(told["sweep"]), told=parsed(told["kind"], told["told"]))
            except (ValueError, LookupError, TypeError, ValidationError, RecursionError) as error:
                raise UsageError(f"数据包的内容第{number}行读不懂,没有导入任何东西;请对方用同一版本的程序重新导出") from error


@cache
def _reader(kind: str) -> TypeAdapter[Any]:
    return TypeAdapter(KINDS[kind])
