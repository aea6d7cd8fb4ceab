"""REG-04: the platform does not know the account."""

from dataclasses import dataclass
from typing import ClassVar

from tracker.facts import Broken, Facts, Kept, Unclear, present
from tracker.rulebook.rule import Breach, By, Passed, Ruling


@dataclass(frozen=True, slots=True, kw_only=True)
class Missing:
    """未搜索到账号信息

    查什么:平台上有没有这个账号。
    怎么判:平台两次、隔日、在通道正常时都称账号不存在的,列为待复核;是否改名、注销未报送,由人工核对名称、平台和台账后确认。
    不算:一次查不到;登录墙、限流时的“用户不存在”;名称变了而平台编号没变(属改名)。
    依据:国办发〔2018〕123号(分级备案:开设、变更、关停、注销均须备案)。
    """

    code: ClassVar[str] = "REG-04"
    codes: ClassVar[tuple[str, ...]] = ("REG-04",)
    title: ClassVar[str] = "未搜索到账号信息"
    basis: ClassVar[str] = "国办发〔2018〕123号:政务新媒体分级备案(开设、变更、关停、注销)"
    by: ClassVar[By] = By.CANDIDATE

    def ask(self, facts: Facts) -> Ruling:
        """Broken by a proven absence; kept when the account was seen."""
        match present(facts.missing):
            case Broken(hits=hits):
                days = "、".join(f"{hit.at:%Y-%m-%d}" for hit in hits if hit.at)
                return Breach(code=self.code, arithmetic=f"平台在{days}均称账号不存在", hits=hits)
            case Kept():
                return Passed(because="看到了账号本身")
            case Unclear() as unclear:
                return unclear
