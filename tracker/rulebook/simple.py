"""An office's own rules as data: `[[own]]` tables of a profile, whose conditions must all hold (DESIGN §6).

`when = {idle_days = "> 30", originals = "== 0"}`: a name is one of FACTS, the answer is three-valued by the combinators.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from tracker.facts import Answer, Broken, Evidence, Facts, Kept, Quantity, Unclear, all_of, lacking, over, present, under
from tracker.rulebook.rule import Breach, By, Passed, Ruling
from tracker.rulebook.workdays import in_working_days

CODE = re.compile(r"LOC-\d{2}")
"""How the code of an own rule reads."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Fact:
    """What a condition may ask of the facts. A number has a unit (天, 条 …), a search has none."""

    meaning: str
    read: Callable[[Facts], Quantity | Evidence]
    unit: str = ""
    review: bool = False
    """Whether only a person may say that it is so (domain/rules.md §6, column "by")."""


FACTS: Mapping[str, Fact] = {
    "idle_days": Fact(meaning="到检查日未更新的天数", unit="天", read=lambda facts: facts.idle),
    "idle_working_days": Fact(
        meaning="到检查日未更新的工作日数", unit="个工作日", read=lambda facts: in_working_days(facts.idle, facts)
    ),
    "idle_original_days": Fact(meaning="到检查日没有原创的天数", unit="天", read=lambda facts: facts.idle_original),
    "gap_days": Fact(meaning="检查期内两次发布最多相隔的天数", unit="天", read=lambda facts: facts.gap),
    "published": Fact(meaning="检查期内发布的条数", unit="条", read=lambda facts: facts.published),
    "originals": Fact(meaning="检查期内原创的条数", unit="条", read=lambda facts: facts.originals),
    "unanswered": Fact(meaning="没有回复的留言条数", unit="条", review=True, read=lambda facts: facts.unanswered),
    "never_posted": Fact(meaning="从未发布", review=True, read=lambda facts: facts.never_posted),
    "missing": Fact(meaning="平台上没有这个账号", review=True, read=lambda facts: facts.missing),
    "closed_down": Fact(meaning="平台提示账号已注销或冻结", review=True, read=lambda facts: facts.closed_down),
    "unverified": Fact(meaning="未认证", read=lambda facts: facts.unverified),
    "certified": Fact(meaning="平台显示了认证主体", read=lambda facts: facts.certified),
    "bio": Fact(meaning="有简介", read=lambda facts: facts.bio),
    "channels": Fact(meaning="有互动途径", review=True, read=lambda facts: facts.channels),
    "closed": Fact(meaning="有评论关闭的迹象", review=True, read=lambda facts: facts.closed),
    "auto_reply": Fact(meaning="开了自动回复", review=True, read=lambda facts: facts.auto_reply),
    "likes": Fact(meaning="有公开的点赞", review=True, read=lambda facts: facts.likes),
    "footers": Fact(meaning="页面底部有商业信息", review=True, read=lambda facts: facts.footers),
    "lookalikes": Fact(meaning="有名称相近的未备案账号", review=True, read=lambda facts: facts.lookalikes),
}
"""The names that `when` knows."""

_NUMBER = re.compile(r"\s*(>=|<=|==|>|<)\s*(\d{1,6})\s*")
_TRUTH = re.compile(r"\s*==\s*(true|false)\s*")
_SAID = {">": "大于", ">=": "不少于", "<": "小于", "<=": "不超过", "==": "等于"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Condition:
    """One condition: the name of a fact, an operator, and the number, or for a search 1 (true) or 0 (false)."""

    name: str
    operator: str
    value: int

    def ask(self, facts: Facts) -> Answer:
        """Broken = the condition is proven to hold; kept = proven not to."""
        told = FACTS[self.name].read(facts)
        if isinstance(told, Evidence):
            return present(told) if self.value else lacking(told)
        match self.operator:
            case ">":
                return over(told, self.value)
            case ">=":
                return over(told, self.value, inclusive=True)
            case "<":
                return under(told, self.value)
            case "<=":
                return under(told, self.value + 1)
            case _:
                return all_of((over(told, self.value, inclusive=True), under(told, self.value + 1)))

    def says(self) -> str:
        """The condition as a Chinese clause."""
        fact = FACTS[self.name]
        if not fact.unit:
            return f"{fact.meaning}为{'是' if self.value else '否'}"
        return f"{fact.meaning}{_SAID[self.operator]}{self.value}{fact.unit}"

    def shown(self, facts: Facts) -> str:
        """What the facts say of it, as a Chinese clause."""
        fact = FACTS[self.name]
        told = fact.read(facts)
        if isinstance(told, Evidence):
            quoted = "、".join(hit.quote for hit in told.found.hits)
            return f"{fact.meaning}:{'是' if self.value else '否'}" + (f"({quoted})" if quoted else "")
        least, most = told.bounds.least, told.bounds.most
        number = f"{least}" if least == most else f"至少{least}" if most is None else f"{least}至{most}"
        return f"{fact.meaning}:{number}{fact.unit}({_SAID[self.operator]}{self.value})"

    def proven(self, facts: Facts) -> int:
        """What its sentence may print: the proven number, or how many hits."""
        told = FACTS[self.name].read(facts)
        if isinstance(told, Evidence):
            return len(told.found.hits)
        few = self.operator in ("<", "<=") and told.bounds.most is not None
        return told.bounds.most or 0 if few else told.bounds.least


def condition(name: str, told: object) -> Condition | str:
    """The condition that a profile wrote under a name, or what is wrong with it, as a Chinese clause."""
    fact = FACTS.get(name)
    if fact is None:
        return f"不认识 {name};可用:{'、'.join(FACTS)}"
    if fact.unit:
        if found := _NUMBER.fullmatch(told if isinstance(told, str) else ""):
            return Condition(name=name, operator=found[1], value=int(found[2]))
        return f'{name} = {told!r},应写成 "> 30" 的样子(> >= < <= == 和一个整数)'
    if isinstance(told, bool):
        return Condition(name=name, operator="==", value=int(told))
    if found := _TRUTH.fullmatch(told if isinstance(told, str) else ""):
        return Condition(name=name, operator="==", value=int(found[1] == "true"))
    return f'{name} = {told!r},应写成 "== true" 或 "== false"'


@dataclass(frozen=True, slots=True, kw_only=True)
class Simple:
    """An office's own rule. Its sentence and effect stand in the profile like those of every other code."""

    code: str
    title: str
    basis: str
    by: By
    when: tuple[Condition, ...]

    @property
    def codes(self) -> tuple[str, ...]:
        """Its one code."""
        return (self.code,)

    def ask(self, facts: Facts) -> Ruling:
        """Broken when every condition is proven to hold, kept when one is proven not to, else unclear."""
        match all_of([one.ask(facts) for one in self.when]):
            case Broken(hits=hits):
                return Breach(
                    code=self.code,
                    arithmetic=f"检查日{facts.check_date:%Y-%m-%d},{';'.join(one.shown(facts) for one in self.when)}",
                    counterfactual=f"不再同时符合“{'”“'.join(one.says() for one in self.when)}”,即不构成此问题",
                    hits=hits,
                    slots={one.name: one.proven(facts) for one in self.when},
                )
            case Kept():
                kept = [one for one in self.when if isinstance(one.ask(facts), Kept)]
                return Passed(because=f"不符合“{'”“'.join(one.says() for one in kept)}”")
            case Unclear() as unclear:
                return unclear
