"""What ``ostiary approve`` does, step by step, on a terminal or without one."""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any

import click

from ostiary.app import configured
from ostiary.approval.candidates import Candidate, Sources, distinct, pick, waiting
from ostiary.approval.candidates import configured as from_configuration
from ostiary.approval.decide import Round, event, merged, without
from ostiary.approval.json_form import (
    lock_json,
    not_checked_json,
    proposal_json,
    waiting_json,
)
from ostiary.approval.limits import Terms, limited, terms_for
from ostiary.approval.look import Means
from ostiary.approval.place import Place, server_tables
from ostiary.approval.propose import Proposal
from ostiary.approval.start import CannotApprove, given_server
from ostiary.approval.use import drifts_of
from ostiary.approval.wish import Moment, Wish
from ostiary.approval.words import command_words, counted, granted_words, proposal_lines
from ostiary.catalogue import book
from ostiary.catalogue.keys import own_key
from ostiary.catalogue.logins import LoginFile
from ostiary.cli.answer import put
from ostiary.cli.exit_codes import FINE, FOUND, FOUND_AND_INCOMPLETE, INCOMPLETE
from ostiary.cli.gateway_options import read, settings_file
from ostiary.cli.options import account, folders, interactive
from ostiary.cli.progress import Progress
from ostiary.cli.recording import recording
from ostiary.inventory.words import split
from ostiary.ledger.settings import LedgerSettings
from ostiary.model.access import Level
from ostiary.model.approval import Approval, Lock, Start
from ostiary.model.audited import Audited
from ostiary.model.json import JsonObject
from ostiary.model.outcome import NotChecked
from ostiary.model.server import RunsOn, Server
from ostiary.model.visible import NAME, visible
from ostiary.scan.audited import audited_of, digest_now
from ostiary.scan.request import ScanRequest
from ostiary.store.audits import Audits
from ostiary.store.given import UnusableFile, read_given

LARGEST_REPORT = 64 * 1024 * 1024
MOST_ASKED = 20
"""Tools whose level a person is asked for one by one."""


class NobodyToAsk(click.UsageError):
    """A yes is needed, and there is nobody to ask."""


@dataclass(frozen=True, slots=True)
class Desk:
    """Everything one run of the command works with."""

    place: Place
    moment: Moment
    means: Means
    ledger: LedgerSettings
    options: dict[str, Any]
    progress: Progress
    environ: Mapping[str, str]

    @property
    def as_json(self) -> bool:
        return bool(self.options["as_json"])

    def ask(self, question: str, what: str) -> bool:
        """A person's yes. Raises :class:`NobodyToAsk` where there is none to ask."""
        if self.options["yes"]:
            return True
        if self.as_json or not interactive():
            raise NobodyToAsk(f"{what}; say so on a terminal, or add --yes")
        self.progress.done()
        return click.confirm(question, err=True)

    def say(self, lines: Iterable[str]) -> None:
        """Tell a person, on standard output; with ``--json`` only the answer goes there."""
        self.progress.done()
        if not self.as_json:
            put("\n".join(lines), None)


def desk(options: dict[str, Any], now: datetime) -> Desk:
    """What the options mean for every part of the command. Raises ``BadSetting``."""
    own = folders()
    settings = read(options["settings"], options["state"])
    tables = server_tables(settings_file(options["settings"]))
    logins = LoginFile(settings.state).read()
    place = Place(settings.approvals, settings.folder, tables, logins)
    means = Means(
        cache=own.cache,
        fetch=not options["no_fetch"],
        allow_private=options["allow_private"],
        seconds=options["seconds"],
    )
    moment = Moment(now, account(), place.settings.review_days)
    progress = Progress(quiet=options["as_json"])
    return Desk(place, moment, means, settings.ledger, options, progress, os.environ)


def show_key(at: Desk) -> int:
    """Print the public key of this user."""
    key = own_key(at.place.settings.key).name
    put(json.dumps({"key": key}) if at.as_json else key, None)
    return FINE


