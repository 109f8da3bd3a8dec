"""What a saved page says of itself: headline, date, authors, outlet, address, and whether it is free to read.

JSON-LD comes first, then meta tags, then what stands on the page; what none of them states is left out, never guessed.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any, NamedTuple

from index.errors import LoadError
from index.load.dates import iso
from index.load.frontmatter import Fields

Element = Any  # lxml has no types of its own

_MAX_DEPTH = 12  # of JSON-LD
_ARTICLE = re.compile(r"\w*Article|\w*Posting|Report|Review|VideoObject|\w*Gallery")
_OTHERS = frozenset({"itemListElement", "hasPart", "isPartOf", "mentions", "citation", "comment", "liveBlogUpdate"})
_DATES = (
    *("article:published_time", "og:published_time", "datepublished", "dcterms.created", "dc.date.issued", "dc.date"),
    *("date", "pubdate", "publishdate", "publish-date", "parsely-pub-date", "sailthru.date"),
)
_TITLES = ("og:title", "twitter:title", "headline", "dc.title", "title")
_SEPARATOR = re.compile(r"\s+(?:[|–—·•»:]|-{1,2})\s+|\s*\|\s*")
_ISO_DAY = re.compile(r"\d{4}-\d{2}-\d{2}.*")
_SHARED = 0.5  # of the words of the shorter of two titles


class Statements(NamedTuple):
    """What a page's head says: the articles of its JSON-LD, and its meta tags by lower-cased name."""

    articles: tuple[Mapping[str, Any], ...]
    meta: Mapping[str, str]


def parse(markup: str) -> Element:
    """The page's root element.

    Raises:
        LoadError: there is nothing to parse, or it is nested too deeply.
    """
    from trafilatura.utils import load_html  # half a second, which most commands need not wait for

    tree = load_html(markup)
    if tree is None:
        raise LoadError("not an HTML page")
    return tree


def statements(tree: Element) -> Statements:
    """What the page's head says."""
    scripts = tree.xpath('//script[@type="application/ld+json"]')
    articles = [article for script in scripts for article in _articles(_json(script.text_content()), 0)]
    meta: dict[str, str] = {}
    for tag in tree.iterfind(".//meta[@content]"):
        name = tag.get("property") or tag.get("name") or tag.get("itemprop") or ""
        content = " ".join(tag.get("content").split())
        if content:
            meta.setdefault(name.lower(), content)
    return Statements(tuple(articles), meta)


def fields(tree: Element, stated: Statements) -> Fields:
    """Title, date, source, url and authors, as far as they are stated, in the form of a front matter."""
    from trafilatura.metadata import extract_metadata  # as above

    found = extract_metadata(tree, extensive=False)
    outlet = _first(stated.articles, lambda article: _name(article.get("publisher"))) or found.sitename
    values: dict[str, object] = {
        "title": _title(tree, stated, outlet) or found.title,
        "date": _date(stated) or found.date,
        "source": stated.meta.get("og:site_name") or outlet,
        "url": _canonical(tree) or found.url,
        "authors": _authors(stated) or [name.strip() for name in (found.author or "").split(";") if name.strip()],
    }
    return {key: value for key, value in values.items() if value}


def is_free(stated: Statements) -> bool:
    """Whether no article of the page is said to be behind a paywall."""
    return not any(str(article.get("isAccessibleForFree")).lower() == "false" for article in stated.articles)


def _json(text: str) -> object:
    try:
        return json.loads(text, strict=False)
    except (ValueError, RecursionError):
        return None


def _articles(node: object, depth: int) -> Iterator[Mapping[str, Any]]:
    """Articles in JSON-LD, outermost first; not those that it only refers to."""
    if depth > _MAX_DEPTH:
        return
    if isinstance(node, list):
        for one in node:
            yield from _articles(one, depth + 1)
    elif isinstance(node, dict):
        if any(isinstance(kind, str) and _ARTICLE.fullmatch(kind) for kind in _listed(node.get("@type"))):
            yield node
        for key, value in node.items():
            if key not in _OTHERS:
                yield from _articles(value, depth + 1)


def _listed(value: object) -> list[object]:
    return value if isinstance(value, list) else [value]


def _name(value: object) -> str:
    """The name of a person or an organisation, which JSON-LD gives as such, as text or in a list."""
    for one in _listed(value):
        name = one.get("name") if isinstance(one, dict) else one
        if isinstance(name, str) and name.strip() and "://" not in name:
            return " ".join(name.split())
    return ""


def _first(articles: Iterable[Mapping[str, Any]], of: Callable[[Mapping[str, Any]], str]) -> str:
    return next(filter(None, map(of, articles)), "")


def _authors(stated: Statements) -> list[str]:
    """The authors of the first article that has any."""
    named = ([_name(one) for one in _listed(article.get("author"))] for article in stated.articles)
    return list(dict.fromkeys(filter(None, next(filter(any, named), []))))


def _date(stated: Statements) -> str:
    """When the article says that it was published, as an ISO 8601 prefix."""
    linked = (str(article.get("datePublished") or "") for article in stated.articles)
    tagged = (stated.meta.get(name, "") for name in _DATES)
    return next((found for found in map(iso, (*linked, *tagged)) if _ISO_DAY.fullmatch(found)), "")


def _canonical(tree: Element) -> str:
    links = tree.xpath('//head/link[@rel="canonical"]/@href')
    return next((link.strip() for link in links if link.strip().startswith(("http://", "https://"))), "")


def _title(tree: Element, stated: Statements, outlet: str | None) -> str:
    """The headline on the page if the head's titles are about the same, else a title of the head without the outlet."""
    linked = [article.get("headline") for article in stated.articles]
    tagged = [stated.meta.get(name) for name in _TITLES]
    element = [" ".join(found.split()) for found in tree.xpath("//head/title/text()")[:1]]
    told = [" ".join(title.split()) for title in (*linked, *tagged, *element) if isinstance(title, str)]
    told = list(filter(None, told))
    headlines = [" ".join(" ".join(h1.itertext()).split()) for h1 in tree.iterfind(".//h1")]
    for headline in headlines:
        if headline and any(_alike(headline, title) for title in told):
            return headline
    return _without_outlet(told[0], outlet or "") if told else ""


def _alike(headline: str, title: str) -> bool:
    one, other = _words(headline), _words(title)
    return len(one & other) >= _SHARED * min(len(one), len(other)) > 0 and 2 * len(one) >= len(other)


def _words(title: str) -> set[str]:
    return set(re.findall(r"\w+", title.casefold()))


def _without_outlet(title: str, outlet: str) -> str:
    """The title without a last part that names the outlet."""
    cuts = list(_SEPARATOR.finditer(title))
    if not cuts:
        return title
    last = title[cuts[-1].end() :]
    return title[: cuts[-1].start()] if _words(last) & _words(outlet) else title
