"""Code that is fetched when the server runs, and run."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

from ostiary.analyze.dataflow.effect import Effect, EffectKind
from ostiary.analyze.dataflow.value import SourceKind, Value
from ostiary.analyze.facts import Facts, Reached
from ostiary.analyze.rules.hostile.around import RUNS
from ostiary.analyze.rules.hostile.patterns import first
from ostiary.analyze.rules.hostile.saying import Told, entries
from ostiary.model.check import Check
from ostiary.model.finding import Finding
from ostiary.model.grade import Confidence, Persona, Severity
from ostiary.model.rule import Category, Rule

DOWNLOADED_CODE = Rule(
    id="downloaded-code-runs",
    title="Shell or process runs what was downloaded",
    category=Category.SUPPLY,
    severity=Severity.HIGH,
    confidence=Confidence.HIGH,
    persona=Persona.DEFAULT,
    what=(
        "Looks for code that comes from a fixed address while the server runs: a download piped "
        "into a shell, a remote answer that is evaluated, and a program that is written from a "
        "remote answer and started. Data that is fetched and only read is left alone."
    ),
    attack=(
        "Whoever controls that address, the way to it or its name runs any code on this machine at "
        "any time; what was audited is not what runs."
    ),
    remedy=(
        "Leave the server out, or have its author ship the code in the package, or pin what is "
        "fetched by its digest and check it before it runs."
    ),
    references=("CWE-494", "CWE-829", "CWE-94", "SAFE-T1002", "MCP04:2025", "CoSAI-MCP-T11"),
)

_FETCH = r"\b(?:curl|wget|iwr|irm|invoke-webrequest|fetch)\b"
_RUN = r"(?:sudo\s+)?(?:ba|z|da|k)?sh\b|python[\d.]*\b|node\b|perl\b|ruby\b|iex\b|source\b"
_WORDS = (
    rf"{_FETCH}[^\n;]{{0,200}}\|\s*(?:{_RUN})"
    rf"|(?:{_RUN})\s+(?:-c\s+)?[\"']?(?:<\(|\$\(|`)\s*{_FETCH}"
    rf"|\biex\b[^\n]{{0,80}}(?:downloadstring|invoke-webrequest|\biwr\b|\birm\b)"
    rf"|{_FETCH}[^\n]{{0,200}}(?:-o|-O|>)\s*(\S+)[^\n]{{0,80}}(?:&&|;)\s*"
    r"(?:chmod\s+\S*(?:x|7)|(?:ba|z)?sh\s|\./)"
    r"|\b(?:npx|bunx|uvx|pipx run)\s+(?:-\S+\s+)*(?:https?://|git\+)"
    r"|\bpip3?\s+install\s+(?:-\S+\s+)*(?:https?://|git\+http)"
)
_CODE = {
    EffectKind.EVALUATE: "code",
    EffectKind.LOAD_CODE: "name",
    EffectKind.SHELL: "command",
    EffectKind.PROCESS: "input",
}
_INTERPRETER = r"^(?:\S*/)?(?:(?:ba|z|da|k)?sh|python[\d.]*|node|perl|ruby|pwsh)$"
_SWITCHES = frozenset({"-c", "-e", "--eval", "-m"})
_EXECUTABLE = frozenset({0o700, 0o755, 0o777, 0o711, 0o744, 0o775, 0o770, 0o500, 0o555})


def look(facts: Facts) -> Iterator[Finding]:
    """One finding a place."""
    told = Told(DOWNLOADED_CODE)
    for reached in entries(facts):
        written = _written(reached)
        for effect in reached.effects:
            says, shows = _says(facts, effect, written)
            if says and told.new(effect.place):
                yield told.effect(reached, effect, says, shows=shows)


def _says(facts: Facts, effect: Effect, written: tuple[Effect, ...]) -> tuple[str, str]:
    if effect.kind in (*RUNS, EffectKind.WRITE_FILE):
        words = first(_WORDS, facts.written.near(effect))
        if words:
            return "A command downloads a script and runs it.", words
    role = _CODE.get(effect.kind)
    value = effect.operand(role) if role else None
    if value is not None and _fetched(effect, value):
        return "What a remote address answers is run as code.", _first_said(facts, effect)
    if effect.kind in RUNS and written:
        for one in written:
            if _same_path(facts, one, effect):
                return "A program is downloaded and started.", _first_said(facts, effect)
    return "", ""


def _first_said(facts: Facts, effect: Effect) -> str:
    return next(iter(facts.written.near(effect)), "")


def _fetched(effect: Effect, value: Value) -> bool:
    """Whether the whole of a value is what a fixed address answered: a message, a row and an
    argument of a fixed command are not."""
    if any(isinstance(piece, str) and piece.strip() for piece in value.text):
        return False
    if effect.kind is EffectKind.PROCESS:
        program = effect.operand("program")
        if not first(_INTERPRETER, [program.known_text or "" if program else ""]):
            return False
    return any(
        one.name.startswith(("http://", "https://"))
        for one, _ in value.deep_sources(SourceKind.REMOTE)
    )


def _written(reached: Reached) -> tuple[Effect, ...]:
    """Files that are written from a remote answer, or as a stream in a file that also fetches."""
    fetching = {one.place.file for one in reached.effects if one.kind is EffectKind.REQUEST}
    return tuple(
        one
        for one in reached.effects
        if one.kind is EffectKind.WRITE_FILE
        and (
            (one.operand("content") is None and _streams(one) and one.place.file in fetching)
            or any(
                True for value in one.operands.values() for _ in value.sources(SourceKind.REMOTE)
            )
        )
    )


def _streams(effect: Effect) -> bool:
    return "download" in effect.tags or "stream" in effect.callee.lower()


def _same_path(facts: Facts, written: Effect, run: Effect) -> bool:
    """Whether the program that is started is the file that was written, by its text."""
    paths = {text for text in facts.written.near(written) if _is_path(text)}
    program = run.operand("program") or run.operand("command")
    known = "" if program is None else program.known_text or program.pieces
    if known.strip("\0"):
        return any(path.strip("\0") and path in known for path in paths)
    code = _code_given(run)
    if code:
        return any(path.strip("\0") and path in code for path in paths)
    return written.place.file == run.place.file and bool(paths & set(facts.written.near(run)))


def _code_given(run: Effect) -> str:
    """What an interpreter is given to run on its command line: ``python -c CODE``."""
    arguments = run.operand("arguments")
    texts = [] if arguments is None else [one.pieces for one in arguments.fields.values()]
    for switch, code in pairwise(texts):
        if switch in _SWITCHES:
            return code
    return ""


def _is_path(text: str) -> bool:
    return "/" in text and " " not in text and "://" not in text


CHECK: Check[Facts] = Check((DOWNLOADED_CODE,), look)
