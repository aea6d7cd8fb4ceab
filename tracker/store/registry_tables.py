"""Tables of the registry, periods, draws and printed lists; see tracker.store.tables."""

import peewee


class AccountRow(peewee.Model):
    """台账 row: keys beside the record."""

    account_id = peewee.TextField(primary_key=True)
    platform = peewee.TextField()
    name_key = peewee.TextField()
    position = peewee.IntegerField()
    data = peewee.TextField()
    region = peewee.TextField()
    org_type = peewee.TextField()
    status = peewee.TextField()
    owner = peewee.TextField()
    name = peewee.TextField()
    organisation = peewee.TextField()
    search = peewee.TextField()

    class Meta:
        """Lookup by platform and name; what lists are sorted and filtered by, as `tracker.store.derived` tells."""

        table_name = "account"
        indexes = (
            (("platform", "name_key"), False),
            (("position", "account_id", "platform", "region", "org_type", "status", "owner"), False),
            (("name", "account_id", "platform", "region", "org_type", "status", "owner"), False),
            (("organisation", "account_id", "platform", "region", "org_type", "status", "owner"), False),
            (("region", "account_id", "platform", "org_type", "status", "owner"), False),
        )


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


class KinRow(peewee.Model):
    """A name of an account or body that a registry held, as digest of its `text.key`; kept once per distinct registry."""

    roster = peewee.TextField()
    key = peewee.TextField()

    class Meta:
        """Looked up by name."""

        table_name = "kin"
        primary_key = peewee.CompositeKey("roster", "key")


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
