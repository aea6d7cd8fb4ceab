"""Invented posts, likes and menus, the same on every run."""

import random
from datetime import datetime, time, timedelta

from tests.platforms.world import MenuItem, WorldLike, WorldPost
from tests.samples import roles
from tests.samples.units import Unit
from tracker.clock import SHANGHAI

SEED = "示例市2026Q4"
TOPICS = (
    "召开安全生产工作会议",
    "公布便民服务热线办理情况",
    "开展政策宣讲进社区活动",
    "发布近期办事提醒",
    "部署秋冬季重点工作",
    "公开招聘公告",
    "举办政务公开日活动",
    "通报项目建设进展",
    "解读惠民补贴申领办法",
    "提示天气变化注意事项",
    "开展志愿服务",
    "征集群众意见建议",
)
SILENT_MENU = (
    MenuItem(name="政务公开", children=(MenuItem(name="机构职能", url="https://www.shili.example/jg"),)),
    MenuItem(name="工作动态", url="https://www.shili.example/dt"),
)
OPEN_MENU = (*SILENT_MENU, MenuItem(name="互动交流", children=(MenuItem(name="咨询投诉", url="https://www.shili.example/zx"),)))
COMMERCE = (
    ("示例优选商城", "900090001", 2, "双十一山货礼盒限时抢购"),
    ("示例美食日记", "900090002", 0, "今天打卡了一家火锅店"),
    ("示例数码铺", "900090003", 2, "新款耳机到店，点赞抽奖"),
)
PUBLIC = (("示例省发布", "900090011", 1, "全省政务公开工作会议召开"), ("示例日报", "900090012", 3, "我市多措并举优化营商环境"))


def rng(*words: str) -> random.Random:
    """A generator that depends on the sample's seed and `words` only."""
    return random.Random(f"{SEED}|{'|'.join(words)}")


def at(days_ago: int, draw: random.Random) -> datetime:
    """An office hour `days_ago` days before the check; of the check day only hours before noon."""
    hour = draw.randint(8, 10 if days_ago == 0 else 17)
    day = roles.TODAY - timedelta(days=days_ago)
    return datetime.combine(day, time(hour, draw.randint(0, 59), draw.randint(0, 59)), SHANGHAI)


def posts(platform: str, unit: Unit) -> tuple[WorldPost, ...]:
    """About eight weeks of posts, never more than five days apart, the newest as the account's role says."""
    key = f"{platform}:{unit.name}"
    draw = rng("posts", key)
    newest = roles.STALE.get(key, draw.randint(1, 6) if unit.name in roles.GRANTED else draw.randint(0, 6))
    found, ago = [], newest
    while ago < newest + 56:
        found.append(_post(platform, key, unit, len(found), ago, draw))
        ago += draw.randint(2, 5)
    if key in roles.PINNED:
        found.append(WorldPost(at=at(300, draw), title=f"{unit.organisation}工作职责", pinned=True, comments=3))
    return tuple(found)


def _post(platform: str, key: str, unit: Unit, n: int, ago: int, draw: random.Random) -> WorldPost:
    title = f"{unit.organisation}{draw.choice(TOPICS)}"
    when, comments, form = at(ago, draw), draw.randint(1, 12), draw.choice(("article", "article", "ugc", "video"))
    if platform != "weixin":
        return WorldPost(at=when, title=title, comments=comments, form=form, repost=key in roles.REPOSTING and n % 2 == 1)
    silent = key in roles.SILENT_BY_OWNER or key in roles.SILENT_BY_CLERK
    footer = roles.FOOTERS.get(key, "neutral" if unit.name in roles.NEUTRAL else "") if n == 0 else ""
    return WorldPost(
        at=when,
        title=title,
        comments=0 if silent else comments,
        can_comment=not silent,
        show_type=8 if unit.name in roles.PICTURES and n == 0 else 0,
        notified=n % 3 != 2,
        footer=footer,
    )


def likes(key: str) -> tuple[WorldLike, ...]:
    """The 赞过 rows of a weibo account."""
    draw = rng("likes", key)
    source = COMMERCE if key in roles.LIKES else PUBLIC if key in roles.GOOD_LIKES else ()
    told = [(at(draw.randint(2, 20), draw), *like) for like in source]
    return tuple(
        WorldLike(at=when, owner=owner, owner_id=uid, verified_type=kind, text=text) for when, owner, uid, kind, text in told
    )


def menu(key: str) -> tuple[MenuItem, ...]:
    """What the owner's menu offers."""
    return SILENT_MENU if key in roles.SILENT_BY_OWNER else OPEN_MENU
