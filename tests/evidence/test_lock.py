import subprocess
import sys
from pathlib import Path

import pytest

from tracker.errors import UsageError
from tracker.evidence import lock

TRY = """
import sys
from pathlib import Path
from tracker.evidence import lock

with lock.alone(Path(sys.argv[1]), "taken", wait=0):
    pass
"""


def free(path: Path) -> bool:
    """Whether another process gets the lock at once."""
    return subprocess.run([sys.executable, "-c", TRY, str(path)], capture_output=True, check=False).returncode == 0


def test_a_kept_lock_keeps_others_out_while_it_is_held_and_lets_them_in_between(tmp_path: Path) -> None:
    kept = lock.Kept(tmp_path / "a.lock")
    for _ in range(2):
        with kept.alone("taken"):
            assert not free(kept.path)
        assert free(kept.path)
    kept.close()


def test_a_kept_lock_waits_for_whoever_has_it_and_says_so(tmp_path: Path) -> None:
    kept = lock.Kept(tmp_path / "a.lock", wait=0)
    with kept.alone("taken"):
        pass
    with lock.alone(kept.path, "other"), pytest.raises(UsageError, match="taken"), kept.alone("taken"):
        pytest.fail("both hold it")
    with kept.alone("taken"):
        assert not free(kept.path)


def test_a_kept_lock_is_let_go_when_its_block_fails(tmp_path: Path) -> None:
    kept = lock.Kept(tmp_path / "a.lock")
    with pytest.raises(ZeroDivisionError), kept.alone("taken"):
        _ = 1 / 0
    assert free(kept.path)


@pytest.mark.skipif(sys.platform == "win32", reason="an open file cannot be removed there")
def test_a_lock_file_that_was_removed_or_replaced_is_opened_anew(tmp_path: Path) -> None:
    kept = lock.Kept(tmp_path / "locks" / "a.lock")
    with kept.alone("taken"):
        pass
    kept.path.unlink()
    with kept.alone("taken"):
        assert not free(kept.path)
    kept.path.unlink()
    kept.path.parent.rmdir()
    with kept.alone("taken"):
        assert not free(kept.path)


def test_nothing_is_left_beside_the_lock_file(tmp_path: Path) -> None:
    kept = lock.Kept(tmp_path / "a.lock")
    with kept.alone("taken"):
        assert [path.name for path in tmp_path.iterdir()] == ["a.lock"]
    assert kept.path.stat().st_size == 0
