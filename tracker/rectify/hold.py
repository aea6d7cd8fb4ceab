"""Old findings held against the present check (domain/rules.md §4), pure.

Where it is open how much of a finding still stands, the lighter word is taken.
"""

import re
from collections.abc import Callable, Collection, Iterable, Mapping
from datetime import date

from tracker import text
from tracker.model import Conclusion, Finding, Hit, Status
from tracker.rectify.records import STANDING, Earlier, Held, OldFinding, Present, Rectification, Word

AGE = ("UPD-01", "UPD-02", "UPD-03", "UPD-04")
"""One fault told by its length: the account is silent."""
GAP = "UPD-05"
SILENCE = (*AGE, GAP)
"""With the gap inside the window: who posts again and is late again has not put it right."""
PIECES = ("CNT-", "INT-02")
"""Faults of single posts or comments: the same fault in other pieces is not proof that nothing was done."""
COLUMNS = "COL"
OTHER = "OTHER"
"""Words that the taxonomy does not know."""
CLOSED = ("拟关停注销", "已发布关停公告", "已发布关停注销公告", "已进入自主注销冻结期", "已注销")
"""Registry statuses of an account on its way out; such an account carries them instead of findings (rules.md §3)."""
GONE = "账号已注销,备案平台未关停"
STOPPED = "停运未注销"

_SETTLED = (Status.AUTOMATIC, Status.CONFIRMED)
_NAMED = re.compile(r"“([^”]+)”")
_AMOUNTS = ("个别", "部分", "多个", "多数", "全部")
"""Quantity words, the least first (annexes.md §2)."""
_NOT_ASKED = "本次的口径和检查没有看这一项"
_STRANGER = "台账里没有这个账号,是否改名或已注销,请核对"
_UNKNOWN_WORDS = "上期的说法不在常用说法里,要由人核对"


def rectify(old: Earlier | None, new: Present | None, *, filed_new: bool = False) -> Rectification:
    """One account's 整改情况. One of the two is given; `new` None = the present check did not look; `filed_new` = 新增备案."""
    held = tuple(_held(one, old, new) for one in old.findings) if old else ()
    closing = new.closing if new else ""
    word, reason = _word(held, new, closing, filed_new=filed_new)
    account = new.account if new else None
    return Rectification(
        whom=account.account_id if account else old.whom if old else "",
        account=account,
        name=account.name if account else old.name if old else "",
        kind=account.kind if account else old.kind if old else "",
        earlier=old,
        held=held,
        fresh=_fresh(held, new) if new else (),
        word=word,
        reason=reason,
        closing=closing,
        conclusion=new.conclusion if new else None,
        result=new.word if new else "",
        check_date=new.check_date if new else None,
    )


def leaving(closing: str) -> bool:
    """Whether a word of closing says that the account is on its way out in order, so that it carries that word alone."""
    return closing == GONE or any(word in closing for word in CLOSED)


def settled(findings: Iterable[Finding]) -> list[Finding]:
    """The findings that count: not those that wait for a person, not dismissed ones."""
    return [one for one in findings if one.status in _SETTLED]


def _word(held: tuple[Held, ...], new: Present | None, closing: str, *, filed_new: bool) -> tuple[Word, str]:
    if not held:
        return (Word.NEW, "") if filed_new else (Word.NOTHING, "")
    words = {one.word for one in held}
    reason = ";".join(dict.fromkeys(f"{one.old.words}:{one.reason}" for one in held))
    if leaving(closing) or (new and new.conclusion is Conclusion.LIFECYCLE):
        return Word.CLOSING, closing or (new.word if new else "")
    if words <= {Word.RECTIFIED} or words <= {Word.NOT}:
        return words.pop(), reason
    return (Word.PARTLY if words & STANDING else Word.UNKNOWN), reason


def _held(old: OldFinding, earlier: Earlier, new: Present | None) -> Held:
    if new is None:
        return Held(old=old, word=Word.UNKNOWN, reason=_STRANGER if ":" in earlier.whom else "本次没有检查这个账号")
    if new.conclusion is Conclusion.LIFECYCLE or leaving(new.closing):
        return Held(old=old, word=Word.CLOSING, reason=f"账号状态:{new.closing or new.word}", files=new.files)
    word, reason, files = _silence(old, earlier, new) if old.code in SILENCE else _other(old, new)
    if new.hint and word is not Word.RECTIFIED:
        return Held(old=old, word=Word.UNKNOWN, reason=f"平台提示“{new.hint}”,是否注销待人工核对", files=new.files)
    return Held(old=old, word=word, reason=reason, files=files or new.files)


_Told = tuple[Word, str, tuple[str, ...]]


def _silence(old: OldFinding, earlier: Earlier, new: Present) -> _Told:
    late = [one for one in new.findings if one.code in SILENCE]
    again = any(_of(new.kept, code) for code in AGE[:3]) or _posted(earlier, new)
    if late and again and old.code in AGE and all(one.code == GAP for one in late):
        # published lists call who posts again 已整改, and print the gap as this period's own finding
        return Word.RECTIFIED, f"已恢复发布;检查期内“{late[0].message}”另列为本次问题", _files(late)
    if standing := settled(late):
        words = "、".join(f"“{one.message}”" for one in standing)
        match _posted(earlier, new):
            case False:
                return Word.NOT, f"上期检查以来没有公开发布,本次{words}", _files(standing)
            case True:
                return Word.PARTLY, f"上期检查以后有发布(最近{new.latest_post}),但本次仍有{words}", _files(standing)
        return Word.PARTLY, f"本次仍有{words};上期检查以后有没有发布,按现有记录不能断定", _files(standing)
    if late:
        return Word.UNKNOWN, f"本次“{late[0].message}”待人工复核", _files(late)
    # who was found never to have posted, and has posted since, has put that right
    asked = (old.code, "UPD-04") if old.code == "UPD-04" else (GAP,) if old.code == GAP else AGE[:3]
    return _answered(asked, new)


