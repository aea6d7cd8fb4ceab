"""今日头条 (formats/toutiao.md): the public account page in an ordinary browser; no shape here was recorded after 2025."""

from collections.abc import Mapping, Sequence
from urllib.parse import urlsplit

from adapters.toutiao.ids import ids_in, item_in
from adapters.toutiao.plan import MOST, following
from adapters.toutiao.reading import read
from adapters.toutiao.redaction import redact
from tracker.adapter import Ask, Fitness, Need, Pace, Proof
from tracker.model import Aspect, Exchange, Observation, Route, Visit
from tracker.payload import host_of


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
        Aspect.REPLIES: (Route.BROWSER,),
        Aspect.BIO: (Route.BROWSER,),
    }
    needs: tuple[Need, ...] = ()
    pace = Pace(between_accounts=(20.0, 60.0), between_requests=5.0, most_requests=MOST)
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
        """One page load; one reload where the list stayed away silently; comments where they are wanted."""
        return following(visit, so_far)

    def redact(self, exchange: Exchange) -> bytes:
        """Without commenters and secrets; ids of others become marks that name nobody."""
        return redact(exchange)

    def read(self, visit: Visit, exchanges: Sequence[Exchange]) -> Observation:
        """What the visit says; a surprise is `drift`, never an exception."""
        return read(visit, exchanges)
