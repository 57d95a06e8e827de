"""The scheme of an address that is checked by a function which is given the address itself."""

from __future__ import annotations

import pytest

from analyze.levels import TYPESCRIPT, facts_of
from ostiary.analyze.rules import CHECKS
from ostiary.model.check import run

TOOL = (
    'import open from "open";\n'
    + TYPESCRIPT
    + """
function whole(u: URL) {
  if (u.protocol !== "http:" && u.protocol !== "https:") throw new Error("no");
}
function listed(u: URL) { if (!["http:", "https:"].includes(u.protocol)) throw new Error("no"); }
function other(u: URL) { if (u.pathname !== "/a") throw new Error("no"); }
function part(o: { protocol: string; target: string }) {
  if (o.protocol !== "https:") throw new Error("no");
}
server.tool("t", { p: z.string(), s: z.string() }, async ({ p, s }) => { BODY; });
"""
)


@pytest.mark.parametrize(
    ("body", "count"),
    [
        ("const u = new URL(p); whole(u); open(u.href)", 0),
        ("const u = new URL(p); listed(u); open(u.toString())", 0),
        ("const u = new URL(p); other(u); open(u.href)", 1),
        ("const u = new URL(p); open(u.href); whole(u)", 1),
        ("const o = { protocol: s, target: p }; part(o); open(o.target)", 1),
    ],
)
def test_a_scheme_that_is_checked_of_an_address_that_is_handed_on(body: str, count: int) -> None:
    findings, _ = run(CHECKS, facts_of({"a.ts": TOOL.replace("BODY", body)}), "it")
    assert len([one for one in findings if one.rule == "open-target"]) == count
