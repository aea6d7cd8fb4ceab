"""Table of what units report of their rectification; see tracker.store.tables."""

import peewee


class RectificationReportRow(peewee.Model):
    """One report of a unit on one account."""

    id = peewee.AutoField()
    token = peewee.TextField(unique=True)
    sweep = peewee.TextField()
    account_id = peewee.TextField()
    codes = peewee.TextField()
    words = peewee.TextField()
    done_on = peewee.TextField()
    url = peewee.TextField()
    attachments = peewee.TextField()
    organisation = peewee.TextField()
    who = peewee.TextField()
    at = peewee.TextField()

    class Meta:
        """Found by check and account."""

        table_name = "rectification_report"
        indexes = ((("sweep", "account_id"), False),)
