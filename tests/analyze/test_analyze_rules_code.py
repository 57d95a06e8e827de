"""Rules on text that is run, loaded, read into objects or used as a template or a query."""

from __future__ import annotations

import pytest

from analyze.judged import python, script, told
from ostiary.analyze.facts import Facts
from ostiary.analyze.rules import (
    code_loading,
    filter_injection,
    operator_injection,
    prototype_pollution,
    template_injection,
    unsafe_deserialization,
    xml_entities,
)
from ostiary.model.check import Check


def rule(check: Check[Facts], body: str, before: str = "") -> list[tuple[str, str]]:
    return told(python(check, body, before))


@pytest.mark.parametrize(
    ("body", "severity"),
    [
        ("def t(x: str): return importlib.import_module(x)", "high"),
        ("def t(x: str): return __import__(x)", "high"),
        (
            (
                "def t(x: str):\n    assert x.isidentifier()\n"
                "    return importlib.import_module('plugins.' + x)"
            ),
            "low",
        ),
    ],
)
def test_code_that_a_caller_chooses_is_told(body: str, severity: str) -> None:
    assert rule(code_loading.CHECK, body) == [("code-loading", severity)]


def test_code_of_a_fixed_name_is_loaded() -> None:
    assert not python(code_loading.CHECK, "def t(x: str): return importlib.import_module('json')")
    assert not python(
        code_loading.CHECK, "def t(x: Literal['a', 'b']): return importlib.import_module(x)"
    )


@pytest.mark.parametrize(
    "body",
    [
        "def t(x: bytes): return pickle.loads(x)",
        "def t(x: str): return yaml.load(x, Loader=yaml.Loader)",
        "def t(x: str): return yaml.unsafe_load(x)",
    ],
)
def test_readers_that_run_code_are_told(body: str) -> None:
    assert rule(unsafe_deserialization.CHECK, body) == [("unsafe-deserialization", "high")]


@pytest.mark.parametrize(
    "body",
    [
        "def t(x: str): return yaml.safe_load(x)",
        "def t(x: str): return yaml.load(x, Loader=yaml.SafeLoader)",
        "def t(x: str): return json.loads(x)",
        "def t(x: str):\n    from ruamel.yaml import YAML\n    return YAML().load(x)",
    ],
)
def test_readers_that_run_nothing_are_left_alone(body: str) -> None:
    assert not python(unsafe_deserialization.CHECK, body)


JINJA = "from jinja2 import Environment, Template\nfrom jinja2.sandbox import SandboxedEnvironment"


@pytest.mark.parametrize(
    ("body", "found"),
    [
        ("def t(x: str): return Template(x).render()", ("template-injection", "high")),
        ("def t(x: str): return Template('Dear ' + x).render()", ("template-injection", "high")),
        (
            "def t(x: str): return Environment().from_string(x).render()",
            ("template-injection", "high"),
        ),
        ("def t(x: str): return x.format(a=1)", ("format-string", "medium")),
        ("def t(x: str): return x.format_map({'a': 1})", ("format-string", "medium")),
    ],
)
def test_a_template_of_a_caller_is_told(body: str, found: tuple[str, str]) -> None:
    assert rule(template_injection.CHECK, body, JINJA) == [found]


@pytest.mark.parametrize(
    "body",
    [
        "def t(x: str): return Template('Dear {{ x }}').render(x=x)",
        "def t(x: str): return SandboxedEnvironment().from_string(x).render()",
        "def t(x: str): return 'Dear {}'.format(x)",
        "def t(x: str): return f'Dear {x}'",
    ],
)
def test_values_of_a_template_are_left_alone(body: str) -> None:
    assert not python(template_injection.CHECK, body, JINJA)


def test_a_template_without_expressions_is_told_more_quietly() -> None:
    before = "import chevron"
    assert rule(
        template_injection.CHECK, "def t(x: str): return chevron.render(x, {})", before
    ) == [("template-injection", "medium")]


LDAP = "import ldap\nfrom ldap.filter import escape_filter_chars\nC = ldap.initialize('ldap://a')"


