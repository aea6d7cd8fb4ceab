"""What is refused: always JSON in one shape and in Chinese, never a page, never a broken program."""

import json
import socket

from tests.api.conftest import Console, Many, Program, problem, program
from tracker.console.app import HEADERS
from tracker.people import Right


def test_a_stranger_is_told_to_bring_a_token_and_may_read_how_the_api_is_used(many: Many) -> None:
    stranger = Program(console=many.stranger, word="")
    for path in ("/accounts", "/nothing", "/own/x", ""):
        answer = stranger.get(path)
        assert problem(answer) == (401, "unauthorized")
        assert answer.headers["www-authenticate"] == "Bearer"
        assert all(answer.headers.get(name.lower()) == value for name, value in HEADERS.items())
    described = stranger.told("/openapi.json")
    assert "/api/v1/accounts" in described["paths"]
    assert not any(not path.startswith("/api/v1/") for path in described["paths"])


def test_who_works_alone_has_no_api(empty: Console) -> None:
    assert problem(empty.get("/api/v1/accounts")) == (401, "unauthorized")
    assert problem(empty.ask("POST", "/api/v1/links", b"{}")) == (401, "unauthorized")


def test_other_methods_are_refused(admin: Program) -> None:
    for method in ("PUT", "PATCH", "DELETE", "HEAD", "OPTIONS", "TRACE", "POST"):
        answer = admin.ask(method, "/accounts", b"", Content_Length="0")
        assert answer.status == 405
        assert method == "HEAD" or problem(answer) == (405, "method_not_allowed")


def test_only_json_with_a_key_is_taken(admin: Program) -> None:
    good = {"text": "x"}
    assert admin.post("/links", good).status == 200
    for kind in ("text/plain", "application/x-www-form-urlencoded", "", "application/jsonx", "multipart/form-data; boundary=x"):
        assert problem(admin.post("/links", good, Content_Type=kind)) == (415, "unsupported_media_type"), kind
    for key in ("", "short", "x" * 65, "with space", "a\tbcdefgh"):
        told = {"Content-Type": "application/json", "Authorization": f"Bearer {admin.word}", "Idempotency-Key": key}
        answer = admin.console.ask("POST", "/api/v1/links", b'{"text":"x"}', headers=told)
        assert problem(answer) == (400, "bad_request"), key
        assert "Idempotency-Key" in answer.text


def test_a_missing_key_is_refused_before_anything_is_done(many: Many, admin: Program) -> None:
    told = {"Content-Type": "application/json", "Authorization": f"Bearer {admin.word}"}
    answer = admin.console.ask("POST", "/api/v1/judge", b"{}", headers=told)
    assert problem(answer) == (400, "bad_request")


HOSTILE = [
    b"",
    b"{",
    b"null",
    b"[]",
    b'"text"',
    b'{"text": 1}',
    b'{"text": ""}',
    b'{"text": null}',
    b'{"text": "x", "more": 1}',
    b'{"text": "\\ud800"}',
    b"\xff\xfe",
    b'{"text": "x"' + b" " * 1000,
    b"[" * 100_000,
    b'{"text": ' + b"9" * 5000 + b"}",
    b"NaN",
]


def test_a_body_that_is_none_is_refused(admin: Program) -> None:
    for body in HOSTILE:
        answer = admin.ask("POST", "/links", body, Content_Type="application/json", Idempotency_Key="hostile-body")
        assert problem(answer) == (422, "unprocessable"), body[:40]


def test_a_text_with_nul_is_taken_or_refused_but_breaks_nothing(admin: Program) -> None:
    assert admin.post("/links", {"text": "a\0b https://mp.weixin.qq.com/s/\0x"}).status == 200
    for path in ("/accounts?q=%00", "/accounts?region=%00", "/verdicts?sweep=%00", "/audit?person=%00&action=%00", "/rules/%00"):
        assert admin.get(path).status in (200, 404), path
    for path in ("/accounts/%00", "/accounts/%ff", "/verdicts/%00", "/own/%00", "/accounts/" + "x" * 5000):
        assert problem(admin.get(path)) == (404, "not_found"), path


def test_more_than_a_megabyte_is_refused_before_it_is_read(admin: Program) -> None:
    many_words = json.dumps({"text": "x" * 2**20}).encode()
    answer = admin.ask("POST", "/links", many_words, Content_Type="application/json", Idempotency_Key="too-much-1")
    assert problem(answer) == (413, "too_large")
    for length in ("99999999999999999999999", "１"):
        head = (
            f"POST /api/v1/links HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer {admin.word}\r\n"
            f"Content-Length: {length}\r\n\r\n"
        )
        with socket.create_connection(("127.0.0.1", admin.console.port), timeout=10) as link:
            link.sendall(head.encode())
            assert link.recv(64).split(b" ")[1] in (b"400", b"413"), length


def test_a_body_of_unknown_size_is_refused(admin: Program) -> None:
    head = (
        f"POST /api/v1/links HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer {admin.word}\r\n"
        "Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n"
    )
    with socket.create_connection(("127.0.0.1", admin.console.port), timeout=10) as link:
        link.sendall(head.encode())
        assert b"411" in link.recv(64)


def test_a_cookie_is_no_way_in_and_a_token_needs_no_word(many: Many, admin: Program) -> None:
    browser = many.as_("admin")
    assert problem(browser.get("/api/v1/accounts")) == (401, "unauthorized")
    answer = browser.ask("POST", "/api/v1/links", b'{"text":"x"}', headers={"Content-Type": "application/json"})
    assert problem(answer) == (401, "unauthorized")


def test_a_token_that_is_void_old_or_of_a_disabled_user_opens_nothing(many: Many) -> None:
    city = program(many, "city", [Right.SEE])
    assert city.get("/accounts").status == 200
    assert problem(city.get("/reports")) == (403, "forbidden")
    user = many.ws.store.user(login="city")
    assert user
    many.ws.store.revoke_tokens(user.id)
    assert problem(city.get("/accounts")) == (401, "unauthorized")
