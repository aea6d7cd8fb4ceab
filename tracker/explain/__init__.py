"""The verdict card: clause, sentence, dates, arithmetic, stored bytes, and what would have passed (DESIGN §1)."""

from tracker.explain.card import EFFECT, STATUS, Before, Card
from tracker.explain.gather import gather, proofs_of
from tracker.explain.plain import as_json
from tracker.explain.proofs import Shown

__all__ = ["EFFECT", "STATUS", "Before", "Card", "Shown", "as_json", "gather", "proofs_of"]
