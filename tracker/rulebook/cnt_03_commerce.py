"""CNT-03: commercial content at the bottom of pages."""

from dataclasses import dataclass, field
from typing import ClassVar

from tracker.facts import Broken, Facts, Kept, Unclear, present, without
from tracker.model import Hit
from tracker.rulebook.context import Confidence, Where, commercial
from tracker.rulebook.lexicon import Lexicon, shipped
from tracker.rulebook.rule import Breach, By, Passed, Ruling


@dataclass(frozen=True, slots=True, kw_only=True)
class Commerce:
    """部分信息页面底部存在商业信息

    查什么:文章页面底部有没有商品、优惠券、推广等商业内容。
    怎么判:页面数据里有商品卡片等商业组件,或页尾有商业用语的,列为待复核,由人工对照页面确认;人工抽看全部页面未见的,记为没有。
    不算:平台自带的空白广告位;便民小程序;公共服务热线;关于广告管理、消费提醒、反诈骗的句子;政府组织的展销和帮扶;没有看到的页面不作推断。
    依据:国办发〔2018〕123号(不得刊登商业广告);各地检查口径。
    """

    code: ClassVar[str] = "CNT-03"
    codes: ClassVar[tuple[str, ...]] = ("CNT-03",)
    title: ClassVar[str] = "部分信息页面底部存在商业信息"
    basis: ClassVar[str] = "国办发〔2018〕123号:不得刊登商业广告;地方检查口径"
    by: ClassVar[By] = By.CANDIDATE

    free_text: tuple[str, ...] = ("推广用语",)
    """Kinds of hits that are words out of a text, to be weighed in their sentence; all others are components that sell."""
    lexicon: Lexicon = field(default_factory=shipped, repr=False, metadata={"setting": False})
    """The word lists; an office's own come with its workspace, not with the profile."""

    def ask(self, facts: Facts) -> Ruling:
        """Broken by one hit that its sentence does not excuse; kept only by a whole search."""
        weighed = [(hit, *self._weighed(hit)) for hit in facts.footers.found.hits]
        excused = "".join(f";不计“{hit.quote}”:{why}" for hit, _, why in weighed if why)
        doubtful = {hit for hit, sure, _ in weighed if not sure}
        match present(without(facts.footers, keep=tuple(hit for hit, _, why in weighed if not why))):
            case Broken(hits=hits):
                quoted = ";".join(f"{hit.kind}“{hit.quote}”{'(把握不大)' if hit in doubtful else ''}" for hit in hits)
                return Breach(
                    code=self.code,
                    arithmetic=f"{quoted}{excused}",
                    counterfactual="删去页面底部的商业内容,即不构成此问题",
                    hits=hits,
                    slots={"count": len(hits)},
                )
            case Kept():
                return Passed(because=f"页面底部已全部查看,没有商业信息{excused}")
            case Unclear() as unclear:
                return unclear

    def _weighed(self, hit: Hit) -> tuple[bool, str]:
        """Whether it is sure, and why it does not count (empty = it counts). Words that no list knows stay what the page said."""
        if hit.kind not in self.free_text:
            return True, ""
        search = commercial(hit.quote, self.lexicon, Where.FOOTER)
        if search.hits:
            return any(one.confidence is Confidence.HIGH for one in search.hits), ""
        return False, "、".join(dict.fromkeys(one.reason for one in search.excused))
