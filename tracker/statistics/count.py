"""Counting judged accounts: every figure adds up with its parts, or the building of them fails."""

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence

from tracker.model import Account, Conclusion, Finding, Verdict
from tracker.registry import seven_of
from tracker.rulebook.taxonomy import kind_of
from tracker.statistics.records import Group, KindTally, Statistics, Tally
from tracker.statistics.share import PLACES_MOST, Share
from tracker.verdict import rank

_LAYERS: Mapping[str, str] = {
    "地方政府": "市县级政府",
    "市级部门": "市级部门及所属单位",
    "县级部门": "乡镇、县级部门等",
    "乡镇政府": "乡镇、县级部门等",
    "街道办事处": "乡镇、县级部门等",
}
"""主体类型 to the three words of bulletins (bulletin.md §2)."""
_LAYER_ORDER = tuple(dict.fromkeys(_LAYERS.values()))
_NO_LAYER, _NO_REGION = "主体类型未登记的", "县区未登记"
_STALE = frozenset({"UPD-01", "UPD-02", "UPD-03", "UPD-04", "UPD-05"})
_STALE_TITLE = "内容更新不及时"
"""Every length of silence is one kind in the prose; its tiers are told below it."""

_CLAUSE = re.compile(r"[^;；(（,，。]*")
"""What a reason says first."""


def build(
    verdicts: Sequence[Verdict],
    registered: Sequence[Account],
    *,
    shown: Callable[[Verdict], Sequence[Finding]],
    places: int = PLACES_MOST,
    draft: bool = False,
    leaving_counts: bool = True,
) -> Statistics:
    """The figures of a check. `registered` = the frozen registry, which holds every checked account; `shown` = the findings of
    a failing account that the annex prints, so that prose and annex agree. `leaving_counts` = accounts on their way out stay in
    the rates (rules.md §3). Raises ValueError where a checked account is not registered, or waits for a person in a final one.
    """
    checked = {one.account.account_id for one in verdicts}
    if len(checked) < len(verdicts) or checked - {one.account_id for one in registered}:
        raise ValueError("an account was checked twice or is not in the registry that the check was drawn from")
    failing = [one for one in verdicts if one.conclusion in (Conclusion.FAILED, Conclusion.TO_REVIEW)]
    waiting = sum(one.conclusion is Conclusion.TO_REVIEW for one in verdicts)
    if waiting and not draft:
        raise ValueError("an account that waits for a person cannot stand in a final bulletin")
    of = Counter(one.conclusion for one in verdicts)
    unseen, leaving, failed = of[Conclusion.UNCHECKED], of[Conclusion.LIFECYCLE], len(failing)
    rated = len(verdicts) - unseen - (0 if leaving_counts else leaving)
    kinds = _kinds([(one.account, shown(one)) for one in failing], places)
    return Statistics(
        registered=len(registered),
        layers=_layers(registered),
        checked=len(verdicts),
        passed=of[Conclusion.PASSED],
        failed=failed,
        waiting=waiting,
        unseen=unseen,
        unseen_reasons=_reasons(verdicts),
        leaving=leaving,
        leaving_counts=leaving_counts,
        words=_tallies(one.word for one in verdicts if one.conclusion is Conclusion.PASSED),
        check_rate=Share(part=len(verdicts), whole=len(registered), places=places),
        pass_rate=Share(part=rated - failed, whole=rated, places=places) if rated else None,
        fail_rate=Share(part=failed, whole=rated, places=places) if rated else None,
        kinds=kinds,
        several=sum(kind.count for kind in kinds) > failed,
        by_type=_groups(verdicts, registered, lambda account: seven_of(account)[0]),
        by_region=_groups(verdicts, registered, lambda account: account.region or _NO_REGION),
        by_layer=_groups(verdicts, registered, layer_of),
        places=places,
    )


def layer_of(account: Account) -> str:
    """The bulletin's word for an account's 主体类型; one that is none of the five is told as not registered."""
    return _LAYERS.get(account.org_type, _NO_LAYER)


def _layers(registered: Sequence[Account]) -> tuple[Tally, ...]:
    counts = Counter(map(layer_of, registered))
    if not any(counts[name] for name in _LAYER_ORDER):
        return ()
    return tuple(Tally(name=name, count=counts[name]) for name in (*_LAYER_ORDER, _NO_LAYER) if counts[name])


def _tallies(words: Iterable[str]) -> tuple[Tally, ...]:
    return tuple(Tally(name=word, count=count) for word, count in Counter(words).most_common())


def _reasons(verdicts: Sequence[Verdict]) -> tuple[Tally, ...]:
    return _tallies(_reason(one) for one in verdicts if one.conclusion is Conclusion.UNCHECKED)


def _reason(verdict: Verdict) -> str:
    """The first clause of the reason that stands first in the order of precedence, without what is added in brackets."""
    first = min(verdict.undetermined, key=lambda one: rank(one.code), default=None)
    return (_CLAUSE.match(first.reason) or [""])[0].strip() if first else "没有采集记录"


def _kinds(failing: Sequence[tuple[Account, Sequence[Finding]]], places: int) -> tuple[KindTally, ...]:
    holders: dict[str, list[tuple[Account, Finding]]] = defaultdict(list)
    for account, findings in failing:
        told: dict[str, Finding] = {}
        for finding in findings:
            told.setdefault(_title(finding), finding)
        for title, finding in told.items():
            holders[title].append((account, finding))
    kinds = [
        KindTally(
            title=title,
            codes=tuple(sorted({finding.code for _, finding in held}, key=rank)),
            accounts=tuple(account for account, _ in held),
            share=Share(part=len(held), whole=len(failing), places=places),
            words=_tallies(finding.message for _, finding in held),
        )
        for title, held in holders.items()
    ]
    return tuple(sorted(kinds, key=lambda kind: (rank(kind.codes[0]), kind.title)))


def _title(finding: Finding) -> str:
    if finding.code in _STALE:
        return _STALE_TITLE
    kind = kind_of(finding.code)
    return kind.title if kind else finding.message


def _groups(verdicts: Sequence[Verdict], registered: Sequence[Account], name: Callable[[Account], str]) -> tuple[Group, ...]:
    """One line per name, in the order of the registry; checked accounts are counted under what the registry says of them."""
    own = {account.account_id: name(account) for account in registered}
    filed = Counter(own.values())
    of = Counter((own[one.account.account_id], one.conclusion) for one in verdicts)
    return tuple(
        Group(
            name=each,
            registered=filed[each],
            checked=sum(of[each, conclusion] for conclusion in Conclusion),
            passed=of[each, Conclusion.PASSED],
            failed=of[each, Conclusion.FAILED] + of[each, Conclusion.TO_REVIEW],
            unseen=of[each, Conclusion.UNCHECKED],
            leaving=of[each, Conclusion.LIFECYCLE],
        )
        for each in filed
    )
