"""From a kept file to the journal: read it by its adapter, match a pasted link to an account, enter the visit (DESIGN §4, §7)."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from tracker import __version__, looks, text
from tracker.adapter import Adapter
from tracker.errors import EvidenceDamaged
from tracker.evidence import Damage, Stored, VisitMeta
from tracker.model import (
    Account,
    Aspect,
    Exchange,
    Identity,
    Observation,
    Outcome,
    Route,
    Seen,
    StoredVisit,
    Unseen,
    Window,
)
from tracker.registry import Look
from tracker.workspace import Workspace


def unread(outcome: Outcome, detail: str, adapter: Adapter | None) -> Observation:
    """The observation of a visit that fetched nothing: every aspect unseen for the same reason."""
    aspects = adapter.sees if adapter else {Aspect.POSTS: ()}
    return Observation(
        outcome=outcome,
        aspects={aspect: Unseen(outcome=outcome, detail=detail) for aspect in aspects},
        detail=detail,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """A file of the evidence and what it holds."""

    stored: Stored
    meta: VisitMeta
    exchanges: tuple[Exchange, ...]


class Reader:
    """Reads stored visits of one sweep back; the accounts are those that the sweep froze."""

    def __init__(self, accounts: Sequence[Account], adapters: Mapping[str, Adapter]) -> None:
        self.adapters = adapters
        self._by_id = {account.account_id: account for account in accounts}
        keys = Counter(_key(account) for account in accounts)
        # of two accounts under one name neither is known by it
        self._by_key = {_key(account): account for account in accounts if keys[_key(account)] == 1}
        self._by_platform_id = {
            (account.platform, kind, value): account for account in accounts for kind, value in account.ids.items()
        }

    def account(self, meta: VisitMeta) -> Account | None:
        """The account that a stored visit names, by our id or by platform and name.

        None where the two name different accounts: in another office's visits an id of ours may be somebody else's.
        """
        platform, _, name = meta.account_key.partition(":")
        held, named = self._by_id.get(meta.account_id), self._by_key.get(f"{platform}:{text.key(name)}")
        if held is None or not meta.account_key:
            return held or named
        return None if held.platform != platform or named not in (None, held) else held

    def read(self, meta: VisitMeta, exchanges: Sequence[Exchange]) -> Observation:
        """What the stored bytes say; the same function live and in replay."""
        if meta.route is Route.MANUAL:
            return looks.read(_look(meta, exchanges))
        adapter = self.adapters.get(meta.platform)
        if meta.outcome is not None:
            return unread(meta.outcome, meta.detail, adapter)
        if adapter is None:
            return unread(Outcome.NOT_OBSERVABLE, "没有这个平台的读取程序", None)
        account = control_account(adapter, meta.url) if meta.control else self.account(meta)
        return adapter.read(meta.visit(account), exchanges)

    def owner(self, meta: VisitMeta, observation: Observation) -> Account | None:
        """Whose visit this is: the account that it was made for, or the one that a pasted link turns out to show.

        A control visit is nobody's, whoever may have filed the control account.
        """
        if meta.control:
            return None
        if meta.account_id or meta.account_key:
            return self.account(meta)
        seen = observation.aspects.get(Aspect.EXISTENCE)
        if not isinstance(seen, Seen) or not isinstance(seen.value, Identity) or seen.outcome is Outcome.GONE:
            return None
        return self.match(meta.platform, seen.value)

    def match(self, platform: str, identity: Identity) -> Account | None:
        """By a platform id that is known; else by name, unless a known id says otherwise."""
        for kind, value in identity.ids.items():
            if found := self._by_platform_id.get((platform, kind, value)):
                return found
        named = self._by_key.get(f"{platform}:{text.key(identity.name)}")
        if named is None or any(named.ids.get(kind, value) != value for kind, value in identity.ids.items()):
            return None
        return named


def _key(account: Account) -> str:
    return f"{account.platform}:{text.key(account.name)}"


def enter(ws: Workspace, sweep: str, reader: Reader, stored: Stored) -> StoredVisit:
    """Read a kept file and enter it into the journal. Raises EvidenceDamaged when the file does not fit its hash."""
    meta, exchanges = ws.evidence.read(stored.file, sha256=stored.sha256)
    observation = reader.read(meta, exchanges)
    return journal(ws, sweep, reader, stored, meta, exchanges, observation)


def look_of(kept: Kept) -> Look:
    """The row that a kept manual visit holds. Raises EvidenceDamaged when it holds none."""
    return _look(kept.meta, kept.exchanges)


def _look(meta: VisitMeta, exchanges: Sequence[Exchange]) -> Look:
    try:
        return looks.look_of(exchanges[0])
    except (ValueError, IndexError) as error:
        raise EvidenceDamaged(f"{meta.account_key} 的检查记录(检查日期 {meta.today})读不出来;请从备份恢复证据文件") from error


def recover(ws: Workspace, sweep: str, reader: Reader) -> int:
    """After a crash: enter every whole file that the journal does not know yet. Returns how many."""
    ws.evidence.adopt(sweep)
    known = ws.store.known_files(sweep)
    missing = [one for one in ws.evidence.files(sweep) if one.file not in known]
    for stored in missing:
        enter(ws, sweep, reader, stored)
    return len(missing)


def damaged(ws: Workspace, sweep: str) -> tuple[Damage, ...]:
    """What is wrong with a sweep's evidence, also against the journal: a manifest that was cut short looks whole by itself."""
    found = ws.evidence.verify(sweep)
    named = {damage.file for damage in found}
    lost = sorted(ws.store.known_files(sweep) - ws.evidence.listed(sweep) - named)
    return (*found, *(Damage(file=file, reason="记录里有,清单里没有,清单被截短") for file in lost))


