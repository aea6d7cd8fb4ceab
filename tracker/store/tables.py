"""The tables as peewee models. Bound to one database per store (`Tables`): no model knows a database by itself.

Instants are ISO text in UTC with microseconds (they sort as they follow each other), days ISO text, records JSON text.
Text of any length that is looked up is kept as a digest: a PostgreSQL index refuses rows over 2,704 bytes.
"""

from dataclasses import dataclass
from hashlib import sha256
from typing import TypeVar, cast, get_args, get_type_hints

import peewee

from tracker.store.authorisation_tables import AuthorisationRow
from tracker.store.desk_tables import DraftRow, PictureRow, QuestionRow, SentRow
from tracker.store.lane_tables import FreezeRow
from tracker.store.print_tables import ConsultationRow, ObjectionRow, PrintRow, RulingRow
from tracker.store.registry_tables import AbsenceRow, AccountRow, ChangeRow, DrawRow, KinRow, PaperRow, PeriodRow
from tracker.store.sweep_tables import (
    DecisionRow,
    FactsRow,
    FrozenRow,
    JudgementEndRow,
    JudgementRow,
    LinkRow,
    SweepRow,
    VerdictRow,
    VisitRow,
)

_M = TypeVar("_M", bound=peewee.Model)


@dataclass(frozen=True, slots=True)
class Tables:
    """All models, bound to one database."""

    account: type[AccountRow]
    change: type[ChangeRow]
    period: type[PeriodRow]
    sweep: type[SweepRow]
    frozen: type[FrozenRow]
    kin: type[KinRow]
    facts: type[FactsRow]
    visit: type[VisitRow]
    link: type[LinkRow]
    decision: type[DecisionRow]
    judgement: type[JudgementRow]
    judgement_end: type[JudgementEndRow]
    verdict: type[VerdictRow]
    draw: type[DrawRow]
    paper: type[PaperRow]
    absence: type[AbsenceRow]
    draft: type[DraftRow]
    sent: type[SentRow]
    picture: type[PictureRow]
    question: type[QuestionRow]
    authorisation: type[AuthorisationRow]
    print: type[PrintRow]
    consultation: type[ConsultationRow]
    objection: type[ObjectionRow]
    ruling: type[RulingRow]
    freeze: type[FreezeRow]


def tables(database: peewee.Database) -> Tables:
    """The models as subclasses of their own, so that two stores can be open at once, in any number of threads."""
    # the fields name the models: a further table is one line above
    return Tables(**{name: _bound(get_args(kind)[0], database) for name, kind in get_type_hints(Tables).items()})


def digest(text: str) -> str:
    """SHA-256 of a text that is looked up, in hex."""
    return sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def _bound(model: type[_M], database: peewee.Database) -> type[_M]:
    meta = type("Meta", (), {"database": database, "table_name": model._meta.table_name})
    return cast("type[_M]", type(model.__name__, (model,), {"Meta": meta}))
