"""What other offices brought in bundles (数据包), whose keys are trusted, and the newest seals. All is appended."""

import json
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Any

from peewee import chunked

from tracker.store.codec import dumps, scrub
from tracker.store.part import Part, instant, tuples
from tracker.store.part import stamp as instant_text

_BATCH = 500
"""Values per statement."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Hand:
    """One office through whose hands something went; `fingerprint` is that of its public key, `at` when it gave it on."""

    office: str
    fingerprint: str
    at: datetime

    def __str__(self) -> str:
        return f"{self.office}(指纹{self.fingerprint[:8]})"


def through(hands: Iterable[Hand]) -> str:
    """来自 the maker, 经 the others; empty where it is our own."""
    return ",".join(f"{'经' if place else '来自'} {one}" for place, one in enumerate(hands))


@dataclass(frozen=True, slots=True, kw_only=True)
class Origin:
    """A bundle that was taken in; `bundle` is the SHA-256 of its file."""

    bundle: str
    hand: Hand
    exported_by: str
    who: str
    at: datetime
    id: int = 0
    """0 until the store has given it one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OriginSweep:
    """A sweep of somebody else's: `name` here, `sweep` at its maker's."""

    name: str
    office: str
    fingerprint: str
    sweep: str

    def __str__(self) -> str:
        return f"{self.office}(指纹{self.fingerprint[:8]})"


