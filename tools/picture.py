"""Makes docs/images/NAME.svg, a picture of real output for the README.

usage: tools/picture.py NAME TITLE < output-of-ostiary-with-colours
"""

from __future__ import annotations

import io
import re
import sys
from pathlib import Path

from rich.console import Console
from rich.text import Text

IMAGES = Path(__file__).resolve().parents[1] / "docs" / "images"
LINES = 46
# Remote fonts have no place in a page that should load nothing.
FONT = re.compile(r"@font-face \{.*?\}\s*", re.DOTALL)


def main() -> None:
    name, title = sys.argv[1:]
    lines = sys.stdin.read().splitlines()[:LINES]
    console = Console(record=True, width=100, force_terminal=True, file=io.StringIO())
    for line in lines:
        console.print(Text.from_ansi(line), soft_wrap=False)
    drawn = console.export_svg(title=title)
    IMAGES.mkdir(parents=True, exist_ok=True)
    (IMAGES / f"{name}.svg").write_text(FONT.sub("", drawn), encoding="utf-8")


if __name__ == "__main__":
    main()
