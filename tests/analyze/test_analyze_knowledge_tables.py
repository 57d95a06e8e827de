"""Every fact of the tables is well formed: a slip in one would silence a rule without a sound."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest

from ostiary.analyze.dataflow import guarantee
from ostiary.analyze.knowledge import javascript, python
from ostiary.analyze.knowledge.known import Known, Library, Where
from ostiary.analyze.knowledge.languages import knowledge_of
from ostiary.detect.linear import compiled

_LIBRARIES = [
    pytest.param(language, library, id=f"{language}-{library.name}")
    for language, family in (("python", python.LIBRARIES), ("javascript", javascript.LIBRARIES))
    for library in family
]
_ALL_BITS = 0
for _name, _bit in vars(guarantee).items():
    if _name.isupper() and isinstance(_bit, int):
        _ALL_BITS |= _bit
_PLACE = re.compile(r"(?:\d+|base|all|[A-Za-z_]\w*)(?:\.[\w@$-]+)*(?:\.\*\.\w+)?|rest:\d+")
_CONDITIONS = {
    "true",
    "false",
    "not true",
    "not false",
    "present",
    "absent",
    "sequence",
    "text",
    "matches",
    "not matches",
}


def _named(library: Library) -> Iterator[tuple[str, tuple[str, ...]]]:
    for known in library.known:
        yield "known", known.names
    for read in library.reads:
        yield "read", read.names
    for typed in library.typed:
        yield "typed", typed.annotations


def _places(known: Known) -> Iterator[Where]:
    for places in known.roles.values():
        yield from places
    for condition in known.when:
        yield from condition.where
    yield from known.result.passes or ()
    for where, gives in known.calls or ():
        yield where
        yield from gives
    for where, _ in (*known.ensures, *known.tests):
        yield where
    for target, origin in known.writes:
        yield target
        yield origin


@pytest.mark.parametrize(("language", "library"), _LIBRARIES)
def test_names_are_names_with_one_star_at_most(language: str, library: Library) -> None:
    del language
    for kind, names in _named(library):
        assert names, (library.name, kind)
        for name in names:
            assert name == name.strip(), name
            assert name.count("*") <= 1, name
            assert not name.startswith("*") or name.startswith("*."), name
            assert ".." not in name, name
            assert " " not in name, name
            assert name.count("(") == name.count(")"), name
        assert len(set(names)) == len(names), sorted(n for n in names if names.count(n) > 1)


@pytest.mark.parametrize(("language", "library"), _LIBRARIES)
def test_operands_are_places_that_a_call_can_have(language: str, library: Library) -> None:
    for known in library.known:
        for where in _places(known):
            if isinstance(where, int):
                assert 0 <= where < 8, known.names
            else:
                assert _PLACE.fullmatch(where.removesuffix("[]")), (known.names, where)
                if language == "javascript" and not where.startswith("rest:"):
                    first = where.removesuffix("[]").partition(".")[0]
                    assert first.isdigit() or first in {"base", "all"}, (known.names, where)


@pytest.mark.parametrize(("language", "library"), _LIBRARIES)
def test_conditions_are_of_the_known_words_and_their_patterns_compile(
    language: str, library: Library
) -> None:
    del language
    for known in library.known:
        for condition in known.when:
            word, _, pattern = condition.is_.partition(":")
            assert word in _CONDITIONS, known.names
            assert condition.where, known.names
            assert ("matches" in word) == bool(pattern), known.names
            if pattern:
                compiled(pattern)


@pytest.mark.parametrize(("language", "library"), _LIBRARIES)
def test_guarantees_are_known_bits(language: str, library: Library) -> None:
    del language
    for known in library.known:
        for bits in (known.result.adds, *(b for _, b in (*known.ensures, *known.tests))):
            assert bits & ~_ALL_BITS == 0, known.names
        for _, bits in (*known.ensures, *known.tests):
            assert bits, known.names


@pytest.mark.parametrize(("language", "library"), _LIBRARIES)
def test_a_fact_says_something(language: str, library: Library) -> None:
    del language
    for known in library.known:
        assert known.effect is not None or not known.roles, known.names
        assert known.effect is not None or not known.when, known.names


@pytest.mark.parametrize("language", ["python", "javascript"])
def test_no_name_is_hidden_behind_an_alias(language: str) -> None:
    """A name in a table that an alias leads away from could never be found."""
    knowledge = knowledge_of(language)
    family = python.LIBRARIES if language == "python" else javascript.LIBRARIES
    hidden = sorted(
        name
        for library in family
        for _, names in _named(library)
        for name in names
        if not name.startswith("*") and knowledge.canonical(name) != name
    )
    assert hidden == []


@pytest.mark.parametrize("language", ["python", "javascript"])
def test_libraries_do_not_give_one_alias_two_meanings(language: str) -> None:
    family = python.LIBRARIES if language == "python" else javascript.LIBRARIES
    seen: dict[str, str] = {}
    for library in family:
        for name, target in library.aliases.items():
            assert seen.setdefault(name, target) == target, name
            assert name != target, name


@pytest.mark.parametrize("language", ["python", "javascript"])
def test_facts_under_one_name_agree_on_the_result(language: str) -> None:
    """The engine takes the result of the first, so the others must not say otherwise."""
    family = python.LIBRARIES if language == "python" else javascript.LIBRARIES
    first: dict[str, Known] = {}
    differing: list[str] = []
    for known in (known for library in family for known in library.known):
        for name in known.names:
            other = first.setdefault(name, known)
            if other.result != known.result:
                differing.append(name)
    assert sorted(set(differing)) == []
