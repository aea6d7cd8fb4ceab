"""What the pages of letters share: which check they are about, files that were printed, files that units sent."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from fastapi import HTTPException, Request
from fastapi.responses import Response

from tracker import attached
from tracker.attached import PDF
from tracker.console.render import attachment, page
from tracker.errors import UsageError
from tracker.report import formal_check
from tracker.store import Attachment, Print, PrintedFile, SweepHead
from tracker.versions.folders import same
from tracker.workspace import Workspace

DRAFTS = "草稿"
"""Folder of drafts below the workspace's reports: a draft never takes the place of the final list."""

PICTURE_HEADERS = {"Content-Security-Policy": "default-src 'none'", "Content-Disposition": "inline"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Option:
    """One line of a drop-down."""

    value: str
    word: str
    chosen: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class ProofPart:
    """A file that a unit sent: `picture` = address of it as an image, `look` = of it as text, empty where it is neither."""

    name: str
    size: str
    save: str
    picture: str = ""
    look: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class TextPage:
    """`proof.html`: a file that a unit sent, as text."""

    name: str
    text: str
    save: str


def check_of(ws: Workspace, name: str) -> SweepHead | None:
    """The check a page is about: the named one, else the one that decides the printed list; None = there is none yet.

    Raises UsageError for a name that there is not.
    """
    if name:
        return ws.head(name)
    checks = [one for one in ws.store.sweeps() if one.kind == "check"]
    return ws.head(formal_check(ws, None)) if checks else None


def checks(ws: Workspace, chosen: SweepHead | None) -> tuple[Option, ...]:
    """All formal checks for a drop-down, the newest first."""
    periods = {one.name: one.title for one in ws.store.periods()}
    found = [one for one in reversed(ws.store.sweeps()) if one.kind == "check"]
    return tuple(
        Option(
            value=one.name,
            word=f"{periods.get(one.period or '', '')} {one.name}".strip(),
            chosen=chosen is not None and one.name == chosen.name,
        )
        for one in found
    )


def size_word(size: int) -> str:
    """Bytes as people say them."""
    return f"{size / 2**20:.1f} MB" if size >= 2**20 else f"{max(1, round(size / 1024))} KB"


def printed_path(ws: Workspace, told: Print, file: PrintedFile) -> Path | None:
    """Where a printed file lies as it was printed; None where it was changed or taken away."""
    return next((path for path in _candidates(ws, told, file) if same(path, file.sha256)), None)


def _candidates(ws: Workspace, told: Print, file: PrintedFile) -> Iterator[Path]:
    name = Path(file.name)
    for folder in (ws.reports, ws.reports / DRAFTS):
        yield from (folder / file.name, folder / file.numbered(told.label))
        if folder.is_dir():
            yield from (one for one in folder.iterdir() if one.suffix == name.suffix and one.name.startswith(name.stem))


def proof_parts(ws: Workspace, attachments: Sequence[Attachment], address: str) -> tuple[ProofPart, ...]:
    """The files of an answer; `address` is where they are fetched, to be followed by their place."""
    return tuple(_part(ws, one, f"{address}/{place}") for place, one in enumerate(attachments))


def _part(ws: Workspace, told: Attachment, address: str) -> ProofPart:
    try:
        seen = attached.view(attached.read(ws, told))
    except UsageError:
        seen = attached.View()
    return ProofPart(
        name=told.name,
        size=size_word(told.size),
        save=f"{address}?save=1",
        picture=address if seen.picture else "",
        look=address if seen.text else "",
    )


def proof(request: Request, ws: Workspace, attachments: Sequence[Attachment], place: int, save: str) -> Response:
    """One file of an answer: an image without what the phone wrote beside it, text as text, all else only to be saved."""
    if not 0 <= place < len(attachments):
        raise HTTPException(404)
    told = attachments[place]
    raw = attached.read(ws, told)
    seen = attached.view(raw)
    if seen.picture and not save:
        return Response(seen.body, media_type=seen.picture, headers=PICTURE_HEADERS)
    if seen.text and not save:
        return page(request, "proof.html", told.name, TextPage(name=told.name, text=seen.text, save=f"{request.url.path}?save=1"))
    return attachment(raw, told.name, PDF if raw.startswith(b"%PDF-") else "application/octet-stream")
