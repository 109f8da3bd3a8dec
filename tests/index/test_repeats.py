"""Near duplicates through the whole product: one report in several outlets is told once, with where else it stands."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from index.build import build
from index.embed import Embedder
from index.progress import BuildReport
from index.reader import open_index
from index.settings import IndexSettings
from qa.pipeline import Assistant
from qa.retrieve import Retriever
from qa.scope import Wanted, filter_of
from qa.settings import Settings
from qa.types import Question
from qa.wording import also_text

QUOTE = (
    "Der Hafen von Rostock wird im Sommer für sechs Wochen geschlossen, sagte Minister Kahl am Mittwoch in Schwerin."
)
REST = (
    "Die Kaimauer müsse auf ganzer Länge erneuert werden. Die Kosten bezifferte das Ministerium auf neun Millionen "
    "Euro. Fähren nach Schweden legen in dieser Zeit in Wismar an. Die Reedereien zeigten sich überrascht und "
    "kündigten Gespräche an. Der Verband der Spediteure rechnet mit längeren Wegen und höheren Preisen."
)
OTHER = (
    "In Wismar werden nach der Ankündigung aus Schwerin zusätzliche Liegeplätze gebaut. Bürgermeister Thomsen nannte "
    "die Verlegung der Fähren eine Gelegenheit für die Stadt. Hotels und Gaststätten hoffen auf mehr Besuch. Für den "
    "Verkehr am Hafen von Wismar entsteht bis zum Sommer eine neue Straße, die auch später bleiben soll."
)
ARTICLES = {
    "bote": ("Der Bote", f"{QUOTE} {REST}"),
    "kurier": ("Kurier", f"{QUOTE} {REST.replace('überrascht', 'erstaunt')}"),
    "wismar": ("Ostsee-Blatt", OTHER),
}
REPORT = {"bote.txt", "kurier.txt"}
ASKED = "Was sagte Minister Kahl über den Hafen von Rostock?"
QUESTION = Question(ASKED, "de")


def write(folder: Path, articles: dict[str, tuple[str, str]]) -> Path:
    folder.mkdir(exist_ok=True)
    for name, (source, said) in articles.items():
        head = f"title: Hafen im {source}\nlang: de\nsource: {source}\ndate: 2025-02-12"
        (folder / f"{name}.txt").write_text(f"---\n{head}\n---\n{said}\n", encoding="utf-8")
    return folder


@pytest.fixture
def report(tmp_path: Path, settings: IndexSettings, embedder: Embedder) -> BuildReport:
    return build([write(tmp_path / "articles", ARTICLES)], settings, embedder=embedder)


@pytest.mark.usefixtures("report")
def test_of_each_report_the_passages_of_one_version_are_found(settings: IndexSettings, embedder: Embedder) -> None:
    with open_index(settings.data_dir) as reader:
        found = Retriever(reader, embedder, candidates=50).search(QUESTION, 20)
        names = [passage.document.id for _, passage in found]
        assert len(REPORT & set(names)) == 1
        assert "wismar.txt" in names
        (version,) = REPORT & set(names)
        chunks = {row.id: row.chunks for row in reader.documents()}
        assert chunks[version] > 1
        assert names.count(version) == chunks[version]  # all of that one


@pytest.mark.usefixtures("report")
def test_the_version_that_comes_first_among_the_keys_stays(settings: IndexSettings) -> None:
    with open_index(settings.data_dir) as reader:
        keys = range(sum(reader.manifest.chunks.values()))
        by_name: dict[str, list[int]] = {}
        for key, passage in zip(keys, reader.passages(keys), strict=True):
            by_name.setdefault(passage.document.id, []).append(key)
        bote, kurier, wismar = (by_name[f"{name}.txt"] for name in ("bote", "kurier", "wismar"))
        assert reader.without_repeats([*kurier, *wismar, *bote]) == [*kurier, *wismar]
        assert reader.without_repeats([bote[1], kurier[0], wismar[0], bote[0]]) == [bote[1], wismar[0], bote[0]]
        assert reader.without_repeats([]) == []
        assert [document.id for document in reader.same_report("kurier.txt")] == ["bote.txt"]
        assert reader.same_report("wismar.txt") == []


def test_repeats_are_counted(report: BuildReport, settings: IndexSettings) -> None:
    assert (report.documents, report.repeated, report.to_json()["repeated"]) == (3, 1, 1)
    with open_index(settings.data_dir) as reader:
        assert reader.manifest.repeated == 1


def test_they_are_counted_too_where_nothing_has_changed(
    report: BuildReport, tmp_path: Path, settings: IndexSettings, embedder: Embedder
) -> None:
    again = build([tmp_path / "articles"], settings, embedder=embedder)
    assert (again.unchanged, again.repeated) == (True, report.repeated)


def test_a_repeat_that_goes_is_none_any_more(
    report: BuildReport, tmp_path: Path, settings: IndexSettings, embedder: Embedder
) -> None:
    (tmp_path / "articles" / "bote.txt").unlink()
    assert build([tmp_path / "articles"], settings, embedder=embedder).repeated == report.repeated - 1
    with open_index(settings.data_dir) as reader:
        assert reader.same_report("kurier.txt") == []
        found = Retriever(reader, embedder, candidates=50).search(QUESTION, 20)
        assert "kurier.txt" in {passage.document.id for _, passage in found}


@pytest.fixture(scope="module")
def harbour(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Assistant]:
    """The shipped encoder over the report in two outlets, with another sentence in a third, and a different article."""
    altered = f"{QUOTE.replace('sechs Wochen', 'zwei Monate')} {REST}"
    folder = write(tmp_path_factory.mktemp("articles"), {**ARTICLES, "welle": ("Die Welle", altered)})
    settings = Settings(data_dir=tmp_path_factory.mktemp("data"))
    assert build([folder], settings).repeated == 2
    assistant = Assistant(settings)
    yield assistant
    assistant.close()


def from_outlet(*names: str) -> Wanted:
    return Wanted(filter_of(None, None, names, ()))


def test_one_version_is_quoted_and_the_other_one_named(harbour: Assistant) -> None:
    answer = harbour.ask(ASKED, wanted=from_outlet("Der Bote", "Kurier", "Ostsee-Blatt"))
    quoted = [citation for citation in answer.citations if citation.quote.startswith("Der Hafen von Rostock")]
    assert len(quoted) == 1
    assert {citation.doc_id for citation in answer.citations} & REPORT == {quoted[0].doc_id}
    (other,) = quoted[0].also
    assert {quoted[0].doc_id, other.doc_id} == REPORT
    assert {quoted[0].source, other.source} == {"Der Bote", "Kurier"}
    assert other.published == "2025-02-12"


def test_the_answer_says_that_two_outlets_have_one_origin(harbour: Assistant) -> None:
    wanted = from_outlet("Der Bote")
    answer = harbour.ask(ASKED, wanted=wanted)
    assert also_text(answer.citations[0], "de") == "Auch in Kurier: 2 Medien, ein Ursprung."
    assert also_text(answer.citations[0], "en") == "Also in Kurier: 2 outlets, one origin."
    assert "Auch in Kurier: 2 Medien, ein Ursprung." in answer.text.splitlines()
    assert "Also in Kurier: 2 outlets, one origin." in harbour.ask(ASKED, "en", wanted).text.splitlines()


def test_a_version_whose_sentence_is_another_is_not_named(harbour: Assistant) -> None:
    answer = harbour.ask(ASKED, wanted=from_outlet("Kurier"))
    assert [place.doc_id for place in answer.citations[0].also] == ["bote.txt"]
    altered = harbour.ask(ASKED, wanted=from_outlet("Die Welle"))
    assert "zwei Monate" in altered.citations[0].quote
    assert altered.citations[0].also == ()
    assert also_text(altered.citations[0], "de") == ""


@pytest.mark.parametrize(("outlet", "name"), [("Der Bote", "bote.txt"), ("Kurier", "kurier.txt")])
def test_with_a_filter_the_wanted_outlet_is_quoted(harbour: Assistant, outlet: str, name: str) -> None:
    answer = harbour.ask(ASKED, wanted=from_outlet(outlet))
    assert {citation.doc_id for citation in answer.citations} == {name}
    assert answer.citations[0].also
    found = harbour.search(ASKED, wanted=from_outlet(outlet))
    assert {excerpt.doc_id for excerpt in found.excerpts} == {name}


def test_a_search_shows_one_version_of_each_report(harbour: Assistant) -> None:
    shown = {excerpt.doc_id for excerpt in harbour.search(ASKED, 20).excerpts}
    assert len(shown & {*REPORT, "welle.txt"}) == 1
    assert "wismar.txt" in shown
