"""Who can come in: authentication, interfaces, Host and Origin, cross-origin rules."""

from __future__ import annotations

import pytest

from analyze.exposed import of_rule, python, typescript
from ostiary.model.grade import Severity

RUNS = """
import os
@server.tool()
def run(line: str) -> str:
    return os.popen(line).read()
"""
READS = """
@server.tool()
def add(a: int, b: int) -> int:
    return a + b
"""
NODE = """
import express from "express";
import { exec } from "node:child_process";
import { StreamableHTTPServerTransport } from "@modelcontextprotocol/sdk/server/streamableHttp.js";
server.tool("run", "Runs", { line: z.string() }, async ({ line }) => {
  exec(line);
  return { content: [] };
});
const app = express();
app.post("/mcp", async (req, res) => {
  const transport = new StreamableHTTPServerTransport({ sessionIdGenerator: undefined });
  await server.connect(transport);
  await transport.handleRequest(req, res, req.body);
});
"""


@pytest.mark.proves("MS-17", "SA-24")
@pytest.mark.parametrize(
    "text",
    [
        RUNS + "server.settings.host = '0.0.0.0'\nserver.run(transport='sse')",
        RUNS + "import uvicorn\nuvicorn.run(server.sse_app(), host='0.0.0.0', port=8000)",
        RUNS + "import uvicorn\nuvicorn.run(server.sse_app(), host=os.getenv('HOST', '0.0.0.0'))",
        (
            "from fastmcp import FastMCP\nserver = FastMCP('x')\n" + RUNS + "import argparse\n"
            "p = argparse.ArgumentParser()\np.add_argument('--host', default='0.0.0.0')\n"
            "server.run(transport='http', host=p.parse_args().host)"
        ),
    ],
)
def test_commands_for_everybody_on_the_network_weigh_high(text: str) -> None:
    (finding,) = python("no-authentication", text)
    assert finding.severity is Severity.HIGH
    assert "run commands" in finding.message
    assert python("all-interfaces", text)


@pytest.mark.proves("MS-17")
@pytest.mark.parametrize(
    "text",
    [
        "app.listen(3000);",
        "app.listen(process.env.PORT || 3000, () => console.error('up'));",
        "app.listen(3000, process.env.HOST || '0.0.0.0');",
    ],
)
def test_a_node_server_listens_everywhere_if_nothing_is_said(text: str) -> None:
    (finding,) = typescript("no-authentication", NODE + text)
    assert finding.severity is Severity.HIGH
    (finding,) = typescript("all-interfaces", NODE + text)
    assert finding.severity is Severity.MEDIUM


SOCKETS = """
import http from "node:http";
import { WebSocketServer } from "ws";
const pages = http.createServer(() => {});
pages.listen(3000, "127.0.0.1");
const sockets = new WebSocketServer(GIVEN);
sockets.on("connection", (socket) => socket.on("message", (line) => exec(String(line))));
"""


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ("{ server: pages }", False),
        ("{ noServer: true }", False),
        ("{ port: 3001 }", True),
        ("{ port: 3001, host: '127.0.0.1' }", False),
    ],
)
def test_sockets_of_a_server_are_where_the_server_is(given: str, told: bool) -> None:
    text = NODE + SOCKETS.replace("GIVEN", given)
    assert bool(typescript("all-interfaces", text)) is told


@pytest.mark.parametrize(
    "port",
    [
        "parseInt(process.env.PORT || '3000', 10)",
        "Number(process.env.PORT ?? 3000)",
        "process.env.PORT",
        "process.env.PORT || 3000",
        "3000",
    ],
)
@pytest.mark.parametrize(
    ("host", "told"),
    [
        ("process.env.HOST || '127.0.0.1'", False),
        ("'127.0.0.1'", False),
        ("process.env.HOST || '0.0.0.0'", True),
        ("() => {}", True),
    ],
)
def test_a_port_of_the_operator_leaves_the_host_what_it_is(
    port: str, host: str, told: bool
) -> None:
    text = f"const host = {host};\nconst port = {port};\napp.listen(port, host, () => {{}});"
    assert bool(typescript("all-interfaces", NODE + text)) is told