def test_a_filter_that_a_caller_writes_into_is_told() -> None:
    check = filter_injection.CHECK
    assert rule(check, "def t(x: str): return C.search_s('dc=a', 2, f'(uid={x})')", LDAP) == [
        ("ldap-injection", "high")
    ]
    body = "def t(x: str): return C.search_s('dc=a', 2, f'(uid={escape_filter_chars(x)})')"
    assert not python(check, body, LDAP)
    assert not python(check, "def t(x: int): return C.search_s('dc=a', 2, f'(n={x})')", LDAP)


def test_a_path_through_a_document_that_a_caller_writes_into_is_told() -> None:
    before = "from lxml import etree\nD = etree.parse('a.xml')"
    check = filter_injection.CHECK
    assert rule(check, "def t(x: str): return D.xpath(f\"//a[@b='{x}']\")", before) == [
        ("xpath-injection", "medium")
    ]
    assert not python(check, "def t(x: str): return D.xpath('//a[@b=$x]', x=x)", before)


MONGO = "from pymongo import MongoClient\nUSERS = MongoClient().db.users"


@pytest.mark.parametrize(
    ("body", "severity"),
    [
        ("def t(x: dict): return USERS.find_one({'name': x})", "medium"),
        ("def t(x: str): return USERS.find_one({'name': json.loads(x)})", "medium"),
        ("def t(x: str): return USERS.find_one({'$where': 'this.a == ' + x})", "high"),
        ("def t(x: dict): return list(USERS.find(x))", "low"),
    ],
)
def test_operators_of_a_caller_in_a_query_are_told(body: str, severity: str) -> None:
    assert rule(operator_injection.CHECK, body, MONGO) == [("operator-injection", severity)]


@pytest.mark.parametrize(
    "body",
    [
        "def t(x: str): return USERS.find_one({'name': x})",
        "def t(x: int): return USERS.find_one({'age': x})",
        "def t(x: Any): return USERS.find_one({'name': int(x)})",
    ],
)
def test_plain_values_in_a_query_are_left_alone(body: str) -> None:
    assert not python(operator_injection.CHECK, body, MONGO)


@pytest.mark.parametrize(
    ("body", "severity"),
    [
        ("def t(x: str): return etree.fromstring(x)", "medium"),
        (
            "def t(x: str): return etree.fromstring(x, etree.XMLParser(resolve_entities=True))",
            "high",
        ),
    ],
)
def test_documents_read_with_entities_are_told(body: str, severity: str) -> None:
    before = "from lxml import etree"
    assert rule(xml_entities.CHECK, body, before) == [("xml-entities", severity)]


@pytest.mark.parametrize(
    "body",
    [
        "def t(x: str): return etree.fromstring(x, etree.XMLParser(resolve_entities=False))",
        "def t(x: str): return defusedxml.ElementTree.fromstring(x)",
        "def t(x: str): return xml.etree.ElementTree.fromstring(x)",
        "def t(): return etree.fromstring('<a/>')",
    ],
)
def test_documents_read_without_entities_are_left_alone(body: str) -> None:
    before = "from lxml import etree\nimport defusedxml.ElementTree, xml.etree.ElementTree"
    assert not python(xml_entities.CHECK, body, before)


@pytest.mark.parametrize(
    "body",
    ["_.merge({}, JSON.parse(a.x))", "_.set(state, a.x, 1)", "state[a.x][a.y] = 1"],
)
def test_keys_of_a_caller_in_depth_are_told(body: str) -> None:
    found = script(
        prototype_pollution.CHECK, f"const state = {{}}; {body}", "x: z.string(), y: z.string()"
    )
    assert {one.rule for one in found} == {"prototype-pollution"}


@pytest.mark.parametrize(
    "body",
    [
        "Object.assign({}, JSON.parse(a.x))",
        "state.known = a.x",
        "state[a.x] = 1",
        "_.merge({}, { a: 1 })",
    ],
)
def test_keys_one_level_deep_are_left_alone(body: str) -> None:
    assert not script(prototype_pollution.CHECK, f"const state = {{}}; {body}")
