"""From the files of one target to the facts of its code."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from ostiary.analyze.dataflow.budget import MOST_DECLARED
from ostiary.analyze.dataflow.engine import Engine
from ostiary.analyze.dataflow.request_state import state_checks, with_checks
from ostiary.analyze.declare.entry import Entry, EntryKind
from ostiary.analyze.declare.read import read_entries
from ostiary.analyze.declare.servers import servers
from ostiary.analyze.facts import Facts
from ostiary.analyze.knowledge.languages import knowledge_of
from ostiary.analyze.manifests.read import manifest_gaps, read_manifests
from ostiary.analyze.modules import Modules, is_apart, read_modules
from ostiary.analyze.project import Project
from ostiary.analyze.python.resolve import PythonPaths
from ostiary.analyze.reaching import reach
from ostiary.analyze.typescript.resolve import ScriptPaths
from ostiary.analyze.verdict.coverage import not_followed
from ostiary.model.outcome import NotChecked


def read_facts(project: Project) -> Facts:
    """Everything that the code of a target tells. Nothing of it runs."""
    sources = read_modules(project)
    engine = evaluate(project, sources)
    engine.budget.renew(MOST_DECLARED)
    entries, unread = read_entries(engine)
    checks = state_checks(engine.local.values())
    reached = tuple(
        replace(one, effects=with_checks(one.effects, checks)) for one in reach(engine, entries)
    )
    manifests = read_manifests(project)
    not_checked = [
        *sources.not_checked,
        *manifest_gaps(project, manifests),
        *_other_languages(project),
        *_undeclared(sources, entries),
        *(
            NotChecked(
                subject=f"a declaration at {one.place.file}:{one.place.line}",
                reason=one.reason,
                remedy="compare with the list the running server gives: ostiary audit --surface",
                file=one.place.file,
            )
            for one in unread
        ),
        *(
            NotChecked(
                subject=path or "the code as a whole",
                reason=says,
                remedy="read what is named here by hand",
                file=path or None,
            )
            for path, says in engine.limits
        ),
    ]
    return Facts(
        project=project,
        modules=sources.modules,
        manifests=manifests,
        reached=reached,
        effects=tuple(engine.local.values()),
        not_checked=tuple(not_checked),
        unread=unread,
        servers=tuple(servers(engine.outermost())),
    )


def _other_languages(project: Project) -> Iterator[NotChecked]:
    """One gap a language whose flow is not followed, tests and examples aside."""
    found: dict[str, list[str]] = {}
    for path in project.files:
        language = not_followed(path)
        if language and not is_apart(path):
            found.setdefault(language, []).append(path)
    for language, paths in sorted(found.items()):
        files = f"{len(paths):,} files" if len(paths) > 1 else paths[0]
        yield NotChecked(
            subject=f"source in {language}",
            reason=f"source not checked: what code in {language} does is not followed ({files})",
            remedy="its manifests, dependencies and texts were read; read this code by hand",
            file=paths[0],
        )


def _undeclared(sources: Modules, entries: tuple[Entry, ...]) -> tuple[NotChecked, ...]:
    """Source without a declaration that is understood: what its tools do is not known."""
    declared = (EntryKind.TOOL, EntryKind.PROMPT, EntryKind.RESOURCE)
    if not sources.modules or any(one.kind in declared for one in entries):
        return ()
    return (
        NotChecked(
            subject="the tools of the server",
            reason="no tool, prompt or resource was found in its source",
            remedy="its tools may be declared in a dependency or in a way that is not known here; "
            "look at the list the running server gives",
        ),
    )


def evaluate(project: Project, sources: Modules) -> Engine:
    """The engine with every module run and every function summarised."""
    scripts = ScriptPaths(project)
    languages = {one.language for one in sources.modules.values()}
    families = {"python" if one == "python" else "javascript" for one in languages}
    engine = Engine(
        sources.modules,
        {"python": PythonPaths(tuple(project.files)), "javascript": scripts},
        {family: knowledge_of(family) for family in sorted(families)},
    )
    engine.run()
    return engine
