"""docs/faults.md: what the program says when a platform does not answer as it should; made from the matrix that is tested."""

import tomllib
from collections.abc import Iterator, Mapping, Sequence

from adapters import BY_PLATFORM
from tests.docs.platforms_page import LANES
from tests.docs.table import NOTICE, table
from tests.e2e.faulty import ACCUSED, ASK, BELIEVED, BOUND, FINE, MATRIX, Case, cases
from tracker.facts.reasons import REASONS
from tracker.model import HANDLING, Outcome

NAMES: Mapping[str, Mapping[str, str]] = tomllib.loads(MATRIX.with_name("fault_names.toml").read_text(encoding="utf-8"))
SAID = {
    FINE: "合格:该看的都看到了",
    ASK: "待复核:交人确认",
    ACCUSED: "不合格:列表看懂了,确实很久没有更新",
    BELIEVED: "待复核:一条发布也没有看到过,交人确认(见上)",
    BOUND: "未能核查:看到的不够说“没有更新”",
}


def page() -> str:
    """The whole page, ending in a line end."""
    every = cases()
    parts = ["# 平台不正常的时候", NOTICE, *_intro(every)]
    for platform, adapter in BY_PLATFORM.items():
        parts.append(f"## {adapter.title}(`{platform}`)")
        for way, name in NAMES["ways"].items():
            parts += _way(name, [case for case in every if (case.platform, case.by) == (platform, way)])
    return "\n\n".join(parts) + "\n"


def _intro(every: Sequence[Case]) -> Iterator[str]:
    fresh = [case for case in every if not case.silent]
    yield (
        f"下面每一行都在测试里真的演一遍:真的浏览器、真的网络请求,对面是按各平台的样子做的假平台,一共 {len(every)} 种情形。"
        f"其中 {len(fresh)} 种,账号昨天刚发过内容:平台怎样不正常它都不会因此上名单;"
        "其余的账号 40 天没有更新:只有列表看懂了、够完整,才会上名单。"
    )
    yield "“没看到”一律是未能核查,并写明原因;“通道怎么办”说的是同一平台后面的账号。"
    yield (
        "有一种情形程序分辨不出:主人授权的接口对每一天都按规矩回答“没有发布”。"
        "一条发布也没有看到过,程序就不自己下结论,列为待复核,请打开账号看一眼。"
    )


def _way(name: str, here: Sequence[Case]) -> Iterator[str]:
    if not here:
        return
    yield f"### {name}"
    head = ("遇到什么", "账号昨天更新过", "账号 40 天没有更新", "通道怎么办")
    cells = dict.fromkeys((case.fault, case.where) for case in here)
    yield table(head, (_row(key, [case for case in here if (case.fault, case.where) == key]) for key in cells))


def _row(key: tuple[str, str], both: Sequence[Case]) -> tuple[str, ...]:
    fault, where = key
    name = NAMES["faults"][fault] if fault else "一切正常"
    told = {case.silent: case.told for case in both}
    any_one = next(iter(told.values())).partition("|")[0]
    lane = LANES[HANDLING[Outcome(any_one)]] if any_one in REASONS else ""
    return f"{NAMES['places'][where]}:{name}" if where else name, *(_said(told.get(silent)) for silent in (False, True)), lane


def _said(told: str | None) -> str:
    if told is None:
        return ""
    if "|" in told:
        return "或者".join(_said(one) for one in told.split("|"))
    # a pasted link that shows another account says nothing of this one
    return SAID.get(told) or f"未能核查:{REASONS[Outcome.NOT_RECORDED if told == Outcome.OK else Outcome(told)]}"
