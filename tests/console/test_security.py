"""Who may come in, and what every answer carries (DESIGN §9)."""

import re
from urllib.parse import quote

import pytest

from tests.console.conftest import Console, Serve
from tracker.console import pages
from tracker.console.app import HEADERS, MOST_BODY
from tracker.console.desk import Session
from tracker.console.uploads import MOST_BYTES

ROUTES = sorted(
    {
        (method, re.sub(r"\{[^}]+\}", "1", route.path))
        for router in pages.ROUTERS
        for route in router.routes
        for method in route.methods  # type: ignore[attr-defined]  # every route here is an APIRoute
    }
)


def test_there_are_routes_to_test() -> None:
    assert len(ROUTES) > 20


def test_a_stranger_sees_nothing(empty: Console) -> None:
    seen = {(method, path): empty.ask(method, path, b"" if method == "POST" else None, cookie="") for method, path in ROUTES}
    seen["GET", "/nothing"] = empty.get("/nothing", cookie="")
    seen["GET", "/openapi.json"] = empty.get("/openapi.json", cookie="x" * 43)
    assert {where: answer.status for where, answer in seen.items()} == dict.fromkeys(seen, 401)
    assert all(empty.csrf not in answer.text for answer in seen.values())


def test_what_is_open_to_strangers(empty: Console) -> None:
    assert empty.get("/healthz", cookie="").text == "ok"
    assert empty.get("/static/app.css", cookie="").status == 200


@pytest.mark.parametrize("fields", [{"csrf": ""}, {"csrf": "wrong"}, {"csrf": "错"}])
def test_no_change_without_the_word(sample: Console, fields: dict[str, str]) -> None:
    posts = [path for method, path in ROUTES if method == "POST"]
    seen = {path: sample.post(path, fields).status for path in posts}
    assert seen == dict.fromkeys(posts, 403)


@pytest.mark.parametrize("host", ["evil.example", "evil.example:8000", "127.0.0.1.evil.example", "localhost.evil", ""])
def test_a_foreign_host_is_refused(empty: Console, host: str) -> None:
    for path in ("/", "/login?t=x", "/healthz", "/static/app.css"):
        answer = empty.get(path, headers={"Host": host})
        assert answer.status == 400
        assert _dressed(answer.headers)


def _dressed(headers: dict[str, str]) -> bool:
    return all(headers.get(name.lower()) == value for name, value in HEADERS.items())


def test_every_answer_carries_the_headers(sample: Console, monkeypatch: pytest.MonkeyPatch) -> None:
    paths = ["/", "/list", "/nothing", "/login?t=wrong", "/static/app.css", "/static/nothing", "/healthz", "/accounts/nobody"]
    assert all(_dressed(sample.get(path).headers) for path in paths)
    assert _dressed(sample.get("/", cookie="").headers)
    assert _dressed(sample.post("/links", {"csrf": ""}).headers)
    assert _dressed(sample.post("/links").headers)
    assert "script-src" not in HEADERS["Content-Security-Policy"]
    assert "unsafe" not in HEADERS["Content-Security-Policy"]


def test_a_fault_of_ours_is_told_in_words_with_the_headers(sample: Console, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object) -> None:
        raise RuntimeError("secret-detail")

    monkeypatch.setattr("tracker.console.pages.reminders.messages", broken)
    answer = sample.get("/reminders")
    assert answer.status == 500
    assert "程序出错" in answer.text
    assert "secret-detail" not in answer.text
    assert _dressed(answer.headers)


def test_pages_have_no_inline_script_or_style(sample: Console) -> None:
    for path in ("/", "/setup", "/accounts", "/links", "/looks", "/review", "/list", "/check"):
        text = sample.get(path).text
        assert not re.search(r"<script(?![^>]*\bsrc=)|<style|\sstyle=|\son[a-z]+=|javascript:", text), path
        assert not re.search(r'(?:src|href)="(?:https?:)?//[^"]*\.(?:js|css|woff)', text), path


