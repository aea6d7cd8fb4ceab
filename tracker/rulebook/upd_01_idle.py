"""UPD-01..03: the account has not posted for too long."""

from dataclasses import dataclass
from datetime import timedelta
from typing import ClassVar

from tracker.facts import Broken, Facts, Kept, Unclear, over
from tracker.rulebook.rule import Breach, By, Passed, Ruling

_BASIS = "国办秘函〔2019〕19号 政务新媒体单项否决指标“内容不更新”:监测时间点前2周内无更新"


@dataclass(frozen=True, slots=True, kw_only=True)
class Idle:
    """内容不更新

    查什么:检查日往前数,账号最近一次公开发布是哪一天。
    怎么判:间隔的日历天数(北京时间)超过期限即为不更新;按天数分档,档位决定编号。
        期限、当天是否计入、各档天数由地方口径规定。
    不算:置顶的旧内容不作最新一条看待;赞过的、别人的内容不算更新;只看到部分列表、遇登录墙或验证码的,不能断定没有更新,记为未能核查;
        列表只看到昨天的,只对昨天以前下结论。
    依据:国办秘函〔2019〕19号 政务新媒体单项否决指标“内容不更新”。
    """

    code: ClassVar[str] = "UPD-01"
    codes: ClassVar[tuple[str, ...]] = ("UPD-01", "UPD-02", "UPD-03")
    title: ClassVar[str] = "内容不更新"
    basis: ClassVar[str] = _BASIS
    by: ClassVar[By] = By.AUTOMATIC

    limit: int = 14
    """Calendar days that may pass."""
    inclusive: bool = False
    """Whether the day numbered `limit` itself is too late."""
    long_after: int = 59
    """Days after which it is UPD-02."""
    dead_after: int = 180
    """Days after which it is UPD-03."""

    def ask(self, facts: Facts) -> Ruling:
        """Broken by the proven least number of idle days; the tier by the same number."""
        match over(facts.idle, self.limit, inclusive=self.inclusive):
            case Broken(least=days):
                return self._breach(facts, days)
            case Kept():
                return Passed(because=self._sum(facts, facts.idle.bounds.most or 0))
            case Unclear() as unclear:
                return unclear

    def _breach(self, facts: Facts, days: int) -> Breach:
        tiers = ((self.dead_after, "UPD-03"), (self.long_after, "UPD-02"))
        code = next((code for after, code in tiers if days > after), "UPD-01")
        allowed = self.limit - 1 if self.inclusive else self.limit
        by = facts.check_date - timedelta(days=allowed)
        return Breach(
            code=code,
            arithmetic=self._sum(facts, days),
            counterfactual=f"{by.month}月{by.day}日或以后有一条公开发布,即不构成此问题",
            slots={"days": days, "latest": facts.latest, "check_date": facts.check_date},
        )

    def _sum(self, facts: Facts, days: int) -> str:
        told = f"检查日{facts.check_date:%Y-%m-%d}"
        term = f"(期限{self.limit}天{',含当天' if self.inclusive else ''})"
        if facts.latest is not None and facts.idle.bounds.most == days:
            return f"{told},最近发布{facts.latest.at:%Y-%m-%d},相隔{days}天{term}"
        return f"{told},之前至少{days}天没有公开发布{term}"
