"""检查一份通报: what can be said of a bulletin and its annexes without keeping them (domain/bulletin.md §5, annexes.md)."""

from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from tracker.checking import Disagreement, Done, Record, check
from tracker.errors import UsageError
from tracker.files import read_sheets
from tracker.model import Sheet
from tracker.registry import Look, read_looks
from tracker.registry.doubts import numbering
from tracker.registry.header import find_header
from tracker.registry.lines import Lines
from tracker.report import formal_check, record_for
from tracker.rulebook.taxonomy import kind_of, read_phrases
from tracker.workspace import Workspace

_AGES = ("UPD-01", "UPD-02", "UPD-03")
_TWO_WEEKS = 14
"""检查指标: 监测时间点前2周内无更新 (domain/rules.md); fewer days are no breach under any profile."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Counted:
    """One kind of finding in the file: its code, what it is called, on how many rows, in which words (most used first)."""

    code: str
    title: str
    rows: int
    words: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Annex:
    """What a file holds. `problems`: rows that could not be read; `warnings`: what should be looked at; whole sentences."""

    file: str
    rows: int
    check_date: date
    """Counted with where the file has none of its own."""
    kinds: tuple[Counted, ...]
    problems: tuple[str, ...]
    warnings: tuple[str, ...]
    dropped: tuple[str, ...]
    """Headers of columns with personal data, which were not read."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """One check of a bulletin that found something: what cannot stand, and what only deserves a look."""

    title: str
    wrong: tuple[Disagreement, ...]
    minor: tuple[Disagreement, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Checked:
    """Files held against each other and, where they are ours, against the workspace."""

    files: tuple[str, ...]
    wrong: int
    minor: int
    groups: tuple[Group, ...]
    passed: tuple[Done, ...]
    """Checks that ran and found nothing."""
    skipped: tuple[Done, ...]
    """Checks that could not be run, each with the reason."""
    against: str
    """Whether the workspace's own results were held against them; empty where it has none."""
    prose: bool
    """Whether there was a bulletin's text among them, not tables alone."""
    annexes: tuple[Annex, ...]
    """What the tables hold, file by file; a file without a list of accounts is left out."""


def look_over(ws: Workspace, paths: Sequence[Path], on: date) -> Checked:
    """Check files together. Nothing is kept. Raises UsageError when one cannot be read."""
    record, against = _known(ws, paths)
    found = check(paths, record=record)
    by_slug: dict[str, list[Disagreement]] = {}
    for one in found.disagreements:
        by_slug.setdefault(one.check, []).append(one)
    ran = [one for one in found.checked if one.ran]
    return Checked(
        files=found.files,
        wrong=len(found.wrong),
        minor=len(found.disagreements) - len(found.wrong),
        groups=tuple(_group(one, by_slug[one.check]) for one in ran if one.check in by_slug),
        passed=tuple(one for one in ran if one.check not in by_slug),
        skipped=tuple(one for one in found.checked if not one.ran),
        against=against,
        prose=any(path.suffix.lower() == ".docx" for path in paths),
        annexes=tuple(_annexes(paths, on)),
    )


def _known(ws: Workspace, paths: Sequence[Path]) -> tuple[Record | None, str]:
    checks = [one.name for one in ws.store.sweeps() if one.kind == "check"]
    if not checks or ws.store.last_head(checks[-1]) is None:
        return None, ""
    return record_for(ws, paths, formal_check(ws, None), asked=False)


def _group(done: Done, found: Sequence[Disagreement]) -> Group:
    return Group(
        title=done.title,
        wrong=tuple(one for one in found if not one.harmless),
        minor=tuple(one for one in found if one.harmless),
    )


def _annexes(paths: Sequence[Path], on: date) -> Iterator[Annex]:
    for path in paths:
        with suppress(UsageError):
            yield inspect(path, on)


def inspect(path: Path, on: date) -> Annex:
    """Read an annex (.docx, .xlsx, .xls, .csv). Nothing is kept. Raises UsageError when no table in it can be read."""
    sheets = read_sheets(path)
    read = read_looks(sheets, check_date=on, printed=True)
    own = (*_unknown(read.rows), *_ages(read.rows), *_numbers(sheets))
    return Annex(
        file=path.name,
        rows=len(read.rows),
        check_date=on,
        kinds=_count(read.rows),
        problems=tuple(map(str, read.problems)),
        warnings=(*read.warnings, *own),
        dropped=read.dropped,
    )


def _count(looks: Sequence[Look]) -> tuple[Counted, ...]:
    rows: Counter[str] = Counter()
    words: dict[str, Counter[str]] = {}
    for look in looks:
        found = {(phrase.code or "", phrase.text) for phrase in read_phrases(look.found)}
        rows.update({code for code, _ in found})
        for code, text in found:
            words.setdefault(code, Counter())[text] += 1
    return tuple(
        Counted(code=code, title=_title(code), rows=count, words=tuple(text for text, _ in words[code].most_common(3) if text))
        for code, count in rows.most_common()
    )


def _title(code: str) -> str:
    if code == "EMPTY":
        return "没有写问题"
    kind = kind_of(code) if code else None
    return kind.title if kind else "不认识的用语"


def _unknown(looks: Sequence[Look]) -> Iterator[str]:
    for look in looks:
        for text in (phrase.text for phrase in read_phrases(look.found) if phrase.code is None):
            yield f"“{look.sheet}”第 {look.row} 行“{look.name}”的问题用语“{text}”不在常用说法里,请核对是否写错。"


def _ages(looks: Sequence[Look]) -> Iterator[str]:
    """A row that says that nothing was posted for weeks beside a date that is fresh."""
    for look in looks:
        told = next((phrase.text for phrase in read_phrases(look.found) if phrase.code in _AGES), "")
        if told and look.last_post and (days := (look.check_date - look.last_post).days) < _TWO_WEEKS:
            yield (
                f"“{look.sheet}”第 {look.row} 行“{look.name}”写的是“{told}”,"
                f"但最后更新日期 {look.last_post} 距检查日期 {look.check_date} 只有 {days} 天,两者对不上,请核对。"
            )


def _numbers(sheets: Sequence[Sheet]) -> Iterator[str]:
    for sheet in sheets:
        header = find_header(sheet)
        if header is not None:
            yield from numbering(sheet, list(Lines(sheet, header, []).read()))
