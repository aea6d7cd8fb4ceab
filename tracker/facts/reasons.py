"""Why something is 未能核查, in the words that the list prints (one table, used everywhere)."""

from collections.abc import Mapping

from tracker.model import Outcome, Unseen

REASONS: Mapping[Outcome, str] = {
    Outcome.LOGIN_WALL: "需要登录态",
    Outcome.CHALLENGE: "平台要求验证,通道已停,待人工",
    Outcome.RATE_LIMITED: "平台限制访问频率,本次未再访问",
    Outcome.REFUSED: "平台拒绝访问",
    Outcome.AUTH: "授权失效或权限不足",
    Outcome.QUOTA: "接口当日次数已用完",
    Outcome.AMBIGUOUS_EMPTY: "页面为空,不能断定没有内容",
    Outcome.INCONSISTENT: "读到的内容互相矛盾或不是该账号",
    Outcome.FOREIGN_ROWS: "列表里是别的账号的内容",
    Outcome.DRIFT: "页面结构有变化,程序未读懂",
    Outcome.TRANSPORT: "网络没有应答",
    Outcome.NOT_OBSERVABLE: "该途径看不到这一项",
    Outcome.NOT_RECORDED: "本次没有查看",
    Outcome.PARTIAL: "只看到部分内容",
    Outcome.RESTRICTED: "账号限制了可见范围",
    Outcome.GONE: "平台称账号不存在,待另日再次核实",
    Outcome.EMPTY: "列表为空,待另日再次核实",
    Outcome.ITEM_GONE: "链接的内容已不存在",
    Outcome.OK: "没有这一项的记录",
}
"""Outcome → the clause that is printed when the adapter gave no better one."""


def reason(unseen: Unseen) -> str:
    """The clause for the 未能核查 list: what the outcome means, and the adapter's own words where it had some."""
    general = REASONS[unseen.outcome]
    if unseen.detail.startswith(general):
        return unseen.detail
    return f"{general}({unseen.detail})" if unseen.detail else general
