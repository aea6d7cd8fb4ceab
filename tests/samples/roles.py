"""What each account of the sample is there to show, by platform:name. Who is not named here simply passes."""

from dataclasses import dataclass
from datetime import date

TODAY = date(2026, 11, 6)
WINDOW = (date(2026, 10, 26), date(2026, 11, 6))
"""The check window that the form prints."""
LOOK_BACK = (date(2026, 10, 1), date(2026, 11, 6))
"""The days to ask an owner's interface for: longer than the window, else two weeks of silence cannot be shown."""

STALE = {"weixin:示例统计": 23, "weixin:乙水农业": 31, "weibo:示例水利": 26, "weibo:丁塬教体": 45, "toutiao:丙河发布": 19}
"""UPD-01: days since the last post on the check day."""

SILENT_BY_OWNER = ("weixin:示例审计", "weixin:示例气象", "weixin:甲山城关")
"""INT-01, seen in the owner's data: no menu entry, no comments, no auto-reply."""
SILENT_BY_CLERK = ("weixin:示例医保", "weixin:示例邮政管理", "weixin:乙水卫健", "weixin:丙河教体", "weixin:戊岭农业")
"""INT-01, stated on the clerk's sheet."""

LIKES = ("weibo:示例税务", "weibo:丁塬公安")
"""CNT-02: likes of commercial and personal posts."""

FOOTERS = {
    "weixin:示例文旅": "product",
    "weixin:示例退役军人": "shop",
    "weixin:甲山卫健": "phrase:长按识别二维码，立即抢购示例牌山货礼盒，扫码购买享优惠券",
}
"""CNT-03: what stands at the bottom of the pasted article."""

WALLS = {"weibo:戊岭教体": "login_wall", "douyin:戊岭公安": "captcha"}
"""The last rows of 微博 and 抖音: the fault that they meet."""

GRANTED = ("示例统计", "乙水农业", "示例审计", "示例气象", "甲山城关")
GRANTED += ("示例发布", "示例教育", "示例人社", "示例卫健", "示例市监", "丙河发布", "丁塬发布")
"""weixin names whose owners gave AppID and secret."""

SHEET_DATES = {"示例科技": "2026-11-3", "示例商务": "11.5", "丁塬城关": "11月4日", "戊岭城关": "2026. 11. 2"}
"""weixin names without a pasted link: 最后更新日期 as the clerk wrote it."""

PICTURES = ("示例民政", "示例交通", "甲山教体", "戊岭发布")
"""weixin names whose newest article is of item_show_type 8."""
NEUTRAL = ("示例信访", "乙水公安", "丁塬农业")
"""weixin names whose article ends with a neutral card: no finding."""
TWO_LINKS = ("示例公安", "示例财政", "乙水发布", "丙河卫健", "示例文旅")
"""weixin names with two pasted links."""
BY_ALIAS = ("示例财政", "甲山公安", "戊岭公安")
"""weixin names filed by 微信号 instead of 原始ID."""
WITHOUT_ID = ("示例科技", "乙水教体", "戊岭发布")
"""weixin names filed without any id: links are matched by name."""
BY_DOMAIN = {"示例生态环境": "shiliinvented01", "乙水公安": "shiliinvented02"}
"""weibo names filed by their page address instead of the UID."""

PINNED = ("weibo:示例发布", "weibo:示例公安", "weibo:甲山发布", "weibo:示例水利", "weibo:丙河公安", "toutiao:示例发布")
PINNED += ("toutiao:丙河发布", "douyin:示例公安")
"""Lists that a pinned old post leads."""
REPOSTING = ("weibo:示例司法", "weibo:乙水发布", "weibo:戊岭发布", "toutiao:示例应急")
"""Every other post is a repost."""
GOOD_LIKES = ("weibo:示例教育", "weibo:示例卫健", "weibo:戊岭公安")
"""Likes of government and media accounts: no finding."""
LOWER_BOUND = "douyin:甲山公安"
"""A works list with the login tip that still shows a fresh work."""


BEYOND = "weixin:乙水农业"
"""Silent for longer than a visit looks back: not one post was seen, so that a person confirms it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Expected:
    """What judging must come to. `verdict`: failed, passed or unchecked; `code` of the one finding; `reason`: the outcome met."""

    verdict: str
    code: str = ""
    reason: str = ""
    confirmed_by: str = ""
    """`decision` where a candidate is confirmed by decisions.csv, `sheet` where the clerk reported it; else empty."""


def expected_of(key: str) -> Expected:
    """The expectation for `platform:name`."""
    if key in STALE:
        return Expected(verdict="failed", code="UPD-01", confirmed_by="decision" if key == BEYOND else "")
    if key in SILENT_BY_OWNER:
        return Expected(verdict="failed", code="INT-01", confirmed_by="decision")
    if key in SILENT_BY_CLERK:
        return Expected(verdict="failed", code="INT-01", confirmed_by="sheet")
    if key in LIKES:
        return Expected(verdict="failed", code="CNT-02", confirmed_by="decision")
    if key in FOOTERS:
        return Expected(verdict="failed", code="CNT-03", confirmed_by="decision")
    if key in WALLS:
        return Expected(verdict="unchecked", reason={"captcha": "challenge"}.get(WALLS[key], WALLS[key]))
    return Expected(verdict="passed")