def kept_looks(ws: Workspace, sweep: str) -> dict[str, list[Kept]]:
    """What people saw in this sweep, by account id, oldest first; also what a crash kept out of the journal."""
    elsewhere = {visit.file for visit in ws.store.visits(sweep) if visit.route is not Route.MANUAL}
    found: dict[str, list[Kept]] = {}
    for stored in ws.evidence.files(sweep):
        if stored.file not in elsewhere:
            meta, exchanges = ws.evidence.read(stored.file, sha256=stored.sha256)
            if meta.route is Route.MANUAL:
                found.setdefault(meta.account_id, []).append(Kept(stored=stored, meta=meta, exchanges=exchanges))
    return found


def journal(
    ws: Workspace,
    sweep: str,
    reader: Reader,
    stored: Stored,
    meta: VisitMeta,
    exchanges: Sequence[Exchange],
    observation: Observation,
) -> StoredVisit:
    """Enter a visit that was read already; learn the platform ids of an account that answered `ok`."""
    owner = reader.owner(meta, observation)
    clerk = _look(meta, exchanges) if meta.route is Route.MANUAL else None
    visit = StoredVisit(
        sweep=sweep,
        account_id=owner.account_id if owner else "",
        platform=meta.platform,
        route=meta.route,
        url=meta.url or (exchanges[0].url if exchanges else ""),
        file=stored.file,
        sha256=stored.sha256,
        at=meta.at,
        observation=observation,
        check_date=clerk.check_date if clerk else None,
        printed_date=clerk.printed_date if clerk else "",
        lane=meta.lane,
        control=meta.control,
        twice=meta.twice,
    )
    ws.store.add_visit(visit)
    if owner is not None and observation.outcome is Outcome.OK:
        _learn(ws, owner, observation, meta)
    return visit


def keep_look(
    ws: Workspace, sweep: str, reader: Reader, account: Account, look: Look, *, at: datetime, pictures: Sequence[Exchange] = ()
) -> StoredVisit:
    """What a person saw, as a visit by route `manual`: evidence first (the row, then its pictures), journal second."""
    kept = put_look(ws, sweep, account, look, at=at, pictures=pictures)
    return journal(ws, sweep, reader, kept.stored, kept.meta, kept.exchanges, looks.read(look))


def put_look(ws: Workspace, sweep: str, account: Account, look: Look, *, at: datetime, pictures: Sequence[Exchange] = ()) -> Kept:
    """The evidence of what a person saw, in no journal yet."""
    exchanges = (looks.exchange(look, at), *pictures)
    meta = VisitMeta(
        account_id=account.account_id,
        account_key=f"{account.platform}:{account.name}",
        platform=account.platform,
        route=Route.MANUAL,
        window=Window(since=look.check_date, until=look.check_date),
        today=look.check_date,
        at=at,
        url=look.url,
        version=__version__,
    )
    stored = ws.evidence.keep(sweep, account.account_id, meta, exchanges)
    return Kept(stored=stored, meta=meta, exchanges=exchanges)


def _learn(ws: Workspace, owner: Account, observation: Observation, meta: VisitMeta) -> None:
    seen = observation.aspects.get(Aspect.EXISTENCE)
    if not isinstance(seen, Seen) or not isinstance(seen.value, Identity):
        return
    shared = [kind for kind in seen.value.ids if kind in owner.ids]
    # a pasted link that fits by its name only may be a look-alike's: a person has to confirm the id first
    trusted = meta.route is not Route.LINK or bool(shared)
    if trusted and len(shared) < len(seen.value.ids):
        ws.store.learn_ids(owner.account_id, seen.value.ids, meta.at)


def control_account(adapter: Adapter, told: str) -> Account:
    """The control account (对照账号) of a platform by its id or address; its `ids` are empty where the adapter knows neither."""
    name = adapter.fitness.title if told == adapter.fitness.control else "对照账号"
    account = Account(account_id="", platform=adapter.platform, kind="", name=name, url=told)
    return with_ids(account, {adapter.platform: adapter})


def with_ids(account: Account, adapters: Mapping[str, Adapter]) -> Account:
    """The account with the platform ids that its filed id and link hold; ids that it has already come first."""
    adapter = adapters.get(account.platform)
    if adapter is None:
        return account
    return replace(account, ids={**adapter.ids(account.url), **adapter.ids(account.filed_id), **account.ids})
