"""What is a target, from the words that name it."""

from __future__ import annotations

import pytest

from ostiary.model.audit import TargetKind
from ostiary.supply.artifact.name import NoTarget, parse_target


@pytest.mark.parametrize(
    ("text", "kind", "name", "version", "subfolder"),
    [
        ("npm:@scope/server@1.2.3", TargetKind.NPM, "@scope/server", "1.2.3", ""),
        ("npm:@scope/server", TargetKind.NPM, "@scope/server", "", ""),
        ("npm:server@^2", TargetKind.NPM, "server", "^2", ""),
        ("pypi:mcp-server-git", TargetKind.PYPI, "mcp-server-git", "", ""),
        ("pypi:mcp-server-git==1.0", TargetKind.PYPI, "mcp-server-git", "1.0", ""),
        ("pypi:name@1.0", TargetKind.PYPI, "name", "1.0", ""),
        ("pypi:name>=1,<2", TargetKind.PYPI, "name", ">=1,<2", ""),
        ("./folder", TargetKind.FOLDER, "./folder", "", ""),
        (".", TargetKind.FOLDER, ".", "", ""),
        ("/abs/folder", TargetKind.FOLDER, "/abs/folder", "", ""),
        ("git+https://h/o/r@v1#subdirectory=a/b", TargetKind.GIT, "https://h/o/r", "v1", "a/b"),
        ("https://github.com/o/r", TargetKind.GIT, "https://github.com/o/r", "", ""),
        ("https://h/o/r.git@main", TargetKind.GIT, "https://h/o/r.git", "main", ""),
        (
            "https://github.com/o/r/tree/v2/src/a",
            TargetKind.GIT,
            "https://github.com/o/r",
            "v2",
            "src/a",
        ),
        ("https://host/mcp", TargetKind.REMOTE, "https://host/mcp", "", ""),
        ("server.mcpb", TargetKind.MCPB, "server.mcpb", "", ""),
        ("a/server.DXT", TargetKind.MCPB, "a/server.DXT", "", ""),
        ("image.tar", TargetKind.OCI, "image.tar", "", ""),
        ("x-1.0-py3-none-any.whl", TargetKind.PYPI, "x-1.0-py3-none-any.whl", "", ""),
    ],
)
def test_names_a_target(
    text: str, kind: TargetKind, name: str, version: str, subfolder: str
) -> None:
    asked = parse_target(text)
    assert (asked.kind, asked.name, asked.version, asked.subfolder) == (
        kind,
        name,
        version,
        subfolder,
    )


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("server", "may be a package of npm or of Python"),
        ("@scope/server", "write npm:@scope/server"),
        ("", "names no target"),
        ("a\nb", "names no target"),
        ("npm:", "followed by no name"),
        ("pypi:-e x", "no Python package"),
        ("git+ssh://git@h/r", "over https only"),
        ("git+ext::sh -c x", "over https only"),
        ("git+https://u:p@h/r", "user name or password"),
        ("git+https://h/r@--upload-pack=x", "no name of a revision"),
        ("git+https://h/r#subdirectory=../..", "leads out"),
        ("ftp://h/x", "are not audited"),
    ],
)
def test_says_why_not(text: str, says: str) -> None:
    with pytest.raises(NoTarget, match=says):
        parse_target(text)
