"""Many people: sign-in, sessions, what each role may open, every change recorded."""

import io
import json
import re
from urllib.parse import quote

import pytest
from playwright.sync_api import Page

from tests.console.conftest import PASSWORD, ROLES, TODAY, Console, MakeMany, Many, Serve
from tests.console.test_security import ROUTES, _dressed
from tests.people.conftest import Watch
from tracker import audit, logs
from tracker.console import pages
from tracker.console.desk import COOKIE
from tracker.console.pages.login import ours
from tracker.console.rights import ROUTES as RIGHT_OF
from tracker.people import RIGHTS, Role

WRONG = "登录名或密码不对"
LISTED = sorted(
    (method, route.path)
    for router in pages.ROUTERS
    for route in router.routes
    for method in route.methods  # type: ignore[attr-defined]  # every route here is an APIRoute
)


def cookie_of(headers: dict[str, str]) -> str:
    found = re.search(rf"(?:__Host-)?{COOKIE}=([\w-]+)", headers.get("set-cookie", ""))
    return found[1] if found else ""


def enter(many: Many, login: str = "admin", password: str = PASSWORD, next: str = "", **more: object) -> tuple[int, str, str]:
    """Sign in by the form: status, where to, the cookie."""
    answer = many.stranger.post("/login", {"login": login, "password": password, "next": next}, **more)
    return answer.status, answer.headers.get("location", ""), cookie_of(answer.headers)


def test_a_stranger_is_led_to_the_form_and_told_nothing(many: Many) -> None:
    console = many.stranger
    for method, path in ROUTES:
        answer = console.ask(method, path, b"" if method == "POST" else None)
        if method == "POST":
            assert answer.status == 401, path
        else:
            assert (answer.status, answer.headers["location"].partition("?")[0]) == (303, "/login"), path
        assert "示例市人民政府" not in answer.text
        assert _dressed(answer.headers)
    assert console.get("/list?a=1&b=2").headers["location"] == "/login?next=%2Flist%3Fa%3D1%26b%3D2"
    assert console.get("/nothing").status == 303
    progress = console.get("/links/progress", headers={"HX-Request": "true"})
    assert (progress.status, progress.headers["hx-redirect"]) == (401, "/login")
    api = console.get("/api/v1/accounts")
    assert (api.status, api.headers["www-authenticate"]) == (401, "Bearer")
    assert console.get("/login").status == 200
    assert console.get("/healthz").text == "ok"


@pytest.mark.parametrize("role", ROLES)
def test_every_route_asks_the_table_of_rights(many: Many, role: str) -> None:
    """What the role has no right to is refused; a change without the word too. (Whose accounts: the pages' own tests.)"""
    console, rights = many.as_(role), RIGHTS[Role(role)]
    for method, path in LISTED:
        told, right = f"{method} {path}", RIGHT_OF[f"{method} {path}"]
        asked = re.sub(r"\{[^}]+\}", "1", path)
        if method == "POST":
            assert console.post(asked, {"csrf": "wrong"}).status in ((403, 404) if "account_id" in path else (403,)), told
        elif right not in rights:
            answer = console.get(asked)
            assert (answer.status, "您的账户不能使用" in answer.text) == (403, True), told


def test_whose_accounts_a_county_and_a_unit_see(many: Many) -> None:
    accounts = many.ws.store.accounts()
    own = next(one for one in accounts if one.region == "甲山县")
    other = next(one for one in accounts if one.region == "乙水县")
    county = many.as_("county")
    assert county.get(f"/accounts/{own.account_id}").status == 200
    hidden, missing = county.get(f"/accounts/{other.account_id}"), county.get("/accounts/nobody")
    assert (hidden.status, missing.status) == (404, 404)
    assert re.sub(r"value=\"\w+\"", "", hidden.text).replace(other.account_id, "nobody") == re.sub(
        r"value=\"\w+\"", "", missing.text
    )
    assert many.as_("city").get(f"/accounts/{other.account_id}").status == 200


def test_signing_in_gives_a_fresh_cookie_that_no_script_reads(many: Many) -> None:
    fixed = "a" * 43
    answer = many.stranger.post("/login", {"login": "admin", "password": PASSWORD}, cookie=fixed)
    assert answer.status == 303
    held = answer.headers["set-cookie"]
    assert {"HttpOnly", "SameSite=strict", "Path=/"} <= {part.strip() for part in held.split(";")}
    assert cookie_of(answer.headers) != fixed
    assert many.stranger.get("/list", cookie=fixed).status == 303
    assert many.stranger.get("/list", cookie=cookie_of(answer.headers)).status == 200


