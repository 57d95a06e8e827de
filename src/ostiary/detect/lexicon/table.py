"""The shape of a lexicon: which kinds of words make up a planted instruction."""

from __future__ import annotations

from dataclasses import dataclass

Words = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Lexicon:
    """RE2 alternatives by signal, in lower case and without Latin accents."""

    language: str
    """ISO 639-1 code."""
    must: Words
    """An obligation: must, always, mandatory, never."""
    demand: Words = ()
    """The same said to the agent: you must, please, before using this tool, read ..."""
    ask: Words = ()
    """A softer one: please, make sure."""
    order: Words = ()
    """When it binds: before, first, after, each time."""
    call: Words = ()
    """Use of a tool."""
    run: Words = ()
    """Running of a command."""
    read: Words = ()
    """Taking in: read, open, access, collect."""
    send: Words = ()
    """Giving out: send, forward, upload, request."""
    alter: Words = ()
    """Rewriting what was asked: modify, replace, redirect."""
    say: Words = ()
    """Telling the user something: state, display, announce."""
    include: Words = ()
    """Slipping something in: include, append, pass."""
    secrecy: Words = ()
    """Keeping it from the user, said outright."""
    hush: Words = ()
    """Quietness that honest text knows too: silently, in the background."""
    pretext: Words = ()
    """Why it must be: security, compliance, maintenance, optimisation, context."""
    priority: Words = ()
    """Claims of rank: system update, notice, takes precedence."""
    ignore: Words = ()
    """Setting aside what the model was told."""
    disabled: Words = ()
    """A tool that must not be used any more."""
    outage: Words = ()
    """Why a working tool is said to be unusable: maintenance, vulnerability, incident."""
    instead: Words = ()
    regardless: Words = ()
    """Whatever the user asked."""
    auto: Words = ()
    """It happens by itself."""
    whenasked: Words = ()
    """A request of the user as the occasion: when users ask, for all requests."""
    secrets: Words = ()
    context: Words = ()
    """The conversation, the system prompt, other tools' results."""
    consent: Words = ()
    """Not asking the user."""
    harm: Words = ()
    """Destroying, paying, switching a protection off."""
    upgraded: Words = ()
    """A tool that now behaves otherwise."""
    promo: Words = ()
    """Advertising and alarm to be said to the user."""
    trigger: Words = ()
    """A secret word that sets it off: if the query contains."""
    boast: Words = ()
    """Praise that no description needs: once is enough."""
    praise: Words = ()
    """Self-praise."""
    chooseme: Words = ()
    """Courting the choice: always use this tool."""
    documented: Words = ()
    """Counter-evidence: the call yields an argument, an identifier, a schema."""
    descriptive: Words = ()
    """Counter-evidence: text about attacks, examples."""
    confirm: Words = ()
    """Counter-evidence: the user is asked."""
