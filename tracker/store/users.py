"""Users and what they hold: sessions, one-time links, API tokens, failed sign-ins, answers to repeated requests."""

import json
from collections.abc import Collection
from dataclasses import replace
from datetime import datetime

from tracker.errors import UsageError
from tracker.people import Right, Role
from tracker.store.codec import scrub
from tracker.store.part import Part, instant, stamp
from tracker.store.people_tables import SessionRow, TokenRow, UserRow
from tracker.store.tables import digest
from tracker.store.user_records import Kept, LinkOnce, Purpose, SessionHeld, Token, User


class Users(Part):
    """Users. Whoever asks gives words in clear (cookie, link, token); only their SHA-256 is kept."""

    def users(self) -> tuple[User, ...]:
        """All, by their login."""
        row = self._rows.user
        with self._reading():
            return tuple(_user(one) for one in row.select().order_by(row.login))

    def user(self, *, login: str | None = None, user_id: int | None = None, subject: str | None = None) -> User | None:
        """The one user with this login (as `text.key`), id or `sub`; None where there is none."""
        row = self._rows.user
        told = {"login": login, "id": user_id, "subject": subject}
        with self._reading():
            found = row.get_or_none(**{name: value for name, value in told.items() if value is not None})
        return _user(found) if found else None

    def any_user(self) -> bool:
        """Whether there is a user at all."""
        with self._reading():
            return bool(self._rows.user.select().exists())

    def add_user(self, told: User) -> User:
        """Append a user. Returns them with their id. Raises UsageError when the login is taken."""
        row = self._rows.user
        with self.transaction():
            if row.select().where(row.login == told.login).exists():
                raise UsageError(f"登录名 {told.login} 已经有人用了;请换一个")
            return replace(told, id=row.insert(**_columns(told)).execute())

    def change_user(self, told: User) -> None:
        """Keep name, role, scope and state of a user by id; who has another role or scope, or is disabled, is signed out."""
        row, texts = self._rows.user, _columns(told)
        kept = {name: texts[name] for name in ("name", "role", "region", "organisations", "disabled")}
        with self.transaction():
            before = _user(row.get_by_id(told.id))
            row.update(**kept).where(row.id == told.id).execute()
            same = ("role", "region", "organisations", "disabled")
            if any(getattr(before, name) != getattr(told, name) for name in same):
                self.end_sessions(told.id)

    def set_password(self, owner: int, hashed: str) -> None:
        """Keep another password's hash; empty = none."""
        row = self._rows.user
        with self.transaction():
            row.update(password=hashed).where(row.id == owner).execute()

    def bind_subject(self, owner: int, subject: str) -> None:
        """Keep by which `sub` the office's own sign-on names a user."""
        row = self._rows.user
        with self.transaction():
            row.update(subject=scrub(subject)).where(row.id == owner).execute()

    def hold_users(self) -> None:
        """Inside a transaction: nobody else changes a user until it ends."""
        row = self._rows.user
        row.update(role=row.role).execute()

    # sessions

    def add_session(self, cookie: str, told: SessionHeld) -> None:
        """Append a session under the digest of its cookie."""
        texts = {"address": scrub(told.address), "agent": scrub(told.agent)}
        with self.transaction():
            self._rows.session.insert(
                digest=digest(cookie), owner=told.owner, at=stamp(told.at), seen=stamp(told.seen), **texts
            ).execute()

    def session(self, cookie: str) -> tuple[SessionHeld, User] | None:
        """The session of a cookie and its user, whatever their age; None for an unknown one."""
        row, owner = self._rows.session, self._rows.user
        with self._reading():
            held = row.get_or_none(row.digest == digest(cookie))
            found = owner.get_or_none(owner.id == held.owner) if held else None
        return (_session(held), _user(found)) if held and found else None

    def sessions(self, owner: int) -> tuple[SessionHeld, ...]:
        """All of a user, the newest first."""
        row = self._rows.session
        with self._reading():
            return tuple(_session(one) for one in row.select().where(row.owner == owner).order_by(row.at.desc()))

    def see_session(self, held: str, at: datetime) -> None:
        """Note that the session of this digest came again."""
        row = self._rows.session
        with self.transaction():
            row.update(seen=stamp(at)).where(row.digest == held).execute()

    def end_sessions(self, owner: int, *, but: str = "", only: Collection[str] | None = None) -> int:
        """End a user's sessions: all, all `but` this digest, or `only` these digests. Returns how many."""
        row = self._rows.session
        query = row.delete().where((row.owner == owner) & (row.digest != but))
        if only is not None:
            query = query.where(row.digest.in_(list(only)))
        with self.transaction():
            return int(query.execute())

    def drop_sessions(self, *, begun: datetime, seen: datetime) -> None:
        """Remove what began before one instant or was last seen before another."""
        row = self._rows.session
        with self.transaction():
            row.delete().where((row.at < stamp(begun)) | (row.seen < stamp(seen))).execute()

    # one-time links

    def add_link_once(self, word: str, told: LinkOnce) -> None:
        """Append a link; those of the same user, or for the first administrator, that were there before are void."""
        row = self._rows.link_once
        with self.transaction():
            same = row.owner.is_null() if told.owner is None else row.owner == told.owner
            row.delete().where(same).execute()
            row.insert(digest=digest(word), purpose=str(told.purpose), owner=told.owner, expires=stamp(told.expires)).execute()

    def link_once(self, word: str, *, use: bool = False) -> LinkOnce | None:
        """The link of a word, expired or not; None where it is unknown or used. `use` = it works no more."""
        row = self._rows.link_once
        with self.transaction():
            found = row.get_or_none(row.digest == digest(word))
            # of two at once only one removes it
            if found is None or (use and not row.delete().where(row.digest == found.digest).execute()):
                return None
        return LinkOnce(purpose=Purpose(found.purpose), owner=found.owner, expires=instant(found.expires))

    # API tokens

    def add_token(self, word: str, told: Token) -> Token:
        """Append a token under the digest of its word."""
        with self.transaction():
            number = self._rows.token.insert(
                owner=told.owner,
                name=scrub(told.name),
                digest=digest(word),
                rights=json.dumps(sorted(told.rights)),
                at=stamp(told.at),
                expires=stamp(told.expires),
                revoked=False,
            ).execute()
        return replace(told, id=number)

    def token(self, word: str) -> tuple[Token, User] | None:
        """The token of a word and its user, whatever their state; None for an unknown one."""
        row, owner = self._rows.token, self._rows.user
        with self._reading():
            held = row.get_or_none(row.digest == digest(word))
            found = owner.get_or_none(owner.id == held.owner) if held else None
        return (_token(held), _user(found)) if held and found else None

    def tokens(self, owner: int) -> tuple[Token, ...]:
        """All of a user, in the order of making."""
        row = self._rows.token
        with self._reading():
            return tuple(_token(one) for one in row.select().where(row.owner == owner).order_by(row.id))

    def see_token(self, number: int, at: datetime) -> None:
        """Note that a token came."""
        row = self._rows.token
        with self.transaction():
            row.update(used=stamp(at)).where(row.id == number).execute()

    def revoke_tokens(self, owner: int, only: Collection[int] | None = None) -> int:
        """Void a user's tokens, all or only these. Returns how many."""
        row = self._rows.token
        query = row.update(revoked=True).where((row.owner == owner) & (row.revoked == False))  # noqa: E712 - SQL
        if only is not None:
            query = query.where(row.id.in_(list(only)))
        with self.transaction():
            return int(query.execute())

    # answers to repeated requests

    def begin_request(self, login: str, key: str, request: str, at: datetime) -> Kept | None:
        """Claim an idempotency key of a person for a request (its digest); None = it is yours now, else what is there."""
        row, name = self._rows.request_key, digest(json.dumps([login, key]))
        fresh = {"request": request, "status": 0, "kind": "", "body": b"", "at": stamp(at)}
        with self.transaction():
            if row.insert(digest=name, **fresh).on_conflict_ignore().as_rowcount().execute():
                return None
            found = row.get_by_id(name)
        return Kept(request=found.request, status=found.status, kind=found.kind, body=bytes(found.body), at=instant(found.at))

    def end_request(self, login: str, key: str, *, status: int, kind: str, body: bytes) -> None:
        """Keep the answer to the request that claimed the key."""
        row, name = self._rows.request_key, digest(json.dumps([login, key]))
        with self.transaction():
            row.update(status=status, kind=kind, body=body).where(row.digest == name).execute()

    def drop_requests(self, before: datetime) -> None:
        """Forget keys that were claimed before an instant."""
        row = self._rows.request_key
        with self.transaction():
            row.delete().where(row.at < stamp(before)).execute()

    def free_request(self, login: str, key: str) -> None:
        """Give a key back whose request ended without doing anything."""
        row, name = self._rows.request_key, digest(json.dumps([login, key]))
        with self.transaction():
            row.delete().where((row.digest == name) & (row.status == 0)).execute()


