"""From a kept file to the journal: read it by its adapter, match a pasted link to an account, enter the visit (DESIGN §4, §7)."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from tracker import looks, text
from tracker.adapter import Adapter
from tracker.evidence import Stored, VisitMeta
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
)
from tracker.workspace import Workspace


def unread(outcome: Outcome, detail: str, adapter: Adapter | None) -> Observation:
    """The observation of a visit that fetched nothing: every aspect unseen for the same reason."""
    aspects = adapter.sees if adapter else {Aspect.POSTS: ()}
    return Observation(
        outcome=outcome,
        aspects={aspect: Unseen(outcome=outcome, detail=detail) for aspect in aspects},
        detail=detail,
    )


class Reader:
    """Reads stored visits of one sweep back; the accounts are those that the sweep froze."""

    def __init__(self, accounts: Sequence[Account], adapters: Mapping[str, Adapter]) -> None:
        self.adapters = adapters
        self._by_id = {account.account_id: account for account in accounts}
        self._by_key = {f"{account.platform}:{text.key(account.name)}": account for account in accounts}
        self._by_platform_id = {
            (account.platform, kind, value): account for account in accounts for kind, value in account.ids.items()
        }

    def account(self, meta: VisitMeta) -> Account | None:
        """The account that a stored visit names, by our id or by platform and name."""
        platform, _, name = meta.account_key.partition(":")
        return self._by_id.get(meta.account_id) or self._by_key.get(f"{platform}:{text.key(name)}")

    def read(self, meta: VisitMeta, exchanges: Sequence[Exchange]) -> Observation:
        """What the stored bytes say; the same function live and in replay."""
        if meta.route is Route.MANUAL:
            return looks.read(looks.look_of(exchanges[0]))
        adapter = self.adapters.get(meta.platform)
        if meta.outcome is not None:
            return unread(meta.outcome, meta.detail, adapter)
        if adapter is None:
            return unread(Outcome.NOT_OBSERVABLE, "没有这个平台的读取程序", None)
        return adapter.read(meta.visit(self.account(meta)), exchanges)

    def owner(self, meta: VisitMeta, observation: Observation) -> Account | None:
        """Whose visit this is: the account that it was made for, or the one that a pasted link turns out to show."""
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


def enter(ws: Workspace, sweep: str, reader: Reader, stored: Stored) -> StoredVisit:
    """Read a kept file and enter it into the journal. Raises EvidenceDamaged when the file does not fit its hash."""
    meta, exchanges = ws.evidence.read(stored.file, sha256=stored.sha256)
    observation = reader.read(meta, exchanges)
    return journal(ws, sweep, reader, stored, meta, exchanges, observation)


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
    clerk = looks.look_of(exchanges[0]) if meta.route is Route.MANUAL else None
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
    )
    ws.store.add_visit(visit)
    if owner is not None and observation.outcome is Outcome.OK:
        _learn(ws, owner, observation, meta)
    return visit


def _learn(ws: Workspace, owner: Account, observation: Observation, meta: VisitMeta) -> None:
    seen = observation.aspects.get(Aspect.EXISTENCE)
    if isinstance(seen, Seen) and isinstance(seen.value, Identity) and not _known(owner, seen.value):
        ws.store.learn_ids(owner.account_id, seen.value.ids, meta.at)


def _known(owner: Account, identity: Identity) -> bool:
    return all(kind in owner.ids for kind in identity.ids)


def with_ids(account: Account, adapters: Mapping[str, Adapter]) -> Account:
    """The account with the platform ids that its filed id and link hold; ids that it has already come first."""
    adapter = adapters.get(account.platform)
    if adapter is None:
        return account
    return replace(account, ids={**adapter.ids(account.url), **adapter.ids(account.filed_id), **account.ids})
