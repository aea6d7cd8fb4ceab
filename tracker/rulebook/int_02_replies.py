"""INT-02: comments of the public stay without an answer."""

from dataclasses import dataclass
from typing import ClassVar

from tracker.facts import Broken, Facts, Kept, Unclear, over
from tracker.rulebook.rule import Breach, By, Passed, Ruling


@dataclass(frozen=True, slots=True, kw_only=True)
class Replies:
    """未及时回复网民留言

    查什么:近期内容下的网民评论、留言,账号有没有回复。
    怎么判:已读到的评论中,没有账号回复的超过允许条数,列为待复核;哪些评论应当回复,由人工看原文确认。
    不算:没有读到的评论;评论全部读完而都有回复,或没有评论的,即通过。全国没有统一的回复时限。
    依据:地方检查口径(商洛2020年第四季度通报:未及时回复网民留言)。
    """

    code: ClassVar[str] = "INT-02"
    codes: ClassVar[tuple[str, ...]] = ("INT-02",)
    title: ClassVar[str] = "未及时回复网民留言"
    basis: ClassVar[str] = "地方检查口径:及时回复网民留言"
    by: ClassVar[By] = By.CANDIDATE

    allowed: int = 0
    """So many comments may stay without an answer."""

    def ask(self, facts: Facts) -> Ruling:
        """Broken by the comments read that have no answer."""
        match over(facts.unanswered, self.allowed):
            case Broken(least=count):
                return Breach(
                    code=self.code,
                    arithmetic=f"已读到的评论中有{count}条没有账号的回复(允许{self.allowed}条)",
                    counterfactual="回复上述评论,即不构成此问题",
                    slots={"count": count},
                )
            case Kept():
                return Passed(
                    because="评论已全部读到,应当回复的都有回复"
                    if facts.unanswered.bounds.most == 0
                    else "未回复的没有超过允许条数"
                )
            case Unclear() as unclear:
                return unclear
