"""LIF-01: the account says that it stopped, and is still there."""

import re
from dataclasses import dataclass
from typing import ClassVar

from tracker.clock import day
from tracker.facts import Broken, Facts, Kept, Quantity, Unclear, all_of, lacking, over
from tracker.model import Bounds, Hit
from tracker.rulebook.rule import Breach, By, Passed, Ruling


@dataclass(frozen=True, slots=True, kw_only=True)
class Stopped:
    """停运未注销

    查什么:最近一条公开发布是不是停更、停运、关停公告,或台账状态是停运;其后多少天账号仍在。
    怎么判:公告(或台账状态日期)以后超过规定天数,账号仍能看到、没有新内容的,列为待复核,由人工核实注销进度。
    不算:公告以后又正常发布的;没有看到账号的;正在公示期内的。
    依据:国办发〔2018〕123号(无力维护的坚决关停,关停前发布公告);地方检查口径(安康2020年第一季度:停运未注销)。
    """

    code: ClassVar[str] = "LIF-01"
    codes: ClassVar[tuple[str, ...]] = ("LIF-01",)
    title: ClassVar[str] = "停运未注销"
    basis: ClassVar[str] = "国办发〔2018〕123号:无力维护的政务新媒体应当关停注销"
    by: ClassVar[By] = By.CANDIDATE

    limit: int = 30
    """Calendar days after the notice within which the account has to be gone."""
    notice: str = "(停止|暂停)(更新|运营|使用)|停更|停运|关停|注销|迁移.*公告"
    """How the title of a closing notice reads (regular expression)."""
    stopped: tuple[str, ...] = ("停运", "停更")
    """Words of a registry status that says so."""

    def ask(self, facts: Facts) -> Ruling:
        """Broken when the notice (or the registry's word) is older than `limit` and the account was seen."""
        notice = self._notice(facts)
        if notice is None:
            known = facts.latest is not None or facts.idle.bounds.least > 0
            said = facts.idle.reasons or ("没有看到发布记录",)
            return Passed(because="最近的发布不是停运公告") if known else Unclear(reasons=said)
        hit, quiet = notice
        match all_of((over(quiet, self.limit), lacking(facts.missing))):
            case Broken(least=days):
                return Breach(
                    code=self.code,
                    arithmetic=f"{hit.why},至检查日{facts.check_date:%Y-%m-%d}已{days}天,账号仍在(期限{self.limit}天)",
                    counterfactual=f"公告后{self.limit}天内注销账号,即不构成此问题",
                    hits=(hit,),
                    slots={"days": days},
                )
            case Kept():
                return Passed(because="公告未满期限,或账号已不在")
            case Unclear() as unclear:
                return unclear

    def _notice(self, facts: Facts) -> tuple[Hit, Quantity] | None:
        """What says that the account stopped, and for how many days since; None where nothing does."""
        account, last = facts.account, facts.latest
        if any(word in account.status for word in self.stopped) and account.status_date:
            days = max(0, (facts.check_date - account.status_date).days)
            said = f"台账状态{account.status_date:%Y-%m-%d}起为“{account.status}”"
            return Hit(kind="台账", quote=account.status, why=said), Quantity(bounds=Bounds(least=days, most=days))
        if last is not None and re.search(self.notice, last.title or last.text):
            said = f"{day(last.at):%Y-%m-%d}发布“{last.title or last.text}”,其后没有新内容"
            return Hit(kind="公告", quote=last.title or last.text, url=last.url, at=last.at, why=said), facts.idle
        return None
