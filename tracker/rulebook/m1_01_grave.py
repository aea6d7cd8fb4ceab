"""M1-01: grave faults of content, leaks, public outcry."""

from dataclasses import dataclass
from typing import ClassVar

from tracker.facts import Broken, Facts, Kept, Unclear, present, told
from tracker.rulebook.rule import Breach, By, Passed, Ruling


@dataclass(frozen=True, slots=True, kw_only=True)
class Grave:
    """发生安全、泄密等严重问题

    查什么:严重表述错误;泄露国家秘密;发布或链接反动、暴力、色情内容;因发布内容不当引发严重负面舆情。
    怎么判:出现一次即成立;只由人认定后填报,程序不下这样的结论。
    不算:一般错别字(另由错敏信息列出,由人工判断轻重)。
    依据:国办秘函〔2019〕19号 政务新媒体单项否决指标“安全、泄密事故等严重问题”。
    """

    code: ClassVar[str] = "M1-01"
    codes: ClassVar[tuple[str, ...]] = ("M1-01",)
    title: ClassVar[str] = "发生安全、泄密等严重问题"
    basis: ClassVar[str] = "国办秘函〔2019〕19号 政务新媒体单项否决指标“安全、泄密事故等严重问题”"
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
