"""``METADATA`` of a wheel and ``PKG-INFO`` of a source archive; ``entry_points.txt``."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from ostiary.analyze.manifests.address import without_user
from ostiary.analyze.manifests.package import Dependency, Manifest
from ostiary.analyze.manifests.requirement import requirement
from ostiary.analyze.manifests.setup_cfg import ini
from ostiary.analyze.manifests.text import ManifestText

if TYPE_CHECKING:
    from email.message import Message

_HEAD = 400_000
"""Characters that are read: the long description behind the fields is not needed."""

_MOST = 5000
_PLACES = ("source", "repository", "source code", "code", "github")


def read_core_metadata(text: ManifestText) -> Manifest:
    from email import policy  # noqa: PLC0415 - slow to import, and few targets are packages
    from email.parser import HeaderParser  # noqa: PLC0415

    head = text.text[:_HEAD].partition("\n\n")[0]
    message = HeaderParser(policy=policy.compat32).parsestr(head)

    def say(key: str) -> str:
        return str(message.get(key) or "").strip()

    urls = dict(_urls(message))
    return Manifest(
        ecosystem="pypi",
        file=text.path,
        name=say("Name"),
        version=say("Version"),
        description=say("Summary"),
        licence=_licence(message),
        repository=without_user(next((urls[key] for key in _PLACES if key in urls), "")),
        homepage=say("Home-page") or urls.get("homepage", ""),
        authors=tuple(one for one in (say("Author"), say("Author-email")) if one),
        keywords=tuple(one for one in say("Keywords").replace(",", " ").split() if one)[:100],
        dependencies=tuple(_dependencies(text, message))[:_MOST],
        states=tuple(_states(message)),
    )


def _urls(message: Message) -> Iterator[tuple[str, str]]:
    for one in message.get_all("Project-URL") or ():
        label, _, url = str(one).partition(",")
        yield label.strip().lower(), url.strip()


def _licence(message: Message) -> str:
    said = str(message.get("License-Expression") or message.get("License") or "").strip()
    if said and len(said) <= 100:
        return said
    marks = [
        str(mark).rpartition(" :: ")[2]
        for mark in message.get_all("Classifier") or ()
        if str(mark).startswith("License ::")
    ]
    return " OR ".join(marks) or said[:100]


def _dependencies(text: ManifestText, message: Message) -> Iterator[Dependency]:
    at = 0
    for value in message.get_all("Requires-Dist") or ():
        one = requirement(str(value).strip())
        at = text.find(f"Requires-Dist: {value}", at)
        if one:
            group = "optional" if one.optional else "runtime"
            yield Dependency(
                ecosystem="pypi",
                name=one.name,
                wanted=one.wanted,
                group=group,
                file=text.path,
                line=text.line_at(at),
                locked=one.pinned,
            )


def _states(message: Message) -> Iterator[tuple[str, str]]:
    if message.get("Requires-Python"):
        yield "needs", f"python {message['Requires-Python']}"
    for one in message.get_all("Dynamic") or ():
        yield "dynamic", str(one)


def read_entry_points(text: ManifestText) -> Manifest:
    """Programs and plug-ins that an installed package announces."""
    raw = ini(text)
    programs: list[tuple[str, str]] = []
    states: list[tuple[str, str]] = []
    for section in raw.sections():
        for name, value in raw.items(section):
            target = (value or "").strip()
            if section in {"console_scripts", "gui_scripts"}:
                programs.append((name, target))
            else:
                states.append(("entry point", f"{section}: {name} = {target}"))
    return Manifest(
        "pypi", text.path, "", "", programs=tuple(programs[:200]), states=tuple(states[:200])
    )
