"""Table of the owners' authorisations; see tracker.store.tables."""

import peewee


class AuthorisationRow(peewee.Model):
    """One step of an owner's authorisation (授权); a trigger keeps it append only, the last row of an account counts."""

    id = peewee.AutoField()
    account_id = peewee.TextField(index=True)
    step = peewee.TextField()
    who = peewee.TextField()
    at = peewee.TextField()
    note = peewee.TextField()

    class Meta:
        """`authorization` is a word of SQL."""

        table_name = "owner_grant"
