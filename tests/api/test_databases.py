"""The same on SQLite and on PostgreSQL: done once however many ask at once, and what no column can hold breaks nothing."""

import json
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from argon2 import Parameters, Type

from tests.api.conftest import Program, problem, program
from tests.console.conftest import Many, Serve, fill_users
from tests.store.conftest import url
from tracker import demo, settings
from tracker.signin import Hasher
from tracker.workspace import create, opened

__all__ = ["url"]

ARTICLE = "https://mp.weixin.qq.com/s/AAAAAAAAAAAAAAAAAAAAAA"


@pytest.fixture
def city(url: str, served: Serve, tmp_path: Path) -> Program:
    root = tmp_path / "工作区"
    create(root, settings.template(place="示例市", profile="baoji", persons=1))
    path = root / settings.FILE
    told = [f"database = {json.dumps(url)}", *path.read_text(encoding="utf-8").splitlines(), "[server]", "many = true"]
    kept = [line for number, line in enumerate(told) if number == 0 or not line.startswith("database")]
    path.write_text("\n".join(kept), encoding="utf-8")
    with opened(root) as ws:
        demo.fill(ws)
        fill_users(ws.store)
    return program(Many(console=served(root, hasher=Hasher(Parameters(Type.ID, 19, 16, 32, 1, 8, 1)))), "admin")


def test_what_many_ask_at_once_under_one_key_is_done_once(city: Program) -> None:
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda _: city.post("/links", {"text": ARTICLE}, key="all-at-once"), range(8)))
    seen = Counter((one.status, "idempotency-replayed" in one.headers) for one in answers)
    assert seen[200, False] == 1
    assert set(seen) <= {(200, False), (200, True), (409, False)}
    assert {json.loads(one.text)["new"] for one in answers if one.status == 200} == {1}


def test_what_no_column_can_hold_breaks_nothing(city: Program) -> None:
    for path in (
        "/accounts?q=%00&region=%00",
        "/verdicts?platform=%00&q=%F0%9F%98%80",
        "/audit?person=%00&action=%00",
        "/reports?sweep=%00&form=%00",
        "/due?days=3660",
        "/own",
        "/sweeps",
    ):
        assert city.get(path).status == 200, path
    for path in ("/accounts/%00", "/accounts/%00/visits", "/verdicts/%00", "/own/%00", "/reports/%00/files/0", "/profiles/%00"):
        assert problem(city.get(path)) == (404, "not_found"), path
    for path in ("/verdicts?sweep=%00", "/findings/waiting?sweep=%00"):
        assert problem(city.get(path)) == (404, "not_found"), path
    assert problem(city.get("/objections?sweep=%00"))[0] == 422
    assert city.post("/links", {"text": f"\0{ARTICLE}\0"}).status == 200
    own = city.told("/accounts?limit=1")["items"][0]["account_id"]
    assert city.post(f"/looks/{own}", {"told": "11月3日", "note": "a\0b"}).status in (200, 409)
    assert problem(city.post("/reports", {"form": "\0", "sweep": "\0", "formats": ["csv"]}))[0] == 422
    assert problem(city.post("/judge", {"sweep": "\0"}))[0] == 404


def test_pages_follow_each_other(city: Program) -> None:
    for path in ("/accounts?limit=40", "/verdicts?limit=40"):
        found, following = [], path
        while following:
            page = city.told(following.removeprefix("/api/v1"))
            found += [one["account_id"] for one in page["items"]]
            following = page["next"]
        assert len(found) == len(set(found)) == page["total"] == 102
