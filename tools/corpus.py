"""Measures a scan on labelled tool definitions: ``make corpus``.

Recall per class, false positives per source, each tool alone and all tools of a source together,
split in halves by class and source, the drift cases, and other scanners beside where they run.
Reads data that is no part of the project; without it, says so and stops.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import sys
import time
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from ostiary.inventory.lookalikes import likeness
from ostiary.model.check import Neighbourhood, run
from ostiary.model.finding import Finding
from ostiary.model.grade import Persona, Severity
from ostiary.model.json import JsonObject, JsonValue, as_list, as_object, as_text
from ostiary.model.surface import Surface, Tool
from ostiary.scan.judge import Reading, captured_client, judge
from ostiary.surface.checks import CHECKS
from ostiary.surface.difference import differences, severity_of
from peers import NOT_RUN, PEERS, verdicts

LABELLED = "surfaces/tools-labelled.json"
REGISTRY = "surfaces/docker-registry-tools.json"
BENCH = "surfaces/livemcpbench-tools.json"
PACKAGES = "registry/toolsdk-packages.json"
DRIFT = "drift/capability-surface-cases.json"


@dataclass(frozen=True, slots=True)
class Case:
    """One tool definition with what is known of it."""

    label: str
    source: str
    kind: str
    raw: JsonObject = field(hash=False)

    @property
    def name(self) -> str:
        return as_text(self.raw.get("name"))

    @property
    def half(self) -> int:
        """0 or 1, by a digest of what the tool is, so that twins fall together."""
        key = f"{self.source}/{self.kind}/{self.name}"
        return hashlib.sha256(key.encode()).digest()[0] & 1


def _tool(raw: JsonObject, index: int) -> Tool:
    return Tool("tool", as_text(raw.get("name")), raw, f"{index:064x}")


def _raw(value: JsonObject) -> JsonObject:
    kept = ("name", "title", "description", "inputSchema", "outputSchema", "annotations", "_meta")
    return {key: value[key] for key in kept if value.get(key) is not None}


def labelled(data: Path) -> list[Case]:
    """The labelled tools."""
    cases: list[Case] = []
    for value in as_list(_load(data / LABELLED)):
        one = as_object(value)
        source, kind = as_text(one.get("source")), as_text(one.get("class"))
        cases.append(Case(as_text(one.get("label")), source, kind, _raw(one)))
    return cases


def registry(data: Path) -> list[Case]:
    """Tools of a registry of real servers; source is the server."""
    return [
        Case("real", server, "", _raw(as_object(tool)))
        for server, tools in sorted(as_object(_load(data / REGISTRY)).items())
        for tool in as_list(tools)
    ]


def bench(data: Path) -> list[Case]:
    """Full definitions of real servers; source is the server."""
    return [
        Case("real", name, "", _raw(as_object(tool)))
        for group in as_list(_load(data / BENCH))
        for name, server in sorted(as_object(as_object(group).get("tools")).items())
        for tool in as_list(as_object(server).get("tools"))
    ]


def _load(path: Path) -> JsonValue:
    value: JsonValue = json.loads(path.read_text("utf-8"))
    return value


def shown(findings: Iterable[Finding]) -> list[Finding]:
    """What the default persona sees."""
    return [one for one in findings if one.persona is Persona.DEFAULT]


def alone(case: Case) -> list[Finding]:
    """Findings of a whole scan on a tool that is the only one of its server."""
    surface = Surface("server", "0" * 12, None, tools=(_tool(case.raw, 0),))
    client, servers = captured_client([surface])
    return shown(judge(Reading((client,), servers, (surface,), ())).findings)


def together(cases: list[Case]) -> list[list[Finding]]:
    """Findings of all surface checks per tool: a source is one surface, sources are neighbours.

    A vendor's source holds several servers; a name that comes again belongs to another of them.
    """
    groups: dict[str, list[int]] = defaultdict(list)
    seen: dict[tuple[str, str], int] = defaultdict(int)
    for index, case in enumerate(cases):
        nth = seen[case.source, case.name] = seen[case.source, case.name] + 1
        groups[case.source if nth == 1 else f"{case.source} {nth}"].append(index)
    surfaces = {
        source: Surface(
            source, source, None, tools=tuple(_tool(cases[index].raw, index) for index in members)
        )
        for source, members in groups.items()
    }
    found: list[list[Finding]] = [[] for _ in cases]
    for source, members in groups.items():
        near = tuple(other for name, other in surfaces.items() if name != source)[:12]
        named = {cases[index].name: index for index in members}
        findings, _ = run(CHECKS, Neighbourhood(surfaces[source], near), source)
        for finding in shown(findings):
            name = finding.location.part.removeprefix("tool ").split(",")[0]
            found[named.get(name, members[0])].append(finding)
    return found


def alarming(findings: Iterable[Finding]) -> bool:
    return any(one.severity >= Severity.MEDIUM for one in findings)


def influencing(findings: Iterable[Finding]) -> bool:
    return any(one.category in ("influence", "poison") for one in findings)


def poisonous(findings: Iterable[Finding]) -> bool:
    return any(one.severity >= Severity.MEDIUM and one.category != "influence" for one in findings)


def share(hits: int, total: int) -> str:
    return f"{hits}/{total} = {100 * hits / total:.1f} %" if total else "none"


def _rows(cases: list[Case], judged: list[list[Finding]]) -> Iterator[tuple[str, str, str]]:
    """``(set, share, of the other half)`` per label and class."""
    tests = {"poisoned": alarming, "influence": influencing, "benign": alarming}
    for label, test in tests.items():
        groups: dict[str, list[int]] = defaultdict(list)
        for index, case in enumerate(cases):
            if case.label == label:
                groups["all"].append(index)
                groups[f"{case.source} {case.kind}".strip()].append(index)
        for group, members in sorted(groups.items()):
            hits = [index for index in members if test(judged[index])]
            halves = [
                share(
                    sum(cases[index].half == half for index in hits),
                    sum(cases[index].half == half for index in members),
                )
                for half in (0, 1)
            ]
            yield f"{label}: {group}", share(len(hits), len(members)), "; ".join(halves)


def table(title: str, rows: Iterable[tuple[str, ...]], heads: tuple[str, ...]) -> None:
    print(f"\n### {title}\n")
    print("| " + " | ".join(heads) + " |")
    print("|" + "---|" * len(heads))
    for row in rows:
        print("| " + " | ".join(row) + " |")


def measure(data: Path, *, verbose: bool, peers: bool) -> None:
    """Everything of ours."""
    cases = labelled(data)
    started = time.perf_counter()
    judged = [alone(case) for case in cases]
    spent = time.perf_counter() - started
    heads = ("set", "flagged", "half A; half B")
    table("Each tool alone", _rows(cases, judged), heads)
    influence = [i for i, case in enumerate(cases) if case.label == "influence"]
    print(
        f"\nInfluence reported as poison of medium or worse: "
        f"{share(sum(poisonous(judged[i]) for i in influence), len(influence))}. "
        f"{len(cases)} tools in {spent:.2f} s."
    )
    benign = [case for case in cases if case.label == "benign"]
    rows = [
        (
            name,
            share(sum(map(alarming, alone_)), len(group)),
            share(sum(map(alarming, both)), len(group)),
        )
        for name, group in (
            ("benign", benign),
            ("registry servers", registry(data)),
            ("bench servers", bench(data)),
        )
        for alone_, both in (([alone(case) for case in group], together(group)),)
    ]
    table("False positives, medium or worse", rows, ("set", "alone", "with neighbours"))
    table("Drift: worst change of each case", drift(data), ("case", "worst", "verdict"))
    table("Look-alike packages, default persona", lookalikes(data), ("names tried as", "alarms"))
    if peers:
        beside(data, cases, judged)
    if verbose:
        _details(cases, judged)
        for name, group in (
            ("registry", registry(data)),
            ("bench", bench(data)),
            ("benign", benign),
        ):
            _false(name, group, [alone(case) for case in group])
            _false(f"{name} with neighbours", group, together(group))


def beside(data: Path, cases: list[Case], judged: list[list[Finding]]) -> None:
    """The same tools before other scanners; a tool counts when they report anything on it."""
    real = registry(data) + bench(data)
    everything = cases + real
    ours = [*map(alarming, judged), *(alarming(alone(case)) for case in real)]
    rows = [("Ostiary, default persona, medium or worse", *_shares(everything, ours))]
    for peer in PEERS:
        found = verdicts(peer, [case.raw for case in everything])
        rows.append(
            (peer.name, f"not run: {found}", "", "", "")
            if isinstance(found, str)
            else (peer.name, *_shares(everything, found))
        )
    rows += [(name, f"not run: {why}", "", "", "") for name, why in NOT_RUN]
    heads = ("scanner", "poisoned", "benign", "registry and bench servers", "influence")
    table("Beside others, each tool alone", rows, heads)


def _shares(cases: list[Case], flagged: list[bool]) -> tuple[str, str, str, str]:
    """Shares flagged of poisoned, labelled benign, other real servers' and influence tools."""
    sets: dict[str, list[bool]] = defaultdict(list)
    for case, hit in zip(cases, flagged, strict=True):
        sets[case.label].append(hit)

    def of(label: str) -> str:
        return share(sum(sets[label]), len(sets[label]))

    return of("poisoned"), of("benign"), of("real"), of("influence")


