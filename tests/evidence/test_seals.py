"""Seals on disk: what is signed, that any flipped byte is named, and that the single-file verifier says the very same."""

import importlib.util
import json
import shutil
import sys
from datetime import datetime
from pathlib import Path
from types import ModuleType

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.evidence.test_warc import AT, META, PLAIN, POSTED
from tracker.evidence import Evidence, seals

SWEEP = "2026-W45"
TOOL = Path(__file__).parents[2] / "tools" / "verify_evidence.py"
KEY = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))


def clock() -> datetime:
    return AT


@pytest.fixture(scope="module")
def tool() -> ModuleType:
    spec = importlib.util.spec_from_file_location("verify_evidence", TOOL)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def put_seal(folder: Path, number: int = 1, previous: str = "", **other: object) -> seals.Seal:
    told = {
        "format": seals.FORMAT,
        "sweep": folder.name,
        "manifest": seals.state(folder),
        "documents": {},
        "number": number,
        "previous": previous,
        "at": "2026-11-08T09:00:00+08:00",
        "who": "示例检查人",
        "program": "0.1.0",
    }
    (folder / seals.name(number)).write_bytes(seals.pack({**told, **other}, KEY))
    return seals.read_all(folder)[-1]


@pytest.fixture(scope="module")
def sealed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    evidence = Evidence(tmp_path_factory.mktemp("sealed"), clock=clock)
    evidence.keep(SWEEP, "A1", META, [PLAIN])
    evidence.keep(SWEEP, "微博一号", META, [POSTED])
    first = put_seal(evidence.root / SWEEP)
    evidence.keep(SWEEP, "", META, [])
    put_seal(evidence.root / SWEEP, 2, first.sha256)
    return evidence.root


@pytest.fixture
def copy(sealed: Path, tmp_path: Path) -> Path:
    shutil.copytree(sealed / SWEEP, tmp_path / SWEEP)
    return tmp_path / SWEEP


def told(folder: Path) -> list[tuple[str, str]]:
    return [(one.file.removeprefix(f"{folder.name}/"), one.reason) for one in Evidence(folder.parent).verify(folder.name)]


def on_disk(found: list[tuple[str, str]]) -> list[tuple[str, str]]:
    """Without what compares a sweep with its last seal: the workspace does that with its store, see test_sealing.py."""
    return [(file, reason) for file, reason in found if not file.startswith("inputs/") and "又多了" not in reason]


def both(folder: Path, tool: ModuleType) -> list[tuple[str, str]]:
    found = told(folder)
    assert on_disk(tool.check(folder, "")[0]) == found
    return found


def test_a_sealed_sweep_is_sound_and_so_is_one_that_was_sealed_twice(copy: Path, tool: ModuleType) -> None:
    assert both(copy, tool) == []
    assert [one.number for one in seals.read_all(copy)] == [1, 2]
    assert {one.fingerprint for one in seals.read_all(copy)} == {seals.fingerprint(KEY.public_key().public_bytes_raw())}


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_any_flipped_bit_in_any_file_is_named(sealed: Path, tool: ModuleType, data: st.DataObject) -> None:
    folder = sealed / SWEEP
    path = data.draw(st.sampled_from(sorted(folder.iterdir())))
    whole = path.read_bytes()
    raw = bytearray(whole)
    raw[data.draw(st.integers(0, len(raw) - 1))] ^= 1 << data.draw(st.integers(0, 7))
    path.write_bytes(raw)
    try:
        found = both(folder, tool)
    finally:
        path.write_bytes(whole)
    files = {file for file, _ in found}
    assert found
    # a line of the manifest is named by the file that it enters
    assert path.name in files or (path.name == "manifest.jsonl" and "清单" in found[0][1])


