"""An order to read credentials or to write where something is run or obeyed later."""

from __future__ import annotations

from collections.abc import Iterator

from ostiary.detect.linear import compiled, readable
from ostiary.detect.passage import Detector, Hit, Passage
from ostiary.detect.telling import told
from ostiary.model.grade import Confidence, Persona, Severity
from ostiary.model.rule import Category, Rule
from ostiary.model.visible import one_line

SENSITIVE_FILE = Rule(
    id="sensitive-file-order",
    title="Order to touch a sensitive file",
    category=Category.POISON,
    severity=Severity.CRITICAL,
    confidence=Confidence.HIGH,
    persona=Persona.DEFAULT,
    what=(
        "Text that tells the agent to read a file of credentials or account data (SSH keys, cloud "
        "credentials, environment files, password stores, MCP client configuration), or to write "
        "into a file that a shell, a scheduler or an agent runs or obeys later; also a parameter "
        "whose name asks for the content of such a file. Documentation of where a tool finds its "
        "own credentials is left alone."
    ),
    attack=(
        "An agent that can read files carries keys and tokens into an argument or an answer, from "
        "where the server or an attacker takes them; a written start-up file runs commands at the "
        "next login."
    ),
    remedy=(
        "Do not approve the server. If it ran with an agent that can read files, replace the "
        "credentials in the named file and look at the file for additions."
    ),
    references=(
        "MCP03:2025",
        "MCP01:2025",
        "ASI01:2026",
        "LLM01:2026",
        "LLM02:2026",
        "SAFE-T1001",
        "SAFE-T1502",
        "AML.T0110",
        "AML.T0098",
        "CWE-1427",
        "CWE-522",
    ),
)

_KEYED = frozenset({"schema-key", "name", "enum", "const", "default", "schema-title", "title"})
_TAKES = (
    r"(?:content|contents|read|reading|dump|text|data|output|value|file|load|cat|from|of|paste)"
)
_STORE = (
    r"(?:ssh|id_?rsa|id_?ed25519|private_?key_?file|etc_?passwd|etc_?shadow|aws_?credentials?"
    r"|env_?file|dot_?env|bashrc|bash_?history|known_?hosts|keychain|browser_?cookies|mcp_?json"
    r"|claude_?config|cursor_?config|wallet_?file|seed_?phrase|kube_?config|git_?credentials|netrc)"
)
_ASKS = compiled(
    rf"(?i)(?:^|[_\W]){_TAKES}(?:[_\W]\w{{1,12}}){{0,2}}?[_\W]{_STORE}(?:$|[_\W])"
    rf"|(?:^|[_\W]){_STORE}[_\W](?:id_rsa[_\W])?(?:content|contents|dump|text)(?:$|[_\W])",
)


def look(passage: Passage) -> Iterator[Hit]:
    found = False
    for hit in told(
        SENSITIVE_FILE, passage, lambda one: one.kind in ("sensitive-file", "startup-file")
    ):
        found = True
        yield hit
    if found or passage.field not in _KEYED or not 8 < len(passage.text) < 300:
        return
    if _ASKS.search(readable(passage.text)):
        yield Hit(
            SENSITIVE_FILE,
            "its name asks for the content of a file that holds credentials",
            excerpt=one_line(passage.text),
            says="a name that a model fills in by reading a sensitive file",
            mark="name",
            severity=Severity.HIGH,
        )


DETECTOR = Detector((SENSITIVE_FILE,), look)
