"""截图: uploaded pictures lie beside the accounts in order, can be moved, given, removed; shown only as checked images.

Whoever sees some accounts alone has the pictures beside these, and cannot give them away.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated
from urllib.parse import quote

from fastapi import APIRouter, Depends, File, Form, HTTPException, Request, UploadFile
from fastapi.responses import HTMLResponse, JSONResponse, Response

from tracker import pictures
from tracker.console.checks import current_head
from tracker.console.desk import Desk, OnDesk
from tracker.console.look_views import Shot
from tracker.console.pages.looks import who_of
from tracker.console.render import after, page
from tracker.console.rights import own
from tracker.console.signing import checked, signed_of
from tracker.console.tasks import Item, queue
from tracker.errors import UsageError
from tracker.store import LoosePicture

router = APIRouter()


@dataclass(frozen=True, slots=True, kw_only=True)
class Beside:
    """One account and the pictures beside it."""

    account_id: str
    name: str
    kind: str
    shots: tuple[Shot, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class PicturesPage:
    """`looks_pictures.html`: accounts in their order, pictures that belong to nobody, and whom a picture can be given to."""

    rows: tuple[Beside, ...]
    loose: tuple[Shot, ...]
    everybody: tuple[tuple[str, str], ...]
    """Account id and name."""


@router.get("/pictures")
def laid_out(request: Request, desk: OnDesk) -> HTMLResponse:
    """All pictures that no look has taken along yet."""
    found, lying = _waiting(desk), desk.ws.store.pictures()
    known = {one.account.account_id for one in found}
    others = [one.account_id for one in lying if one.account_id and one.account_id not in known]
    accounts = [*(one.account for one in found), *(one for own in dict.fromkeys(others) if (one := desk.ws.store.account(own)))]
    shots = _by_account(lying)
    context = PicturesPage(
        rows=tuple(
            Beside(account_id=one.account_id, name=one.name, kind=one.kind, shots=shots.get(one.account_id, ()))
            for one in accounts
        ),
        loose=shots.get("", ()),
        everybody=tuple((one.account_id, f"{one.name}({one.kind})") for one in accounts),
    )
    return page(request, "looks_pictures.html", "截图", context)


def _by_account(lying: Sequence[LoosePicture]) -> Mapping[str, tuple[Shot, ...]]:
    found: dict[str, tuple[Shot, ...]] = {}
    for one in lying:
        found[one.account_id] = (*found.get(one.account_id, ()), Shot(number=one.id, name=one.name))
    return found


def _waiting(desk: Desk) -> list[Item]:
    at = desk.clock()
    return list(queue(desk, current_head(desk.ws, at), at).waiting())


@router.post("/pictures", dependencies=[Depends(checked)])
def take(
    request: Request,
    desk: OnDesk,
    account_id: Annotated[str, Form()] = "",
    picture: Annotated[list[UploadFile] | None, File()] = None,
) -> Response:
    """Take pictures in: beside the named account, or without one beside the waiting accounts in the order of their file names."""
    own(request, account_id)
    if account_id and desk.ws.store.account(account_id) is None:
        raise UsageError("台账里没有这个账号;请回到待人工列表")
    sent = sorted((one for one in picture or () if one.filename), key=lambda one: pictures.in_order(one.filename or ""))
    new, refused = _all_in(desk, sent, account_id, who_of(request, desk))
    if not account_id:
        desk.ws.store.give_pictures(
            pictures.lay_out(desk.ws.store.pictures(), [one.account.account_id for one in _waiting(desk)])
        )
    told = _told(len(sent), new, refused)
    if request.headers.get("accept") == "application/json":
        beside = [{"number": one.id, "name": one.name} for one in desk.ws.store.pictures(account_id)] if account_id else []
        return JSONResponse({"told": told, "pictures": beside}, status_code=422 if refused else 200)
    return after(f"/looks/{quote(account_id)}" if account_id else "/pictures", told)


def _all_in(desk: Desk, sent: Sequence[UploadFile], account_id: str, who: str) -> tuple[int, list[str]]:
    """How many were new, and why others were refused: one bad file does not turn the good ones away."""
    new, refused = 0, []
    for one in sent:
        try:
            new += pictures.take_in(desk.ws, one.file, one.filename or "", account_id=account_id, who=who, at=desk.clock())
        except UsageError as error:
            refused.append(str(error))
    return new, refused


def _told(sent: int, new: int, refused: Sequence[str]) -> str:
    if not sent:
        return "没有选择图片;请先选择一张或多张图片"
    again = sent - new - len(refused)
    parts = [f"收下 {new} 张截图"] if new else []
    parts += [f"{again} 张与已有的完全相同,没有重复收"] if again else []
    return ";".join([*parts, *refused[:3], *([f"还有 {len(refused) - 3} 张没有收下"] if len(refused) > 3 else [])])


@router.get("/pictures/{number}")
def shown(request: Request, desk: OnDesk, number: int) -> Response:
    """One loose picture as an image of its checked kind."""
    found = desk.ws.store.picture(number)
    if found is None:
        raise HTTPException(404)
    own(request, found.account_id)
    return _image(pictures.read(desk.ws, found), found.kind)


def _image(body: bytes, kind: str) -> Response:
    # `nosniff` is on every answer; an image that somebody opens by itself can run nothing either way
    return Response(
        pictures.shown_bytes(body),
        media_type=kind,
        headers={"Content-Security-Policy": "default-src 'none'", "Content-Disposition": "inline"},
    )


@router.get("/pictures/kept/{account_id}")
def kept(desk: OnDesk, account_id: str, file: str, place: int) -> Response:
    """A picture that a look has taken along: the `place`-th exchange of a visit of this account."""
    visit = next((one for one in desk.ws.store.visits_of(account_id) if one.file == file), None)
    exchanges = desk.ws.evidence.read(visit.file, sha256=visit.sha256)[1] if visit else ()
    if not 0 < place < len(exchanges) or exchanges[place].page != pictures.PAGE:
        raise HTTPException(404)
    kind = pictures.kind_of(exchanges[place].body[:12])
    if not kind:
        raise HTTPException(404)
    return _image(exchanges[place].body, kind)


@router.post("/pictures/{number}", dependencies=[Depends(checked)])
def move(
    request: Request,
    desk: OnDesk,
    number: int,
    to: Annotated[str, Form()],
    account_id: Annotated[str, Form()] = "",
    back: Annotated[str, Form()] = "",
) -> Response:
    """`to`: earlier or later (with all that follow), give (to `account_id`), free (to nobody), drop."""
    found = desk.ws.store.picture(number)
    if found is None:
        raise UsageError("这张截图已经不在了,可能在另一处保存或删除了;请刷新页面")
    own(request, found.account_id)
    if to != "drop" and not signed_of(request).person.scope.everything:
        raise HTTPException(403, "您可以删除自己账号的截图;分给别的账号请找市级")
    told = _moved(desk, found, to, account_id)
    if back and desk.ws.store.account(back):
        return after(f"/looks/{quote(back)}", told)
    answer = after("/pictures", told)
    answer.headers["location"] += f"#picture-{number}"
    return answer


def _moved(desk: Desk, found: LoosePicture, to: str, account_id: str) -> str:
    store = desk.ws.store
    if to in ("earlier", "later"):
        accounts = [one.account.account_id for one in _waiting(desk)]
        store.give_pictures(pictures.shifted(store.pictures(), found.id, accounts, 1 if to == "later" else -1))
        return "这一张和后面的都移了一个账号"
    if to == "give":
        account = store.account(account_id)
        if account is None:
            raise UsageError("请先选择要归到的账号")
        store.give_pictures({found.id: account.account_id})
        return f"截图归到“{account.name}”"
    if to == "free":
        store.give_pictures({found.id: ""})
        return "截图放回未归属的一堆"
    if to == "drop":
        pictures.forget(desk.ws, [found])
        return f"已删除“{found.name}”"
    raise UsageError("不认识的操作;请刷新页面再试")
