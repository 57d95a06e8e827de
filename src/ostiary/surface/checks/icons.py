"""Icons that a client loads from elsewhere."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ostiary.model.check import Check, Neighbourhood
from ostiary.model.finding import Finding
from ostiary.model.grade import Confidence, Persona, Severity
from ostiary.model.json import JsonValue, as_list, as_object, as_text
from ostiary.model.rule import Category, Rule
from ostiary.model.surface import Surface
from ostiary.model.visible import NAME, visible
from ostiary.surface.place import place, shows

ICONS_REMOTE = Rule(
    id="icons-remote",
    title="Icons are loaded from elsewhere",
    category=Category.REACH,
    severity=Severity.LOW,
    confidence=Confidence.HIGH,
    persona=Persona.PEDANTIC,
    what=(
        "Collects the icons of a server and its items that are URLs, in one finding. An icon that "
        "is a script, or an SVG picture that carries one, is medium and shown to everybody; a "
        "picture inside the answer is left alone."
    ),
    attack=(
        "Each time a client shows the list, the icon's host learns who uses the server and from "
        "where; a plain `http:` or local address is a way to call into a network."
    ),
    remedy="Have the client keep icons off, or load them through a proxy.",
    references=("CWE-200", "CWE-918", "CWE-79", "SAFE-T1902"),
)

_SCRIPT = re.compile(r"\s*(?:javascript|vbscript):|\s*data:text/html", re.IGNORECASE)
_SVG_SCRIPT = re.compile(
    r"data:image/svg\+xml[^,]*,.*(?:<|%3c)script|data:image/svg.*\bon\w+=", re.I | re.S
)


def look(subject: Neighbourhood) -> Iterator[Finding]:
    """One finding for remote icons, one for each dangerous one."""
    surface = subject.surface
    remote: list[str] = []
    for part, pointer, source in _icons(surface):
        if _SCRIPT.match(source) or _SVG_SCRIPT.match(source[:100_000]):
            where = place(surface, part, pointer)
            yield ICONS_REMOTE.finding(
                f"The icon of {part} is a script.",
                where,
                evidence=[shows("Icon", where, source)],
                severity=Severity.MEDIUM,
                persona=Persona.DEFAULT,
                mark="script",
            )
        elif not source.lower().startswith("data:"):
            remote.append(source)
    if remote:
        where = place(surface, "icons")
        distinct = sorted(set(remote))
        yield ICONS_REMOTE.finding(
            f"{surface.server} has {len(remote):,} icons that are loaded from elsewhere.",
            where,
            evidence=[shows("Icon", where, source) for source in distinct[:5]],
            mark="remote",
        )


def _icons(surface: Surface) -> Iterator[tuple[str, str, str]]:
    info = as_object(surface.meta.get("serverInfo"))
    yield from _sources("the server", info.get("icons"))
    for item in surface.items():
        if "icons" in item.raw:
            yield from _sources(f"{item.kind} {visible(item.name, NAME)}", item.raw["icons"])


def _sources(part: str, icons: JsonValue) -> Iterator[tuple[str, str, str]]:
    for index, icon in enumerate(as_list(icons)[:50]):
        source = as_text(as_object(icon).get("src"))
        if source:
            yield part, f"/icons/{index}/src", source


CHECK: Check[Neighbourhood] = Check((ICONS_REMOTE,), look)
