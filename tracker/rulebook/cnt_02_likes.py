"""CNT-02: the account likes what is none of its business."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import ClassVar

from tracker import text
from tracker.facts import Broken, Facts, Kept, Unclear, present, without
from tracker.model import Hit
from tracker.rulebook.context import Confidence, Where, commercial, off_topic
from tracker.rulebook.lexicon import Lexicon, shipped
from tracker.rulebook.rule import Breach, By, Passed, Ruling

_DOUBT = "(把握不大)"


@dataclass(frozen=True, slots=True, kw_only=True)
class Likes:
    """点赞与本单位业务无关信息

    查什么:账号公开显示的点赞,被赞的是谁、什么内容。
    怎么判:被赞的是个人或企业账号,或内容含商业用语、与机关职能无关的话题,列为待复核,由人工对照本单位业务确认;每条写明理由和把握大小。
    不算:赞台账里的账号(本单位、上级、兄弟单位);赞政府、媒体、社会机构账号的一般信息;关于消费提醒、反诈骗的内容;平台不显示点赞的,记为看不到,
        不作推断。点赞记录上的日期是原文日期,不是点赞日期。
    依据:各地检查口径(宝鸡2020年第四季度通报:点赞与本单位业务无关信息)。
    """

    code: ClassVar[str] = "CNT-02"
    codes: ClassVar[tuple[str, ...]] = ("CNT-02",)
    title: ClassVar[str] = "点赞与本单位业务无关信息"
    basis: ClassVar[str] = "地方检查口径:点赞与本单位业务无关信息"
    by: ClassVar[By] = By.CANDIDATE

    doubtful: tuple[str, ...] = ("个人", "企业")
    """Kinds of liked accounts that a person has to look at."""
    trusted: tuple[str, ...] = ("政府", "媒体")
    """Kinds of liked accounts whose everyday topics are nobody's concern; clear sales talk still is."""
    words: tuple[str, ...] = ()
    """A place's own words that make a liked text doubtful whoever wrote it, beside the lists."""
    lexicon: Lexicon = field(default_factory=shipped, repr=False, metadata={"setting": False})
    """The word lists; an office's own come with its workspace, not with the profile."""

    def ask(self, facts: Facts) -> Ruling:
        """Broken by doubtful likes; kept only when the platform showed all likes and none is doubtful."""
        reasons = {hit: "、".join(self._reasons(hit, facts)) for hit in facts.likes.found.hits}
        match present(without(facts.likes, keep=tuple(hit for hit, why in reasons.items() if why))):
            case Broken(hits=hits):
                return Breach(
                    code=self.code,
                    arithmetic=";".join(
                        f"赞了{hit.kind or '未注明类别的'}账号“{text.clip(hit.quote)}”:{reasons[hit]}" for hit in hits
                    ),
                    counterfactual="取消上述点赞,即不构成此问题",
                    hits=hits,
                    slots={"count": len(hits)},
                )
            case Kept():
                return Passed(because="公开的点赞已全部查看,没有无关信息")
            case Unclear() as unclear:
                return unclear

    def _reasons(self, hit: Hit, facts: Facts) -> Iterator[str]:
        """Why a like is doubtful, each with how sure; none for the registry's own accounts."""
        owner, _, words = hit.quote.partition(":")
        if text.key(owner) in facts.kin:
            return
        sold = commercial(words, self.lexicon, Where.LIKED).hits
        if sold:
            sure = any(one.confidence is Confidence.HIGH for one in sold)
            yield f"内容有商业用语“{sold[0].mention.quote}”{'' if sure else _DOUBT}"
        own = next((word for word in self.words if word in words), None)
        if own:
            yield f"内容有“{own}”"
        if hit.kind in self.trusted:
            return
        strange = off_topic(words, self.lexicon).hits
        if strange:
            yield f"内容有与机关职能无关的“{strange[0].mention.quote}”{_DOUBT}"
        if hit.kind in self.doubtful:
            yield f"被赞的是{hit.kind}账号{'' if sold or strange else _DOUBT}"
