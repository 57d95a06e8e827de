"""Keys that open everything, where a narrower one would do."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from ostiary.analyze.dataflow.effect import EffectKind
from ostiary.analyze.dataflow.value import Place
from ostiary.analyze.facts import Facts
from ostiary.analyze.modules import is_apart
from ostiary.analyze.rules.exposure.code import code_of
from ostiary.analyze.rules.exposure.serving import seen
from ostiary.analyze.rules.supply.saying import of_place
from ostiary.detect.linear import compiled
from ostiary.model.check import Check
from ostiary.model.finding import Evidence, Finding
from ostiary.model.grade import Confidence, Persona, Severity
from ostiary.model.rule import Category, Rule
from ostiary.model.visible import NAME, visible

MASTER_KEY = Rule(
    id="master-key",
    title="It runs on a key that opens everything",
    category=Category.REACH,
    severity=Severity.MEDIUM,
    confidence=Confidence.MEDIUM,
    persona=Persona.DEFAULT,
    what=(
        "Looks at the names of variables that the code reads or a manifest asks for: service-role "
        "keys, which pass by the rules of a database, root tokens, master keys, keys and passwords "
        "of administrators and of root. Keys of administrators weigh low and are told to strict "
        "readers, since some tools administer. Names of places, ids and public keys are left alone."
    ),
    attack=(
        "Every tool works with the rights of the key: whoever steers the model, or reads the "
        "variable, can do whatever they want there."
    ),
    remedy=(
        "Give it the key of an account that can do what its tools need and no more, if the server "
        "accepts one. Otherwise run it against data that you can lose."
    ),
    references=(
        "CWE-250",
        "CWE-269",
        "MCP02:2025",
        "MCP-SBP:scope-minimization",
        "CoSAI-MCP-T9",
        "ASI03:2026",
    ),
)

_ALL: Final = (
    r"(?i)(?:^|_)(?:service_?role(?:_?(?:key|token|secret))?|root_?(?:token|key|password|secret)|"
    r"(?:account_?)?master_?(?:key|token|secret|password|api_?key)|super_?user_?\w*(?:key|token|"
    r"password)|sa_password|postgres_superuser_password)$"
)
_ADMIN: Final = (
    r"(?i)(?:^|_)(?:global_?)?admin(?:istrator)?_?(?:api_?|access_?|auth_?)?"
    r"(?:key|token|secret|password|passwd|credentials?)$"
)
_LONGEST: Final = 120


def look(facts: Facts) -> Iterator[Finding]:
    """One finding for each name."""
    told: set[str] = set()
    for name, place in _names(facts):
        if name in told or is_apart(place.file) or len(name) > _LONGEST or not name.isascii():
            continue
        told.add(name)
        if compiled(_ALL).search(name):
            yield _told(name, place, everything=True)
        elif compiled(_ADMIN).search(name):
            yield _told(name, place, everything=False)


def _names(facts: Facts) -> Iterator[tuple[str, Place]]:
    for effect in seen(facts, EffectKind.READ_ENVIRONMENT):
        name = effect.operand("name")
        if name is not None and name.known_text:
            yield name.known_text, effect.place
    for manifest in facts.manifests:
        for said in manifest.says("environment"):
            yield said.partition("=")[0].strip().partition(" ")[0], Place(manifest.file, 1)
    for text in code_of(facts).texts:
        # A name in capitals that the code mentions is a variable, whoever reads it.
        if text.text.isupper() and "_" in text.text and text.text.isascii():
            yield text.text, text.place


def _told(name: str, place: Place, *, everything: bool) -> Finding:
    shown = visible(name, NAME)
    opens = "opens everything" if everything else "is an administrator's"
    return MASTER_KEY.finding(
        f"It takes {shown}, a credential that {opens}.",
        of_place(place),
        evidence=[Evidence(f"{shown} is read here", of_place(place))],
        severity=Severity.MEDIUM if everything else Severity.LOW,
        persona=Persona.DEFAULT if everything else Persona.STRICT,
        mark=name,
    )


CHECK: Check[Facts] = Check((MASTER_KEY,), look)
