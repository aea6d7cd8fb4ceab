"""新浪微博: weibo.com in a browser with the office's own login, pasted post links, and recorded pages of both sites."""

from collections.abc import Mapping, Sequence

from adapters.weibo.ids import HOSTS, PAGES, claims, ids_in
from adapters.weibo.plan import MOST, SESSION, following
from adapters.weibo.reading import read
from adapters.weibo.redaction import redact
from tracker.adapter import Ask, Fitness, Need, Pace, Proof
from tracker.model import Aspect, Exchange, Observation, Route, Visit


class Weibo:
    """The adapter of 新浪微博 (formats/weibo.md). Id kinds: `uid` decides; `domain`, `screen_name` are hints from addresses."""

    platform = "weibo"
    title = "新浪微博"
    hosts = HOSTS
    sees: Mapping[Aspect, tuple[Route, ...]] = {
        Aspect.EXISTENCE: (Route.BROWSER, Route.LINK),
        Aspect.VERIFICATION: (Route.BROWSER, Route.LINK),
        Aspect.POSTS: (Route.BROWSER, Route.LINK),
        Aspect.COMMENT_POLICY: (Route.BROWSER, Route.LINK),
        Aspect.REPLIES: (Route.BROWSER, Route.LINK),
        Aspect.LIKES: (Route.BROWSER,),
        Aspect.BIO: (Route.BROWSER,),
    }
    needs: tuple[Need, ...] = (Need(route=Route.BROWSER, auth=SESSION, title="本单位微博账号在 weibo.com 的登录态(由专人登录)"),)
    pace = Pace(between_accounts=(30.0, 60.0), between_requests=2.0, control_every=20, most_requests=MOST)
    fitness = Fitness(control="2803301701", title="人民日报")
    proof = Proof(empty_visits=2, gone_visits=2, days_apart=1, control=True)
    pages: Mapping[str, str] = PAGES

    def ids(self, text: str) -> Mapping[str, str]:
        """Ids in a registry cell or link: 2803301701, UID：…, weibo.com/u/…, /<domain>, /n/<name>, m.weibo.cn/u/… (§1)."""
        return ids_in(text)

    def claims(self, url: str) -> bool:
        """Whether a link is an account or post page of weibo.com or m.weibo.cn."""
        return claims(url)

    def next(self, visit: Visit, so_far: Sequence[Exchange]) -> tuple[Ask, ...]:
        """The account's or post's page, the list's second page or the mobile site's if it is needed, then tabs and comments."""
        return following(visit, so_far)

    def redact(self, exchange: Exchange) -> bytes:
        """The body without commenters, strangers, tokens and phone numbers; ids of the account itself stay."""
        return redact(exchange)

    def read(self, visit: Visit, exchanges: Sequence[Exchange]) -> Observation:
        """What the exchanges say of the account, or of whoever the pasted link shows."""
        return read(visit, exchanges)