def test_signing_in_again_ends_the_session_before(many: Many) -> None:
    first = enter(many)[2]
    second = many.stranger.post("/login", {"login": "city", "password": PASSWORD}, cookie=first)
    assert many.stranger.get("/list", cookie=first).status == 303
    assert many.stranger.get("/list", cookie=cookie_of(second.headers)).status == 200


def test_wrong_words_are_the_same_for_whoever_is_not_there(many: Many) -> None:
    for login in ("admin", "nobody"):
        answer = many.stranger.post("/login", {"login": login, "password": "x"})
        assert (answer.status, WRONG in answer.text, cookie_of(answer.headers)) == (401, True, "")


@pytest.mark.parametrize(
    "next",
    [
        "//evil.example",
        "https://evil.example",
        "/\\evil.example",
        "\\\\evil.example",
        "/\t/evil.example",
        "javascript:alert(1)",
        "",
        "x",
    ],
)
def test_nobody_is_sent_elsewhere_after_signing_in(many: Many, next: str) -> None:
    assert ours(next) == "/"
    assert enter(many, next=next)[:2] == (303, "/")
    assert "evil" not in many.stranger.get(f"/login?next={quote(next)}").text.replace("evil.example</", "")


def test_after_signing_in_one_is_where_one_wanted_to_go(many: Many) -> None:
    assert enter(many, next="/list?a=1&b=2")[1] == "/list?a=1&b=2"


def test_a_form_of_another_site_signs_nobody_in(many: Many) -> None:
    for headers in ({"Origin": "https://evil.example"}, {"Sec-Fetch-Site": "cross-site"}, {"Origin": "null"}):
        assert enter(many, headers=headers)[0] == 403
    assert enter(many, headers={"Origin": many.console.base, "Sec-Fetch-Site": "same-origin"})[0] == 303


def test_signing_out_ends_the_session(many: Many) -> None:
    console = many.as_("city")
    assert console.get("/list").status == 200
    assert console.post("/logout", {"csrf": "wrong"}).status == 403
    assert console.get("/list").status == 200
    answer = console.post("/logout")
    assert (answer.status, answer.headers["location"]) == (303, "/login")
    assert console.get("/list").status == 303


def test_sessions_end_by_the_clock(make_many: MakeMany) -> None:
    watch = Watch(TODAY)
    many = make_many("idle_hours = 1\nwhole_hours = 2", clock=watch)
    console = many.as_("city")
    watch.on(minutes=59)
    assert console.get("/list").status == 200
    watch.on(minutes=59)
    assert console.get("/list").status == 200
    watch.on(minutes=3)
    assert console.get("/list").status == 303


def test_one_persons_word_does_not_serve_another(many: Many) -> None:
    admin, city = many.as_("admin"), many.as_("city")
    assert admin.csrf != city.csrf
    assert city.post("/links", {"csrf": admin.csrf}).status == 403


def test_with_https_the_cookie_is_for_https_and_this_host_alone(make_many: MakeMany) -> None:
    many = make_many('https = true\nhosts = ["xunjian.example"]')
    answer = many.stranger.post("/login", {"login": "admin", "password": PASSWORD}, headers={"Host": "xunjian.example"})
    assert answer.headers["set-cookie"].startswith(f"__Host-{COOKIE}=")
    assert "Secure" in answer.headers["set-cookie"]
    assert "Domain" not in answer.headers["set-cookie"]
    assert answer.headers["strict-transport-security"].startswith("max-age=")
    cookie = cookie_of(answer.headers)
    assert many.stranger.get("/list", cookie=cookie).status == 303
    assert many.stranger.get("/list", headers={"Cookie": f"__Host-{COOKIE}={cookie}"}).status == 200
    assert many.stranger.get("/login", headers={"Host": "other.example"}).status == 400


def test_alone_no_host_but_this_machine_and_no_hsts(empty: Console) -> None:
    assert "strict-transport-security" not in empty.get("/").headers
    assert empty.get("/first?t=x", cookie="").status == 401
    assert empty.get("/me").status == 200
    assert empty.get("/system/users").status == 200
    assert empty.post("/me/tokens", {"name": "x", "rights": "see"}).status == 400
    assert (
        empty.ask(
            "POST", "/login", b"login=a&password=b", cookie="", headers={"Content-Type": "application/x-www-form-urlencoded"}
        ).status
        == 400
    )


