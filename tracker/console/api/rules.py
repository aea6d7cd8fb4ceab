"""GET /rules and /profiles: what is checked, and what a place makes of it."""

import inspect

from fastapi import APIRouter
from pydantic import BaseModel
from starlette.exceptions import HTTPException

from tracker.console.api.answers import PREFIX
from tracker.console.desk import OnDesk
from tracker.rulebook import RULES
from tracker.rulebook.profile import names
from tracker.rulebook.rule import RuleClass

router = APIRouter(prefix=PREFIX, tags=["规则"])


class RuleOut(BaseModel):
    """One rule as the program ships it: `text` is its manual page (查什么, 怎么判, 不算, 依据)."""

    code: str
    codes: list[str]
    title: str
    basis: str
    by: str
    text: str


class RulesOut(BaseModel):
    """All rules, in the order of the book."""

    items: list[RuleOut]


class ProfilesOut(BaseModel):
    """The profiles that can be named, and the one that the workspace uses."""

    used: str
    items: list[str]


class ProfileRule(BaseModel):
    """What a profile makes of one code; `wording` = the printed sentence as written, empty = the rule's own."""

    code: str
    effect: str
    wording: str


class ProfileOut(BaseModel):
    """One profile; `digest` is that of everything that it says."""

    name: str
    title: str
    source: str
    digest: str
    must_know: list[str]
    confirm: int
    rules: list[ProfileRule]


@router.get("/rules", summary="规则")
def rules() -> RulesOut:
    """All rules."""
    return RulesOut(items=[_rule(one) for one in RULES])


@router.get("/rules/{code}", summary="一条规则")
def rule(code: str) -> RuleOut:
    """The rule that prints this code."""
    found = next((one for one in RULES if code.upper() in one.codes), None)
    if found is None:
        raise HTTPException(404, "没有这条规则;现有的见 /api/v1/rules")
    return _rule(found)


def _rule(one: RuleClass) -> RuleOut:
    text = inspect.getdoc(one) or ""
    return RuleOut(code=one.code, codes=list(one.codes), title=one.title, basis=one.basis, by=str(one.by), text=text)


@router.get("/profiles", summary="口径")
def profiles(desk: OnDesk) -> ProfilesOut:
    """The names of all profiles."""
    return ProfilesOut(used=desk.ws.settings.profile, items=list(names([desk.ws.root / "profiles"])))


@router.get("/profiles/{name}", summary="一个口径")
def profile(desk: OnDesk, name: str) -> ProfileOut:
    """What a profile makes of the rules that it uses."""
    # a name that is none of these could be a path
    if name not in names([desk.ws.root / "profiles"]):
        raise HTTPException(404, "没有这个口径;现有的见 /api/v1/profiles")
    found = desk.profile(name)
    used = [
        ProfileRule(code=code, effect=str(found.effect(code)), wording=found.wording.get(code, ""))
        for one in found.rules
        for code in one.codes
    ]
    return ProfileOut(
        name=found.name,
        title=found.title,
        source=found.source,
        digest=found.digest,
        must_know=list(found.must_know),
        confirm=found.confirm,
        rules=used,
    )
