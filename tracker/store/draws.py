"""Draws, and notices of absence. Both are appended; the database itself refuses to change or remove a row."""

import json
from collections.abc import Collection
from datetime import date
from typing import cast

from pydantic import TypeAdapter

from tracker.absence import Absence
from tracker.errors import UsageError
from tracker.store.codec import dumps, scrub
from tracker.store.part import instant, stamp
from tracker.store.periods import Periods
from tracker.store.records import Draw, Method, Stratum
from tracker.store.registry_tables import AbsenceRow, DrawRow

_TOLD = ("by", "size", "seed", "once_a_year")
_STRATA = TypeAdapter(tuple[Stratum, ...])


class Draws(Periods):
    """What was drawn for a period, and who filed that an account would be silent."""

    def add_draw(self, draw: Draw) -> None:
        """Append a draw. Raises UsageError when its period is unknown or closed, or a second one gives no reason."""
        told = {name: getattr(draw, name) for name in _TOLD} | {"strata": _STRATA.dump_python(draw.strata, mode="json")}
        with self.transaction():
            self._must_be_open(draw.period)
            if self.draws(draw.period) and not draw.why.strip():
                raise UsageError(f"检查期 {draw.period} 已经抽取过;重新抽取须写明理由(命令行:--why 理由)。原名单会保留。")
            self._rows.draw.insert(
                period=scrub(draw.period),
                method=draw.method,
                told=dumps(told),
                frame=dumps(draw.frame),
                drawn=dumps(draw.drawn),
                at=stamp(draw.at),
                who=scrub(draw.who),
                why=scrub(draw.why),
            ).execute()

    def draws(self, period: str | None = None) -> tuple[Draw, ...]:
        """All draws, or those of one period, in the order in which they were made; the last one of a period counts."""
        row = self._rows.draw
        query = row.select().order_by(row.id)
        with self._reading():
            return tuple(_draw(found) for found in (query.where(row.period == scrub(period)) if period else query))

    def last_draw(self, period: str) -> Draw | None:
        """The draw of a period that counts; None when nothing was drawn."""
        return next(reversed(self.draws(period)), None)

    def add_absence(self, notice: Absence) -> None:
        """Append a notice. Raises UsageError for an unknown account, or when its last day lies before its first."""
        if notice.last < notice.first:
            raise UsageError(
                f"停更报备的结束日期 {notice.last} 早于开始日期 {notice.first};请改正起止日期(命令行:--from 和 --to)。"
            )
        texts = {name: scrub(getattr(notice, name)) for name in ("account_id", "reason", "document", "who")}
        days = {"first_on": notice.first, "last_on": notice.last, "filed_on": notice.filed_on}
        with self.transaction():
            if self._rows.account.get_or_none(account_id=texts["account_id"]) is None:
                raise UsageError(f"台账中没有编号为“{notice.account_id}”的账号;请用 tracker accounts list 查编号。")
            isos = {name: on.isoformat() for name, on in days.items()}
            self._rows.absence.insert(at=stamp(notice.at), **texts, **isos).execute()

    def absences(self, account_id: str | None = None, *, among: Collection[str] | None = None) -> tuple[Absence, ...]:
        """All notices, or those of one account or of some, in the order in which they were entered."""
        row = self._rows.absence
        query = row.select().order_by(row.id)
        if account_id:
            query = query.where(row.account_id == account_id)
        if among is not None:
            query = query.where(row.account_id.in_(among))
        with self._reading():
            return tuple(_absence(found) for found in query)


def _draw(row: DrawRow) -> Draw:
    told = json.loads(row.told)
    return Draw(
        period=row.period,
        method=cast("Method", row.method),
        frame=tuple(json.loads(row.frame)),
        drawn=tuple(json.loads(row.drawn)),
        strata=_STRATA.validate_python(told["strata"]),
        at=instant(row.at),
        who=row.who,
        why=row.why,
        **{name: told[name] for name in _TOLD},
    )


def _absence(row: AbsenceRow) -> Absence:
    return Absence(
        account_id=row.account_id,
        first=date.fromisoformat(row.first_on),
        last=date.fromisoformat(row.last_on),
        filed_on=date.fromisoformat(row.filed_on),
        reason=row.reason,
        document=row.document,
        who=row.who,
        at=instant(row.at),
    )
