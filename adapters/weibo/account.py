"""Who an account is: profile pages of both sites and of the owner interface (formats/weibo.md §3, guards 1, 22, 25)."""

from dataclasses import dataclass, replace

from adapters.weibo.answers import closed, envelope
from adapters.weibo.fields import Table, child, code, count, drift, ident, table, words
from adapters.weibo.rows import Row
from tracker.adapter import Unread
from tracker.model import Bio, Exchange, Outcome, Seen, Unseen, Verification
from tracker.payload import Surprise, json_of


@dataclass(frozen=True, slots=True, kw_only=True)
class Profile:
    """What a profile tells. `uid` is "" for the details page, which names nobody; None = not told."""

    uid: str = ""
    name: str = ""
    domain: str = ""
    verified: bool | None = None
    kind: str = ""
    reason: str = ""
    description: str | None = None
    statuses: int | None = None
    allow_all: bool | None = None
    tabs: tuple[str, ...] = ()
    """Names of the tabs (栏目) that the account page shows."""
    outcome: Outcome = Outcome.OK
    notes: tuple[str, ...] = ()


def profile(exchange: Exchange) -> Profile:
    """/ajax/profile/info. Raises Unread, also where a notice over the page says that the account is closed."""
    data = table(envelope(exchange).get("data"), "data")
    notice = words(data.get("blockText"))
    if notice and (gone := closed(notice)):
        raise gone
    return replace(of_user(table(data.get("user"), "data.user"), "data.user"), tabs=_tabs(data))


def mobile_profile(exchange: Exchange) -> Profile:
    """m.weibo.cn getIndex 100505…. Raises Unread."""
    data = table(envelope(exchange).get("data"), "data")
    if not data.get("userInfo"):
        raise Unread(Outcome.AMBIGUOUS_EMPTY, "资料为空,不能说明账号不存在")
    return of_user(table(data["userInfo"], "data.userInfo"), "data.userInfo")


def detail(exchange: Exchange) -> Profile:
    """/ajax/profile/detail: dates and labels, as remarks. Raises Unread.

    A file in which a client merged both profile pages (own key names, no envelope) counts as half-knowledge.
    """
    merged = _merged(exchange)
    if merged is None:
        return Profile(notes=_labels(table(envelope(exchange).get("data"), "data")))
    told = of_user({**merged, "id": merged.get("uid"), "screen_name": merged.get("nickname")}, "应答")
    return Profile(
        uid=told.uid,
        name=told.name,
        domain=told.domain,
        verified=told.verified or None,
        kind=told.kind,
        reason=told.reason,
        description=told.description,
        outcome=Outcome.PARTIAL,
        notes=(*_labels(merged), "资料来自客户端合并的文件,不是平台原样应答"),
    )


def of_user(user: Table, path: str) -> Profile:
    """A user object of any page. Raises Unread(DRIFT) without id or name."""
    uid, name = ident(user.get("id"), user.get("idstr")), words(user.get("screen_name"))
    if not uid:
        raise drift(f"{path}.id", "数字编号")
    if not name:
        raise drift(f"{path}.screen_name", "名称")
    verified, allow = user.get("verified"), user.get("allow_all_comment")
    kind, about = code(user.get("verified_type")), user.get("description")
    return Profile(
        uid=uid,
        name=name,
        domain=words(user.get("domain")),
        verified=verified if isinstance(verified, bool) else None,
        kind="" if kind is None else str(kind),
        reason=words(user.get("verified_reason")),
        description=words(about) if isinstance(about, str) else None,
        statuses=count(user.get("statuses_count")),
        allow_all=allow if isinstance(allow, bool) else None,
    )


def of_row(row: Row, *, whole: bool = False) -> Profile:
    """The author of a post. `verified: false` is believed from a profile only (guard 25); `whole` keeps all."""
    told = of_user(child(row.raw, "user"), f"{row.path}.user")
    return told if whole else replace(told, verified=told.verified or None, allow_all=None, statuses=None)


def verification(who: Profile) -> Seen | Unseen:
    """The aspect verification; a missing field is unknown, never false."""
    if who.verified is None:
        return Unseen(outcome=Outcome.NOT_OBSERVABLE, detail="页面没有给出认证状态")
    return Seen(value=Verification(verified=who.verified, kind=who.kind, subject=who.reason), outcome=who.outcome)


def bio(who: Profile) -> Seen | Unseen:
    """The aspect bio."""
    if who.description is None:
        return Unseen(outcome=Outcome.NOT_OBSERVABLE, detail="页面没有给出简介")
    return Seen(value=Bio(text=who.description), outcome=who.outcome)


def _merged(exchange: Exchange) -> Table | None:
    try:
        answer = table(json_of(exchange.body).value, "应答")
    except Surprise:
        return None
    return answer if exchange.status == 200 and "ok" not in answer and {"uid", "nickname"} <= answer.keys() else None


def _tabs(data: Table) -> tuple[str, ...]:
    told = data.get("tabList")
    named = (words(one.get("tabName")) for one in told if isinstance(one, dict)) if isinstance(told, list) else ()
    return tuple(name for name in named if name)


def _labels(data: Table) -> tuple[str, ...]:
    told = [f"注册时间 {words(data.get('created_at'))}"] if words(data.get("created_at")) else []
    labels = data.get("label_desc")
    for label in labels if isinstance(labels, list) else []:
        if isinstance(label, dict) and words(label.get("name")):
            told.append(f"平台标签 {words(label.get('name'))}")
    return tuple(told)
