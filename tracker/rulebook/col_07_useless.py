"""COL-07: a service column that serves nothing."""

from dataclasses import dataclass
from typing import ClassVar

from tracker.facts import Broken, Facts, Kept, Unclear, present, told
from tracker.rulebook.rule import Breach, By, Passed, Ruling


@dataclass(frozen=True, slots=True, kw_only=True)
class Useless:
    """栏目无服务功能

    查什么:办事、服务类栏目打开后能不能办事、查询。
    怎么判:只由人查看后填报。
    不算:程序不判断一个栏目有没有用。
    依据:地方检查口径(商洛2020年第三、四季度通报)。
    """

    code: ClassVar[str] = "COL-07"
    codes: ClassVar[tuple[str, ...]] = ("COL-07",)
    title: ClassVar[str] = "栏目无服务功能"
    basis: ClassVar[str] = "地方检查口径:服务栏目应有服务功能"
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
