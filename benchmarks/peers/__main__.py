"""`make bench-peers`: what our routes cost beside other tools' on the same fake platforms.

python -m benchmarks.peers [--accounts N] [--rounds N] [PART...]

Every contender visits the same accounts, has to give the same answers and to write equal evidence; runs are interleaved, the
order turns with every round, and what counts is processor time as the operating system tells it, of all processes, browser
included. Figures go to build/peers/<part>.json, docs/performance.md is made from them by `python -m benchmarks.peers.page`.
Exit 1 when a wanted ratio is not reached.
"""

import argparse
import json
import sys
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from statistics import median

from benchmarks.peers import accused, costs
from benchmarks.peers.contest import CONTENDERS, OURS, TOP, Ring, ring
from benchmarks.peers.machine import browser, machine

SIZES: Mapping[str, tuple[int, int]] = {"article": (1000, 5), "feed": (400, 5), "pages": (80, 3)}
"""Accounts and rounds by kind of task: about seven minutes on two quiet cores, and three more for the fault matrix."""
WANTED: Mapping[str, tuple[str, float]] = {"article": ("Scrapy", 3.0), "pages": ("scrapy-playwright", 1.5)}
"""How many times as many accounts in a processor second as this tool (issue 8)."""
FOLDER = TOP / "build" / "peers"
Runs = dict[str, dict[str, list[float]]]


def measure(ring: Ring, rounds: int) -> dict[str, object]:
    """All rounds of one kind of task; of each contender also runs over a single account, which show what starting costs."""
    runs: Runs = {one.name: {"whole": [], "one": [], "wall": [], "user": [], "system": []} for one in CONTENDERS[ring.kind]}
    evidence: dict[str, object] = {}
    for number in range(rounds):
        order = CONTENDERS[ring.kind]
        for contender in order[number % len(order) :] + order[: number % len(order)]:
            single, _ = ring.run(contender, 1)
            cost, held = ring.run(contender)
            told = {"whole": cost.cpu, "one": single.cpu, "wall": cost.wall, "user": cost.user, "system": cost.system}
            for name, value in told.items():
                runs[contender.name][name].append(round(value, 3))
            evidence[contender.name] = asdict(held)
            _say(f"{ring.kind} {number + 1}/{rounds} {contender.name}: {cost.cpu:.2f} s CPU, {cost.wall:.1f} s")
    return {"accounts": ring.count, "rounds": rounds, "runs": runs, "evidence": evidence, "summary": summary(runs, ring.count)}


def summary(runs: Runs, accounts: int) -> dict[str, dict[str, float]]:
    """Per contender: milliseconds of processor time for one more account, accounts per processor second in the long run and
    with starting, and how many times as many we do. Medians.
    """
    more = {name: (median(told["whole"]) - median(told["one"])) / (accounts - 1) for name, told in runs.items()}
    whole = {name: median(told["whole"]) / accounts for name, told in runs.items()}
    return {
        name: {
            "ms": round(more[name] * 1000, 3),
            "start": round(median(runs[name]["one"]), 2),
            "rate": round(1 / more[name], 1),
            "rate with start": round(1 / whole[name], 1),
            "we": round(more[name] / more[OURS], 2),
            "we with start": round(whole[name] / whole[OURS], 2),
        }
        for name in runs
    }


def keep(part: str, figures: Mapping[str, object]) -> None:
    """Write the figures of one part."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    told = {"machine": machine(), **figures}
    (FOLDER / f"{part}.json").write_text(json.dumps(told, ensure_ascii=False, indent=1), encoding="utf-8")


def _say(line: str) -> None:
    print(line, flush=True)


def _contest(kind: str, sizes: Mapping[str, tuple[int, int]], path: str) -> bool:
    """One kind of task; whether its wanted ratio, where there is one, was reached."""
    accounts, rounds = sizes[kind]
    with ring(kind, accounts, path) as served:
        figures = measure(served, rounds)
    keep(kind, figures)
    told = figures["summary"]
    assert isinstance(told, dict)  # noqa: S101 - for the type checker
    for name, one in told.items():
        _say(
            f"  {kind} {name}: {one['ms']} ms per account, {one['rate']} accounts per CPU second; we do {one['we']} times as many"
        )
    peer, least = WANTED.get(kind, ("", 0.0))
    reached = not peer or told[peer]["we"] >= least
    _say(f"  {kind}: {'' if reached else 'NOT '}reached" if peer else f"  {kind}: told only")
    return reached


def main(words: Sequence[str] | None = None) -> int:
    """Measure all parts, or those that are named."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--accounts", type=int, help="fewer accounts than the page has")
    parser.add_argument("--rounds", type=int)
    parser.add_argument("parts", nargs="*", choices=[*SIZES, "accused", []], help="all when none is named")
    asked = parser.parse_args(words)
    costs.adopt()
    path = browser()
    parts = asked.parts or [*SIZES, "accused"]
    sizes = {kind: (asked.accounts or accounts, asked.rounds or rounds) for kind, (accounts, rounds) in SIZES.items()}
    reached = [_contest(kind, sizes, path) for kind in SIZES if kind in parts]
    if "accused" in parts:
        keep("accused", accused.measure(path, _say))
    return int(not all(reached))


if __name__ == "__main__":
    sys.exit(main())
