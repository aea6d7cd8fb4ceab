"""What is meant to run unattended is at least well formed, and takes away rights."""

import configparser
import json
from pathlib import Path

import pytest
import yaml

TOP = Path(__file__).parents[2]
OUR = {"console", "worker"}


def test_every_container_runs_without_rights_and_writes_nothing_but_its_data() -> None:
    told = yaml.safe_load((TOP / "compose.yaml").read_text(encoding="utf-8"))
    for name, one in told["services"].items():
        assert one["read_only"] is True, name
        assert one["cap_drop"] == ["ALL"], name
        assert "no-new-privileges:true" in one["security_opt"], name
        assert not one["user"].startswith(("0", "root")), name
        assert "privileged" not in one
        assert all(port.startswith("127.0.0.1:") for port in one.get("ports", ())), name
    assert set(told["services"]) > OUR
    assert told["networks"]["inside"]["internal"] is True


def test_no_secret_is_written_in_what_is_shipped() -> None:
    for name in ("tracker.env.example", "database.env.example"):
        for line in (TOP / "deploy" / name).read_text(encoding="utf-8").splitlines():
            key, _, value = line.partition("=")
            if not line.startswith("#") and ("KEY" in key or "PASSWORD" in key):
                assert value in ("", "CHANGE-ME")
    assert "deploy/*.env" in (TOP / ".gitignore").read_text(encoding="utf-8").splitlines()
    assert "*.env" in (TOP / ".dockerignore").read_text(encoding="utf-8").splitlines()


def test_the_image_does_not_run_as_root_and_installs_by_hash() -> None:
    lines = (TOP / "Dockerfile").read_text(encoding="utf-8").splitlines()
    last = lines[max(number for number, line in enumerate(lines) if line.startswith("FROM ")) :]
    assert "USER 10001:10001" in last
    assert any("--require-hashes -r requirements.lock" in line for line in lines)


def test_the_browser_keeps_its_sandbox() -> None:
    told = json.loads((TOP / "deploy" / "seccomp.json").read_text(encoding="utf-8"))
    refused = {name for rule in told["syscalls"] for name in rule["names"] if rule["action"] == "SCMP_ACT_ERRNO"}
    assert refused.isdisjoint({"clone", "clone3", "unshare", "chroot"})
    assert {"mount", "bpf", "kexec_load", "init_module", "setns", "userfaultfd"} <= refused


@pytest.mark.parametrize("name", ["tracker.service", "tracker-worker.service", "tracker-backup.service"])
def test_every_unit_runs_as_a_user_without_rights(name: str) -> None:
    unit = configparser.ConfigParser(strict=False, interpolation=None)
    unit.optionxform = str  # type: ignore[assignment,method-assign]  # systemd minds upper case
    unit.read(TOP / "deploy" / name, encoding="utf-8")
    service = unit["Service"]
    assert service["User"] == "tracker"
    assert (service["NoNewPrivileges"], service["ProtectSystem"], service["CapabilityBoundingSet"]) == ("yes", "strict", "")
    assert "/opt/tracker/.venv/bin/tracker --workspace /var/lib/tracker " in service["ExecStart"]