def test_a_token_opens_the_api_alone_and_a_cookie_does_not(many: Many) -> None:
    admin = many.as_("admin")
    answer = admin.post("/me/tokens", {"name": "大屏", "days": "9", "rights": ["see", "self"]})
    found = re.search(r"trk_[\w-]{40,}", answer.text)
    assert found
    assert found[0] not in admin.get("/me").text
    bearer = {"Authorization": f"Bearer {found[0]}"}
    assert many.stranger.get("/api/v1/nothing", headers=bearer).status == 404
    assert many.stranger.get("/list", headers=bearer).status == 303
    assert admin.get("/api/v1/nothing").status == 401
    assert admin.post("/me/tokens/1").status == 303
    assert many.stranger.get("/api/v1/nothing", headers=bearer).status == 401
    assert admin.post("/me/tokens", {"name": "", "rights": "see"}).status == 400


def test_nobody_revokes_anothers_token_or_session(many: Many) -> None:
    admin, city = many.as_("admin"), many.as_("city")
    assert admin.post("/me/tokens", {"name": "大屏", "rights": "see"}).status == 200
    assert city.post("/me/tokens/1").status == 404
    held = many.ws.store.user(login="admin")
    assert held
    session = many.ws.store.sessions(held.id)[0]
    assert city.post("/me/sessions", {"only": session.digest}).status == 303
    assert admin.get("/list").status == 200


def test_a_user_is_invited_sets_a_password_and_is_disabled(many: Many) -> None:
    admin = many.as_("admin")
    told = {"login": "zhang", "name": "张三", "role": "unit", "organisations": "甲山县公安局\n\n 甲山县人民政府办公室 "}
    wrong = admin.post("/system/users/new", {**told, "organisations": "甲山县公安"})
    assert (wrong.status, "相近的有 甲山县公安局" in wrong.text) == (400, True)
    assert admin.post("/system/users/new", {**told, "role": "king"}).status == 400
    answer = admin.post("/system/users/new", told)
    found = re.search(r"/invite\?t=[\w-]+", answer.text)
    assert found
    assert "张三" in many.stranger.get(found[0]).text
    word = found[0].partition("=")[2]
    fields = {"t": word, "password": "一只 很长的 密码 x", "again": "一只 很长的 密码 x"}
    assert many.stranger.post("/invite", {**fields, "again": "y"}).status == 400
    assert many.stranger.post("/invite", {**fields, "password": "张三张三张三", "again": "张三张三张三"}).status == 400
    done = many.stranger.post("/invite", fields)
    assert (done.status, bool(cookie_of(done.headers))) == (303, True)
    assert many.stranger.post("/invite", fields).status == 400
    own = many.stranger.get("/me", cookie=cookie_of(done.headers))
    assert "甲山县人民政府办公室、甲山县公安局" in own.text
    user = many.ws.store.user(login="zhang")
    assert user
    changed = {"name": "张三", "role": "city", "disabled": "true"}
    assert admin.post(f"/system/users/{user.id}", changed).status == 303
    assert many.stranger.get("/me", cookie=cookie_of(done.headers)).status == 303
    assert enter(many, "zhang", fields["password"])[0] == 401
    assert admin.post(f"/system/users/{user.id}/link").status == 400
    assert admin.post("/system/users/999/link").status == 404
    first = many.ws.store.user(login="admin")
    assert first
    assert admin.post(f"/system/users/{first.id}", {"name": "x", "role": "city"}).status == 400


def test_a_password_is_changed_and_other_browsers_are_out(many: Many) -> None:
    here, there = many.as_("county"), many.as_("county")
    new = "另外 一个 密码 y"
    assert here.post("/me/password", {"old": "x", "new": new, "again": new}).status == 400
    assert here.post("/me/password", {"old": PASSWORD, "new": new, "again": "z"}).status == 400
    assert here.post("/me/password", {"old": PASSWORD, "new": new, "again": new}).status == 303
    assert (here.get("/me").status, there.get("/me").status) == (200, 303)
    assert (enter(many, "county")[0], enter(many, "county", new)[0]) == (401, 303)


