"""M3-01: bought followers, ordered likes."""

from dataclasses import dataclass
from typing import ClassVar

from tracker.facts import Broken, Facts, Kept, Unclear, present, told
from tracker.rulebook.rule import Breach, By, Passed, Ruling


@dataclass(frozen=True, slots=True, kw_only=True)
class Faked:
    """购买“粉丝”、强制点赞等弄虚作假

    查什么:有没有购买“粉丝”、强制要求群众点赞等弄虚作假行为。
    怎么判:出现一次即成立;只由人核实后填报。
    不算:程序不由粉丝数、点赞数的多少推断弄虚作假。
    依据:国办秘函〔2019〕19号 政务新媒体单项否决指标“互动回应差”。
    """

    code: ClassVar[str] = "M3-01"
    codes: ClassVar[tuple[str, ...]] = ("M3-01",)
    title: ClassVar[str] = "购买“粉丝”、强制点赞等弄虚作假"
    basis: ClassVar[str] = "国办秘函〔2019〕19号 政务新媒体单项否决指标:购买“粉丝”、强制要求群众点赞等弄虚作假"
    by: ClassVar[By] = By.PERSON

    def ask(self, facts: Facts) -> Ruling:
        """Only what a person reported."""
        match present(told(facts, self.codes)):
            case Broken(hits=hits):
                return Breach(
                    code=self.code, arithmetic="检查人填报" + "、".join(f"“{hit.quote or self.title}”" for hit in hits), hits=hits
                )
            case Kept():
                return Passed(because="检查人看过,没有此问题")
            case Unclear() as unclear:
                return unclear
