"""INT-01: no effective way for the public to speak to the account."""

from dataclasses import dataclass
from typing import ClassVar

from tracker.facts import Broken, Facts, Kept, Unclear, lacking, present, unless_clear
from tracker.rulebook.rule import Breach, By, Passed, Ruling


@dataclass(frozen=True, slots=True, kw_only=True)
class Interaction:
    """未提供有效互动功能

    查什么:公众能否向账号留言、咨询、反映问题(评论、留言、互动菜单)。
    怎么判:各种途径都问遍而一个也没有,或有评论关闭的迹象,列为待复核,由人工确认后成立;有一个途径有效即通过。
    不算:未登录时看不到评论开关不说明关闭;评论数为零不说明关闭;仅有自动回复不作为有效互动(另作说明)。
    依据:国办秘函〔2019〕19号 单项否决指标“互动回应差”:未提供有效互动功能。
    """

    code: ClassVar[str] = "INT-01"
    codes: ClassVar[tuple[str, ...]] = ("INT-01",)
    title: ClassVar[str] = "未提供有效互动功能"
    basis: ClassVar[str] = "国办秘函〔2019〕19号 政务新媒体单项否决指标“互动回应差”:未提供有效互动功能"
    by: ClassVar[By] = By.CANDIDATE

    def ask(self, facts: Facts) -> Ruling:
        """Kept by one channel; broken by a whole search without one, or by a sign that comments are closed."""
        match unless_clear(lacking(facts.channels), present(facts.closed)):
            case Broken(hits=hits):
                why = "、".join(hit.quote for hit in hits) or "菜单、评论、自动回复都已查询,没有可供公众互动的途径"
                return Breach(
                    code=self.code,
                    arithmetic=why,
                    counterfactual="开放评论(留言),或在菜单中设置能打开的互动栏目,即不构成此问题",
                    hits=hits,
                )
            case Kept(hits=hits):
                return Passed(because="有互动途径:" + "、".join(hit.quote for hit in hits))
            case Unclear() as unclear:
                return unclear
