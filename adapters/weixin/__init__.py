"""The adapter of 微信公众号 (formats/weixin.md): owner interfaces, pasted article links, operator feeds."""

from collections.abc import Mapping, Sequence

from adapters.weixin import about, article, authorizer, feed, lists, owner, plan, targets
from adapters.weixin.ids import claims, ids_in
from adapters.weixin.redaction import redact
from tracker.adapter import Ask, Fitness, Need, Pace, Proof, blind
from tracker.model import Aspect, Exchange, Observation, Outcome, Route, Unseen, Visit


class Weixin:
    """微信公众号. Without an owner's grant or a pasted link nothing but feeds can be read, and these prove freshness only."""

    platform = "weixin"
    title = "微信公众号"
    hosts = frozenset({"mp.weixin.qq.com", "api.weixin.qq.com"})
    sees: Mapping[Aspect, tuple[Route, ...]] = {
        Aspect.EXISTENCE: (Route.API, Route.LINK, Route.FEED),
        Aspect.VERIFICATION: (Route.LINK,),
        Aspect.POSTS: (Route.API, Route.LINK, Route.FEED),
        Aspect.COMMENT_POLICY: (Route.API, Route.LINK),
        Aspect.REPLIES: (Route.API,),
        Aspect.MENU: (Route.API,),
        Aspect.FOOTERS: (Route.LINK,),
        Aspect.BIO: (Route.LINK,),
    }
    needs: tuple[Need, ...] = (
        Need(
            route=Route.API,
            auth="owner",
            title="公众号管理员扫码授权第三方平台(首选,可随时收回);"
            "或给出 AppID 与 AppSecret(最后的选择:还能代发文章),并把本机 IP 列入 IP 白名单",
        ),
    )
    pace = Pace(between_accounts=(5.0, 9.0), between_requests=5.0, most_requests=targets.VISIT)
    fitness = Fitness(title="接口以取得凭证并读到菜单为准;文章页遇到验证页面即停")
    proof = Proof(empty_visits=2, gone_visits=2, days_apart=1, control=False)
    pages: Mapping[str, str] = {
        "totaldetail": r"^https://api\.weixin\.qq\.com/datacube/getarticletotaldetail",
        "freepublish": r"^https://api\.weixin\.qq\.com/cgi-bin/freepublish/batchget",
        "selfmenu": r"^https://api\.weixin\.qq\.com/cgi-bin/get_current_selfmenu_info",
        "autoreply": r"^https://api\.weixin\.qq\.com/cgi-bin/get_current_autoreply_info",
        "comment_list": r"^https://api\.weixin\.qq\.com/cgi-bin/comment/list",
        "menu": r"^https://api\.weixin\.qq\.com/cgi-bin/menu/get",
        "authorizer": r"^https://api\.weixin\.qq\.com/cgi-bin/component/api_get_authorizer_info",
        "album": r"^https?://mp\.weixin\.qq\.com/mp/appmsgalbum",
        "homepage": r"^https?://mp\.weixin\.qq\.com/mp/homepage",
        "about": r"^https?://mp\.weixin\.qq\.com/mp/(?:about|getverifyinfo)",
        "article": r"^https?://mp\.weixin\.qq\.com/",
        "feed": r"\.(?:rss|atom|xml|json)(?:[?#]|$)|/(?:feeds?|rss|atom)(?:[/?#]|$)",
    }

    def ids(self, text: str) -> Mapping[str, str]:
        """`user_name` (gh_…), `biz`, `appid` (wx…), `alias` (微信号) named in a registry cell or link."""
        return ids_in(text)

    def claims(self, url: str) -> bool:
        """Whether a link is an article, 合集, 页面模板, 历史消息 or about page."""
        return claims(url)

    def next(self, visit: Visit, so_far: Sequence[Exchange]) -> tuple[Ask, ...]:
        """Owner route: menu, replies, published articles, each day, comments, then the menu's links; link and feed: one page."""
        return plan.following(visit, so_far)

    def redact(self, exchange: Exchange) -> bytes:
        """The body without readers' names, openids, tokens and mobile numbers."""
        return redact(exchange.body)

    def read(self, visit: Visit, exchanges: Sequence[Exchange]) -> Observation:
        """What the exchanges say, by their page names; nothing fetched is `not_recorded` or, for a link, `not_observable`."""
        if any(exchange.page in owner.PAGES for exchange in exchanges):
            return owner.read(visit, exchanges)
        return _page(visit, exchanges[-1]) if exchanges else _nothing(visit)


def _page(visit: Visit, exchange: Exchange) -> Observation:
    match exchange.page:
        case "feed":
            return feed.read(visit.account, exchange)
        case "album" | "homepage":
            return lists.read(visit.account, exchange)
        case "authorizer":
            return authorizer.read(visit.account, exchange)
        case "about":
            return about.read(visit.account, exchange)
        case _:
            return article.read(visit.account, exchange)


def _nothing(visit: Visit) -> Observation:
    """Nothing was fetched: there was nothing that may be asked for."""
    if visit.route is Route.API:
        return blind(owner.ASPECTS, Unseen(outcome=Outcome.NOT_RECORDED, detail="没有取得任何接口应答"))
    if visit.route is Route.FEED:
        why = Unseen(outcome=Outcome.NOT_OBSERVABLE, detail="没有为该账号填写 https 订阅源地址")
        return blind(feed.ASPECTS, why)
    why = Unseen(outcome=Outcome.NOT_OBSERVABLE, detail="没有可读的文章链接,需粘贴文章链接或由人填写")
    return blind(article.ASPECTS, why)
