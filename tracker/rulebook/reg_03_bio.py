"""REG-03: the account says nothing of itself."""

from dataclasses import dataclass
from typing import ClassVar

from tracker.facts import Broken, Facts, Kept, Unclear, lacking
from tracker.rulebook.rule import Breach, By, Passed, Ruling


@dataclass(frozen=True, slots=True, kw_only=True)
class Bio:
    """简介不规范

    查什么:账号主页上的简介。
    怎么判:看到了主页而简介为空的,列为待复核;内容是否规范、是否过时,由人查看后填报。
    不算:没有看到主页的;平台没有简介这一项的。
    依据:地方检查口径(商洛2020年第三、四季度通报:简介不规范、未及时更新)。
    """

    code: ClassVar[str] = "REG-03"
    codes: ClassVar[tuple[str, ...]] = ("REG-03",)
    title: ClassVar[str] = "简介不规范"
    basis: ClassVar[str] = "地方检查口径:账号简介应当规范"
    by: ClassVar[By] = By.CANDIDATE

    def ask(self, facts: Facts) -> Ruling:
        """Broken by a bio that was seen and is empty; kept by any words, whatever they are worth."""
        match lacking(facts.bio):
            case Broken(hits=hits):
                return Breach(
                    code=self.code,
                    arithmetic="看到了账号主页,简介为空",
                    counterfactual="填写简介,即不构成此问题",
                    hits=hits,
                )
            case Kept():
                return Passed(because="有简介(是否规范由人查看)")
            case Unclear() as unclear:
                return unclear
