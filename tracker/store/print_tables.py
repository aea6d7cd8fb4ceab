"""Tables of prints, consultations and objections; see tracker.store.tables."""

import peewee


class PrintRow(peewee.Model):
    """One print of a form. Prints of the same content share `number` and count on in `part`."""

    id = peewee.AutoField()
    token = peewee.TextField(unique=True)
    sweep = peewee.TextField()
    period = peewee.TextField(null=True)
    form = peewee.TextField()
    whom = peewee.TextField()
    kind = peewee.TextField()
    number = peewee.IntegerField()
    part = peewee.IntegerField()
    content = peewee.TextField()
    title = peewee.TextField()
    judgement = peewee.IntegerField()
    profile = peewee.TextField()
    profile_digest = peewee.TextField()
    at = peewee.TextField()
    who = peewee.TextField()
    reason = peewee.TextField()
    gates = peewee.TextField()
    files = peewee.TextField()
    rows = peewee.TextField()

    class Meta:
        """Numbered by sweep, form and account."""

        table_name = "print"
        indexes = ((("sweep", "form", "whom", "kind", "number", "part"), True),)


class ConsultationRow(peewee.Model):
    """One sending of 征求意见."""

    id = peewee.AutoField()
    sweep = peewee.TextField(index=True)
    judgement = peewee.IntegerField()
    deadline = peewee.TextField()
    at = peewee.TextField()
    who = peewee.TextField()
    asked = peewee.TextField()
    files = peewee.TextField()

    class Meta:
        """The last one of a sweep counts."""

        table_name = "consultation"


class ObjectionRow(peewee.Model):
    """One line of a reply sheet, or one answer given online; no `consultation` = to what was printed without one."""

    id = peewee.AutoField()
    consultation = peewee.IntegerField(null=True)
    sweep = peewee.TextField(index=True)
    account_id = peewee.TextField()
    code = peewee.TextField()
    objects = peewee.BooleanField()
    words = peewee.TextField()
    why = peewee.TextField()
    who = peewee.TextField()
    received_on = peewee.TextField()
    late = peewee.BooleanField()
    file = peewee.TextField()
    sha256 = peewee.TextField()
    line = peewee.IntegerField()
    attachments = peewee.TextField()
    at = peewee.TextField()
    taken_by = peewee.TextField()

    class Meta:
        """The same file is taken once."""

        table_name = "objection"
        indexes = ((("consultation", "sha256", "line"), True),)


ObjectionRow.add_index(
    ObjectionRow.sweep,
    ObjectionRow.sha256,
    ObjectionRow.line,
    unique=True,
    where=ObjectionRow.consultation.is_null(),
    name="objection_unasked",
)  # a partial index cannot be said in Meta


class RulingRow(peewee.Model):
    """What the office answered an objection."""

    id = peewee.AutoField()
    objection = peewee.IntegerField(index=True)
    outcome = peewee.TextField()
    words = peewee.TextField()
    why = peewee.TextField()
    who = peewee.TextField()
    at = peewee.TextField()

    class Meta:
        """Kept in the order of answering."""

        table_name = "ruling"
