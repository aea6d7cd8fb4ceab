"""A door over a store of each kind, and a clock that is set."""

from dataclasses import dataclass
from datetime import datetime, timedelta

import pytest
from argon2 import Parameters, Type

from tests.store.conftest import store, url
from tracker.clock import SHANGHAI
from tracker.people import Role
from tracker.settings import ServerSettings
from tracker.signin import Door, Hasher
from tracker.store import Store, User

__all__ = ["store", "url"]

AT = datetime(2026, 11, 6, 9, 0, tzinfo=SHANGHAI)
GOOD = "三只 aardvark 过河"
CHEAP = Parameters(Type.ID, 19, 16, 32, 1, 8, 1)


@dataclass
class Watch:
    """A clock that is set by hand."""

    at: datetime = AT

    def __call__(self) -> datetime:
        return self.at

    def on(self, **told: float) -> None:
        self.at += timedelta(**told)


@pytest.fixture
def watch() -> Watch:
    return Watch()


@pytest.fixture
def door(store: Store, watch: Watch) -> Door:
    """A door with one administrator, `boss`, whose password is GOOD."""
    made = Door(store, ServerSettings(many=True), clock=watch, hasher=Hasher(CHEAP))
    store.add_user(User(login="boss", name="管理一", role=Role.ADMIN, password=made.hasher.hash(GOOD), at=AT))
    return made
