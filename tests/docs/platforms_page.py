"""docs/platforms.md: what each adapter declares of itself, and what every outcome of a look means for the lane."""

from collections.abc import Iterator

from adapters import ADAPTERS
from tests.docs.table import NOTICE, table
from tracker.adapter import Adapter, Pace, Proof
from tracker.facts.reasons import REASONS
from tracker.model import HALF_KNOWLEDGE, HANDLING, KNOWLEDGE, Aspect, Handling, Outcome, Route

ASPECTS = {
    Aspect.EXISTENCE: "账号在不在",
    Aspect.VERIFICATION: "认证",
    Aspect.POSTS: "发布日期",
    Aspect.COMMENT_POLICY: "评论开没开",
    Aspect.REPLIES: "回复留言",
    Aspect.LIKES: "点赞",
    Aspect.MENU: "菜单和自动回复",
    Aspect.FOOTERS: "页面底部",
    Aspect.BIO: "简介",
}
ROUTES = {
    Route.API: "主人授权的接口",
    Route.HTTP: "直接打开网页",
    Route.BROWSER: "浏览器打开账号主页",
    Route.FEED: "订阅源",
    Route.LINK: "粘贴的链接",
    Route.MANUAL: "人工检查表",
}
LANES = {
    Handling.GO_ON: "接着看下一个",
    Handling.RETRY: "隔几秒再试,试几次不成就记下,接着看下一个",
    Handling.REST: "这个通道本次停下,下次巡检再看",
    Handling.STOP: "这个通道本次停下,要人来处理",
    Handling.FREEZE: "接着看下一个;该账号不下结论,请交开发人员核对",
}
GOOD = {Outcome.OK: "看懂了", Outcome.EMPTY: "平台称没有任何内容", Outcome.GONE: "平台称账号不存在"}


def page() -> str:
    """The whole page, ending in a line end."""
    parts = ["# 平台", NOTICE, *_intro()]
    for adapter in ADAPTERS:
        parts += _adapter(adapter)
    parts += ["## 一次查看会有哪些结果", *_outcomes()]
    return "\n\n".join(parts) + "\n"


def _intro() -> Iterator[str]:
    yield "每个平台能看到什么、靠什么途径看到。一格里有几种途径的,排在前面的优先;空着的,程序看不到,要靠人工检查表。"
    head = ("检查项", *(adapter.title for adapter in ADAPTERS))
    yield table(head, ((name, *(_routes(adapter, aspect) for adapter in ADAPTERS)) for aspect, name in ASPECTS.items()))
    yield "人工检查表对任何平台、任何检查项都可用,不在表中重复。别的平台(快手、百家号等)目前只能用人工检查表。"


def _routes(adapter: Adapter, aspect: Aspect) -> str:
    return "、".join(ROUTES[route] for route in adapter.sees.get(aspect, ()))


def _adapter(adapter: Adapter) -> Iterator[str]:
    yield f"## {adapter.title}(`{adapter.platform}`)"
    yield table(("项目", "内容"), _facts(adapter))


def _facts(adapter: Adapter) -> Iterator[tuple[str, str]]:
    yield "只打开这些网站", "、".join(f"`{host}`" for host in sorted(adapter.hosts))
    if not adapter.needs:
        yield "需要什么", "不需要登录"
    for need in adapter.needs:
        yield f"“{ROUTES[need.route]}”需要", need.title
    yield "节奏", _pace(adapter.pace)
    if adapter.pace.most_requests:
        yield "看一个账号最多", f"{adapter.pace.most_requests} 次请求(点赞、留言只在口径要查时才另外打开)"
    yield "断定“从未发布”", _proof(adapter.proof, adapter.proof.empty_visits)
    yield "断定“账号不存在”", _proof(adapter.proof, adapter.proof.gone_visits)


def _pace(pace: Pace) -> str:
    low, high = pace.between_accounts
    told = f"看完一个账号隔 {low:g}–{high:g} 秒再看下一个,两次请求之间至少 {pace.between_requests:g} 秒"
    return f"{told};每 {pace.rest_every} 个账号歇 {pace.rest_for:g} 秒" if pace.rest_every else told


def _proof(proof: Proof, visits: int) -> str:
    control = ",并且同一批次里看到了该平台别的账号" if proof.control else ""
    return f"要有 {visits} 次一致的结果,每次相隔 {proof.days_apart} 天以上{control}"


def _outcomes() -> Iterator[str]:
    yield "凡是“没看到”的,既不算有问题,也不算合格:必须查清的规则因此没有查清,就是未能核查,并写明原因。"
    head = ("代码", "意思", "能作什么结论", "通道怎么办")
    yield table(head, ((f"`{one}`", GOOD.get(one, REASONS[one]), _worth(one), LANES[HANDLING[one]]) for one in Outcome))


def _worth(outcome: Outcome) -> str:
    if outcome in (Outcome.EMPTY, Outcome.GONE):
        return "算一次,次数不够不下结论"
    if outcome in KNOWLEDGE:
        return "看到了"
    return "只能证明更新过,不能证明没更新" if outcome in HALF_KNOWLEDGE else "没看到"
