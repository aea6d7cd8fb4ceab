"""CNT-01: content that is not as it should be, in words only a person can weigh."""

from dataclasses import dataclass
from typing import ClassVar

from tracker.facts import Broken, Facts, Kept, Unclear, present, told
from tracker.rulebook.rule import Breach, By, Passed, Ruling


@dataclass(frozen=True, slots=True, kw_only=True)
class Irregular:
    """内容不规范

    查什么:发布的内容是否与本单位职能相称、表述是否得体(卖惨卖萌、过度娱乐化、发布无关信息、排版混乱等)。
    怎么判:只由人查看后填报。
    不算:词表能找到的错敏字眼(另由 CNT-04 列出);页面底部的商业信息(另由 CNT-03 列出)。
    依据:国办发〔2018〕123号(内容发布审核);地方检查口径(商洛2020年第三、四季度通报)。
    """

    code: ClassVar[str] = "CNT-01"
    codes: ClassVar[tuple[str, ...]] = ("CNT-01",)
    title: ClassVar[str] = "内容不规范"
    basis: ClassVar[str] = "国办发〔2018〕123号:政务新媒体内容发布;地方检查口径"
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
