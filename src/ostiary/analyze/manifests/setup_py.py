"""``setup.py``, read as syntax and never run."""

from __future__ import annotations

import ast
import warnings
from collections.abc import Iterator

from ostiary.analyze.manifests.package import Dependency, Manifest, Script
from ostiary.analyze.manifests.requirement import requirement
from ostiary.analyze.manifests.text import ManifestText, Unreadable

_MAX_CHARACTERS = 400_000


def read_setup_py(text: ManifestText) -> Manifest:
    """Literal arguments of the ``setup()`` call. Everything else in it is "not literal"."""
    words = _arguments(_parsed(text))
    unread = [
        key
        for key in ("name", "version", "install_requires")
        if key in words and _literal(words[key]) is None
    ]
    dependencies = (
        *_requires(text, words.get("install_requires"), "runtime"),
        *_requires(text, words.get("setup_requires"), "build"),
        *_extras(text, words.get("extras_require")),
    )
    return Manifest(
        ecosystem="pypi",
        file=text.path,
        name=_text(words.get("name")),
        version=_text(words.get("version")),
        description=_text(words.get("description")),
        licence=_text(words.get("license")),
        repository="",
        homepage=_text(words.get("url")),
        authors=tuple(one for one in (_text(words.get("author")),) if one),
        dependencies=dependencies,
        scripts=tuple(_scripts(text, words)),
        programs=_programs(words.get("entry_points")),
        unreadable=tuple(f"{key} is computed, not literal" for key in unread),
    )


def _parsed(text: ManifestText) -> ast.Module:
    if len(text.text) > _MAX_CHARACTERS:
        raise Unreadable(f"it has more than {_MAX_CHARACTERS:,} characters of Python")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return ast.parse(text.text)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        raise Unreadable("not valid Python 3") from None


def _arguments(tree: ast.Module) -> dict[str, ast.expr]:
    """Keyword arguments of the first call of ``setup``; names bound to literals are followed."""
    bound: dict[str, ast.expr] = {}
    for node in tree.body:
        if isinstance(node, ast.Assign) and len(node.targets) == 1:
            target = node.targets[0]
            if isinstance(target, ast.Name):
                bound[target.id] = node.value
    for one in ast.walk(tree):
        if isinstance(one, ast.Call) and _called(one.func) == "setup":
            return {word.arg: _followed(word.value, bound) for word in one.keywords if word.arg}
    return {}


def _called(func: ast.expr) -> str:
    if isinstance(func, ast.Attribute):
        return func.attr
    return func.id if isinstance(func, ast.Name) else ""


def _followed(value: ast.expr, bound: dict[str, ast.expr]) -> ast.expr:
    return bound.get(value.id, value) if isinstance(value, ast.Name) else value


def _literal(node: ast.expr | None) -> object:
    if node is None:
        return None
    try:
        return ast.literal_eval(node)
    except (ValueError, TypeError, SyntaxError, RecursionError, MemoryError):
        return None


def _text(node: ast.expr | None) -> str:
    value = _literal(node)
    return value if isinstance(value, str) else ""


def _requires(text: ManifestText, node: ast.expr | None, group: str) -> Iterator[Dependency]:
    if not isinstance(node, ast.List | ast.Tuple):
        return
    for item in node.elts:
        value = _literal(item)
        if isinstance(value, str) and (one := requirement(value)):
            yield Dependency(
                "pypi", one.name, one.wanted, group, text.path, item.lineno, locked=one.pinned
            )


def _extras(text: ManifestText, node: ast.expr | None) -> Iterator[Dependency]:
    if isinstance(node, ast.Dict):
        for value in node.values:
            yield from _requires(text, value, "optional")


def _programs(node: ast.expr | None) -> tuple[tuple[str, str], ...]:
    value = _literal(node)
    listed = value.get("console_scripts", ()) if isinstance(value, dict) else ()
    pairs = [str(one).partition("=") for one in listed if isinstance(one, str)]
    return tuple((name.strip(), target.strip()) for name, _, target in pairs if target)


def _scripts(text: ManifestText, words: dict[str, ast.expr]) -> Iterator[Script]:
    """The file itself runs when it is built; commands that it replaces run then, too."""
    yield Script("setup.py", f"python {text.path.rpartition('/')[2]}", text.path, 1, True)
    node = words.get("cmdclass")
    if isinstance(node, ast.Dict):
        for key, value in zip(node.keys, node.values, strict=True):
            name = _text(key)
            if name:
                command = f"{name}: {ast.unparse(value)[:200]}"
                yield Script("setup.py command", command, text.path, value.lineno, True)
    elif node is not None:
        command = f"replaced commands: {ast.unparse(node)[:200]}"
        yield Script("setup.py command", command, text.path, node.lineno, True)
