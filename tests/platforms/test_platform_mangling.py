"""What happens to answers on their way: each such fault does to the bytes what its name says."""

import gzip
import http.client
from collections.abc import Callable, Iterator

import pytest

from tests.platforms import feed, mangling, small
from tests.platforms.client import Answer, Client
from tests.platforms.serve import Served, serve
from tests.platforms.world import LOGIN

WORLD = small.world()
WEIBO = next(one for one in WORLD.accounts if one.platform == "weibo")
WEIXIN = next(one for one in WORLD.accounts if one.platform == "weixin")
LIST = f"https://weibo.com/ajax/statuses/mymblog?uid={WEIBO.ids['uid']}&page=1&feature=0"
COOKIE = f"SUB={LOGIN}"

Says = Callable[[Answer, Answer], bool]


def rows(answer: Answer) -> list[dict[str, object]]:
    return answer.json()["data"]["list"]


CHANGES: dict[str, Says] = {
    "big_body": lambda told, true: len(told.body) > mangling.SWELL and told.json() == true.json(),
    "gzip_bomb": lambda told, true: len(gzip.decompress(told.body)) > mangling.BOMB > 500 * len(told.body),
    "gbk_body": lambda told, true: told.body.decode("gb18030") == true.text != told.body.decode("utf-8", "replace"),
    "gbk_header": lambda told, true: told.body == true.body and told.headers["content-type"].endswith("charset=gbk"),
    "new_field": lambda told, true: len(rows(told)) == len(rows(true)) and "banner" in rows(told)[0],
    "new_row": lambda told, true: len(rows(told)) == len(rows(true)) + 1 and "user" not in rows(told)[0],
    "rows_deeper": lambda told, true: rows(told)[0]["inner"] == rows(true)[0],
    "rows_as_object": lambda told, true: rows(told)["0"] == rows(true)[0],  # type: ignore[call-overload]
    "numbers_as_text": lambda told, true: rows(told)[0]["attitudes_count"] == str(rows(true)[0]["attitudes_count"]),
    "odd_dates": lambda told, true: rows(told)[0]["created_at"] == {"text": rows(true)[0]["created_at"]},
    "no_dates": lambda told, true: "created_at" in rows(true)[0] and "created_at" not in rows(told)[0],
    "future_dates": lambda told, true: str(rows(told)[0]["created_at"]).endswith("2028"),
    "rows_twice": lambda told, true: rows(told)[:2] == [rows(true)[0]] * 2,
    "oldest_first": lambda told, true: rows(told) == rows(true)[::-1] != rows(true),
    "rows_none": lambda told, true: rows(told) == [] != rows(true),
    "rows_renamed": lambda told, true: "list" not in told.json()["data"] and "list_v2" in told.json()["data"],
    **{name: lambda told, true, to=to: told.headers["location"] == to for name, to in mangling.AWAY.items()},
    **{f"http_{status}": lambda told, true, status=status: told.status == status for status in mangling.STATUSES},
}


@pytest.fixture(scope="module")
def served() -> Iterator[Served]:
    with serve(WORLD) as running:
        yield running


@pytest.fixture
def client(served: Served) -> Client:
    WORLD.faults.clear()
    return Client(served)


def with_fault(client: Client, name: str, url: str = LIST) -> Answer:
    WORLD.faults.put(name, platform="weibo")
    told = client.get(url, cookie=COOKIE)
    WORLD.faults.clear()
    return told


@pytest.mark.parametrize("name", CHANGES)
def test_an_answer_is_changed_as_the_name_says(client: Client, name: str) -> None:
    true = client.get(LIST, cookie=COOKIE)
    assert CHANGES[name](with_fault(client, name), true)
    assert client.get(LIST, cookie=COOKIE).body == true.body


def test_none_is_left_out() -> None:
    assert mangling.NAMES - CHANGES.keys() == {"broken_off", "reset", "same_again", "other_account"}


def test_a_reset_sends_nothing_and_a_broken_line_sends_half(client: Client) -> None:
    with pytest.raises((http.client.RemoteDisconnected, ConnectionError)):
        with_fault(client, "reset")
    WORLD.faults.clear()
    with pytest.raises((http.client.IncompleteRead, ConnectionError)):
        with_fault(client, "broken_off")
    WORLD.faults.clear()


def test_the_same_page_comes_again_and_promises_more(client: Client) -> None:
    WORLD.faults.put("same_again", platform="weibo")
    first, second = (client.get(LIST.replace("page=1", f"page={n}"), cookie=COOKIE) for n in (1, 2))
    WORLD.faults.clear()
    assert first.body == second.body
    assert first.json()["data"]["since_id"] == mangling.MORE["since_id"]


def test_another_accounts_list_may_come(client: Client) -> None:
    weixin = [one for one in WORLD.accounts if one.platform == "weixin"]
    WORLD.faults.put("other_account", account=weixin[0].key, where="rss")
    told = client.get(feed.address(weixin[0])).text
    WORLD.faults.clear()
    assert f"<title>{weixin[1].name}</title>" in told


def test_a_feed_has_what_was_broadcast_only(client: Client) -> None:
    told = client.get(feed.address(WEIXIN)).text
    broadcast = {post.title for post in WEIXIN.posts if post.notified}
    published = {post.title for post in WEIXIN.posts if not post.notified}
    assert published
    assert all(title in told for title in broadcast)
    assert not any(title in told for title in published - broadcast)
