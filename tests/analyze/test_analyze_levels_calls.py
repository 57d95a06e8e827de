"""Calls of libraries that no table names: seen where their own name says that they act."""

from __future__ import annotations

import pytest

from analyze.declared import does, python, typescript
from ostiary.analyze.dataflow.effect import EffectKind
from ostiary.analyze.knowledge.acting import UNKNOWN, acts

ACT = (
    "acme.Client().create_invoice",
    "@acme/sdk.Client().invoices.delete",
    "git.Repo().index.commit",
    "imaplib.IMAP4().fetch",
    "@acme/sdk.DeleteInvoiceCommand",
    "acme.Client().DELETE",
)
DO_NOT = (
    "acme.Client().invoices",
    "acme.Client",
    "zod.string().delete",
    "builtins.open().read",
    "open().read",
    "json.load().get",
    "Map().delete",
    "*.delete",
    "fs.promises.remove",
    "@modelcontextprotocol/sdk/client.Client().listTools",
    "cheerio.load()().remove",
    "acme.Client().headers.delete",
    "acme.models.CreateInvoice",
)


@pytest.mark.parametrize("name", ACT)
def test_a_library_of_unknown_kind_acts_where_its_name_says_so(name: str) -> None:
    assert acts(name)


@pytest.mark.parametrize("name", DO_NOT)
def test_languages_and_libraries_that_compute_do_not_act(name: str) -> None:
    assert not acts(name)


def test_such_a_call_is_an_effect_in_both_languages() -> None:
    one = python(
        """
        import acme
        from mcp.server.fastmcp import FastMCP
        server = FastMCP("x")

        @server.tool()
        def t(name: str):
            acme.Client().delete_account(name)
        """
    )["t"]
    two = typescript(
        """
        import { McpServer } from "@modelcontextprotocol/sdk/server/mcp.js";
        import { Client } from "acme";
        const server = new McpServer({ name: "x", version: "1" });
        const client = new Client();
        server.tool("t", "Does it.", {}, async () => { await client.accounts.delete("a"); });
        """
    )["t"]
    assert does(one) == does(two) == {EffectKind.CALL}
    assert all(UNKNOWN in effect.tags for effect in (*one.effects, *two.effects))


def test_methods_that_plain_values_have_too_are_seen_of_libraries() -> None:
    tool = python(
        """
        import acme
        from mcp.server.fastmcp import FastMCP
        server = FastMCP("x")

        @server.tool()
        def t(name: str):
            acme.Client().collection("a").add(name)
            known = set()
            known.add(name)
        """
    )["t"]
    assert [one.callee for one in tool.effects] == ["acme.Client().collection().add"]
