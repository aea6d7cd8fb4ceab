"""Worlds for long runs: accounts that any visitor may look at, at the present day, and links to paste."""

from datetime import datetime, timedelta

from tests.platforms import ids
from tests.platforms.world import World, WorldAccount, WorldPost, article_url
from tests.samples import city
from tracker.clock import day

KINDS = {"toutiao": "今日头条", "douyin": "抖音", "weixin": "微信订阅号"}


def world(now: datetime, **counts: int) -> World:
    """So many accounts of each platform, all of which posted yesterday, and the control accounts, which are not filed."""
    made = [account(platform, n, now) for platform, count in counts.items() for n in range(1, count + 1)]
    return World(accounts=(*made, *city.controls()), today=day(now), now=now)


def account(platform: str, n: int, now: datetime) -> WorldAccount:
    """One account with ten posts, two days apart."""
    told = {
        "toutiao": {"user_id": str(9_000_060_000 + n), "token": ids.sec_uid("soak", n), "media_id": str(9_000_560_000 + n)},
        "douyin": {"sec_uid": ids.sec_uid("soak", "douyin", n), "uid": str(900_070_000 + n), "unique_id": f"shilisoak{n}"},
        "weixin": {"user_name": f"gh_{n:012x}", "biz": ids.biz(9_200_000_000 + n)},
    }
    first = now.replace(microsecond=0) - timedelta(days=1)
    return WorldAccount(
        platform=platform,
        name=f"示例{platform}{n}",
        kind=KINDS[platform],
        ids=told[platform],
        organisation="示例市示例局",
        posts=tuple(WorldPost(at=first - timedelta(days=2 * k), title=f"示例动态{k}") for k in range(10)),
    )


def links(shown: World) -> str:
    """The newest article of every weixin account, as a clerk would paste them."""
    return "\n".join(article_url(one, one.posts[0]) for one in shown.accounts if one.filed and one.platform == "weixin")