def drift(data: Path) -> Iterator[tuple[str, str, str]]:
    """``(case, worst change, right or wrong)`` of every before and after."""
    cases = as_object(_load(data / DRIFT))
    for group, least, most in (
        ("malicious", Severity.HIGH, Severity.CRITICAL),
        ("undeclared", Severity.MEDIUM, Severity.MEDIUM),
        ("benign", None, Severity.MEDIUM),
    ):
        for name, value in as_object(cases.get(group)).items():
            case = as_object(value)
            if not case:
                continue
            before, after = (
                Surface("server", "0" * 12, None, tools=(_tool(as_object(case.get(side)), index),))
                for index, side in enumerate(("baseline", "twin"))
            )
            if case.get("baseline") == case.get("twin"):
                after = before
            worst = severity_of(differences(before, after))
            right = (least is None or (worst is not None and worst >= least)) and (
                worst is None or worst <= most
            )
            yield (
                f"{group} {name}",
                "none" if worst is None else worst.word,
                ("right" if right else "WRONG"),
            )


def lookalikes(data: Path) -> Iterator[tuple[str, str]]:
    """False alarms on the names of packages that are what they say."""
    names = sorted(as_object(_load(data / PACKAGES)))
    for ecosystem in ("npm", "pypi"):
        found = (likeness(ecosystem, name) for name in names)
        yield ecosystem, share(sum(like is not None and like.sure for like in found), len(names))


