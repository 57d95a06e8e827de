"""From the parameters of a tool to levels."""

from __future__ import annotations

from ostiary.flow.evidence import Weighed
from ostiary.flow.facts import Facts
from ostiary.flow.lexicon import wordset
from ostiary.flow.lexicon.objects import RUNNABLE
from ostiary.flow.lexicon.verbs import HTTP_METHODS
from ostiary.flow.queries import weigh_query
from ostiary.flow.words import name_verbs
from ostiary.model.access import Level
from ostiary.model.grade import Confidence

HIGH, MEDIUM, LOW = Confidence.HIGH, Confidence.MEDIUM, Confidence.LOW

_RUN = wordset(
    """run runs running execute executes executing exec eval evaluate evaluates interpret
        launch shell bash command repl sandbox execution"""
)
_MATHS = wordset("math maths mathematical arithmetic calculator formula equation")
_ARITHMETIC = wordset("subtract multiply divide add_numbers power sqrt")
_SAVES = wordset("save saves convert export download write create generate capture")
_PAYEES = wordset("to recipient payee destination account to_address account_id")
_SIDES = wordset("order_type side transaction_type time_in_force")
_SYMBOLS = wordset("symbol tradingsymbol ticker asset instrument")
_UNSURE_OUTPUT = wordset("destination output dest to_path")
_ELSEWHERE = wordset("owner repo repository branch sha project_id bucket drive_id site_id space_id")
"""Parameters that tell a path of a repository or store elsewhere from one of this machine."""
_LOCAL = wordset("local_path local_file_path local_dir local_directory local_file")
_RIGHTS = wordset("permission permissions access right rights authorization")
_GRANTS = wordset("permissions permission policy_document grant acl scopes")


def weigh_schema(facts: Facts, weighed: Weighed) -> None:
    """Add what the parameters say the tool can be made to do."""
    takes = facts.takes
    if not takes.roles and not takes.choices:
        return
    _command(facts, weighed)
    _statement(facts, weighed)
    _request(facts, weighed)
    _file(facts, weighed)
    _message(facts, weighed)
    _money(facts, weighed)
    _grant(facts, weighed)
    if _asks_for_rights(facts):
        return
    for name, choices in takes.choices:
        _choices(name, choices, weighed)


def _asks_for_rights(facts: Facts) -> bool:
    """Whether the choices are what somebody may do, asked by ``check_permissions``, not done."""
    checks = facts.only_reads and facts.said[0].verb.word in ("check", "verify", "explain", "has")
    return checks and facts.named(_RIGHTS)


def _command(facts: Facts, weighed: Weighed) -> None:
    free = facts.takes.free
    runs = facts.says(_RUN)
    if "command" in free and not any(name == free["command"] for name, _ in facts.takes.choices):
        surely = HIGH if runs or not facts.only_reads else MEDIUM
        if facts.only_reads and facts.named(RUNNABLE):
            surely = LOW
        says = f"schema: parameter `{free['command']}` takes a shell command"
        weighed.note(Level.EXECUTE, surely, "schema", says, "command")
    if "code" in free:
        name = free["code"]
        if facts.says(_MATHS):
            says = f"schema: parameter `{name}` takes a formula"
            weighed.lower(Level.EXECUTE, LOW, "schema", says)
        elif runs:
            says = f"schema: parameter `{name}` takes code that is run"
            weighed.note(Level.EXECUTE, HIGH, "schema", says, "code")
        elif name.lower() == "script" and not facts.only_reads:
            weighed.note(
                Level.EXECUTE, MEDIUM, "schema", f"schema: parameter `{name}` takes a script"
            )


def _statement(facts: Facts, weighed: Weighed) -> None:
    if facts.takes.has("sql") and not ("code" in facts.takes.free and facts.says(_RUN)):
        says = f"schema: parameter `{facts.takes.roles['sql']}` takes a database statement"
        weigh_query(facts, weighed, says)


