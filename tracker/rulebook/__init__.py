"""The rule book: one rule, one file; registered here and nowhere else."""

from tracker.rulebook.cnt_02_likes import Likes
from tracker.rulebook.cnt_03_commerce import Commerce
from tracker.rulebook.int_01_interaction import Interaction
from tracker.rulebook.reg_04_missing import Missing
from tracker.rulebook.rule import Breach, By, Passed, Rule, Ruling
from tracker.rulebook.upd_01_idle import Idle
from tracker.rulebook.upd_04_never import Never

RULES: tuple[type[Rule], ...] = (Idle, Never, Interaction, Likes, Commerce, Missing)
"""In the order in which findings are printed. A contract test compares this tuple with the files beside it."""

__all__ = ["RULES", "Breach", "By", "Passed", "Rule", "Ruling"]
