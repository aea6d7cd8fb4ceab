"""The tables as peewee models. Bound to one database per store (`Tables`): no model knows a database by itself.

Instants are ISO text in UTC with microseconds (they sort as they follow each other), days ISO text, records JSON text.
Text of any length that is looked up is kept as a digest: a PostgreSQL index refuses rows over 2,704 bytes.
"""

from dataclasses import dataclass
from hashlib import sha256
from typing import TypeVar, cast

import peewee

from tracker.store.authorisation_tables import AuthorisationRow
from tracker.store.desk_tables import DraftRow, PictureRow, QuestionRow, SentRow
from tracker.store.lane_tables import FreezeRow
from tracker.store.print_tables import ConsultationRow, ObjectionRow, PrintRow, RulingRow

_M = TypeVar("_M", bound=peewee.Model)


class AccountRow(peewee.Model):
    """台账 row: keys beside the record."""

    account_id = peewee.TextField(primary_key=True)
    platform = peewee.TextField()
    name_key = peewee.TextField()
    position = peewee.IntegerField(index=True)
    data = peewee.TextField()

    class Meta:
        """Lookup by platform and name."""

        table_name = "account"
        indexes = ((("platform", "name_key"), False),)


class ChangeRow(peewee.Model):
    """History of accounts; a trigger keeps it append only."""

    id = peewee.AutoField()
    account_id = peewee.TextField(index=True)
    field = peewee.TextField()
    old = peewee.TextField()
    new = peewee.TextField()
    at = peewee.TextField()
    who = peewee.TextField()
    why = peewee.TextField()

    class Meta:
        """`change` is a word of SQL."""

        table_name = "account_change"


class PeriodRow(peewee.Model):
    """检查期."""

    name = peewee.TextField(primary_key=True)
    title = peewee.TextField()
    start_on = peewee.TextField(index=True)
    end_on = peewee.TextField()
    closed_at = peewee.TextField(null=True)
    closed_by = peewee.TextField(default="")
    closed_why = peewee.TextField(default="")
    source = peewee.TextField(default="")

    class Meta:
        """Ordered by its first day."""

        table_name = "period"


class SweepRow(peewee.Model):
    """巡检批次; `roster` names the names (`KinRow`) that the registry held when it began."""

    name = peewee.TextField(primary_key=True)
    kind = peewee.TextField()
    period = peewee.TextField(null=True)
    check_date = peewee.TextField(null=True)
    since = peewee.TextField()
    until = peewee.TextField()
    started_at = peewee.TextField(index=True)
    ended_at = peewee.TextField(null=True)
    source = peewee.TextField()
    roster = peewee.TextField(default="")

    class Meta:
        """Ordered by its start."""

        table_name = "sweep"


class FrozenRow(peewee.Model):
    """An account as a sweep froze it."""

    id = peewee.AutoField()
    sweep = peewee.TextField()
    account_id = peewee.TextField()
    data = peewee.TextField()

    class Meta:
        """Read in the order of entering."""

        table_name = "sweep_account"
        indexes = ((("sweep", "account_id"), True), (("sweep", "id"), False))


class KinRow(peewee.Model):
    """A name of an account or body that a registry held, as digest of its `text.key`; kept once per distinct registry."""

    roster = peewee.TextField()
    key = peewee.TextField()

    class Meta:
        """Looked up by name."""

        table_name = "kin"
        primary_key = peewee.CompositeKey("roster", "key")


class FactsRow(peewee.Model):
    """Facts of an account in a sweep, by the digest of what they were built from; a trigger keeps it append only."""

    id = peewee.AutoField()
    sweep = peewee.TextField()
    account_id = peewee.TextField()
    digest = peewee.TextField()
    data = peewee.TextField()

    class Meta:
        """The same inputs give the same facts."""

        table_name = "facts"
        indexes = ((("sweep", "digest"), True),)


class VisitRow(peewee.Model):
    """A stored visit; `observation` is one JSON text, `latest_post` and `as_of` are days derived from it.

    `existence` is derived as well: the outcome of that aspect, null where it was not seen; and `mark`: what the visit proves
    of its lane.
    """

    id = peewee.AutoField()
    file = peewee.TextField(unique=True)
    sweep = peewee.TextField()
    account_id = peewee.TextField()
    platform = peewee.TextField()
    route = peewee.TextField()
    url = peewee.TextField()
    url_key = peewee.TextField(index=True)
    sha256 = peewee.TextField()
    at = peewee.TextField()
    check_date = peewee.TextField(null=True)
    printed_date = peewee.TextField()
    latest_post = peewee.TextField(null=True, index=True)
    as_of = peewee.TextField(null=True, index=True)
    observation = peewee.TextField()
    existence = peewee.TextField(null=True)
    lane = peewee.TextField(default="")
    control = peewee.BooleanField(default=False)
    twice = peewee.BooleanField(default=False)
    mark = peewee.TextField(default="")

    class Meta:
        """Read per sweep and per account."""

        table_name = "visit"
        indexes = ((("sweep", "account_id", "at"), False), (("account_id", "at"), False), (("sweep", "mark"), False))


