"""Numbering a print: made aside, counted in the store, then put in its place."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from pathlib import Path

from tracker.reports.form import Context
from tracker.store import JudgementHead, Print, PrintedAccount, PrintedFile, PrintKind, SweepHead
from tracker.versions.folders import Placed, Workshop, digest, same, settle
from tracker.workspace import Workspace

Maker = Callable[[Path], Sequence[Path]]
"""Writes the files of a print into a folder and returns them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Series:
    """Whose numbers go on: a form of a sweep (for a report on one account: of that account), drafts apart from finals."""

    sweep: SweepHead
    form: str
    kind: PrintKind
    whom: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Published:
    """A numbered print. `again` = its content had been printed before and keeps that number."""

    label: str
    placed: tuple[Placed, ...]
    again: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Imprint:
    """What is kept of a print beside its files."""

    series: Series
    content: str
    title: str
    judgement: JudgementHead
    rows: tuple[PrintedAccount, ...]
    who: str
    at: datetime
    reason: str = ""
    gates: tuple[str, ...] = ()


def content_of(contexts: Sequence[Context], templates: Path) -> str:
    """Digest of what is printed, the same in every format; the office's own templates count, for they change the paper."""
    told = sha256(repr(contexts).encode("utf-8", "surrogatepass"))
    for path in sorted((templates / "reports").glob("*")):
        if path.is_file():
            told.update(path.name.encode("utf-8", "surrogatepass"))
            told.update(path.read_bytes())
    return told.hexdigest()


def publish(ws: Workspace, workshop: Workshop, files: Sequence[Path], imprint: Imprint) -> Published:
    """Number the files that lie in the workshop and put them in their place.

    The same content again keeps its number; a file of it that still lies there as printed is not written anew. Raises
    UsageError for an unknown sweep or a folder that cannot be written.
    """
    to, series = workshop.to, imprint.series
    before = ws.store.last_print(series.sweep.name, series.form, series.whom, series.kind)
    again = before is not None and before.content == imprint.content
    kept = {path.name: found for path in files if before and again and (found := _lies(ws, before, to, path.name))}
    for path in files:
        if path.name in kept:
            path.unlink()
    fresh = [path for path in files if path.name not in kept]
    if before is not None and again and not fresh:
        return Published(label=before.label, placed=tuple(Placed(path=path) for path in kept.values()), again=True)
    told = ws.store.add_print(_print(imprint, workshop.token, [(path.name, digest(path)) for path in fresh]))
    placed = settle(ws, to, imprint.at).get(told.token, ())
    by_name = {file.name: one for file, one in zip(told.files, placed, strict=False)}
    where = {file.name: _place_of(to, file, told.label) or to / file.numbered(told.label) for file in told.files}
    return Published(
        label=told.label,
        placed=tuple(by_name.get(path.name) or Placed(path=kept.get(path.name) or where[path.name]) for path in files),
        again=again,
    )


def _print(imprint: Imprint, token: str, files: Sequence[tuple[str, str]]) -> Print:
    series, head = imprint.series, imprint.judgement
    return Print(
        token=token,
        sweep=series.sweep.name,
        period=series.sweep.period,
        form=series.form,
        whom=series.whom,
        kind=series.kind,
        content=imprint.content,
        title=imprint.title,
        judgement=head.number,
        profile=head.profile,
        profile_digest=head.profile_digest,
        at=imprint.at,
        who=imprint.who,
        reason=imprint.reason,
        gates=imprint.gates,
        files=tuple(PrintedFile(name=name, sha256=sha) for name, sha in files),
        rows=imprint.rows,
    )


def _lies(ws: Workspace, before: Print, to: Path, name: str) -> Path | None:
    """Where a file of an earlier part of this print still lies as it was printed."""
    for one in ws.store.prints(before.sweep, before.form):
        if (one.whom, one.kind, one.number) == (before.whom, before.kind, before.number):
            for file in one.files:
                if file.name == name and (found := _place_of(to, file, one.label)):
                    return found
    return None


def _place_of(to: Path, file: PrintedFile, label: str) -> Path | None:
    return next((to / name for name in (file.name, file.numbered(label)) if same(to / name, file.sha256)), None)
