"""More power than is needed: tools, rights, policies, keys and configurations without bounds."""

from __future__ import annotations

import json

import pytest

from analyze.exposed import of_rule, python, typescript
from ostiary.model.grade import Severity


def _tool(body: str, head: str = "") -> str:
    return f"import os, sqlite3, requests\nDB = sqlite3.connect('x')\n{head}@server.tool()\n{body}"


@pytest.mark.proves("MS-18")
@pytest.mark.parametrize(
    "body",
    [
        "def t(command: str): return os.popen(command).read()",
        "def t(code: str): return eval(code)",
        "def t(sql: str): return DB.execute(sql).fetchall()",
        "def t(method: str, url: str): return requests.request(method, url).text",
    ],
)
def test_a_tool_that_does_whatever_it_is_told_is_found(body: str) -> None:
    (finding,) = python("coarse-tool", _tool(body))
    assert finding.location.part == "tool t"
    assert finding.severity is Severity.LOW


@pytest.mark.parametrize(
    "body",
    [
        "def t(name: str): return os.popen('ls ' + name).read()",
        "def t(x: str): return DB.execute('SELECT * FROM t WHERE a = ?', (x,)).fetchall()",
        "def t(url: str): return requests.get(url).text",
        "def t(n: int): return DB.execute(f'SELECT {n}').fetchall()",
    ],
)
def test_a_tool_with_a_purpose_is_left_alone(body: str) -> None:
    assert not python("coarse-tool", _tool(body))


def test_typescript_tools_that_do_whatever_they_are_told_are_found() -> None:
    tool = (
        'import { exec } from "child_process";\n'
        'server.tool("t", "T", { line: z.string() }, async ({ line }) => '
        "{ exec(LINE); return { content: [] }; });"
    )
    assert typescript("coarse-tool", tool.replace("LINE", "line"))
    assert not typescript("coarse-tool", tool.replace("LINE", '"git log"'))


READS = "@server.tool()\ndef list_files() -> str:\n    return requests.get('https://a.b').text\n"
WRITES = "@server.tool()\ndef add_file() -> str:\n    return requests.post('https://a.b').text\n"
DRIVE = "SCOPES = ['https://www.googleapis.com/auth/drive']\n"


@pytest.mark.proves("SA-17", "SA-18")
def test_a_right_that_is_wider_than_what_the_tools_do_is_found() -> None:
    (finding,) = python("coarse-scope", "import requests\n" + DRIVE + READS)
    assert finding.severity is Severity.MEDIUM
    assert "only read" in finding.message
    (finding,) = python("coarse-scope", "import requests\n" + DRIVE + READS + WRITES)
    assert finding.severity is Severity.LOW


@pytest.mark.parametrize(
    "text",
    [
        "scopes = ['repo', 'read:user']",
        "login(scope='repo admin:org')",
        "login(scopes='*')",
        "SCOPE = 'https://mail.google.com/'",
        "SCOPES = ['Files.ReadWrite.All']",
        "connect(scopes=['mcp:admin'])",
    ],
)
def test_wide_rights_are_found_by_their_names(text: str) -> None:
    assert python("coarse-scope", text)


@pytest.mark.parametrize(
    "text",
    [
        "scopes = ['read:user', 'public_repo']",
        "SCOPES = ['https://www.googleapis.com/auth/drive.readonly']",
        "SCOPES = ['Files.Read']",
        "folder = 'repo'",
        "kind = 'admin'",
        "pattern = '*'",
    ],
)
def test_narrow_rights_and_common_words_are_left_alone(text: str) -> None:
    assert not python("coarse-scope", text)


def test_rights_in_typescript_and_in_manifests_are_found() -> None:
    assert typescript("coarse-scope", 'const auth = { scopes: ["repo"] };')
    assert not typescript("coarse-scope", 'const auth = { scopes: ["read:org"] };')
    manifest = json.dumps({"oauth_scopes": ["https://www.googleapis.com/auth/drive"]}, indent=1)
    assert of_rule("coarse-scope", {"manifest.json": manifest})
    assert not of_rule("coarse-scope", {"manifest.json": manifest.replace("drive", "drive.file")})


def _policy(effect: str, action: object) -> str:
    statement = {"Effect": effect, "Action": action, "Resource": "*"}
    return json.dumps({"Version": "2012-10-17", "Statement": [statement]}, indent=2)


