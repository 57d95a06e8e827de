"""Credentials in the source, tokens that can be guessed, passwords hashed too fast, open files."""

from __future__ import annotations

import json

import pytest

from analyze.exposed import findings, of_rule, python, typescript
from ostiary.model.grade import Severity

# Put together here, so that no scanner of this repository takes them for real ones.
STRIPE = "sk_" + "live_51HqYzKLm8vNpQrW7tUv2WxYz09kQnTrGhXcVdPq"
GITLAB = "glpat-" + "q8Zr2LmT5vXc9WbN3kJd"
DATABASE = "postgresql://writer:" + "Xq7rT2vLm9@db.internal.example:5432/prod"


@pytest.mark.parametrize(
    ("text", "severity"),
    [
        (f"KEY = '{STRIPE}'", Severity.HIGH),
        (f"def go(token='{GITLAB}'): pass", Severity.HIGH),
        (f"URL = '{DATABASE}'", Severity.HIGH),
        (f"URL = '{DATABASE.replace('db.internal.example', 'localhost')}'", Severity.LOW),
        ("JWT_SECRET = 'change-nothing-and-tell-nobody'", Severity.MEDIUM),
        ("config = {'api_key': 'q8Zr2LmT5vXc9WbN3kJd'}", Severity.MEDIUM),
        ("connect(password='Tr0ub4dor-and-3')", Severity.MEDIUM),
        ("NOTES = '''\nlogin: root\npassword: q8Zr2LmT5vXc9\n'''", Severity.MEDIUM),
    ],
)
def test_a_credential_in_the_source_is_found(text: str, severity: Severity) -> None:
    (finding,) = python("secret-in-code", text)
    assert finding.severity is severity
    assert "q8Zr" not in finding.message


def test_a_text_of_several_lines_names_the_line_of_the_credential() -> None:
    (finding,) = of_rule(
        "secret-in-code", {"a.py": "N = '''\na\nb\npassword: q8Zr2LmT5vXc9\n'''\n"}
    )
    assert finding.location.line == 4


@pytest.mark.parametrize(
    "text",
    [
        "API_KEY = os.environ['SERVICE_API_KEY']",
        "API_KEY = os.environ['CLICKHOUSE_PASSWORD']",
        "PASSWORD = vault['kv2-prod-91-db']",
        "API_KEY = 'YOUR_API_KEY'",
        "API_KEY = '<your key>'",
        "TOKEN = 'test-token-1234567890'",
        "next_token = 'NextToken'",
        "STORAGE_KEY = 'chat_messages_v2'",
        "password_field = 'password'",
        "access_key = 'AccessKey'",
        "help = 'Set the password with --password'",
        "URL = 'https://api.example/v1/tokens'",
        "DIGEST = 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855'",
    ],
)
def test_placeholders_names_and_digests_are_left_alone(text: str) -> None:
    assert not python("secret-in-code", text)


def test_files_that_come_along_are_read_and_tests_and_samples_are_not() -> None:
    line = f"STRIPE_KEY={STRIPE}\n"
    code = {"server.py": "x = 1\n"}
    assert of_rule("secret-in-code", {**code, ".env": line})
    assert of_rule("secret-in-code", {**code, "config.json": json.dumps({"key": STRIPE}, indent=1)})
    assert not of_rule("secret-in-code", {**code, ".env.example": line})
    assert not of_rule("secret-in-code", {**code, "tests/config.json": json.dumps({"key": STRIPE})})
    assert not of_rule("secret-in-code", {**code, "README.md": line})


def test_typescript_credentials_are_found() -> None:
    assert typescript("secret-in-code", f'const client = new Stripe("{STRIPE}");')
    assert typescript("secret-in-code", 'const o = { clientSecret: "q8Zr2LmT5vXc9WbN3kJd" };')
    assert not typescript("secret-in-code", 'const o = { clientSecret: "client_secret" };')


