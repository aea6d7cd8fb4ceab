"""A change is done once: the same key with the same request gives the stored answer, with another one it is a mistake."""

import json
import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest

from tests.api.conftest import Program, problem, program
from tests.console.conftest import TODAY, MakeMany, Many
from tests.people.conftest import Watch
from tracker.console.api import work
from tracker.people import Right
from tracker.store.users import digest

ARTICLE = "https://mp.weixin.qq.com/s/AAAAAAAAAAAAAAAAAAAAAA"


def test_a_request_sent_again_is_not_done_again(many: Many, admin: Program) -> None:
    first = admin.post("/links", {"text": ARTICLE}, key="pasted-once")
    again = admin.post("/links", {"text": ARTICLE}, key="pasted-once")
    assert (first.status, first.body) == (200, again.body)
    assert again.headers["idempotency-replayed"] == "true"
    assert "idempotency-replayed" not in first.headers
    other_key = admin.post("/links", {"text": ARTICLE}, key="pasted-twice")
    assert [json.loads(one.text)["new"] for one in (first, other_key)] == [1, 0]


def test_another_request_under_the_same_key_is_refused_and_not_done(many: Many, admin: Program) -> None:
    assert admin.post("/links", {"text": "x"}, key="one-key-for-two").status == 200
    assert problem(admin.post("/links", {"text": ARTICLE}, key="one-key-for-two")) == (422, "unprocessable")
    assert problem(admin.post("/judge", {}, key="one-key-for-two")) == (422, "unprocessable")
    assert ARTICLE not in [one.url for one in many.ws.store.links()]


def test_a_key_belongs_to_one_user(many: Many, admin: Program) -> None:
    city = program(many, "city")
    first = admin.post("/links", {"text": ARTICLE}, key="the-same-key")
    second = city.post("/links", {"text": ARTICLE}, key="the-same-key")
    assert "idempotency-replayed" not in second.headers
    assert [json.loads(one.text)["new"] for one in (first, second)] == [1, 0]


def test_a_stored_answer_is_not_for_whoever_lost_the_right(many: Many) -> None:
    able, unable = program(many, "city"), program(many, "city", [Right.SEE])
    assert able.post("/links", {"text": "x"}, key="able-or-not").status == 200
    assert problem(unable.post("/links", {"text": "x"}, key="able-or-not")) == (403, "forbidden")


def test_a_refused_request_leaves_its_key_free(admin: Program) -> None:
    assert problem(admin.post("/reports", {"form": "no-such", "formats": ["json"]}, key="try-again-1"))[0] == 422
    assert problem(admin.post("/links", {"text": ""}, key="try-again-1"))[0] == 422
    assert admin.post("/links", {"text": "x"}, key="try-again-1").status == 200


def test_of_two_at_once_one_is_told_to_wait(admin: Program, monkeypatch: pytest.MonkeyPatch) -> None:
    begun, free, calls = threading.Event(), threading.Event(), list[int]()
    real = work.paste

    def slow(*args: object, **told: object) -> object:
        calls.append(1)
        begun.set()
        assert free.wait(20)
        return real(*args, **told)  # type: ignore[arg-type]  # handed on as it came

    monkeypatch.setattr(work, "paste", slow)
    with ThreadPoolExecutor(1) as pool:
        first = pool.submit(admin.post, "/links", {"text": ARTICLE}, key="at-the-same-time")
        assert begun.wait(20)
        second = admin.post("/links", {"text": ARTICLE}, key="at-the-same-time")
        free.set()
        assert problem(second) == (409, "conflict")
        assert second.headers["retry-after"] == "2"
        done = first.result(20)
    again = admin.post("/links", {"text": ARTICLE}, key="at-the-same-time")
    assert (done.status, again.body, len(calls)) == (200, done.body, 1)


def test_a_program_error_is_told_in_the_one_shape_and_leaves_the_key_free(
    many: Many, admin: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patch:
        patch.setattr(work, "paste", lambda *args, **told: 1 / 0)
        assert problem(admin.post("/links", {"text": ARTICLE}, key="it-broke-once")) == (500, "internal")
    assert admin.post("/links", {"text": ARTICLE}, key="it-broke-once").status == 200


def test_an_answer_is_kept_for_a_day_and_a_dead_request_for_ten_minutes(make_many: MakeMany) -> None:
    watch = Watch(TODAY)
    many = make_many(clock=watch)
    admin = program(many, "admin")
    assert admin.post("/links", {"text": "x"}, key="a-day-or-less").status == 200
    watch.on(hours=23)
    assert admin.post("/links", {"text": "x"}, key="a-day-or-less").headers["idempotency-replayed"] == "true"
    watch.on(hours=2)
    assert admin.post("/links", {"text": "y"}, key="a-day-or-less").status == 200
    assert many.ws.store.begin_request("admin", "server-died", digest("x"), watch()) is None
    assert problem(admin.post("/links", {"text": "z"}, key="server-died"))[0] in (409, 422)
    watch.on(minutes=11)
    assert admin.post("/links", {"text": "z"}, key="server-died").status == 200
    assert watch() - TODAY > timedelta(hours=25)