def test_the_host_among_options_counts() -> None:
    text = "app.listen({ port: process.env.PORT, host: '127.0.0.1' }, () => {});"
    assert not typescript("all-interfaces", NODE + text)
    text = "const given = read();\napp.listen(given, '0.0.0.0', () => {});"
    assert typescript("all-interfaces", NODE + text)


def test_what_harms_nobody_and_what_only_the_machine_reaches_weigh_less() -> None:
    (finding,) = python(
        "no-authentication",
        READS + "server.settings.host = '0.0.0.0'\nserver.run(transport='sse')",
    )
    assert finding.severity is Severity.MEDIUM
    (finding,) = python("no-authentication", RUNS + "server.run(transport='streamable-http')")
    assert finding.severity is Severity.LOW
    (finding,) = typescript("no-authentication", NODE + "app.listen(3000, '127.0.0.1');")
    assert finding.severity is Severity.LOW


@pytest.mark.parametrize(
    "text",
    [
        RUNS + "server.run()",
        RUNS + "server.run(transport='stdio')",
        RUNS
        + "def check(request):\n    return request.headers.get('Authorization')\n"
        + "server.settings.host = '0.0.0.0'\nserver.run(transport='sse')",
        (
            "from mcp.server.fastmcp import FastMCP\nfrom verifying import Verifier\n"
            "server = FastMCP('x', token_verifier=Verifier(), host='0.0.0.0')\n"
            + RUNS
            + "server.run(transport='streamable-http')"
        ),
    ],
)
def test_a_server_on_standard_input_or_with_a_check_of_callers_is_left_alone(text: str) -> None:
    assert not python("no-authentication", text)


@pytest.mark.parametrize(
    "text",
    [
        "app.use((req, res, next) => req.headers.authorization === process.env.T ? next() : 0);",
        (
            "import { requireBearerAuth } from "
            '"@modelcontextprotocol/sdk/server/auth/middleware/bearerAuth.js";'
            "\napp.use(requireBearerAuth({ verifier }));"
        ),
        "function checkToken(req) { return req.get('x-api-key') === process.env.T; }",
    ],
)
def test_a_node_server_that_asks_who_calls_is_left_alone(text: str) -> None:
    assert not typescript("no-authentication", NODE + text + "\napp.listen(3000);")
    (finding,) = typescript("all-interfaces", NODE + text + "\napp.listen(3000);")
    assert finding.severity is Severity.LOW


@pytest.mark.parametrize(
    "text",
    [
        "import uvicorn\nuvicorn.run(server.sse_app(), port=8000)",
        "import uvicorn\nuvicorn.run(server.sse_app(), host='127.0.0.1')",
        "import os, uvicorn\nuvicorn.run(server.sse_app(), host=os.getenv('HOST', 'localhost'))",
        "server.run(transport='sse')",
    ],
)
def test_the_machine_itself_is_no_interface_for_others(text: str) -> None:
    assert not python("all-interfaces", text)


def test_old_versions_of_the_sdk_listened_everywhere_and_checked_nothing() -> None:
    text = "from mcp.server.fastmcp import FastMCP\ns = FastMCP('x')\ns.run(transport='sse')\n"
    old = {"server.py": text, "requirements.txt": "mcp==1.8.0\n"}
    new = {"server.py": text, "requirements.txt": "mcp==1.25.0\n"}
    between = {"server.py": text, "requirements.txt": "mcp==1.12.2\n"}
    assert of_rule("all-interfaces", old)
    assert not of_rule("all-interfaces", new)
    assert not of_rule("all-interfaces", between)
    assert of_rule("host-unchecked", between)
    assert not of_rule("host-unchecked", new)


def test_a_socket_in_the_file_system_and_a_search_for_a_port_are_no_doors() -> None:
    assert not typescript(
        "all-interfaces",
        'import net from "node:net";\nnet.createServer(() => {}).listen("/tmp/x.sock");',
    )
    assert not python(
        "all-interfaces", "import socket\ns = socket.socket()\ns.bind(('0.0.0.0', 0))"
    )


