"""Readers who are watched: tracking switched on in messages, pixels put into results."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from ostiary.analyze.dataflow.effect import EffectKind
from ostiary.analyze.dataflow.value import Place
from ostiary.analyze.facts import Facts, Reached
from ostiary.analyze.rules.hostile.around import Shown, purpose
from ostiary.analyze.rules.hostile.saying import Told, entries
from ostiary.analyze.written.words import Pair, Phrase, Words
from ostiary.model.check import Check
from ostiary.model.finding import Finding
from ostiary.model.grade import Confidence, Persona, Severity
from ostiary.model.rule import Category, Rule

FORCED_TRACKING = Rule(
    id="forced-tracking",
    title="Tracking of readers is always switched on",
    category=Category.CLAIM,
    severity=Severity.MEDIUM,
    confidence=Confidence.HIGH,
    persona=Persona.DEFAULT,
    what=(
        "Looks for switches of a mail or message service that record who opens and clicks, set to "
        "on in the code of a tool that has no parameter for it and does not tell of it. Switches "
        "that come from a parameter or the configuration are left alone."
    ),
    attack=(
        "Every recipient is recorded when and where they open and what they click, without a "
        "lawful "
        "reason and without the sender's knowledge."
    ),
    remedy="Ask for a parameter that is off by default, or leave the tool out.",
    references=("CWE-201", "MCP10:2025", "CoSAI-MCP-T5"),
)
TRACKING_PIXEL = Rule(
    id="tracking-in-results",
    title="Results carry a tracking image",
    category=Category.CONCEALMENT,
    severity=Severity.HIGH,
    confidence=Confidence.HIGH,
    persona=Persona.DEFAULT,
    what=(
        "Looks for images in what a tool writes whose fixed address carries what the caller asked, "
        "where the image shows nothing: no text for it, one pixel, or an address named after "
        "tracking. Charts, badges, maps and other images that a tool is for are left alone."
    ),
    attack=(
        "The client fetches the image when it shows the answer: what was asked, when and by whom "
        "reaches the owner of that address."
    ),
    remedy="Do not use this server, and switch off remote images in the client.",
    references=("CWE-506", "CWE-201", "SAFE-T1902", "AML.T0077", "MCP10:2025"),
)

_SWITCH = re.compile(
    r"^(?:track_?(?:opens?|links?|clicks?|activity)|(?:open|click|link)s?_?track(?:ing)?|"
    r"o:tracking(?:-opens|-clicks)?|o:track\S*|enable_?tracking|track(?:ing)?_?enabled)$",
    re.IGNORECASE,
)
_APART = 3
"""Lines between switches of one call."""
_ON = frozenset(
    {"true", "yes", "on", "1", "htmlandtext", "html", "htmlonly", "textonly", "enabled"}
)
_SENDS = (EffectKind.REQUEST, EffectKind.MAIL, EffectKind.MESSAGE)
_MARKDOWN = re.compile(r"!\[(?P<alt>[^\]]{0,80})\]\((?P<url>https?://[^)\s]{1,300})\)?")
_HTML = re.compile(r"<img\b(?P<tag>[^>]{0,400})", re.IGNORECASE)
_SOURCE = re.compile(r"src\s*=\s*[\"']?(?P<url>https?://[^\"'\s>]{1,300})", re.IGNORECASE)
_HIDDEN = re.compile(
    r"(?:width|height)\s*[=:]\s*[\"']?[01](?:px)?\b|display\s*:\s*none", re.IGNORECASE
)
_NAMED = re.compile(r"pixel|beacon|track|/open\b|/o\.gif|[/.-]1x1|spacer|\.gif\?", re.IGNORECASE)
_IMAGES = re.compile(
    r"\b(?:images?|pictures?|photos?|charts?|graphs?|badges?|maps?|plots?|diagrams?|qr|avatars?|"
    r"thumbnails?|icons?|logos?|screenshots?|gifs?|drawings?|figures?|render\w*)\b"
)


def look(facts: Facts) -> Iterator[Finding]:
    """One finding a switch, one an image."""
    switched, images = Told(FORCED_TRACKING), Told(TRACKING_PIXEL)
    forced, addressed = Shown(facts, _forced), Shown(facts, _addressed)
    for reached in entries(facts):
        sends = any(one.kind in _SENDS for one in reached.effects)
        switches = sends and "track" not in purpose(reached)
        for around, pairs in forced.by(reached) if switches else ():
            place = Place(around.file, pairs[0].line)
            keys = " and ".join(dict.fromkeys(one.key for one in pairs))
            if switched.new(place):
                yield switched.at(
                    reached.entry,
                    place,
                    f"{keys} {'is' if len(pairs) == 1 else 'are'} always on.",
                    mark=f"{around.name} {pairs[0].key}",
                )
        for around, phrase in addressed.by(reached):
            place = Place(around.file, phrase.line)
            if _pixel(phrase.text, reached) and images.new(place):
                yield images.at(
                    reached.entry,
                    place,
                    "An image that shows nothing carries what was asked to a fixed address.",
                    shows=phrase.text.replace("\0", "…"),
                    mark=around.name,
                )


def _forced(around: Words) -> Iterator[list[Pair]]:
    """Switches of tracking that are always on, those of one call together."""
    return _together(
        pair
        for pair in around.pairs
        if pair.literal and _SWITCH.match(pair.key) and str(pair.scalar).lower() in _ON
    )


def _together(pairs: Iterable[Pair]) -> Iterator[list[Pair]]:
    """Switches that stand beside each other: those of one call."""
    group: list[Pair] = []
    for one in sorted(pairs, key=lambda pair: pair.line):
        again = any(one.key == other.key for other in group)
        if group and (again or one.line - group[-1].line > _APART):
            yield group
            group = []
        group.append(one)
    if group:
        yield group


def _addressed(around: Words) -> Iterator[Phrase]:
    """Texts with an image from an address, of which something is not known."""
    for phrase in around.phrases:
        text = phrase.text
        if "://" in text and "\0" in text and (_MARKDOWN.search(text) or _HTML.search(text)):
            yield phrase


def _pixel(text: str, reached: Reached) -> bool:
    for found in _MARKDOWN.finditer(text):
        if _asks(found["url"]) and (not found["alt"].strip() or _NAMED.search(found["url"])):
            return not _IMAGES.search(purpose(reached))
    for found in _HTML.finditer(text):
        source = _SOURCE.search(found["tag"])
        unseen = _HIDDEN.search(found["tag"]) or (source and _NAMED.search(source["url"]))
        if source is not None and _asks(source["url"]) and unseen:
            return True
    return False


def _asks(url: str) -> bool:
    """Whether something unknown stands behind the host."""
    return "\0" in url.partition("://")[2].partition("/")[2]


CHECK: Check[Facts] = Check((FORCED_TRACKING, TRACKING_PIXEL), look)
