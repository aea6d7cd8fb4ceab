"""Tables of machines that share a sweep; see tracker.store.tables. Instants are seconds since 1970 by the database's clock."""

import peewee


class MachineRow(peewee.Model):
    """A machine that worked lately, and which credentials it has (their names)."""

    name = peewee.TextField(primary_key=True)
    seen = peewee.DoubleField()
    offer = peewee.TextField()

    class Meta:
        """A plain name."""

        table_name = "machine"


class QueuedSweepRow(peewee.Model):
    """A sweep that the machines share."""

    sweep = peewee.TextField(primary_key=True)
    state = peewee.TextField()
    judgement = peewee.IntegerField(null=True)

    class Meta:
        """A plain name."""

        table_name = "queued_sweep"


class QueuedLaneRow(peewee.Model):
    """What is left to do in a lane for a sweep, and how it stands."""

    id = peewee.AutoField()
    sweep = peewee.TextField()
    platform = peewee.TextField()
    credential = peewee.TextField()
    auth = peewee.TextField()
    public = peewee.IntegerField()
    state = peewee.TextField()
    note = peewee.TextField()
    ready = peewee.DoubleField()
    rests = peewee.IntegerField()
    faults = peewee.IntegerField()

    class Meta:
        """One per sweep and lane."""

        table_name = "queued_lane"
        indexes = ((("sweep", "platform", "credential"), True),)


class PaceRow(peewee.Model):
    """When a lane was last used, and what stopped it; `lane` = `*` is what all requests without credential share."""

    platform = peewee.TextField()
    lane = peewee.TextField()
    last_request = peewee.DoubleField()
    last_visit = peewee.DoubleField()
    visits = peewee.IntegerField()
    stopped = peewee.TextField()
    detail = peewee.TextField()
    until = peewee.DoubleField()

    class Meta:
        """A plain name."""

        table_name = "lane_pace"
        primary_key = peewee.CompositeKey("platform", "lane")


class HolderRow(peewee.Model):
    """Which machine is at work in a lane; left behind by one that ended without a word."""

    name = peewee.TextField(primary_key=True)
    holder = peewee.TextField()
    since = peewee.DoubleField()
    beat = peewee.DoubleField()

    class Meta:
        """A plain name."""

        table_name = "lane_holder"
