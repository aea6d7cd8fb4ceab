"""Records as JSON and back, exactly."""

import dataclasses
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.store.invented import ACCOUNTS, AT, OBSERVATIONS, VERDICTS, account
from tracker.model import VALUE_OF, Account, Aspect, Observation, Outcome, Post, Posts, Seen, Verdict
from tracker.store import (
    account_from_json,
    account_to_json,
    observation_from_json,
    observation_to_json,
    verdict_from_json,
    verdict_to_json,
)


def through_text(plain: object) -> dict[str, object]:
    return json.loads(json.dumps(plain))


@given(OBSERVATIONS)
def test_any_observation_comes_back(observation: Observation) -> None:
    assert observation_from_json(through_text(observation_to_json(observation))) == observation


@pytest.mark.parametrize("aspect", list(Aspect))
@given(data=st.data())
def test_every_aspect_comes_back_as_its_own_type(aspect: Aspect, data: st.DataObject) -> None:
    value = data.draw(st.from_type(VALUE_OF[aspect]))
    observation = Observation(outcome=Outcome.OK, aspects={aspect: Seen(value=value)})
    back = observation_from_json(through_text(observation_to_json(observation))).aspects[aspect]
    assert isinstance(back, Seen)
    assert type(back.value) is VALUE_OF[aspect]
    assert back.value == value


@given(ACCOUNTS)
def test_any_account_comes_back(record: Account) -> None:
    assert account_from_json(through_text(account_to_json(record))) == record


@given(VERDICTS)
def test_any_verdict_comes_back(record: Verdict) -> None:
    assert verdict_from_json(through_text(verdict_to_json(record))) == record


def test_instants_keep_their_zone_as_written() -> None:
    posts = Posts(items=(Post(id="1", at=AT),), as_of=AT)
    told = observation_to_json(Observation(outcome=Outcome.OK, aspects={Aspect.POSTS: Seen(value=posts)}))
    assert told["aspects"]["posts"]["value"]["items"][0]["at"] == "2026-11-02T09:30:00+08:00"


def test_half_a_surrogate_becomes_a_replacement_character_and_nul_stays() -> None:
    hostile = dataclasses.replace(account(), name="a\ud83db\0c", extra={"\udc00": "😀"})
    back = account_from_json(through_text(account_to_json(hostile)))
    assert (back.name, back.extra) == ("a\ufffdb\0c", {"\ufffd": "😀"})


@pytest.mark.parametrize("broken", [{}, {"outcome": "no such word", "detail": "", "aspects": {}, "reported": [], "notes": []}])
def test_foreign_json_is_refused(broken: dict[str, object]) -> None:
    with pytest.raises((ValueError, KeyError)):
        observation_from_json(broken)
