"""The description of the API holds: invented requests, right ones and wrong ones, are answered as it says, and break nothing."""

import json
from collections.abc import Mapping
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from schemathesis import Case, GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from tests.api.conftest import Many, Program, program
from tests.console.sending import SWEEP, of_unit
from tracker.console.rights import ROUTES

CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
]


def described(asked: Many) -> dict[str, Any]:
    told = json.loads(asked.stranger.get("/api/v1/openapi.json").text)
    assert isinstance(told, dict)
    return told


def real(asked: Many) -> Mapping[str, str]:
    """Places of an address that lead somewhere, for every second request."""
    own = of_unit(asked.ws)[0]
    return {"account_id": own.account_id, "code": own.code, "name": "baoji"}


def invent(asked: Many, told: Program, examples: int) -> dict[str, set[int]]:
    """Send so many requests of each kind to every operation; returns which statuses each gave."""
    schema, known, seen = schemathesis.openapi.from_dict(described(asked)), real(asked), dict[str, set[int]]()
    for found in schema.get_all_operations():
        operation = found.ok()
        statuses = seen.setdefault(f"{operation.method.upper()} {operation.path}", set())
        right = operation.as_strategy(generation_mode=GenerationMode.POSITIVE)
        send(right, known, told, statuses, examples)
        if operation.query or operation.headers or operation.body:
            send(operation.as_strategy(generation_mode=GenerationMode.NEGATIVE), known, told, statuses, examples)
    return seen


def send(cases: Any, known: Mapping[str, str], told: Program, statuses: set[int], examples: int) -> None:
    """Send so many of these; each is answered as the description says."""

    @settings(
        max_examples=examples,
        deadline=None,
        database=None,
        derandomize=True,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(case=cases, met=st.booleans())
    def try_it(case: Case, met: bool) -> None:
        case.path_parameters.update({name: known[name] for name in known if met and name in case.path_parameters})
        if met and isinstance(case.body, dict) and "sweep" in case.body:
            case.body["sweep"] = SWEEP
        answer = case.call(base_url=told.console.base, headers={"Authorization": f"Bearer {told.word}"}, timeout=60)
        statuses.add(answer.status_code)
        case.validate_response(answer, checks=CHECKS)

    try_it()


def check(asked: Many, login: str, examples: int) -> None:
    told = program(asked, login)
    seen = invent(asked, told, examples)
    assert set(seen) == {one for one in ROUTES if "/api/v1/" in one}
    user = asked.ws.store.user(login=login)
    assert user
    for operation, statuses in seen.items():
        allowed = ROUTES[operation] in user.person.rights
        # 401: a wrong request may be one whose token was bent; 413: too much is refused before anybody asks who sends it where
        assert allowed or statuses <= {401, 403, 404, 413}, (operation, statuses)
        assert not allowed or statuses - {401}, (operation, statuses)
    assert {status for one in seen.values() for status in one} >= {404, 422}


@pytest.mark.parametrize("login", ["admin", "county", "unit"])
def test_invented_requests_are_answered_as_the_description_says(asked: Many, login: str) -> None:
    check(asked, login, 3)


@pytest.mark.soak
@pytest.mark.timeout(3600)
@pytest.mark.parametrize("login", ["admin", "city", "county", "unit"])
def test_many_invented_requests_are_answered_as_the_description_says(asked: Many, login: str) -> None:
    check(asked, login, 100)