@pytest.mark.parametrize(
    "text",
    [
        "app.listen(3000, '127.0.0.1');",
        (
            'import { SSEServerTransport } from "@modelcontextprotocol/sdk/server/sse.js";\n'
            'app.get("/sse", (req, res) => server.connect(new SSEServerTransport("/m", res)));\n'
            "app.listen(3000, '127.0.0.1');"
        ),
    ],
)
def test_a_transport_that_accepts_any_host_is_found(text: str) -> None:
    (finding, *_) = typescript("host-unchecked", NODE + text)
    assert finding.severity is Severity.MEDIUM


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("sessionIdGenerator: undefined", "enableDnsRebindingProtection: true"),
        ("await server.connect", "if (req.headers.origin) return; await server.connect"),
        ("express()", "createMcpExpressApp()"),
    ],
)
def test_a_transport_that_checks_the_host_is_left_alone(old: str, new: str) -> None:
    assert not typescript("host-unchecked", NODE.replace(old, new) + "app.listen(3000, '::1');")


@pytest.mark.parametrize(
    "text",
    [
        "from fastmcp import FastMCP\ns = FastMCP('x')\ns.run(transport='http')",
        (
            "from mcp.server.sse import SseServerTransport\nsse = SseServerTransport('/messages')\n"
            "import uvicorn\nuvicorn.run(app, host='127.0.0.1')"
        ),
        (
            "from mcp.server.transport_security import TransportSecuritySettings\n"
            "s = FastMCP('x', transport_security=TransportSecuritySettings("
            "enable_dns_rebinding_protection=False))\ns.run(transport='sse')"
        ),
    ],
)
def test_python_servers_that_accept_any_host_are_found(text: str) -> None:
    assert python("host-unchecked", text)


@pytest.mark.parametrize(
    "text",
    [
        "server.run(transport='sse')",
        "server.run()",
        (
            "from fastmcp import FastMCP\nfrom starlette.middleware.trustedhost import "
            "TrustedHostMiddleware\ns = FastMCP('x')\n"
            "s.run(transport='http', middleware=[TrustedHostMiddleware])"
        ),
    ],
)
def test_python_servers_that_check_the_host_are_left_alone(text: str) -> None:
    assert not python("host-unchecked", text)


@pytest.mark.parametrize(
    "text",
    [
        'import cors from "cors";\napp.use(cors());',
        'import cors from "cors";\napp.use(cors({ origin: "*" }));',
        'import cors from "cors";\napp.use(cors({ origin: true, credentials: true }));',
        'app.use((req, res, next) => { res.setHeader("Access-Control-Allow-Origin", "*"); });',
        (
            "app.use((req, res, next) => {\n"
            '  res.setHeader("Access-Control-Allow-Origin", req.headers.origin); next(); });'
        ),
    ],
)
def test_any_origin_is_found(text: str) -> None:
    (finding,) = typescript("any-origin", NODE + text)
    assert finding.severity is Severity.MEDIUM


@pytest.mark.parametrize(
    "text",
    [
        'import cors from "cors";\napp.use(cors({ origin: "https://app.example" }));',
        'import cors from "cors";\napp.use(cors({ origin: ["https://app.example"] }));',
        'import cors from "cors";\nimport { options } from "somewhere";\napp.use(cors(options));',
        'app.use((req, res) => { res.setHeader("Access-Control-Allow-Origin", "https://a.b"); });',
    ],
)
def test_named_origins_are_left_alone(text: str) -> None:
    assert not typescript("any-origin", NODE + text)


CORS = "from starlette.middleware.cors import CORSMiddleware\n"
ALL = "server.sse_app({}).add_middleware(CORSMiddleware, allow_origins=['*'])"
SECURE = (
    "from mcp.server.transport_security import TransportSecuritySettings\n"
    "safe = TransportSecuritySettings(enable_dns_rebinding_protection={}, "
    "allowed_hosts=['localhost:*'], allowed_origins=['https://a.example'])\n"
)


