"""The office's own sign-on in a browser: to the provider and back, and what a stranger's link cannot do."""

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Page

from tests.console.conftest import COOKIE, TODAY, MakeMany, Many
from tests.people.conftest import Watch
from tests.people.provider import CLIENT, SECRET, Provider, running
from tracker.console.pages.oidc import BROWSER
from tracker.settings import OidcSettings
from tracker.signin.oidc import SignOn


@pytest.fixture
def provider() -> Iterator[Provider]:
    with running(Watch(TODAY)) as one:
        one.claims = {"preferred_username": "city"}
        yield one


@pytest.fixture
def office(make_many: MakeMany, provider: Provider) -> Many:
    """A console for many with the office's own sign-on."""
    told = OidcSettings(issuer=provider.base, client_id=CLIENT)
    return make_many(sign_on=SignOn(told, SECRET, clock=lambda: TODAY, plain=True))


def test_a_person_comes_in_by_the_offices_sign_on(office: Many, signed_in: Callable[..., Page]) -> None:
    page = signed_in(office.stranger)
    problems: list[str] = []
    page.on("console", lambda told: problems.append(told.text) if told.type == "error" else None)
    page.goto("/accounts?words=x")
    page.get_by_role("link", name="用统一身份认证登录").click()
    page.wait_for_url("**/accounts?words=x")
    held = {one.get("name"): one for one in page.context.cookies()}
    assert held[COOKIE].get("sameSite") == "Strict"
    assert BROWSER not in held
    assert problems == []
    assert [row.action for row in office.ws.store.audit(0)] == ["sign-in by office"]


def test_a_link_of_a_stranger_signs_nobody_in(office: Many, provider: Provider) -> None:
    """Login by somebody else's code: the browser that comes back is not the one that went."""
    went = office.stranger.get("/oidc/start?next=//evil.example")
    assert went.status == 303
    held = went.headers["set-cookie"]
    assert {"HttpOnly", "SameSite=lax", "Path=/oidc"} <= {part.strip() for part in held.split(";")}
    asked = dict(part.split("=", 1) for part in went.headers["location"].partition("?")[2].split("&"))
    provider.codes["stolen"] = {"nonce": asked["nonce"], "code_challenge": asked["code_challenge"], "redirect_uri": ""}
    answer = office.stranger.get(f"/oidc/callback?state={asked['state']}&code=stolen", cookie="")
    assert (answer.status, "set-cookie" in answer.headers) == (400, False)
    assert "没有成功" in answer.text
    assert [(row.action, row.outcome, row.person) for row in office.ws.store.audit(0)] == [("sign-in by office", "failed", "")]


def test_without_a_provider_the_way_is_closed(many: Many) -> None:
    assert "/oidc/start" not in many.stranger.get("/login").text
    assert many.stranger.get("/oidc/start").status == 400
    assert many.stranger.get("/oidc/callback?state=x&code=y").status == 400
