"""`empty` and `gone` are claims; the proof that an adapter declares promotes them (DESIGN §4; formats/*.md §4, §5)."""

from collections.abc import Collection, Sequence

from tracker.adapter import Proof
from tracker.clock import day
from tracker.facts.answers import Evidence
from tracker.model import Aspect, Found, Hit, Outcome, Posts, Seen, StoredVisit

_QUOTES = {Outcome.EMPTY: "从未发布", Outcome.GONE: "平台称账号不存在"}


def proven(
    visits: Sequence[StoredVisit],
    aspect: Aspect,
    claim: Outcome,
    proof: Proof | None,
    fit: Collection[str],
    *,
    seen: bool,
) -> Evidence:
    """The claim as a search: a hit when enough agreeing visits on days far enough apart made it, whole when disproved.

    A visit between them that saw the account makes the earlier ones worthless; one post, ever, disproves 从未发布.

    fit: sweeps in which another account of the platform read well; where the proof asks for a control, only their claims count.
    """
    if seen or (claim is Outcome.EMPTY and any(_disproves(visit, aspect, claim) for visit in visits)):
        return Evidence(found=Found(whole=True))
    alive = max((visit.at for visit in visits if _disproves(visit, aspect, claim)), default=None)
    made = [
        visit
        for visit in sorted(visits, key=lambda visit: visit.at)
        if (alive is None or visit.at > alive)
        and _claims(visit, aspect, claim)
        and proof is not None
        and (not proof.control or visit.sweep in fit)
    ]
    needed = 0 if proof is None else (proof.empty_visits if claim is Outcome.EMPTY else proof.gone_visits)
    spaced = _spaced(made, proof.days_apart if proof else 0)
    if proof is not None and len(spaced) >= needed:
        said = tuple(Hit(kind=str(claim), quote=_QUOTES[claim], url=visit.url, at=visit.at) for visit in spaced)
        return Evidence(found=Found(hits=said))
    if any(_claims(visit, aspect, claim) for visit in visits):
        return Evidence(reasons=(f"{_QUOTES[claim]},待另日再次核实",))
    return Evidence(reasons=("没有看到账号本身",))


def _claims(visit: StoredVisit, aspect: Aspect, claim: Outcome) -> bool:
    found = visit.observation.aspects.get(aspect)
    return isinstance(found, Seen) and found.outcome is claim


def _disproves(visit: StoredVisit, aspect: Aspect, claim: Outcome) -> bool:
    """Whether a visit saw the account, or a post: what was claimed before it is not so."""
    found = visit.observation.aspects.get(aspect)
    if not isinstance(found, Seen) or found.outcome is claim:
        return False
    return claim is not Outcome.EMPTY or (isinstance(found.value, Posts) and bool(found.value.items))


def _spaced(visits: Sequence[StoredVisit], days_apart: int) -> list[StoredVisit]:
    kept: list[StoredVisit] = []
    for visit in visits:
        if not kept or (day(visit.at) - day(kept[-1].at)).days >= days_apart:
            kept.append(visit)
    return kept
