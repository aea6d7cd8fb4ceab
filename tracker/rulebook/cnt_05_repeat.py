"""CNT-05: an old article published again as new."""

from dataclasses import dataclass
from typing import ClassVar

from tracker.clock import day
from tracker.facts import Broken, Evidence, Facts, Kept, Unclear, present
from tracker.model import Found, Hit
from tracker.rulebook.rule import Breach, By, Passed, Ruling


@dataclass(frozen=True, slots=True, kw_only=True)
class Repeat:
    """旧稿新发

    查什么:检查期内发布的内容,是不是与本账号较早以前的一条几乎相同。
    怎么判:文字几乎相同、其中数字也相同、相隔超过规定天数的,列为待复核,由人工对照两条原文确认。
    不算:转发;数字不同的例行通报(空气质量、天气);不足12个字的短句;没有看到的旧内容。
    依据:地方检查口径(商洛2020年第三季度通报:旧稿新发)。
    """

    code: ClassVar[str] = "CNT-05"
    codes: ClassVar[tuple[str, ...]] = ("CNT-05",)
    title: ClassVar[str] = "旧稿新发"
    basis: ClassVar[str] = "地方检查口径:不得旧稿新发"
    by: ClassVar[By] = By.CANDIDATE

    after: int = 30
    """Calendar days after which the same words are an old article."""

    def ask(self, facts: Facts) -> Ruling:
        """Broken by one near-duplicate of a post more than `after` days older."""
        match present(self._search(facts)):
            case Broken(hits=hits):
                return Breach(
                    code=self.code,
                    arithmetic=";".join(hit.why for hit in hits),
                    counterfactual="不把旧内容当作新内容发布,即不构成此问题",
                    hits=hits,
                    slots={"count": len(hits)},
                )
            case Kept():
                return Passed(because="检查期内的发布没有与旧内容相同的")
            case Unclear() as unclear:
                return unclear

    def _search(self, facts: Facts) -> Evidence:
        hits = tuple(
            Hit(
                kind="旧稿",
                quote=one.post.title,
                url=one.post.url,
                at=one.post.at,
                why=f"{day(one.post.at):%Y-%m-%d}发布的“{one.post.title}”与{day(one.older.at):%Y-%m-%d}的几乎相同,相隔{one.days}天",
            )
            for one in facts.repeats
            if one.days > self.after
        )
        bounds = facts.published.bounds
        seen = bounds.most is not None and bounds.most == bounds.least
        return Evidence(found=Found(hits=hits, whole=seen), reasons=facts.published.reasons)
