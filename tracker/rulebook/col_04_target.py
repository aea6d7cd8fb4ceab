"""COL-04: a menu entry that leads to somebody else."""

from dataclasses import dataclass
from typing import ClassVar

from tracker.facts import Broken, Facts, Kept, Unclear, among, present
from tracker.model import MenuEntry, Outcome
from tracker.rulebook.rule import Breach, By, Passed, Ruling


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """链接不准确

    查什么:菜单和栏目的链接是不是指向本账号、本单位的内容。
    怎么判:打开后平台表明属于别的账号的,列为待复核;是否有意链接,由人工确认。
    不算:没有打开的;平台没有说明属于谁的。
    依据:地方检查口径(商洛2020年第四季度通报:链接不准确)。
    """

    code: ClassVar[str] = "COL-04"
    codes: ClassVar[tuple[str, ...]] = ("COL-04",)
    title: ClassVar[str] = "链接不准确"
    basis: ClassVar[str] = "地方检查口径:链接应当准确"
    by: ClassVar[By] = By.CANDIDATE

    def ask(self, facts: Facts) -> Ruling:
        """Broken by one target that the platform shows to belong to another account."""
        match present(among(facts.columns, _foreign, _say)):
            case Broken(hits=hits):
                return Breach(
                    code=self.code,
                    arithmetic=";".join(hit.quote for hit in hits),
                    counterfactual="把链接改为本单位的内容,即不构成此问题",
                    hits=hits,
                    slots={"count": len(hits), "named": "、".join(hit.quote for hit in hits)},
                )
            case Kept():
                return Passed(because="看到的链接都指向本单位")
            case Unclear() as unclear:
                return unclear


def _foreign(entry: MenuEntry) -> bool | None:
    if entry.target is None or entry.target.own is None:
        # what is gone or empty leads to nobody
        gone = entry.target is not None and entry.target.outcome in (Outcome.ITEM_GONE, Outcome.EMPTY)
        return False if gone else None
    return not entry.target.own


def _say(entry: MenuEntry) -> str:
    return f"指向别的账号的内容“{entry.target.title if entry.target else ''}”"