def _columns(told: User) -> dict[str, object]:
    texts = {name: scrub(getattr(told, name)) for name in ("login", "name", "region", "password", "subject")}
    organisations = json.dumps(sorted(map(scrub, told.organisations)), ensure_ascii=False)
    return {
        **texts,
        "role": str(told.role),
        "organisations": organisations,
        "disabled": told.disabled,
        "at": stamp(told.at),
    }


def _user(row: UserRow) -> User:
    texts = {name: getattr(row, name) for name in ("id", "login", "name", "region", "password", "subject")}
    return User(
        **texts,
        role=Role(row.role),
        organisations=frozenset(json.loads(row.organisations)),
        disabled=bool(row.disabled),
        at=instant(row.at),
    )


def _session(row: SessionRow) -> SessionHeld:
    texts = {name: getattr(row, name) for name in ("digest", "owner", "address", "agent")}
    return SessionHeld(**texts, at=instant(row.at), seen=instant(row.seen))


def _token(row: TokenRow) -> Token:
    return Token(
        id=row.id,
        owner=row.owner,
        name=row.name,
        # a right that a newer program gave and this one does not know is none
        rights=frozenset(Right(one) for one in json.loads(row.rights) if one in set(Right)),
        at=instant(row.at),
        expires=instant(row.expires),
        revoked=bool(row.revoked),
        used=instant(row.used) if row.used else None,
    )
