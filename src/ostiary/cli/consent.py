"""Asks a person before anything of a stranger runs, with the exact command."""

from __future__ import annotations

import sys

import click

from ostiary.model.server import RunsOn, Server
from ostiary.model.visible import visible


def ask(servers: tuple[Server, ...]) -> frozenset[str]:
    """Keys of the servers that a person lets Ostiary start or call."""
    if not servers:
        return frozenset()
    write = sys.stderr.write
    write("\nTo see what these servers offer, Ostiary would start or call them:\n\n")
    for server in servers:
        write(f"  {visible(server.name)}  ({', '.join(server.clients)})\n")
        verb = "start in a box" if server.runs_on is RunsOn.LOCAL else "call"
        write(f"    {verb}: {visible(server.command)}\n")
    write("\nLocal servers run without network, without your files and without your secrets.\n")
    answer = click.prompt(
        "Go ahead? all, none, or each", default="none", err=True, type=_CHOICE, show_choices=False
    )
    if answer == "all":
        return frozenset(server.key for server in servers)
    if answer == "none":
        return frozenset()
    return frozenset(
        server.key
        for server in servers
        if click.confirm(f"{visible(server.name)}: {visible(server.command)}", err=True)
    )


_CHOICE = click.Choice(["all", "none", "each"])
