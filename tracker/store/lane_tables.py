"""Table of platforms whose judging is frozen; see tracker.store.tables."""

import peewee


class FreezeRow(peewee.Model):
    """That judging of a platform was frozen for a sweep, or lifted again; a trigger keeps it append only, the last row counts."""

    id = peewee.AutoField()
    sweep = peewee.TextField(index=True)
    platform = peewee.TextField()
    lifted = peewee.BooleanField()
    why = peewee.TextField()
    numbers = peewee.TextField()
    samples = peewee.TextField()
    who = peewee.TextField()
    at = peewee.TextField()

    class Meta:
        """`freeze` is a word of PostgreSQL's."""

        table_name = "judging_freeze"
