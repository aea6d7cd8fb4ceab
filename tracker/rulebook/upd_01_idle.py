"""UPD-01..03: the account has not posted for too long."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import ClassVar

from tracker.clock import day
from tracker.facts import Broken, Facts, Kept, Quantity, Unclear, over
from tracker.model import Post
from tracker.rulebook.rule import Breach, By, Passed, Ruling
from tracker.rulebook.workdays import in_working_days

_BASIS = "国办秘函〔2019〕19号 政务新媒体单项否决指标“内容不更新”:监测时间点前2周内无更新"


@dataclass(frozen=True, slots=True, kw_only=True)
class Idle:
    """内容不更新

    查什么:检查日往前数,账号最近一次公开发布是哪一天。
    怎么判:间隔的日历天数(北京时间)超过期限即为不更新;按天数分档,档位决定编号。
        期限、当天是否计入、各档天数由地方口径规定;口径规定按工作日算期限的,节假日和调休以国务院办公厅每年的通知为准,分档仍按日历天数;
        口径规定只认原创的,转发不算更新。
    不算:置顶的旧内容不作最新一条看待;赞过的、别人的内容不算更新;只看到部分列表、遇登录墙或验证码的,不能断定没有更新,记为未能核查;
        列表只看到昨天的,只对昨天以前下结论;没有收录节假日安排的年份,工作日算不出的,记为未能核查。
    依据:国办秘函〔2019〕19号 政务新媒体单项否决指标“内容不更新”。
    """

    code: ClassVar[str] = "UPD-01"
    codes: ClassVar[tuple[str, ...]] = ("UPD-01", "UPD-02", "UPD-03")
    title: ClassVar[str] = "内容不更新"
    basis: ClassVar[str] = _BASIS
    by: ClassVar[By] = By.AUTOMATIC

    limit: int = 14
    """Days that may pass."""
    inclusive: bool = False
    """Whether the day numbered `limit` itself is too late."""
    long_after: int = 59
    """Calendar days after which it is UPD-02."""
    dead_after: int = 180
    """Calendar days after which it is UPD-03."""
    working: bool = False
    """Whether `limit` counts working days (阜阳: 7)."""
    originals_only: bool = False
    """Whether reposts do not count as posts (宝鸡)."""

    def ask(self, facts: Facts) -> Ruling:
        """Broken by the proven least number of idle days; the tier by the same silence in calendar days."""
        counted = self._counted(facts)
        match over(counted, self.limit, inclusive=self.inclusive):
            case Broken():
                return self._breach(facts, counted)
            case Kept():
                silent = self._silent(facts).bounds
                return Passed(because=self._sum(facts, silent.most or 0, counted.bounds.most or 0))
            case Unclear() as unclear:
                return unclear

    def _silent(self, facts: Facts) -> Quantity:
        return facts.idle_original if self.originals_only else facts.idle

    def _counted(self, facts: Facts) -> Quantity:
        silent = self._silent(facts)
        return in_working_days(silent, facts) if self.working else silent

    def _latest(self, facts: Facts) -> Post | None:
        return facts.latest_original if self.originals_only else facts.latest

    def _breach(self, facts: Facts, counted: Quantity) -> Breach:
        days, latest = self._silent(facts).bounds.least, self._latest(facts)
        tiers = ((self.dead_after, "UPD-03"), (self.long_after, "UPD-02"))
        by = self._by(facts)
        return Breach(
            code=next((code for after, code in tiers if days > after), "UPD-01"),
            arithmetic=self._sum(facts, days, counted.bounds.least),
            counterfactual=f"{by.month}月{by.day}日或以后有一条{self._what}发布,即不构成此问题",
            # an interface that lies in good order answers as silence does (formats/: EMPTY_PROVEN, a person confirms)
            doubt="" if facts.posts else "查过的日子里一条发布也没有看到,须由人打开账号核对",
            slots={
                "days": days,
                "working_days": facts.calendar.back(facts.check_date, days).least,
                "latest": day(latest.at) if latest else None,
                "check_date": facts.check_date,
            },
        )

    def _by(self, facts: Facts) -> date:
        allowed = self.limit - 1 if self.inclusive else self.limit
        return facts.calendar.reach(facts.check_date, allowed) if self.working else facts.check_date - timedelta(days=allowed)

    @property
    def _what(self) -> str:
        return "原创" if self.originals_only else "公开"

    def _sum(self, facts: Facts, days: int, counted: int) -> str:
        latest, told = self._latest(facts), f"检查日{facts.check_date:%Y-%m-%d}"
        unit = "个工作日" if self.working else "天"
        among = f",其中工作日{counted}个" if self.working else ""
        term = f"(期限{self.limit}{unit}{',含当天' if self.inclusive else ''})"
        if latest is not None and self._silent(facts).bounds.most == days:
            newest = "最近一条原创发布" if self.originals_only else "最近发布"
            return f"{told},{newest}{latest.at:%Y-%m-%d},相隔{days}天{among}{term}"
        return f"{told},之前至少{days}天没有{self._what}发布{among}{term}"
