"""Every word of the tab of sources, in English and in German."""

from __future__ import annotations

from dataclasses import dataclass

from qa.types import Lang

Forms = tuple[str, str]
"""For one, and for another number, which is ``{n}``."""


@dataclass(frozen=True, slots=True)
class LibraryWords:
    """One language of the tab. The names are also the keys under which Gradio's front end looks them up."""

    library_search: str
    library_search_hint: str
    library_add: str
    library_add_hint: str
    library_rebuild: str

    library_built: str
    library_moment: str
    library_from: str
    library_and: str
    library_folders: Forms
    library_uploads: Forms
    library_documents: Forms
    library_in_language: str
    library_passages: Forms
    library_outlets: Forms
    library_repeated: Forms
    library_undated: Forms
    library_encoder: str
    library_no_encoder: str
    library_left_out: Forms
    library_none_left_out: str
    library_more: str
    library_details: str

    library_found: Forms
    library_all: Forms
    library_none_found: str
    library_table: str
    library_title: str
    library_outlet: str
    library_date: str
    library_language: str
    library_chunks: str
    library_state: str
    library_action: str
    library_sort: str
    library_previous: str
    library_next: str
    library_pages: str
    library_span: str
    library_original: str
    library_repeats: str
    library_uploaded: str

    library_remove: str
    library_remove_this: str
    library_confirm: str
    library_removed: str
    library_restore: str
    library_restore_this: str
    library_unread: str
    library_waiting: str

    library_adding: str
    library_removing: str
    library_restoring: str
    library_refused: str
    library_problem: str
    library_not_owner: str
    library_too_many: str
    library_failed: str
    library_too_large: str


EN = LibraryWords(
    library_search="Search the list",
    library_search_hint="Words of a title, outlet or id",
    library_add="Add files: drop them here or choose them",
    library_add_hint=(
        "At most {files} files at once of at most {limit} MB each. They are copied into Beleg’s data directory and "
        "indexed."
    ),
    library_rebuild="Rebuild the index",
    library_built="Built on {moment} from {roots}: {documents}, cut into {passages}.",
    library_moment="{day} at {time}",
    library_from="{what} ({which})",
    library_and="{first} and {last}",
    library_folders=("one folder or file", "{n} folders or files"),
    library_uploads=("one added file", "{n} added files"),
    library_documents=("one document", "{n} documents"),
    library_in_language="{n} {language}",
    library_passages=("one passage", "{n} passages"),
    library_outlets=("They are from one outlet.", "They are from {n} outlets."),
    library_repeated=("One repeats another report.", "{n} repeat another report."),
    library_undated=("One has no date.", "{n} have no date."),
    library_encoder="Meaning is compared by the encoder {name} (sha256 {sha}).",
    library_no_encoder="There is no encoder, so only words are compared.",
    library_left_out=("One file or document was left out", "{n} files or documents were left out"),
    library_none_left_out="Nothing was left out.",
    library_more="and {n} more",
    library_details="Where it is: {data_dir}, generation {generation}",
    library_found=("One document found", "{n} documents found"),
    library_all=("One document", "{n} documents"),
    library_none_found="No document has these words in its title, outlet or id.",
    library_table="Documents",
    library_title="Title",
    library_outlet="Outlet",
    library_date="Date",
    library_language="Language",
    library_chunks="Passages",
    library_state="State",
    library_action="Change",
    library_sort="Sort by: {column}",
    library_previous="Previous page",
    library_next="Next page",
    library_pages="Pages of the list",
    library_span="{first}–{last} of {total}",
    library_original="original",
    library_repeats="repeats another",
    library_uploaded="added",
    library_remove="Remove",
    library_remove_this="Remove: {title}",
    library_confirm="Really remove?",
    library_removed="Removed by you",
    library_restore="Take back",
    library_restore_this="Take back: {title}",
    library_unread="Added files that are not in the index",
    library_waiting="The index does not yet have what was added or removed: rebuild it.",
    library_adding="Adding files",
    library_removing="Removing",
    library_restoring="Taking back",
    library_refused="Not done",
    library_problem="That did not work",
    library_not_owner="Only an owner may change the index; you may look at it and ask.",
    library_too_many="{count} files were chosen; at most {files} are taken at once. Add them in parts.",
    library_failed="Something went wrong on our side; the log of the program says what. The index is as it was.",
    library_too_large="{files}: a file may have {limit} MB at most, so nothing was sent.",
)

