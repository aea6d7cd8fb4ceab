"""Tables of what other offices brought, of keys that are trusted, and of the last seal; see tracker.store.tables."""

import peewee


class OriginRow(peewee.Model):
    """One bundle (数据包) that was taken in; a trigger keeps it append only."""

    id = peewee.AutoField()
    bundle = peewee.TextField(unique=True)
    office = peewee.TextField()
    fingerprint = peewee.TextField()
    exported_at = peewee.TextField()
    exported_by = peewee.TextField()
    who = peewee.TextField()
    at = peewee.TextField()

    class Meta:
        """By the SHA-256 of its file."""

        table_name = "origin"


class OriginSweepRow(peewee.Model):
    """A sweep that came in a bundle: under which name it lies here, who made it; append only."""

    name = peewee.TextField(primary_key=True)
    office = peewee.TextField()
    fingerprint = peewee.TextField()
    sweep = peewee.TextField()

    class Meta:
        """One sweep of one maker lies here once, whoever brought it."""

        table_name = "origin_sweep"
        indexes = ((("fingerprint", "sweep"), True),)


class OriginVisitRow(peewee.Model):
    """A visit that came in a bundle: the offices through whose hands it went, as JSON, its maker first; append only."""

    id = peewee.AutoField()
    sweep = peewee.TextField()
    sha256 = peewee.TextField()
    chain = peewee.TextField()

    class Meta:
        """By the hash of its file."""

        table_name = "origin_visit"
        indexes = ((("sweep", "sha256"), True),)


class OriginRecordRow(peewee.Model):
    """One record of a bundle as it came (decision, question, verdict, unknown account …), as JSON; append only."""

    id = peewee.AutoField()
    origin = peewee.IntegerField()
    kind = peewee.TextField()
    sweep = peewee.TextField()
    account_id = peewee.TextField()
    digest = peewee.TextField()
    told = peewee.TextField()

    class Meta:
        """The same record comes in once."""

        table_name = "origin_record"
        indexes = ((("kind", "digest"), True), (("kind", "account_id"), False))


class TrustedKeyRow(peewee.Model):
    """That a public key is trusted, or no more; append only, the last row of a key counts."""

    id = peewee.AutoField()
    fingerprint = peewee.TextField(index=True)
    office = peewee.TextField()
    trusted = peewee.BooleanField()
    who = peewee.TextField()
    at = peewee.TextField()

    class Meta:
        """Kept in the order of entering."""

        table_name = "trusted_key"


class SealHeadRow(peewee.Model):
    """That a seal was made: taking the newest one off the disk is noticed by this row; append only."""

    id = peewee.AutoField()
    sweep = peewee.TextField(index=True)
    number = peewee.IntegerField()
    sha256 = peewee.TextField()
    stamp = peewee.TextField()
    at = peewee.TextField()

    class Meta:
        """The row of the highest number that came last tells the newest seal, and its timestamp's SHA-256 (empty = none)."""

        table_name = "seal_head"
