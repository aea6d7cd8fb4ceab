"""Prints of forms, consultations, objections and rulings as records."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import Literal

PrintKind = Literal["draft", "final"]


@dataclass(frozen=True, slots=True, kw_only=True)
class PrintedFinding:
    """One finding as a print held it; `status` is that of `model.Status`."""

    code: str
    message: str
    status: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PrintedAccount:
    """One account that a print names: its conclusion then, and the cells of its rows as printed."""

    account_id: str
    name: str
    kind: str
    organisation: str
    conclusion: str
    word: str
    findings: tuple[PrintedFinding, ...] = ()
    cells: tuple[Mapping[str, str], ...] = ()
    """One mapping per row that names the account: field of the form's row → text, without 序号."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PrintedFile:
    """One file: `name` is the bare one, which the newest print bears."""

    name: str
    sha256: str

    def numbered(self, label: str) -> str:
        """The name with the number word: `…不合格名单(第2稿).docx`."""
        stem, dot, suffix = self.name.rpartition(".")
        return f"{stem}({label}){dot}{suffix}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Print:
    """One print of a form (稿次). `number` 0 = not numbered yet; `part` 2, 3 … = further files of the same content.

    `judgement` is the number of the judgement, `gates` the slugs of the closed gates that `reason` released.
    """

    token: str
    """Names the folder in which its files were made."""
    sweep: str
    period: str | None
    form: str
    whom: str = ""
    """Account id of a report on one account; empty for everything else."""
    kind: PrintKind
    number: int = 0
    part: int = 1
    content: str
    """Digest of what was printed, whatever the format."""
    title: str
    judgement: int
    profile: str
    profile_digest: str
    at: datetime
    who: str
    reason: str = ""
    gates: tuple[str, ...] = ()
    files: tuple[PrintedFile, ...] = ()
    rows: tuple[PrintedAccount, ...] = ()
    id: int = field(default=0, compare=False)

    @property
    def label(self) -> str:
        """第1稿, 第2稿 …; 印发稿, 更正1, 更正2 …."""
        return label_of(self.kind, self.number)


def label_of(kind: PrintKind, number: int) -> str:
    """The number word of a print."""
    if kind == "draft":
        return f"第{number}稿"
    return "印发稿" if number == 1 else f"更正{number - 1}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What one unit was asked about: `findings` are (account id, code) pairs."""

    organisation: str
    findings: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Consultation:
    """One sending of 征求意见; opinions are due on `deadline`, that day included."""

    sweep: str
    judgement: int
    deadline: date
    at: datetime
    who: str
    asked: tuple[Asked, ...]
    files: tuple[str, ...] = ()
    id: int = 0


class Ruled(StrEnum):
    """What became of an objection."""

    ACCEPTED = "采纳"
    PARTLY = "部分采纳"
    REJECTED = "不采纳"


@dataclass(frozen=True, slots=True, kw_only=True)
class Ruling:
    """The office's answer to one objection; `words` = the printed words from now on, for 部分采纳 only."""

    objection: int
    outcome: Ruled
    words: str = ""
    why: str
    who: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Attachment:
    """A file that came with a reply; its bytes lie in the workspace below objections/ under the hash."""

    name: str
    sha256: str
    size: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Objection:
    """What a unit said of one finding. `objects` False = 无异议."""

    consultation: int | None
    """Number of the sending that it answers; None = it answers a final print that no sending came before."""
    sweep: str
    account_id: str
    code: str
    objects: bool
    words: str = ""
    """意见, beyond 有异议 or 无异议: empty where the cell holds the drop-down's word alone."""
    why: str = ""
    who: str
    """The unit."""
    received_on: date
    late: bool
    """Received after the deadline."""
    file: str
    sha256: str
    line: int
    """Row in the file, header = 1."""
    attachments: tuple[Attachment, ...] = ()
    at: datetime
    taken_by: str
    id: int = 0
    ruling: Ruling | None = field(default=None, compare=False)
    """The last answer; None = not answered."""
