"""Worlds for long runs: accounts that any visitor may look at, at the present day, and links to paste."""

from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

from tests.e2e.living import settle
from tests.platforms import ids
from tests.platforms.world import World, WorldAccount, WorldPost, article_url
from tracker import settings
from tracker.clock import day

CONTROLS = {
    "toutiao": "https://www.toutiao.com/c/user/token/{token}/",
    "douyin": "https://www.douyin.com/user/{sec_uid}",
}
"""Platforms whose lanes are proved by a control account, and its address."""
KINDS = {"toutiao": "今日头条", "douyin": "抖音", "weixin": "微信订阅号"}


def world(now: datetime, **counts: int) -> World:
    """So many accounts of each platform, all of which posted yesterday, and the control accounts, which are not filed."""
    made = [account(platform, n, now) for platform, count in counts.items() for n in range(1, count + 1)]
    return World(accounts=(*made, *(control(platform, now) for platform in CONTROLS)), today=day(now), now=now)


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


def control(platform: str, now: datetime) -> WorldAccount:
    """The account that proves a lane of this platform fit."""
    return replace(account(platform, 0, now), name=f"示例对照{platform}", filed=False)


def settled(root: Path, shown: World) -> None:
    """A workspace with the world's accounts, links, and control accounts."""
    with settle(root, shown, links(shown)):
        pass
    told = [f'{one.platform} = "{CONTROLS[one.platform].format(**one.ids)}"' for one in shown.accounts if not one.filed]
    with (root / settings.FILE).open("a", encoding="utf-8") as file:
        file.write("\n".join(["", "[control]", *told, ""]))


def links(shown: World) -> str:
    """The newest article of every weixin account, as a clerk would paste them."""
    return "\n".join(article_url(one, one.posts[0]) for one in shown.accounts if one.filed and one.platform == "weixin")
