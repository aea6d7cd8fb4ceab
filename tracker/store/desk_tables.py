"""Tables of the 15-second check and of open questions; see tracker.store.tables."""

import peewee


class DraftRow(peewee.Model):
    """A half-filled look of one account in one sweep."""

    id = peewee.AutoField()
    sweep = peewee.TextField()
    account_id = peewee.TextField()
    form = peewee.TextField()
    seq = peewee.IntegerField()
    who = peewee.TextField()
    at = peewee.TextField()
    data = peewee.TextField()

    class Meta:
        """One per account and sweep."""

        table_name = "look_draft"
        indexes = ((("sweep", "account_id"), True),)


class SentRow(peewee.Model):
    """A form that was sent and done: sending it again does nothing."""

    key = peewee.TextField(primary_key=True)
    at = peewee.TextField()

    class Meta:
        """By the form's own key."""

        table_name = "sent_form"


class PictureRow(peewee.Model):
    """A picture that waits for its look; its bytes lie in the workspace's inbox under their hash."""

    id = peewee.AutoField()
    place = peewee.IntegerField()
    account_id = peewee.TextField(index=True)
    name = peewee.TextField()
    kind = peewee.TextField()
    size = peewee.IntegerField()
    sha256 = peewee.TextField(unique=True)
    who = peewee.TextField()
    at = peewee.TextField()

    class Meta:
        """Ordered by `place`; no account = lies loose."""

        table_name = "loose_picture"


class QuestionRow(peewee.Model):
    """A question on a finding that leaves it open; a trigger keeps it append only."""

    id = peewee.AutoField()
    sweep = peewee.TextField(index=True)
    account_id = peewee.TextField()
    code = peewee.TextField()
    who = peewee.TextField()
    note = peewee.TextField()
    at = peewee.TextField()

    class Meta:
        """Kept in the order of asking."""

        table_name = "question"
