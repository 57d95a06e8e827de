"""Words of planted instructions by language: one file a language, each an explicit table."""

from __future__ import annotations

from ostiary.detect.lexicon.arabic import ARABIC
from ostiary.detect.lexicon.chinese import CHINESE
from ostiary.detect.lexicon.english import ENGLISH
from ostiary.detect.lexicon.french import FRENCH
from ostiary.detect.lexicon.german import GERMAN
from ostiary.detect.lexicon.hindi import HINDI
from ostiary.detect.lexicon.italian import ITALIAN
from ostiary.detect.lexicon.japanese import JAPANESE
from ostiary.detect.lexicon.korean import KOREAN
from ostiary.detect.lexicon.portuguese import PORTUGUESE
from ostiary.detect.lexicon.russian import RUSSIAN
from ostiary.detect.lexicon.spanish import SPANISH
from ostiary.detect.lexicon.table import Lexicon

LEXICONS: tuple[Lexicon, ...] = (
    ENGLISH,
    SPANISH,
    FRENCH,
    GERMAN,
    PORTUGUESE,
    ITALIAN,
    RUSSIAN,
    CHINESE,
    JAPANESE,
    KOREAN,
    ARABIC,
    HINDI,
)
"""Every language; a text may mix them."""
