"""What is not taken for a policy, and that the message says where and why."""

from __future__ import annotations

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ostiary.model.setting import BadSetting
from ostiary.policy.lint import Known, lint
from ostiary.policy.program import compile_policy
from ostiary.policy.rules import BadPolicy, Kind
from ostiary.policy.settings import PolicySettings
from ostiary.policy.statements import Source, statements

FINE = '// a comment; with "signs"\n@id("a")\npermit (principal, action, resource);\n\n'


def bad(text: str) -> BadPolicy:
    with pytest.raises(BadPolicy) as caught:
        compile_policy([Source("own.cedar", FINE + text)])
    return caught.value


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("permit (principal, action, resource)", "does not end in ;"),
        ("permit (principal, action, resource) when { ? };", "not Cedar"),
        ("permit (principal, action);", "not Cedar"),
        ("permit (principal, action, resource) when { resource.color == 1 };", "`color`"),
        ("permit (principal, action, resource) when { resource.review_by > 1 };", "review_by"),
        (
            'permit (principal, action, resource) when { context.arguments.getTag("a") == "b" };',
            "safety of access to tag",
        ),
        ('permit (principal in Grup::"a", action, resource);', "Grup"),
        ('permit (principal, action == Action::"fly", resource);', "fly"),
        ('permit (principal == "anna", action, resource);', "not Cedar"),
        ("permit (principal == ?principal, action, resource);", "templates"),
        ("@aks permit (principal, action, resource);", "@aks is not known"),
        ("@warn permit (principal, action, resource);", "@warn belongs"),
        ("@warn @ask forbid (principal, action, resource);", "exclude"),
        ('@id("a b") forbid (principal, action, resource);', "the id"),
        ('@id("a") forbid (principal, action, resource);', "taken by own.cedar:2"),
        ('@record("all") permit (principal, action, resource);', "@record takes"),
        (
            'permit (principal, action, resource) when { Texts::"arguments".hasTag("x") };',
            "through `context`",
        ),
        (
            (
                "permit (principal, action, resource)"
                " when { context.arguments.hasTag(principal.name) };"
            ),
            "named in full",
        ),
        ("permit (principal, action, resource) when { context == context };", "named in full"),
        (";", "not Cedar"),
    ],
)
def test_what_cannot_be_used_is_told_with_its_place(text: str, says: str) -> None:
    error = bad(text)
    assert says in error.why
    assert error.place == "own.cedar:5"
    assert str(error).startswith("own.cedar:5: ")


def test_statements_are_taken_apart_as_cedar_does() -> None:
    text = (
        'permit (principal, action, resource) when { resource.name == "a;// \\" b" };// ; "\n'
        "forbid (principal, action, resource); permit(principal,action,resource);"
    )
    found = statements(Source("f", text))
    assert [(one.line, one.nth) for one in found] == [(1, 1), (2, 1), (2, 2)]
    program = compile_policy([Source("f.cedar", text)])
    assert [one.id for one in program.rules] == ["f.cedar:1", "f.cedar:2", "f.cedar:2.2"]
    assert [one.kind for one in program.rules] == [Kind.PERMIT, Kind.FORBID, Kind.PERMIT]


@given(st.text(alphabet='permit(action,rsouc)when{}"/;\\ \n@=true', max_size=60))
def test_no_text_raises_anything_else(text: str) -> None:
    with suppress(BadPolicy):
        compile_policy([Source("own.cedar", text)])


def notes(text: str, **known: frozenset[str]) -> list[tuple[str, bool]]:
    program = compile_policy(
        [Source("own.cedar", text)], {"writers": ("eng",)}, {"files": ("ops",)}
    )
    return [(one.text, one.serious) for one in lint(program, Known(**known))]  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("permit (principal, action, resource);", "everything to everybody"),
        ('permit (principal in Group::"eng", action, resource);', "permits every action"),
        ('forbid (principal, action, resource in Server::"fils");', "no approved server"),
        ('forbid (principal, action, resource == Tool::"drop");', "named with its server"),
        ('forbid (principal, action, resource == Tool::"files/drp");', "nothing approved is"),
        ('permit (principal in Group::"x", action, resource) when { false };', "never holds"),
        ("forbid (principal, action, resource) unless { true };", "never holds"),
        (
            (
                "forbid (principal, action, resource);"
                'permit (principal in Group::"eng", action == Action::"call", resource);'
            ),
            "never decides",
        ),
        (
            (
                'forbid (principal, action in [Action::"call", Action::"get"], resource is Tool);'
                'permit (principal in Group::"eng", action == Action::"call",'
                ' resource == Tool::"files/read");'
            ),
            "never decides",
        ),
        (
            (
                "forbid (principal, action, resource) when { context.arguments.hasTag"
                '("path") && context.arguments.getTag("path") like "/srv*" };'
            ),
            "/srv-other",
        ),
    ],
)
def test_rules_that_decide_otherwise_than_meant_are_told(text: str, says: str) -> None:
    servers = frozenset({"files"})
    things = frozenset({("Tool", "files/read")})
    found = notes(text, servers=servers, things=things)  # type: ignore[arg-type]
    assert any(says in words and serious for words, serious in found), found


def test_what_is_fine_is_left_alone() -> None:
    text = """
    @id("a") @text("Engineers may read.")
    permit (principal in Group::"eng", action in Action::"use", resource in Server::"files")
    when { resource.levels == ["read"] };
    """
    assert notes(text, servers=frozenset({"files"})) == []
    assert any("@text" in words for words, _ in notes(text.replace("@text", "@note")))
    assert any("identity provider" in words for words, _ in notes(text.replace("eng", "x")))


def test_settings_say_what_is_wrong() -> None:
    assert PolicySettings.from_table({}) == PolicySettings("team")
    table = {
        "preset": "regulated",
        "files": ["policy/*.cedar"],
        "groups": {"writers": ["eng"]},
        "servers": {"files": ["eng", "ops"]},
    }
    settings = PolicySettings.from_table(table)  # type: ignore[arg-type]
    assert settings.groups == {"writers": ("eng",)}
    assert settings.servers == {"files": ("eng", "ops")}
    for wrong, name in (
        ({"preset": "opne"}, "policy.preset"),
        ({"preset": 1}, "policy.preset"),
        ({"files": "x"}, "policy.files"),
        ({"groups": ["x"]}, "policy.groups"),
        ({"groups": {"w": "x"}}, "policy.groups.w"),
        ({"servers": {"w": [1]}}, "policy.servers.w"),
        ({"prest": "team"}, "policy.prest"),
    ):
        with pytest.raises(BadSetting) as caught:
            PolicySettings.from_table(wrong)  # type: ignore[arg-type]
        assert caught.value.name == name
