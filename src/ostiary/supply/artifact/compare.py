"""Holds the files of a package against those of the source it says it is built from."""

from __future__ import annotations

import re
from collections.abc import Mapping

from ostiary.analyze.supplied import Difference
from ostiary.supply.artifact.gather import Stated

_EXPECTED = re.compile(
    r"(?:^|/)(?:PKG-INFO|RECORD|WHEEL|METADATA|setup\.cfg)\Z|\.(?:dist-info|egg-info)/"
    r"|\.map\Z|\.d\.[cm]?ts\Z"
)
"""What building itself writes."""


def compare(
    package: Mapping[str, Stated], source: Mapping[str, Stated], package_root: str = ""
) -> tuple[Difference, ...]:
    """Pure. Files of the package that the source has not, or has otherwise, in order of path.

    ``package_root`` is the folder in the source where the package lies, if that is known. Where a
    path is not there as it stands, a file at the end of whose path it stands is taken (``src/``
    layouts, monorepos)."""
    digests: dict[str, list[tuple[str, str]]] = {}
    for path, one in sorted(source.items()):
        digests.setdefault(path.rpartition("/")[2], []).append((path, one.digest))
    found: list[Difference] = []
    for path, one in sorted(package.items()):
        if _EXPECTED.search(path):
            continue
        wanted = f"{package_root}/{path}".lstrip("/")
        exact = source.get(wanted)
        ends = [
            digest
            for other, digest in digests.get(path.rpartition("/")[2], ())
            if other == path or other.endswith(f"/{path}")
        ]
        candidates = [exact.digest] if exact is not None else ends
        if not candidates:
            found.append(Difference(path, "only in package"))
        elif one.digest not in candidates and path != "package.json":
            found.append(Difference(path, "differs"))
    return tuple(found)
