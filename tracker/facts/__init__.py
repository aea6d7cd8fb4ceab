"""Facts: what the stored visits of one account prove, between bounds. Pure; the rules see nothing else."""

from tracker.facts.answers import Answer, Broken, Evidence, Kept, Quantity, Unclear, lacking, over, present, unless_clear, without
from tracker.facts.build import Facts, build

__all__ = [
    "Answer",
    "Broken",
    "Evidence",
    "Facts",
    "Kept",
    "Quantity",
    "Unclear",
    "build",
    "lacking",
    "over",
    "present",
    "unless_clear",
    "without",
]
