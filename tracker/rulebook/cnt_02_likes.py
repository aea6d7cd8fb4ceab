"""CNT-02: the account likes what is none of its business."""

from dataclasses import dataclass
from typing import ClassVar

from tracker.facts import Broken, Facts, Kept, Unclear, present, without
from tracker.model import Hit
from tracker.rulebook.rule import Breach, By, Passed, Ruling


@dataclass(frozen=True, slots=True, kw_only=True)
class Likes:
    """点赞与本单位业务无关信息

    查什么:账号公开显示的点赞,被赞的是谁、什么内容。
    怎么判:被赞的是个人或企业账号,或内容含商业用语的,列为待复核,由人工对照本单位业务确认。
    不算:赞政府、媒体、社会机构账号的一般信息;平台不显示点赞的,记为看不到,不作推断。点赞记录上的日期是原文日期,不是点赞日期。
    依据:各地检查口径(宝鸡2020年第四季度通报:点赞与本单位业务无关信息)。
    """

    code: ClassVar[str] = "CNT-02"
    codes: ClassVar[tuple[str, ...]] = ("CNT-02",)
    title: ClassVar[str] = "点赞与本单位业务无关信息"
    basis: ClassVar[str] = "地方检查口径:点赞与本单位业务无关信息"
    by: ClassVar[By] = By.CANDIDATE

    doubtful: tuple[str, ...] = ("个人", "企业")
    """Kinds of liked accounts that a person has to look at."""
    words: tuple[str, ...] = ("优惠", "促销", "抢购", "限时", "下单", "包邮", "代购", "抽奖", "红包", "直播间")
    """Words that make a liked text doubtful whoever wrote it."""

    def ask(self, facts: Facts) -> Ruling:
        """Broken by doubtful likes; kept only when the platform showed all likes and none is doubtful."""
        match present(without(facts.likes, keep=tuple(hit for hit in facts.likes.found.hits if self._doubtful(hit)))):
            case Broken(hits=hits):
                quoted = ";".join(f"赞了{hit.kind or '未注明类别的'}账号“{hit.quote}”" for hit in hits)
                return Breach(
                    code=self.code,
                    arithmetic=quoted,
                    counterfactual="取消上述点赞,即不构成此问题",
                    hits=hits,
                    slots={"count": len(hits)},
                )
            case Kept():
                return Passed(because="公开的点赞已全部查看,没有无关信息")
            case Unclear() as unclear:
                return unclear

    def _doubtful(self, hit: Hit) -> bool:
        return hit.kind in self.doubtful or any(word in hit.quote for word in self.words)
