"""The office's own sign-on, against a provider that signs real tokens, honest and hostile."""

from collections.abc import Iterator
from dataclasses import replace
from urllib.parse import parse_qs, urlsplit

import pytest
import requests

from tests.people.conftest import AT, Watch
from tests.people.provider import CLIENT, SECRET, Provider, running
from tracker.errors import UsageError
from tracker.people import Role
from tracker.settings import OidcSettings
from tracker.signin import Door
from tracker.signin.oidc import FAILED, SignOn
from tracker.store import Store, User

BACK = "http://127.0.0.1:9/oidc/callback"


@pytest.fixture
def provider(watch: Watch) -> Iterator[Provider]:
    with running(watch) as one:
        yield one


@pytest.fixture
def sign_on(provider: Provider, watch: Watch) -> SignOn:
    return SignOn(OidcSettings(issuer=provider.base, client_id=CLIENT), SECRET, clock=watch, plain=True)


def go(sign_on: SignOn) -> tuple[str, str, str]:
    """The browser's way to the provider and back: state, the browser's cookie, code."""
    address, flow = sign_on.begin(BACK, "/list")
    answer = requests.get(address, allow_redirects=False, timeout=10)
    told = parse_qs(urlsplit(answer.headers["Location"]).query)
    return told["state"][0], flow.browser, told["code"][0]


def test_an_administrator_is_never_bound_by_a_claim(sign_on: SignOn, door: Door, store: Store) -> None:
    with pytest.raises(UsageError, match="管理员的账户不会自动绑定"):
        sign_on.user(store, sign_on.end(*go(sign_on))[1])


def test_the_honest_way_ends_with_the_user(sign_on: SignOn, door: Door, store: Store, provider: Provider) -> None:
    store.add_user(User(login="clerk", name="科员", role=Role.CITY, at=AT))
    provider.claims = {"preferred_username": "clerk"}
    flow, claims = sign_on.end(*go(sign_on))
    assert (flow.next, claims["sub"]) == ("/list", "u-1")
    assert sign_on.user(store, claims).login == "clerk"
    # from now on the subject counts, whatever the provider's name for them
    provider.claims = {"preferred_username": "renamed"}
    assert sign_on.user(store, sign_on.end(*go(sign_on))[1]).login == "clerk"
    # and nobody else can come under the login
    provider.sub, provider.claims = "u-2", {"preferred_username": "clerk"}
    with pytest.raises(UsageError, match="没有您的账户"):
        sign_on.user(store, sign_on.end(*go(sign_on))[1])


LIES = {
    "wrong nonce": {"nonce": "x"},
    "no nonce": {"nonce": None},
    "another audience": {"aud": "another"},
    "two audiences and no party": {"aud": [CLIENT, "another"]},
    "another party": {"azp": "another"},
    "another issuer": {"iss": "http://127.0.0.1:1"},
    "no issuer": {"iss": None},
    "expired": {"exp": 1},
    "no end": {"exp": None},
    "from the future": {"nbf": 99999999999},
    "no subject": {"sub": None},
}


@pytest.mark.parametrize("lie", LIES.values(), ids=LIES)
def test_a_token_that_is_not_right_lets_nobody_in(sign_on: SignOn, provider: Provider, lie: dict[str, object]) -> None:
    provider.lie = lie
    with pytest.raises(UsageError, match=FAILED):
        sign_on.end(*go(sign_on))
    provider.lie = {}
    assert sign_on.end(*go(sign_on))


@pytest.mark.parametrize("sign", ["none", "HS256", "other"])
def test_a_signature_that_is_not_the_providers_lets_nobody_in(sign_on: SignOn, provider: Provider, sign: str) -> None:
    provider.sign = sign
    with pytest.raises(UsageError, match=FAILED):
        sign_on.end(*go(sign_on))


def test_state_browser_and_code_must_be_of_one_sign_on(sign_on: SignOn, watch: Watch) -> None:
    state, browser, code = go(sign_on)
    other_state, other_browser, other_code = go(sign_on)
    with pytest.raises(UsageError, match=FAILED):
        sign_on.end("guessed", browser, code)
    with pytest.raises(UsageError, match=FAILED):
        sign_on.end(state, other_browser, code)
    with pytest.raises(UsageError, match=FAILED):
        sign_on.end(state, browser, code)
    # another's code does not fit this one's verifier
    with pytest.raises(UsageError, match=FAILED):
        sign_on.end(other_state, other_browser, code)
    for _ in range(2):
        with pytest.raises(UsageError, match=FAILED):
            sign_on.end("", "", other_code)
    late = go(sign_on)
    watch.on(minutes=11)
    with pytest.raises(UsageError, match="时间太长"):
        sign_on.end(*late)


def test_a_code_or_state_is_good_once(sign_on: SignOn) -> None:
    told = go(sign_on)
    assert sign_on.end(*told)
    with pytest.raises(UsageError, match=FAILED):
        sign_on.end(*told)


def test_begun_sign_ons_do_not_pile_up(sign_on: SignOn) -> None:
    first = go(sign_on)
    for _ in range(500):
        sign_on.begin(BACK, "/")
    assert len(sign_on._flows) == 500
    with pytest.raises(UsageError, match=FAILED):
        sign_on.end(*first)


def test_only_who_is_known_and_enabled_comes_in(
    sign_on: SignOn, door: Door, store: Store, provider: Provider, watch: Watch
) -> None:
    provider.claims = {"preferred_username": "stranger", "name": "生人"}
    claims = sign_on.end(*go(sign_on))[1]
    with pytest.raises(UsageError, match="没有您的账户"):
        sign_on.user(store, claims)
    making = SignOn(OidcSettings(issuer=provider.base, client_id=CLIENT, create_role="county"), SECRET, clock=watch, plain=True)
    made = making.user(store, claims)
    assert (made.login, made.name, made.role) == ("stranger", "生人", Role.COUNTY)
    # a role without its region sees nothing until an administrator says which
    assert made.person.scope.region == "\0"
    store.change_user(replace(made, disabled=True))
    with pytest.raises(UsageError, match="已停用"):
        sign_on.user(store, claims)
    provider.claims = {}
    provider.sub = "u-9"
    with pytest.raises(UsageError, match="登录名"):
        sign_on.user(store, sign_on.end(*go(sign_on))[1])


def test_plain_http_another_issuer_and_silence_are_told_in_words(provider: Provider, watch: Watch) -> None:
    told = OidcSettings(issuer=provider.base, client_id=CLIENT)
    with pytest.raises(UsageError, match="https://"):
        SignOn(told, SECRET, clock=watch)
    with pytest.raises(UsageError, match="TRACKER_OIDC_SECRET"):
        SignOn(told, "", clock=watch)
    provider.about = {"issuer": "https://else.example"}
    with pytest.raises(UsageError, match="自称"):
        SignOn(told, SECRET, clock=watch, plain=True).begin(BACK, "/")
    provider.about = {"token_endpoint": "ftp://127.0.0.1/"}
    one = SignOn(told, SECRET, clock=watch, plain=True)
    with pytest.raises(UsageError, match="ftp"):
        one.end(*go(one))
    provider.about = {"jwks_uri": f"{provider.base}/redirects"}
    one = SignOn(told, SECRET, clock=watch, plain=True)
    with pytest.raises(UsageError, match=r"没有应答|看不懂|没有成功"):
        one.end(*go(one))
    silent = OidcSettings(issuer="http://127.0.0.1:1", client_id=CLIENT)
    with pytest.raises(UsageError, match="没有应答"):
        SignOn(silent, SECRET, clock=watch, plain=True).begin(BACK, "/")
