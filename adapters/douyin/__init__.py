"""抖音 (formats/douyin.md): the public account page in an ordinary browser, with the session of an agency-owned account."""

from collections.abc import Mapping, Sequence

from adapters.douyin.ids import ids_in, item_in, short_in
from adapters.douyin.plan import MOST, following
from adapters.douyin.reading import read
from adapters.douyin.redaction import redact
from tracker.adapter import Ask, Fitness, Need, Pace, Proof
from tracker.model import Aspect, Exchange, Observation, Route, Visit
from tracker.payload import host_of


class Douyin:
    """The adapter. Without a session the works list is only a lower bound (guard 3); a single pasted work is one, too."""

    platform = "douyin"
    title = "抖音"
    hosts = frozenset({"www.douyin.com", "www-hj.douyin.com", "www.iesdouyin.com", "v.douyin.com"})
    sees: Mapping[Aspect, tuple[Route, ...]] = {
        Aspect.EXISTENCE: (Route.BROWSER, Route.LINK),
        Aspect.VERIFICATION: (Route.BROWSER, Route.LINK),
        Aspect.POSTS: (Route.BROWSER, Route.LINK),
        Aspect.COMMENT_POLICY: (Route.BROWSER, Route.LINK),
        Aspect.REPLIES: (Route.BROWSER, Route.LINK),
        Aspect.LIKES: (Route.BROWSER,),
        Aspect.BIO: (Route.BROWSER,),
    }
    needs: tuple[Need, ...] = (
        Need(route=Route.BROWSER, auth="session", title="本机关自有抖音账号的登录状态（未登录时最新日期只是下限）"),
    )
    pace = Pace(between_accounts=(20.0, 60.0), between_requests=5.0, rest_every=10, rest_for=300.0, most_requests=MOST)
    fitness = Fitness(control="MS4wLjABAAAAgq8cb7cn9ByhZbmx-XQDdRTvFzmJeBBXOUO4QflP96M", title="央视新闻")
    proof = Proof(empty_visits=2, gone_visits=2, days_apart=1, control=True)
    pages: Mapping[str, str] = {
        "profile": r"/aweme/v1/web/user/profile/other/",
        "works": r"/aweme/v1/web/aweme/post/",
        "detail": r"/aweme/v1/web/aweme/detail/",
        "comments": r"/aweme/v1/web/comment/list/",
        "favorite": r"/aweme/v1/web/aweme/favorite/",
        "share_profile": r"iesdouyin\.com/web/api/v2/user/info/",
        "item": r"/(?:video|note)/\d+|[?&]modal_id=\d+",
        "home": r"/user/|v\.douyin\.com/",
    }

    def ids(self, text: str) -> Mapping[str, str]:
        """`sec_uid` from a link or the bare key, `uid` from `uid=…`, else the 抖音号 as `unique_id`."""
        return ids_in(text)

    def claims(self, url: str) -> bool:
        """Account, work and short links on our hosts."""
        ours = host_of(url, "http", "https") in self.hosts
        return ours and bool(item_in(url) or short_in(url) or "sec_uid" in ids_in(url))

    def next(self, visit: Visit, so_far: Sequence[Exchange]) -> tuple[Ask, ...]:
        """One page, one more look where the list is empty but goes on (guard 4); likes and comments where they are wanted."""
        return following(visit, so_far)

    def redact(self, exchange: Exchange) -> bytes:
        """Without commenters and secrets; ids of others become marks that name nobody."""
        return redact(exchange)

    def read(self, visit: Visit, exchanges: Sequence[Exchange]) -> Observation:
        """What the visit says; a surprise is `drift`, never an exception."""
        return read(visit, exchanges)
