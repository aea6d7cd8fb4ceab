"""Reply sheets read back: strictly, row by row; a file with a row that is not understood is not taken at all."""

import hashlib
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

from tracker.attached import FOLDER
from tracker.consult import online, sheet
from tracker.errors import UsageError, reason
from tracker.files import read_sheets
from tracker.files.write import put
from tracker.gates import unanswered
from tracker.model import Sheet
from tracker.registry.cells import text_of
from tracker.reports.wording import CELL_MOST, plain
from tracker.store import Attachment, Consultation, Objection, SweepHead
from tracker.text import key
from tracker.workspace import Workspace

MOST = 50 * 1024 * 1024
"""Bytes of one attachment."""

_FILE = re.compile(r"[^\s;；、,，]+\.[A-Za-z0-9]{2,5}(?=$|[\s;；、,，])")
_MUST = ("账号", "意见", "理由", "批次", "编号", "代码")
_NUMBER = re.compile(r"(?P<sweep>.+) 第(?P<number>[1-9]\d{0,3})次征求意见")


@dataclass(frozen=True, slots=True, kw_only=True)
class WrongRow:
    """One row that is not understood: its number in the file, its cells by header, and why."""

    number: int
    cells: Mapping[str, str]
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Taken:
    """What a file held. With `problems` nothing of it was kept; `silent` = rows without an opinion, by their number."""

    file: str
    organisation: str = ""
    objections: tuple[Objection, ...] = ()
    silent: tuple[int, ...] = ()
    problems: tuple[str, ...] = ()
    wrong: tuple[WrongRow, ...] = ()
    """The rows among the problems, as they stand in the file."""

    @property
    def late(self) -> bool:
        """Whether it came after the deadline; it is taken all the same."""
        return any(one.late for one in self.objections)


class _Wrong(ValueError):
    """One row or file that is not understood, in words."""


def take_in(ws: Workspace, sweep: SweepHead, path: Path, *, received: date, who: str, at: datetime) -> Taken:
    """Read a reply sheet and keep it: all of it, or nothing where a row is wrong.

    Raises UsageError when the file cannot be read, is no reply sheet, or was taken already.
    """
    lines = _table(path)
    reader = _Reader(ws, sweep, path, received, who, at)
    found, silent, problems, rows = [], [], [], []
    for number, cells in lines:
        try:
            one = reader.read(number, cells)
        except _Wrong as wrong:
            problems.append(f"{path.name} 第{number}行:{wrong}")
            rows.append(WrongRow(number=number, cells=cells, why=str(wrong)))
            continue
        if one is None:
            silent.append(number)
        else:
            found.append(one)
    problems += reader.mixed()
    if problems:
        return Taken(file=path.name, problems=tuple(problems), wrong=tuple(rows))
    if not found:
        raise UsageError(f"{path.name} 里“意见”一栏全是空的;请单位逐行选择“{sheet.AGREES}”或“{sheet.OBJECTS}”后再交")
    reader.keep_attachments()
    ws.store.add_objections(found)
    return Taken(file=path.name, organisation=reader.organisation, objections=tuple(found), silent=tuple(silent))


def _table(path: Path) -> list[tuple[int, Mapping[str, str]]]:
    """The rows of the sheet by header, with their number in the file; rows without any text are left out."""
    for one in read_sheets(path):
        for at, cells in enumerate(one.cells):
            header = [text_of(cell).strip() for cell in cells]
            if set(_MUST) <= set(header):
                return list(_rows(one, header, at))
    raise UsageError(f"{path.name} 不是反馈表;应有表头 {'、'.join(sheet.HEADER)},请用发给单位的那份填")


def _rows(one: Sheet, header: Sequence[str], at: int) -> Iterator[tuple[int, Mapping[str, str]]]:
    for index, cells in enumerate(one.cells[at + 1 :], at + 1):
        told = {name: text_of(cell).strip() for name, cell in zip(header, cells, strict=False) if name}
        if any(told.values()):
            yield one.first_row + index, told


