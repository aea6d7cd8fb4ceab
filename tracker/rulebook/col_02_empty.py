"""COL-02: a column that opens and holds nothing."""

from dataclasses import dataclass
from typing import ClassVar

from tracker.facts import Broken, Facts, Kept, Unclear, among, present
from tracker.model import MenuEntry, Outcome
from tracker.rulebook.rule import Breach, By, Passed, Ruling


@dataclass(frozen=True, slots=True, kw_only=True)
class Empty:
    """栏目无内容

    查什么:菜单和栏目打开以后有没有内容。
    怎么判:平台或公众号后台的数据表明栏目能打开而一条内容也没有的,即为无内容。
    不算:打不开的(另由链接无效判定);程序不能打开的小程序、外部网站,记为没有核对。
    依据:地方检查口径(商洛2020年第三、四季度通报)。
    """

    code: ClassVar[str] = "COL-02"
    codes: ClassVar[tuple[str, ...]] = ("COL-02",)
    title: ClassVar[str] = "栏目无内容"
    basis: ClassVar[str] = "地方检查口径:栏目应有内容"
    by: ClassVar[By] = By.AUTOMATIC

    def ask(self, facts: Facts) -> Ruling:
        """Broken by one column that was opened and held nothing."""
        match present(among(facts.columns, _empty, _say)):
            case Broken(hits=hits):
                return Breach(
                    code=self.code,
                    arithmetic=";".join(hit.quote for hit in hits),
                    counterfactual="栏目补充内容,或撤下空栏目,即不构成此问题",
                    hits=hits,
                    slots={"count": len(hits), "named": "、".join(hit.quote for hit in hits)},
                )
            case Kept():
                return Passed(because="看到的栏目都有内容")
            case Unclear() as unclear:
                return unclear


def _empty(entry: MenuEntry) -> bool | None:
    if entry.target is None:
        return None
    if entry.target.outcome in (Outcome.OK, Outcome.ITEM_GONE):
        return False
    return True if entry.target.outcome is Outcome.EMPTY else None


def _say(entry: MenuEntry) -> str:
    return "无内容"
