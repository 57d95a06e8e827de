"""Hooks of git that come with a project: husky, pre-commit, lefthook."""

from __future__ import annotations

from collections.abc import Iterator

from ostiary.analyze.manifests.on_open.opening import GIT_HOOK, opening
from ostiary.analyze.manifests.package import Manifest, Script
from ostiary.analyze.manifests.text import ManifestText
from ostiary.model.json import JsonObject, as_list, as_object, as_text

EVENTS = frozenset(
    {
        "pre-commit",
        "prepare-commit-msg",
        "commit-msg",
        "post-commit",
        "pre-push",
        "post-checkout",
        "post-merge",
        "pre-rebase",
        "post-rewrite",
    }
)


def read_husky(text: ManifestText) -> Manifest:
    """One shell script a hook; lines of husky's own frame are left out."""
    scripts = []
    for number, row in enumerate(text.lines, 1):
        bare = row.strip()[:2000]
        if bare and not bare.startswith(("#", ". ", "source ")) and "husky.sh" not in bare:
            scripts.append(Script(GIT_HOOK, bare, text.path, number, False))
    return opening(text, scripts[:40])


def read_pre_commit(text: ManifestText) -> Manifest:
    raw = text.yaml()
    return opening(text, _local(text, raw), _foreign(raw))


def _local(text: ManifestText, raw: JsonObject) -> Iterator[Script]:
    for value in as_list(raw.get("repos")):
        repository = as_object(value)
        if as_text(repository.get("repo")) != "local":
            continue
        for one in as_list(repository.get("hooks")):
            entry = as_text(as_object(one).get("entry"))
            if entry:
                yield Script(GIT_HOOK, entry[:2000], text.path, text.line_of(entry[:60]), False)


def _foreign(raw: JsonObject) -> Iterator[tuple[str, str]]:
    for value in as_list(raw.get("repos")):
        one = as_object(value)
        where = as_text(one.get("repo"))
        if where and where not in {"local", "meta", "builtin"}:
            yield "hook repository", f"{where} {as_text(one.get('rev'))}".strip()


def read_lefthook(text: ManifestText) -> Manifest:
    return opening(text, _lefthook(text, text.yaml()))


def _lefthook(text: ManifestText, raw: JsonObject) -> Iterator[Script]:
    for event in sorted(EVENTS & set(raw)):
        hook = as_object(raw.get(event))
        for group in ("commands", "scripts"):
            for value in as_object(hook.get(group)).values():
                run = as_text(as_object(value).get("run"))
                if run:
                    yield Script(GIT_HOOK, run[:2000], text.path, text.line_of(run[:60]), False)
