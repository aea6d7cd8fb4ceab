"""Records as JSON and back, exactly. Two things are unified: an instant is read back in UTC or a fixed offset (the same instant),
and half a surrogate pair, which no UTF-8 can carry, becomes U+FFFD."""

import dataclasses
import json
from collections.abc import Mapping
from datetime import date, datetime
from functools import cache
from typing import Annotated, Any, get_type_hints

from pydantic import PlainSerializer, TypeAdapter
from pydantic_core import PydanticSerializationError

from tracker.facts import Facts
from tracker.model import VALUE_OF, Account, Aspect, Observation, Outcome, Reported, Seen, Unseen, Verdict


def observation_to_json(observation: Observation) -> dict[str, Any]:
    """An observation as plain JSON values; `aspects` is keyed by aspect, an unseen one is `{"unseen": outcome, "detail"}`."""
    return {
        "outcome": str(observation.outcome),
        "detail": _plain(observation.detail),
        "aspects": {str(aspect): _aspect(seen) for aspect, seen in observation.aspects.items()},
        "reported": _plain(observation.reported),
        "notes": _plain(observation.notes),
    }


def observation_from_json(data: Mapping[str, Any]) -> Observation:
    """The observation that `observation_to_json` wrote. Raises ValueError (pydantic's) or KeyError on anything else."""
    aspects = {Aspect(name): _seen(Aspect(name), told) for name, told in data["aspects"].items()}
    return Observation(
        outcome=Outcome(data["outcome"]),
        detail=data["detail"],
        aspects=aspects,
        reported=_reader(tuple[Reported, ...]).validate_python(data["reported"]),
        notes=tuple(data["notes"]),
    )


def account_to_json(account: Account) -> dict[str, Any]:
    """An account as plain JSON values, dates in ISO form."""
    return _fields(account)


def account_from_json(data: Mapping[str, Any]) -> Account:
    """The account that `account_to_json` wrote. Raises ValueError (pydantic's) on anything else."""
    read: Account = _reader(Account).validate_python(data)
    return read


def account_of(told: str) -> Account:
    """The account in a text of `dumps(account_to_json(…))`; three times as fast as by way of plain values."""
    read: Account = _reader(Account).validate_json(told)
    return read


def verdict_to_json(verdict: Verdict) -> dict[str, Any]:
    """A verdict as plain JSON values, its account included."""
    return _fields(verdict)


def verdict_from_json(data: Mapping[str, Any]) -> Verdict:
    """The verdict that `verdict_to_json` wrote. Raises ValueError (pydantic's) on anything else."""
    read: Verdict = _reader(Verdict).validate_python(data)
    return read


def verdict_text(verdict: Verdict) -> str:
    """The verdict as one JSON text; the same verdict gives the same text."""
    try:
        return _reader(Verdict).dump_json(verdict).decode()
    except PydanticSerializationError:
        # half a surrogate pair in a person's words
        return dumps(verdict_to_json(verdict))


def verdict_of(told: str) -> Verdict:
    """The verdict in a text of `verdict_text`. Raises ValueError (pydantic's) on anything else."""
    read: Verdict = _reader(Verdict).validate_json(told)
    return read


REATTACHED = ("account", "calendar")
"""Fields of facts that are never stored: the account lies frozen in its sweep, the calendar is the same for all."""


def facts_text(facts: Facts) -> str:
    """The facts as one JSON text without the fields in `REATTACHED`; the same facts give the same text."""
    kind = _stored_facts()
    told = kind(**{field.name: getattr(facts, field.name) for field in dataclasses.fields(kind)})
    return _reader(kind).dump_json(told).decode()


def facts_of(told: str, **again: object) -> Facts:
    """The facts in a text of `facts_text`; `again` = values for the fields in `REATTACHED`.

    Raises ValueError (pydantic's) on anything else.
    """
    read = _reader(_stored_facts()).validate_json(told)
    return Facts(**{name: getattr(read, name) for name in _stored_names()}, **again)  # type: ignore[arg-type]


@cache
def _stored_names() -> tuple[str, ...]:
    return tuple(field.name for field in dataclasses.fields(Facts) if field.name not in REATTACHED)


@cache
def _stored_facts() -> Any:
    """A record with the stored fields of Facts, of whatever types they are."""
    hints = get_type_hints(Facts)
    fields = [(name, _ORDERED if hints[name] == frozenset[str] else hints[name]) for name in _stored_names()]
    return dataclasses.make_dataclass("StoredFields", fields, frozen=True, slots=True, kw_only=True)


_ORDERED = Annotated[frozenset[str], PlainSerializer(sorted)]
"""A set has no order of its own, its text must have one."""


def dumps(plain: object) -> str:
    """Canonical JSON text in ASCII: any text survives every database, NUL included."""
    return json.dumps(plain, ensure_ascii=True, separators=(",", ":"), sort_keys=True)


def scrub(text: str) -> str:
    """Text that a column can hold: half surrogates and NUL (which PostgreSQL refuses) become U+FFFD."""
    return _whole(text).replace("\0", "\ufffd")


def _whole(text: str) -> str:
    return text if text.isascii() else text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def _plain(value: object) -> Any:
    if isinstance(value, str):
        return _whole(str(value))
    if isinstance(value, (date, datetime)):
        return value.isoformat()
    if isinstance(value, Mapping):
        return {_plain(key): _plain(item) for key, item in value.items()}
    if isinstance(value, (tuple, list)):
        return [_plain(item) for item in value]
    return _fields(value) if dataclasses.is_dataclass(value) else value


def _fields(record: object) -> dict[str, Any]:
    names = [field.name for field in dataclasses.fields(record)]  # type: ignore[arg-type]  # _plain asked before
    return {name: _plain(getattr(record, name)) for name in names}


def _aspect(seen: Seen | Unseen) -> dict[str, Any]:
    if isinstance(seen, Unseen):
        return {"unseen": str(seen.outcome), "detail": _plain(seen.detail)}
    return {"outcome": str(seen.outcome), "value": _plain(seen.value)}


def _seen(aspect: Aspect, told: Mapping[str, Any]) -> Seen | Unseen:
    if "unseen" in told:
        return Unseen(outcome=Outcome(told["unseen"]), detail=told["detail"])
    return Seen(outcome=Outcome(told["outcome"]), value=_value_reader(aspect).validate_python(told["value"]))


@cache
def _value_reader(aspect: Aspect) -> TypeAdapter[Any]:
    return TypeAdapter(VALUE_OF[aspect])


@cache
def _reader(kind: Any) -> TypeAdapter[Any]:
    return TypeAdapter(kind)
