"""What ends a reading early, and the aspects that each way of looking is asked about."""

from collections.abc import Iterable

from tracker.model import Aspect, Observation, Outcome, Unseen

ARTICLE_ASPECTS = (
    Aspect.EXISTENCE,
    Aspect.VERIFICATION,
    Aspect.POSTS,
    Aspect.COMMENT_POLICY,
    Aspect.FOOTERS,
    Aspect.BIO,
)
OWNER_ASPECTS = (Aspect.EXISTENCE, Aspect.POSTS, Aspect.COMMENT_POLICY, Aspect.MENU)
LIST_ASPECTS = (Aspect.EXISTENCE, Aspect.POSTS)
ABOUT_ASPECTS = (Aspect.EXISTENCE, Aspect.VERIFICATION, Aspect.BIO)


class Surprise(Exception):
    """这份应答不能当作数据: `outcome` says in which way, `detail` is the Chinese clause for the 未能核查 list."""

    def __init__(self, outcome: Outcome, detail: str) -> None:
        super().__init__(detail)
        self.outcome = outcome
        self.detail = detail


def blind(aspects: Iterable[Aspect], outcome: Outcome, detail: str) -> Observation:
    """An observation in which none of `aspects` was seen, all for one reason."""
    return Observation(outcome=outcome, aspects={a: Unseen(outcome=outcome, detail=detail) for a in aspects}, detail=detail)
