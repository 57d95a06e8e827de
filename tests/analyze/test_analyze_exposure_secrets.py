"""What leaks out: credentials logged, returned and sent on; tokens and certificates believed."""

from __future__ import annotations

import pytest

from analyze.exposed import python, typescript
from ostiary.model.grade import Severity


@pytest.mark.parametrize(
    "text",
    [
        "import os\nprint(f\"key {os.environ['API_KEY']}\")",
        "import os\nprint(os.environ)",
        "import logging, os\nT = os.getenv('AUTH_TOKEN')\nlogging.info('token %s', T)",
        "import logging\ndef login(user, token):\n    logging.info(f'token: {token}')",
        "import logging\ndef go(config):\n    logging.debug('with ' + config.api_key)",
    ],
)
def test_a_credential_in_a_log_is_found(text: str) -> None:
    (finding,) = python("secret-logged", text)
    assert finding.severity is Severity.MEDIUM


@pytest.mark.parametrize(
    "text",
    [
        "import os\nprint('key set' if os.environ.get('API_KEY') else 'no key')",
        "import os\nprint(len(os.environ['API_KEY']))",
        "import os\nprint(os.environ['HOME'])",
        "import os, hashlib\nprint(hashlib.sha256(os.environ['API_KEY'].encode()).hexdigest())",
        "import os\nprint(os.environ['API_KEY'][:4])",
        "import logging\ndef login(user, token):\n    logging.info(f'{user} has a token')",
        "import logging\ndef page(next_token):\n    logging.info(f'page {next_token}')",
        (
            "import os, requests\nK = os.environ['API_KEY']\n"
            "r = requests.get('https://a.b', headers={'x-api-key': K})\nprint(r.status_code)"
        ),
    ],
)
def test_what_is_left_of_a_credential_or_is_none_is_left_alone(text: str) -> None:
    assert not python("secret-logged", text)


def test_credentials_in_the_logs_of_a_typescript_server_are_found() -> None:
    head = 'import express from "express";\nconst app = express();\n'
    assert typescript("secret-logged", "console.error(`with ${process.env.API_KEY}`);")
    assert typescript(
        "secret-logged", head + 'app.get("/x", (req, res) => { console.log(req.headers.cookie); });'
    )
    assert typescript(
        "secret-logged", head + 'app.use((req, res) => { console.log("got", req.headers); });'
    )
    assert not typescript("secret-logged", 'console.error(process.env.API_KEY ? "set" : "none");')
    assert not typescript("secret-logged", "console.error(mask(process.env.API_KEY));")


def _tool(body: str) -> str:
    return f"import json, os, requests\n@server.tool()\ndef show(x: str) -> str:\n    {body}\n"


@pytest.mark.parametrize(
    "body",
    [
        "return os.environ['API_KEY']",
        "return f\"with {os.environ['DB_PASSWORD']}\"",
        "return {'token': os.environ.get('AUTH_TOKEN')}",
        "return f\"connected to {os.environ['DATABASE_URL']}\"",
    ],
)
def test_a_tool_that_hands_out_a_credential_is_found(body: str) -> None:
    (finding,) = python("secret-returned", _tool(body))
    assert finding.location.part == "tool show"
    assert finding.severity is Severity.MEDIUM


def test_a_tool_that_hands_out_the_environment_weighs_high_unless_it_says_so() -> None:
    (finding,) = python("secret-returned", _tool("return json.dumps(dict(os.environ))"))
    assert finding.severity is Severity.HIGH
    text = _tool("return json.dumps(dict(os.environ))").replace("def show", "def show_environment")
    (finding,) = python("secret-returned", text)
    assert finding.severity is Severity.MEDIUM


def test_a_kept_value_that_the_text_calls_a_credential_is_found() -> None:
    read = "t = open('tokens.txt').read()\n    "
    assert python("secret-returned", _tool(read + "return f'Authorization: Bearer {t}'"))
    assert not python("secret-returned", _tool(read + "return f'Content: {t}'"))


