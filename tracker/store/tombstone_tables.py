"""Table of the visits whose stored answers were cleared away; see tracker.store.tables."""

import peewee


class TombstoneRow(peewee.Model):
    """A stored file that was cleared away by rule; append only."""

    id = peewee.AutoField()
    file = peewee.TextField(unique=True)
    sweep = peewee.TextField(index=True)
    sha256 = peewee.TextField()
    size = peewee.BigIntegerField()
    who = peewee.TextField()
    why = peewee.TextField()
    at = peewee.TextField()

    class Meta:
        """A file is cleared away once."""

        table_name = "tombstone"
