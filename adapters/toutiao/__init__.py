"""今日头条 (formats/toutiao.md): the public account page in an ordinary browser; no shape here was recorded after 2025."""

from collections.abc import Mapping, Sequence
from urllib.parse import urlsplit

from adapters.toutiao.ids import ids_in, item_in
from adapters.toutiao.reading import read
from adapters.toutiao.redaction import redact
from tracker.adapter import Ask, Await, Fitness, Need, Pace, Proof, asked_ids
from tracker.model import Aspect, Exchange, Observation, Outcome, Route, Visit
from tracker.payload import host_of

_FEED = Await(page="feed", url_pattern=r"/api/pc/(?:list/)?(?:user/)?feed/?\?(?:[^#]*&)?category=profile_all(?:&|$)")
_INFO = Await(page="item", url_pattern=r"m\.toutiao\.com/i\d+/info/")
_SILENT = frozenset({Outcome.AMBIGUOUS_EMPTY, Outcome.NOT_RECORDED})


class Toutiao:
    """The adapter. Lists fail silently and often: one reload, then another day. Likes are not observable."""

    platform = "toutiao"
    title = "今日头条"
    hosts = frozenset({"www.toutiao.com", "m.toutiao.com", "toutiao.com"})
    sees: Mapping[Aspect, tuple[Route, ...]] = {
        Aspect.EXISTENCE: (Route.BROWSER, Route.LINK),
        Aspect.VERIFICATION: (Route.BROWSER, Route.LINK),
        Aspect.POSTS: (Route.BROWSER, Route.LINK),
        Aspect.COMMENT_POLICY: (Route.BROWSER,),
        Aspect.BIO: (Route.BROWSER,),
    }
    needs: tuple[Need, ...] = ()
    pace = Pace(between_accounts=(20.0, 60.0), between_requests=5.0)
    fitness = Fitness(control="50502346173", title="人民网")
    proof = Proof(empty_visits=3, gone_visits=2, days_apart=1, control=True)
    pages: Mapping[str, str] = {
        "feed": r"/api/pc/(?:list/)?(?:user/)?feed/?\?",
        "comments": r"/article/v4/tab_comments/",
        "replies": r"/2/comment/v4/reply_list/",
        "item": r"toutiao\.com/(?:(?:article|video|w|group|item)/\d|i\d)",
        "home": r"toutiao\.com/c/user/",
    }

    def ids(self, text: str) -> Mapping[str, str]:
        """`user_id` (a bare number, too), `token` and `media_id` from a cell or link."""
        return ids_in(text)

    def claims(self, url: str) -> bool:
        """Account and item links on our hosts."""
        ours = host_of(url, "http", "https") in self.hosts
        return ours and bool(item_in(urlsplit(url).path) or ids_in(url))

    def next(self, visit: Visit, so_far: Sequence[Exchange]) -> tuple[Ask, ...]:
        """One page load; one reload where the list stayed away silently, never after a refusal."""
        if not so_far:
            return _first(visit)
        reload = visit.account is not None and sum(one.page == "home" for one in so_far) == 1
        return _account(visit) if reload and _silent(read(visit, so_far)) else ()

    def redact(self, exchange: Exchange) -> bytes:
        """Without commenters and secrets; ids of others become marks that name nobody."""
        return redact(exchange)

    def read(self, visit: Visit, exchanges: Sequence[Exchange]) -> Observation:
        """What the visit says; a surprise is `drift`, never an exception."""
        return read(visit, exchanges)


def _silent(seen: Observation) -> bool:
    return seen.outcome in _SILENT and seen.aspects[Aspect.POSTS].outcome in _SILENT


def _first(visit: Visit) -> tuple[Ask, ...]:
    item = item_in(visit.url)
    if not item:
        return _account(visit)
    if "//m." in visit.url:
        return (Ask(page="item", url=f"https://m.toutiao.com/i{item}/", await_=(_INFO,)),)
    kind = next((kind for kind in ("video", "w") if f"/{kind}/" in visit.url), "article")
    return (Ask(page="item", url=f"https://www.toutiao.com/{kind}/{item}/"),)


def _account(visit: Visit) -> tuple[Ask, ...]:
    ids = asked_ids(visit, ids_in)
    path = f"token/{ids['token']}" if "token" in ids else ids.get("user_id", "")
    return (Ask(page="home", url=f"https://www.toutiao.com/c/user/{path}/", await_=(_FEED,)),) if path else ()