@pytest.mark.parametrize(
    "body",
    [
        "return 'set' if os.environ.get('API_KEY') else 'not set'",
        "return str(len(os.environ['API_KEY']))",
        "return os.environ['HOME']",
        (
            "r = requests.get('https://a.b', headers={'x-api-key': os.environ['API_KEY']})\n"
            "    return r.text"
        ),
    ],
)
def test_an_answer_without_the_credential_is_left_alone(body: str) -> None:
    assert not python("secret-returned", _tool(body))


def test_answers_of_typescript_tools_are_followed() -> None:
    tool = 'server.tool("x", "X", {}, async () => ({ content: [{ type: "text", text: TEXT }] }));'
    for text, hit in (
        ("process.env.API_KEY ?? ''", True),
        ("`key: ${process.env.API_KEY}`", True),
        ("JSON.stringify(process.env)", True),
        ("process.env.API_KEY ? 'yes' : 'no'", False),
        ("process.env.LANG ?? ''", False),
    ):
        assert bool(typescript("secret-returned", tool.replace("TEXT", text))) is hit, text


APP = 'import express from "express";\nconst app = express();\n'


@pytest.mark.parametrize(
    "text",
    [
        "headers: { Authorization: req.headers.authorization }",
        "headers: { authorization: `Bearer ${req.get('authorization')}` }",
        "headers: { cookie: req.headers.cookie }",
        "headers: req.headers",
    ],
)
def test_the_token_of_a_caller_that_is_sent_on_is_found(text: str) -> None:
    route = (
        f'app.get("/x", async (req, res) => {{ await fetch("https://a.b/v1", {{ {text} }}); }});'
    )
    assert typescript("token-passthrough", APP + route)


@pytest.mark.parametrize(
    "text",
    [
        'await fetch("https://a.b/v1", { headers: { Authorization: process.env.TOKEN } });',
        'await fetch("https://a.b/v1", { headers: { "x-id": req.headers["x-request-id"] } });',
        'await fetch("https://a.b/introspect", { body: req.headers.authorization });',
    ],
)
def test_a_credential_of_one_s_own_and_an_exchange_are_left_alone(text: str) -> None:
    route = f'app.get("/x", async (req, res) => {{ {text} }});'
    assert not typescript("token-passthrough", APP + route)


def test_a_python_route_that_passes_the_token_on_is_found() -> None:
    text = """
    import httpx
    from fastapi import FastAPI, Request
    app = FastAPI()
    @app.get("/x")
    async def x(request: Request):
        return httpx.get("https://a.b", headers={"Authorization": TOKEN}).text
    """
    inbound = text.replace("TOKEN", 'request.headers["authorization"]')
    assert python("token-passthrough", inbound)
    assert not python("token-passthrough", text.replace("TOKEN", '"Bearer x"'))


JWT = """
import jwt
from fastapi import FastAPI, Request
app = FastAPI()
@app.get("/x")
def who(request: Request):
    token = request.headers["authorization"]
    return jwt.decode(token, ARGUMENTS)
import uvicorn
uvicorn.run(app)
"""


@pytest.mark.parametrize(
    "arguments",
    ["options={'verify_signature': False}", "key, algorithms=['none', 'HS256']"],
)
def test_a_token_of_a_caller_that_is_believed_weighs_high(arguments: str) -> None:
    (finding,) = python("token-unverified", JWT.replace("ARGUMENTS", arguments))
    assert finding.severity is Severity.HIGH


def test_a_token_that_is_verified_is_left_alone_and_its_audience_asked_for() -> None:
    plain = JWT.replace("ARGUMENTS", "key, algorithms=['RS256']")
    bound = JWT.replace("ARGUMENTS", "key, algorithms=['RS256'], audience='https://me'")
    assert not python("token-unverified", plain)
    assert python("audience-unchecked", plain)
    assert not python("audience-unchecked", bound)


def test_typescript_tokens_are_looked_at_too() -> None:
    head = APP + 'import jwt from "jsonwebtoken";\n'
    route = 'app.get("/x", (req, res) => { const who = CALL; res.json(who); }); app.listen(1);'
    only = route.replace("CALL", "jwt.decode(req.headers.authorization)")
    both = route.replace("CALL", "jwt.decode(t) && jwt.verify(t, k, { audience: 'me' })")
    (finding,) = typescript("token-unverified", head + only)
    assert finding.severity is Severity.HIGH
    assert not typescript("token-unverified", head + both)
    assert not typescript("audience-unchecked", head + both)
    assert typescript("audience-unchecked", head + route.replace("CALL", "jwt.verify(t, k)"))


