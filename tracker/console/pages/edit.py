"""更正台账: one account's fields and lifecycle with a reason, its history, and its 停更报备 (domain/registry.md §5)."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Annotated
from urllib.parse import quote

from fastapi import APIRouter, Depends, Form, Request
from fastapi.responses import HTMLResponse, Response

from tracker.absence import Absence
from tracker.clock import day
from tracker.console.desk import Desk, OnDesk
from tracker.console.pages.looks import who_of
from tracker.console.render import after, page
from tracker.console.signing import checked, signed_of
from tracker.errors import UsageError
from tracker.model import Account
from tracker.registry.tables import columns, kinds
from tracker.rulebook.profile import AbsenceEffect
from tracker.text import key, squeeze

router = APIRouter()

TITLES: Mapping[str, str] = {
    "name": "账号名称",
    "kind": "类型",
    "organisation": "主办单位",
    "supervisor": "主管单位",
    "org_type": "主体类型",
    "region": "县区",
    "certified_org": "认证主体",
    "opened_on": "开设日期",
    "update_freq": "更新频率",
    "status": "状态",
    "status_date": "状态日期",
    "successor": "变更后账号",
    "url": "链接",
    "site_code": "网站标识码",
    "filed_id": "备案编号(微信号、UID 等)",
    "note": "备注",
}
"""What may be corrected here → how it is called, in the order of the form."""

_OTHERS = {
    "account_id": "编号",
    "ids": "平台编号",
    "filed_kind": "备案时的类型",
    "platform": "平台",
    "extra": "其他栏目",
    "position": "次序",
}
_DATES = ("opened_on", "status_date")
_REQUIRED = ("name", "organisation", "kind", "status")
_DATED = ("已发布关停公告", "已注销")
"""States that are nothing without their day."""
MOST = 500
"""Characters of one field."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FormField:
    """One field: `choices` empty = a line of text; `kind` is the input's type; `wrong` = what is the matter, else empty."""

    name: str
    title: str
    value: str
    kind: str
    choices: tuple[str, ...]
    wrong: str
    required: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """One change as it is shown: when, who, which field, from what to what, why."""

    when: str
    who: str
    field: str
    old: str
    new: str
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class EditPage:
    """`edit.html`. `seen` = changes that the form knows of: a later one is never written over unseen."""

    account_id: str
    name: str
    owner: str
    fields: tuple[FormField, ...]
    lifecycle: tuple[FormField, ...]
    why: str
    who: str
    ask_who: bool
    """Whether the person is asked for a name: where one works alone."""
    seen: int
    error: str
    history: tuple[Told, ...]
    absences: tuple[Absence, ...]
    excused: bool
    """Whether the profile takes excused days off the silence."""
    today: str


@router.get("/accounts/{account_id}/edit")
def edit(request: Request, desk: OnDesk, account_id: str) -> HTMLResponse:
    """The form as the account stands."""
    return _shown(request, desk, _account(desk, account_id), {}, {})


Line = Annotated[str, Form(max_length=MOST)]


def _form(
    name: Line = "",
    kind: Line = "",
    organisation: Line = "",
    supervisor: Line = "",
    org_type: Line = "",
    region: Line = "",
    certified_org: Line = "",
    opened_on: Line = "",
    update_freq: Line = "",
    status: Line = "",
    status_date: Line = "",
    successor: Line = "",
    url: Line = "",
    site_code: Line = "",
    filed_id: Line = "",
    note: Line = "",
) -> Mapping[str, str]:
    """The form as sent, by field."""
    told = locals()
    return {name: squeeze(told[name]) for name in TITLES}


@router.post("/accounts/{account_id}/edit", dependencies=[Depends(checked)])
def change(
    request: Request,
    desk: OnDesk,
    account_id: str,
    form: Annotated[Mapping[str, str], Depends(_form)],
    seen: Annotated[int, Form()],
    why: Annotated[str, Form(max_length=MOST)] = "",
    who: Annotated[str, Form()] = "",
) -> Response:
    """Put the corrected account in place of the old one; each changed field leaves a line in its history."""
    before, why = _account(desk, account_id), squeeze(why)
    changed, wrong = _read(desk, before, form)
    if not why:
        wrong["why"] = "请写明更正的理由和依据,例如:单位来函〔2026〕12号,更名"
    if wrong:
        return _shown(request, desk, before, form, wrong, why=why, who=who, seen=seen)
    with desk.ws.store.transaction():
        late = len(desk.ws.store.history(account_id)) != seen
        done = () if late else desk.ws.store.change_account(changed, who_of(request, desk, who), desk.clock(), why)
    if late:
        told = {"why": "另一处刚刚改过这个账号,没有覆盖;请看过下面的变更记录,再改一次"}
        return _shown(request, desk, _account(desk, account_id), form, told, why=why, who=who)
    back = f"/accounts/{quote(account_id)}/edit"
    return after(back, f"已更正 {'、'.join(_title(one.field) for one in done)}" if done else "没有改动,没有留下记录")


def _account(desk: Desk, account_id: str) -> Account:
    found = desk.ws.store.account(account_id)
    if found is None:
        raise UsageError("台账里没有这个账号;请从“台账”页重新打开")
    return found


