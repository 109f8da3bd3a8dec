from __future__ import annotations

import json
import urllib.error
import urllib.request
from dataclasses import fields
from typing import Any

import pytest
from gradio_client import Client
from gradio_client.exceptions import AppError

from index.progress import BuildReport
from qa.quotecheck import Check
from qa.types import Answer, SearchResult

QUESTION = "What did Hegseth say about NATO?"
EVERYTHING = ("", "", [], [], False)  # no filter, in the order of the parameters


def post(url: str, endpoint: str, *data: object) -> Any:  # noqa: ANN401 - JSON
    request = urllib.request.Request(  # noqa: S310 - loopback
        f"{url}gradio_api/run/{endpoint}",
        data=json.dumps({"data": data}).encode(),
        headers={"Content-Type": "application/json"},
    )
    with urllib.request.urlopen(request, timeout=120) as reply:  # noqa: S310 - loopback
        return json.load(reply)["data"][0]


def get(url: str, path: str) -> Any:  # noqa: ANN401 - JSON
    with urllib.request.urlopen(f"{url}{path}", timeout=60) as reply:  # noqa: S310 - loopback
        return json.load(reply)


def test_curl_gets_the_same_json_as_the_command_line(served: str) -> None:
    answer = post(served, "ask", QUESTION, *EVERYTHING)
    assert set(answer) == {field.name for field in fields(Answer)}
    citation = answer["citations"][0]
    assert "glauben nicht, dass eine Nato-Mitgliedschaft der Ukraine" in citation["quote"]
    assert citation["end"] - citation["start"] == len(citation["quote"])


def test_another_program_asks_and_searches_by_name(served: str) -> None:
    client = Client(served, verbose=False, analytics_enabled=False)
    try:
        assert client.predict(QUESTION, api_name="/ask")["status"] == "answered"
        found = client.predict(QUESTION, 3, api_name="/search")
        assert set(found) == {field.name for field in fields(SearchResult)}
        assert len(found["hits"]) == len(found["excerpts"]) == 3
        with pytest.raises(AppError, match="the question is empty"):
            client.predict(" ", api_name="/ask")
    finally:
        client.close()


def test_another_program_says_which_documents_may_answer(served: str) -> None:
    client = Client(served, verbose=False, analytics_enabled=False)
    try:
        answer = client.predict(QUESTION, since="2025", until="2025-12", sources=["welt"], api_name="/ask")
        assert answer["scope"] | {"documents": 1, "since": "2025-01-01", "until": "2025-12-31"} == answer["scope"]
        assert {citation["source"] for citation in answer["citations"]} == {"WELT"}
        assert client.predict(QUESTION, since="2026", api_name="/ask")["status"] == "abstained"
        assert client.predict(QUESTION, 5, until="2024", api_name="/search")["hits"] == []
        asked = "What did Hegseth say about NATO yesterday?"
        assert client.predict(asked, api_name="/ask")["scope"]["words"] == "yesterday"
        assert client.predict(asked, any_time=True, api_name="/ask")["status"] == "answered"
        with pytest.raises(AppError, match="no document has the language 'fr'"):
            client.predict(QUESTION, langs=["fr"], api_name="/ask")
    finally:
        client.close()


def test_another_program_checks_a_quotation(served: str) -> None:
    quote = "Die Vereinigten Staaten glauben nicht, dass eine Nato-Mitgliedschaft der Ukraine"
    found = post(served, "verify", quote, "Hegseth", "")
    assert set(found) == {field.name for field in fields(Check)}
    assert (found["status"], found["places"][0]["pieces"][0]["quote"]) == ("verified", quote)
    assert post(served, "verify", quote, "Putin", "")["status"] == "misattributed"
    altered = post(served, "verify", quote.replace("nicht, ", ", "), "", found["places"][0]["pieces"][0]["doc_id"])
    assert altered["status"] == "altered"
    assert {"op": "only-in-source", "text": "nicht"} in altered["difference"]


def test_only_these_endpoints_are_public(served: str) -> None:
    info = get(served, "gradio_api/info")
    assert set(info["named_endpoints"]) == {"/ask", "/search", "/verify", "/document", "/evaluate", "/rebuild"}
    assert info["unnamed_endpoints"] == {}


@pytest.mark.parametrize(
    ("endpoint", "data", "said"),
    [
        ("ask", [""], "the question is empty"),
        ("ask", ["x" * 2001], "2001 characters"),
        ("search", [QUESTION, 0], "limit: 0 is not between 1 and 100"),
        ("document", ["none.txt"], "no document has the id 'none.txt'"),
        ("evaluate", ["../../etc/passwd"], "passwd"),
        ("verify", [""], "quot"),
        ("ask", [17], "question: Input should be a valid string (got 17)"),
        ("ask", [QUESTION, None], "since: Input should be a valid string (got None)"),
        ("ask", [QUESTION, "", "", "WELT"], "sources: Input should be a valid list (got 'WELT')"),
        ("ask", [QUESTION, "", "", [1]], "sources[0]: Input should be a valid string (got 1)"),
        ("search", [QUESTION, "ten"], "limit: Input should be a valid integer"),
        ("document", [{"id": "x" * 999}], "xxx...xxx"),
    ],
)
def test_what_goes_wrong_is_one_clear_sentence(served: str, endpoint: str, data: list[object], said: str) -> None:
    with pytest.raises(urllib.error.HTTPError) as caught:
        post(served, endpoint, *data, *EVERYTHING)
    body = caught.value.read().decode()
    assert said in body
    assert "Traceback" not in body


def test_without_an_index_the_endpoint_says_how_to_build_one(unindexed: str) -> None:
    with pytest.raises(urllib.error.HTTPError) as caught:
        post(unindexed, "ask", QUESTION, *EVERYTHING)
    assert "beleg index" in caught.value.read().decode()


def test_rebuilding_gives_the_report(served: str) -> None:
    report = post(served, "rebuild")
    assert set(report) == {field.name for field in fields(BuildReport)}
    assert report["unchanged"] is True
