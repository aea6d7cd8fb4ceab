"""§5.4, §5.8, §5.20: counts per kind of fault, “超过N个月” and “多种问题” against the rows."""

from collections.abc import Iterator

from tracker.checking.annexes import Annex, Result, Row
from tracker.checking.checks.base import Check, Outcome, Slip, outcome
from tracker.checking.checks.rows import accounts, main_list
from tracker.checking.claims import KindClaim, kind_claims
from tracker.checking.numbers import agrees, fitting, how_wrong
from tracker.checking.reading import Bulletin
from tracker.checking.records import Record

_RULE = 14
"""超过2周 is the rule itself; only longer spans are a claim of their own."""


def _kinds(bulletin: Bulletin, record: Record | None) -> Outcome:
    claims = [claim for claim in kind_claims(bulletin) if claim.days is None or claim.days <= _RULE]
    seen = [(claim.line.paragraph.place, list(_slips(bulletin, claim, claims))) for claim in claims if _known(bulletin, claim)]
    return outcome(seen, "没有读到分类问题的个数,或没有可对照的附件、不合格总数")


def _known(bulletin: Bulletin, claim: KindClaim) -> bool:
    return main_list(bulletin, claim.about) is not None or bool(claim.share and _wholes(bulletin, claim.about))


def _slips(bulletin: Bulletin, claim: KindClaim, claims: list[KindClaim]) -> Iterator[Slip]:
    annex = main_list(bulletin, claim.about)
    place = claim.line.paragraph.place
    if annex and any(row.phrases and row.codes for row in annex.rows) and (found := _found(annex, claim, claims)):
        fine, shown = found
        if claim.value not in fine:
            why = f"文中写 {claim.value} 个,{annex.part.label}里有这类问题的是 {shown} 行"
            yield Slip(place=place, says=claim.says, fits=f"{shown} 个", why=why)
    wholes = _wholes(bulletin, claim.about)
    if claim.share and wholes and not any(agrees(claim.share, claim.value, whole) for whole in wholes if whole >= claim.value):
        why = f"占比{how_wrong(claim.share, claim.value, wholes[0])}"
        yield Slip(place=place, says=claim.says, fits=fitting(claim.share, claim.value, wholes[0]), why=why)


def _found(annex: Annex, claim: KindClaim, claims: list[KindClaim]) -> tuple[set[int], int] | None:
    """Numbers of rows that the claim may mean, and the likeliest; None where other words of the annex might be meant too."""
    rows = [row for row in annex.rows if row.verdict not in (Result.UNSEEN, Result.EMPTY)]
    if any(each.code is None for row in rows for each in row.phrases):
        return None
    exact = [row for row in rows if row.codes & claim.codes]
    family = [row for row in rows if row.families & claim.families]
    alone = sum(bool(each.families & claim.families) and each.about == claim.about for each in claims) == 1
    meant = exact if exact and (not alone or len(exact) == claim.value) else family
    fine = {len(exact), accounts(exact)} | ({len(family), accounts(family)} if alone or not exact else set())
    return fine, len(meant if meant else family)


def _wholes(bulletin: Bulletin, about: str) -> list[int]:
    """Denominators of a share, likeliest first: failing, then checked (§3)."""
    told = [figure.value for role in ("failing", "faulty", "checked") if (figure := bulletin.one(role, about))]
    annex = main_list(bulletin, about)
    return [each for each in (*told, len(annex.failing) if annex else 0) if each]


def _ages(bulletin: Bulletin, record: Record | None) -> Outcome:
    claims = [claim for claim in kind_claims(bulletin) if claim.days is not None]
    seen = [pair for claim in claims for pair in _aged(bulletin, claim)]
    return outcome(seen, "没有读到“超过N个月未更新”的个数,或附件没有最后更新日期")


def _aged(bulletin: Bulletin, claim: KindClaim) -> Iterator[tuple[str, list[Slip]]]:
    annex, day = main_list(bulletin, claim.about), bulletin.days.reference
    if annex is None or day is None or claim.days is None or "last_post" not in annex.titles:
        return
    rows = [row for row in annex.rows if row.verdict in (Result.FAILED, Result.LEAVING)]
    dated = [row for row in rows if row.last]
    old = [row for row in dated if row.last and (day - row.last).days >= claim.days]
    never, unknown = [row for row in rows if row.never], [row for row in rows if not row.last and not row.never]
    slips = []
    if len(old) + len(never) + len(unknown) < claim.value:
        shown = f"有日期的 {len(dated)} 行里只有 {len(old)} 行" + (f",另有 {len(never)} 行从未发布" if never else "")
        why = f"文中说 {claim.value} 个都这么久未更新;按{annex.part.label}的最后更新日期,到 {day} 为止{shown}"
        slips.append(
            Slip(place=claim.line.paragraph.place, says=claim.says, fits=f"{len(old) + len(never)} 个,或改写期限", why=why)
        )
    yield f"{claim.line.paragraph.place}与{annex.part.label}", slips


def _several(bulletin: Bulletin, record: Record | None) -> Outcome:
    return outcome(_several_claims(bulletin), "文中没有说有账号同时存在多种问题,或没有可对照的附件")


def _several_claims(bulletin: Bulletin) -> Iterator[tuple[str, list[Slip]]]:
    lists = [each for each in bulletin.annexes if each.is_list and any(row.found for row in each.rows)]
    for line in bulletin.lines:
        match = bulletin.grammar.term("several.words").search(line.paragraph.plain)
        if not match or line.asks or not lists:
            continue
        slips = []
        if not any(_many(row) for each in lists for row in each.rows):
            why = "文中说有账号存在多种问题,附件里每一行都只有一种"
            slips.append(Slip(place=line.paragraph.place, says=line.paragraph.words.quote(*match.span()), why=why))
        yield line.paragraph.place, slips


def _many(row: Row) -> bool:
    return len(row.phrases) > 1


KINDS_CHECK = Check(slug="kind-rows", number=4, title="分类问题的个数、占比与附件一致", run=_kinds)
AGES = Check(slug="ages", number=8, title="“超过N个月未更新”与附件日期一致", run=_ages)
SEVERAL = Check(slug="several", number=20, title="说有多种问题的,附件里确有", run=_several)
