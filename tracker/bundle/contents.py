"""A bundle's records by sweep, checked as a whole before anything is written."""

import re
import zlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from tracker.absence import Absence
from tracker.bundle.records import CarriedSweep, CarriedVisit, Line
from tracker.errors import EvidenceDamaged, UsageError
from tracker.evidence import VisitMeta, brought, folder_name, names, warc
from tracker.model import Account, Decision, Exchange, Verdict
from tracker.store import Freeze, Link, Question

_FILE = re.compile(r"[\w.-]{1,200}")
_MOST = 1 << 30
"""Bytes to which one stored visit may unpack."""


@dataclass(slots=True, kw_only=True)
class Carried:
    """Everything of one sweep, in the order of the bundle."""

    sweep: CarriedSweep
    accounts: dict[str, Account] = field(default_factory=dict)
    visits: list[CarriedVisit] = field(default_factory=list)
    decisions: list[Decision] = field(default_factory=list)
    questions: list[Question] = field(default_factory=list)
    verdicts: list[Verdict] = field(default_factory=list)
    pauses: list[Freeze] = field(default_factory=list)
    notices: list[Absence] = field(default_factory=list)


def sort(lines: Iterable[Line], members: Mapping[str, tuple[str, int]]) -> tuple[dict[str, Carried], list[Link]]:
    """The records by sweep, and the links. Raises UsageError for what does not hang together."""
    found, links = dict[str, Carried](), list[Link]()
    for line in lines:
        if line.kind == "link":
            links.append(line.told)
        elif line.kind == "sweep":
            _check_sweep(line.told, line.sweep, members, known=line.sweep in found)
            found[line.sweep] = Carried(sweep=line.told)
        elif line.sweep not in found:
            raise _torn(f"有记录属于没有带来的批次“{line.sweep}”")
        else:
            _add(found[line.sweep], line, members)
    return found, links


def _check_sweep(told: CarriedSweep, name: str, members: Mapping[str, tuple[str, int]], *, known: bool) -> None:
    if known or told.head.name != name:
        raise _torn(f"批次“{name}”写了两次或名称不符")
    folder_name(name)
    folder_name(told.name)
    wrong = next((one for one in told.beside if not brought.NAMES.fullmatch(one)), None)
    if wrong is not None:
        raise _torn(f"批次“{name}”带来了不该有的文件“{wrong[:80]}”")
    if any(f"files/{digest}" not in members for digest in told.beside.values()):
        raise _torn(f"批次“{name}”的清单或封存没有带来")


def _add(carried: Carried, line: Line, members: Mapping[str, tuple[str, int]]) -> None:
    told = line.told
    if line.kind == "account":
        carried.accounts[told.account_id] = told
    elif line.kind == "visit":
        if not _FILE.fullmatch(told.file) or names.split(told.file) is None:
            raise _torn(f"采集文件名“{told.file[:80]}”不对")
        if f"files/{told.sha256}" not in members:
            raise _torn(f"采集文件“{told.file}”没有带来")
        carried.visits.append(told)
    else:
        getattr(carried, f"{line.kind}s").append(told)


def read_visit(folder: Path, carried: CarriedVisit) -> tuple[VisitMeta, tuple[Exchange, ...]]:
    """What a visit holds, from the folder in which the members lie. Raises UsageError where it is none or swells."""
    raw = (folder / carried.sha256).read_bytes()
    if _swells(raw):
        raise _torn(f"采集文件“{carried.file}”展开后超过 {_MOST // 2**30} GB")
    try:
        return warc.unpack(raw, carried.file)
    except EvidenceDamaged as error:
        raise _torn(f"采集文件“{carried.file}”不是完整的采集记录") from error


def _swells(raw: bytes) -> bool:
    """Whether it unpacks to more than any visit holds; told without keeping what it unpacks to."""
    total, left = 0, raw
    while left and total <= _MOST:
        member = zlib.decompressobj(wbits=31)
        try:
            while left and not member.eof and total <= _MOST:
                total += len(member.decompress(left, 1 << 20))
                left = member.unconsumed_tail
        except zlib.error:
            return False
        left = member.unused_data
    return total > _MOST


def _torn(why: str) -> UsageError:
    return UsageError(f"数据包:{why};没有导入任何东西,请对方重新导出")
