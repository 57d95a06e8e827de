"""The country rule: fixed destinations outside the countries that the reader allows."""

from __future__ import annotations

from ostiary.analyze.verdict.countries import allowed, country_of
from ostiary.model.audit import Context, Destination, ToolReach
from ostiary.model.finding import Evidence, Finding, Location
from ostiary.model.grade import Confidence, Persona, Severity
from ostiary.model.outcome import NotChecked
from ostiary.model.rule import Category, Rule
from ostiary.model.visible import NAME, visible

DESTINATION_COUNTRY = Rule(
    id="destination-country",
    title="Data leaves the allowed countries",
    category=Category.REACH,
    severity=Severity.HIGH,
    confidence=Confidence.MEDIUM,
    persona=Persona.DEFAULT,
    what=(
        "Where the reader names countries that data may go to: looks for fixed destinations whose "
        "name places them elsewhere, by the region of a cloud or by a country's domain. Names that "
        "tell nothing are reported as not checked, never as allowed."
    ),
    attack="Data is stored and can be demanded under a law that the reader has not accepted.",
    remedy="Use an endpoint in an allowed country, leave the tool out, or allow the country.",
    references=("CoSAI-MCP-T5", "LLM02:2026"),
)


def abroad(
    tools: tuple[ToolReach, ...], context: Context
) -> tuple[tuple[Finding, ...], tuple[NotChecked, ...]]:
    """What breaks the country rule, and which destinations it could not be checked for."""
    if not context.countries:
        return (), ()
    found: list[Finding] = []
    unknown: dict[str, list[str]] = {}
    for tool in tools:
        for where in tool.destinations:
            placed = country_of(where.host)
            if placed is None:
                unknown.setdefault(where.host or where.how, []).append(tool.access.tool)
            elif not allowed(placed[0], context.countries):
                found.append(_finding(tool, where, *placed, context.countries))
    gaps = tuple(_gap(name, users) for name, users in sorted(unknown.items()))
    return tuple({one.fingerprint: one for one in found}.values()), gaps


def _finding(
    tool: ToolReach,
    where: Destination,
    country: str,
    confidence: Confidence,
    countries: tuple[str, ...],
) -> Finding:
    host = visible(where.host, 120)
    name = visible(tool.access.tool, NAME)
    carries = visible(", ".join(where.carries), 200) or "data"
    place = Location(
        file=where.place.file,
        line=where.place.line,
        column=where.place.column,
        part=f"tool {tool.access.tool}",
    )
    return DESTINATION_COUNTRY.finding(
        f"{name} sends {carries} to {host}, in {country}; allowed are {', '.join(countries)}",
        place,
        evidence=(Evidence(f"{carries} goes to {host}", where.place),),
        confidence=confidence,
        mark=f"{tool.access.tool}:{where.host}",
    )


def _gap(name: str, users: list[str]) -> NotChecked:
    tools = ", ".join(visible(one, NAME) for one in dict.fromkeys(users))
    return NotChecked(
        subject=f"country of {visible(name, 120)}",
        reason=f"its name does not tell in which country it stands; {tools} sends data there",
        remedy="ask the operator, or allow only hosts whose place is known",
    )
