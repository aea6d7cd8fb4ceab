"""Tables of what the schedule did and of reminders that went out; see tracker.store.tables."""

import peewee


class RunRow(peewee.Model):
    """One step of a run that was meant for an instant: told, begun, paused, ended; a trigger keeps it append only."""

    id = peewee.AutoField()
    name = peewee.TextField()
    due = peewee.TextField()
    attempt = peewee.IntegerField()
    event = peewee.TextField()
    at = peewee.TextField()
    text = peewee.TextField()
    failed = peewee.BooleanField()
    again = peewee.TextField(null=True)

    class Meta:
        """An attempt is begun once, whoever tries."""

        table_name = "scheduled_run"
        indexes = ((("name", "due", "attempt", "event"), True),)


class NoticeRow(peewee.Model):
    """That a reminder is about to be sent to somebody, or what became of it; a trigger keeps it append only."""

    id = peewee.AutoField()
    day = peewee.TextField()
    recipient = peewee.TextField()
    digest = peewee.TextField()
    attempt = peewee.IntegerField()
    event = peewee.TextField()
    at = peewee.TextField()
    accounts = peewee.IntegerField()

    class Meta:
        """An attempt is announced once, whoever tries."""

        table_name = "reminder_log"
        indexes = ((("day", "recipient", "digest", "attempt", "event"), True),)
