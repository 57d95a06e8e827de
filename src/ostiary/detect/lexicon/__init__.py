"""Words of planted instructions by language: one file a language, each an explicit table."""

from __future__ import annotations

from ostiary.detect.lexicon.english import ENGLISH
from ostiary.detect.lexicon.table import Lexicon

LEXICONS: tuple[Lexicon, ...] = (ENGLISH,)
"""Every language; a text may mix them."""
