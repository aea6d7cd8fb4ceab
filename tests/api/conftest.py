"""The API over a real socket: consoles of the pages' tests, and programs with tokens."""

import itertools
import json
from collections.abc import Callable, Collection
from dataclasses import dataclass
from typing import Any

import pytest

from tests.console.conftest import (
    Answer,
    Console,
    Many,
    asked,
    asked_root,
    empty,
    make_many,
    many,
    sample_root,
    served,
)
from tracker.people import RIGHTS, Right

__all__ = ["asked", "asked_root", "empty", "make_many", "many", "sample_root", "served"]

_NUMBERS = itertools.count(1)


@dataclass(frozen=True, kw_only=True)
class Program:
    """A program with a token; paths are below /api/v1."""

    console: Console
    word: str

    def ask(self, method: str, path: str, body: bytes | None = None, **headers: str) -> Answer:
        told = {"Authorization": f"Bearer {self.word}", "Cookie": "", **{k.replace("_", "-"): v for k, v in headers.items()}}
        return self.console.ask(method, f"/api/v1{path}", body, headers=told)

    def get(self, path: str) -> Answer:
        return self.ask("GET", path)

    def told(self, path: str) -> Any:
        answer = self.get(path)
        assert answer.status == 200, answer.text
        return json.loads(answer.text)

    def post(self, path: str, told: object, *, key: str = "", **headers: str) -> Answer:
        sent = {"Content_Type": "application/json", "Idempotency_Key": key or f"test-key-{next(_NUMBERS)}", **headers}
        return self.ask("POST", path, json.dumps(told).encode(), **sent)


def program(many: Many, login: str, rights: Collection[Right] | None = None) -> Program:
    """A program of this user with all their rights, or only these."""
    user = many.ws.store.user(login=login)
    assert user
    word = many.door.new_token(user, "测试", frozenset(RIGHTS[user.role] if rights is None else rights), 9)
    return Program(console=many.console, word=word)


MakeProgram = Callable[..., Program]


def problem(answer: Answer) -> tuple[int, str]:
    """Status and `code` of a refusal, which has the one shape and says it in Chinese."""
    assert answer.headers["content-type"] == "application/json", answer.text
    told = json.loads(answer.text)
    assert set(told) == {"error"}
    assert set(told["error"]) == {"code", "message"}
    assert any("\u4e00" <= char <= "\u9fff" for char in told["error"]["message"]), told
    return answer.status, told["error"]["code"]


@pytest.fixture
def admin(many: Many) -> Program:
    return program(many, "admin")