def _posted(earlier: Earlier, new: Present) -> bool | None:
    """Whether the account posted after the earlier check; None where the records do not tell."""
    if new.latest_post is not None and new.latest_post > earlier.until:
        return True
    # the earlier check, whenever it was, saw `last_post` as the newest: no post lies between the two
    seen = max(earlier.since, earlier.last_post or earlier.since)
    return False if new.silent_since is not None and new.silent_since <= seen else None


def _other(old: OldFinding, new: Present) -> _Told:
    same = [one for one in new.findings if _alike(old, one)]
    if standing := settled(same):
        word, reason = _degree(old)(old, standing)
        return word, reason, _files(standing)
    if same:
        return Word.UNKNOWN, f"本次“{same[0].message}”待人工复核", _files(same)
    if old.code == OTHER and OTHER not in new.kept:
        return Word.UNKNOWN, _UNKNOWN_WORDS, ()
    return _answered((old.code,), new)


def _alike(old: OldFinding, now: Finding) -> bool:
    """The same fault: the same code, or the code of the whole family (COL) on one side; unknown words by their sound."""
    if old.code == OTHER:
        return now.code == OTHER and text.key(old.words) in (text.key(now.phrase), text.key(now.message))
    return old.code == now.code or old.code.startswith(f"{now.code}-") or now.code.startswith(f"{old.code}-")


def _degree(old: OldFinding) -> Callable[[OldFinding, list[Finding]], tuple[Word, str]]:
    if old.code.startswith(PIECES):
        return _pieces
    return _columns if old.code.split("-")[0] == COLUMNS else _state


def _pieces(old: OldFinding, standing: list[Finding]) -> tuple[Word, str]:
    before, now = _identities(old.hits), _identities(hit for one in standing for hit in one.hits)
    if before and before <= now:
        return Word.NOT, "上期的内容都还在"
    if before & now:
        return Word.PARTLY, f"上期的{len(before)}处还有{len(before & now)}处"
    return (
        Word.PARTLY,
        "本次仍有同类问题,是否还是上期的内容不能断定" if not before or not now else "上期的内容已不在,又有同类问题",
    )


def _identities(hits: Iterable[Hit]) -> set[tuple[str, str]]:
    return {(hit.url, text.key(hit.quote)) for hit in hits}


def _columns(old: OldFinding, standing: list[Finding]) -> tuple[Word, str]:
    before, now = _names(old.words, old.hits), set().union(*(_names(_words(one), one.hits) for one in standing))
    if before and now:
        still = before & now
        if still == before:
            return Word.NOT, f"{_quoted(still)}问题仍在"
        left = f"{_quoted(still)}仍在,其余已不在" if still else "上期的栏目本次没有列出,其他栏目有同类问题"
        return Word.PARTLY, left
    return _state(old, standing)


def _names(words: str, hits: Iterable[Hit]) -> set[str]:
    told = [words, *(hit.quote for hit in hits)]
    return {text.key(name) for one in told for name in _NAMED.findall(one)}


def _quoted(names: Collection[str]) -> str:
    return "、".join(f"“{name}”" for name in sorted(names))


def _state(old: OldFinding, standing: list[Finding]) -> tuple[Word, str]:
    before, now = _amount(old.words), max((_amount(_words(one)) for one in standing), default=-1)
    if 0 <= now < before:
        return Word.PARTLY, f"由“{_AMOUNTS[before]}”减为“{_AMOUNTS[now]}”"
    return Word.NOT, f"本次仍有“{'、'.join(one.message for one in standing)}”"


def _amount(words: str) -> int:
    return max((at for at, word in enumerate(_AMOUNTS) if word in words), default=-1)


def _words(finding: Finding) -> str:
    return finding.phrase or finding.message


def _answered(codes: Collection[str], new: Present) -> _Told:
    for code in codes:
        if why := _of(new.kept, code):
            return Word.RECTIFIED, why, ()
    reason = next((why for code in codes if (why := _of(new.unknown, code))), _NOT_ASKED)
    return Word.UNKNOWN, reason, ()


def _of(told: Mapping[str, str], code: str) -> str:
    return told.get(code) or told.get(code.split("-")[0], "")


def _files(findings: Iterable[Finding]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(hit.file for one in findings for hit in one.hits if hit.file))


def _fresh(held: Iterable[Held], new: Present) -> tuple[Finding, ...]:
    """What stands now and answers to no old finding that still stands."""
    old = [one.old for one in held]
    silent = any(one.old.code in SILENCE and one.word is not Word.RECTIFIED for one in held)
    return tuple(
        one
        for one in settled(new.findings)
        if not (one.code in SILENCE and silent) and not any(_alike(before, one) for before in old)
    )


def silent_since(check_date: date, least: int) -> date | None:
    """The day after which nothing was posted, of the proven least number of idle days; None where none is proven."""
    return date.fromordinal(check_date.toordinal() - least) if least > 0 else None
