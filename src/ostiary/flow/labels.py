"""What a tool's results bring in and where a caller can make it send data."""

from __future__ import annotations

from ostiary.flow.evidence import Weighed, stronger
from ostiary.flow.facts import Facts
from ostiary.flow.lexicon import wordset
from ostiary.flow.lexicon.objects import THINGS, Thing
from ostiary.model.access import DataClass, Level
from ostiary.model.grade import Confidence

HIGH, MEDIUM, LOW = Confidence.HIGH, Confidence.MEDIUM, Confidence.LOW

_FETCHES = wordset(
    """fetch get navigate open browse download scrape crawl request read goto visit extract
        load http curl screenshot post put patch call"""
)
_PAGE = wordset("browser playwright puppeteer chrome webpage dom")
_ON_PAGE = wordset("browser page url")
_SEARCH = wordset("search")
_PAGE_TEXT = wordset("snapshot text html content dom navigate evaluate")
_SEARCHES = wordset(
    """web google bing brave duckduckgo tavily exa internet firecrawl searxng perplexity"""
)


def label(facts: Facts, weighed: Weighed) -> tuple[tuple[Thing, ...], tuple[DataClass, ...]]:
    """Set the three labels; return the objects and the classes of data."""
    things = _things(facts)
    brings = Level.READ in weighed.levels or facts.named(_PAGE)
    if brings:
        _brought(facts, things, weighed)
    if weighed.at_least(Level.EXECUTE, MEDIUM):
        sure = weighed.levels[Level.EXECUTE]
        reach = MEDIUM if sure is HIGH else LOW
        weighed.private = stronger(weighed.private, reach)
        weighed.outward = stronger(weighed.outward, reach)
    _outward(facts, weighed)
    return things, _data(things, facts)


def _things(facts: Facts) -> tuple[Thing, ...]:
    found = {thing.name: thing for thing in facts.things}
    if facts.takes.has("path", "output") and "repository" not in found:
        found.setdefault("file", THINGS["file"])
    return tuple(found.values())


def _brought(facts: Facts, things: tuple[Thing, ...], weighed: Weighed) -> None:
    in_name = {thing.name for _, thing in facts.nouns}
    public = any(thing.data is DataClass.PUBLIC for thing in things)
    for thing in things:
        named = thing.name in in_name
        if thing.untrusted is not None:
            sure = thing.untrusted if named else min(thing.untrusted, MEDIUM)
            weighed.untrusted = stronger(weighed.untrusted, sure)
        if thing.private is not None and not (public and not named):
            sure = thing.private if named else min(thing.private, MEDIUM)
            weighed.private = stronger(weighed.private, LOW if public else sure)
    if _reaches_web(facts):
        weighed.untrusted = HIGH


def _reaches_web(facts: Facts) -> bool:
    """Whether what comes back is a page of the open web."""
    if facts.takes.has("url") and facts.says(_FETCHES) and not facts.takes.has("output"):
        return facts.only_reads or not facts.said or facts.named(_PAGE)
    if facts.named(_PAGE) and facts.says(_ON_PAGE):
        return facts.says(_PAGE_TEXT)
    return facts.says(_SEARCH) and facts.says(_SEARCHES)


def _outward(facts: Facts, weighed: Weighed) -> None:
    send = weighed.levels.get(Level.SEND)
    if send is not None:
        weighed.outward = stronger(weighed.outward, send)
    if facts.takes.has("url"):
        fetches = not facts.named(_CONFIGURED) and (facts.says(_FETCHES) or not facts.said)
        weighed.outward = stronger(weighed.outward, HIGH if fetches else LOW)


_CONFIGURED = wordset("create update list delete set add lookup parse validate encode")


def _data(things: tuple[Thing, ...], facts: Facts) -> tuple[DataClass, ...]:
    found = {thing.data for thing in things if thing.data is not None}
    if facts.named(_PAGE):
        found.add(DataClass.BROWSER)
    if facts.takes.has("url"):
        found.add(DataClass.WEB)
    return tuple(one for one in DataClass if one in found)
