"""Coming in: lock-out, sessions, links, tokens; on SQLite and PostgreSQL."""

import threading
from dataclasses import replace
from datetime import timedelta

import pytest
from argon2 import Parameters, Type

from tests.people.conftest import GOOD, Watch
from tracker.errors import UsageError
from tracker.people import RIGHTS, Right, Role
from tracker.settings import ServerSettings
from tracker.signin import Came, Door, Hasher, Refused, add, change, first_of
from tracker.signin.door import FREE_TRIES, FREE_TRIES_OF_ADDRESS, WRONG, pause, prefix
from tracker.store import Purpose, Store, User

OTHER = "又一个 足够长的 密码"


def sign_in(door: Door, password: str = GOOD, login: str = "boss", address: str = "10.0.0.1") -> Came:
    return door.sign_in(login, password, address=address, agent="test")


def refused(door: Door, login: str = "boss", address: str = "10.0.0.1") -> str:
    with pytest.raises(Refused) as told:
        sign_in(door, "wrong wrong wrong", login, address)
    return str(told.value)


def boss(store: Store) -> User:
    found = store.user(login="boss")
    assert found
    return found


def test_a_right_password_opens_and_every_sign_in_has_a_cookie_of_its_own(door: Door, store: Store) -> None:
    one, two = sign_in(door), sign_in(door, login=" BOSS ")
    assert one.cookie != two.cookie
    assert one.csrf != two.csrf
    came = door.came(one.cookie)
    assert came
    assert came.user.person.rights == RIGHTS[Role.ADMIN]
    assert door.came("") is None
    assert door.came(one.cookie + "x") is None
    assert all(one.cookie not in str(held) for held in store.sessions(one.user.id))


def test_a_wrong_one_and_an_unknown_login_are_refused_in_the_same_words(door: Door, store: Store) -> None:
    assert refused(door) == refused(door, "nobody") == WRONG
    store.add_user(
        User(login="gone", name="走了", role=Role.ADMIN, password=boss(store).password, disabled=True, at=door.clock())
    )
    with pytest.raises(Refused, match=WRONG):
        sign_in(door, login="gone")
    assert refused(door, "") == WRONG


def test_the_lock_grows_and_is_the_same_for_a_login_that_is_not_there(door: Door, watch: Watch) -> None:
    told: dict[str, list[str]] = {}
    for number, login in enumerate(("boss", "nobody")):
        told[login] = []
        for _ in range(FREE_TRIES + 3):
            told[login].append(refused(door, login, f"10.0.{number}.1"))
    assert told["boss"] == told["nobody"]
    assert told["boss"][:FREE_TRIES] == [WRONG] * FREE_TRIES
    assert all("30 秒" in one for one in told["boss"][FREE_TRIES:])
    with pytest.raises(Refused, match="秒后再试"):
        sign_in(door)
    watch.on(seconds=31)
    assert refused(door) == WRONG
    assert "60 秒" in refused(door)
    watch.on(seconds=61)
    assert sign_in(door)
    assert refused(door) == WRONG


def test_the_pause_doubles_to_a_quarter_of_an_hour() -> None:
    assert [pause(over).total_seconds() for over in (-1, 0, 1, 2, 3, 4, 5, 6, 99)] == [0, 30, 60, 120, 240, 480, 900, 900, 900]


def test_an_address_that_tries_many_logins_is_locked_but_no_other(door: Door) -> None:
    for number in range(FREE_TRIES_OF_ADDRESS):
        assert refused(door, f"user{number}", "10.9.9.9") == WRONG
    assert "秒后再试" in refused(door, "another", "10.9.9.9")
    with pytest.raises(Refused, match="秒后再试"):
        sign_in(door, address="10.9.9.9")
    assert sign_in(door, address="10.9.9.8")
    assert prefix("2001:db8:1:2:3::4") == prefix("2001:db8:1:2:ffff::1") != prefix("2001:db8:1:3::1")


def test_an_office_behind_one_address_is_not_locked_by_signing_in(door: Door) -> None:
    for _ in range(FREE_TRIES_OF_ADDRESS + 5):
        assert sign_in(door)


def test_tries_are_forgotten_after_a_day(door: Door, watch: Watch) -> None:
    for _ in range(FREE_TRIES):
        refused(door)
    watch.on(days=1, seconds=1)
    assert refused(door) == WRONG
    assert refused(door) == WRONG


