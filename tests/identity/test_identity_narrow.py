"""What a narrowed token covers, and ways to get past it."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ostiary.gateway.guards.narrowed import Narrowed
from ostiary.identity.authenticator import open_identity
from ostiary.identity.issuing import issue
from ostiary.identity.narrow import UnclearPattern, checked, within
from ostiary.identity.settings import IdentitySettings
from ostiary.identity.token_file import TokenFile
from ostiary.model.asked import Asked, Target, Verb
from ostiary.model.decision import Effect

ISSUES = ("github/*_issue", "github/*_issues", "github/issue_*")


@pytest.mark.parametrize(
    ("only", "server", "kind", "name", "covered"),
    [
        (None, "github", "tool", "delete_repository", True),
        ((), "github", "tool", "get_issue", False),
        ((), "github", "server", "github", False),
        (("github",), "github", "tool", "delete_repository", True),
        (("github",), "github", "resource", "repo://x", True),
        (("github",), "github2", "tool", "x", False),
        (("github",), "git", "tool", "x", False),
        (("git*",), "github", "tool", "x", True),
        (("*",), "anything", "template", "x{y}", True),
        (("*/get_*",), "mail", "tool", "get_message", True),
        (("*/get_*",), "mail", "tool", "forget_message", False),
        (ISSUES, "github", "tool", "get_issue", True),
        (ISSUES, "github", "tool", "list_issues", True),
        (ISSUES, "github", "tool", "issue_write", True),
        (ISSUES, "github", "tool", "get_issue_and_delete", False),
        (ISSUES, "github", "tool", "Get_Issue", False),
        (ISSUES, "github", "tool", "get_issue\n", False),
        (ISSUES, "github", "tool", "get\u200b_issue", True),
        (ISSUES, "github", "tool", "get_\u0456ssue", False),
        (ISSUES, "github", "prompt", "triage_issue", True),
        (ISSUES, "github", "resource", "repo://x_issue", False),
        (ISSUES, "github", "template", "repo://{x}_issue", False),
        (ISSUES, "github", "server", "github", True),
        (ISSUES, "mail", "server", "mail", False),
        (ISSUES, "mail", "tool", "get_issue", False),
        (ISSUES, "github", "unheard-of", "get_issue", False),
        (("github/get_issue",), "github", "tool", "get_issue", True),
        (("github/get.issue",), "github", "tool", "getXissue", False),
        (("github/[a-z]*",), "github", "tool", "get_issue", False),
        (("github/get_issu?",), "github", "tool", "get_issue", False),
        (("github/tool:get_issue",), "github", "prompt", "get_issue", False),
        (("github/prompt:*",), "github", "tool", "get_issue", False),
        (("github/*",), "github", "tool", "anything", True),
        (("github/a*b",), "github", "tool", "ab", True),
        (("github/ab*ba",), "github", "tool", "aba", False),
        (("github/a*b*c",), "github", "tool", "acb", False),
        (("github/a*b*c",), "github", "tool", "aXbYc", True),
        (("files/resource:file:///docs/*",), "files", "resource", "file:///docs/a.md", True),
        (("files/resource:file:///docs/*",), "files", "template", "file:///docs/{name}", True),
        (("files/resource:file:///docs/*",), "files", "tool", "file:///docs/a.md", False),
        (("files/resource:file:///docs/*",), "files", "resource", "file:///docs/../etc", False),
        (("files/resource:file:///docs/*",), "files", "resource", "file:///docs/%2e%2e/etc", False),
        (("files/resource:file:///docs/*",), "files", "resource", "file:///docs/%2E./etc", False),
        (("files/resource:file:///docs/*",), "files", "resource", "file:///docs/..%2fetc", False),
        (("files/resource:file:///docs/*",), "files", "resource", "file:///docs/%252e/x", False),
        (("files/resource:file:///docs/*",), "files", "resource", "file:///docs/..\\etc", False),
        (("files/resource:file:///docs/*",), "files", "resource", "file:///docs/\tx", False),
        (("files/resource:file:///docs/*",), "files", "resource", "FILE:///docs/a.md", False),
        (("files/resource:file:///a/../b",), "files", "resource", "file:///a/../b", True),
    ],
)
def test_what_is_covered(
    only: tuple[str, ...] | None, server: str, kind: str, name: str, covered: bool
) -> None:
    assert within(only, server, kind, name) is covered


@pytest.mark.parametrize(
    "pattern", ["", "/", "/x", "Git", "git hub", "git/", "git/tool:", "git/\n", "гит", "*a/\x00"]
)
def test_patterns_that_say_nothing(pattern: str) -> None:
    with pytest.raises(UnclearPattern):
        checked(pattern)


@given(st.text("ab*", max_size=12), st.text("ab", max_size=12))
def test_a_star_is_anything_and_nothing_else(pattern: str, name: str) -> None:
    def slowly(want: str, text: str) -> bool:
        if not want:
            return not text
        if want[0] == "*":
            return slowly(want[1:], text) or (bool(text) and slowly(want, text[1:]))
        return bool(text) and want[0] == text[0] and slowly(want[1:], text[1:])

    assert within((f"s/tool:{pattern}",), "s", "tool", name) == slowly(pattern, name)


def test_many_stars_cost_no_time() -> None:
    assert not within(("s/tool:" + "a*" * 5_000 + "b",), "s", "tool", "a" * 100_000)


@pytest.mark.proves("GW-04")
def test_a_token_for_issues_only_reaches_issues_only(tmp_path: Path) -> None:
    file = TokenFile(tmp_path)
    token, _ = issue(file, "triage", now=1.0, random=os.urandom, only=ISSUES)
    principal = open_identity(IdentitySettings(), tmp_path).known(f"Bearer {token}", 2.0)
    assert principal is not None
    guard = Narrowed()

    def ask(server: str, name: str) -> str:
        target = Target(server, "tool", name)
        found = guard.check(Asked(principal, Verb.CALL, target, "tools/call"))
        return "" if found is None else found.effect

    assert ask("github", "get_issue") == ask("github", "list_issues") == ""
    assert ask("github", "delete_repository") == Effect.DENY
    assert ask("mail", "get_issue") == Effect.DENY
