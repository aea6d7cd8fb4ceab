"""INT-03: automatic replies are the only answer that the public gets."""

from dataclasses import dataclass
from typing import ClassVar

from tracker.facts import Broken, Facts, Kept, Unclear, all_of, lacking, present
from tracker.rulebook.rule import Breach, By, Passed, Ruling


@dataclass(frozen=True, slots=True, kw_only=True)
class AutoReply:
    """仅有自动回复,未提供有效互动功能

    查什么:账号开启了自动回复,此外公众能不能留言、咨询、反映问题。
    怎么判:自动回复已开启,其他途径都问遍而一个也没有的,列为待复核,由人工确认。
    不算:另有评论、留言或互动菜单的;自动回复没有查到的。
    依据:地方检查口径(淮南2019年10月通报:自动回复不作为互动)。
    """

    code: ClassVar[str] = "INT-03"
    codes: ClassVar[tuple[str, ...]] = ("INT-03",)
    title: ClassVar[str] = "仅有自动回复,未提供有效互动功能"
    basis: ClassVar[str] = "地方检查口径:自动回复不作为有效互动"
    by: ClassVar[By] = By.CANDIDATE

    def ask(self, facts: Facts) -> Ruling:
        """Broken when automatic replies are on and every other way was proven absent."""
        match all_of((present(facts.auto_reply), lacking(facts.channels))):
            case Broken(hits=hits):
                return Breach(
                    code=self.code,
                    arithmetic="、".join(hit.quote for hit in hits) + ";菜单、评论都已查询,没有其他互动途径",
                    counterfactual="开放评论(留言),或在菜单中设置能打开的互动栏目,即不构成此问题",
                    hits=hits,
                )
            case Kept():
                return Passed(because="没有开启自动回复,或另有互动途径")
            case Unclear() as unclear:
                return unclear