def test_the_link_works_once(served: Serve) -> None:
    wrong: list[int] = []
    console = served(wrong_link=lambda: wrong.append(1))
    session = console.desk.session
    told = session.renew()
    assert session.renew() == told
    first = console.get(f"/login?t={told}", cookie="")
    assert (first.status, first.headers["location"]) == (303, "/")
    held = first.headers["set-cookie"]
    assert {"HttpOnly", "SameSite=strict", "Path=/"} <= {part.strip() for part in held.split(";")}
    again = console.get(f"/login?t={told}", cookie="")
    assert (again.status, wrong) == (401, [1])
    assert "set-cookie" not in again.headers
    assert console.get(f"/login?t={quote('错的')}", cookie="").status == 401
    assert console.get("/login", cookie="").status == 401
    cookie = held.split("=", 1)[1].split(";")[0]
    assert console.get("/", cookie=cookie).status == 200
    assert console.get(f"/login?t={told}", cookie=cookie).status == 303


def test_an_empty_word_opens_nothing() -> None:
    session = Session()
    assert session.sign_in("") is None
    session.sign_in(session.one_time)
    assert session.sign_in("") is None
    assert not session.holds("")
    assert not session.holds(None)


@pytest.mark.parametrize(
    "path",
    [
        "/static/../app.py",
        "/static/%2e%2e/app.py",
        "/static/..%2fapp.py",
        "/list/files/final/..%2f..%2ftracker.toml",
        "/list/files/final/%2e%2e",
        "/list/files/draft/..%5c..%5ctracker.toml",
        "/list/files/other/x.docx",
        "/evidence/..%2f..%2f/tracker.toml",
        "/evidence/2026-11-06/..%2f..%2f..%2ftracker.toml",
        "/evidence/2026-11-06/manifest.jsonl",
        "/evidence/%2e%2e/tracker.db",
        "/check/..%2f..%2fetc%2fpasswd",
        "/check/%2e%2e",
        "/accounts/import/..%2f..%2fx",
    ],
)
def test_no_path_leads_out(sample: Console, path: str) -> None:
    answer = sample.get(path)
    assert answer.status in (400, 404)
    assert 'place = "' not in answer.text


@pytest.mark.parametrize(
    ("name", "raw", "words"),
    [
        ("台账.exe", b"MZ", "不收"),
        ("台账.doc", b"\xd0\xcf\x11\xe0", ".docx"),
        ("台账.xlsx", b"", "空文件"),
        ("台账.xlsx", b"<html>not a workbook</html>", "另存为 .xlsx"),
        ("台账.docx", b"PK\x03\x04 broken", ""),
        ("../../../逃.exe", b"x", "“逃.exe”"),
        ("noend", b"x", "不收"),
        ("", b"", "没有选文件"),
    ],
)
def test_wrong_uploads_are_refused_in_words(empty: Console, name: str, raw: bytes, words: str) -> None:
    answer = empty.upload("/check", {"file": (name, raw)})
    if answer.status == 303:
        answer = empty.get(answer.headers["location"])
    assert answer.status == 400
    assert words in answer.text
    assert "Traceback" not in answer.text
    assert sorted(path.name for path in empty.ws.root.iterdir() if not path.name.startswith("tracker.db")) == [
        "profiles",
        "reports",
        "snapshots",
        "tracker.toml",
    ]


def test_a_name_from_outside_is_text(empty: Console) -> None:
    named = 'a"><img src=x onerror=alert(1)>.csv'
    answer = empty.upload("/check", {"file": (named.replace('"', "%22"), "新媒体类型,新媒体名称\n<b>x</b>,<i>y</i>\n".encode())})
    text = empty.get(answer.headers["location"]).text
    assert "<img" not in text
    assert "<b>x" not in text


def test_too_much_is_refused_before_it_is_read(empty: Console) -> None:
    answer = empty.ask("POST", "/check", b"", headers={"Content-Length": str(MOST_BODY + 1)})
    assert answer.status == 413
    assert empty.ask("POST", "/check", headers={"Transfer-Encoding": "chunked"}).status == 411


def test_a_file_over_the_limit_is_refused(empty: Console) -> None:
    answer = empty.upload("/check", {"file": ("大.csv", b"a," * (MOST_BYTES // 2 + 1))})
    assert answer.status == 400
    assert f"超过 {MOST_BYTES // 2**20} MB" in answer.text


def test_a_post_without_fields_is_told_in_words(sample: Console) -> None:
    assert sample.get("/evidence/2026-11-06/x/notanumber").status in (400, 422)
    assert "没有做成" in sample.get("/evidence/2026-11-06/x/notanumber").text