class LinkRow(peewee.Model):
    """A pasted link."""

    id = peewee.AutoField()
    url_key = peewee.TextField(unique=True)
    url = peewee.TextField()
    platform = peewee.TextField()
    added_at = peewee.TextField()
    who = peewee.TextField()

    class Meta:
        """Kept in the order of pasting."""

        table_name = "link"


class DecisionRow(peewee.Model):
    """复核 of a finding; a trigger keeps it append only."""

    id = peewee.AutoField()
    sweep = peewee.TextField()
    account_id = peewee.TextField()
    code = peewee.TextField()
    confirmed = peewee.BooleanField()
    who = peewee.TextField()
    why = peewee.TextField()
    at = peewee.TextField()

    class Meta:
        """Kept in the order of deciding."""

        table_name = "decision"
        indexes = ((("sweep", "account_id"), False),)


class JudgementRow(peewee.Model):
    """One run of `judge` that began; a trigger keeps it append only."""

    id = peewee.AutoField()
    sweep = peewee.TextField(index=True)
    profile = peewee.TextField()
    profile_digest = peewee.TextField()
    at = peewee.TextField()

    class Meta:
        """The last row of a sweep that came to its end is its judgement."""

        table_name = "judgement"


class JudgementEndRow(peewee.Model):
    """That a run of `judge` came to its end, and with how many verdicts; a trigger keeps it append only."""

    judgement = peewee.IntegerField(primary_key=True)
    verdicts = peewee.IntegerField()

    class Meta:
        """A run that was broken off has no such row and counts for nothing."""

        table_name = "judgement_end"


class VerdictRow(peewee.Model):
    """One verdict of a judgement; a trigger keeps it append only."""

    judgement = peewee.IntegerField()
    position = peewee.IntegerField()
    account_id = peewee.TextField()
    conclusion = peewee.TextField()
    word = peewee.TextField()
    data = peewee.TextField()

    class Meta:
        """In the order of the sweep's accounts."""

        table_name = "verdict"
        primary_key = peewee.CompositeKey("judgement", "position")
        indexes = ((("judgement", "account_id"), False),)


class DrawRow(peewee.Model):
    """A draw (抽查) of a period; a trigger keeps it append only, the last row counts."""

    id = peewee.AutoField()
    period = peewee.TextField(index=True)
    method = peewee.TextField()
    told = peewee.TextField()
    frame = peewee.TextField()
    drawn = peewee.TextField()
    at = peewee.TextField()
    who = peewee.TextField()
    why = peewee.TextField()

    class Meta:
        """Kept in the order of drawing."""

        table_name = "draw"


class PaperRow(peewee.Model):
    """One import of a printed list (纸质通报), its lines as one JSON text; append only, the last row of a period counts."""

    id = peewee.AutoField()
    period = peewee.TextField(index=True)
    file = peewee.TextField()
    sha256 = peewee.TextField()
    at = peewee.TextField()
    who = peewee.TextField()
    lines = peewee.TextField()

    class Meta:
        """Kept in the order of importing."""

        table_name = "paper"


class AbsenceRow(peewee.Model):
    """停更报备 of an account; append only."""

    id = peewee.AutoField()
    account_id = peewee.TextField(index=True)
    first_on = peewee.TextField()
    last_on = peewee.TextField()
    filed_on = peewee.TextField()
    reason = peewee.TextField()
    document = peewee.TextField()
    who = peewee.TextField()
    at = peewee.TextField()

    class Meta:
        """Kept in the order of entering."""

        table_name = "absence"


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
    return Tables(
        account=_bound(AccountRow, database),
        change=_bound(ChangeRow, database),
        period=_bound(PeriodRow, database),
        sweep=_bound(SweepRow, database),
        frozen=_bound(FrozenRow, database),
        kin=_bound(KinRow, database),
        facts=_bound(FactsRow, database),
        visit=_bound(VisitRow, database),
        link=_bound(LinkRow, database),
        decision=_bound(DecisionRow, database),
        judgement=_bound(JudgementRow, database),
        judgement_end=_bound(JudgementEndRow, database),
        verdict=_bound(VerdictRow, database),
        draw=_bound(DrawRow, database),
        paper=_bound(PaperRow, database),
        absence=_bound(AbsenceRow, database),
        draft=_bound(DraftRow, database),
        sent=_bound(SentRow, database),
        picture=_bound(PictureRow, database),
        question=_bound(QuestionRow, database),
        authorisation=_bound(AuthorisationRow, database),
        print=_bound(PrintRow, database),
        consultation=_bound(ConsultationRow, database),
        objection=_bound(ObjectionRow, database),
        ruling=_bound(RulingRow, database),
        freeze=_bound(FreezeRow, database),
    )


def digest(text: str) -> str:
    """SHA-256 of a text that is looked up, in hex."""
    return sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def _bound(model: type[_M], database: peewee.Database) -> type[_M]:
    meta = type("Meta", (), {"database": database, "table_name": model._meta.table_name})
    return cast("type[_M]", type(model.__name__, (model,), {"Meta": meta}))
