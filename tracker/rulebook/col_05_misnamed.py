"""COL-05: a menu entry that still bears the editor's placeholder."""

from dataclasses import dataclass
from typing import ClassVar

from tracker import text
from tracker.facts import Broken, Facts, Kept, Unclear, among, present
from tracker.model import MenuEntry
from tracker.rulebook.rule import Breach, By, Passed, Ruling


@dataclass(frozen=True, slots=True, kw_only=True)
class Misnamed:
    """栏目名称不规范

    查什么:菜单和栏目的名称。
    怎么判:名称仍是编辑器的占位文字(如“子菜单名称”)的,列为待复核,由人工确认。
    不算:名称是否贴切、有无错别字,由人查看后填报。
    依据:地方检查口径(商洛2020年第三、四季度通报:栏目名称不正确、“子菜单名称”)。
    """

    code: ClassVar[str] = "COL-05"
    codes: ClassVar[tuple[str, ...]] = ("COL-05",)
    title: ClassVar[str] = "栏目名称不规范"
    basis: ClassVar[str] = "地方检查口径:栏目名称应当规范"
    by: ClassVar[By] = By.CANDIDATE

    placeholders: tuple[str, ...] = ("菜单名称", "子菜单名称", "新建菜单", "未命名", "test", "测试")
    """Names that stand in the editor before anybody types one."""

    def ask(self, facts: Facts) -> Ruling:
        """Broken by one entry named like the editor's placeholder."""
        names = {text.key(name) for name in self.placeholders}

        def misnamed(entry: MenuEntry) -> bool:
            return any(text.key(part) in names for part in entry.path.split("/"))

        match present(among(facts.columns, misnamed, lambda entry: "是没有改过的占位名称")):
            case Broken(hits=hits):
                return Breach(
                    code=self.code,
                    arithmetic=";".join(hit.quote for hit in hits),
                    counterfactual="给上述栏目起名,或撤下,即不构成此问题",
                    hits=hits,
                    slots={"count": len(hits), "named": "、".join(hit.quote for hit in hits)},
                )
            case Kept():
                return Passed(because="栏目名称都不是占位文字")
            case Unclear() as unclear:
                return unclear
