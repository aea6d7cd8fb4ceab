"""From county to city to province: who saw it stays told, disagreement waits for a person, nothing is overwritten."""

import shutil
from pathlib import Path

import pytest

from tests.bundle.offices import look, office, refused, sent, state, taken, verdicts
from tests.e2e.running import ok, tracker
from tests.evidence.test_sealing import behind, run_verifier
from tracker.credentials import fresh

SWEEP = "2026-11-06"
CLEAN, OLD = "新浪微博,示例发布,2026-11-06,2026-11-05,无", "新浪微博,示例发布,2026-11-06,2026-09-01,无"


@pytest.fixture(autouse=True)
def key(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TRACKER_KEY", fresh())


@pytest.fixture
def county(tmp_path: Path) -> Path:
    root = office(tmp_path / "县", "示例县", "发布", "统计", "教育")
    look(root, SWEEP, OLD, "微信订阅号,示例统计,2026-11-06,2026-11-05,无", "微信订阅号,示例教育,2026-11-06,2026-11-05,栏目无内容")
    return root


@pytest.fixture
def city(tmp_path: Path) -> Path:
    return office(tmp_path / "市", "示例市", "市府", "发布", "统计")


def test_what_the_county_saw_arrives_with_its_name_and_its_verdicts(county: Path, city: Path, tmp_path: Path) -> None:
    ok("review", "dismiss", "weibo:示例发布", "UPD-02", "--why", "示例理由", "--who", "县复核人", workspace=county)
    ok("evidence", "seal", workspace=county)
    key = sent(county, tmp_path / "b")
    told = taken(city, tmp_path / "b", "--trust", key)
    (sweep,) = told["sweeps"]
    assert (sweep["name"], sweep["accounts"], sweep["visits"], sweep["aside"], sweep["decisions"]) == (
        "2026-11-06-示例县",
        2,
        2,
        1,
        1,
    )
    assert [one["name"] for one in told["unknown"]] == ["示例教育"]
    here, there = verdicts(city, "2026-11-06-示例县"), verdicts(county, SWEEP)
    for name in ("示例发布", "示例统计"):
        same = ("verdict", "latest_post", "idle_days", "findings")
        assert {key: here[name][key] for key in same} == {key: there[name][key] for key in same}
    card = ok("explain", "weibo:示例发布", "--sweep", "2026-11-06-示例县", workspace=city).out
    assert f"来自 示例县(指纹{key[:8]})" in card
    assert "复核:县复核人(来自示例县" in card
    assert ok("evidence", "verify", "--sweep", "2026-11-06-示例县", workspace=city).code == 0


def test_the_same_bundle_twice_is_nothing_new(county: Path, city: Path, tmp_path: Path) -> None:
    key = sent(county, tmp_path / "b")
    taken(city, tmp_path / "b", "--trust", key)
    before = state(city)
    again = taken(city, tmp_path / "b")
    assert state(city) == before
    assert [(one["visits"], one["known"]) for one in again["sweeps"]] == [(0, 2)]


def test_accounts_that_nobody_here_has_filed_wait_and_come_in_once_they_are(county: Path, city: Path, tmp_path: Path) -> None:
    told = taken(city, tmp_path / "b", "--trust", sent(county, tmp_path / "b"))
    assert "对不上台账:weixin:示例教育" in ok("bundle", "list", workspace=city).out
    (tmp_path / "b").unlink()
    shutil.copyfile(tmp_path / "县-台账.csv", tmp_path / "再.csv")
    ok("accounts", "import", tmp_path / "再.csv", workspace=city)
    again = taken(city, Path(told["kept"]))
    assert [(one["visits"], one["known"], one["aside"]) for one in again["sweeps"]] == [(1, 2, 0)]
    assert "对不上台账" not in ok("bundle", "list", workspace=city).out
    assert set(verdicts(city, "2026-11-06-示例县")) == {"示例发布", "示例统计", "示例教育"}


def test_where_the_county_found_nothing_and_the_city_did_a_person_decides(city: Path, tmp_path: Path) -> None:
    county = office(tmp_path / "县", "示例县", "发布", "统计", "教育")
    look(county, SWEEP, CLEAN)
    look(city, SWEEP, OLD)
    assert verdicts(city, SWEEP)["示例发布"]["verdict"].startswith("不合格")
    told = taken(city, tmp_path / "b", "--trust", sent(county, tmp_path / "b"))
    assert told["disagreements"] == 1
    now = verdicts(city, SWEEP)["示例发布"]
    (finding,) = [one for one in now["findings"] if one["code"].startswith("UPD")]
    assert (finding["status"], "不合格" in now["verdict"]) == ("candidate", False)
    card = ok("explain", "weibo:示例发布", "--sweep", SWEEP, workspace=city).out
    assert "看到2026-11-05有更新,两级所见不一致" in card
    ok("review", "confirm", "weibo:示例发布", finding["code"], "--who", "市复核人", "--sweep", SWEEP, workspace=city)
    assert verdicts(city, SWEEP)["示例发布"]["verdict"].startswith("不合格")


def test_what_only_the_county_found_is_a_candidate_here_and_stays_when_confirmed(city: Path, tmp_path: Path) -> None:
    county = office(tmp_path / "县", "示例县", "发布", "统计")
    look(county, SWEEP, "微信订阅号,示例统计,2026-11-06,2026-11-05,发布商业广告信息")
    look(city, SWEEP, "微信订阅号,示例统计,2026-11-06,2026-11-05,无")
    before = verdicts(city, SWEEP)["示例统计"]
    told = taken(city, tmp_path / "b", "--trust", sent(county, tmp_path / "b"))
    assert told["disagreements"] == 1
    now = verdicts(city, SWEEP)["示例统计"]
    (finding,) = now["findings"]
    assert (before["findings"], finding["status"]) == ([], "candidate")
    ok("review", "confirm", "weixin:示例统计", finding["code"], "--who", "市", "--sweep", SWEEP, workspace=city)
    assert [one["status"] for one in verdicts(city, SWEEP)["示例统计"]["findings"]] == ["confirmed"]


def test_a_disagreement_is_found_as_well_when_the_bundle_came_first(city: Path, tmp_path: Path) -> None:
    county = office(tmp_path / "县", "示例县", "发布")
    look(county, SWEEP, CLEAN)
    taken(city, tmp_path / "b", "--trust", sent(county, tmp_path / "b"))
    look(city, SWEEP, OLD)
    assert "不合格" not in verdicts(city, SWEEP)["示例发布"]["verdict"]


def test_a_silence_that_went_on_is_no_disagreement(city: Path, tmp_path: Path) -> None:
    county = office(tmp_path / "县", "示例县", "发布")
    look(county, "早", "新浪微博,示例发布,2026-11-01,2026-10-30,无")
    look(city, SWEEP, "新浪微博,示例发布,2026-11-06,2026-10-30,更新不及时")
    before = verdicts(city, SWEEP)["示例发布"]["findings"]
    assert before
    told = taken(city, tmp_path / "b", "--trust", sent(county, tmp_path / "b"))
    assert told["disagreements"] == 0
    assert verdicts(city, SWEEP)["示例发布"]["findings"] == before


def test_opposite_decisions_stand_side_by_side_and_ours_holds(county: Path, city: Path, tmp_path: Path) -> None:
    key = sent(county, tmp_path / "b")
    name = taken(city, tmp_path / "b", "--trust", key)["sweeps"][0]["name"]
    code = verdicts(city, name)["示例发布"]["findings"][0]["code"]
    ok("review", "confirm", "weibo:示例发布", code, "--who", "市", "--sweep", name, workspace=city)
    ok("review", "dismiss", "weibo:示例发布", code, "--why", "县里认为不算", "--who", "县", workspace=county)
    sent(county, tmp_path / "b2")
    told = taken(city, tmp_path / "b2")
    assert [(one["decisions"], one["opposed"]) for one in told["sweeps"]] == [(0, 1)]
    assert [one["status"] for one in verdicts(city, name)["示例发布"]["findings"]] == ["confirmed"]
    assert taken(city, tmp_path / "b2")["sweeps"][0]["opposed"] == 0


def test_through_the_city_to_the_province_with_both_names(county: Path, city: Path, tmp_path: Path) -> None:
    province = office(tmp_path / "省", "示例省", "市府", "发布", "统计", "教育")
    first = sent(county, tmp_path / "b")
    name = taken(city, tmp_path / "b", "--trust", first)["sweeps"][0]["name"]
    look(city, SWEEP, "微信订阅号,市府发布,2026-11-06,2026-11-05,无")
    second = sent(city, tmp_path / "c", "--sweep", SWEEP, "--sweep", name)
    told = taken(province, tmp_path / "c", "--trust", second)
    assert [one["name"] for one in told["sweeps"]] == ["2026-11-06-示例市", "2026-11-06-示例县"]
    card = ok("explain", "weibo:示例发布", "--sweep", "2026-11-06-示例县", workspace=province).out
    assert f"来自 示例县(指纹{first[:8]}),经 示例市(指纹{second[:8]})" in card
    # the county hands the same to the province itself: the same visits, once
    again = taken(province, tmp_path / "b", "--trust", first)
    assert [(one["name"], one["visits"], one["known"]) for one in again["sweeps"]] == [("2026-11-06-示例县", 1, 2)]


def test_from_a_capture_machine_into_the_sweep_of_the_same_office(city: Path, tmp_path: Path) -> None:
    machine = office(tmp_path / "采集机", "示例市", "市府", "发布", "统计")
    look(machine, SWEEP, OLD)
    look(city, SWEEP, "微信订阅号,示例统计,2026-11-06,2026-11-05,无")
    told = taken(city, tmp_path / "b", "--trust", sent(machine, tmp_path / "b"), "--into", SWEEP)
    assert [(one["name"], one["visits"]) for one in told["sweeps"]] == [(SWEEP, 1)]
    assert verdicts(city, SWEEP)["示例发布"]["verdict"].startswith("不合格")
    assert ok("evidence", "verify", "--sweep", SWEEP, workspace=city).code == 0
    # our own, handed back to us, is nothing new
    before = state(city)
    sent(city, tmp_path / "c")
    taken(city, tmp_path / "c")
    assert state(city)[1] == before[1]


def test_only_one_region_goes_out_and_an_unknown_one_is_refused(county: Path, city: Path, tmp_path: Path) -> None:
    look(city, SWEEP, "微信订阅号,市府发布,2026-11-06,2026-11-05,无", "微信订阅号,示例统计,2026-11-06,2026-11-05,无")
    said = ok("bundle", "export", tmp_path / "c", "--accounts-of", "市直", "--json", workspace=city).lines[0]
    assert (said["accounts"], said["visits"]) == (1, 1)
    wrong = tracker("bundle", "export", tmp_path / "d", "--accounts-of", "没有县", workspace=city)
    assert (wrong.code, "台账里有:市直、示例县" in wrong.err) == (2, True)
    wrong = tracker("bundle", "export", tmp_path / "c", workspace=city)
    assert (wrong.code, "已经存在" in wrong.err) == (2, True)


def test_an_unknown_signer_is_refused_with_the_fingerprint_to_compare(county: Path, city: Path, tmp_path: Path) -> None:
    key = sent(county, tmp_path / "b")
    assert f"公钥指纹 {key} 还没有被信任" in refused(city, tmp_path / "b")
    assert f"公钥指纹 {key},不是 --trust 写的那一把" in refused(city, tmp_path / "b", "--trust", "0" * 32)
    assert "应是32位" in refused(city, tmp_path / "b", "--trust", "xyz")
    ok("bundle", "trust", tmp_path / "b", "--office", "示例县", workspace=city)
    ok("bundle", "trust", key, "--remove", workspace=city)
    assert "已经取消信任" in refused(city, tmp_path / "b")
    ok("bundle", "trust", county / "seal-key.pub", workspace=city)
    assert taken(city, tmp_path / "b")["sweeps"]


def test_another_account_under_an_id_of_ours_is_not_taken_for_it(county: Path, city: Path, tmp_path: Path) -> None:
    # the city's account with the county's id bears another name, and did so ever
    name, other = r"\u793a\u4f8b\u53d1\u5e03", r"\u522b\u7684"
    renamed = f"data = replace(data, '{name}', '{other}'), name_key = 'x'"
    behind(city, f"UPDATE account SET {renamed} WHERE platform = 'weibo'")  # noqa: S608
    told = taken(city, tmp_path / "b", "--trust", sent(county, tmp_path / "b"))
    assert {one["name"]: one["why"] for one in told["unknown"]}["示例发布"] == "台账里这个编号是另一个账号"


def test_the_default_sweep_stays_our_own(county: Path, city: Path, tmp_path: Path) -> None:
    look(city, "市自查", CLEAN)
    look(county, "后来", CLEAN)
    taken(city, tmp_path / "b", "--trust", sent(county, tmp_path / "b", "--sweep", "后来"))
    assert "批次 市自查 的证据完好" in ok("evidence", "verify", workspace=city).out


def test_exported_evidence_of_another_office_still_checks_itself(county: Path, city: Path, tmp_path: Path) -> None:
    ok("evidence", "seal", workspace=county)
    name = taken(city, tmp_path / "b", "--trust", sent(county, tmp_path / "b"))["sweeps"][0]["name"]
    ok("evidence", "seal", "--sweep", name, workspace=city)
    ok("evidence", "export", "--sweep", name, "--to", tmp_path / "out", workspace=city)
    assert run_verifier(tmp_path / "out").code == 0
    seal = next((city / "snapshots" / name / "origin").rglob("seal.json"))
    seal.write_bytes(seal.read_bytes().replace("检查人".encode(), "别的人".encode(), 1))
    said = tracker("evidence", "verify", "--sweep", name, workspace=city)
    assert (said.code, "来源单位的签名与内容不符" in said.out) == (1, True), said
