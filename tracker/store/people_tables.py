"""Tables of people: users, sessions, links, tokens, failures, the audit log; see tracker.store.tables.

Whatever opens a door (cookie, link, token) is kept as its SHA-256 alone: the database lets nobody in.
"""

import peewee


class UserRow(peewee.Model):
    """Somebody who may sign in. `login` as `text.key`; no password = none was set, or they come by the office's sign-on."""

    id = peewee.AutoField()
    login = peewee.TextField(unique=True)
    name = peewee.TextField()
    role = peewee.TextField()
    region = peewee.TextField()
    organisations = peewee.TextField()
    password = peewee.TextField()
    subject = peewee.TextField()
    disabled = peewee.BooleanField()
    at = peewee.TextField()

    class Meta:
        """Never removed, only disabled: what they did names them."""

        table_name = "app_user"


class SessionRow(peewee.Model):
    """A browser that is signed in."""

    digest = peewee.TextField(primary_key=True)
    owner = peewee.IntegerField(index=True)
    address = peewee.TextField()
    agent = peewee.TextField()
    at = peewee.TextField()
    seen = peewee.TextField()

    class Meta:
        """Removed at signing out."""

        table_name = "app_session"


class FailureRow(peewee.Model):
    """Sign-ins that failed in a row, by the digest of a login or of an address."""

    digest = peewee.TextField(primary_key=True)
    count = peewee.IntegerField()
    at = peewee.TextField()
    until = peewee.TextField()

    class Meta:
        """Removed when a sign-in succeeds."""

        table_name = "sign_in_failure"


class LinkOnceRow(peewee.Model):
    """A link that lets somebody set a password, once."""

    digest = peewee.TextField(primary_key=True)
    purpose = peewee.TextField()
    owner = peewee.IntegerField(null=True, index=True)
    expires = peewee.TextField()

    class Meta:
        """Removed when used."""

        table_name = "one_time_link"


class TokenRow(peewee.Model):
    """An API token."""

    id = peewee.AutoField()
    owner = peewee.IntegerField(index=True)
    name = peewee.TextField()
    digest = peewee.TextField(unique=True)
    rights = peewee.TextField()
    at = peewee.TextField()
    expires = peewee.TextField()
    revoked = peewee.BooleanField()
    used = peewee.TextField(null=True)

    class Meta:
        """Kept when revoked."""

        table_name = "api_token"


class RequestKeyRow(peewee.Model):
    """A request that named an idempotency key, and its answer; status 0 = still at work."""

    digest = peewee.TextField(primary_key=True)
    request = peewee.TextField()
    status = peewee.IntegerField()
    kind = peewee.TextField()
    body = peewee.BlobField()
    at = peewee.TextField(index=True)

    class Meta:
        """By the digest of person and key."""

        table_name = "request_key"


class AuditRow(peewee.Model):
    """One thing that somebody did; a trigger keeps it append only."""

    number = peewee.IntegerField(primary_key=True)
    at = peewee.TextField()
    person = peewee.TextField()
    login = peewee.TextField()
    role = peewee.TextField()
    address = peewee.TextField()
    action = peewee.TextField()
    targets = peewee.TextField()
    outcome = peewee.TextField()
    previous = peewee.TextField()
    sha256 = peewee.TextField()

    class Meta:
        """Chained: each row holds the hash of the one before."""

        table_name = "audit_log"
        indexes = ((("person", "number"), False), (("action", "number"), False), (("at",), False))
