"""Which languages besides English a sentence may be written in, cheaply and generously."""

from __future__ import annotations

import re

_SCRIPTS = (
    ("ru", re.compile("[\u0400-\u04ff]{2}")),
    ("ja", re.compile("[\u3040-\u30ff]")),
    ("zh", re.compile("[\u4e00-\u9fff]{2}")),
    ("ko", re.compile("[\uac00-\ud7a3]")),
    ("ar", re.compile("[\u0600-\u06ff]{2}")),
    ("hi", re.compile("[\u0900-\u097f]")),
)
_COMMON = {
    "es": "el la los las del que para una por con antes debe debes debera usuario herramienta esta "
    "este siempre nunca al sin su como cuando despues primero archivo y lo se es",
    "fr": "le les des une du pour avec est vous et dans cet cette avant doit devez utilisateur "
    "outil toujours jamais sans que qui par sur aux ne pas la de en ce au fichier",
    "de": "der die das und ist nicht ein eine den dem mit fur von zu werkzeug bevor muss mussen "
    "immer nutzer benutzer sie auf des im vor jede datei wird diese dieses dieser ohne oder als",
    "pt": "o os as um uma para com nao que voce deve antes usuario ferramenta sempre nunca esta "
    "este ao da do das dos em sem se e por no na arquivo ficheiro",
    "it": "il lo gli una per con non che devi deve prima utente strumento sempre mai questo questa "
    "della del dei di e le nel senza al dello delle sono come file all",
}
_WORDS = {language: frozenset(words.split()) for language, words in _COMMON.items()}
ENOUGH = 3
"""Distinct common words that make a Latin-script language likely."""


def spoken(low: str) -> tuple[str, ...]:
    """ISO 639-1 codes for one sentence in lower case without accents; may name several."""
    words = set(low.replace("'", " ").split())
    found = [language for language, common in _WORDS.items() if len(words & common) >= ENOUGH]
    if not low.isascii():
        found.extend(language for language, letters in _SCRIPTS if letters.search(low))
        if "ja" in found and "zh" in found:
            found.remove("zh")
    return tuple(found)
