"""UPD-05: too long between two posts inside the window, though the account has posted again."""

from dataclasses import dataclass
from typing import ClassVar

from tracker.facts import Broken, Facts, Kept, Unclear, over
from tracker.rulebook.rule import Breach, By, Passed, Ruling


@dataclass(frozen=True, slots=True, kw_only=True)
class Gap:
    """存在未及时更新

    查什么:检查期内相邻两次公开发布之间隔了多少天。
    怎么判:历次巡检看到的发布合在一起;其间每一天都看全了、相隔仍超过期限的,即为有间隔。上期也有更新问题的,另注明为“未及时稳定更新”。
    不算:检查期以前的间隔;最后一次发布以后的天数(另由内容不更新判定);没有看全的日子,不能断定其间没有发布。
    依据:地方检查口径(商洛2020年第三、四季度通报:存在未及时更新、未及时稳定更新)。
    """

    code: ClassVar[str] = "UPD-05"
    codes: ClassVar[tuple[str, ...]] = ("UPD-05",)
    title: ClassVar[str] = "存在未及时更新"
    basis: ClassVar[str] = "地方检查口径:检查期内相邻两次发布间隔超过规定天数"
    by: ClassVar[By] = By.AUTOMATIC

    limit: int = 14
    """Calendar days that may pass between two posts."""
    inclusive: bool = False
    """Whether the day numbered `limit` itself is too late."""

    def ask(self, facts: Facts) -> Ruling:
        """Broken by the proven length of the longest gap."""
        match over(facts.gap, self.limit, inclusive=self.inclusive):
            case Broken(least=days):
                return self._breach(facts, days)
            case Kept():
                return Passed(because=f"检查期内相邻两次发布最多相隔{facts.gap.bounds.most}天(期限{self.limit}天)")
            case Unclear() as unclear:
                return unclear

    def _breach(self, facts: Facts, days: int) -> Breach:
        proven = [gap for gap in facts.gaps if gap.proven and gap.days >= self.limit + (not self.inclusive)]
        spans = "、".join(f"{one.first.month}.{one.first.day}至{one.last.month}.{one.last.day}" for one in proven)
        told = ";".join(f"{one.first:%Y-%m-%d}至{one.last:%Y-%m-%d}相隔{one.days}天" for one in proven)
        return Breach(
            code=self.code,
            arithmetic=f"{told},其间没有公开发布(期限{self.limit}天{',含当天' if self.inclusive else ''})",
            counterfactual=f"检查期内相邻两次发布都不超过{self.limit - 1 if self.inclusive else self.limit}天,即不构成此问题",
            slots={"days": days, "spans": spans, "count": len(proven), "repeated": _repeated(facts.before)},
        )


def _repeated(before: tuple[str, ...]) -> bool:
    """Whether updates were already at fault in the period before (domain/rules.md §5)."""
    return any(code.startswith("UPD-") for code in before)