def _details(cases: list[Case], judged: list[list[Finding]]) -> None:
    for case, findings in zip(cases, judged, strict=True):
        if case.label == "poisoned" and not alarming(findings):
            print(f"\nMISSED {case.kind} {case.name}: {as_text(case.raw.get('description'))[:600]}")
    for case, findings in zip(cases, judged, strict=True):
        if case.label == "influence" and not influencing(findings):
            print(f"missed {case.kind} {case.name}: {as_text(case.raw.get('description'))[:100]!r}")


def _false(name: str, cases: list[Case], judged: list[list[Finding]]) -> None:
    for case, findings in zip(cases, judged, strict=True):
        for one in findings:
            print(
                f"\nFALSE in {name}: {case.source}/{case.name} [{one.rule} {one.severity}] "
                f"{one.message}\n      {one.evidence[0].excerpt}"
            )


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("data", nargs="?", default=os.environ.get("OSTIARY_DATA", "../shared/data"))
    parser.add_argument("-v", "--verbose", action="store_true", help="list misses and false hits")
    parser.add_argument("--no-peers", action="store_true", help="leave other scanners out")
    chosen = parser.parse_args()
    data = Path(chosen.data)
    if not (data / LABELLED).is_file():
        print(f"no labelled data at {data}: name its folder, or set OSTIARY_DATA", file=sys.stderr)
        return 2
    measure(data, verbose=chosen.verbose, peers=not chosen.no_peers)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