@pytest.mark.parametrize(
    "text",
    [
        "session_id = str(random.randint(0, 10**9))",
        "token = ''.join(random.choice('abc') for _ in range(20))",
        "def generate_token():\n    return hex(random.getrandbits(64))",
        "state = {'session_token': random.random()}",
    ],
)
def test_a_token_that_can_be_guessed_is_found(text: str) -> None:
    assert python("guessable-token", "import random\n" + text)


@pytest.mark.parametrize(
    "text",
    [
        "jitter = random.random()",
        "colour = random.choice(['red', 'blue'])",
        "import secrets\ntoken = secrets.token_hex(16)",
        "import uuid\nsession_id = uuid.uuid4().hex",
        "max_tokens = random.randint(1, 9)",
        "import time\nsession_started = time.time()",
    ],
)
def test_other_random_numbers_and_safe_ones_are_left_alone(text: str) -> None:
    assert not python("guessable-token", "import random\n" + text)


def test_typescript_tokens_that_can_be_guessed_are_found() -> None:
    assert typescript(
        "guessable-token", "const o = { sessionIdGenerator: () => Math.random().toString(36) };"
    )
    assert typescript("guessable-token", "function newToken() { const token = Math.random(); }")
    assert not typescript("guessable-token", "const delay = Math.random() * 100;")
    assert not typescript("guessable-token", "const sessionId = crypto.randomUUID();")


def test_passwords_that_are_hashed_too_fast_are_found() -> None:
    head = "import hashlib\n"
    assert python(
        "weak-password-hash",
        head + "def keep(password):\n    return hashlib.sha256(password.encode()).hexdigest()",
    )
    assert python(
        "weak-password-hash",
        head + "@server.tool()\ndef t(password: str):\n    return hashlib.md5(password.encode())",
    )
    assert not python(
        "weak-password-hash",
        head + "def keep(text):\n    return hashlib.sha256(text.encode()).hexdigest()",
    )
    assert not python(
        "weak-password-hash",
        head + "import keyring\n"
        "def keep(name):\n"
        "    return hashlib.sha256(keyring.get_password('s', name).encode()).hexdigest()",
    )
    assert not python(
        "weak-password-hash",
        head + "def keep(password):\n    return hashlib.pbkdf2_hmac('sha256', password, s, 10**6)",
    )
    assert typescript(
        "weak-password-hash",
        'import { createHash } from "crypto";\nfunction keep(user, password) '
        '{ return createHash("md5").update(password).digest("hex"); }',
    )


@pytest.mark.parametrize(
    "text",
    [
        "import os\nos.chmod('/srv/x', 0o777)",
        "import os\nos.chmod('/srv/x', 0o666)",
        "import os\nos.system('chmod -R 777 /srv')",
        "import subprocess\nsubprocess.run(['chmod', 'a+rwx', '/srv'])",
    ],
)
def test_files_that_everybody_may_write_are_found(text: str) -> None:
    assert python("world-writable", text)


@pytest.mark.parametrize(
    "text",
    [
        "import os\nos.chmod('/srv/x', 0o755)",
        "import os\nos.chmod('/srv/x', 0o600)",
        "import os\nos.chmod('/srv/x', 0o1777)",
        "import os\nos.system('chmod 755 /srv')",
        "import subprocess\nsubprocess.run(['chmod', '+x', '/srv/run'])",
        "import os, stat\nos.chmod('/srv/x', stat.S_IRUSR)",
    ],
)
def test_other_modes_are_left_alone(text: str) -> None:
    assert not python("world-writable", text)


def test_modes_and_names_of_node_are_known() -> None:
    head = 'import fs from "node:fs";\n'
    assert typescript("world-writable", head + 'fs.chmodSync("/srv/x", 0o777);')
    assert typescript("world-writable", head + 'fs.chmodSync("/srv/x", "777");')
    assert not typescript("world-writable", head + 'fs.chmodSync("/srv/x", "755");')
    assert typescript("predictable-file", head + 'fs.writeFileSync("/tmp/state.json", "x");')
    assert not typescript("predictable-file", head + 'fs.writeFileSync("state.json", "x");')


