"""What is said to those who are turned away at the door, in English and in German."""

from __future__ import annotations

from dataclasses import dataclass

from qa.types import Lang


@dataclass(frozen=True, slots=True)
class ServingWords:
    """Refusals and the sign-in form in one language."""

    serving_too_often: str
    serving_busy: str
    serving_stopping: str
    serving_too_large: str
    serving_lacking: str
    serving_signed_out: str
    serving_guesses: str
    serving_not_owner: str
    serving_elsewhere: str
    serving_host: str
    serving_unused: str
    serving_sign_in: str


EN = ServingWords(
    serving_too_often="{limit} questions a minute are answered for each. Please wait {seconds} s and ask again.",
    serving_busy="Many questions are waiting already. Please wait {seconds} s and ask again.",
    serving_stopping="Beleg is being stopped and takes no new questions. Please try again in a minute.",
    serving_too_large="The request is larger than {limit} bytes. Ask a shorter question.",
    serving_lacking="{name} needs a value for {lacking}: it has no default.",
    serving_signed_out="You are not signed in, or your session has ended. Reload the page and sign in.",
    serving_guesses="Too many wrong passwords. Please wait {seconds} s and try again.",
    serving_not_owner="Only an owner may change the index. Sign in with an account that is marked as owner.",
    serving_elsewhere="Requests from pages of other sites ({origin}) are not answered.",
    serving_host="Beleg answers under this machine's own names, not as {host}. Others need accounts: docs/serving.md.",
    serving_unused="Beleg has nothing at this address.",
    serving_sign_in="Sign in to ask. After {limit} wrong passwords within a minute, wait a moment.",
)

DE = ServingWords(
    serving_too_often="Je Person werden {limit} Fragen in der Minute beantwortet. "
    "Bitte {seconds} s warten und erneut fragen.",
    serving_busy="Es warten schon viele Fragen. Bitte {seconds} s warten und erneut fragen.",
    serving_stopping="Beleg wird gerade beendet und nimmt keine neuen Fragen an. Bitte in einer Minute noch einmal.",
    serving_too_large="Die Anfrage ist größer als {limit} Bytes. Bitte kürzer fragen.",
    serving_lacking="{name} braucht einen Wert für {lacking}: es gibt keine Vorgabe.",
    serving_signed_out="Sie sind nicht oder nicht mehr angemeldet. Bitte die Seite neu laden und anmelden.",
    serving_guesses="Zu viele falsche Passwörter. Bitte {seconds} s warten und erneut versuchen.",
    serving_not_owner="Nur ein Verwalter darf den Index ändern. Bitte mit einem Konto anmelden, das als „owner“ gilt.",
    serving_elsewhere="Anfragen von Seiten anderer Anbieter ({origin}) werden nicht beantwortet.",
    serving_host="Beleg antwortet unter den eigenen Namen dieses Rechners, nicht als {host}. "
    "Für andere braucht es Konten: docs/serving.md.",
    serving_unused="Unter dieser Adresse gibt es bei Beleg nichts.",
    serving_sign_in="Zum Fragen bitte anmelden. Nach {limit} falschen Passwörtern in einer Minute bitte kurz warten.",
)

_BY_LANG: dict[Lang, ServingWords] = {"en": EN, "de": DE}


def serving_words(lang: Lang) -> ServingWords:
    """What is said in `lang`."""
    return _BY_LANG[lang]


def sign_in(limit: int) -> str:
    """What stands above the sign-in form, as HTML, in both languages: who is to read it is not known yet."""
    said = (f'<span lang="{lang}">{words.serving_sign_in}</span>' for lang, words in _BY_LANG.items())
    return "<br>".join(said).format(limit=limit)
