"""Who may use which page. A route that is not listed here is refused to everybody; the menu is made from the same rights."""

from collections.abc import Mapping
from dataclasses import dataclass

from fastapi import HTTPException, Request

from tracker.console.desk import desk_of
from tracker.console.signing import signed_of
from tracker.people import Person, Right

ROUTES: Mapping[str, Right] = {
    "GET /": Right.SELF,
    "GET /check": Right.REPORT,
    "POST /check": Right.REPORT,
    "GET /check/{words}": Right.REPORT,
    "POST /sample": Right.SAMPLE,
    "GET /sample": Right.SAMPLE,
    "POST /sample/leave": Right.SAMPLE,
    "GET /setup": Right.PERIOD,
    "POST /setup": Right.PERIOD,
    "GET /accounts": Right.SEE,
    "GET /accounts/import": Right.REGISTRY,
    "POST /accounts/import": Right.REGISTRY,
    "GET /accounts/import/{word}": Right.REGISTRY,
    "POST /accounts/import/{word}": Right.REGISTRY,
    "GET /accounts/export": Right.REGISTRY,
    "GET /accounts/{account_id}": Right.SEE,
    "GET /accounts/{account_id}/edit": Right.REGISTRY,
    "POST /accounts/{account_id}/edit": Right.REGISTRY,
    "POST /accounts/{account_id}/absence": Right.REGISTRY,
    "GET /verdicts": Right.SEE,
    "GET /verdicts/judging": Right.SEE,
    "GET /evidence/{sweep}/{name}": Right.SEE,
    "GET /overview": Right.SEE,
    "GET /overview/due": Right.SEE,
    "GET /overview/running": Right.RUN,
    "GET /overview/sweep": Right.RUN,
    "POST /overview/sweep": Right.RUN,
    "POST /overview/stop": Right.RUN,
    "POST /overview/resume": Right.RUN,
    "GET /evidence/{sweep}/{name}/{number}": Right.SEE,
    "GET /draw": Right.PERIOD,
    "POST /draw": Right.PERIOD,
    "GET /draw/file": Right.PERIOD,
    "GET /links": Right.COLLECT,
    "POST /links": Right.COLLECT,
    "POST /links/run": Right.COLLECT,
    "POST /links/stop": Right.COLLECT,
    "GET /links/progress": Right.COLLECT,
    "POST /links/confirm": Right.COLLECT,
    "GET /pictures": Right.COLLECT,
    "POST /pictures": Right.LOOK,
    "GET /pictures/{number}": Right.LOOK,
    "POST /pictures/{number}": Right.LOOK,
    "GET /pictures/kept/{account_id}": Right.SEE,
    "GET /looks": Right.LOOK,
    "GET /looks/next": Right.LOOK,
    "GET /looks/{account_id}": Right.LOOK,
    "POST /looks/{account_id}": Right.LOOK,
    "POST /looks/{account_id}/draft": Right.LOOK,
    "POST /looks/{account_id}/discard": Right.LOOK,
    "GET /review": Right.REVIEW,
    "GET /review/next": Right.REVIEW,
    "GET /review/bulk": Right.REVIEW,
    "POST /review/bulk": Right.REVIEW,
    "GET /review/{account_id}/{code}": Right.REVIEW,
    "POST /review/{account_id}/{code}": Right.REVIEW,
    "GET /list": Right.REPORT,
    "POST /list/judge": Right.RUN,
    "POST /list/export": Right.REPORT,
    "GET /list/files/{place}/{name}": Right.REPORT,
    "GET /reminders": Right.REPORT,
    "GET /reports": Right.REPORT,
    "GET /reports/gates": Right.REPORT,
    "POST /reports/draft": Right.REPORT,
    "POST /reports/final": Right.PRINT,
    "GET /reports/shown/{token}/{place}": Right.REPORT,
    "GET /reports/files/{token}/{place}": Right.REPORT,
    "GET /reports/diff": Right.REPORT,
    "GET /consult": Right.CONSULT,
    "POST /consult/send": Right.CONSULT,
    "POST /consult/replies": Right.CONSULT,
    "POST /consult/rule/{number}": Right.CONSULT,
    "GET /consult/unit": Right.CONSULT,
    "GET /consult/files/{number}/{place}": Right.CONSULT,
    "GET /consult/proofs/{number}/{place}": Right.CONSULT,
    "GET /consult/table": Right.CONSULT,
    "GET /rectify": Right.CONSULT,
    "GET /rectify/table": Right.CONSULT,
    "GET /rectify/proofs/{number}/{place}": Right.CONSULT,
    "POST /rectify/{account_id}/again": Right.COLLECT,
    "GET /own": Right.OWN,
    "GET /own/{account_id}": Right.OWN,
    "GET /own/{account_id}/shots/{code}/{place}": Right.OWN,
    "GET /own/{account_id}/proofs/{number}/{place}": Right.OWN,
    "GET /own/{account_id}/done/{number}/{place}": Right.OWN,
    "POST /own/{account_id}/answer/{code}": Right.ANSWER,
    "POST /own/{account_id}/rectify": Right.RECTIFY,
    "POST /logout": Right.SELF,
    "GET /me": Right.SELF,
    "POST /me/password": Right.SELF,
    "POST /me/sessions": Right.SELF,
    "POST /me/tokens": Right.SELF,
    "POST /me/tokens/{number}": Right.SELF,
    "GET /rules": Right.RULES,
    "GET /rules/own": Right.RULES,
    "GET /rules/profiles/{profile}": Right.RULES,
    "GET /rules/{code}": Right.RULES,
    "GET /what-if": Right.WHATIF,
    "POST /what-if": Right.WHATIF,
    "POST /what-if/stop": Right.WHATIF,
    "GET /what-if/working": Right.WHATIF,
    "GET /what-if/file": Right.WHATIF,
    "GET /system": Right.SYSTEM,
    "POST /system/examine": Right.SYSTEM,
    "GET /system/working/{job}": Right.SYSTEM,
    "GET /system/backup": Right.SYSTEM,
    "GET /system/credentials": Right.SYSTEM,
    "GET /system/credentials/new": Right.SYSTEM,
    "POST /system/credentials/new": Right.SYSTEM,
    "POST /system/credentials/test": Right.SYSTEM,
    "POST /system/credentials/remove": Right.SYSTEM,
    "GET /system/lanes": Right.SYSTEM,
    "POST /system/lanes/thaw": Right.SYSTEM,
    "GET /system/schedule": Right.SYSTEM,
    "POST /system/schedule/{name}": Right.SYSTEM,
    "POST /system/schedule/{name}/stop": Right.SYSTEM,
    "GET /system/evidence": Right.SYSTEM,
    "GET /system/evidence/{sweep}": Right.SYSTEM,
    "POST /system/evidence/{sweep}/verify": Right.SYSTEM,
    "POST /system/evidence/{sweep}/wacz": Right.SYSTEM,
    "GET /system/evidence/{sweep}/wacz": Right.SYSTEM,
    "GET /system/users": Right.SYSTEM,
    "GET /system/users/new": Right.SYSTEM,
    "POST /system/users/new": Right.SYSTEM,
    "GET /system/users/{number}": Right.SYSTEM,
    "POST /system/users/{number}": Right.SYSTEM,
    "POST /system/users/{number}/link": Right.SYSTEM,
    "GET /system/audit": Right.AUDIT,
    "POST /system/audit/verify": Right.AUDIT,
    "GET /api/v1/me": Right.SELF,
    "GET /api/v1/accounts": Right.SEE,
    "GET /api/v1/accounts/{account_id}": Right.SEE,
    "GET /api/v1/accounts/{account_id}/visits": Right.SEE,
    "GET /api/v1/verdicts": Right.SEE,
    "GET /api/v1/verdicts/{account_id}": Right.SEE,
    "GET /api/v1/findings/waiting": Right.REVIEW,
    "GET /api/v1/sweeps": Right.SEE,
    "GET /api/v1/periods": Right.SEE,
    "GET /api/v1/due": Right.SEE,
    "GET /api/v1/reports": Right.REPORT,
    "GET /api/v1/reports/{token}/files/{place}": Right.REPORT,
    "GET /api/v1/rules": Right.RULES,
    "GET /api/v1/rules/{code}": Right.RULES,
    "GET /api/v1/profiles": Right.RULES,
    "GET /api/v1/profiles/{name}": Right.RULES,
    "GET /api/v1/objections": Right.CONSULT,
    "GET /api/v1/own": Right.OWN,
    "GET /api/v1/own/{account_id}": Right.OWN,
    "GET /api/v1/audit": Right.AUDIT,
    "POST /api/v1/looks/{account_id}": Right.LOOK,
    "POST /api/v1/links": Right.COLLECT,
    "POST /api/v1/decisions/{account_id}/{code}": Right.REVIEW,
    "POST /api/v1/judge": Right.RUN,
    "POST /api/v1/reports": Right.REPORT,
    "POST /api/v1/objections/{number}/ruling": Right.CONSULT,
    "POST /api/v1/own/{account_id}/answers/{code}": Right.ANSWER,
}
"""`METHOD /path/{as}/{declared}` → the right it takes."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MenuItem:
    """One word of the main menu."""

    address: str
    word: str
    right: Right
    scoped: bool = False
    """Whether only those see it who see some accounts alone; others have wider pages."""


MENU: tuple[MenuItem, ...] = (
    MenuItem(address="/", word="现在做什么", right=Right.START),
    MenuItem(address="/overview", word="总览", right=Right.SEE),
    MenuItem(address="/accounts", word="台账", right=Right.SEE),
    MenuItem(address="/verdicts", word="结果", right=Right.SEE),
    MenuItem(address="/draw", word="抽查", right=Right.PERIOD),
    MenuItem(address="/links", word="粘贴链接", right=Right.COLLECT),
    MenuItem(address="/looks", word="待人工", right=Right.LOOK),
    MenuItem(address="/review", word="复核", right=Right.REVIEW),
    MenuItem(address="/list", word="名单", right=Right.REPORT),
    MenuItem(address="/reports", word="报告", right=Right.REPORT),
    MenuItem(address="/consult", word="征求意见", right=Right.CONSULT),
    MenuItem(address="/rectify", word="整改", right=Right.CONSULT),
    MenuItem(address="/reminders", word="提醒", right=Right.REPORT),
    MenuItem(address="/own", word="我的账号", right=Right.OWN, scoped=True),
    MenuItem(address="/rules", word="规则", right=Right.RULES),
    MenuItem(address="/system", word="系统", right=Right.SYSTEM),
)
"""In the order of the work; a person sees what they may use."""


def menu_of(person: Person) -> tuple[MenuItem, ...]:
    """The main menu of a person."""
    return tuple(item for item in MENU if person.may(item.right) and not (item.scoped and person.scope.everything))


def home_of(person: Person) -> str:
    """Where a person begins: the first page of the menu, else one's own settings."""
    return next((item.address for item in menu_of(person)), "/me")


def permitted(request: Request) -> None:
    """Refuse what is not listed, what the person has no right to, and every account outside their scope. On every route."""
    person = signed_of(request).person
    right = ROUTES.get(f"{request.method} {request.scope['route'].path}")
    if right is None or not person.may(right):
        raise HTTPException(403, "您的账户不能使用这个页面;如有需要,请找管理员")
    account_id = request.path_params.get("account_id")
    if account_id is not None:
        own(request, account_id)


def own(request: Request, account_id: str) -> None:
    """Raises 404 for an account that this person does not see, in the words for one that is not there."""
    person = signed_of(request).person
    if person.scope.everything:
        return
    account = desk_of(request).ws.store.account(account_id)
    if account is None or not person.sees(account):
        raise HTTPException(404, "台账里没有这个账号;请从“台账”页重新打开")
