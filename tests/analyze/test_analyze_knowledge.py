"""Looking up library facts: exact names, wildcards, aliases, names of unknown receivers."""

from __future__ import annotations

import pytest

from ostiary.analyze.dataflow.effect import EffectKind
from ostiary.analyze.dataflow.value import SourceKind
from ostiary.analyze.knowledge.known import Known, Library, Read, Typed
from ostiary.analyze.knowledge.languages import knowledge_of
from ostiary.analyze.knowledge.lookup import Knowledge


def _made(*known: Known, **more: object) -> Knowledge:
    return Knowledge((Library("test", known=known, **more),))  # type: ignore[arg-type]


def _tags(facts: tuple[Known, ...]) -> list[str]:
    return [tag for fact in facts for tag in fact.tags]


def test_an_exact_name_beats_every_wildcard() -> None:
    knowledge = _made(
        Known(("db.*",), tags=("any",)),
        Known(("db.run",), tags=("exact",)),
        Known(("*.run",), tags=("by end",)),
    )
    assert _tags(knowledge.calls("db.run")) == ["exact"]


def test_the_longest_literal_part_wins_among_wildcards() -> None:
    knowledge = _made(Known(("db.*",), tags=("short",)), Known(("db.*.execute",), tags=("long",)))
    assert _tags(knowledge.calls("db.connect().execute")) == ["long"]
    assert _tags(knowledge.calls("db.connect().other")) == ["short"]


def test_a_wildcard_of_a_library_beats_a_longer_name_of_any_receiver() -> None:
    knowledge = _made(
        Known(("db.*",), tags=("library",)), Known(("*.executeEverything",), tags=("any",))
    )
    assert _tags(knowledge.calls("db.x.executeEverything")) == ["library"]
    assert _tags(knowledge.calls("other.executeEverything")) == ["any"]


def test_all_facts_under_the_winning_name_apply() -> None:
    knowledge = _made(Known(("run",), tags=("one",)), Known(("run", "walk"), tags=("two",)))
    assert _tags(knowledge.calls("run")) == ["one", "two"]
    assert _tags(knowledge.calls("walk")) == ["two"]


def test_both_ends_of_a_wildcard_must_be_there_without_overlap() -> None:
    knowledge = _made(Known(("a.bc*bc.d",), tags=("fits",)))
    assert knowledge.calls("a.bc.d") == ()
    assert _tags(knowledge.calls("a.bcbc.d")) == ["fits"]


def test_a_wildcard_before_the_first_dot_is_found_too() -> None:
    knowledge = _made(Known(("boto*.client",), tags=("fits",)))
    assert _tags(knowledge.calls("boto3.client")) == ["fits"]
    assert knowledge.calls("goto.client") == ()


def test_unknown_receivers_get_only_facts_that_begin_with_a_star() -> None:
    knowledge = _made(
        Known(("db.*.execute",), tags=("library",)), Known(("*.execute",), tags=("any",))
    )
    assert _tags(knowledge.unknown_method("execute")) == ["any"]
    assert knowledge.unknown_method("xexecute") == ()


def test_a_longer_end_wins_for_unknown_receivers() -> None:
    knowledge = _made(
        Known(("*.create",), tags=("short",)), Known(("*.messages.create",), tags=("long",))
    )
    assert _tags(knowledge.calls("x.messages.create")) == ["long"]
    assert _tags(knowledge.unknown_method("messages.create")) == ["long"]
    assert _tags(knowledge.unknown_method("create")) == ["short"]


def test_aliases_replace_whole_parts_of_a_name_and_follow_one_another() -> None:
    knowledge = _made(
        Known(("fs.promises.readFile",), tags=("found",)),
        aliases={"fs/promises": "fs.promises", "fs-extra": "fs", "extra": "fs-extra"},
    )
    assert knowledge.canonical("extra.promises.readFile") == "fs.promises.readFile"
    assert knowledge.canonical("fs-extras.readFile") == "fs-extras.readFile"
    assert _tags(knowledge.calls("fs/promises.readFile")) == ["found"]


def test_aliases_that_run_in_a_circle_end() -> None:
    knowledge = _made(aliases={"a": "b", "b": "a"})
    assert knowledge.canonical("a.x") in {"a.x", "b.x"}


def test_an_alias_may_shorten_a_chain_as_often_as_it_stands_there() -> None:
    knowledge = _made(aliases={"P().parent": "P()"})
    assert knowledge.canonical("P().parent.parent.parent.read") == "P().read"


def test_the_default_of_a_module_is_the_module_but_a_method_of_that_name_stays() -> None:
    knowledge = _made()
    assert knowledge.canonical("axios.default.get") == "axios.get"
    assert knowledge.canonical("axios.default") == "axios"
    assert knowledge.canonical("zod.string().default") == "zod.string().default"


def test_node_prefixes_are_taken_off() -> None:
    assert _made().canonical("node:fs.readFile") == "fs.readFile"


def test_reads_and_types_follow_the_same_rules() -> None:
    knowledge = _made(
        reads=(
            Read(("process.env",), SourceKind.ENVIRONMENT),
            Read(("process.env.*",), SourceKind.SECRET),
        ),
        typed=(Typed(("web.Request",), "web.Request()", SourceKind.REQUEST),),
        aliases={"web2": "web"},
    )
    whole, one = knowledge.reads("process.env"), knowledge.reads("process.env.HOME")
    assert whole is not None
    assert whole.gives is SourceKind.ENVIRONMENT
    assert one is not None
    assert one.gives is SourceKind.SECRET
    assert knowledge.reads("process.environment") is None
    typed = knowledge.typed("web2.Request")
    assert typed is not None
    assert typed.external == "web.Request()"
    assert knowledge.typed("web.Response") is None


@pytest.mark.parametrize("name", ["", ".", "(", "a" * 100_000, "x.y()" * 20_000, "*"])
def test_strange_names_are_unknown_and_cost_little(name: str) -> None:
    for language in ("python", "javascript"):
        knowledge = knowledge_of(language)
        assert knowledge.calls(name) == ()
        assert knowledge.reads(name) is None


def test_typescript_and_javascript_share_one_table_and_python_has_its_own() -> None:
    assert knowledge_of("typescript") is knowledge_of("javascript")
    assert knowledge_of("python") is not knowledge_of("javascript")
    python = {fact.effect for fact in knowledge_of("python").calls("subprocess.run")}
    assert python == {EffectKind.SHELL, EffectKind.PROCESS}
    assert knowledge_of("javascript").calls("subprocess.run") == ()