def _request(facts: Facts, weighed: Weighed) -> None:
    takes = facts.takes
    if "url" not in takes.roles:
        return
    url = takes.roles["url"]
    method = takes.free.get("http method")
    if method is not None:
        says = f"schema: `{url}` and `{method}` make any HTTP request"
        for level in (Level.SEND, Level.DESTROY):
            weighed.note(level, HIGH if level is Level.SEND else MEDIUM, "schema", says, "web page")
    elif takes.has("headers") and takes.has("content", "message"):
        weighed.note(Level.SEND, HIGH, "schema", f"schema: `{url}` takes a request with a body")


def _file(facts: Facts, weighed: Weighed) -> None:
    takes = facts.takes
    output = takes.roles.get("output")
    if output and (output.lower() not in _UNSURE_OUTPUT or takes.has("path")):
        says = f"schema: parameter `{output}` names a file to write"
        sure = facts.says(_SAVES) or not facts.only_reads
        weighed.note(Level.WRITE, HIGH if sure else MEDIUM, "schema", says, "file")
    local = sorted(_LOCAL & takes.names)
    if "download" in facts.words and local:
        says = f"schema: what is downloaded is saved to `{local[0]}`"
        weighed.note(Level.WRITE, HIGH, "schema", says, "file")
    if takes.has("path") and takes.has("content") and not facts.only_reads:
        path, content = takes.roles["path"], takes.roles["content"]
        if path == content or weighed.at_least(Level.SEND, MEDIUM):
            return
        says = f"schema: `{content}` is written to `{path}`"
        known = weighed.at_least(Level.WRITE, MEDIUM)
        weighed.note(Level.WRITE, HIGH if known else MEDIUM, "schema", says, "file")
        if takes.names.isdisjoint(_ELSEWHERE):
            weighed.places_files = HIGH if known and "path" in takes.free else MEDIUM


def _message(facts: Facts, weighed: Weighed) -> None:
    takes = facts.takes
    if takes.has("recipient") and takes.has("message") and not facts.only_reads:
        who, what = takes.roles["recipient"], takes.roles["message"]
        if who.lower().endswith("id") and not weighed.at_least(Level.SEND, LOW):
            return
        if "draft" in facts.words or weighed.at_least(Level.DESTROY, HIGH):
            return
        says = f"schema: `{what}` goes to `{who}`, which the caller chooses"
        weighed.note(Level.SEND, HIGH, "schema", says, "message")


def _money(facts: Facts, weighed: Weighed) -> None:
    names = facts.takes.names
    moves = "amount" in names and bool(_PAYEES & names)
    trades = "quantity" in names and bool(_SYMBOLS & names) and bool(_SIDES & names)
    if (moves or trades) and not facts.only_reads and facts.said:
        if moves and facts.said[0].verb.word in ("convert", "calculate", "format"):
            return
        says = "schema: takes an amount and whom it goes to"
        if trades:
            says = "schema: takes an instrument, a quantity and a side"
        weighed.note(Level.SPEND, HIGH if trades else MEDIUM, "schema", says, "money")


def _grant(facts: Facts, weighed: Weighed) -> None:
    if not facts.takes.has("grant") or facts.only_reads:
        return
    name = facts.takes.roles["grant"]
    if weighed.at_least(Level.WRITE, MEDIUM):
        sure = MEDIUM if name.lower() in _GRANTS else LOW
        says = f"schema: parameter `{name}` sets who may do what"
        weighed.note(Level.ADMINISTER, sure, "schema", says)


def _choices(name: str, choices: tuple[str, ...], weighed: Weighed) -> None:
    """Each choice of an action parameter is a tool of its own."""
    lower = [choice.lower() for choice in choices]
    if not _ARITHMETIC.isdisjoint(lower):
        return
    http = sum(choice in HTTP_METHODS for choice in lower) > 1 and "post" in lower
    for choice in lower:
        says = f"schema: `{name}` can be '{choice[:40]}'"
        if http and choice in HTTP_METHODS:
            weighed.note(HTTP_METHODS[choice], HIGH, "schema", says)
            continue
        for said in name_verbs(choice)[:1]:
            level = said.verb.level
            if level is Level.EXECUTE:
                weighed.note(level, MEDIUM, "schema", says)
            elif level is not None:
                weighed.note(level, HIGH if said.verb.sure else MEDIUM, "schema", says)
