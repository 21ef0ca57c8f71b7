"""Requests made out of the OpenAPI document, good and bad: every answer is one that the document tells of.

The seed is fixed, and each operation gets a few requests; `docs/http.md` has the command for ten thousand
against a running service.
"""

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis.errors import Unsatisfiable

N_REQUESTS = 4
"""For each operation and each kind; all of them take about half a minute."""

MODES = {mode.name.lower(): mode for mode in schemathesis.GenerationMode}


@pytest.mark.parametrize("mode", MODES)
def test_every_answer_is_as_the_document_says(app, api, conversation, mode):
    schema = schemathesis.openapi.from_wsgi("/v1/openapi.json", app)
    ids = {"conversation": conversation, "statement": "trees"}
    headers = {"Authorization": api.environ_base["HTTP_AUTHORIZATION"]}
    n_answers = 0
    for found in schema.get_all_operations():
        operation = found.ok()
        if operation.definition.raw.get("operationId") in {"computeGroupMap", "importConversation"}:
            continue  # Their bodies are files; tests of analyses and imports send good and wrong ones.

        @seed(20260302)
        @settings(
            max_examples=N_REQUESTS,
            deadline=None,
            database=None,
            phases=[Phase.generate],
            suppress_health_check=list(HealthCheck),
        )
        @given(case=operation.as_strategy(generation_mode=MODES[mode]))
        def ask(case):
            nonlocal n_answers
            if mode == "positive":
                case.path_parameters.update({name: ids[name] for name in case.path_parameters if name in ids})
            case.call_and_validate(headers=headers)
            n_answers += 1

        try:
            ask()
        except Unsatisfiable:
            # Nothing can be wrong with a request to an operation that takes nothing.
            assert mode == "negative"
    assert n_answers > 80
