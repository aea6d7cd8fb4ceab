"""What an earlier run in the same process read from data files says nothing of the code under test."""

import sys

import pytest

import tracker.rulebook


@pytest.fixture(autouse=True, scope="session")
def _nothing_kept() -> None:
    inside = f"{tracker.rulebook.__name__}."
    for name, module in list(sys.modules.items()):
        for kept in vars(module).values() if name.startswith(inside) else ():
            if hasattr(kept, "cache_clear"):
                kept.cache_clear()