@pytest.mark.parametrize(
    ("text", "severity"),
    [
        ("import requests\nrequests.get('https://a.b', verify=False)", Severity.MEDIUM),
        (
            (
                "import os, requests\nrequests.get('https://a.b', verify=False, "
                "headers={'Authorization': os.environ['API_TOKEN']})"
            ),
            Severity.HIGH,
        ),
        ("import httpx\nc = httpx.Client(verify=False)", Severity.MEDIUM),
        ("import ssl\nc = ssl.create_default_context()\nc.verify_mode = ssl.CERT_NONE", None),
        ("import ssl\nc = ssl._create_unverified_context()", None),
        ("import os\nos.environ['PYTHONHTTPSVERIFY'] = '0'", None),
        (
            (
                "import paramiko\nc = paramiko.SSHClient()\n"
                "c.set_missing_host_key_policy(paramiko.AutoAddPolicy())"
            ),
            None,
        ),
    ],
)
def test_certificates_that_are_not_checked_are_found(text: str, severity: Severity | None) -> None:
    (finding,) = python("tls-unverified", text)
    assert finding.severity is (severity or Severity.MEDIUM)


@pytest.mark.parametrize(
    "text",
    [
        "import requests\nrequests.get('https://a.b')",
        "import requests\nrequests.get('https://a.b', verify='/etc/ca.pem')",
        "import os, requests\nrequests.get('https://a.b', verify=os.environ['CA'])",
        "import requests\nrequests.get('https://localhost:9200', verify=False)",
        "import ssl\nc = ssl.create_default_context()",
    ],
)
def test_certificates_that_are_checked_are_left_alone(text: str) -> None:
    assert not python("tls-unverified", text)


def test_node_s_switches_for_certificates_are_known() -> None:
    off = 'import https from "https";\nconst a = new https.Agent({ rejectUnauthorized: false });'
    assert typescript("tls-unverified", off)
    assert typescript("tls-unverified", 'process.env.NODE_TLS_REJECT_UNAUTHORIZED = "0";')
    assert not typescript("tls-unverified", off.replace("false", "true"))
    assert not typescript("tls-unverified", 'process.env.NODE_ENV = "0";')


@pytest.mark.parametrize(
    ("words", "hit"),
    [
        ("['curl', '-sk', 'https://a.b']", True),
        ("['curl', '--insecure', 'https://a.b']", True),
        ("['ssh', '-o', 'StrictHostKeyChecking=no', 'h']", True),
        ("['curl', '-s', 'https://a.b']", False),
        ("['ssh', 'h', 'ls', '-k']", False),
    ],
)
def test_programs_that_are_told_to_accept_any_certificate_are_found(words: str, hit: bool) -> None:
    assert bool(python("tls-unverified", f"import subprocess\nsubprocess.run({words})")) is hit


def test_parameters_of_arrow_functions_are_known_by_name() -> None:
    assert typescript(
        "secret-logged", "run((user, token) => { console.log(`${user} ${token}`); });"
    )
    assert not typescript("secret-logged", "run((user, token) => { console.log(`${user}`); });")


@pytest.mark.parametrize(
    ("url", "hit"),
    [
        ("http://api.example.com/v1", True),
        ("https://api.example.com/v1", False),
        ("http://localhost:8000/v1", False),
        ("http://192.168.1.4/v1", False),
        ("http://search:9200/v1", False),
    ],
)
def test_a_credential_that_is_sent_in_clear_is_found(url: str, hit: bool) -> None:
    text = f"import os, requests\nrequests.get('{url}', headers={{'x-api-key': KEY}})"
    assert bool(python("credential-in-clear", text.replace("KEY", "os.environ['API_KEY']"))) is hit
    assert not python("credential-in-clear", text.replace("KEY", "'none'"))
    node = f'fetch("{url}", {{ headers: {{ authorization: process.env.API_TOKEN }} }});'
    assert bool(typescript("credential-in-clear", node)) is hit
