"""REG-05: an account of nearly the same name that nobody filed."""

from dataclasses import dataclass, replace
from typing import ClassVar

from tracker.facts import Broken, Facts, Kept, Unclear, present, told
from tracker.rulebook.rule import Breach, By, Passed, Ruling


@dataclass(frozen=True, slots=True, kw_only=True)
class Lookalike:
    """存在名称相近的未备案账号

    查什么:检查中见到的、台账里没有的账号,名称是不是与备案账号相近。
    怎么判:名称几乎相同而平台编号不同的,列为待复核;是本单位瞒报漏报,还是他人冒用,由人工核实。
    不算:没有专门搜索过,因此没有见到不说明没有。
    依据:国办发〔2018〕123号(分级备案);地方检查口径(未备案、瞒报漏报)。
    """

    code: ClassVar[str] = "REG-05"
    codes: ClassVar[tuple[str, ...]] = ("REG-05",)
    title: ClassVar[str] = "存在名称相近的未备案账号"
    basis: ClassVar[str] = "国办发〔2018〕123号:政务新媒体分级备案"
    by: ClassVar[By] = By.CANDIDATE

    def ask(self, facts: Facts) -> Ruling:
        """Broken by one unfiled account of nearly this name; kept only where a person searched."""
        looked = replace(facts.lookalikes, found=replace(facts.lookalikes.found, whole=told(facts, self.codes).found.whole))
        match present(looked):
            case Broken(hits=hits):
                return Breach(
                    code=self.code,
                    arithmetic=";".join(f"见到未备案账号“{hit.quote}”{hit.url}" for hit in hits),
                    counterfactual="补报备案,或核实与本单位无关,即不构成此问题",
                    hits=hits,
                )
            case Kept():
                return Passed(because="没有名称相近的未备案账号")
            case Unclear() as unclear:
                return unclear