def test_any_origin_weighs_less_where_the_transport_looks_at_it_itself() -> None:
    given = ALL.format("transport_security=safe")
    (finding,) = python("any-origin", READS + CORS + SECURE.format("True") + given)
    assert finding.severity is Severity.LOW
    (finding,) = python("any-origin", READS + CORS + SECURE.format("False") + given)
    assert finding.severity is Severity.MEDIUM
    (finding,) = python("any-origin", READS + CORS + ALL.format(""))
    assert finding.severity is Severity.MEDIUM


def test_starlette_s_rules_on_origins_are_read() -> None:
    head = (
        "from fastapi import FastAPI\nfrom fastapi.middleware.cors import CORSMiddleware\n"
        "app = FastAPI()\n"
    )
    assert python("any-origin", head + "app.add_middleware(CORSMiddleware, allow_origins=['*'])")
    assert not python(
        "any-origin", head + "app.add_middleware(CORSMiddleware, allow_origins=['https://a.b'])"
    )


@pytest.mark.parametrize(
    "head",
    [
        "class Settings(BaseSettings):\n    host: str = '0.0.0.0'\nhost = Settings().host",
        (
            "import click\n@click.command()\n@click.option('-h', '--host', default='0.0.0.0')\n"
            "def main(host):\n    server.settings.host = host\n    server.run(transport='sse')\n"
            "host = 'x'"
        ),
        "import os\nhost = os.environ.get('BIND', '0.0.0.0')",
        "def settle(host='0.0.0.0'):\n    return host\nhost = settle(given)",
    ],
)
def test_a_host_that_falls_back_to_everything_is_found(head: str) -> None:
    text = f"from pydantic_settings import BaseSettings\n{head}\nserver.settings.host = host\n"
    assert python("all-interfaces", text + "server.run(transport='sse')")


@pytest.mark.parametrize(
    "text",
    [
        (
            'program.option("--host <host>", "where to listen", "0.0.0.0");\n'
            "app.listen(3000, program.opts().host);"
        ),
        (
            'const c = z.object({ host: z.string().default("0.0.0.0") }).parse(process.env);\n'
            "app.listen(3000, c.host);"
        ),
        (
            'const a = yargs().option("host", { default: "0.0.0.0" }).parse();\n'
            "app.listen(3000, a.host);"
        ),
    ],
)
def test_options_of_node_that_fall_back_to_everything_are_found(text: str) -> None:
    head = 'import { program } from "commander";\nimport yargs from "yargs";\n'
    assert typescript("all-interfaces", NODE + head + text)
    assert not typescript("all-interfaces", NODE + head + text.replace("0.0.0.0", "127.0.0.1"))


def test_a_credential_that_is_sent_to_others_is_no_check_of_callers() -> None:
    text = "import requests\nrequests.get('https://a.b', auth=('me', 'x'))\n"
    run = "server.settings.host = '0.0.0.0'\nserver.run(transport='sse')"
    assert python("no-authentication", RUNS + text + run)


def test_a_server_that_is_made_for_a_hosting_service_is_looked_at() -> None:
    text = """
    import { createMcpHandler } from "mcp-handler";
    const handler = createMcpHandler((server) => {
      server.tool("add", "Adds", { a: z.number() }, async ({ a }) => ({ content: [] }));
    });
    export { handler as GET, handler as POST };
    """
    (finding,) = typescript("no-authentication", text)
    assert "hosting service" in finding.message
    assert not typescript("no-authentication", text.replace("mcp-handler", "other"))
    guarded = text + 'import { withMcpAuth } from "mcp-handler";\nwithMcpAuth(handler, check);'
    assert not typescript("no-authentication", guarded)


def test_routes_that_run_commands_for_any_page_are_found() -> None:
    text = """
    import { WebSocketServer } from "ws";
    import { exec } from "child_process";
    const sockets = new WebSocketServer({ host: "127.0.0.1", port: 9000 });
    sockets.on("connection", (socket, req) => { exec(req.url); });
    """
    (finding,) = typescript("host-unchecked", text)
    assert "WebSocket" in finding.message
    checked = text.replace("exec(req", 'if (req.headers.origin === "x") exec(req')
    assert not typescript("host-unchecked", checked)


