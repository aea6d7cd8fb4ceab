"""Every route of the console, pages and API, for everybody who may come, with one's own record and somebody else's.

What is expected is worked out here from the table of rights and the scope alone; the real server answers.
"""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import pytest
from fastapi import APIRouter
from fastapi.routing import iter_route_contexts

from tests.console.conftest import Answer, Console, MakeMany, Many
from tests.console.sending import SWEEP, of_others, of_unit
from tracker.console import api, pages
from tracker.console.app import OPEN, OPEN_TO_WORDS, app_of
from tracker.console.rights import ROUTES
from tracker.people import RIGHTS, Right, Role
from tracker.workspace import Workspace

NO_RIGHT = "您的账户不能使用"
NO_WORD = "页面已过期"
OPEN_FORMS = {"POST /login", "POST /first", "POST /invite"}

LOGINS = ("admin", "city", "county", "unit")
TOKENS: Mapping[str, frozenset[Right] | None] = {
    **dict.fromkeys(LOGINS),
    "admin, see alone": frozenset({Right.SEE}),
    "city, no reports": RIGHTS[Role.CITY] - {Right.REPORT, Right.REVIEW},
    "county, own alone": frozenset({Right.OWN}),
    "unit, rules alone": frozenset({Right.RULES}),
}
"""Token → its rights; None = all of its user's, whose login is its first word."""


def declared(console: Console) -> set[str]:
    """`METHOD /path` of every route that the application knows."""
    return {
        f"{method} {told.path}"
        for told in iter_route_contexts(app_of(console.desk).routes)
        for method in getattr(told, "methods", None) or ()
    }


def test_every_route_is_listed_and_every_line_is_a_route(empty: Console) -> None:
    opened = {one for one in declared(empty) if one.partition(" ")[2] in (*OPEN, *OPEN_TO_WORDS)}
    assert {one for one in opened if not one.startswith("GET ")} == OPEN_FORMS
    assert declared(empty) - opened == set(ROUTES)
    assert sum(one.partition(" ")[2].startswith("/api/v1/") for one in ROUTES) > 20
    assert {one.partition(" ")[0] for one in ROUTES} <= {"GET", "POST"}


@dataclass(frozen=True, kw_only=True)
class Case:
    """One route with its places filled; `seen` = whether the person sees the record."""

    told: str
    method: str
    address: str
    seen: bool

    @property
    def api(self) -> bool:
        return self.address.startswith("/api/")

    @property
    def right(self) -> Right:
        return ROUTES[self.told]


def cases(own: tuple[str, str], other: tuple[str, str], *, everything: bool) -> Iterator[Case]:
    """Every route; with an account in it twice, for one's own and for another's (account id, code of a finding)."""
    for told in ROUTES:
        method, _, path = told.partition(" ")
        scoped = "{account_id}" in path
        for whom, code in (own, other) if scoped else (own,):
            filled = path.replace("{account_id}", whom).replace("{code}", code).replace("{sweep}", SWEEP)
            yield Case(
                told=told,
                method=method,
                address=re.sub(r"\{[^}]+\}", "1", filled),
                seen=everything or not scoped or whom == own[0],
            )


def pair(ws: Workspace) -> tuple[tuple[str, str], tuple[str, str]]:
    """A finding that the unit was told, and one of another region's unit."""
    own = of_unit(ws)[0]
    regions = {one.account_id: one.region for one in ws.store.accounts()}
    other = next(one for one in of_others(ws) if regions[one.account_id] != regions[own.account_id])
    return (own.account_id, own.code), (other.account_id, other.code)


def sent(console: Console, case: Case, headers: Mapping[str, str] | None = None) -> Answer:
    """The request, as somebody would try it who has neither the form's word nor a key."""
    kind = "application/json" if case.api else "application/x-www-form-urlencoded"
    body = None if case.method == "GET" else b"{}" if case.api else b"csrf="
    return console.ask(case.method, case.address, body, headers={"Content-Type": kind, **(headers or {})})


def wrong(case: Case, answer: Answer, rights: frozenset[Right]) -> str:
    """Why this answer is not the one that the table and the scope call for; empty = it is."""
    if case.right not in rights:
        good = answer.status == 403 and NO_RIGHT in answer.text
    elif not case.seen:
        good = answer.status == 404
    elif case.method != "GET" and case.api:
        good = answer.status == 400 and "Idempotency-Key" in answer.text
    elif case.method != "GET":
        good = answer.status == 403 and NO_WORD in answer.text
    else:
        good = answer.status not in (401, 403) and answer.status < 500 and "/login" not in answer.headers.get("location", "")
    return "" if good else f"{case.told} {case.address} seen={case.seen}: {answer.status}"


@pytest.mark.parametrize("login", LOGINS)
def test_a_browser_is_given_what_its_role_and_its_accounts_allow(asked: Many, login: str) -> None:
    own, other = pair(asked.ws)
    console, role = asked.as_(login), Role(login)
    every = [one for one in cases(own, other, everything=role in (Role.ADMIN, Role.CITY)) if not one.api]
    assert [told for one in every if (told := wrong(one, sent(console, one), RIGHTS[role]))] == []


