"""Periods (检查期): windows with one formal check, open until they are closed."""

from datetime import date, datetime

from tracker.errors import UsageError
from tracker.model import Period
from tracker.store.codec import scrub
from tracker.store.part import Part, instant, stamp
from tracker.store.registry_tables import PeriodRow


class Periods(Part):
    """Windows of checking."""

    def put_period(self, period: Period) -> None:
        """Enter an open period, or put it in place of the one of that name. Raises UsageError when that one is closed."""
        with self.transaction():
            known = self._row(period.name)
            if known is not None and known.closed_at:
                raise UsageError(f"检查期 {period.name} 已经关闭({known.source or known.closed_by}),不能再改;请换一个名称。")
            self._enter(period)

    def periods(self) -> tuple[Period, ...]:
        """All periods, the earliest first."""
        row = self._rows.period
        with self._reading():
            return tuple(_period(found) for found in row.select().order_by(row.start_on, row.name))

    def period(self, name: str) -> Period | None:
        """The period of this name; None when there is none."""
        with self._reading():
            found = self._row(name)
        return _period(found) if found else None

    def previous_period(self, of: str) -> Period | None:
        """The period before: of all that began earlier, the one that began last. None when there is none, or `of` is unknown."""
        held = self.periods()
        own = next((one for one in held if one.name == of), None)
        earlier = [one for one in held if own and one.start < own.start]
        return max(earlier, key=lambda one: (one.start, one.end)) if earlier else None

    def close_period(self, name: str, who: str, why: str, at: datetime) -> None:
        """Close a period for good: no draw and no other window after that. Raises UsageError when unknown or closed."""
        row = self._rows.period
        with self.transaction():
            self._must_be_open(name)
            told = {"closed_at": stamp(at), "closed_by": scrub(who), "closed_why": scrub(why)}
            row.update(**told).where(row.name == scrub(name)).execute()

    def _row(self, name: str) -> PeriodRow | None:
        found: PeriodRow | None = self._rows.period.get_or_none(name=scrub(name))
        return found

    def _must_be_open(self, name: str) -> None:
        row = self._rows.period
        query = row.select().where(row.name == scrub(name))
        # two who draw at once: the second waits here for the first (SQLite holds the whole file since BEGIN IMMEDIATE)
        found = (query.for_update() if self._database.for_update else query).get_or_none()
        if found is None:
            raise UsageError(f"没有名为 {name} 的检查期;先运行 tracker period open {name} --start … --end …")
        if found.closed_at:
            raise UsageError(f"检查期 {name} 已经关闭({found.source or found.closed_by}),不能再改。")

    def _enter(self, period: Period) -> None:
        row = self._rows.period
        columns = {
            "title": scrub(period.title),
            "start_on": period.start.isoformat(),
            "end_on": period.end.isoformat(),
            "closed_at": stamp(period.closed_at) if period.closed_at else None,
            "closed_by": scrub(period.closed_by),
            "closed_why": scrub(period.closed_why),
            "source": scrub(period.source),
        }
        row.insert(name=scrub(period.name), **columns).on_conflict(conflict_target=[row.name], update=columns).execute()


def _period(row: PeriodRow) -> Period:
    return Period(
        name=row.name,
        title=row.title,
        start=date.fromisoformat(row.start_on),
        end=date.fromisoformat(row.end_on),
        closed_at=instant(row.closed_at) if row.closed_at else None,
        closed_by=row.closed_by,
        closed_why=row.closed_why,
        source=row.source,
    )
