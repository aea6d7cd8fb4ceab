"""The release job: nobody can run it here, but what it calls must be there."""

import re
import tomllib
from importlib.util import find_spec

import yaml

from tests.windows.conftest import TOP

JOB = TOP / ".github" / "workflows" / "release.yml"


def test_job_for_a_windows_runner_names_python_by_version_and_hash() -> None:
    # YAML 1.1 reads the key `on` as true
    job = yaml.safe_load(JOB.read_text(encoding="utf-8"))
    inputs = job[True]["workflow_dispatch"]["inputs"]
    assert all(inputs[name]["required"] for name in ("python_version", "python_sha256"))
    assert "default" not in inputs["python_sha256"]
    assert job["jobs"]["windows"]["runs-on"] == "windows-latest"


def test_everything_that_the_job_calls_is_there() -> None:
    steps = yaml.safe_load(JOB.read_text(encoding="utf-8"))["jobs"]["windows"]["steps"]
    runs = "\n".join(step.get("run", "") for step in steps)
    modules = re.findall(r"-m (tools\S+)", runs)
    assert modules == ["tools.windows", "tools.windows.trial"]
    assert all(find_spec(name) for name in modules)
    for path in re.findall(r"[\w./-]+\.(?:py|lock)\b", runs):
        assert (TOP / path).is_file(), path
    assert "D:\\张三\\巡检 工具" in runs


def test_no_package_registry_is_named() -> None:
    named = re.compile(r"https?://([^/\s\"']+)")
    files = [JOB, TOP / "Makefile", TOP / "docs/handbook/windows.md", *(TOP / "tools").rglob("*.py")]
    hosts = {host for path in files for host in named.findall(path.read_text(encoding="utf-8"))}
    assert {host for host in hosts if not host.startswith("127")} == {"www.python.org"}


def test_wheel_is_told_to_bring_templates_and_samples() -> None:
    built = tomllib.loads((TOP / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["hatch"]["build"]["targets"]["wheel"]
    assert built["force-include"] == {
        "templates": "tracker/templates",
        "snapshots/samples": "tracker/samples",
        "tools/verify_evidence.py": "tracker/data/verify.py",
    }
