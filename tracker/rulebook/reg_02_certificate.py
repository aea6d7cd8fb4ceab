"""REG-02: the verification names another body than the registry."""

import re
from dataclasses import dataclass
from typing import ClassVar

from tracker import text
from tracker.facts import Broken, Facts, Kept, Unclear, present, without
from tracker.model import Hit
from tracker.rulebook.rule import Breach, By, Passed, Ruling

_PLACE = re.compile(r"^.*?[省市县区州盟旗]")
_JOINED = re.compile("[和与及、]")


@dataclass(frozen=True, slots=True, kw_only=True)
class Certificate:
    """未及时更新认证信息

    查什么:平台显示的认证主体,与台账里的主办单位(或登记的认证主体)是不是同一个。
    怎么判:名称对不上、也不是简称的,列为待复核;是否机构改革后未变更,由人工确认。
    不算:平台没有显示认证主体的;认证主体是主办单位全称、简称,或包含主办单位名称的。
    依据:国办发〔2018〕123号(账号认证信息);地方检查口径(机构改革后未及时变更认证主体)。
    """

    code: ClassVar[str] = "REG-02"
    codes: ClassVar[tuple[str, ...]] = ("REG-02",)
    title: ClassVar[str] = "未及时更新认证信息"
    basis: ClassVar[str] = "国办发〔2018〕123号:规范账号名称和认证信息"
    by: ClassVar[By] = By.CANDIDATE

    def ask(self, facts: Facts) -> Ruling:
        """Broken by a subject that is neither the filed body nor a short form of it; unclear where nothing is filed."""
        filed = tuple(name for name in (facts.account.organisation, facts.account.certified_org) if name)
        if not filed:
            return Unclear(reasons=("台账里没有主办单位,无从对照",))
        strange = tuple(hit for hit in facts.certified.found.hits if not any(_same(hit, name) for name in filed))
        match present(without(facts.certified, keep=strange)):
            case Broken(hits=hits):
                shown = "、".join(f"“{hit.quote}”" for hit in hits)
                return Breach(
                    code=self.code,
                    arithmetic=f"平台显示认证主体{shown},台账为“{'”“'.join(filed)}”",
                    counterfactual="认证主体变更为主办单位,或更正台账,即不构成此问题",
                    hits=hits,
                )
            case Kept():
                return Passed(because="认证主体与台账相符")
            case Unclear() as unclear:
                return unclear


def _same(hit: Hit, filed: str) -> bool:
    """Whether one name holds the other, or shortens it as 市人社局 does 市人力资源和社会保障局."""
    shown, known = text.key(hit.quote), text.key(filed)
    return known in shown or shown in known or _shortens(known, shown) or _shortens(shown, known)


def _shortens(short: str, long: str) -> bool:
    """Whether all characters stand in the long name in this order, some of each part that 和 joins.

    旅游局 takes nothing of the first part of 文化和旅游局: it is the body that the reform dissolved.
    """
    rest = iter(long)
    if not all(char in rest for char in short):
        return False
    place = _PLACE.match(long)
    own = short.removeprefix(place[0]) if place else short
    parts = _JOINED.split(long[place.end() :] if place else long)
    return all(set(part) & set(own) for part in parts)