def co_sign(at: Desk) -> int:
    """Sign the lock as it stands."""
    page = book.open_page(at.place.settings, needed=1) if _own_trust(at) else None
    names = ", ".join(one.server for one in page.approvals) if page else "the servers in it"
    if not at.ask(f"Sign {at.place.settings.lock} ({names})?", "a signature stands for a yes"):
        return FOUND
    return _lock_told(at, book.co_sign(at.place.settings), "signed")


def _own_trust(at: Desk) -> bool:
    return bool(book.trusted(at.place.settings))


def take_older(at: Desk) -> int:
    """Let an older lock be in force."""
    question = f"Let {at.place.settings.lock} be in force as it stands, although a newer one was?"
    if not at.ask(question, "older approvals come back into force"):
        return FOUND
    return _lock_told(at, book.take_older(at.place.settings), "in force")


def withdraw(at: Desk, names: tuple[str, ...]) -> int:
    """Take approvals back."""
    page = book.open_page(at.place.settings, needed=1)
    left = without(page.approvals, names)
    gone = [one for one in page.approvals if one.server in names]
    if at.options["dry_run"]:
        at.say([f"would withdraw {', '.join(names)}"])
        return FINE
    if not at.ask(f"Withdraw {', '.join(names)}?", "withdrawing takes effect at once"):
        return FOUND
    with recording(at.ledger) as record:
        lock = book.write_page(at.place.settings, page, left)
        record(
            event(
                "withdrawn",
                replace(one, reason=at.options["reason"] or one.reason),
                lock,
                at.moment,
            )
            for one in gone
        )
    return _lock_told(at, lock, f"withdrawn: {', '.join(names)}")


def _lock_told(at: Desk, lock: Lock, what: str) -> int:
    if at.as_json:
        put(json.dumps({"lock": lock_json(lock)}, indent=2), None)
    else:
        at.say([f"{what}; {at.place.settings.lock} has serial {lock.serial}"])
    return FINE


def list_waiting(at: Desk) -> int:
    """What is configured on this machine and not approved."""
    page = book.open_page(at.place.settings, needed=1)
    found = waiting(_configured(at), page.approvals)
    drifts = drifts_of(page.approvals, at.ledger.path)
    if at.as_json:
        rows: JsonObject = {
            "waiting": [waiting_json(one) for one in found],
            "approved": [one.server for one in page.approvals],
            "drifted": {name: list(words) for name, words in drifts.items()},
        }
        put(json.dumps(rows, indent=2), None)
        return FINE
    lines = [f"approved in {at.place.settings.lock}: {len(page.approvals)}"]
    for one in page.approvals:
        lines.append(f"  {one.server}")
        lines += [f"      withheld: {words}" for words in drifts.get(one.server, ())[:10]]
    lines.append(f"waiting: {len(found)}")
    for each in found:
        lines.append(f"  {each.name}  {each.why}  ({', '.join(each.server.clients)})")
        lines.append(f"      {visible(each.server.command, 300)}")
    if found:
        lines.append(f"Approve one with `ostiary approve {found[0].name}`.")
    at.say(lines)
    return FINE