def test_every_change_is_a_row_with_who_what_and_how_it_ended(many: Many) -> None:
    county, city = many.as_("county"), many.as_("city")
    mine = next(one.account_id for one in many.ws.store.accounts() if one.region == "甲山县")
    before = many.ws.store.audit_head()[0]
    assert county.post("/links", {"words": "secret-body"}).status == 403
    assert city.post("/links", {"csrf": "wrong", "words": "secret-body"}).status == 403
    assert county.post(f"/looks/{mine}/discard").status in (303, 400)
    assert city.get("/list").status == 200
    assert many.stranger.post("/links", {"words": "x"}).status == 401
    rows = many.ws.store.audit(before)
    assert [(row.person, row.action, row.outcome) for row in rows[:2]] == [
        ("县区一", "POST /links", "403"),
        ("市级一", "POST /links", "403"),
    ]
    assert (rows[2].action, rows[2].targets) == ("POST /looks/{account_id}/discard", f"account_id={mine}")
    assert len(rows) == 3
    assert all(row.address == "127.0.0.1" for row in rows)
    assert "secret-body" not in str(rows)
    assert not audit.verify(many.ws.store).problem


def test_a_change_that_was_made_is_answered_as_made_though_its_row_was_lost(many: Many) -> None:
    city, say = many.as_("city"), many.ws.store._database.execute_sql
    link = "https://mp.weixin.qq.com/s/AbCdEfGhIjKlMnOpQrStUv"
    say("ALTER TABLE audit_log RENAME TO audit_away")
    said = io.StringIO()
    logs.configure(stream=said)
    try:
        assert city.post("/links", {"text": link}).status == 303
        assert city.post("/links", {"text": link, "csrf": "wrong"}).status == 403
    finally:
        logs.configure()
        say("ALTER TABLE audit_away RENAME TO audit_log")
    assert link in [one.url for one in many.ws.store.links()]
    lost = [json.loads(line) for line in said.getvalue().splitlines()]
    assert [(one["event"], one["name"], one["outcome"]) for one in lost] == [
        ("audit.lost", "POST /links", "303"),
        ("audit.lost", "POST /links", "403"),
    ]
    assert "市级一" not in said.getvalue()


def test_the_log_is_shown_filtered_paged_and_held_against_itself(many: Many) -> None:
    admin = many.as_("admin")
    for _ in range(120):
        audit.record(many.ws.store, TODAY, None, "sign-in", "failed")
    text = admin.get("/system/audit").text
    older = re.search(r'href="(/system/audit\?before=\d+)"', text)
    assert older
    assert "管理一" in admin.get(older[1]).text
    assert admin.get("/system/audit?person=nobody").text.count("<tr>") == 0
    assert "没有符合条件的记录" in admin.get("/system/audit?day=2026-11-05").text
    assert admin.get("/system/audit?day=x").status == 400
    assert "121 条都对得上" in admin.get(admin.post("/system/audit/verify").headers["location"]).text
    assert many.as_("city").get("/system/audit").status == 403


def test_a_change_when_one_works_alone_is_a_row_too(sample: Console) -> None:
    sample.post("/links", {"csrf": "x"})
    row = sample.ws.store.audit(0)[-1]
    assert (row.action, row.outcome, row.login) == ("POST /links", "403", "")


def test_the_first_administrator_comes_by_the_link(served: Serve, make_many: MakeMany) -> None:
    many = make_many()
    assert many.stranger.get("/first?t=guessed").status == 400
    assert many.stranger.post("/first", {"t": "guessed", "login": "x", "name": "x", "password": "a b c d e f g"}).status == 400


@pytest.mark.parametrize("size", [(1366, 768), (390, 844)])
def test_people_sign_in_look_and_sign_out_in_a_browser(many: Many, signed_in: object, size: tuple[int, int]) -> None:
    page: Page = signed_in(many.stranger, viewport={"width": size[0], "height": size[1]})  # type: ignore[operator]  # a fixture's function
    problems: list[str] = []
    page.on("console", lambda told: problems.append(told.text) if told.type == "error" else None)
    page.goto("/system/audit")
    assert "/login?next=" in page.url
    page.keyboard.type("admin")
    page.keyboard.press("Tab")
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url("**/system/audit")
    for address in ("/system/users", "/system/users/new", "/me", "/system/audit"):
        page.goto(address)
        wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        assert wide <= 0, address
    page.goto("/me")
    page.get_by_role("button", name="退出").last.click()
    page.wait_for_url("**/login")
    page.goto("/list")
    assert "/login?next=" in page.url
    assert problems == []
