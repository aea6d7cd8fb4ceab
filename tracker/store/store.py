"""One open database."""

from contextlib import ExitStack
from types import TracebackType
from typing import Self

import peewee

from tracker.store.accounts import Accounts
from tracker.store.authorisations import Authorisations
from tracker.store.database import connect, prepare, telling
from tracker.store.drafts import Drafts
from tracker.store.draws import Draws
from tracker.store.health import Health
from tracker.store.judgements import Judgements
from tracker.store.lane_visits import LaneVisits
from tracker.store.objections import Objections
from tracker.store.papers import Papers
from tracker.store.people import People
from tracker.store.prints import Prints
from tracker.store.sweeps import Sweeps
from tracker.store.visits import Visits


class Store(
    Accounts, Sweeps, Visits, People, Judgements, Draws, Papers, Drafts, Prints, Objections, LaneVisits, Authorisations, Health
):
    """The workspace's database. Several may be open at once; each may be used from any thread and by several processes."""

    @classmethod
    def open(cls, url: str, *, wait: float = 30.0) -> Self:
        """Open `sqlite:///path` or `postgresql://…`, making or updating its tables; `wait` = seconds to wait for a lock.

        Raises UsageError, in words, for a database that cannot be reached, is damaged, or was written by a newer program.
        """
        database, place = connect(url, wait=wait)
        with telling(place), ExitStack() as undo:
            undo.callback(_close, database)
            prepare(database, place, wait=wait)
            undo.pop_all()
        return cls(database, place)

    def close(self) -> None:
        """Close every connection of every thread; may be called twice."""
        with telling(self._place):
            _close(self._database)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.close()


def _close(database: peewee.Database) -> None:
    database.close_all()  # type: ignore[attr-defined]  # both databases are pools
