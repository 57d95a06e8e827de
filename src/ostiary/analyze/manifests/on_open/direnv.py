"""``.envrc`` of direnv: a shell script for whoever enters the folder."""

from __future__ import annotations

from ostiary.analyze.manifests.on_open.opening import FOLDER_ENTER, opening
from ostiary.analyze.manifests.package import Manifest, Script
from ostiary.analyze.manifests.text import ManifestText

_MOST = 40
_HARMLESS = ("export ", "layout ", "use ", "dotenv", "path_add ", "watch_file ", "source_env")


def read_envrc(text: ManifestText) -> Manifest:
    """Commands in it; lines that only set variables by literal text are left out."""
    scripts = []
    for number, row in enumerate(text.lines, 1):
        bare = row.strip()[:2000]
        quiet = not bare or bare.startswith("#")
        plain = bare.startswith(_HARMLESS) and "$(" not in bare and "`" not in bare
        if not quiet and not (plain and ";" not in bare and "&&" not in bare):
            scripts.append(Script(FOLDER_ENTER, bare, text.path, number, False))
    return opening(text, scripts[:_MOST])
