"""Tables of sweeps, visits, decisions and judgements; see tracker.store.tables."""

import peewee


class SweepRow(peewee.Model):
    """巡检批次; `roster` names the names (`KinRow`) that the registry held when it began.

    `edition` counts how often other accounts joined or went.
    """

    name = peewee.TextField(primary_key=True)
    kind = peewee.TextField()
    period = peewee.TextField(null=True)
    check_date = peewee.TextField(null=True)
    since = peewee.TextField()
    until = peewee.TextField()
    started_at = peewee.TextField(index=True)
    ended_at = peewee.TextField(null=True)
    source = peewee.TextField()
    roster = peewee.TextField(default="")
    edition = peewee.IntegerField(default=0)

    class Meta:
        """Ordered by its start."""

        table_name = "sweep"


class FrozenRow(peewee.Model):
    """An account as a sweep froze it."""

    id = peewee.AutoField()
    sweep = peewee.TextField()
    account_id = peewee.TextField()
    data = peewee.TextField()

    class Meta:
        """Read in the order of entering."""

        table_name = "sweep_account"
        indexes = ((("sweep", "account_id"), True), (("sweep", "id"), False))


class FactsRow(peewee.Model):
    """Facts of an account in a sweep, by the digest of what they were built from; a trigger keeps it append only."""

    id = peewee.AutoField()
    sweep = peewee.TextField()
    account_id = peewee.TextField()
    digest = peewee.TextField()
    data = peewee.TextField()

    class Meta:
        """The same inputs give the same facts."""

        table_name = "facts"
        indexes = ((("sweep", "digest"), True),)


class VisitRow(peewee.Model):
    """A stored visit; `observation` is one JSON text, `latest_post` and `as_of` are days derived from it.

    `existence` is derived as well: the outcome of that aspect, null where it was not seen; and `mark`: what the visit proves
    of its lane.
    """

    id = peewee.AutoField()
    file = peewee.TextField(unique=True)
    sweep = peewee.TextField()
    account_id = peewee.TextField()
    platform = peewee.TextField()
    route = peewee.TextField()
    url = peewee.TextField()
    url_key = peewee.TextField(index=True)
    sha256 = peewee.TextField()
    at = peewee.TextField()
    check_date = peewee.TextField(null=True)
    printed_date = peewee.TextField()
    latest_post = peewee.TextField(null=True, index=True)
    as_of = peewee.TextField(null=True, index=True)
    observation = peewee.TextField()
    existence = peewee.TextField(null=True)
    lane = peewee.TextField(default="")
    control = peewee.BooleanField(default=False)
    twice = peewee.BooleanField(default=False)
    mark = peewee.TextField(default="")

    class Meta:
        """Read per sweep and per account."""

        table_name = "visit"
        indexes = (
            (("sweep", "account_id", "at"), False),
            (("account_id", "at"), False),
            (("sweep", "mark"), False),
            (("sweep", "id"), False),
            (("sweep", "route"), False),
        )


class LinkRow(peewee.Model):
    """A pasted link."""

    id = peewee.AutoField()
    url_key = peewee.TextField(unique=True)
    url = peewee.TextField()
    platform = peewee.TextField()
    added_at = peewee.TextField()
    who = peewee.TextField()

    class Meta:
        """Kept in the order of pasting."""

        table_name = "link"


class DecisionRow(peewee.Model):
    """复核 of a finding; a trigger keeps it append only."""

    id = peewee.AutoField()
    sweep = peewee.TextField()
    account_id = peewee.TextField()
    code = peewee.TextField()
    confirmed = peewee.BooleanField()
    who = peewee.TextField()
    why = peewee.TextField()
    at = peewee.TextField()

    class Meta:
        """Kept in the order of deciding."""

        table_name = "decision"
        indexes = ((("sweep", "account_id"), False),)


class JudgementRow(peewee.Model):
    """One run of `judge` that began; a trigger keeps it append only."""

    id = peewee.AutoField()
    sweep = peewee.TextField(index=True)
    profile = peewee.TextField()
    profile_digest = peewee.TextField()
    at = peewee.TextField()
    state = peewee.TextField(default="")

    class Meta:
        """The last row of a sweep that came to its end is its judgement."""

        table_name = "judgement"


class JudgementEndRow(peewee.Model):
    """That a run of `judge` came to its end, and with how many verdicts; a trigger keeps it append only."""

    judgement = peewee.IntegerField(primary_key=True)
    verdicts = peewee.IntegerField()

    class Meta:
        """A run that was broken off has no such row and counts for nothing."""

        table_name = "judgement_end"


class VerdictRow(peewee.Model):
    """One verdict of a judgement; a trigger keeps it append only."""

    judgement = peewee.IntegerField()
    position = peewee.IntegerField()
    account_id = peewee.TextField()
    conclusion = peewee.TextField()
    word = peewee.TextField()
    data = peewee.TextField()

    class Meta:
        """In the order of the sweep's accounts."""

        table_name = "verdict"
        primary_key = peewee.CompositeKey("judgement", "position")
        indexes = ((("judgement", "account_id"), False),)
