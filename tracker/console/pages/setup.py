"""设置: place, profile, check period, registry file, one person or two; all of it is taken over, or nothing."""

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from pathlib import Path
from typing import Annotated

from fastapi import APIRouter, Depends, Form, Request, UploadFile
from fastapi.responses import HTMLResponse, Response

from tracker import settings
from tracker.clock import day
from tracker.console.desk import Desk, OnDesk
from tracker.console.pages.looks import who_of
from tracker.console.problem_rows import BadSheet, bad_sheets
from tracker.console.render import after, page
from tracker.console.signing import OnPerson, checked
from tracker.enrol import Imported, import_accounts, preview_accounts
from tracker.errors import UsageError, reason
from tracker.model import Period
from tracker.reports.wording import plain
from tracker.rulebook.profile import names

router = APIRouter()

_QUARTERS = "一二三四"
_QUARTER = re.compile(r"(\d{4})年第([一二三四])季度")
_MOST = 60
"""Characters of a place, a scope or a period's title."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Answers:
    """The form as filled in: texts as typed. `kept` names a registry file that was uploaded before, `kept_name` its name."""

    place: str
    scope: str
    profile: str
    period: str
    first: str
    last: str
    persons: str
    kept: str = ""
    kept_name: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ProfileChoice:
    """A profile that can be chosen."""

    name: str
    title: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SetupPage:
    """`setup.html`. `errors` by field of the form; `told` = what was read of the registry file where it holds bad rows."""

    answers: Answers
    profiles: tuple[ProfileChoice, ...]
    accounts: int
    """How many are filed already: then no file is needed."""
    errors: Mapping[str, str]
    told: Imported | None
    """Its problems and warnings stand in place."""
    sheets: tuple[BadSheet, ...]
    """The rows of the file with something wrong, each with its problems at their cells."""


@router.get("/setup")
def setup(request: Request, desk: OnDesk) -> HTMLResponse:
    """The form, with what is set already or a sensible default."""
    _not_in_sample(desk)
    return _form(request, desk, _present(desk), {}, None, None)


def _answered(
    place: Annotated[str, Form()] = "",
    scope: Annotated[str, Form()] = "",
    profile: Annotated[str, Form()] = "",
    period: Annotated[str, Form()] = "",
    first: Annotated[str, Form()] = "",
    last: Annotated[str, Form()] = "",
    persons: Annotated[str, Form()] = "1",
    kept: Annotated[str, Form()] = "",
) -> Answers:
    return Answers(
        place=plain(place, _MOST),
        scope=plain(scope, _MOST),
        profile=profile,
        period=plain(period, _MOST),
        first=first,
        last=last,
        persons=persons,
        kept=kept,
    )


@router.post("/setup", dependencies=[Depends(checked)])
def take(
    request: Request,
    desk: OnDesk,
    signed: OnPerson,
    answers: Annotated[Answers, Depends(_answered)],
    file: UploadFile | None = None,
) -> Response:
    """Check everything, then take it over in one step; else the form again, each error at its place and nothing changed."""
    _not_in_sample(desk)
    errors, owner = _errors(desk, answers), signed.person.login
    answers, path = _file(desk, answers, file, owner, errors)
    told = _read(desk, path, errors)
    if errors or (told and told.changes is None):
        return _form(request, desk, answers, errors, told, path, status=400)
    imported = _take_over(desk, answers, path, who_of(request, desk))
    desk.uploads.drop(answers.kept, owner)
    count = f",导入 {len(imported.changes.new)} 个新账号" if imported and imported.changes else ""
    return after("/", f"设置已保存{count}")


def _not_in_sample(desk: Desk) -> None:
    if desk.in_sample:
        raise UsageError("示例的设置不能改;请先点上面的“回到自己的工作区”")


def _errors(desk: Desk, answers: Answers) -> dict[str, str]:
    errors = {}
    if not answers.place:
        errors["place"] = "请填地名,例如 宝鸡市"
    if not answers.scope:
        errors["scope"] = "请填标题里的范围,例如 全市政府系统"
    if answers.profile not in names([desk.ws.root / "profiles"]):
        errors["profile"] = "没有这个口径,请从列表里选"
    if not answers.period:
        errors["period"] = "请填检查期的名称,例如 2026年第四季度"
    for field, word in (("first", "第一天"), ("last", "最后一天")):
        if _day(getattr(answers, field)) is None:
            errors[field] = f"{word}看不懂;请写成 2026-11-06"
    first, last = _day(answers.first), _day(answers.last)
    if first and last and last < first:
        errors["last"] = "最后一天不能早于第一天"
    if answers.persons not in ("1", "2"):
        errors["persons"] = "请选一个人或两个人"
    return errors


def _file(
    desk: Desk, answers: Answers, file: UploadFile | None, owner: str, errors: dict[str, str]
) -> tuple[Answers, Path | None]:
    """The registry file: the one uploaded now, else the one kept from the try before."""
    try:
        if file is not None and file.filename:
            answers = replace(answers, kept=desk.uploads.take(file, owner))
        if answers.kept:
            path = desk.uploads.path(answers.kept, owner)
            return replace(answers, kept_name=path.name), path
    except UsageError as error:
        errors["file"] = str(error)
        return replace(answers, kept=""), None
    if not desk.ws.store.accounts():
        errors["file"] = "请选台账文件"
    return answers, None


def _read(desk: Desk, path: Path | None, errors: dict[str, str]) -> Imported | None:
    if path is None:
        return None
    try:
        told = preview_accounts(desk.ws, path, desk.adapters, skip_bad=False)
    except UsageError as error:
        errors["file"] = str(error)
        return None
    if told.problems:
        errors["file"] = f"{path.name} 有 {len(told.problems)} 处错误,什么也没有保存;请照下面的说明改好后重新选这个文件"
    return told


def _take_over(desk: Desk, answers: Answers, path: Path | None, who: str) -> Imported | None:
    ws, at = desk.ws, desk.clock()
    first, last = _day(answers.first), _day(answers.last)
    if first is None or last is None:
        raise UsageError("检查期的日期没有填好")
    with ws.store.transaction():
        ws.store.put_period(Period(name=_short(answers.period), title=answers.period, start=first, end=last))
        told = import_accounts(ws, path, desk.adapters, skip_bad=False, who=who, at=at) if path else None
        # last in the transaction: where it cannot be written, nothing else is kept either
        _write(ws.root / settings.FILE, answers)
    desk.reload()
    return told


def _write(path: Path, answers: Answers) -> None:
    values: dict[str, str | int] = {
        "place": answers.place,
        "scope": answers.scope,
        "profile": answers.profile,
        "persons": int(answers.persons),
    }
    partial = path.with_name(f"{path.name}.partial")
    try:
        text = settings.rewritten(path.read_text(encoding="utf-8-sig"), values)
        with partial.open("w", encoding="utf-8", newline="\n") as out:
            out.write(text)
            out.flush()
            os.fsync(out.fileno())
        partial.replace(path)
    except OSError as error:
        raise UsageError(f"写不进 {path}({reason(error)});请检查文件夹权限,或关掉正在打开它的程序") from error
    finally:
        partial.unlink(missing_ok=True)


def _form(
    request: Request,
    desk: Desk,
    answers: Answers,
    errors: Mapping[str, str],
    told: Imported | None,
    path: Path | None,
    *,
    status: int = 200,
) -> HTMLResponse:
    context = SetupPage(
        answers=answers,
        profiles=tuple(_profiles(desk)),
        accounts=len(desk.ws.store.accounts()),
        errors=errors,
        told=told if told and (told.problems or errors) else None,
        sheets=bad_sheets(path, told.problems) if path and told else (),
    )
    return page(request, "setup.html", "设置", context, status=status)


def _profiles(desk: Desk) -> list[ProfileChoice]:
    found = []
    for name in names([desk.ws.root / "profiles"]):
        try:
            found.append(ProfileChoice(name=name, title=desk.ws.profile(name).title))
        except UsageError:
            # a profile of the office's own that is written wrongly cannot be chosen; `tracker rules lint` says why
            continue
    return found


def _present(desk: Desk) -> Answers:
    ws, today = desk.ws, day(desk.clock())
    held = ws.period_on(today)
    period = (ws.store.period(held) if held else None) or quarter_of(today)
    fresh = not ws.store.accounts() and ws.settings.place == settings.Settings.model_fields["place"].default
    return Answers(
        place="" if fresh else ws.settings.place,
        scope=ws.settings.scope,
        profile=ws.settings.profile,
        period=period.title,
        first=period.start.isoformat(),
        last=period.end.isoformat(),
        persons=str(ws.settings.persons or 2),
    )


def quarter_of(on: date) -> Period:
    """The calendar quarter of a day as a period: 2026Q4, 2026年第四季度."""
    number = (on.month - 1) // 3
    start = date(on.year, number * 3 + 1, 1)
    end = (start + timedelta(days=95)).replace(day=1) - timedelta(days=1)
    return Period(name=f"{on.year}Q{number + 1}", title=f"{on.year}年第{_QUARTERS[number]}季度", start=start, end=end)


def _short(title: str) -> str:
    """The name by which commands know a period: 2026Q4 for a quarter, else the title itself."""
    told = _QUARTER.fullmatch(title)
    return f"{told[1]}Q{_QUARTERS.index(told[2]) + 1}" if told else title


def _day(told: str) -> date | None:
    try:
        return date.fromisoformat(told)
    except ValueError:
        return None
