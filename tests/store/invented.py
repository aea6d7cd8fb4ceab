"""Records for store tests, and strategies that invent any record."""

from datetime import UTC, date, datetime, timedelta, timezone

from hypothesis import strategies as st

from tracker.clock import SHANGHAI
from tracker.model import (
    VALUE_OF,
    Account,
    Bounds,
    Observation,
    Route,
    Seen,
    StoredVisit,
    Undetermined,
    Unseen,
    Verdict,
    Window,
)
from tracker.model.outcome import IGNORANCE, Aspect, Outcome
from tracker.store import SweepRecord

AT = datetime(2026, 11, 2, 9, 30, tzinfo=SHANGHAI)
SHA = "a" * 64


def account(n: int = 1, **fields: object) -> Account:
    told: dict[str, object] = {
        "account_id": f"account{n:03}",
        "platform": "alpha",
        "kind": "某平台",
        "name": f"示例发布 {n}",
        "position": n,
    }
    return Account(**(told | fields))  # type: ignore[arg-type]


def sweep(name: str = "2026-11-02", **fields: object) -> SweepRecord:
    told: dict[str, object] = {
        "name": name,
        "kind": "check",
        "period": "2026Q4",
        "check_date": date(2026, 11, 2),
        "window": Window(since=date(2026, 10, 1), until=date(2026, 11, 2)),
        "started_at": AT,
        "accounts": (account(1), account(2)),
    }
    return SweepRecord(**(told | fields))  # type: ignore[arg-type]


def visit(n: int = 1, **fields: object) -> StoredVisit:
    told: dict[str, object] = {
        "sweep": "2026-11-02",
        "account_id": "account001",
        "platform": "alpha",
        "route": Route.HTTP,
        "url": f"https://example.test/{n}",
        "file": f"2026-11-02/account001-{n}.warc.gz",
        "sha256": SHA,
        "at": AT + timedelta(minutes=n),
        "observation": Observation(outcome=Outcome.OK),
    }
    return StoredVisit(**(told | fields))  # type: ignore[arg-type]


ZONES = st.sampled_from([SHANGHAI, UTC, timezone(timedelta(hours=5, minutes=30))])
INSTANTS = st.datetimes(min_value=datetime(1992, 1, 1), max_value=datetime(2099, 1, 1), timezones=ZONES)  # noqa: DTZ001
TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)  # half surrogates have a test of their own
IDS = st.dictionaries(TEXTS, TEXTS, max_size=3)
st.register_type_strategy(datetime, INSTANTS)
st.register_type_strategy(str, TEXTS)

BOUNDS = st.builds(
    lambda least, more: Bounds(least=least, most=None if more is None else least + more),
    st.integers(0, 9),
    st.none() | st.integers(0, 9),
)
ACCOUNTS = st.builds(Account, ids=IDS, extra=IDS, opened_on=st.none() | st.dates(), status_date=st.none() | st.dates())
VERDICTS = st.builds(
    Verdict, account=ACCOUNTS, idle_days=st.none() | BOUNDS, undetermined=st.lists(st.builds(Undetermined), max_size=2).map(tuple)
)
UNSEEN = st.builds(Unseen)


def seen(aspect: Aspect) -> st.SearchStrategy[Seen]:
    understood = st.sampled_from(sorted(set(Outcome) - IGNORANCE))
    return st.builds(Seen, value=st.from_type(VALUE_OF[aspect]), outcome=understood)


OBSERVATIONS = st.builds(
    Observation,
    aspects=st.fixed_dictionaries({}, optional={aspect: seen(aspect) | UNSEEN for aspect in Aspect}),
)
