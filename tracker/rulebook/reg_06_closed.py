"""REG-06: closed on the platform, but still filed as in use."""

from dataclasses import dataclass
from typing import ClassVar

from tracker.facts import Broken, Facts, Kept, Unclear, present
from tracker.rulebook.rule import Breach, By, Passed, Ruling


@dataclass(frozen=True, slots=True, kw_only=True)
class Closed:
    """账号已注销,备案未关停

    查什么:平台是不是明确表示账号已注销、冻结或封禁,而台账状态仍为在用。
    怎么判:有平台原话而台账未记关停、注销的,列为待复核,由人工核对备案后确认。
    不算:搜索不到、打不开、要求登录的;台账已记为关停、注销的。
    依据:国办发〔2018〕123号(关停、注销须备案);地方检查口径(账号已注销,备案平台未关停)。
    """

    code: ClassVar[str] = "REG-06"
    codes: ClassVar[tuple[str, ...]] = ("REG-06",)
    title: ClassVar[str] = "账号已注销,备案未关停"
    basis: ClassVar[str] = "国办发〔2018〕123号:政务新媒体关停、注销备案"
    by: ClassVar[By] = By.CANDIDATE

    leaving: tuple[str, ...] = ("关停", "注销", "冻结", "停运", "停更")
    """A registry status with one of these words says already that the account is on its way out."""

    def ask(self, facts: Facts) -> Ruling:
        """Broken by the platform's own words; kept where the account was seen alive, or is filed as closed."""
        if any(word in facts.account.status for word in self.leaving):
            return Passed(because=f"台账状态已是“{facts.account.status}”")
        match present(facts.closed_down):
            case Broken(hits=hits):
                return Breach(
                    code=self.code,
                    arithmetic=f"平台提示“{'”“'.join(hit.quote for hit in hits)}”,台账状态为“{facts.account.status}”",
                    counterfactual="在备案系统中关停该账号,即不构成此问题",
                    hits=hits,
                )
            case Kept():
                return Passed(because="看到了账号本身,平台没有注销、冻结的提示")
            case Unclear() as unclear:
                return unclear
