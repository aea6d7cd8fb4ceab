"""The log: one JSON object per line, only what is listed, and never a secret, whoever says it."""

import asyncio
import io
import json
import logging
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.e2e.running import tracker
from tests.schedule.made import settle
from tracker import logs
from tracker.capture import Job, Lane
from tracker.errors import UsageError
from tracker.model import Account, Observation, Outcome, Route, Visit, Window
from tracker.watch import Logged, Watch, Watched

SECRET = "planted-secret-4417"
PERSON = "示例联系人甲"


@pytest.fixture(autouse=True)
def quiet() -> Iterator[None]:
    yield
    logs.configure()


def lines(text: str) -> list[dict[str, object]]:
    return [json.loads(line) for line in text.splitlines()]


def test_an_event_is_one_json_object_with_listed_fields_only() -> None:
    out = io.StringIO()
    logs.configure(stream=out)
    logs.told("visit.ended", account_id="a1", outcome="ok", seconds=1.5, cookie=SECRET, body=SECRET, detail=PERSON, name=None)
    (one,) = lines(out.getvalue())
    assert {key: one[key] for key in ("event", "level", "account_id", "outcome", "seconds")} == {
        "event": "visit.ended",
        "level": "info",
        "account_id": "a1",
        "outcome": "ok",
        "seconds": 1.5,
    }
    assert SECRET not in out.getvalue()
    assert PERSON not in out.getvalue()


def test_addresses_lose_their_query_and_their_user() -> None:
    out = io.StringIO()
    logs.configure(stream=out)
    logs.told("request", path=f"https://me:{SECRET}@host.example/login?t={SECRET}#{SECRET}")
    assert lines(out.getvalue())[0]["path"] == "https://host.example/login?…"


def test_of_an_exception_its_kind_and_place_are_told_and_nothing_else() -> None:
    out = io.StringIO()
    logs.configure(stream=out)
    try:
        raise ValueError(SECRET)
    except ValueError:
        logging.getLogger("uvicorn.error").exception("Exception in ASGI application")
    (one,) = lines(out.getvalue())
    assert (one["error"], str(one["place"]).partition(":")[0]) == ("ValueError", "test_logs.py")
    assert SECRET not in out.getvalue()


def test_nobody_hears_what_was_not_asked_for(capfd: pytest.CaptureFixture[str]) -> None:
    logs.configure()
    logs.told("visit.ended", level="error", account_id="a1")
    assert capfd.readouterr() == ("", "")


def test_a_file_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    (tmp_path / "taken").write_text("", encoding="utf-8")
    with pytest.raises(UsageError, match="日志写不进"):
        logs.configure(file=tmp_path / "taken" / "t.jsonl")


class Nobody:
    def started(self, job: Job) -> None: ...
    def visited(self, job: Job, observation: Observation) -> None: ...
    def lane_stopped(self, lane: Lane, outcome: Outcome, detail: str) -> None: ...


def test_a_visit_is_told_by_account_route_outcome_and_seconds_without_who_or_what() -> None:
    out, ticks = io.StringIO(), iter((10.0, 12.5))
    logs.configure(stream=out)
    today = Window(since="2026-11-01", until="2026-11-20")  # type: ignore[arg-type]  # nobody reads it here
    account = Account(account_id="a000000001", platform="weibo", kind="新浪微博", name=f"账号{PERSON}", position=1)
    visit = Visit(account=account, route=Route.HTTP, window=today, today=today.since, url=f"https://x.example/?k={SECRET}")
    job = Job(visit=visit, routes=(Route.HTTP,), lane=Lane(platform="weibo", credential=f"{PERSON}的登录"))
    told = Logged(Nobody(), "2026-11-20", ticks=lambda: next(ticks))
    told.started(job)
    told.visited(job, Observation(outcome=Outcome.LOGIN_WALL, detail=f"{SECRET}", aspects={}))
    told.lane_stopped(job.lane, Outcome.LOGIN_WALL, f"{PERSON}要重新登录")
    visited, stopped = lines(out.getvalue())
    wanted = {"sweep": "2026-11-20", "lane": "weibo/own", "route": "http", "account_id": "a000000001", "outcome": "login_wall"}
    assert {key: visited[key] for key in wanted} == wanted
    assert visited["seconds"] == 2.5
    assert (stopped["event"], stopped["level"]) == ("lane.stopped", "warning")
    assert SECRET not in out.getvalue()
    assert PERSON not in out.getvalue()


def test_requests_are_told_without_the_one_time_word() -> None:
    out = io.StringIO()
    logs.configure(stream=out)

    async def app(scope: object, receive: object, send: object) -> None:
        await send({"type": "http.response.start", "status": 303, "headers": []})  # type: ignore[operator]

    async def hear(message: object) -> None: ...

    watch = Watch(lambda: pytest.fail("nobody scrapes"), clock=lambda: pytest.fail("no clock"))
    scope = {"type": "http", "method": "GET", "path": f"/{SECRET}", "query_string": f"t={SECRET}".encode()}
    asyncio.run(Watched(app, watch)(scope, hear, hear))  # type: ignore[arg-type]
    (one,) = lines(out.getvalue())
    assert (one["path"], one["status"], one["method"]) == ("(none)", 303, "GET")
    assert SECRET not in out.getvalue()


def test_the_command_line_writes_where_the_settings_say_and_to_standard_error_when_asked(tmp_path: Path) -> None:
    root = settle(tmp_path / "ws", '[log]\nfile = "logs/t.jsonl"\n')
    said = tracker("--log-json", "schedule", "run", "due", workspace=root)
    assert said.code == 1
    shown = [json.loads(line) for line in said.err.splitlines() if line.startswith("{")]
    kept = lines((root / "logs" / "t.jsonl").read_text(encoding="utf-8"))
    assert [one["event"] for one in kept] == ["run.ended"]
    assert [one["event"] for one in shown] == ["run.ended"]
    assert kept[0]["failed"] is True
