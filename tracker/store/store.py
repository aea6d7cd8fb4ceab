"""One open database."""

from contextlib import ExitStack
from types import TracebackType
from typing import Self

import peewee

from tracker.store.accounts import Accounts
from tracker.store.authorisations import Authorisations
from tracker.store.copying import Copying
from tracker.store.database import connect, prepare, telling
from tracker.store.decided import Decided
from tracker.store.drafts import Drafts
from tracker.store.draws import Draws
from tracker.store.failures import Failures
from tracker.store.figures import Figures
from tracker.store.health import Health
from tracker.store.judgements import Judgements
from tracker.store.lane_visits import LaneVisits
from tracker.store.listing import Listing
from tracker.store.machines import Machines
from tracker.store.objections import Objections
from tracker.store.origins import Origins
from tracker.store.papers import Papers
from tracker.store.people import People
from tracker.store.prints import Prints
from tracker.store.rectifications import RectificationReports
from tracker.store.runs import Runs
from tracker.store.sweeps import Sweeps
from tracker.store.tallies import Tallies
from tracker.store.tombstones import Tombstones
from tracker.store.trail import Trail
from tracker.store.users import Users
from tracker.store.visits import Visits


class Store(
    Accounts,
    Sweeps,
    Visits,
    People,
    Decided,
    Judgements,
    Listing,
    Draws,
    Papers,
    Drafts,
    Prints,
    Objections,
    RectificationReports,
    LaneVisits,
    Machines,
    Authorisations,
    Health,
    Users,
    Failures,
    Trail,
    Origins,
    Tombstones,
    Figures,
    Tallies,
    Runs,
    Copying,
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
            self.let_go()
            _close(self._database)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.close()


def _close(database: peewee.Database) -> None:
    database.close_all()  # type: ignore[attr-defined]  # both databases are pools