def _read(desk: Desk, before: Account, form: Mapping[str, str]) -> tuple[Account, dict[str, str]]:
    """The account as corrected, and what is wrong by field."""
    wrong = {name: f"{TITLES[name]}不能空着" for name in _REQUIRED if not form[name]}
    days = {name: _day(form[name], name, wrong) for name in _DATES}
    told = {name: value for name, value in form.items() if name not in _DATES}
    changed = replace(before, **told, **days)  # type: ignore[arg-type]  # one bag of texts and days
    _check_words(before, changed, wrong)
    same = [one for one in desk.ws.store.find(changed.platform, changed.name) if one.account_id != before.account_id]
    if same and key(changed.name) != key(before.name):
        wrong["name"] = f"同一平台上已有叫这个名称的账号({same[0].organisation},编号 {same[0].account_id});请核对"
    if days["status_date"] and days["status_date"] > day(desk.clock()):
        wrong["status_date"] = "状态日期还没有到;请填状态实际变更的那一天"
    return changed, wrong


def _check_words(before: Account, changed: Account, wrong: dict[str, str]) -> None:
    for name, choices in (("status", columns().statuses), ("kind", _kinds(before))):
        value = getattr(changed, name)
        if value and value != getattr(before, name) and value not in choices:
            wrong[name] = f"应为以下之一:{'、'.join(choices)}"
    if changed.status in _DATED and changed.status_date is None:
        wrong["status_date"] = f"“{changed.status}”要填公告或注销的日期"
    if changed.url and not changed.url.startswith(("https://", "http://")):
        wrong["url"] = "链接要以 https:// 或 http:// 开头"


def _day(told: str, name: str, wrong: dict[str, str]) -> date | None:
    try:
        return date.fromisoformat(told) if told else None
    except ValueError:
        wrong[name] = "日期看不懂,请写成 2026-11-06"
        return None


def _kinds(account: Account) -> tuple[str, ...]:
    """The fine types of its platform: 订阅号 and 服务号 are one account, another platform is another account."""
    return tuple(dict.fromkeys((account.kind, *(one.kind for one in kinds() if one.slug == account.platform))))


def _shown(
    request: Request,
    desk: Desk,
    account: Account,
    form: Mapping[str, str],
    wrong: Mapping[str, str],
    *,
    why: str = "",
    who: str = "",
    seen: int | None = None,
) -> HTMLResponse:
    history = desk.ws.store.history(account.account_id)
    choices = {"kind": _kinds(account), "status": tuple(dict.fromkeys((account.status, *columns().statuses)))}
    fields = {
        name: FormField(
            name=name,
            title=title,
            value=form.get(name, _text(getattr(account, name))),
            kind="date" if name in _DATES else "text",
            choices=choices.get(name, ()),
            wrong=wrong.get(name, ""),
            required=name in _REQUIRED,
        )
        for name, title in TITLES.items()
    }
    lifecycle = ("status", "status_date", "successor")
    context = EditPage(
        account_id=account.account_id,
        name=account.name,
        owner="、".join(part for part in (account.kind, account.organisation, account.region) if part),
        fields=tuple(one for name, one in fields.items() if name not in lifecycle),
        lifecycle=tuple(fields[name] for name in lifecycle),
        why=why,
        who=who_of(request, desk, who),
        ask_who=signed_of(request).person.alone,
        seen=len(history) if seen is None else seen,
        error=wrong.get("why", "") or ("有没填对的栏目,没有保存;请看栏目下面的说明" if wrong else ""),
        history=tuple(
            Told(when=f"{one.at:%Y-%m-%d %H:%M}", who=one.who, field=_title(one.field), old=one.old, new=one.new, why=one.why)
            for one in reversed(history)
        ),
        absences=desk.ws.store.absences(account.account_id),
        excused=desk.ws.profile().absence is AbsenceEffect.EXEMPT,
        today=day(desk.clock()).isoformat(),
    )
    return page(request, "edit.html", f"更正 {account.name}", context, status=422 if wrong else 200)


def _title(field: str) -> str:
    return TITLES.get(field) or _OTHERS.get(field, field)


def _text(value: object) -> str:
    return "" if value is None else value.isoformat() if isinstance(value, date) else str(value)


@router.post("/accounts/{account_id}/absence", dependencies=[Depends(checked)])
def absent(
    request: Request,
    desk: OnDesk,
    account_id: str,
    first: Annotated[str, Form()] = "",
    last: Annotated[str, Form()] = "",
    filed: Annotated[str, Form()] = "",
    reason: Annotated[str, Form(max_length=MOST)] = "",
    document: Annotated[str, Form(max_length=MOST)] = "",
    who: Annotated[str, Form()] = "",
) -> Response:
    """Enter a 停更报备; it never works backwards from the day of its filing."""
    account, wrong = _account(desk, account_id), dict[str, str]()
    begins, ends, filed_on = (_day(told, "day", wrong) for told in (first, last, filed))
    if wrong or begins is None or ends is None or filed_on is None or not squeeze(reason) or not squeeze(document):
        raise UsageError("停更报备要填起止日期、报备日期(写成 2026-11-06)、原因和报备文号;请返回补齐")
    if ends < begins or filed_on > day(desk.clock()):
        raise UsageError("停更报备的日期不对:结束日期不能早于开始日期,报备日期不能在今天以后;请返回改正")
    notice = Absence(
        account_id=account.account_id,
        first=begins,
        last=ends,
        filed_on=filed_on,
        reason=squeeze(reason),
        document=squeeze(document),
        who=who_of(request, desk, who),
        at=desk.clock(),
    )
    desk.ws.store.add_absence(notice)
    late = f";报备晚于停更开始,{notice.holds_from} 以前的天数仍然计入" if notice.holds_from > begins else ""
    return after(f"/accounts/{quote(account_id)}/edit", f"已登记停更报备:{begins} 至 {ends}{late}")
