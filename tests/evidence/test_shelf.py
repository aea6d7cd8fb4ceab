import errno
import os
import signal
import subprocess
import sys
import textwrap
from datetime import datetime
from pathlib import Path

import pytest

from tests.evidence.test_warc import AT, FAILED, META, PLAIN, POSTED
from tracker.errors import EvidenceDamaged, UsageError
from tracker.evidence import Evidence, Stored
from tracker.evidence import manifest as manifests

SWEEP = "2026-W45"


def clock() -> datetime:
    return AT


@pytest.fixture
def evidence(tmp_path: Path) -> Evidence:
    return Evidence(tmp_path / "snapshots", clock=clock)


def keep_three(evidence: Evidence) -> list[Stored]:
    return [
        evidence.keep(SWEEP, "A1", META, [PLAIN]),
        evidence.keep(SWEEP, "A1", META, [POSTED]),
        evidence.keep(SWEEP, "", META, []),
    ]


def test_files_are_numbered_per_account_and_links_apart(evidence: Evidence) -> None:
    kept = keep_three(evidence)
    assert [stored.file for stored in kept] == [f"{SWEEP}/A1-1.warc.gz", f"{SWEEP}/A1-2.warc.gz", f"{SWEEP}/link-1.warc.gz"]
    assert evidence.files(SWEEP) == tuple(kept)
    assert evidence.read(kept[1].file, sha256=kept[1].sha256) == (META, (POSTED,))
    assert evidence.verify(SWEEP) == ()
    assert not list(evidence.root.rglob("*.partial"))


def test_a_second_program_run_counts_on_and_chains_on(evidence: Evidence) -> None:
    keep_three(evidence)
    again = Evidence(evidence.root, clock=clock)
    assert again.keep(SWEEP, "a1", META, [PLAIN]).file == f"{SWEEP}/a1-3.warc.gz", "names must differ where case does not count"
    assert again.verify(SWEEP) == ()


@pytest.mark.parametrize("name", ["a/b", "a\\b", "a:b", "con", "NUL.txt", "x" * 200, "a.", "link", "../../etc", "微博·一", "a?"])
def test_any_account_id_gives_a_name_that_windows_takes(evidence: Evidence, name: str) -> None:
    stored = evidence.keep(SWEEP, name, META, [PLAIN])
    leaf = stored.file.removeprefix(f"{SWEEP}/")
    assert "/" not in leaf
    assert not set(leaf) & set('<>:"/\\|?*')
    assert len(leaf) < 120
    assert leaf.split("-")[0].lower() not in {"con", "nul.txt", "link"}
    assert evidence.read(stored.file)[1] == (PLAIN,)


@pytest.mark.parametrize("name", ["", "..", "a/b", "C:x", " a", "a.", "aux", ".hidden"])
def test_a_sweep_name_that_is_no_folder_is_refused(evidence: Evidence, name: str) -> None:
    with pytest.raises(UsageError, match="巡检批次名"):
        evidence.keep(name, "A1", META, [])