DE = LibraryWords(
    library_search="Liste durchsuchen",
    library_search_hint="Wörter aus Titel, Medium oder Kennung",
    library_add="Dateien hinzufügen: hierher ziehen oder auswählen",
    library_add_hint=(
        "Höchstens {files} Dateien auf einmal mit je höchstens {limit} MB. Sie werden in Belegs Datenordner kopiert "
        "und indexiert."
    ),
    library_rebuild="Index neu aufbauen",
    library_built="Aufgebaut am {moment} aus {roots}: {documents}, zerlegt in {passages}.",
    library_moment="{day} um {time}",
    library_from="{what} ({which})",
    library_and="{first} und {last}",
    library_folders=("einem Ordner oder einer Datei", "{n} Ordnern oder Dateien"),
    library_uploads=("einer hinzugefügten Datei", "{n} hinzugefügten Dateien"),
    library_documents=("ein Dokument", "{n} Dokumente"),
    library_in_language="{language}: {n}",
    library_passages=("eine Passage", "{n} Passagen"),
    library_outlets=("Sie stammen aus einem Medium.", "Sie stammen aus {n} Medien."),
    library_repeated=("Eines wiederholt einen anderen Bericht.", "{n} wiederholen einen anderen Bericht."),
    library_undated=("Eines hat kein Datum.", "{n} haben kein Datum."),
    library_encoder="Bedeutungen vergleicht der Encoder {name} (sha256 {sha}).",
    library_no_encoder="Es gibt keinen Encoder, verglichen werden nur Wörter.",
    library_left_out=(
        "Eine Datei oder ein Dokument wurde ausgelassen",
        "{n} Dateien oder Dokumente wurden ausgelassen",
    ),
    library_none_left_out="Nichts wurde ausgelassen.",
    library_more="und {n} weitere",
    library_details="Wo er liegt: {data_dir}, Generation {generation}",
    library_found=("Ein Dokument gefunden", "{n} Dokumente gefunden"),
    library_all=("Ein Dokument", "{n} Dokumente"),
    library_none_found="Kein Dokument hat diese Wörter in Titel, Medium oder Kennung.",
    library_table="Dokumente",
    library_title="Titel",
    library_outlet="Medium",
    library_date="Datum",
    library_language="Sprache",
    library_chunks="Passagen",
    library_state="Zustand",
    library_action="Ändern",
    library_sort="Sortieren nach: {column}",
    library_previous="Vorige Seite",
    library_next="Nächste Seite",
    library_pages="Seiten der Liste",
    library_span="{first}–{last} von {total}",
    library_original="Original",
    library_repeats="wiederholt ein anderes",
    library_uploaded="hinzugefügt",
    library_remove="Entfernen",
    library_remove_this="Entfernen: {title}",
    library_confirm="Wirklich entfernen?",
    library_removed="Von Ihnen entfernt",
    library_restore="Zurücknehmen",
    library_restore_this="Zurücknehmen: {title}",
    library_unread="Hinzugefügte Dateien, die nicht im Index sind",
    library_waiting="Der Index kennt noch nicht alles, was hinzugefügt oder entfernt wurde: Bauen Sie ihn neu auf.",
    library_adding="Dateien werden hinzugefügt",
    library_removing="Wird entfernt",
    library_restoring="Wird zurückgenommen",
    library_refused="Nicht ausgeführt",
    library_problem="Das ging nicht",
    library_not_owner="Nur ein Verwalter darf den Index ändern; Sie können ihn ansehen und fragen.",
    library_too_many=(
        "{count} Dateien wurden gewählt; auf einmal gehen höchstens {files}. Fügen Sie sie in Teilen hinzu."
    ),
    library_failed="Bei uns ging etwas schief; im Protokoll des Programms steht, was. Der Index ist unverändert.",
    library_too_large="{files}: Eine Datei darf höchstens {limit} MB haben, darum wurde nichts gesendet.",
)


def library_words(lang: Lang) -> LibraryWords:
    """The tab in `lang`."""
    return DE if lang == "de" else EN


def count(forms: Forms, n: int) -> str:
    """`n` of something, in words."""
    return forms[0] if n == 1 else forms[1].format(n=n)
