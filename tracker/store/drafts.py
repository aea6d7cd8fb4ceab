"""What the local page keeps between two clicks: half-filled looks, sent forms, loose pictures, open questions."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

import peewee

from tracker.store.codec import dumps, scrub
from tracker.store.desk_tables import DraftRow, PictureRow
from tracker.store.part import Part, instant, stamp


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """A half-filled look: `form` is the key of the page that wrote it, `seq` counts that page's savings from 1."""

    sweep: str
    account_id: str
    form: str
    seq: int
    who: str
    at: datetime
    told: Mapping[str, str]
    """Fields of the form by name, as typed."""

    @property
    def version(self) -> str:
        """What a page that shows this draft has seen."""
        return f"{self.form}:{self.seq}"


@dataclass(frozen=True, slots=True, kw_only=True)
class LoosePicture:
    """A picture in the workspace's inbox that no look holds yet; empty `account_id` = not given to anybody."""

    id: int = 0
    """0 until the store has given it one."""
    place: int = 0
    account_id: str
    name: str
    """The file's name as sent: only ever shown, never opened."""
    kind: str
    """`image/png`, `image/jpeg` or `image/webp`."""
    size: int
    sha256: str
    who: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """What a person asked about a finding (复核); the finding stays open."""

    account_id: str
    code: str
    who: str
    note: str
    at: datetime


class Drafts(Part):
    """Drafts and pictures may change; what was sent and asked is only added."""

    def draft(self, sweep: str, account_id: str) -> Draft | None:
        """The half-filled look of an account; None when there is none."""
        with self._reading():
            found = self._rows.draft.get_or_none(sweep=sweep, account_id=account_id)
        return _draft(found) if found else None

    def drafts(self, sweep: str) -> tuple[Draft, ...]:
        """All half-filled looks of a sweep."""
        row = self._rows.draft
        with self._reading():
            return tuple(_draft(found) for found in row.select().where(row.sweep == sweep).order_by(row.id))

    def put_draft(self, draft: Draft) -> None:
        """Put a draft in place of what the account had. Raises UsageError for an unknown sweep."""
        row = self._rows.draft
        columns = {
            "form": draft.form,
            "seq": draft.seq,
            "who": scrub(draft.who),
            "at": stamp(draft.at),
            "data": dumps(draft.told),
        }
        with self.transaction():
            self._must_know(draft.sweep)
            fresh = row.insert(sweep=draft.sweep, account_id=draft.account_id, **columns)
            fresh.on_conflict(conflict_target=[row.sweep, row.account_id], update=columns).execute()

    def drop_draft(self, sweep: str, account_id: str) -> None:
        """Forget the half-filled look of an account."""
        row = self._rows.draft
        with self.transaction():
            row.delete().where((row.sweep == sweep) & (row.account_id == account_id)).execute()

    def form_sent(self, key: str) -> bool:
        """Whether a form with this key was done already."""
        with self._reading():
            return self._rows.sent.get_or_none(key=scrub(key)) is not None

    def mark_sent(self, key: str, at: datetime) -> None:
        """Note that a form is done; belongs into the transaction that does it."""
        with self.transaction():
            self._rows.sent.insert(key=scrub(key), at=stamp(at)).execute()

    def hold_sweep(self, sweep: str) -> None:
        """Inside a transaction: nobody else saves a look of this sweep until it ends."""
        row = self._rows.sweep
        # SQLite holds the whole file since BEGIN IMMEDIATE and has no such clause.
        if self._database.for_update:
            row.select(row.name).where(row.name == sweep).for_update().get()

    def pictures(self, account_id: str | None = None) -> tuple[LoosePicture, ...]:
        """All loose pictures in their order, or those that were given to one account ("" = to nobody)."""
        row = self._rows.picture
        query = row.select().order_by(row.place, row.id)
        with self._reading():
            return tuple(_picture(one) for one in (query if account_id is None else query.where(row.account_id == account_id)))

    def picture(self, number: int) -> LoosePicture | None:
        """The loose picture of this number; None when there is none (any more)."""
        with self._reading():
            found = self._rows.picture.get_or_none(id=number)
        return _picture(found) if found else None

    def add_picture(self, picture: LoosePicture) -> bool:
        """Add a picture behind all others; False when the same bytes lie there already."""
        row = self._rows.picture
        told = {name: scrub(getattr(picture, name)) for name in ("account_id", "name", "kind", "sha256", "who")}
        with self.transaction():
            if row.get_or_none(sha256=picture.sha256):
                return False
            last = row.select(peewee.fn.MAX(row.place)).scalar() or 0
            row.insert(place=last + 1, size=picture.size, at=stamp(picture.at), **told).execute()
        return True

    def give_pictures(self, given: Mapping[int, str]) -> None:
        """Give pictures, by number, to accounts ("" = to nobody)."""
        row = self._rows.picture
        with self.transaction():
            for number, account_id in given.items():
                row.update(account_id=account_id).where(row.id == number).execute()

    def drop_picture(self, number: int) -> None:
        """Forget a loose picture; its bytes are the caller's."""
        row = self._rows.picture
        with self.transaction():
            row.delete().where(row.id == number).execute()

    def add_question(self, sweep: str, question: Question) -> None:
        """Append a question on a finding. Raises UsageError for an unknown sweep."""
        told = {name: scrub(getattr(question, name)) for name in ("account_id", "code", "who", "note")}
        with self.transaction():
            self._must_know(sweep)
            self._rows.question.insert(sweep=sweep, at=stamp(question.at), **told).execute()

    def questions(self, sweep: str) -> tuple[Question, ...]:
        """All questions of a sweep in the order of asking."""
        row = self._rows.question
        with self._reading():
            found = list(row.select().where(row.sweep == sweep).order_by(row.id))
        return tuple(
            Question(account_id=one.account_id, code=one.code, who=one.who, note=one.note, at=instant(one.at)) for one in found
        )


def _draft(row: DraftRow) -> Draft:
    told = {name: getattr(row, name) for name in ("sweep", "account_id", "form", "seq", "who")}
    return Draft(**told, at=instant(row.at), told=json.loads(row.data))


def _picture(row: PictureRow) -> LoosePicture:
    told = {name: getattr(row, name) for name in ("id", "place", "account_id", "name", "kind", "size", "sha256", "who")}
    return LoosePicture(**told, at=instant(row.at))
