"""CNT-03: commercial content at the bottom of pages."""

from dataclasses import dataclass
from typing import ClassVar

from tracker.facts import Broken, Facts, Kept, Unclear, present
from tracker.rulebook.rule import Breach, By, Passed, Ruling


@dataclass(frozen=True, slots=True, kw_only=True)
class Commerce:
    """部分信息页面底部存在商业信息

    查什么:文章页面底部有没有商品、优惠券、推广等商业内容。
    怎么判:页面数据里有商品卡片等商业组件,或页尾有商业用语的,列为待复核,由人工对照页面确认;人工抽看全部页面未见的,记为没有。
    不算:平台自带的空白广告位;便民小程序;正文中关于广告管理的新闻。没有看到的页面不作推断。
    依据:国办发〔2018〕123号(不得刊登商业广告);各地检查口径。
    """

    code: ClassVar[str] = "CNT-03"
    codes: ClassVar[tuple[str, ...]] = ("CNT-03",)
    title: ClassVar[str] = "部分信息页面底部存在商业信息"
    basis: ClassVar[str] = "国办发〔2018〕123号:不得刊登商业广告;地方检查口径"
    by: ClassVar[By] = By.CANDIDATE

    def ask(self, facts: Facts) -> Ruling:
        """Broken by one hit; kept only by a whole search."""
        match present(facts.footers):
            case Broken(hits=hits):
                quoted = ";".join(f"{hit.kind}“{hit.quote}”" for hit in hits)
                return Breach(
                    code=self.code,
                    arithmetic=quoted,
                    counterfactual="删去页面底部的商业内容,即不构成此问题",
                    hits=hits,
                    slots={"count": len(hits)},
                )
            case Kept():
                return Passed(because="页面底部已全部查看,没有商业信息")
            case Unclear() as unclear:
                return unclear
