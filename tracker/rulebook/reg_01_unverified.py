"""REG-01: the account bears no verification."""

from dataclasses import dataclass
from typing import ClassVar

from tracker.facts import Broken, Facts, Kept, Unclear, present
from tracker.rulebook.rule import Breach, By, Passed, Ruling


@dataclass(frozen=True, slots=True, kw_only=True)
class Unverified:
    """账号主体未认证

    查什么:平台上账号有没有认证标识。
    怎么判:平台明确显示未认证的,即为未认证。
    不算:没有看到认证信息的;平台没有说明的。
    依据:国办发〔2018〕123号(账号认证信息应标明主办单位);地方检查口径(未进行“蓝V”认证)。
    """

    code: ClassVar[str] = "REG-01"
    codes: ClassVar[tuple[str, ...]] = ("REG-01",)
    title: ClassVar[str] = "账号主体未认证"
    basis: ClassVar[str] = "国办发〔2018〕123号:规范账号名称和认证信息"
    by: ClassVar[By] = By.AUTOMATIC

    def ask(self, facts: Facts) -> Ruling:
        """Broken when the platform shows the account as not verified."""
        match present(facts.unverified):
            case Broken(hits=hits):
                return Breach(
                    code=self.code,
                    arithmetic="、".join(hit.quote for hit in hits),
                    counterfactual="完成认证,即不构成此问题",
                    hits=hits,
                )
            case Kept():
                return Passed(because="平台显示已认证")
            case Unclear() as unclear:
                return unclear