def test_verify_names_the_first_flipped_byte_file(evidence: Evidence) -> None:
    kept = keep_three(evidence)
    for stored in kept[1:]:
        path = evidence.root / stored.file
        raw = bytearray(path.read_bytes())
        raw[len(raw) // 2] ^= 1
        path.write_bytes(raw)
    found = evidence.verify(SWEEP)
    assert [damage.file for damage in found] == [kept[1].file, kept[2].file]
    with pytest.raises(EvidenceDamaged, match=r"A1-2\.warc\.gz"):
        evidence.read(kept[1].file, sha256=kept[1].sha256)


def test_verify_names_missing_extra_and_reordered(evidence: Evidence) -> None:
    kept = keep_three(evidence)
    folder = evidence.root / SWEEP
    (evidence.root / kept[0].file).unlink()
    (folder / "B9-1.warc.gz").write_bytes(b"x")
    reasons = {damage.file: damage.reason for damage in evidence.verify(SWEEP)}
    assert "不见了" in reasons[kept[0].file]
    assert "清单里没有" in reasons[f"{SWEEP}/B9-1.warc.gz"]
    with pytest.raises(EvidenceDamaged, match="不见了"):
        evidence.read(kept[0].file)


def edit(evidence: Evidence, change: str) -> None:
    path = evidence.root / SWEEP / manifests.NAME
    lines = path.read_text(encoding="utf-8").splitlines()
    match change:
        case "swap":
            lines[0], lines[1] = lines[1], lines[0]
        case "drop":
            del lines[1]
        case "rehash":
            lines[1] = lines[1].replace('"sha256": "', '"sha256": "0')
        case "garbage":
            lines[1] = "{"
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")


@pytest.mark.parametrize("change", ["swap", "drop", "rehash", "garbage"])
def test_a_changed_manifest_is_noticed(evidence: Evidence, change: str) -> None:
    keep_three(evidence)
    edit(evidence, change)
    assert any("清单" in damage.reason for damage in evidence.verify(SWEEP))


def test_a_full_disk_is_told_in_words_and_leaves_nothing_half(evidence: Evidence, monkeypatch: pytest.MonkeyPatch) -> None:
    first = evidence.keep(SWEEP, "A1", META, [PLAIN])

    def full(_descriptor: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(os, "fsync", full)
        with pytest.raises(UsageError, match="磁盘已满"):
            evidence.keep(SWEEP, "A2", META, [PLAIN])
    assert sorted(path.name for path in (evidence.root / SWEEP).iterdir()) == ["A1-1.warc.gz", "manifest.jsonl"]
    assert evidence.verify(SWEEP) == ()
    evidence.keep(SWEEP, "A2", META, [PLAIN])
    assert evidence.read(first.file)[1] == (PLAIN,)


def test_a_disk_that_fills_at_the_manifest_leaves_a_whole_orphan_to_adopt(
    evidence: Evidence, monkeypatch: pytest.MonkeyPatch
) -> None:
    evidence.keep(SWEEP, "A1", META, [PLAIN])
    calls = []
    real = os.fsync

    def full_at_second(descriptor: int) -> None:
        calls.append(descriptor)
        if len(calls) == 2:
            raise OSError(errno.ENOSPC, "No space left on device")
        real(descriptor)

    with monkeypatch.context() as patch:
        patch.setattr(os, "fsync", full_at_second)
        with pytest.raises(UsageError, match="磁盘已满"):
            evidence.keep(SWEEP, "A2", META, [POSTED])
    assert evidence.keep(SWEEP, "A2", META, [PLAIN]).file == f"{SWEEP}/A2-2.warc.gz", "the orphan must not be overwritten"
    adopted = evidence.adopt(SWEEP)
    assert [stored.file for stored in adopted] == [f"{SWEEP}/A2-1.warc.gz"]
    assert evidence.read(adopted[0].file)[1] == (POSTED,)
    assert evidence.verify(SWEEP) == ()


KILLED = """
import os, signal, sys
from pathlib import Path
from tests.evidence.test_warc import META, PLAIN
from tracker.evidence import Evidence
evidence = Evidence(Path(sys.argv[1]))
evidence.keep("s", "A1", META, [PLAIN])
point, seen, real = int(sys.argv[2]), 0, os.fsync
def fsync(descriptor):
    global seen
    seen += 1
    if seen == point:
        os.kill(os.getpid(), signal.SIGKILL)
    real(descriptor)
os.fsync = fsync
evidence.keep("s", "A2", META, [PLAIN])
"""


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no SIGKILL")
@pytest.mark.parametrize(("point", "left"), [(1, "A2-1.warc.gz.partial"), (2, "A2-1.warc.gz")])
def test_killed_in_the_middle_of_writing(tmp_path: Path, point: int, left: str) -> None:
    done = subprocess.run([sys.executable, "-c", textwrap.dedent(KILLED), str(tmp_path), str(point)], check=False, timeout=60)
    assert done.returncode == -signal.SIGKILL
    assert (tmp_path / "s" / left).exists()
    resumed = Evidence(tmp_path, clock=clock)
    resumed.adopt("s")
    assert resumed.verify("s") == ()
    assert not list(tmp_path.rglob("*.partial"))
    assert {stored.file for stored in resumed.files("s")} >= {"s/A1-1.warc.gz"}
    resumed.keep("s", "A3", META, [PLAIN])
    assert resumed.verify("s") == ()


def test_a_manifest_line_cut_by_a_crash_is_mended_by_adopting(evidence: Evidence) -> None:
    kept = keep_three(evidence)
    path = evidence.root / SWEEP / manifests.NAME
    path.write_bytes(path.read_bytes()[:-20])
    assert evidence.verify(SWEEP) != ()
    assert evidence.adopt(SWEEP) == (kept[2],)
    assert evidence.verify(SWEEP) == ()


def test_adopting_stops_at_a_file_that_is_no_whole_visit(evidence: Evidence) -> None:
    keep_three(evidence)
    (evidence.root / SWEEP / "A7-1.warc.gz").write_bytes(b"\x1f\x8b broken")
    with pytest.raises(EvidenceDamaged, match=r"A7-1\.warc\.gz"):
        evidence.adopt(SWEEP)
    assert evidence.adopt("never-there") == ()


def test_replay_copies_byte_for_byte_under_a_manifest_of_its_own(evidence: Evidence, tmp_path: Path) -> None:
    kept = keep_three(evidence)
    other = Evidence(tmp_path / "other", clock=clock)
    copies = list(other.copy_in(evidence.root / SWEEP, "demo"))
    assert [stored.file.replace("demo/", f"{SWEEP}/") for stored in copies] == [stored.file for stored in kept]
    for old, new in zip(kept, copies, strict=True):
        assert (evidence.root / old.file).read_bytes() == (other.root / new.file).read_bytes()
    assert not (other.root / copies[0].file).is_symlink()
    assert other.verify("demo") == ()
    assert list(other.copy_in(evidence.root / SWEEP, "demo")) == copies, "a second replay adds nothing"


def test_replay_of_folders_with_equal_names_keeps_both(evidence: Evidence, tmp_path: Path) -> None:
    evidence.keep("s1", "A1", META, [PLAIN])
    evidence.keep("s2", "A1", META, [FAILED])
    copies = list(Evidence(tmp_path / "other", clock=clock).copy_in(evidence.root, "demo"))
    assert [stored.file for stored in copies] == ["demo/A1-1.warc.gz", "demo/A1-2.warc.gz"]


def test_replay_refuses_an_empty_folder_and_a_damaged_visit(evidence: Evidence, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="没有采集文件"):
        list(evidence.copy_in(tmp_path, "demo"))
    kept = keep_three(evidence)
    (evidence.root / kept[0].file).write_bytes((evidence.root / kept[1].file).read_bytes())
    with pytest.raises(EvidenceDamaged, match="清单不符"):
        list(Evidence(tmp_path / "other", clock=clock).copy_in(evidence.root / SWEEP, "demo"))
