"""规则: what each rule says, what the profile in force makes of it, what the office wrote itself."""

from dataclasses import dataclass

from fastapi import APIRouter, HTTPException, Request
from fastapi.responses import HTMLResponse

from tracker.console.desk import OnDesk
from tracker.console.lists import MOST_WORDS
from tracker.console.profile_views import ProfileLine, profile_lines, profile_page
from tracker.console.render import page
from tracker.console.rule_views import RuleLine, own_page, rule_lines, rule_page, tried
from tracker.console.signing import OnPerson
from tracker.people import Right

router = APIRouter()


@dataclass(frozen=True, slots=True, kw_only=True)
class RulesPage:
    """What templates/console/rules.html shows."""

    here: str
    """Name of the profile in force."""
    title: str
    fault: str
    """Why the profile in force cannot be used; empty = it can."""
    query: str
    lines: tuple[RuleLine, ...]
    """The rules that were asked for."""
    profiles: tuple[ProfileLine, ...]
    compares: bool
    """Whether the person may hold profiles against each other."""


@router.get("/rules")
def rules(request: Request, desk: OnDesk, signed: OnPerson, q: str = "") -> HTMLResponse:
    """All rules, as the profile in force uses them."""
    ws, query = desk.ws, q.strip()[:MOST_WORDS]
    profile, fault = tried(ws, ws.settings.profile)
    context = RulesPage(
        here=ws.settings.profile,
        title=profile.title if profile else ws.settings.profile,
        fault=fault,
        query=query,
        lines=rule_lines(profile, query),
        profiles=tuple(profile_lines(ws)),
        compares=signed.person.may(Right.WHATIF),
    )
    return page(request, "rules.html", "规则", context)


@router.get("/rules/own")
def own(request: Request, desk: OnDesk, signed: OnPerson, q: str = "") -> HTMLResponse:
    """What the office wrote itself: profiles, rules, words, and what is wrong with them."""
    context = own_page(desk.ws, q.strip()[:MOST_WORDS], compares=signed.person.may(Right.WHATIF))
    return page(request, "rules_own.html", "本地的口径、规则和词表", context)


@router.get("/rules/profiles/{profile}")
def one_profile(request: Request, desk: OnDesk, profile: str) -> HTMLResponse:
    """A profile, and how it differs from the national one."""
    found = profile_page(desk.ws, profile)
    if found is None:
        raise HTTPException(404, "没有这个口径;请从“规则”页重新打开")
    return page(request, "profile.html", f"口径:{found.title}", found)


@router.get("/rules/{code}")
def one_rule(request: Request, desk: OnDesk, code: str) -> HTMLResponse:
    """The manual page of a rule."""
    found = rule_page(desk.ws, code.upper())
    if found is None:
        raise HTTPException(404, "没有这条规则;请从“规则”页重新打开")
    return page(request, "rule.html", f"{found.codes} {found.title}", found)
