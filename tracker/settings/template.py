"""The text of tracker.toml: as a new workspace has it, and with some keys set anew."""

import json
import tomllib
from collections.abc import Mapping

from tracker.errors import UsageError
from tracker.settings.whole import FILE

TEMPLATE = """# 本工作区的设置。改过之后不需要重启。
place = {place}
# 标题里“检查期”与“政务新媒体”之间的字,例如:2026年第四季度全市政府系统政务新媒体检查不合格名单
scope = {scope}
# 地方口径:tracker rules list 列出可用的口径;自己的口径放在 profiles/ 下
profile = {profile}
# 数据库:默认是本文件旁边的一个文件;多人使用时可写 "postgresql://用户@主机/库名"
database = "sqlite:///tracker.db"
# 最终名单里的每条一票否决问题要几个人确认:2 = 一人查看或确认、另一人再确认;本单位只有一人办理的写 1
persons = {persons}

# 通报、整改通知单和账号检查报告里由本单位填写的内容,放在本文件最后。去掉行首的“# ”再填,[bulletin] 这一行也要去掉;
# 没填的在草稿里显示 ××,印发稿会拒绝并指出是哪一项。
# [bulletin]
# issuer = "示例市政务公开办公室"
# number = "示政公开办函〔2026〕12号"
# recipients = "各县、区人民政府，市政府各工作部门"
# basis = "按照《政府网站与政务新媒体检查指标》要求"
# issued = 2026-11-11
# deadline_days = 10
# contact = "示例科 0900-0000000"
# report_to = "示例市政务公开办公室"
# signature = "示例市政务公开办公室"
# public_note = "此件公开发布"
# decimals = 2
# annexes = ["noncompliant", "unseen"]
# measures = ["立即核查整改。……", "落实日常管理。……"]
# objection_days = 5

# 原始应答至少保管几个月;tracker prune 不清理比这更新的。
# [keep]
# months = 24

# 封存时请时间戳机构(RFC 3161)加盖时间;certificate 是机构的根证书(PEM),放在本文件旁边。
# [timestamp]
# url = "https://时间戳机构的地址/"
# certificate = "tsa-root.pem"

# 印发前征求意见:required = true 时没有征求过意见不能印发;days 是给各单位的工作日。
# [consult]
# required = false
# days = 3

# 每周自动巡检、提醒、备份(网页版开着的时候);写法见手册“每周自动巡检”。
# [schedule]
# sweep = "周五 08:00"
# due = "工作日 09:00"
# backup = "每天 21:30"
# [backup]
# to = "D:/巡检备份"
"""


def template(place: str = "示例市", scope: str = "全市政府系统", profile: str = "baoji", persons: int = 2) -> str:
    """The text of a new workspace's tracker.toml."""
    told = {"place": place, "scope": scope, "profile": profile, "persons": persons}
    # a JSON string is a TOML basic string as well
    return TEMPLATE.format_map({key: json.dumps(value, ensure_ascii=False) for key, value in told.items()})


def rewritten(text: str, values: Mapping[str, str | int]) -> str:
    """A tracker.toml with some top-level keys set, everything else, comments too, as it was. Raises UsageError.

    A key that is written over several lines cannot be replaced: then nothing is.
    """
    lines = text.splitlines()
    for key, value in values.items():
        # a JSON string without control characters is a TOML basic string
        line = f"{key} = {json.dumps(value, ensure_ascii=False)}"
        tables = next((at for at, one in enumerate(lines) if one.lstrip().startswith("[")), len(lines))
        at = next((at for at, one in enumerate(lines[:tables]) if one.partition("=")[0].strip() == key), None)
        if at is None:
            lines.insert(tables, line)
        else:
            lines[at] = line
    told = "\n".join(lines) + "\n"
    try:
        fits = values.items() <= tomllib.loads(told).items()
    except tomllib.TOMLDecodeError:
        fits = False
    if not fits:
        raise UsageError(f"{FILE} 里有程序不敢改的写法(例如一个设置写成了几行);请用记事本改好 {'、'.join(values)} 再试")
    return told
