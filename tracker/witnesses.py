"""Who stands behind a finding: who reported or confirmed it. A veto in a final list takes two, unless tracker.toml says one."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from tracker import looks, text
from tracker.errors import EvidenceDamaged
from tracker.model import Conclusion, Decision, Effect, Finding, Route, Status, StoredVisit, Verdict
from tracker.rulebook.profile import Profile
from tracker.workspace import Workspace

_SETTLED = (Status.AUTOMATIC, Status.CONFIRMED)
MOST = 500
"""Accounts whose decisions are asked for at once."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Behind:
    """The people of one finding, each once, in the order in which they spoke first."""

    account_id: str
    name: str
    """Of the account."""
    code: str
    agreed: tuple[str, ...]
    """Who reported it from a look of their own, or confirmed it and did not dismiss it since."""
    dismissed: tuple[str, ...]
    """Whose last word on it is no."""


def needed(ws: Workspace, profile: Profile) -> int:
    """How many people a veto takes: as tracker.toml says (`persons`), else as the profile does (`confirm`)."""
    return ws.settings.persons or profile.confirm


def behind(ws: Workspace, sweep: str, verdicts: Iterable[Verdict]) -> Iterator[Behind]:
    """The people behind every settled veto of the failing accounts among these."""
    failing = [one for one in verdicts if one.conclusion is Conclusion.FAILED]
    for start in range(0, len(failing), MOST):
        some = failing[start : start + MOST]
        said = _said(ws.store.decisions(sweep, [one.account.account_id for one in some]))
        for verdict in some:
            own = verdict.account.account_id
            for finding in vetoes(verdict):
                yield behind_one(ws, sweep, verdict, finding, said[own, finding.code])


def behind_one(ws: Workspace, sweep: str, verdict: Verdict, finding: Finding, decisions: Sequence[Decision]) -> Behind:
    """The people behind one finding; `decisions` are those on it, oldest first."""
    # a decision without a name is nobody's
    last = {text.key(one.who): one for one in decisions if one.who.strip()}
    confirmed = [one.who for one in last.values() if one.confirmed]
    dismissed = [one.who for one in last.values() if not one.confirmed]
    lookers = _lookers(ws, sweep, verdict.account.account_id, finding.code)
    names = {text.key(name): name for name in reversed([*lookers, *confirmed])}
    agreed = [name for key, name in reversed(names.items()) if key not in {text.key(one) for one in dismissed}]
    return Behind(
        account_id=verdict.account.account_id,
        name=verdict.account.name,
        code=finding.code,
        agreed=tuple(agreed),
        dismissed=tuple(dismissed),
    )


def vetoes(verdict: Verdict) -> tuple[Finding, ...]:
    """The settled findings that put the account on the list."""
    return tuple(one for one in verdict.findings if one.effect is Effect.VETO and one.status in _SETTLED)


def _said(decisions: Iterable[Decision]) -> Mapping[tuple[str, str], list[Decision]]:
    found = defaultdict[tuple[str, str], list[Decision]](list)
    for one in decisions:
        found[one.account_id, one.code].append(one)
    return found


def _lookers(ws: Workspace, sweep: str, account_id: str, code: str) -> list[str]:
    """Who wrote the rows that report the finding; a row without a name is nobody's."""
    told = (_looker(ws, visit) for visit in ws.store.visits(sweep, account_id) if _reports(visit, code))
    return [name for name in told if name]


def _reports(visit: StoredVisit, code: str) -> bool:
    return visit.route is Route.MANUAL and any(one.code == code and one.broken for one in visit.observation.reported)


def _looker(ws: Workspace, visit: StoredVisit) -> str:
    try:
        _, exchanges = ws.evidence.read(visit.file, sha256=visit.sha256)
        return looks.look_of(exchanges[0]).inspector
    except (EvidenceDamaged, ValueError, IndexError):
        # cleared by `prune`, or damaged, which `verify` tells: whoever looked can confirm once more
        return ""
