"""Routes: their names, and which parts of a request reach what their code does."""

from __future__ import annotations

import pytest

from analyze.declared import given, python, typescript
from ostiary.analyze.dataflow import guarantee as g
from ostiary.analyze.dataflow.effect import EffectKind
from ostiary.analyze.declare.entry import EntryKind

EXPRESS = """
import express, { Router } from "express";
import http from "http";
import { Hono } from "hono";
import { exec } from "child_process";
const app = express();
app.use((req, res, next) => { if (!req.headers.key) { return res.end(); } next(); });
app.post("/run", express.json(), (req, res) => { exec(req.body.cmd); });
const hono = new Hono();
hono.get("/h", (c) => { exec(c.req.query("cmd")); });
http.createServer((req, res) => { exec(req.url); });
"""


@pytest.mark.parametrize(
    ("name", "origin"),
    [("POST /run", "request.body.cmd"), ("server", "request.url")],
)
def test_parts_of_requests_reach_a_shell(name: str, origin: str) -> None:
    one = typescript(EXPRESS)[name]
    assert one.entry.kind is EntryKind.ROUTE
    assert given(one, EffectKind.SHELL, "command").keys() == {origin}


def test_middleware_is_an_entry_of_its_own() -> None:
    assert typescript(EXPRESS)["middleware"].entry.kind is EntryKind.ROUTE


def test_fastapi_checks_declared_types_and_does_not_let_callers_choose_what_it_injects() -> None:
    one = python(
        """
        import subprocess
        from fastapi import Depends, FastAPI
        from pydantic import BaseModel

        class Body(BaseModel):
            command: str
            count: int

        app = FastAPI()

        @app.post("/run/{number}")
        async def run(number: int, body: Body, user=Depends(current)):
            subprocess.run(f"a {number} {body.command} {body.count} {user}", shell=True)
        """
    )["POST /run/{number}"]
    found = given(one, EffectKind.SHELL, "command")
    assert found.keys() == {"number", "body.command", "body.count"}
    assert found["number"] & g.NUMBER
    assert found["body.count"] & g.NUMBER
    assert not found["body.command"] & g.SAFE


def test_flask_and_starlette() -> None:
    entries = python(
        """
        import subprocess
        from flask import Flask, request
        from mcp.server.fastmcp import FastMCP
        from starlette.routing import Route

        app = Flask(__name__)

        @app.route("/f/<name>", methods=["PUT"])
        def f(name):
            subprocess.run(name + request.args["q"], shell=True)

        async def home(request):
            subprocess.run((await request.json())["cmd"], shell=True)

        routes = [Route("/home", home, methods=["POST"])]
        server = FastMCP("x")

        @server.custom_route("/own", methods=["GET"])
        async def own(request):
            subprocess.run(request.query_params["c"], shell=True)
        """
    )
    assert given(entries["PUT /f/<name>"], EffectKind.SHELL, "command").keys() == {"name", "q"}
    assert given(entries["POST /home"], EffectKind.SHELL, "command").keys() == {"request.cmd"}
    assert given(entries["GET /own"], EffectKind.SHELL, "command").keys() == {
        "request.query_params.c"
    }


def test_a_module_that_only_declares_is_no_entry_of_its_own() -> None:
    assert "src/index.ts" not in typescript('import e from "express"; e().get("/", () => 1);')
    assert "src/index.ts" in typescript('import cp from "child_process"; cp.exec("ls");')
