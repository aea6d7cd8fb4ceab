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
from tracker.store.listing_tables import VerdictLineRow
from tracker.store.machine_tables import HolderRow, MachineRow, PaceRow, QueuedLaneRow, QueuedSweepRow
from tracker.store.origin_tables import OriginRecordRow, OriginRow, OriginSweepRow, OriginVisitRow, SealHeadRow, TrustedKeyRow
from tracker.store.people_tables import AuditRow, FailureRow, LinkOnceRow, RequestKeyRow, SessionRow, TokenRow, UserRow
from tracker.store.print_tables import ConsultationRow, ObjectionRow, PrintRow, RulingRow
from tracker.store.rectification_tables import RectificationReportRow
from tracker.store.registry_tables import AbsenceRow, AccountRow, ChangeRow, DrawRow, KinRow, PaperRow, PeriodRow
from tracker.store.run_tables import NoticeRow, RunRow
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
from tracker.store.tombstone_tables import TombstoneRow

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
    verdict_line: type[VerdictLineRow]
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
    rectification_report: type[RectificationReportRow]
    freeze: type[FreezeRow]
    user: type[UserRow]
    session: type[SessionRow]
    failure: type[FailureRow]
    link_once: type[LinkOnceRow]
    token: type[TokenRow]
    request_key: type[RequestKeyRow]
    audit: type[AuditRow]
    origin: type[OriginRow]
    origin_sweep: type[OriginSweepRow]
    origin_visit: type[OriginVisitRow]
    origin_record: type[OriginRecordRow]
    trusted_key: type[TrustedKeyRow]
    seal_head: type[SealHeadRow]
    tombstone: type[TombstoneRow]
    run: type[RunRow]
    notice: type[NoticeRow]
    machine: type[MachineRow]
    queued_sweep: type[QueuedSweepRow]
    queued_lane: type[QueuedLaneRow]
    lane_pace: type[PaceRow]
    lane_holder: type[HolderRow]


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
