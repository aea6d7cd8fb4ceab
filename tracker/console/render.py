"""One documented object per template (DESIGN §11.9): autoescape on, undefined names fail, Python builds no markup."""

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from urllib.parse import quote

from fastapi import Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from tracker.console.desk import desk_of
from tracker.console.rights import MenuItem, menu_of
from tracker.console.signing import maybe_signed

STATIC = Path(__file__).parent / "static"
_MOST_NOTICE = 500


def after(address: str, notice: str = "") -> RedirectResponse:
    """The answer to a change: on to a page (303), with one sentence on what was done."""
    joined = "&" if "?" in address else "?"
    return RedirectResponse(f"{address}{joined}notice={quote(notice)}" if notice else address, status_code=303)


@dataclass(frozen=True, slots=True, kw_only=True)
class Frame:
    """What the frame around every page shows; templates see it as `frame`."""

    title: str
    """Of the page, in Chinese."""
    here: str
    """Address of the page, to mark the menu."""
    csrf: str
    """For the hidden field of every form."""
    menu: tuple[MenuItem, ...]
    """What the person may use; empty for a stranger."""
    name: str
    """Of the person, where there are many; else empty."""
    place: str
    """Name of the place (tracker.toml)."""
    notice: str = ""
    """One sentence on what was just done, or went wrong."""
    sample: bool = False
    """Whether the invented workspace is on screen: said on every page."""


def attachment(raw: bytes, name: str, kind: str = "application/octet-stream") -> Response:
    """Bytes to be saved under a file name in any script (RFC 5987, RFC 6266), never shown in the page's place."""
    plain = "".join(char if (char.isascii() and char.isalnum()) or char in "._-" else "_" for char in name)
    told = f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(name, safe='')}"
    return Response(raw, media_type=kind, headers={"Content-Disposition": told})


def folder() -> Path:
    """The shipped console templates: inside a wheel, or in the checkout."""
    inside = Path(__file__).parent.parent / "templates" / "console"
    return inside if inside.is_dir() else Path(__file__).parent.parent.parent / "templates" / "console"


@cache
def _environment() -> Environment:
    return Environment(loader=FileSystemLoader(folder(), encoding="utf-8"), autoescape=True, undefined=StrictUndefined)


def page(request: Request, template: str, title: str, context: object, *, status: int = 200, notice: str = "") -> HTMLResponse:
    """The page; `context` is the template's one object, seen there as `page`."""
    return HTMLResponse(_rendered(request, template, title, context, notice), status_code=status)


def part(request: Request, template: str, context: object) -> HTMLResponse:
    """A piece of a page, without the frame around it, for htmx."""
    return HTMLResponse(_rendered(request, template, "", context, ""))


def _rendered(request: Request, template: str, title: str, context: object, notice: str) -> str:
    desk = desk_of(request)
    signed = maybe_signed(request)
    told = notice or request.query_params.get("notice", "")
    frame = Frame(
        title=title,
        here=request.url.path,
        csrf=signed.csrf if signed else "",
        menu=menu_of(signed.person) if signed else (),
        name=signed.person.name if signed and not signed.person.alone else "",
        place=desk.ws.settings.place,
        notice=told[:_MOST_NOTICE],
        sample=desk.in_sample,
    )
    return _environment().get_template(template).render(frame=frame, page=context)
