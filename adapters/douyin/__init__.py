"""抖音 (formats/douyin.md): the public account page in an ordinary browser, with the session of an agency-owned account."""

from collections.abc import Mapping, Sequence

from adapters.douyin.answers import captcha_title, envelope
from adapters.douyin.ids import ids_in, item_in, short_in
from adapters.douyin.reading import read
from adapters.douyin.redaction import redact
from tracker.adapter import Ask, Await, Fitness, Need, Pace, Proof, Scroll, asked_ids, attempt
from tracker.model import Aspect, Exchange, Observation, Route, Visit
from tracker.payload import Json, host_of

_PROFILE = Await(page="profile", url_pattern=r"/aweme/v1/web/user/profile/other/\?")
_WORKS = Await(page="works", url_pattern=r"/aweme/v1/web/aweme/post/\?")
_DETAIL = Await(page="detail", url_pattern=r"/aweme/v1/web/aweme/detail/\?")


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
        Aspect.BIO: (Route.BROWSER,),
    }
    needs: tuple[Need, ...] = (
        Need(route=Route.BROWSER, auth="session", title="本机关自有抖音账号的登录状态（未登录时最新日期只是下限）"),
    )
    pace = Pace(between_accounts=(20.0, 60.0), between_requests=5.0, rest_every=10, rest_for=300.0)
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
        """One page; then at most one more look, where the list is empty but goes on (guard 4)."""
        if not so_far:
            return _first(visit)
        sec_uid = asked_ids(visit, ids_in).get("sec_uid")
        return _further(sec_uid, so_far) if visit.account and sec_uid else ()

    def redact(self, exchange: Exchange) -> bytes:
        """Without commenters and secrets; ids of others become marks that name nobody."""
        return redact(exchange)

    def read(self, visit: Visit, exchanges: Sequence[Exchange]) -> Observation:
        """What the visit says; a surprise is `drift`, never an exception."""
        return read(visit, exchanges)


def _first(visit: Visit) -> tuple[Ask, ...]:
    if item := item_in(visit.url):
        kind = "note" if "/note/" in visit.url else "video"
        return (Ask(page="item", url=f"https://www.douyin.com/{kind}/{item}", auth="session", await_=(_DETAIL,)),)
    if sec_uid := asked_ids(visit, ids_in).get("sec_uid"):
        return (Ask(page="home", url=_home(sec_uid), auth="session", await_=(_PROFILE, _WORKS)),)
    short = short_in(visit.url) or short_in(visit.account.url if visit.account else "")
    awaited = (_DETAIL, _PROFILE, _WORKS)
    return (Ask(page="home", url=short, auth="session", await_=awaited),) if short else ()


def _home(sec_uid: str) -> str:
    return f"https://www.douyin.com/user/{sec_uid}"


def _further(sec_uid: str, so_far: Sequence[Exchange]) -> tuple[Ask, ...]:
    """At most one reload, and nothing after a refusal: a wall is never worked around."""
    answers = [(one.page, attempt(one.page, envelope, one)) for one in so_far if one.page in ("profile", "works")]
    walled = any(not isinstance(body, Json) for _, body in answers) or any(captcha_title(one) for one in so_far)
    lists = [body for page, body in answers if page == "works" and isinstance(body, Json)]
    reloaded = sum(one.page == "home" for one in so_far) > 1 or len(lists) > 2
    if walled or reloaded or not lists or not all(_empty_but_more(body) for body in lists):
        return ()
    return (Ask(page="home", url=_home(sec_uid), auth="session", await_=(_WORKS,), steps=(Scroll(times=2),)),)


def _empty_but_more(body: Json) -> bool:
    return body.at("aweme_list").value == [] and body.at("has_more").value in (1, True)
