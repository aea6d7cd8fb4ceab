"""docs/soak.md from the figures in build/soak/: `python -m tests.soak.page`, after `make soak`."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from tests.docs.table import table
from tests.soak.results import FOLDER

PAGE = Path(__file__).parents[2] / "docs" / "soak.md"
RUNS = {
    "killed": "强行结束(kill -9)正在巡检的程序,再接着做",
    "memory": "浏览器通道连续查看 1000 个账号时的内存",
    "matrix": "平台不正常的全部情形(见 [faults.md](faults.md))",
    "bytes": "把录下的每个应答逐字节改坏",
    "cluster": "两台机器一起做一个批次,强行结束(kill -9)其中一台,再开(节奏和重叠按假平台自己的记录算)",
    "long": "一页 4 MB 的应答要读多久",
}
WORDS = {
    "points": "结束了几次",
    "in the middle": "其中正做到一半",
    "most repeated": "一次结束后最多重看几个账号",
    "repeated": "一共重看",
    "files adopted": "证据已写完、接着做时补记的",
    "half files dropped": "写到一半、被丢弃的",
    "processes left over": "留下没有退出的进程",
    "visits each": "每次巡检的账号和链接",
    "visits": "查看次数",
    "seconds": "用时(秒)",
    "looks": "量了几次内存",
    "RSS slope, MB per 1000 visits": "每 1000 次查看内存增加(RSS,MB)",
    "RSS peak, MB": "内存最多时(RSS,MB;几个进程共用的部分重复计算)",
    "PSS slope, MB per 1000 visits": "每 1000 次查看内存增加(PSS,MB)",
    "PSS peak, MB": "内存最多时(PSS,MB;共用的部分只算一次)",
    "accounts": "账号",
    "kills": "强行结束了几次",
    "machines": "机器",
    "torn": "两台同时用一条通道",
    "pace, s": "规定的间隔:两个请求(秒);两个账号是它的两倍",
    "nearest, s": "实际最近的两个请求(秒)",
    "nearest accounts, s": "实际最近的两个账号(秒)",
    "requests": "请求",
    "cells": "情形",
    "fresh": "其中账号昨天更新过的",
    "amiss": "和表里说的不一样的",
    "passed": "昨天更新过的里面:合格",
    "unchecked": "昨天更新过的里面:未能核查",
    "to_review": "昨天更新过的里面:待复核",
    "failed": "昨天更新过的里面:不合格(那一种分辨不出的)",
    "bodies": "录下的应答",
    "tried": "改坏后读了几次",
    "slowest reading, s": "最慢一次(秒)",
    "slowest, s": "最慢的一页(处理器秒)",
    "seconds by page": "各页(处理器秒)",
    "many rows, s": "换成几万行的列表时(处理器秒)",
}


def page() -> str:
    """The whole page, ending in a line end; a run without new figures keeps those that the page has, or says that it has none."""
    return "\n\n".join(["# 长时间运行的测试", *_intro(), *(part for run in RUNS for part in _run(run))]) + "\n"


def _intro() -> Iterator[str]:
    yield "这些测试要跑很久,不在 `make test` 里:`make soak` 跑完以后,把量到的数写进本页。对面都是假平台,不访问任何真实网站。"


def _run(name: str) -> Iterator[str]:
    yield f"## {RUNS[name]}"
    found = sorted([*FOLDER.glob(f"{name}.json"), *FOLDER.glob(f"{name}-*.json")])
    if not found:
        yield _before(RUNS[name]) or "还没有跑过。"
    for path in found:
        told = json.loads(path.read_text(encoding="utf-8"))
        _, _, what = path.stem.partition("-")
        yield f"{what + ':' if what else ''}{told.pop('on')},{told.pop('machine')}"
        yield table(("项目", "数"), ((WORDS[key], _figure(value)) for key, value in told.items()))


def _before(title: str) -> str:
    """What the page says of a run already."""
    parts = PAGE.read_text(encoding="utf-8").split("\n## ") if PAGE.is_file() else []
    return next((part.removeprefix(title).strip() for part in parts if part.startswith(title + "\n")), "")


def _figure(value: Any) -> str:
    if isinstance(value, dict):
        return "、".join(f"{key} {one}" for key, one in value.items())
    return str(value)


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8", newline="\n")
    print(PAGE.name)
