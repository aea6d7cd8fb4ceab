"""Tombstones: which stored answers were cleared away by rule, by whom and why. Appended only."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from tracker.store.codec import scrub
from tracker.store.part import Part, instant, stamp


@dataclass(frozen=True, slots=True, kw_only=True)
class Tombstone:
    """A file of the evidence that was cleared away: `size` in bytes, `sha256` of what it held."""

    file: str
    sweep: str
    sha256: str
    size: int
    who: str
    why: str
    at: datetime


class Tombstones(Part):
    """What was cleared away."""

    def add_tombstones(self, told: Iterable[Tombstone]) -> None:
        """Append; a file that has one keeps the one it has."""
        rows = ((one.file, one.sweep, one.sha256, one.size, scrub(one.who), scrub(one.why), stamp(one.at)) for one in told)
        with self.transaction():
            self._append(self._rows.tombstone, ("file", "sweep", "sha256", "size", "who", "why", "at"), rows, known=True)

    def tombstones(self, sweep: str) -> tuple[Tombstone, ...]:
        """What was cleared away of a sweep, in that order."""
        row = self._rows.tombstone
        with self._reading():
            found = list(row.select().where(row.sweep == scrub(sweep)).order_by(row.id))
        names = ("file", "sweep", "sha256", "size", "who", "why")
        return tuple(Tombstone(at=instant(one.at), **{name: getattr(one, name) for name in names}) for one in found)
