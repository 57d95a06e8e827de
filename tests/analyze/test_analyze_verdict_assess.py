"""The whole way from findings to a verdict, as the audit takes it."""

from __future__ import annotations

from dataclasses import replace

from ostiary.analyze.dataflow.effect import Effect, EffectKind
from ostiary.analyze.dataflow.value import NOTHING, Place
from ostiary.analyze.declare.entry import Entry, EntryKind, Unread
from ostiary.analyze.facts import Facts, Reached
from ostiary.analyze.ir import Module
from ostiary.analyze.project import Project, SourceFile
from ostiary.analyze.read import read_facts
from ostiary.analyze.verdict.assess import RULES, assess
from ostiary.analyze.verdict.coverage import Coverage, coverage_of
from ostiary.model.access import Level
from ostiary.model.audit import Context, Deployment, Profile, VerdictKind
from ostiary.model.grade import Confidence
from report.audited import ASK, INJECT, LOG, READ, WELL_READ, can, flow, reach


def test_powers_and_countries_join_the_findings() -> None:
    anywhere = reach("write_file", can(Level.WRITE, "file"), places_files=Confidence.HIGH)
    context = Context(Deployment.LAPTOP, Profile.OPEN, ("DE",))
    found = assess((), (), (READ, ASK, anywhere), context, WELL_READ)
    assert [one.finding.rule for one in found.weighed] == ["transitive-power"]
    assert [one.subject for one in found.not_checked] == ["country of api.example.org"]
    assert found.verdict.kind is VerdictKind.USE_WITH_LIMITS
    assert any("--write DIR" in note for note in found.verdict.limits.notes)


def test_a_bank_leaves_out_what_an_open_reader_only_confirms() -> None:
    reboot = reach("reboot", can(Level.ADMINISTER, "machine"))
    home = assess((), (), (READ, reboot), Context(), WELL_READ)
    assert home.verdict.limits.tools_off == ()
    bank = Context(Deployment.ENTERPRISE, Profile.BANK)
    work = assess((), (), (READ, reboot), bank, WELL_READ)
    assert work.verdict.limits.tools_off == ("reboot",)


def test_the_same_input_in_another_order_gives_the_same_answer() -> None:
    one, two = flow(INJECT, "git_log", "a"), flow(INJECT, "read_note", "b")
    tools = (READ, LOG, ASK)
    assert assess((one, two), (), tools, Context(), WELL_READ) == assess(
        (two, one), (), tools, Context(), WELL_READ
    )


def test_rules_of_this_room_have_all_their_texts() -> None:
    for rule in RULES:
        assert rule.what
        assert rule.attack
        assert rule.remedy
        assert rule.references
        assert len(rule.title.split()) <= 8


def facts(**files: bytes) -> Facts:
    """Facts of files whose Python, but for its edges, was read."""
    paths = {name.replace("__", "."): data for name, data in sorted(files.items())}
    modules = {
        path: Module(path, "python", (), 1, problems=("a line was too long",), minified=True)
        for path in paths
        if path.endswith(".py")
    }
    project = Project({path: SourceFile(path, data) for path, data in paths.items()})
    return Facts(project, modules, (), (), ())


def test_coverage_counts_what_was_read_and_what_was_not() -> None:
    found = coverage_of(facts(main__py=b"x" * 100, lib__so=b"y" * 1900))
    assert found == Coverage(1, ("main.py",), ("main.py",), ("machine code",), False, 0)
    assert found.source_read
    assert not coverage_of(facts(main__py=b"x", main__go=b"y" * 50)).source_read
    assert not coverage_of(facts(main__py=b"x", lib__so=b"y" * 500)).source_read
    assert not coverage_of(facts(readme__md=b"x")).source_read
    unread = (Unread(Place("main.py", 3), "the name is computed"),)
    assert coverage_of(facts(main__py=b"x"), unread).unread_declarations == 1


def test_coverage_counts_packages_that_may_reach_out_by_themselves() -> None:
    text = (
        '[project]\nname = "a"\nversion = "1"\ndependencies = ["mcp", "Pydantic", "some_sdk>=1"]\n'
    )
    project = Project({"pyproject.toml": SourceFile("pyproject.toml", text.encode())})
    assert coverage_of(read_facts(project)).foreign == 1


def test_coverage_counts_places_that_reach_out_and_that_no_tool_leads_to() -> None:
    sends = Effect(EffectKind.REQUEST, "requests.get", {}, Place("main.py", 4), "f")
    ends = Effect(EffectKind.EXIT, "sys.exit", {}, Place("main.py", 5), "f")
    tool = Entry(EntryKind.TOOL, "ask", Place("main.py", 1), "a framework")
    known = facts(main__py=b"x")
    assert coverage_of(replace(known, effects=(sends, ends))).outward == 1
    led = Reached(tool, (sends,), NOTHING, frozenset())
    assert coverage_of(replace(known, effects=(sends, ends), reached=(led,))).outward == 0