@pytest.mark.proves("SA-18")
@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("iam/policy.json", _policy("Allow", "*")),
        ("iam/policy.json", _policy("Allow", ["*"])),
        (
            "template.yaml",
            "Policies:\n  - arn:aws:iam::aws:policy/AdministratorAccess\n",
        ),
        ("main.tf", 'resource "x" "y" {\n  role = "roles/owner"\n}\n'),
        ("main.tf", 'statement {\n  actions = ["*"]\n  resources = ["*"]\n}\n'),
        (
            "role.yaml",
            'kind: ClusterRole\nrules:\n- apiGroups: ["*"]\n  resources: ["*"]\n  verbs: ["*"]\n',
        ),
        ("bind.yaml", "roleRef:\n  kind: ClusterRole\n  name: cluster-admin\n"),
        ("init.sql", "GRANT ALL PRIVILEGES ON *.* TO 'mcp'@'%';\n"),
        ("docker-compose.yml", "services:\n  x:\n    privileged: true\n"),
    ],
)
def test_a_policy_that_grants_everything_is_found(path: str, text: str) -> None:
    (finding,) = of_rule("coarse-policy", {path: text})
    assert finding.severity is Severity.MEDIUM


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("iam/policy.json", _policy("Deny", "*")),
        ("iam/policy.json", _policy("Allow", ["s3:GetObject"])),
        ("role.yaml", 'rules:\n- resources: ["pods"]\n  verbs: ["get", "list"]\n'),
        ("init.sql", "GRANT SELECT ON demo.* TO 'mcp'@'%';\n"),
        ("README.md", "Never attach arn:aws:iam::aws:policy/AdministratorAccess to it.\n"),
        ("tests/policy.json", _policy("Allow", "*")),
        ("docker-compose.yml", "services:\n  x:\n    privileged: false\n"),
    ],
)
def test_narrow_policies_and_what_is_denied_are_left_alone(path: str, text: str) -> None:
    assert not of_rule("coarse-policy", {path: text})


def test_a_document_that_tells_to_grant_everything_weighs_low() -> None:
    text = f"Attach this policy:\n\n```json\n{_policy('Allow', '*')}\n```\n"
    (finding,) = of_rule("coarse-policy", {"README.md": text})
    assert finding.severity is Severity.LOW


@pytest.mark.proves("SA-17")
@pytest.mark.parametrize(
    ("name", "severity"),
    [
        ("SUPABASE_SERVICE_ROLE_KEY", Severity.MEDIUM),
        ("VAULT_ROOT_TOKEN", Severity.MEDIUM),
        ("MEILI_MASTER_KEY", Severity.MEDIUM),
        ("GRAFANA_ADMIN_TOKEN", Severity.LOW),
        ("SUPABASE_ANON_KEY", None),
        ("PROJECT_ROOT", None),
        ("ADMIN_EMAIL", None),
        ("SERVICE_TOKEN", None),
    ],
)
def test_keys_that_open_everything_are_found_by_their_names(
    name: str, severity: Severity | None
) -> None:
    for found in (
        python("master-key", f"import os\nkey = os.environ['{name}']"),
        typescript("master-key", f"const key = process.env.{name};"),
    ):
        assert [one.severity for one in found] == ([severity] if severity else [])


def test_a_key_that_a_manifest_asks_for_is_found() -> None:
    server = {
        "name": "x",
        "packages": [{"environmentVariables": [{"name": "X_ROOT_TOKEN", "isSecret": True}]}],
    }
    assert of_rule("master-key", {"server.json": json.dumps(server)})
    server["packages"] = [{"environmentVariables": [{"name": "X_TOKEN"}]}]
    assert not of_rule("master-key", {"server.json": json.dumps(server)})


def _configuration(**server: object) -> dict[str, str]:
    return {"mcp_config.json": json.dumps({"mcpServers": {"x": server}}, indent=2)}


@pytest.mark.parametrize(
    "server",
    [
        {"command": "npx", "args": ["-y", "some-filesystem-server", "/"]},
        {"command": "npx", "args": ["x"], "alwaysAllow": ["read_file", "delete_file"]},
        {"command": "npx", "args": ["x"], "autoApprove": ["*"]},
        {"command": "npx", "args": ["x"], "config": {"allowedDirectories": ["/"]}},
        {"command": "npx", "args": ["x"], "config": {"allowedCommands": ["*"]}},
    ],
)
def test_a_configuration_that_allows_everything_is_found(server: dict[str, object]) -> None:
    (finding,) = of_rule("unasked-configuration", _configuration(**server))
    assert finding.location.line == 3


@pytest.mark.parametrize(
    "server",
    [
        {"command": "npx", "args": ["-y", "some-filesystem-server", "/srv/notes"]},
        {"command": "npx", "args": ["x"], "alwaysAllow": ["read_file", "list_files"]},
        {"command": "npx", "args": ["x"], "config": {"allowedDirectories": ["./data"]}},
    ],
)
def test_a_configuration_within_bounds_is_left_alone(server: dict[str, object]) -> None:
    assert not of_rule("unasked-configuration", _configuration(**server))
