"""APP-01: an app that cannot be downloaded or used."""

from dataclasses import dataclass
from typing import ClassVar

from tracker.facts import Broken, Facts, Kept, Unclear, present, told
from tracker.rulebook.rule import Breach, By, Passed, Ruling


@dataclass(frozen=True, slots=True, kw_only=True)
class App:
    """移动客户端无法下载或使用

    查什么:移动客户端(APP)能不能下载、安装、打开和使用。
    怎么判:只由人在手机上试用后填报。
    不算:检查人手机系统过旧等自身原因。
    依据:国办秘函〔2019〕19号 政务新媒体单项否决指标:移动客户端(APP)无法下载或使用。
    """

    code: ClassVar[str] = "APP-01"
    codes: ClassVar[tuple[str, ...]] = ("APP-01",)
    title: ClassVar[str] = "移动客户端无法下载或使用"
    basis: ClassVar[str] = "国办秘函〔2019〕19号 政务新媒体单项否决指标:移动客户端(APP)无法下载或使用"
    by: ClassVar[By] = By.PERSON

    def ask(self, facts: Facts) -> Ruling:
        """Only what a person reported."""
        match present(told(facts, self.codes)):
            case Broken(hits=hits):
                return Breach(
                    code=self.code, arithmetic="检查人填报" + "、".join(f"“{hit.quote or self.title}”" for hit in hits), hits=hits
                )
            case Kept():
                return Passed(because="检查人看过,没有此问题")
            case Unclear() as unclear:
                return unclear