def test_temporary_files_with_a_known_name_are_found() -> None:
    assert python("predictable-file", "open('/tmp/demo.json', 'w').write('x')")
    assert python("predictable-file", "import tempfile\nname = tempfile.mktemp()")
    assert not python(
        "predictable-file",
        "import tempfile\nwith tempfile.NamedTemporaryFile('w') as f:\n    f.write('x')",
    )


ROUTES = "from flask import Flask, redirect, request\nimport traceback\napp = Flask(__name__)\n"


def test_a_trace_in_an_answer_is_found() -> None:
    route = """
@app.get('/x')
def x():
    try:
        return go()
    except Exception as error:
        return {'error': ANSWER}
"""
    trace = route.replace("ANSWER", "traceback.format_exc()")
    (finding,) = python("error-details", ROUTES + trace)
    assert finding.severity is Severity.MEDIUM
    assert not python("error-details", ROUTES + route.replace("ANSWER", "str(error)"))
    tool = """
@server.tool()
def t() -> str:
    try:
        return go()
    except Exception:
        return traceback.format_exc()
"""
    (finding,) = python("error-details", ROUTES + tool)
    assert (finding.severity, finding.location.part) == (Severity.LOW, "tool t")
    logged = tool.replace("return trace", "print(trace").replace("format_exc()", "format_exc())")
    assert not python("error-details", ROUTES + logged)


APP = 'import express from "express";\nconst app = express();\n'


def test_the_stack_of_an_error_in_an_answer_of_node_is_found() -> None:
    route = 'app.get("/x", (req, res) => { try { go(); } catch (e) { res.json({ e: TEXT }); } });'
    assert typescript("error-details", APP + route.replace("TEXT", "e.stack"))
    assert not typescript("error-details", APP + route.replace("TEXT", "e.message"))


@pytest.mark.parametrize(
    ("name", "hit"),
    [("token", True), ("api_key", True), ("sessionId", True), ("code", False), ("page", False)],
)
def test_credentials_in_addresses_are_found(name: str, hit: bool) -> None:
    route = f'app.get("/x", (req, res) => {{ res.json(check(req.query.{name})); }});'
    assert bool(typescript("session-in-url", APP + route)) is hit
    text = f"@app.get('/x')\ndef x():\n    return check(request.args.get('{name}'))"
    assert bool(python("session-in-url", ROUTES + text)) is hit


@pytest.mark.parametrize(
    ("text", "hit"),
    [
        ("args = parser.parse_args()\ncheck(args.password)", False),
        ("args = parser.parse_args()\ncheck(args.token or os.environ['TOKEN'])", False),
        ("def call(name, args):\n    return check(args.get('token'), args['api_key'])", False),
        (
            "@app.get('/x')\ndef x():\n    args = request.args\n    return check(args['token'])",
            True,
        ),
        ("@app.get('/x')\ndef x():\n    return check(request.args['token'])", True),
    ],
)
def test_what_is_called_args_is_a_query_where_it_is_of_a_request(text: str, hit: bool) -> None:
    assert bool(python("session-in-url", ROUTES + text)) is hit


def test_what_the_server_sends_to_others_is_no_address_of_its_own() -> None:
    assert not python("session-in-url", "import requests\nrequests.get(u, params={'token': t})")


@pytest.mark.parametrize(
    ("target", "hit"),
    [
        ("req.query.next", True),
        ("`https://${req.query.host}/x`", True),
        ("`/done?next=${req.query.next}`", False),
        ("`https://app.example/${req.query.next}`", False),
        ('"/done"', False),
    ],
)
def test_a_redirect_of_the_caller_s_choosing_is_found(target: str, hit: bool) -> None:
    route = f'app.get("/x", (req, res) => {{ res.redirect({target}); }});'
    assert bool(typescript("open-redirect", APP + route)) is hit