class _Reader:
    """Reads the rows of one file; all of them must be of one unit in one sending."""

    def __init__(self, ws: Workspace, sweep: SweepHead, path: Path, received: date, who: str, at: datetime) -> None:
        self._ws, self._sweep, self._path = ws, sweep, path
        self._received, self._who, self._at = received, who, at
        self._sent = ws.store.consultations(sweep.name)
        self._sha256 = hashlib.sha256(path.read_bytes()).hexdigest()
        self._names = {one.account_id: one.name for one in ws.sweep(sweep.name).accounts}
        # a sheet may have been filled in before its unit objected on its page: it takes nothing back
        waiting = unanswered(ws.store.objections(sweep.name))
        self._waiting = {(one.account_id, one.code) for one in waiting if one.file == online.FILE}
        self._units: dict[str, None] = {}
        self._attached: dict[str, bytes] = {}

    @property
    def organisation(self) -> str:
        """The unit whose sheet it is; empty before a row was read."""
        return next(iter(self._units), "")

    def mixed(self) -> Iterator[str]:
        """That rows of several units stand in one file."""
        if len(self._units) > 1:
            yield f"{self._path.name} 里混有{len(self._units)}个单位的行:{'、'.join(self._units)};请各单位各交一份"

    def read(self, number: int, cells: Mapping[str, str]) -> Objection | None:
        """One row; None = no opinion was given. Raises _Wrong."""
        sent, organisation = self._about(cells)
        self._units[organisation] = None
        said, why, proof = (cells.get(name, "") for name in ("意见", "理由", "证明材料"))
        if not (said or why or proof):
            return None
        objects = _opinion(said)
        if not objects and (cells["编号"], cells["代码"]) in self._waiting:
            raise _Wrong("单位在网上对这条提出了异议,还没有答复,不能用反馈表改成“无异议”;请先在“征求意见”答复,再收这份表")
        attachments, words = self._attachments(proof)
        told = ";".join(filter(None, (why, f"证明材料:{words}" if words else "")))
        if objects and not told:
            raise _Wrong("写了“有异议”,没有写理由;请补上理由")
        return Objection(
            consultation=sent.id,
            sweep=self._sweep.name,
            account_id=cells["编号"],
            code=cells["代码"],
            objects=objects,
            words="" if said in (sheet.AGREES, sheet.OBJECTS) else plain(said, CELL_MOST),
            why=plain(told, CELL_MOST),
            who=organisation,
            received_on=self._received,
            late=self._received > sent.deadline,
            file=plain(self._path.name),
            sha256=self._sha256,
            line=number,
            attachments=attachments,
            at=self._at,
            taken_by=self._who,
        )

    def _about(self, cells: Mapping[str, str]) -> tuple[Consultation, str]:
        """The sending and the unit that a row belongs to."""
        told = _NUMBER.fullmatch(cells.get("批次", ""))
        if told is None:
            raise _Wrong(
                f"“批次”一栏是“{plain(cells.get('批次', ''), 60)}”,应照发出的反馈表,例如“{sheet.batch(self._sweep.name, 1)}”"
            )
        if told["sweep"] != self._sweep.name:
            raise _Wrong(
                f"这是批次 {plain(told['sweep'], 60)} 的反馈表,现在收的是批次 {self._sweep.name};"
                "收那一批请加 --sweep(网页版:先选那一次检查)"
            )
        if int(told["number"]) > len(self._sent):
            raise _Wrong(f"批次 {self._sweep.name} 没有第{told['number']}次征求意见;请用发出的反馈表填")
        sent = self._sent[int(told["number"]) - 1]
        pair = cells.get("编号", ""), cells.get("代码", "")
        organisation = next((one.organisation for one in sent.asked if pair in one.findings), None)
        if organisation is None:
            raise _Wrong(f"编号“{plain(pair[0], 60)}”、代码“{plain(pair[1], 60)}”不是征求过意见的问题;这两栏请勿改动")
        name = self._names.get(pair[0], "")
        if key(name) not in key(cells.get("账号", "")):
            raise _Wrong(f"账号“{plain(cells.get('账号', ''), 60)}”与编号 {pair[0]}(“{plain(name)}”)对不上;请勿单独移动某一栏")
        return sent, organisation

    def _attachments(self, proof: str) -> tuple[tuple[Attachment, ...], str]:
        """Files named in 证明材料, which lie beside the sheet, and what else stands there."""
        return tuple(map(self._attachment, dict.fromkeys(_FILE.findall(proof)))), plain(
            _FILE.sub("", proof).strip(" ;；、,，"), CELL_MOST
        )

    def _attachment(self, name: str) -> Attachment:
        shown = plain(name, 120)
        if "/" in name or "\\" in name or ":" in name or name.startswith("."):
            raise _Wrong(f"证明材料“{shown}”不是单纯的文件名;请把文件放在反馈表旁边,只写文件名")
        path = self._path.parent / name
        try:
            if not path.is_file():
                raise _Wrong(f"证明材料“{shown}”不在反馈表旁边;请放到 {self._path.parent},或改正文件名")
            if path.stat().st_size > MOST:
                raise _Wrong(f"证明材料“{shown}”超过 {MOST // 2**20} MB;请压缩后再交")
            raw = path.read_bytes()
        except OSError as error:
            raise _Wrong(f"证明材料“{shown}”读不了({reason(error)});请检查文件") from error
        sha256 = hashlib.sha256(raw).hexdigest()
        self._attached[sha256] = raw
        return Attachment(name=shown, sha256=sha256, size=len(raw))

    def keep_attachments(self) -> None:
        """Copy them into the workspace under their hash. Raises UsageError when it cannot be written."""
        for sha256, raw in self._attached.items():
            path = self._ws.root / FOLDER / sha256
            if not path.is_file():
                put(path, raw)


def _opinion(said: str) -> bool:
    """Whether it objects."""
    if said.startswith(sheet.OBJECTS):
        return True
    if said.startswith(sheet.AGREES):
        return False
    raise _Wrong(f"“意见”一栏是“{plain(said, 60)}”;应选“{sheet.AGREES}”或“{sheet.OBJECTS}”")
