"""UPD-04: the account has never posted anything."""

from dataclasses import dataclass
from typing import ClassVar

from tracker.facts import Broken, Facts, Kept, Unclear, present
from tracker.rulebook.rule import Breach, By, Passed, Ruling


@dataclass(frozen=True, slots=True, kw_only=True)
class Never:
    """从未发布

    查什么:账号开设以来是否发布过内容。
    怎么判:列表完整、账号核对无误、平台计数为零,且按平台要求隔日再次核实,仍须人工确认;检查人在表中填“无内容”的,以其所见为准。
    不算:空白页面、需要登录的列表、只展示部分时间的列表,都不能断定从未发布。
    依据:国办秘函〔2019〕19号 单项否决指标(“僵尸”“睡眠”账号)。
    """

    code: ClassVar[str] = "UPD-04"
    codes: ClassVar[tuple[str, ...]] = ("UPD-04",)
    title: ClassVar[str] = "从未发布"
    basis: ClassVar[str] = "国办秘函〔2019〕19号 政务新媒体单项否决指标:“僵尸”“睡眠”账号"
    by: ClassVar[By] = By.CANDIDATE

    def ask(self, facts: Facts) -> Ruling:
        """Broken by a proven empty list; kept by any post."""
        match present(facts.never_posted):
            case Broken(hits=hits):
                return Breach(code=self.code, arithmetic=f"{len(hits)}次核实,列表均为空", hits=hits)
            case Kept():
                return Passed(because="有公开发布的内容")
            case Unclear() as unclear:
                return unclear