def test_a_sign_in_page_that_a_library_puts_together_is_at_home() -> None:
    sign_in = 'import * as oidc from "openid-client";\n'
    route = 'app.get("/x", (req, res) => { res.redirect(TARGET.href); });'
    ours = "oidc.buildAuthorizationUrl(config, { state: req.query.state })"
    assert not typescript("open-redirect", APP + sign_in + route.replace("TARGET", ours))
    theirs = "new URL(req.query.state)"
    assert typescript("open-redirect", APP + sign_in + route.replace("TARGET", theirs))
    text = """
from google_auth_oauthlib.flow import Flow
flow = Flow.from_client_config({}, scopes=[])
@app.get('/x')
def x():
    where, _ = flow.authorization_url(state=request.args['next'])
    return redirect(where)
"""
    assert not python("open-redirect", ROUTES + text)
    assert python(
        "open-redirect", ROUTES + text.replace("redirect(where)", "redirect(request.args['next'])")
    )


def test_a_redirect_to_one_of_a_list_is_left_alone() -> None:
    text = """
@app.get('/x')
def x():
    target = request.args['next']
    CHECK
    return redirect(target)
"""
    assert python("open-redirect", ROUTES + text.replace("CHECK", "pass"))
    checked = "if target not in ('https://a.b/', 'https://c.d/'): raise ValueError"
    assert not python("open-redirect", ROUTES + text.replace("CHECK", checked))


@pytest.mark.parametrize(
    ("text", "severity"),
    [
        ("app.run(debug=True)", Severity.MEDIUM),
        ("app.run(host='0.0.0.0', debug=True)", Severity.HIGH),
        ("app.run(debug=False)", None),
        ("app.run(debug=bool(os.environ.get('DEBUG')))", None),
    ],
)
def test_debug_mode_of_flask_is_found(text: str, severity: Severity | None) -> None:
    found = python("debug-mode", f"import os\n{ROUTES}{text}")
    assert [one.severity for one in found] == ([severity] if severity else [])


@pytest.mark.proves("MS-10")
@pytest.mark.parametrize(
    ("words", "severity"),
    [
        ("['node', '--inspect=0.0.0.0:9229', 'x.js']", Severity.HIGH),
        ("['node', '--inspect', 'x.js']", Severity.MEDIUM),
        ("['java', '-agentlib:jdwp=transport=dt_socket,address=*:5005', 'X']", Severity.HIGH),
        ("['node', '--inspect=127.0.0.1:0', 'x.js']", None),
        ("['node', 'inspect.js']", None),
    ],
)
def test_a_program_that_is_started_with_a_debugger_is_found(
    words: str, severity: Severity | None
) -> None:
    found = python("debugger-started", f"import subprocess\nsubprocess.run({words})")
    assert [one.severity for one in found] == ([severity] if severity else [])


def test_a_script_that_starts_the_server_with_a_debugger_is_found() -> None:
    def script(command: str) -> dict[str, str]:
        return {"package.json": json.dumps({"name": "x", "scripts": {"start": command}})}

    assert of_rule("debugger-started", script("node --inspect=0.0.0.0 x.js"))
    assert not of_rule("debugger-started", script("node x.js"))


def test_a_plain_server_gets_no_finding_at_all() -> None:
    text = """
from mcp.server.fastmcp import FastMCP
server = FastMCP('demo')
@server.tool()
def add(a: int, b: int) -> int:
    return a + b
server.run()
"""
    assert findings({"server.py": text, "README.md": "# Demo\n"}) == []


def test_text_that_is_no_unicode_breaks_no_rule() -> None:
    text = """
    const o = { "pass\\ud800word": "q8Zr\\udfff2LmT5vXc9WbN3kJd", scopes: ["\\ud800", "repo"] };
    const app = express();
    app.get("/\\ud800", (req, res) => { res.redirect("\\ud800" + req.query["\\ud800"]); });
    server.tool("\\ud800", "T", { "\\ud800": z.string() }, async (a) => {
      console.log(a["\\ud800"], process.env["TOKEN\\ud800"]);
      await fetch("http://a.example/\\ud800", { headers: { authorization: process.env.API_KEY } });
      fs.chmodSync("/x\\ud800", "\\ud800");
      return { content: [{ type: "text", text: "\\ud800" }] };
    });
    app.listen(1, "\\ud800");
    """
    head = 'import express from "express";\nimport fs from "node:fs";\n'
    assert [one.location.line for one in typescript("coarse-scope", head + text)] == [8]