@pytest.mark.parametrize("name", TOKENS)
def test_a_token_is_given_no_more_than_its_rights_and_its_user_have(asked: Many, name: str) -> None:
    own, other = pair(asked.ws)
    user = asked.ws.store.user(login=name.partition(",")[0])
    assert user
    rights = RIGHTS[user.role] if TOKENS[name] is None else TOKENS[name] or frozenset()
    word = asked.door.new_token(user, "令牌", rights, 9)
    bearer = {"Authorization": f"Bearer {word}"}
    every = [one for one in cases(own, other, everything=user.role in (Role.ADMIN, Role.CITY)) if one.api]
    assert [told for one in every if (told := wrong(one, sent(asked.stranger, one, bearer), rights))] == []
    pages_of = [one for one in cases(own, other, everything=True) if not one.api and one.method == "GET"]
    assert {sent(asked.stranger, one, bearer).status for one in pages_of} == {303}


def test_a_token_keeps_no_right_that_its_user_lost(asked: Many) -> None:
    user = asked.ws.store.user(login="unit")
    assert user
    word = asked.door.new_token(user, "令牌", frozenset(Right), 9)
    own, other = pair(asked.ws)
    every = [one for one in cases(own, other, everything=False) if one.api]
    bearer = {"Authorization": f"Bearer {word}"}
    assert [told for one in every if (told := wrong(one, sent(asked.stranger, one, bearer), RIGHTS[Role.UNIT]))] == []


def test_a_stranger_and_a_cookie_at_the_api_are_given_nothing(asked: Many) -> None:
    own, other = pair(asked.ws)
    admin = asked.as_("admin")
    for case in cases(own, other, everything=True):
        answer = sent(asked.stranger, case)
        if case.api:
            assert answer.status == 401, case
            assert json.loads(answer.text)["error"]["code"] == "unauthorized"
            assert sent(admin, case).status == 401, case
            assert sent(asked.stranger, case, {"Authorization": "Bearer trk_wrong"}).status == 401
        else:
            assert answer.status == (303 if case.method == "GET" else 401), case
            if case.method == "GET":
                assert answer.headers["location"].startswith("/login")


def test_whoever_works_alone_may_do_everything_on_the_pages_and_has_no_api(sample: Console) -> None:
    rights = RIGHTS[Role.ADMIN] | {Right.SAMPLE}
    account = sample.ws.store.accounts()[0].account_id
    for case in cases((account, "UPD-01"), (account, "UPD-01"), everything=True):
        answer = sent(sample, case)
        assert (answer.status == 401) if case.api else not wrong(case, answer, rights), case


def test_a_route_that_nobody_listed_is_refused_to_everybody(make_many: MakeMany, monkeypatch: pytest.MonkeyPatch) -> None:
    """Somebody writes a page and forgets the table."""
    page, call = APIRouter(), APIRouter()
    for router, path in ((page, "/made-up"), (page, "/made-up/{account_id}"), (call, "/api/v1/made-up")):
        router.add_api_route(path, lambda: {"secret": "let out"}, methods=["GET", "POST"])
    monkeypatch.setattr(pages, "ROUTERS", (*pages.ROUTERS, page))
    monkeypatch.setattr(api, "ROUTERS", (*api.ROUTERS, call))
    many = make_many()
    for login in LOGINS:
        console = many.as_(login)
        user = many.ws.store.user(login=login)
        assert user
        bearer = {"Authorization": f"Bearer {many.door.new_token(user, '令牌', user.person.rights, 9)}"}
        seen = [console.get("/made-up"), console.post("/made-up"), console.get("/made-up/x")]
        seen += [many.stranger.ask(method, "/api/v1/made-up", b"", headers=bearer) for method in ("GET", "POST")]
        assert [(one.status, "let out" in one.text) for one in seen] == [(403, False)] * 5


def test_a_record_behind_a_number_is_as_foreign_as_its_account(asked: Many) -> None:
    """Evidence, pictures, an answer's files: what names no account in its address."""
    (own, _), (other, code) = pair(asked.ws)
    county = asked.as_("county")
    files = {whom: asked.ws.store.visits(SWEEP, whom)[0].file.rpartition("/")[2] for whom in (own, other)}
    assert county.get(f"/evidence/{SWEEP}/{files[own]}").status == 200
    assert county.get(f"/evidence/{SWEEP}/{files[other]}").status == 404
    assert county.get(f"/evidence/{SWEEP}/{files[other]}/0").status == 404
    assert asked.as_("city").get(f"/evidence/{SWEEP}/{files[other]}").status == 200
    told = {"sweep": SWEEP, "token": "token-000009", "opinion": "objects", "why": "别人的理由"}
    assert asked.as_("city").upload(f"/own/{other}/answer/{code}", {}, told).status == 303
    number = asked.ws.store.objections(SWEEP)[-1].id
    for address in (f"/own/{own}/proofs/{number}/0", f"/own/{other}/proofs/{number}/0", f"/own/{own}/done/{number}/0"):
        assert asked.as_("unit").get(address).status == 404
    admin = asked.ws.store.user(login="admin")
    assert admin
    asked.door.new_token(admin, "大屏", frozenset({Right.SEE}), 9)
    assert asked.as_("city").post("/me/tokens/1").status == 404
    assert asked.as_("admin").post("/me/tokens/1").status == 303