def test_many_tries_at_once_count_as_many(door: Door, store: Store) -> None:
    said: list[str] = []
    threads = [threading.Thread(target=lambda n=n: said.append(refused(door, "boss", f"10.1.{n}.1"))) for n in range(24)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert len(said) == 24
    assert said.count(WRONG) == FREE_TRIES


def test_a_session_ends_after_idling_and_in_any_case(door: Door, watch: Watch) -> None:
    idle, busy = sign_in(door), sign_in(door)
    for _ in range(11):
        watch.on(hours=1)
        assert door.came(busy.cookie)
    assert door.came(idle.cookie) is None
    watch.on(hours=1)
    assert door.came(busy.cookie) is None


def test_signing_out_ends_this_session_alone(door: Door) -> None:
    one, two = sign_in(door), sign_in(door)
    door.sign_out(one, address="")
    assert door.came(one.cookie) is None
    assert door.came(two.cookie)


@pytest.mark.parametrize("changed", [{"role": Role.CITY}, {"disabled": True}])
def test_another_role_or_being_disabled_signs_out_at_once(door: Door, store: Store, changed: dict[str, object]) -> None:
    add(store, User(login="second", name="管理二", role=Role.ADMIN, at=door.clock()))
    came = sign_in(door)
    token = door.new_token(came.user, "程序", frozenset({Right.SYSTEM, Right.SEE}), 9)
    change(store, replace(boss(store), name="换个姓名"))
    assert door.came(came.cookie)
    change(store, replace(boss(store), **changed))  # type: ignore[arg-type]  # fields of a User
    assert door.came(came.cookie) is None
    held = door.by_token(token)
    assert held is None if changed.get("disabled") else held and held[0].rights == {Right.SEE}


def test_the_last_administrator_stays(door: Door, store: Store) -> None:
    for changed in (replace(boss(store), disabled=True), replace(boss(store), role=Role.CITY)):
        with pytest.raises(UsageError, match="最后一个"):
            change(store, changed)
    add(store, User(login="second", name="管理二", role=Role.ADMIN, disabled=True, at=door.clock()))
    with pytest.raises(UsageError, match="最后一个"):
        change(store, replace(boss(store), disabled=True))


def test_two_administrators_who_disable_each_other_leave_one(door: Door, store: Store) -> None:
    second = add(store, User(login="second", name="管理二", role=Role.ADMIN, at=door.clock()))
    start, said = threading.Barrier(2), []

    def go(user: User) -> None:
        start.wait()
        try:
            change(store, replace(user, disabled=True))
        except UsageError as error:
            said.append(str(error))

    threads = [threading.Thread(target=go, args=(user,)) for user in (boss(store), second)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert len(said) == 1
    assert [user.disabled for user in store.users()].count(False) == 1


def test_changing_a_user_leaves_the_password_that_was_set_meanwhile(door: Door, store: Store) -> None:
    before = boss(store)
    door.change_password(sign_in(door), GOOD, OTHER, address="")
    change(store, replace(before, name="新名"))
    assert sign_in(door, OTHER).user.name == "新名"


def test_scope_is_asked_for_and_must_be_in_the_registry(store: Store, door: Door) -> None:
    for role in (Role.COUNTY, Role.UNIT):
        with pytest.raises(UsageError, match="要选定"):
            add(store, User(login="x", name="某", role=role, at=door.clock()))
    with pytest.raises(UsageError, match="台账里没有县区“某县”"):
        add(store, User(login="x", name="某", role=Role.COUNTY, region="某县", at=door.clock()))
    kept = add(store, User(login="Ｘ y", name=" 某 ", role=Role.CITY, region="某县", at=door.clock()))
    assert (kept.login, kept.name, kept.region) == ("xy", "某", "")
    with pytest.raises(UsageError, match="已经有人用"):
        add(store, User(login="XY", name="另一个", role=Role.CITY, at=door.clock()))
    for login, name in (("", "某"), ("z", " "), ("z" * 61, "某")):
        with pytest.raises(UsageError, match="1 到 60"):
            add(store, User(login=login, name=name, role=Role.CITY, at=door.clock()))


def test_the_first_administrator_is_made_once(store: Store, watch: Watch, door: Door) -> None:
    assert door.first() == ""
    with pytest.raises(Refused, match="不对"):
        door.linked("guessed", first=True)


def test_the_first_link_works_once_for_half_an_hour(url: str, watch: Watch) -> None:
    with Store.open(url) as store:
        door = Door(store, ServerSettings(many=True), clock=watch)
        old, word = door.first(), door.first()
        user = first_of("root1", "张主任", watch())
        with pytest.raises(Refused):
            door.linked(old, first=True)
        assert door.linked(word, first=True) is None
        with pytest.raises(UsageError, match="猜"):
            door.use_link(word, user, "1234567890")
        watch.on(minutes=31)
        with pytest.raises(Refused):
            door.use_link(word, user, GOOD)
        assert not store.any_user()
        word = door.first()
        assert door.use_link(word, user, GOOD).role is Role.ADMIN
        with pytest.raises(Refused):
            door.use_link(word, first_of("root2", "李", watch()), GOOD)
        assert [one.login for one in store.users()] == ["root1"]
        assert sign_in(door, GOOD, "root1")


def test_a_reset_puts_everybody_out_and_unlocks(door: Door, store: Store) -> None:
    came = sign_in(door)
    token = door.new_token(came.user, "程序", frozenset({Right.SEE}), 9)
    for _ in range(FREE_TRIES + 1):
        refused(door)
    word = door.reset(boss(store))
    assert door.came(came.cookie) is None
    assert door.by_token(token) is None
    assert refused(door) == WRONG
    with pytest.raises(Refused):
        sign_in(door)
    with pytest.raises(Refused):
        door.linked(word, first=True)
    user = door.linked(word, first=False)
    assert user
    door.use_link(word, user, OTHER)
    assert sign_in(door, OTHER)
    with pytest.raises(Refused):
        door.linked(word, first=False)


def test_another_password_needs_the_present_one_and_puts_other_browsers_out(door: Door, store: Store) -> None:
    here, there = sign_in(door), sign_in(door)
    token = door.new_token(here.user, "程序", frozenset({Right.SEE}), 9)
    with pytest.raises(Refused, match="没有改"):
        door.change_password(here, "wrong wrong", OTHER, address="")
    with pytest.raises(UsageError, match="猜"):
        door.change_password(here, GOOD, "boss boss boss", address="")
    door.change_password(here, GOOD, OTHER, address="")
    assert door.came(here.cookie)
    assert door.came(there.cookie) is None
    assert door.by_token(token) is None
    with pytest.raises(Refused):
        sign_in(door)
    assert sign_in(door, OTHER)


def test_a_session_cannot_be_used_to_try_passwords(door: Door) -> None:
    came = sign_in(door)
    for _ in range(FREE_TRIES):
        with pytest.raises(Refused, match="没有改"):
            door.change_password(came, "wrong wrong", OTHER, address="")
    with pytest.raises(Refused, match="秒后再试"):
        door.change_password(came, GOOD, OTHER, address="")


def test_a_hash_with_old_parameters_is_made_anew_at_signing_in(door: Door, store: Store) -> None:
    door.hasher = Hasher(Parameters(Type.ID, 19, 16, 32, 2, 16, 1))
    before = boss(store).password
    sign_in(door)
    assert boss(store).password != before
    assert "m=16,t=2" in boss(store).password
    sign_in(door)


def test_a_token_has_its_rights_alone_until_its_day_or_its_end(door: Door, store: Store, watch: Watch) -> None:
    user = boss(store)
    word = door.new_token(user, "大屏", frozenset({Right.SEE, Right.SAMPLE}), 9)
    found = door.by_token(word)
    assert found
    assert found[0].rights == {Right.SEE}
    assert word not in str(store.tokens(user.id))
    assert door.by_token(word[:-1]) is None
    assert door.by_token("") is None
    assert store.tokens(user.id)[0].used == watch()
    assert not store.revoke_tokens(user.id + 1, [found[1].id])
    assert door.by_token(word)
    watch.on(days=9)
    assert door.by_token(word) is None
    again = door.new_token(user, "大屏", frozenset({Right.SEE}), 9)
    assert store.revoke_tokens(user.id, [store.tokens(user.id)[1].id]) == 1
    assert door.by_token(again) is None
    for name, rights, days in (("", {Right.SEE}, 9), ("x", set(), 9), ("x", {Right.SEE}, 0), ("x", {Right.SEE}, 999)):
        with pytest.raises(UsageError, match="令牌"):
            door.new_token(user, name, frozenset(rights), days)


def test_a_request_key_is_claimed_once_and_gives_its_answer_back(store: Store, watch: Watch) -> None:
    assert store.begin_request("boss", "k1", "digest", watch()) is None
    at_work = store.begin_request("boss", "k1", "digest", watch())
    assert at_work
    assert at_work.status == 0
    assert store.begin_request("other", "k1", "digest", watch()) is None
    store.end_request("boss", "k1", status=201, kind="application/json", body=b"\x00{}")
    kept = store.begin_request("boss", "k1", "another", watch())
    assert kept
    assert (kept.request, kept.status, kept.body) == ("digest", 201, b"\x00{}")
    store.free_request("boss", "k1")
    store.free_request("other", "k1")
    assert store.begin_request("boss", "k1", "digest", watch())
    assert store.begin_request("other", "k1", "digest", watch()) is None
    store.drop_requests(watch() + timedelta(seconds=1))
    assert store.begin_request("boss", "k1", "digest", watch()) is None


def test_old_links_of_a_user_are_void(door: Door, store: Store, watch: Watch) -> None:
    user = boss(store)
    old = door.link(Purpose.RESET, user.id)
    new = door.link(Purpose.RESET, user.id)
    with pytest.raises(Refused):
        door.linked(old, first=False)
    watch.on(days=1)
    with pytest.raises(Refused):
        door.linked(new, first=False)
