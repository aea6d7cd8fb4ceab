"""The card for scripts."""

from tracker.explain.card import Card
from tracker.explain.proofs import Shown
from tracker.model import Finding, StoredVisit


def as_json(card: Card) -> dict[str, object]:
    """The card as plain JSON values; instants and days in ISO form."""
    verdict = card.verdict
    return {
        "account_id": verdict.account.account_id,
        "name": verdict.account.name,
        "verdict": verdict.word,
        "check_date": verdict.check_date.isoformat(),
        "latest_post": verdict.latest_post.isoformat() if verdict.latest_post else None,
        "sweep": card.sweep,
        "profile": card.profile,
        "profile_digest": card.profile_digest,
        "judged_at": card.judged_at.isoformat() if card.judged_at else None,
        "latest": [_shown(one) for one in card.latest],
        "findings": [_finding(one, card.shown.get(one.code, ())) for one in verdict.findings],
        "undetermined": [{"code": one.code, "reason": one.reason} for one in verdict.undetermined],
        "notes": list(verdict.notes),
        "decisions": [
            {"code": one.code, "confirmed": one.confirmed, "who": one.who, "why": one.why, "at": one.at.isoformat()}
            for one in card.decisions
        ],
        "before": [{"period": one.period, "codes": list(one.codes), "words": one.words} for one in card.before],
        "evidence": [_visit(visit, card.origins.get(visit.sha256, "")) for visit in card.visits],
        "damaged": list(card.damaged),
    }


def _finding(finding: Finding, shown: tuple[Shown, ...]) -> dict[str, object]:
    return {
        "code": finding.code,
        "message": finding.message,
        "basis": finding.basis,
        "effect": str(finding.effect),
        "status": str(finding.status),
        "arithmetic": finding.arithmetic,
        "counterfactual": finding.counterfactual,
        "hits": [{"kind": hit.kind, "quote": hit.quote, "url": hit.url} for hit in finding.hits],
        "bytes": [_shown(one) for one in shown],
    }


def _shown(one: Shown) -> dict[str, object]:
    return {
        "what": one.what,
        "kind": one.hit.kind,
        "quote": one.hit.quote,
        "on": one.hit.at.isoformat() if one.hit.at else None,
        "link": one.hit.url,
        "file": one.file,
        "url": one.url,
        "captured_at": one.at.isoformat() if one.at else None,
        "page": one.page,
        "record_id": one.record_id,
        "digest": one.digest,
        "context": f"{one.before}{one.quote}{one.after}",
        "trouble": one.trouble,
    }


def _visit(visit: StoredVisit, origin: str) -> dict[str, object]:
    return {
        "at": visit.at.isoformat(),
        "route": str(visit.route),
        "url": visit.url,
        "outcome": str(visit.observation.outcome),
        "file": visit.file,
        "sha256": visit.sha256,
        **({"origin": origin} if origin else {}),
    }
