"""Queries handed to something of which no more is known than the name of its method."""

from __future__ import annotations

import pytest

from analyze.judged import told
from ostiary.analyze.project import Project, SourceFile
from ostiary.analyze.read import read_facts
from ostiary.analyze.rules import query_injection
from ostiary.model.check import run

SERVER = """
import { McpServer } from "@modelcontextprotocol/sdk/server/mcp.js";
import { z } from "zod";
import { stripIndent } from "common-tags";
import dedent from "dedent";
import { other } from "other";
export function make({ database, project }) {
  const server = new McpServer({ name: "s", version: "1" });
  server.tool("rows", "Lists rows", { words: z.array(z.string()) }, async ({ words }) => {
    const names = words.map((word) => `'${word}'`).join(",");
    BODY
  });
  return server;
}
"""
QUERY = "`select * from t where name in (${names})`"


def findings(body: str) -> list[tuple[str, str]]:
    text = SERVER.replace("BODY", body)
    facts = read_facts(Project({"s.ts": SourceFile("s.ts", text.encode())}))
    found, failed = run((query_injection.CHECK,), facts, "the server")
    assert not failed
    return told(found)


@pytest.mark.parametrize(
    "body",
    [
        f"database.executeSql({QUERY})",
        f"database.executeSql(project, {{ query: {QUERY}, read_only: true }})",
        f"database.runQuery(project, {{ sql: {QUERY} }})",
        f"database.executeSql({QUERY}, [project])",
        f"database.executeSql(stripIndent{QUERY})",
        (
            "let sql = dedent`select * from t`; sql += ` where n in (${names})`; "
            "database.executeSql(project, { query: sql })"
        ),
    ],
)
def test_a_query_with_what_a_caller_sent_is_told(body: str) -> None:
    assert findings(body) == [("query-injection", "high")]


@pytest.mark.parametrize(
    "body",
    [
        "database.executeSql(project, { query: 'select * from t where n = any($1)', names })",
        "database.executeSql('select * from t where n = any($1)', words)",
        "database.executeSql(project, { query: `hello ${names}` })",
        "database.show(project, { query: `select ${names}` })",
        "database.executeSql(other`select ${names}`)",
    ],
)
def test_what_reads_like_no_query_or_is_bound_is_left_alone(body: str) -> None:
    assert findings(body) == []
