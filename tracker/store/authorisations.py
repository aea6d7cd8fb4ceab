"""How far each owner's authorisation (授权) has come. It is appended; the last row of an account counts."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from tracker.store.authorisation_tables import AuthorisationRow
from tracker.store.codec import scrub
from tracker.store.part import Part, instant, stamp


class Step(StrEnum):
    """What has happened last."""

    SENT = "已发"
    """The letter went out."""
    BACK = "已回"
    """It came back signed."""
    WORKS = "已测通"
    """The grant was tried and reads well."""
    REFUSED = "不同意"
    REVOKED = "已收回"


@dataclass(frozen=True, slots=True, kw_only=True)
class Authorisation:
    """One step of one account's owner."""

    account_id: str
    step: Step
    who: str
    at: datetime
    note: str = ""


class Authorisations(Part):
    """The steps of all owners."""

    def add_authorisation(self, told: Authorisation) -> None:
        """Append a step."""
        with self.transaction():
            self._rows.authorisation.insert(
                account_id=scrub(told.account_id), step=told.step, who=scrub(told.who), at=stamp(told.at), note=scrub(told.note)
            ).execute()

    def authorisations(self, account_id: str | None = None) -> tuple[Authorisation, ...]:
        """All steps, or those of one account, in the order of entering."""
        row = self._rows.authorisation
        query = row.select().order_by(row.id)
        with self._reading():
            return tuple(_step(one) for one in (query if account_id is None else query.where(row.account_id == account_id)))


def _step(row: AuthorisationRow) -> Authorisation:
    return Authorisation(account_id=row.account_id, step=Step(row.step), who=row.who, at=instant(row.at), note=row.note)
