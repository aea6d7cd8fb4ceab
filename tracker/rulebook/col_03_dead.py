"""COL-03: a menu entry or column whose link is dead."""

from dataclasses import dataclass
from typing import ClassVar

from tracker.facts import Broken, Facts, Kept, Unclear, among, present
from tracker.model import MenuEntry, Outcome
from tracker.rulebook.rule import Breach, By, Passed, Ruling


@dataclass(frozen=True, slots=True, kw_only=True)
class Dead:
    """菜单或栏目链接无效

    查什么:菜单和栏目的链接能不能打开。
    怎么判:平台明确表示内容已删除、已失效的,即为无效。
    不算:要求登录、验证或访问过快而没有打开的;网络没有应答的;小程序、外部网站等程序不打开的,记为没有核对。
    依据:地方检查口径(商洛2020年第三、四季度通报:个别栏目链接无法打开)。
    """

    code: ClassVar[str] = "COL-03"
    codes: ClassVar[tuple[str, ...]] = ("COL-03",)
    title: ClassVar[str] = "菜单或栏目链接无效"
    basis: ClassVar[str] = "地方检查口径:菜单和栏目链接应当有效"
    by: ClassVar[By] = By.AUTOMATIC

    def ask(self, facts: Facts) -> Ruling:
        """Broken by one link that the platform itself calls deleted."""
        match present(among(facts.columns, _dead, _say)):
            case Broken(hits=hits):
                return Breach(
                    code=self.code,
                    arithmetic=";".join(hit.quote for hit in hits),
                    counterfactual="更换或撤下上述链接,即不构成此问题",
                    hits=hits,
                    slots={"count": len(hits), "named": "、".join(hit.quote for hit in hits)},
                )
            case Kept():
                return Passed(because="看到的链接都能打开")
            case Unclear() as unclear:
                return unclear


def _dead(entry: MenuEntry) -> bool | None:
    if entry.target is None:
        return None
    if entry.target.outcome in (Outcome.OK, Outcome.EMPTY):
        return False
    return True if entry.target.outcome is Outcome.ITEM_GONE else None


def _say(entry: MenuEntry) -> str:
    why = f"({entry.target.detail})" if entry.target and entry.target.detail else ""
    return f"链接无法打开{why}"
