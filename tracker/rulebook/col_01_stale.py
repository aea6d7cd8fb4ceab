"""COL-01: a column without anything new for too long."""

from dataclasses import dataclass
from datetime import date
from typing import ClassVar

from tracker.clock import day
from tracker.facts import Broken, Facts, Kept, Unclear, among, present
from tracker.model import MenuEntry, Outcome
from tracker.rulebook.rule import Breach, By, Passed, Ruling


@dataclass(frozen=True, slots=True, kw_only=True)
class Stale:
    """栏目长期未更新

    查什么:菜单和栏目(合集、页面模板、文章标签等)里最新一条内容的日期。
    怎么判:最新一条距检查日超过规定天数的,列为待复核;全国没有统一天数,由地方口径规定。
    不算:单篇文章、办事入口等本来不更新的链接;只看到一部分、不能断定是最新一条的;栏目打不开或为空的(另行判定)。
    依据:地方检查口径(商洛2020年第三、四季度通报:个别栏目长期未更新)。
    """

    code: ClassVar[str] = "COL-01"
    codes: ClassVar[tuple[str, ...]] = ("COL-01",)
    title: ClassVar[str] = "栏目长期未更新"
    basis: ClassVar[str] = "地方检查口径:栏目应及时更新"
    by: ClassVar[By] = By.CANDIDATE

    limit: int = 183
    """Calendar days that may pass without a new piece in a column."""

    def ask(self, facts: Facts) -> Ruling:
        """Broken by one column whose newest piece is surely older than `limit` days."""

        def stale(entry: MenuEntry) -> bool | None:
            return self._stale(entry, facts.check_date)

        match present(among(facts.columns, stale, _say)):
            case Broken(hits=hits):
                return Breach(
                    code=self.code,
                    arithmetic=f"检查日{facts.check_date:%Y-%m-%d}(期限{self.limit}天):" + ";".join(hit.quote for hit in hits),
                    counterfactual=f"上述栏目{self.limit}天内有新内容,即不构成此问题",
                    hits=hits,
                    slots={"count": len(hits), "named": "、".join(hit.quote for hit in hits)},
                )
            case Kept():
                return Passed(because=f"看到的栏目{self.limit}天内都有更新")
            case Unclear() as unclear:
                return unclear

    def _stale(self, entry: MenuEntry, on: date) -> bool | None:
        target = entry.target
        if target is None:
            return None
        if target.outcome in (Outcome.EMPTY, Outcome.ITEM_GONE) or (target.outcome is Outcome.OK and target.items is None):
            return False
        if target.latest is None:
            return None
        if (on - day(target.latest)).days <= self.limit:
            return False
        return True if target.exact and target.outcome is Outcome.OK else None


def _say(entry: MenuEntry) -> str:
    latest = entry.target.latest if entry.target else None
    return f"最近更新{day(latest):%Y-%m-%d}" if latest else ""
