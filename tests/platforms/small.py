"""A small world, one or two accounts per platform, for tests of the fake platforms themselves."""

from datetime import date, datetime, timedelta

from tests.platforms import ids
from tests.platforms.faults import Fault
from tests.platforms.world import Grant, MenuItem, World, WorldAccount, WorldLike, WorldPost
from tracker.clock import SHANGHAI

TODAY = date(2026, 11, 6)
NOON = datetime(2026, 11, 6, 12, tzinfo=SHANGHAI)


def posts(count: int = 25, **more: object) -> tuple[WorldPost, ...]:
    """One post every two days, the first yesterday at nine."""
    first = datetime(2026, 11, 5, 9, 30, 15, tzinfo=SHANGHAI)
    return tuple(
        WorldPost(at=first - timedelta(days=2 * n), title=f"示例工作动态{n}", comments=n % 4, **more)  # type: ignore[arg-type]
        for n in range(count)
    )


PINNED = WorldPost(at=datetime(2025, 12, 1, 9, tzinfo=SHANGHAI), title="示例置顶", pinned=True)
LIKE = WorldLike(
    at=datetime(2026, 10, 1, 9, tzinfo=SHANGHAI), owner="示例日报", owner_id="900090012", verified_type=3, text="要闻"
)
MENU = (MenuItem(name="互动", children=(MenuItem(name="咨询", url="https://www.shili.example/zx"),)),)


def world(*faults: Fault) -> World:
    """The small world, with these faults from the start."""
    common = {"organisation": "示例市示例局", "bio": "虚构示例"}
    weibo = WorldAccount(
        **common, platform="weibo", name="示例微博", kind="新浪微博", posts=(*posts(), PINNED), likes=(LIKE,),
        ids={"uid": "900010001", "domain": "shiliinvented09"},
    )  # fmt: skip
    weixin = WorldAccount(
        **common, platform="weixin", name="示例公众号", kind="微信订阅号",
        posts=(*posts(6), *(picture() for _ in range(1)), unannounced()),
        ids={"user_name": "gh_000000000001", "biz": ids.biz(9_000_000_001), "alias": "shili_sample"},
        grant=Grant(appid="wx0000000000000001", secret="0" * 32, menu=MENU),
    )  # fmt: skip
    other = WorldAccount(
        **common, platform="weixin", name="示例另一个号", kind="微信订阅号", posts=posts(2),
        ids={"user_name": "gh_000000000002", "biz": ids.biz(9_000_000_002)},
    )  # fmt: skip
    toutiao = WorldAccount(
        **common, platform="toutiao", name="示例头条", kind="今日头条", posts=(*posts(), PINNED),
        ids={"user_id": "9000040001", "token": ids.sec_uid("toutiao", 1), "media_id": "9000540001"},
    )  # fmt: skip
    douyin = WorldAccount(
        **common, platform="douyin", name="示例抖音", kind="抖音", posts=(*posts(), PINNED),
        ids={"sec_uid": ids.sec_uid("douyin", 1), "uid": "900050001", "unique_id": "shilidouyin"},
    )  # fmt: skip
    made = World(accounts=(weibo, weixin, other, toutiao, douyin), today=TODAY)
    for fault in faults:
        made.faults.put(fault.name, platform=fault.platform, account=fault.account, times=fault.times, arg=fault.arg)
    return made


def picture() -> WorldPost:
    """A weixin post of item_show_type 8."""
    return WorldPost(at=datetime(2026, 11, 2, 18, 30, tzinfo=SHANGHAI), title="示例图片", show_type=8)


def unannounced() -> WorldPost:
    """A weixin post without 通知: freepublish lists it."""
    return WorldPost(at=datetime(2026, 10, 30, 10, tzinfo=SHANGHAI), title="示例发表", notified=False, footer="product")
