"""The account's about page: 简介, 微信号, 认证类型, 认证主体 (formats/weixin.md §2). It shows no account name."""

from collections.abc import Mapping

from adapters.weixin import article, dom, status
from adapters.weixin.answers import refuse
from adapters.weixin.ids import disagreement, ids_in, remarks
from tracker.adapter import Unread, blind, unseen
from tracker.model import Account, Aspect, Bio, Exchange, Identity, Observation, Outcome, Seen, Unseen, Verification

ASPECTS = (Aspect.EXISTENCE, Aspect.VERIFICATION, Aspect.BIO)


def read(account: Account | None, exchange: Exchange) -> Observation:
    """Existence, verification and bio of an about page; never raises."""
    try:
        return _read(account, exchange)
    except Unread as error:
        why = unseen(error, "账号资料页")
        return article.unread(account, exchange, why) if why.outcome is Outcome.GONE else blind(ASPECTS, why)


def _read(account: Account | None, exchange: Exchange) -> Observation:
    refuse(exchange)
    tree = dom.parse(exchange.body)
    if next(dom.by_class(tree, "about-page"), None) is None:
        raise status.verdict(tree, exchange.body)
    lines = _lines(tree)
    identity = Identity(ids=_ids(tree, lines), name="")
    wrong = disagreement(account, identity)
    if wrong:
        raise Unread(Outcome.INCONSISTENT, wrong)
    aspects = {
        Aspect.EXISTENCE: Seen(value=identity),
        Aspect.VERIFICATION: _verification(lines),
        Aspect.BIO: _bio(lines),
    }
    return Observation(outcome=Outcome.OK, aspects=aspects, notes=(*remarks(account, identity), *_notes(lines)))


def _lines(tree: dom.Tree) -> Mapping[str, str]:
    """Title → text of each block of the page; a block's title may stand alone."""
    lines: dict[str, str] = {}
    for block in dom.by_class(tree, "item-info"):
        title, text = next(dom.by_class(block, "item-title"), None), next(dom.by_class(block, "item-desc"), None)
        if title is not None and text is not None:
            lines.setdefault(dom.text_of(title), dom.text_of(text))
    return lines


def _ids(tree: dom.Tree, lines: Mapping[str, str]) -> Mapping[str, str]:
    links = [node.get("href") or "" for node in tree.iter("a")]
    biz = next((told["biz"] for link in links if "biz" in (told := ids_in(link))), "")
    ids = {"alias": lines.get("微信号", ""), "biz": biz}
    return {kind: value for kind, value in ids.items() if value}


def _verification(lines: Mapping[str, str]) -> Seen | Unseen:
    """认证类型 and 认证主体 together prove verification; a page without them was never recorded."""
    kind, subject = lines.get("认证类型", ""), lines.get("认证主体", "")
    if subject:
        return Seen(value=Verification(verified=True, kind=kind, subject=subject))
    return Unseen(outcome=Outcome.NOT_RECORDED, detail="账号资料页没有认证主体一栏")


def _bio(lines: Mapping[str, str]) -> Seen | Unseen:
    if "公众号简介" in lines:
        return Seen(value=Bio(text=lines["公众号简介"]))
    return Unseen(outcome=Outcome.NOT_RECORDED, detail="账号资料页没有公众号简介一栏")


def _notes(lines: Mapping[str, str]) -> tuple[str, ...]:
    services = lines.get("授权第三方服务", "")
    return (f"授权第三方服务:{services}",) if services else ()
