"""Rights in the words of whoever chooses them for a token."""

from collections.abc import Mapping

from tracker.people.roles import Right

WORDS: Mapping[Right, str] = {
    Right.SELF: "自己的账户",
    Right.START: "首页",
    Right.SEE: "看账号、结果和证据",
    Right.REGISTRY: "导入、修改、导出台账",
    Right.PERIOD: "检查期、抽查、设置",
    Right.COLLECT: "粘贴链接、分图片",
    Right.LOOK: "人工查看",
    Right.RUN: "巡检、判定",
    Right.REVIEW: "复核",
    Right.REPORT: "报告草稿、版本、核对",
    Right.PRINT: "印发",
    Right.CONSULT: "征求意见、异议、整改",
    Right.OWN: "看本单位的问题",
    Right.ANSWER: "反馈、异议",
    Right.RECTIFY: "报整改",
    Right.RULES: "看规则",
    Right.WHATIF: "比较口径",
    Right.SYSTEM: "用户、凭据、计划",
    Right.AUDIT: "操作日志",
    Right.SAMPLE: "示例",
}
"""Every right has one."""
