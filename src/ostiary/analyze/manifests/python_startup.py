"""Files that Python runs at every start: ``.pth`` with import lines, ``sitecustomize.py``."""

from __future__ import annotations

from ostiary.analyze.manifests.package import Manifest, Script
from ostiary.analyze.manifests.text import ManifestText

NAMES = ("sitecustomize.py", "usercustomize.py")


def read_pth(text: ManifestText) -> Manifest:
    """A line that begins with ``import`` is run by ``site`` before any program of the user."""
    scripts = [
        Script("python start", row.strip()[:2000], text.path, number, True)
        for number, row in enumerate(text.lines, 1)
        if row.startswith(("import ", "import\t"))
    ]
    folders = [row for row in text.lines if row.strip() and not row.startswith(("import", "#"))]
    return Manifest(
        "pypi",
        text.path,
        "",
        "",
        scripts=tuple(scripts[:50]),
        states=tuple(("path", row.strip()[:500]) for row in folders[:50]),
    )


def read_customize(text: ManifestText) -> Manifest:
    name = text.path.rpartition("/")[2]
    if not text.text.strip():
        return Manifest("pypi", text.path, "", "")
    script = Script("python start", f"python {name}", text.path, 1, True)
    return Manifest("pypi", text.path, "", "", scripts=(script,))