def approve(at: Desk, names: tuple[str, ...], wish: Wish) -> int:
    """Look at servers, show what would be approved, ask, and sign."""
    page = book.open_page(at.place.settings, needed=1)
    terms = _terms(at, names, wish, page.approvals)
    if terms is not None:
        wish = limited(wish, terms.limits)
        words = [f"limits of the audit of {terms.label}:", *(f"  {one}" for one in terms.words())]
        at.say([*words, ""])
    candidates = distinct(_candidates(at, names, wish, page.approvals))
    _consent(at, candidates)
    allow = at.means.allow_private or any(at.place.allow_private(one.name) for one in candidates)
    looked = Round.look(
        candidates,
        page.approvals,
        at.moment,
        means=replace(at.means, allow_private=allow),
        progress=at.progress,
        audited=_audited(candidates),
    )
    made = looked.proposals(wish)
    _show(at, made, looked.failed())
    made, wish = _levels_asked(at, looked, made, wish)
    fit = [one for _, one in made if not one.stops]
    stopped = [one for _, one in made if one.stops]
    lock: Lock | None = None
    if fit and not at.options["dry_run"] and _agreed(at, fit):
        with recording(at.ledger) as record:
            approved = [one.approval for one in fit]
            lock = book.write_page(at.place.settings, page, merged(page.approvals, approved))
            record(event("approved", one, lock, at.moment) for one in approved)
    _tell(at, made, looked.failed(), lock, terms)
    missing = bool(looked.failed())
    kept_out = any(one.kept_out for one in fit)
    held = bool(stopped) or kept_out or (lock is None and not at.options["dry_run"])
    if missing:
        return FOUND_AND_INCOMPLETE if stopped or kept_out else INCOMPLETE
    return FOUND if held else FINE


def _audited(candidates: Iterable[Candidate]) -> dict[str, Audited]:
    """What audits on this machine told of exactly what is about to be approved."""
    audits = Audits(folders().evidence)
    if audits.empty:
        return {}
    told = ((one.name, audited_of(one.server, audits, digest_now)) for one in candidates)
    return {name: found for name, found in told if found is not None}


def _terms(
    at: Desk, names: tuple[str, ...], wish: Wish, approvals: tuple[Approval, ...]
) -> Terms | None:
    """What an audit's report sets, if one is named."""
    file = at.options["terms"]
    if file is None:
        return None
    try:
        data = read_given(file, LARGEST_REPORT)
    except UnusableFile as error:
        raise CannotApprove(str(error)) from None
    (one,) = distinct(_candidates(at, names, wish, approvals))
    return terms_for(one.server, data, digest_now, Path.cwd())


def _candidates(
    at: Desk, names: tuple[str, ...], wish: Wish, approvals: tuple[Approval, ...]
) -> list[Candidate]:
    options = at.options
    called = options["called"] or ""
    sources = Sources(at.place, approvals, (), at.environ)
    if options["line"] or options["url"]:
        server = _given(at, names[0])
        sources = replace(sources, configured=(server,), pasted=True)
        return [from_configuration(server, sources, wish, called or names[0])]
    if options["config"]:
        sources = replace(sources, configured=_configured(at), pasted=True)
        if not sources.configured:
            raise CannotApprove(f"{options['config']} holds no server")
        if not names:
            return [from_configuration(one, sources, wish, called) for one in sources.configured]
    known = {*at.place.servers, *(one.server for one in approvals)}
    fresh = options["from_clients"]
    if not sources.pasted and (fresh or not known.issuperset(names)):
        sources = replace(sources, configured=_configured(at), pasted=bool(fresh))
    return [pick(name, sources, wish, called) for name in names]


def _given(at: Desk, name: str) -> Server:
    """The server that ``--command`` or ``--url`` means. Its folder is the current one."""
    if at.options["line"] and at.options["url"]:
        raise click.UsageError("--command and --url exclude each other")
    if at.options["url"]:
        start = Start("http", url=at.options["url"], headers=at.place.names(name, "headers"))
    else:
        words = split(at.options["line"])
        start = Start("stdio", command=words, cwd=str(Path.cwd()), env=at.place.names(name, "env"))
    return given_server(name, start)


def _configured(at: Desk) -> tuple[Server, ...]:
    options = at.options
    request = ScanRequest(
        home=options["home"],
        projects=options["projects"],
        configs=(options["config"],) if options["config"] else (),
        cache=at.means.cache,
    )
    return configured(request, at.progress).servers


def _consent(at: Desk, candidates: list[Candidate]) -> None:
    """Nothing of a stranger starts before a person has seen the exact command."""
    lines = ["To see what it offers, Ostiary starts or calls:", ""]
    for one in candidates:
        local = one.server.runs_on is RunsOn.LOCAL
        how = "start in a box" if local else "call"
        lines.append(f"  {one.name}: {how}: {command_words(one.server)}")
        lines += [f"      {says}" for says in granted_words(one.server, one.start)]
    if not at.options["yes"]:
        click.echo("\n".join(lines) + "\n", err=True)
    if not at.ask("Go ahead?", "nothing was started: a person has to agree to these commands"):
        raise click.Abort


