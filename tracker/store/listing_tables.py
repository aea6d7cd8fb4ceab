"""What lists are sorted and filtered by, beside the verdicts; see tracker.store.tables."""

import peewee


class VerdictLineRow(peewee.Model):
    """The short row of a verdict, derived from it: a list reads these, and the few verdicts of its page.

    A trigger keeps it append only. Columns as `tracker.store.derived.verdict_line` tells.
    """

    judgement = peewee.IntegerField()
    position = peewee.IntegerField()
    conclusion = peewee.TextField()
    word = peewee.TextField()
    platform = peewee.TextField()
    region = peewee.TextField()
    owner = peewee.TextField()
    name = peewee.TextField()
    latest = peewee.TextField()
    idle = peewee.IntegerField()
    waiting = peewee.IntegerField()
    search = peewee.TextField()

    class Meta:
        """One per verdict."""

        table_name = "verdict_line"
        primary_key = peewee.CompositeKey("judgement", "position")
        indexes = (
            (("judgement", "position", "conclusion", "platform", "region", "owner"), False),
            (("judgement", "name", "position", "conclusion", "platform", "region", "owner"), False),
            (("judgement", "latest", "position", "conclusion", "platform", "region", "owner"), False),
            (("judgement", "idle", "position", "conclusion", "platform", "region", "owner"), False),
        )


VerdictLineRow.add_index(
    VerdictLineRow.judgement,
    VerdictLineRow.position,
    VerdictLineRow.conclusion,
    VerdictLineRow.platform,
    VerdictLineRow.region,
    VerdictLineRow.owner,
    where=VerdictLineRow.waiting > 0,
    name="verdict_line_waiting",
)  # a partial index cannot be said in Meta
