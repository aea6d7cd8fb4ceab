"""How well the word lists judge: precision and recall on tests/labelled, dev and test apart.

Both sets were made, not collected, and by those who made the lists: the figures show that nothing got worse and what is missed;
they promise nothing about another office's pages. Lists and rules may be changed by looking at dev rows only.
"""

import csv
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from tracker.rulebook.context import Where, commercial, mistakes
from tracker.rulebook.lexicon import shipped

LABELLED = Path(__file__).parent.parent / "tests" / "labelled"
LEAST_PRECISION, LEAST_RECALL = 0.98, 0.95
"""What footers' test rows have to reach."""
Row = Mapping[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Score:
    """Counts over one split, with a line for each miss and each false hit."""

    right: int
    missed: tuple[str, ...]
    false: tuple[str, ...]

    @property
    def precision(self) -> float:
        """Share of the hits that are right; 1 without hits."""
        told = self.right + len(self.false)
        return self.right / told if told else 1.0

    @property
    def recall(self) -> float:
        """Share of what is there that was hit; 1 where nothing is there."""
        there = self.right + len(self.missed)
        return self.right / there if there else 1.0


def rows(name: str, split: str) -> list[Row]:
    """The rows of one labelled set and split (dev, test)."""
    with (LABELLED / f"{name}.csv").open(encoding="utf-8-sig", newline="") as file:
        return [row for row in csv.DictReader(file) if row["split"] == split]


def footers(split: str) -> Score:
    """Page bottoms: commercial or not."""
    right, missed, false = 0, [], []
    for row in rows("footers", split):
        search = commercial(row["text"], shipped(), Where.FOOTER)
        words = "、".join(one.mention.quote for one in search.hits) or "、".join(
            f"{one.mention.quote}({one.reason})" for one in search.excused
        )
        line = f"{row['why']}:{row['text']} [{words}]"
        if row["label"] == "commercial":
            right, missed = (right + 1, missed) if search.hits else (right, [*missed, line])
        elif search.hits:
            false.append(line)
    return Score(right=right, missed=tuple(missed), false=tuple(false))


def texts(split: str) -> Score:
    """Wrong words: a hit is right when it overlaps a labelled word, each labelled word counts once."""
    right, missed, false = 0, [], []
    for row in rows("texts", split):
        wanted = [word for word in row["wrong"].split("|") if word]
        got = [one.mention.quote for one in mistakes(row["text"], shipped()).hits]
        found = [word for word in wanted if any(_same(word, quote) for quote in got)]
        right += len(found)
        missed += [f"{word}:{row['text']}" for word in wanted if word not in found]
        false += [f"{quote}:{row['text']}" for quote in got if not any(_same(word, quote) for word in wanted)]
    return Score(right=right, missed=tuple(missed), false=tuple(false))


def _same(word: str, quote: str) -> bool:
    return word in quote or quote in word


SETS: Sequence[tuple[str, Callable[[str], Score]]] = (("footers", footers), ("texts", texts))


def lines() -> Iterator[str]:
    """The whole report."""
    for name, judge in SETS:
        for split in ("dev", "test"):
            score = judge(split)
            yield (
                f"{name} {split}: precision {score.precision:.3f}, recall {score.recall:.3f}"
                f" ({score.right} right, {len(score.missed)} missed, {len(score.false)} false)"
            )
            yield from (f"  missed  {line}" for line in score.missed)
            yield from (f"  false   {line}" for line in score.false)


def main() -> int:
    """Print the report; 1 when footers' test rows fall below the gates."""
    for line in lines():
        print(line)
    tested = footers("test")
    return int(tested.precision < LEAST_PRECISION or tested.recall < LEAST_RECALL)


if __name__ == "__main__":
    sys.exit(main())
