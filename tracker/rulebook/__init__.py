"""The rule book: one rule, one file; registered here and nowhere else."""

from tracker.rulebook.app_01_app import App
from tracker.rulebook.cnt_01_irregular import Irregular
from tracker.rulebook.cnt_02_likes import Likes
from tracker.rulebook.cnt_03_commerce import Commerce
from tracker.rulebook.cnt_04_errors import Errors
from tracker.rulebook.cnt_05_repeat import Repeat
from tracker.rulebook.col_01_stale import Stale
from tracker.rulebook.col_02_empty import Empty
from tracker.rulebook.col_03_dead import Dead
from tracker.rulebook.col_04_target import Target
from tracker.rulebook.col_05_misnamed import Misnamed
from tracker.rulebook.col_06_repeated import Repeated
from tracker.rulebook.col_07_useless import Useless
from tracker.rulebook.int_01_interaction import Interaction
from tracker.rulebook.int_02_replies import Replies
from tracker.rulebook.int_03_auto_reply import AutoReply
from tracker.rulebook.lif_01_stopped import Stopped
from tracker.rulebook.m1_01_grave import Grave
from tracker.rulebook.m3_01_faked import Faked
from tracker.rulebook.reg_01_unverified import Unverified
from tracker.rulebook.reg_02_certificate import Certificate
from tracker.rulebook.reg_03_bio import Bio
from tracker.rulebook.reg_04_missing import Missing
from tracker.rulebook.reg_05_lookalike import Lookalike
from tracker.rulebook.reg_06_closed import Closed
from tracker.rulebook.rule import Breach, By, Passed, Rule, RuleClass, Ruling
from tracker.rulebook.upd_01_idle import Idle
from tracker.rulebook.upd_04_never import Never
from tracker.rulebook.upd_05_gap import Gap
from tracker.rulebook.upd_06_originals import Originals

RULES: tuple[RuleClass, ...] = (
    Grave,
    Idle,
    Never,
    Gap,
    Originals,
    Interaction,
    Replies,
    AutoReply,
    Faked,
    App,
    Irregular,
    Likes,
    Commerce,
    Errors,
    Repeat,
    Unverified,
    Certificate,
    Bio,
    Missing,
    Lookalike,
    Closed,
    Stale,
    Empty,
    Dead,
    Target,
    Misnamed,
    Repeated,
    Useless,
    Stopped,
)
"""In the order in which findings are printed. A contract test compares this tuple with the files beside it."""

__all__ = ["RULES", "Breach", "By", "Passed", "Rule", "RuleClass", "Ruling"]
