"""What a clerk wrote in one row of the observation sheet, as an observation (DESIGN §8): a visit by route `manual`."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from functools import cache

from pydantic import TypeAdapter

from tracker.clock import end_of, start_of
from tracker.model import Aspect, Exchange, Observation, Outcome, Post, Posts, Reported, Seen
from tracker.registry import Look
from tracker.rulebook import RULES
from tracker.rulebook.taxonomy import kinds, read_phrases

PAGE = "look"
"""Name of the one exchange of a manual visit; its body is the row as JSON."""

COLUMNS: Mapping[str, str] = {"互动": "INT-01", "栏目": "COL", "底部": "CNT-03", "点赞": "CNT-02", "简介": "REG-03"}
"""Column of the sheet → what 有问题 in it reports."""

FOUND: Mapping[str, str] = {
    "INT-01": "未提供有效互动功能",
    "COL": "栏目存在问题",
    "CNT-03": "部分信息页面底部存在商业信息",
    "CNT-02": "点赞与本单位业务无关信息",
    "REG-03": "简介不规范",
    "UPD-04": "未发布任何信息",
}
"""What a column reports where the clerk wrote no words of his own."""

OTHER = "OTHER"
"""Code of a phrase that the taxonomy does not know and that is kept as it stands."""

_NOTHING = frozenset({"OK", "NEW", "EMPTY"})
_AGES = ("UPD-01", "UPD-02", "UPD-03")
"""One silence, told by its length: a cell that names two of them (长期不更新,“僵尸”状态) means the longer."""
_CODEC = TypeAdapter(Look)


def exchange(look: Look, at: datetime) -> Exchange:
    """The row as bytes to be stored."""
    return Exchange(page=PAGE, url=f"urn:sheet-row:{look.row}", status=200, body=_CODEC.dump_json(look, indent=1), at=at)


def content(look: Look) -> bytes:
    """What a row says, wherever in a sheet it stands: equal for two rows that say the same."""
    return _CODEC.dump_json(replace(look, sheet="", row=0))


def look_of(stored: Exchange) -> Look:
    """The row as it was stored. Raises ValueError when the bytes are no row."""
    return _CODEC.validate_json(stored.body)


def unknown_phrases(look: Look) -> tuple[str, ...]:
    """Words of 发现问题 and 上期问题 that the taxonomy does not know."""
    return tuple(phrase.text for cell in (look.found, look.previous) for phrase in read_phrases(cell) if phrase.code is None)


def read(look: Look) -> Observation:
    """The observation; an empty cell says nothing, 无/合格 in 发现问题 says that everything was looked at."""
    reported = _from_words(look)
    for code, one in _from_columns(look).items():
        if code not in reported or (one.broken and not reported[code].broken):
            reported[code] = one
    if look.never and not look.post_dates:
        reported["UPD-04"] = Reported(code="UPD-04", broken=True, phrase=look.printed_date)
    posts = _posts(look)
    return Observation(
        outcome=Outcome.OK,
        aspects={Aspect.POSTS: Seen(value=posts)} if posts else {},
        reported=tuple(reported.values()),
        notes=_notes(look),
    )


def _from_columns(look: Look) -> dict[str, Reported]:
    told = {COLUMNS[column]: broken for column, broken in look.aspects.items() if broken is not None}
    return {code: Reported(code=code, broken=broken, phrase=FOUND[code] if broken else "") for code, broken in told.items()}


def _from_words(look: Look) -> dict[str, Reported]:
    phrases = read_phrases(look.found)
    codes = {phrase.code for phrase in phrases}
    if "OK" in codes and codes <= _NOTHING:
        return {code: Reported(code=code, broken=False) for code in _every_code()}
    found = [(phrase.code or OTHER, phrase.text) for phrase in phrases if phrase.code not in _NOTHING]
    ages = sorted({code for code, _ in found if code in _AGES})
    found = [(ages[-1] if code in _AGES else code, words) for code, words in found]
    told: dict[str, Reported] = {}
    for code, words in found:
        before = told.get(code)
        told[code] = Reported(code=code, broken=True, phrase=f"{before.phrase},{words}" if before else words)
    return told


def contradictions(look: Look) -> tuple[str, ...]:
    """Columns that say 无问题 while the words of 发现问题 report just that: only their writer knows which is meant."""
    broken = [code for code, one in _from_words(look).items() if one.broken]
    fine = (column for column, bad in look.aspects.items() if bad is False and column in COLUMNS)
    return tuple(
        column for column in fine if any(code == COLUMNS[column] or code.startswith(f"{COLUMNS[column]}-") for code in broken)
    )


@cache
def _every_code() -> tuple[str, ...]:
    """All that a clerk can report: who looked and found nothing says of each that it is not so, whatever was said before."""
    told = (*(rule.code for rule in RULES), *(kind.code for kind in kinds()), *COLUMNS.values(), OTHER)
    return tuple(dict.fromkeys(code for code in told if code not in _NOTHING))


def _posts(look: Look) -> Posts | None:
    days = sorted({*look.post_dates, *([look.last_post] if look.last_post else [])}, reverse=True)
    if not days:
        return None
    items = tuple(Post(id="", at=start_of(on), title="", url=look.url if on == look.last_post else "") for on in days)
    # the clerk's last date says: nothing newer up to the check date; several days under 发布日期: these are all since the first
    since = look.last_post if look.last_post and look.last_post <= look.check_date else None
    if since and len(look.post_dates) > 1:
        since = min(since, *look.post_dates)
    return Posts(items=items, as_of=end_of(look.check_date), complete_since=start_of(since) if since else None)


def _notes(look: Look) -> tuple[str, ...]:
    if look.last_post and look.last_post > look.check_date:
        return (f"最后更新日期{look.printed_date}晚于检查日期{look.check_date:%Y-%m-%d},按已更新处理,请核对",)
    return ()