@pytest.mark.parametrize(
    ("header", "hit"), [("'*'", True), ("'https://app.example'", False), ("origin", False)]
)
def test_a_header_for_every_origin_is_found_wherever_it_is_written(header: str, hit: bool) -> None:
    text = f"""
    from starlette.responses import JSONResponse
    async def answer(request):
        return JSONResponse({{}}, headers={{"Access-Control-Allow-Origin": {header}}})
    """
    assert bool(python("any-origin", text)) is hit


def test_a_server_of_the_standard_library_is_looked_at() -> None:
    text = """
    import os
    from http.server import BaseHTTPRequestHandler, HTTPServer
    class Handler(BaseHTTPRequestHandler):
        def do_POST(self):
            os.system(self.rfile.read(9).decode())
    HTTPServer(HOST, Handler).serve_forever()
    """
    assert python("no-authentication", text.replace("HOST", "('', 8000)"))
    assert python("all-interfaces", text.replace("HOST", "('', 8000)"))
    assert not python("all-interfaces", text.replace("HOST", "('127.0.0.1', 8000)"))


def test_the_application_of_fastmcp_checks_no_host() -> None:
    text = "from fastmcp import FastMCP\ns = FastMCP('x')\napp = s.http_app()\n"
    assert python("host-unchecked", text + "import uvicorn\nuvicorn.run(app)")
    checked = "app.add_middleware(TrustedHostMiddleware, allowed_hosts=['localhost'])\n"
    assert not python("host-unchecked", text + checked)


OTHERS = {
    "starlette": """
        import argparse, os, uvicorn
        from mcp.server.sse import SseServerTransport
        from starlette.applications import Starlette
        from starlette.routing import Route
        async def handle(request):
            os.system((await request.json())["line"])
        def main():
            parser = argparse.ArgumentParser()
            parser.add_argument("--host", default="0.0.0.0")
            uvicorn.run(Starlette(routes=[Route("/x", handle)]), host=parser.parse_args().host)
        main()
        """,
    "aiohttp": """
        from aiohttp import web
        import subprocess
        async def handle(request):
            subprocess.run((await request.json())["line"], shell=True)
        app = web.Application()
        app.router.add_post("/x", handle)
        web.run_app(app, port=8080)
        """,
    "flask": """
        from flask import Flask, request
        import os
        app = Flask(__name__)
        @app.route("/x", methods=["POST"])
        def x():
            os.system(request.json["line"])
        app.run(host="0.0.0.0")
        """,
}
NODE_OTHERS = {
    "fastify": """
        import Fastify from "fastify";
        import { exec } from "child_process";
        const app = Fastify();
        app.post("/x", async (req) => { exec(req.body.line); });
        app.listen({ port: 3000, host: "0.0.0.0" });
        """,
    "hono": """
        import { Hono } from "hono";
        import { serve } from "@hono/node-server";
        import { exec } from "child_process";
        const app = new Hono();
        app.post("/x", async (c) => { exec((await c.req.json()).line); });
        serve({ fetch: app.fetch, port: 3000 });
        """,
    "fastmcp": """
        import { FastMCP } from "fastmcp";
        import { exec } from "child_process";
        const other = new FastMCP({ name: "x", version: "1.0.0" });
        other.addTool({ name: "x", description: "X", parameters: z.object({ line: z.string() }),
          execute: async (a) => { exec(a.line); return ""; } });
        other.start({ transportType: "httpStream", httpStream: { port: 1, host: "0.0.0.0" } });
        """,
}


@pytest.mark.proves("SA-24")
@pytest.mark.parametrize("name", OTHERS)
def test_every_framework_of_python_is_looked_at(name: str) -> None:
    (finding,) = python("no-authentication", OTHERS[name])
    assert finding.severity is Severity.HIGH


@pytest.mark.proves("SA-24")
@pytest.mark.parametrize("name", NODE_OTHERS)
def test_every_framework_of_node_is_looked_at(name: str) -> None:
    (finding,) = typescript("no-authentication", NODE_OTHERS[name])
    assert finding.severity is Severity.HIGH
