"""UPD-06: too long without an original post."""

from dataclasses import dataclass
from typing import ClassVar

from tracker.clock import day
from tracker.facts import Broken, Facts, Kept, Unclear, over
from tracker.rulebook.rule import Breach, By, Passed, Ruling


@dataclass(frozen=True, slots=True, kw_only=True)
class Originals:
    """原创内容不足

    查什么:检查日往前数,账号最近一条原创(不是转发)是哪一天。
    怎么判:相隔的日历天数超过期限即为不足;期限由地方口径规定(每周一条为7天,每月一条为30天,3个月为90天)。
    不算:平台没有标明是转发的,当作原创;只看到部分列表的,不能断定没有原创。
    依据:地方检查口径(宝鸡:每周至少一条原创;杨陵:每月一条;渭南:3个月无原创)。
    """

    code: ClassVar[str] = "UPD-06"
    codes: ClassVar[tuple[str, ...]] = ("UPD-06",)
    title: ClassVar[str] = "原创内容不足"
    basis: ClassVar[str] = "地方检查口径:规定天数内至少发布一条原创内容"
    by: ClassVar[By] = By.AUTOMATIC

    limit: int = 7
    """Calendar days within which one original post is due."""

    def ask(self, facts: Facts) -> Ruling:
        """Broken by the proven least number of days without an original."""
        match over(facts.idle_original, self.limit):
            case Broken(least=days):
                last = facts.latest_original
                shown = f",最近一条原创{day(last.at):%Y-%m-%d}" if last else ""
                return Breach(
                    code=self.code,
                    arithmetic=f"检查日{facts.check_date:%Y-%m-%d}{shown},之前至少{days}天没有原创(期限{self.limit}天)",
                    doubt="" if facts.posts else "查过的日子里一条发布也没有看到,须由人打开账号核对",
                    counterfactual=f"检查日前{self.limit}天内有一条原创,即不构成此问题",
                    slots={"days": days, "latest": day(last.at) if last else None, "check_date": facts.check_date},
                )
            case Kept():
                return Passed(because=f"{self.limit}天内发布过原创")
            case Unclear() as unclear:
                return unclear
