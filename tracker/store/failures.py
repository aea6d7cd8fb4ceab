"""Failed sign-ins, counted before the password is looked at, so that many tries at once count as many."""

from collections.abc import Callable
from datetime import datetime

from tracker.store.part import Part, instant, stamp
from tracker.store.tables import digest


class Failures(Part):
    """One row per login and per address that failed."""

    def count_try(self, name: str, at: datetime, until: Callable[[int], datetime], forget: datetime) -> datetime | None:
        """Count a try under a name (a login, an address); None = it may be made, else until when none may.

        `until` says for how long the door stays shut after so many tries; what was last tried before `forget` is forgotten.
        """
        row, key = self._rows.failure, digest(name)
        with self.transaction():
            row.insert(digest=key, count=0, at=stamp(at), until=stamp(at)).on_conflict_ignore().execute()
            # takes the row's lock, so that two tries at once are counted one after the other
            row.update(digest=key).where(row.digest == key).execute()
            held = row.get_by_id(key)
            if held.until > stamp(at):
                return instant(held.until)
            count = held.count + 1 if held.at > stamp(forget) else 1
            row.update(count=count, at=stamp(at), until=stamp(until(count))).where(row.digest == key).execute()
        return None

    def undo_try(self, name: str, at: datetime) -> None:
        """Take one try back: it was a sign-in that succeeded, at this instant."""
        row = self._rows.failure
        with self.transaction():
            row.update(count=row.count - 1, until=stamp(at)).where((row.digest == digest(name)) & (row.count > 0)).execute()

    def clear_tries(self, name: str) -> None:
        """Forget the tries under a name: a sign-in succeeded, or an administrator says so."""
        row = self._rows.failure
        with self.transaction():
            row.delete().where(row.digest == digest(name)).execute()

    def drop_tries(self, before: datetime) -> None:
        """Remove what was last tried before an instant."""
        row = self._rows.failure
        with self.transaction():
            row.delete().where((row.at < stamp(before)) & (row.until < stamp(before))).execute()