def test_a_flipped_byte_at_several_places_of_every_file_is_named_by_both(copy: Path, tool: ModuleType) -> None:
    for path in sorted(copy.iterdir()):
        whole = path.read_bytes()
        for at in (0, 1, len(whole) // 3, len(whole) // 2, len(whole) - 9, len(whole) - 1):
            path.write_bytes(whole[:at] + bytes([whole[at] ^ 2]) + whole[at + 1 :])
            found = both(copy, tool)
            # a line of the manifest is named by the file that it enters
            assert path.name in {file for file, _ in found} or (path.name == "manifest.jsonl" and "清单" in found[0][1]), (
                path,
                at,
            )
        path.write_bytes(whole)
    assert both(copy, tool) == []


def test_the_record_in_which_the_byte_lies_is_named(copy: Path, tool: ModuleType) -> None:
    path = copy / "微博一号-1.warc.gz"
    whole = path.read_bytes()
    starts = [at for at in range(len(whole)) if whole.startswith(b"\x1f\x8b\x08", at)]
    assert len(starts) == 3, "warcinfo, response, request"
    for number, start in enumerate(starts, 1):
        path.write_bytes(whole[: start + 40] + bytes([whole[start + 40] ^ 4]) + whole[start + 41 :])
        assert both(copy, tool) == [(path.name, f"内容与清单的SHA-256不符,文件被改动(第{number}条记录)")]
    path.write_bytes(whole[:-1])
    assert "(第3条记录)" in both(copy, tool)[0][1]
    # a time in a gzip header is no part of any record
    path.write_bytes(whole[:4] + b"\x01" + whole[5:])
    assert both(copy, tool) == [(path.name, "内容与清单的SHA-256不符,文件被改动")]


def test_a_manifest_that_was_made_anew_is_not_the_sealed_one(copy: Path, tool: ModuleType) -> None:
    other = Evidence(copy.parent / "other", clock=clock)
    for stored in sorted(copy.glob("*.warc.gz")):
        stored.unlink()
    kept = other.keep(SWEEP, "A1", META, [POSTED])
    for name in (kept.file, f"{SWEEP}/manifest.jsonl"):
        shutil.copyfile(other.root / name, copy / Path(name).name)
    assert both(copy, tool) == [
        ("manifest.jsonl", "与第1份封存时的2行不符,清单被改动或截短"),
        ("manifest.jsonl", "与第2份封存时的3行不符,清单被改动或截短"),
    ]


def test_the_first_seal_cannot_be_taken_away_nor_replaced(copy: Path, tool: ModuleType) -> None:
    first = (copy / "seal.json").read_bytes()
    (copy / "seal.json").unlink()
    assert both(copy, tool) == [("seal.json", "封存文件不见了")]
    (copy / "seal.json").write_bytes(first)
    put_seal(copy, 1, who="别人")
    assert ("seal-2.json", "与前一份封存接不上,前一份被换过") in both(copy, tool)


def test_a_seal_of_another_sweep_is_out_of_place(copy: Path, tool: ModuleType) -> None:
    put_seal(copy, 3, seals.read_all(copy)[-1].sha256, sweep="2026-W01")
    assert both(copy, tool) == [("seal-3.json", "是批次2026-W01的第3份封存,放错了地方")]


def test_what_is_signed_but_no_statement_of_ours_is_refused_in_words(copy: Path, tool: ModuleType) -> None:
    for wrong in ({"documents": []}, {"manifest": {}}, {"number": "1"}, {"format": "other"}):
        (copy / "seal.json").write_bytes(seals.pack({**json.loads((copy / "seal.json").read_bytes())["statement"], **wrong}, KEY))
        assert both(copy, tool)[0][0] == "seal.json"
        shutil.copyfile(copy / "seal-2.json", copy / "seal.json")


def test_the_signature_is_checked_as_the_library_checks_it(tool: ModuleType) -> None:
    for n in range(4):
        key = Ed25519PrivateKey.from_private_bytes(bytes([n]) * 32)
        public, message = key.public_key().public_bytes_raw(), b"x" * n
        good = key.sign(message)
        assert tool.signed(public, message, good)
        assert not tool.signed(public, message + b"y", good)
        assert not tool.signed(public, message, bytes([good[0] ^ 1]) + good[1:])
        assert not tool.signed(public, message, good[:32] + bytes([good[32] ^ 1]) + good[33:])
        assert not tool.signed(KEY.public_key().public_bytes_raw(), message, good)
        # s plus the group's order: another spelling of the same signature (RFC 8032 §5.1.7)
        longer = int.from_bytes(good[32:], "little") + tool.ORDER
        assert not tool.signed(public, message, good[:32] + longer.to_bytes(32, "little"))
    assert not tool.signed(b"", b"", b"")


def test_a_published_vector_of_the_signature_holds(tool: ModuleType) -> None:
    # RFC 8032 §7.1, test 2
    public = bytes.fromhex("3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c")
    signature = bytes.fromhex(
        "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00"
    )
    assert tool.signed(public, b"\x72", signature)
    assert not tool.signed(public, b"\x73", signature)


def test_the_verifier_uses_nothing_but_the_standard_library(tool: ModuleType) -> None:
    names = {line.split()[1] for line in TOOL.read_text(encoding="utf-8").splitlines() if line.startswith(("import ", "from "))}
    assert names <= sys.stdlib_module_names