def _show(at: Desk, made: list[tuple[Candidate, Proposal]], failed: list[NotChecked]) -> None:
    if at.as_json:
        return
    lines = []
    for candidate, proposal in made:
        lines += [*proposal_lines(proposal, candidate), ""]
    for one in failed:
        lines.append(f"{one.server or one.subject}: not looked at: {visible(one.reason, 400)}")
        if one.remedy:
            lines.append(f"  {visible(one.remedy, 300)}")
    at.say(lines)


def _levels_asked(
    at: Desk, looked: Round, made: list[tuple[Candidate, Proposal]], wish: Wish
) -> tuple[list[tuple[Candidate, Proposal]], Wish]:
    """Ask for the levels of tools that evidence tells nothing of. An empty answer is unknown."""
    unknown = {name: None for _, one in made for name in one.unknown}
    if not unknown or at.options["yes"] or at.as_json or not interactive():
        return made, wish
    click.echo(
        f"What these tools can do is unknown ({', '.join(Level)}; empty: unknown):", err=True
    )
    said = dict(wish.levels)
    for name in list(unknown)[:MOST_ASKED]:
        words = click.prompt(
            f"  {visible(name, NAME)}", default="", show_default=False, err=True, value_proc=_levels
        )
        if words:
            said[name] = words
    if said == dict(wish.levels):
        return made, wish
    again = replace(wish, levels=said)
    return looked.proposals(again), again


def _levels(text: str) -> tuple[str, ...]:
    words = {word.strip() for word in text.split(",")} - {""}
    wrong = words - {level.value for level in Level}
    if wrong:
        raise click.BadParameter(f"{sorted(wrong)[0]!r} is no level")
    return tuple(sorted(words))


def _agreed(at: Desk, fit: list[Proposal]) -> bool:
    names = ", ".join(one.approval.server for one in fit)
    return at.ask(f"Approve {names}?", "nothing was approved: a person has to say yes")


def _tell(
    at: Desk,
    made: list[tuple[Candidate, Proposal]],
    failed: list[NotChecked],
    lock: Lock | None,
    terms: Terms | None,
) -> None:
    if at.as_json:
        rows: JsonObject = {
            **({} if terms is None else {"limits": list(terms.words())}),
            "approved": [one.approval.server for _, one in made if lock and not one.stops],
            "lock": lock_json(lock) if lock else None,
            "proposals": [proposal_json(one, candidate) for candidate, one in made],
            "not_checked": [not_checked_json(one) for one in failed],
        }
        put(json.dumps(rows, indent=2), None)
        return
    lines = []
    for _, one in made:
        name = one.approval.server
        if one.stops:
            rules = " ".join(sorted({f"--despite {hit.rule}=REASON" for hit in one.stops}))
            lines.append(
                f"{name}: not approved because of the findings that stop it; if they may "
                f"stand, say why: {rules}"
            )
        elif lock is not None:
            out = f", {len(one.approval.left_out)} left out" if one.approval.left_out else ""
            lines.append(f"{name}: approved, {counted(len(one.approval.items))}{out}")
            lines += _unknown_told(one)
        else:
            lines.append(f"{name}: not approved; nothing was signed")
    if lock is not None:
        lines.append(f"signed {at.place.settings.lock}, serial {lock.serial}")
    at.say(lines)


def _unknown_told(one: Proposal) -> list[str]:
    if not one.unknown:
        return []
    some = ", ".join(visible(name, NAME) for name in one.unknown[:8])
    more = f" and {len(one.unknown) - 8} more" if len(one.unknown) > 8 else ""
    return [f"  level unknown, so policy takes the worst: {some}{more}; set it with --level"]
