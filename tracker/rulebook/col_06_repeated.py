"""COL-06: two menu entries of one name or to one place."""

from collections import Counter
from dataclasses import dataclass
from typing import ClassVar

from tracker import text
from tracker.facts import Broken, Facts, Kept, Unclear, among, present
from tracker.model import MenuEntry
from tracker.rulebook.rule import Breach, By, Passed, Ruling


@dataclass(frozen=True, slots=True, kw_only=True)
class Repeated:
    """栏目设置重复

    查什么:菜单和栏目的名称、链接有没有重复。
    怎么判:同一菜单下名称相同,或两个栏目指向同一个链接的,列为待复核;设置是否合理,由人工确认。
    不算:不同一级菜单下的同名子菜单。
    依据:地方检查口径(商洛2020年第三、四季度通报:栏目设置重复)。
    """

    code: ClassVar[str] = "COL-06"
    codes: ClassVar[tuple[str, ...]] = ("COL-06",)
    title: ClassVar[str] = "栏目设置重复"
    basis: ClassVar[str] = "地方检查口径:栏目设置应当合理"
    by: ClassVar[By] = By.CANDIDATE

    def ask(self, facts: Facts) -> Ruling:
        """Broken by two entries of one path or one address."""
        names = Counter(text.key(one.entry.path) for one in facts.columns.entries)
        links = Counter(one.entry.url for one in facts.columns.entries if one.entry.url)

        def repeated(entry: MenuEntry) -> bool:
            return names[text.key(entry.path)] > 1 or links[entry.url] > 1

        def say(entry: MenuEntry) -> str:
            return "名称重复" if names[text.key(entry.path)] > 1 else "与另一栏目指向同一链接"

        match present(among(facts.columns, repeated, say)):
            case Broken(hits=hits):
                return Breach(
                    code=self.code,
                    arithmetic=";".join(hit.quote for hit in hits),
                    counterfactual="合并或改正重复的栏目,即不构成此问题",
                    hits=hits,
                    slots={"count": len(hits), "named": "、".join(hit.quote for hit in hits)},
                )
            case Kept():
                return Passed(because="栏目没有重复")
            case Unclear() as unclear:
                return unclear
