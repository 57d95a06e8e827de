"""Limits of an audit: for exactly what was audited, and never loosened in passing."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from ostiary.approval.levels import seen_in
from ostiary.approval.limits import Terms, limited, terms_for
from ostiary.approval.start import CannotApprove, given_server
from ostiary.approval.wish import Wish
from ostiary.model.access import Basis, Capability, Level, ToolAccess
from ostiary.model.approval import Start
from ostiary.model.audit import Limits, TargetKind
from ostiary.model.audited import Audited
from ostiary.model.grade import Confidence
from ostiary.model.server import Server
from ostiary.model.surface import Tool
from ostiary.wire.surface import LISTINGS
from ostiary.wire.surface import item as made

HERE = Path("/srv")
PACKAGE = {"kind": "npm", "given": "npm:@x/y@1.2.3", "name": "@x/y", "version": "1.2.3"}
FOLDER = {"kind": "folder", "given": "it", "name": "it", "version": "", "digest": "sha256:it"}
TOLD: dict[str, Any] = {
    "read_only": True,
    "tools_off": ["wipe"],
    "hosts": ["api.example"],
    "hosts_known": True,
    "paths": ["/srv/notes"],
    "notes": ["have every call of send confirmed"],
}


def server(*words: str) -> Server:
    return given_server("s", Start("stdio", command=words, cwd="/srv"))


EXACT = server("npx", "-y", "@x/y@1.2.3")


def report(target: dict[str, Any], answer: str = "use with these limits", **more: Any) -> bytes:
    reasons = [{"says": "It sends mail to somebody else", "changes_if": "", "findings": []}]
    verdict = {"answer": answer, "reasons": reasons, "limits": {**TOLD, **more}}
    audits = [{"target": target, "verdict": verdict}]
    return json.dumps({"schema": "ostiary/audit/1", "audits": audits}).encode()


def terms(one: Server, data: bytes) -> Terms:
    return terms_for(one, data, lambda folder: f"sha256:{Path(folder).name}", HERE)


def test_every_limit_is_taken_over() -> None:
    found = terms(EXACT, report(PACKAGE))
    wish = limited(Wish(without=("other",)), found.limits)
    assert found.label == "@x/y@1.2.3"
    assert (wish.off, wish.without) == (("wipe",), ("other",))
    assert wish.network is True
    assert (wish.readable, wish.writable) == (("/srv/notes",), ())


@pytest.mark.parametrize(
    ("more", "network", "writable"),
    [
        ({"hosts": []}, False, ()),
        ({"hosts": [], "hosts_known": False}, None, ()),
        ({"hosts": [], "hosts_known": False, "network": True}, True, ()),
        ({"read_only": False}, True, ("/srv/notes",)),
        ({"read_only": False, "paths": []}, True, None),
    ],
)
def test_what_is_not_known_changes_nothing(
    more: dict[str, Any], network: bool | None, writable: tuple[str, ...] | None
) -> None:
    wish = limited(Wish(), terms(EXACT, report(PACKAGE, **more)).limits)
    assert (wish.network, wish.writable) == (network, writable)


def test_what_no_option_enforces_is_said() -> None:
    told = "\n".join(terms(EXACT, report(PACKAGE)).words())
    assert "hosts, which its box does not tell apart: api.example (all it needs)" in told
    assert "for you to see to: have every call of send confirmed" in told
    assert "left out: wipe" in told


def test_a_folder_is_the_same_while_its_files_are() -> None:
    assert terms(server("python", "/srv/it/server.py"), report(FOLDER)).label == "it"
    with pytest.raises(CannotApprove, match=r"/srv/it changed since; audit it again"):
        terms(server("python", "/srv/it/server.py"), report({**FOLDER, "digest": "sha256:old"}))


@pytest.mark.parametrize(
    ("words", "target", "why"),
    [
        (("npx", "-y", "@x/y@1.2.4"), PACKAGE, "s starts version 1.2.4"),
        (("npx", "-y", "@x/y"), PACKAGE, "starts whatever version there is; name 1.2.3 in it"),
        (("npx", "-y", "@x/z@1.2.3"), PACKAGE, "s starts @x/z"),
        (("uvx", "y==1.2.3"), PACKAGE, "s starts no npm package"),
        (("python", "/srv/other/it.py"), FOLDER, "s starts nothing in /srv/it"),
        (("npx", "-y", "@x/y@1.2.3"), {**PACKAGE, "kind": "oci"}, "cannot name oci exactly"),
    ],
)
def test_an_audit_of_something_else_is_refused(
    words: tuple[str, ...], target: dict[str, Any], why: str
) -> None:
    with pytest.raises(CannotApprove, match="is about something else") as refused:
        terms(server(*words), report(target))
    assert why in str(refused.value)


@pytest.mark.parametrize("data", [b"", b"[]", b'{"schema": "ostiary/scan/1", "audits": [{}]}'])
def test_another_file_is_refused(data: bytes) -> None:
    with pytest.raises(CannotApprove, match="no JSON report of an audit"):
        terms(EXACT, data)


@pytest.mark.parametrize("answer", ["do not use", "not enough information"])
def test_an_audit_that_does_not_say_use_sets_no_limits(answer: str) -> None:
    with pytest.raises(CannotApprove, match="sets no limits") as refused:
        terms(EXACT, report(PACKAGE, answer))
    assert "It sends mail to somebody else" in str(refused.value)


@pytest.mark.parametrize(
    ("wish", "limits", "why"),
    [
        (Wish(network=True), Limits(hosts_known=True), "--allow-network goes beyond"),
        (Wish(writable=("/a",)), Limits(read_only=True), "--write goes beyond"),
        (Wish(only=("w*",)), Limits(tools_off=("wipe",)), "--only goes beyond"),
        (Wish(readable=("/srv",)), Limits(paths=("/srv/notes",)), "/srv goes beyond"),
    ],
)
def test_nothing_goes_beyond_the_limits(wish: Wish, limits: Limits, why: str) -> None:
    with pytest.raises(CannotApprove, match=why):
        limited(wish, limits)


def test_less_than_the_limits_is_fine() -> None:
    limits = Limits(hosts=("api.example",), paths=("/srv/notes",))
    wish = limited(Wish(network=False, readable=("/srv/notes/mine",)), limits)
    assert (wish.network, wish.readable) == (False, ("/srv/notes/mine",))


def test_levels_stand_on_the_code_where_exactly_it_was_audited() -> None:
    item = made(LISTINGS[0], {"name": "wipe_all", "inputSchema": {"type": "object"}})
    assert isinstance(item, Tool)
    reads = Capability(Level.READ, (), Confidence.HIGH, (Basis("source", "source: a.py:3"),))
    told = Audited(
        kind=TargetKind.NPM,
        name="@x/y",
        version="1.2.3",
        folder="",
        digest="",
        day=date(2026, 11, 30),
        server="database",
        tools=(ToolAccess("wipe_all", (reads,)),),
    )
    assert "destroy" in seen_in(item).levels
    seen = seen_in(item, told)
    assert (seen.levels, seen.evidence) == (("read",), ("read (high confidence): source: a.py:3",))
    assert seen_in(item, replace(told, tools=())).levels == seen_in(item).levels