@dataclass(frozen=True, slots=True, kw_only=True)
class OriginRecord:
    """A record as it came; `sweep` and `account_id` are ours, empty where there is none. `told` = plain JSON values."""

    kind: str
    sweep: str
    account_id: str
    told: Mapping[str, Any]
    at: datetime | None = None
    """When it was taken in; the store tells it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TrustedKey:
    """A public key and what an operator said of it."""

    fingerprint: str
    office: str
    trusted: bool
    who: str
    at: datetime


class Origins(Part):
    """Bundles and their contents."""

    def add_origin(self, told: Origin) -> int:
        """Enter a bundle; one that is known stays as it was. Returns its number."""
        row = self._rows.origin
        with self.transaction():
            row.insert(
                bundle=told.bundle,
                office=scrub(told.hand.office),
                fingerprint=told.hand.fingerprint,
                exported_at=instant_text(told.hand.at),
                exported_by=scrub(told.exported_by),
                who=scrub(told.who),
                at=instant_text(told.at),
            ).on_conflict_ignore().execute()
            return int(row.get(bundle=told.bundle).id)

    def origins(self) -> tuple[Origin, ...]:
        """All bundles in the order of taking in."""
        row = self._rows.origin
        with self._reading():
            found = list(row.select().order_by(row.id))
        return tuple(
            Origin(
                bundle=one.bundle,
                hand=Hand(office=one.office, fingerprint=one.fingerprint, at=instant(one.exported_at)),
                exported_by=one.exported_by,
                who=one.who,
                at=instant(one.at),
                id=one.id,
            )
            for one in found
        )

    def add_origin_sweep(self, told: OriginSweep) -> None:
        """Say that a sweep here is somebody else's; said once."""
        names = {"office": scrub(told.office), "fingerprint": told.fingerprint, "sweep": scrub(told.sweep)}
        with self.transaction():
            self._rows.origin_sweep.insert(name=told.name, **names).on_conflict_ignore().execute()

    def origin_sweeps(self) -> Mapping[str, OriginSweep]:
        """The sweeps that are somebody else's, by their name here."""
        row = self._rows.origin_sweep
        with self._reading():
            found = tuples(row.select(row.name, row.office, row.fingerprint, row.sweep))
        return {
            name: OriginSweep(name=name, office=office, fingerprint=print_, sweep=sweep) for name, office, print_, sweep in found
        }

    def add_origin_visits(self, sweep: str, told: Mapping[str, Collection[Hand]]) -> int:
        """Say whose visits these are (SHA-256 → hands, the maker first); said once. Returns how many were new."""
        rows = ((sweep, digest, dumps([_hand_to_json(one) for one in hands])) for digest, hands in told.items())
        row = self._rows.origin_visit
        with self.transaction():
            before = row.select().count()
            self._append(row, ("sweep", "sha256", "chain"), rows, known=True)
            return row.select().count() - before

    def hands(self, digests: Collection[str]) -> Mapping[str, tuple[Hand, ...]]:
        """SHA-256 → the hands through which a visit came; our own visits are not among them."""
        row, found = self._rows.origin_visit, dict[str, tuple[Hand, ...]]()
        for some in chunked(digests, _BATCH):
            with self._reading():
                for digest, chain in tuples(row.select(row.sha256, row.chain).where(row.sha256.in_(some)).order_by(row.id)):
                    found.setdefault(digest, tuple(_hand(one) for one in json.loads(chain)))
        return found

    def add_origin_records(self, origin: int, told: Iterable[OriginRecord]) -> tuple[OriginRecord, ...]:
        """Append what is new of these records, and return that."""
        row, new = self._rows.origin_record, list[OriginRecord]()
        with self.transaction():
            for one in told:
                text = dumps(one.told)
                digest = sha256(f"{one.sweep}\0{one.account_id}\0{text}".encode()).hexdigest()
                if row.get_or_none(kind=one.kind, digest=digest) is None:
                    names = {"kind": one.kind, "sweep": one.sweep, "account_id": one.account_id}
                    row.insert(origin=origin, digest=digest, told=text, **names).execute()
                    new.append(one)
        return tuple(new)

    def origin_records(self, kind: str, account_ids: Collection[str] | None = None) -> tuple[OriginRecord, ...]:
        """The records of a kind, or those of some accounts, in the order of taking in."""
        row, origin = self._rows.origin_record, self._rows.origin
        query = row.select(row.kind, row.sweep, row.account_id, row.told, origin.at).join(origin, on=(origin.id == row.origin))
        query = query.where(row.kind == kind).order_by(row.id)
        if account_ids is not None:
            query = query.where(row.account_id.in_(account_ids))
        with self._reading():
            found = tuples(query)
        return tuple(
            OriginRecord(kind=kind, sweep=sweep, account_id=own, told=json.loads(told), at=instant(at))
            for kind, sweep, own, told, at in found
        )

    def say_trust(self, told: TrustedKey) -> None:
        """Append that a key is trusted, or no more."""
        names = {"office": scrub(told.office), "who": scrub(told.who), "at": instant_text(told.at)}
        with self.transaction():
            self._rows.trusted_key.insert(fingerprint=told.fingerprint, trusted=told.trusted, **names).execute()

    def trusted_keys(self) -> Mapping[str, TrustedKey]:
        """What was said last of every key, by fingerprint."""
        row = self._rows.trusted_key
        with self._reading():
            found = list(row.select().order_by(row.id))
        names = ("fingerprint", "office", "who")
        return {
            one.fingerprint: TrustedKey(
                trusted=bool(one.trusted), at=instant(one.at), **{name: getattr(one, name) for name in names}
            )
            for one in found
        }

    def add_seal_head(self, sweep: str, number: int, digest: str, at: datetime, *, stamp: str = "") -> None:
        """Append that a seal of this number and SHA-256 was made, or that its timestamp has the SHA-256 `stamp`."""
        with self.transaction():
            self._must_know(sweep)
            self._rows.seal_head.insert(sweep=sweep, number=number, sha256=digest, stamp=stamp, at=instant_text(at)).execute()

    def seal_head(self, sweep: str) -> tuple[int, str] | None:
        """Number and SHA-256 of the newest seal that was made here; None where none was."""
        row = self._rows.seal_head
        with self._reading():
            found = row.select().where(row.sweep == scrub(sweep)).order_by(row.number.desc(), row.id.desc()).first()
        return (found.number, found.sha256) if found else None

    def seal_stamps(self, sweep: str) -> Mapping[int, str]:
        """Number of a seal → SHA-256 of its timestamp, for those that have one."""
        row = self._rows.seal_head
        with self._reading():
            found = tuples(
                row.select(row.number, row.stamp).where((row.sweep == scrub(sweep)) & (row.stamp != "")).order_by(row.id)
            )
        return dict(found)


def _hand_to_json(one: Hand) -> dict[str, str]:
    return {"office": scrub(one.office), "fingerprint": one.fingerprint, "at": one.at.isoformat()}


def _hand(told: Mapping[str, str]) -> Hand:
    return Hand(office=told["office"], fingerprint=told["fingerprint"], at=datetime.fromisoformat(told["at"]))
