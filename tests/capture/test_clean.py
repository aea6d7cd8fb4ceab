import pytest

from tests.capture.fake import AT
from tracker.capture import Owner, Session, clean
from tracker.model import Exchange


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("https://a.test/x?access_token=abc&id=1", "https://a.test/x?access_token=redacted&id=1"),
        ("https://a.test/x?id=1&msToken=a%3D&X-Bogus=b", "https://a.test/x?id=1&msToken=redacted&X-Bogus=redacted"),
        ("https://a.test/c/user/token/MS4w/?token=MS4w", "https://a.test/c/user/token/MS4w/?token=MS4w"),
        (
            "https://a.test/s?__biz=MzI=&mid=1&key=k&uin=u&pass_ticket=p",
            "https://a.test/s?__biz=MzI=&mid=1&key=redacted&uin=redacted&pass_ticket=redacted",
        ),
        ("https://user:pass@a.test/x", "https://a.test/x"),
        ("https://a.test/x#access_token=abc", "https://a.test/x#access_token=redacted"),
        ("https://a.test/微博?a&b=", "https://a.test/微博?a&b="),
        ("https://[broken/x?access_token=abc", "https://[broken/x"),
    ],
)
def test_addresses_lose_secrets_and_keep_the_rest(given: str, kept: str) -> None:
    assert clean.url(given) == kept


def test_headers_lose_what_is_secret_or_true_of_the_wire_only() -> None:
    given = [
        ("Set-Cookie", "a=b"),
        ("X-CSRF-Token", "t"),
        ("Authorization", "Bearer"),
        ("Content-Encoding", "gzip"),
        ("Content-Type", "text/html"),
        ("Location", "https://a.test/?access_token=x"),
    ]
    assert clean.headers(given) == {"content-type": "text/html", "location": "https://a.test/?access_token=redacted"}


def test_secrets_are_cut_in_every_spelling_and_every_part() -> None:
    session = Session(
        storage_state={
            "cookies": [{"name": "s", "value": "value/with=signs"}, {"name": "n", "value": "1"}, "odd"],
            "origins": [{"origin": "https://a.test", "localStorage": [{"name": "k", "value": "from-local-storage"}]}, 7],
        }
    )
    found = clean.secrets_of(session)
    assert set(found) == {"value/with=signs", "value%2Fwith%3Dsigns", "from-local-storage"}
    given = Exchange(
        page="home",
        url="https://a.test/?s=value%2Fwith%3Dsigns",
        status=200,
        body=b"1 value/with=signs",
        at=AT,
        headers={"x": "from-local-storage"},
        ask_body=b"from-local-storage",
        title="value/with=signs",
    )
    cut = clean.exchange(given, found)
    assert (cut.url, cut.body, cut.title) == ("https://a.test/?s=redacted", b"1 redacted", "redacted")
    assert (cut.headers, cut.ask_body) == ({"x": "redacted"}, b"redacted")


def test_an_odd_storage_state_has_no_secrets_rather_than_an_error() -> None:
    assert clean.secrets_of(Session(storage_state={"cookies": "x", "origins": None})) == ()
    assert clean.secrets_of(None) == ()
    assert clean.secrets_of(Owner(appid="wx", secret="abcdefgh")) == ("abcdefgh",)
