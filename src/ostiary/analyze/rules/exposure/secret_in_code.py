"""A credential that is written into the source or into a file that comes with it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from ostiary.analyze.dataflow.value import Place
from ostiary.analyze.facts import Facts
from ostiary.analyze.modules import is_apart
from ostiary.analyze.project import Project, SourceFile
from ostiary.analyze.rules.exposure.code import code_of
from ostiary.analyze.rules.exposure.secretive import is_secret_name
from ostiary.analyze.rules.supply.saying import of_place
from ostiary.analyze.written.quoted import quoted
from ostiary.detect.linear import compiled, readable
from ostiary.detect.secrets import Secret, find
from ostiary.detect.secrets_named import looks_random, names_secret
from ostiary.model.check import Check
from ostiary.model.finding import Evidence, Finding
from ostiary.model.grade import Confidence, Persona, Severity
from ostiary.model.rule import Category, Rule
from ostiary.model.visible import NAME, visible

SECRET_IN_CODE = Rule(
    id="secret-in-code",
    title="A credential is written into the source",
    category=Category.SECRET,
    severity=Severity.MEDIUM,
    confidence=Confidence.MEDIUM,
    persona=Persona.DEFAULT,
    what=(
        "Looks at every literal of the source, whatever its language, and every line of settings "
        "that come with it: for "
        "credentials that their form proves (private keys, tokens of known services, passwords in "
        "addresses of databases), and for values given to names such as password, api_key or "
        "JWT_SECRET. A form that proves a private credential weighs high; keys that are meant for "
        "browsers (Google API keys, addresses for reports of errors) and passwords of a database "
        "on the machine itself weigh low. Placeholders, published examples, names of variables, "
        "values for tests, and tests and examples as files are left alone."
    ),
    attack=(
        "Whoever has the package has the credential: its service can be used in the author's name, "
        "and signatures made with it can be forged for every installation."
    ),
    remedy=(
        "Do not rely on what it protects. The author has to withdraw the credential and read it "
        "from the environment; it stays in the history of the source."
    ),
    references=("CWE-798", "MCP01:2025", "CoSAI-MCP-T5", "LLM02:2026", "AML.T0055"),
)

_SETTINGS: Final = (
    ".json .yaml .yml .toml .ini .cfg .conf .env .properties .sh .tf .tfvars .xml .pem .key"
)
_ENDINGS: Final = tuple(_SETTINGS.split())
_NAMED: Final = (".env", "Dockerfile", "docker-compose.yml", ".npmrc", ".pypirc", ".netrc")
_SAMPLES: Final = ("example", "sample", "template", ".lock", "-lock.", "schema", ".min.")
_LARGEST: Final = 400_000
_LONGEST: Final = 4_000
_MOST: Final = 40
"""Findings of one target; what comes after says nothing new."""
_PUBLIC: Final = ("Google API key", "Sentry", "publishable", "Firebase", "Mapbox", "reCAPTCHA")
_UNSURE: Final = ("JSON Web Token", "password in an address", "Bearer token", "HTTP Basic")
_HERE: Final = (
    r"^@(?:[\w.-]*(?:sentry|ingest)|localhost|127\.|\[::1\]|0\.0\.0\.0|"
    r"(?:db|postgres|mysql|redis|mongo)[:/])"
)
_WEAK: Final = r"(?i)^(?:secret|password|passwd|pwd|signing|master|jwt|encryption)|secret|passw"
_MADE_UP: Final = (
    r"(?i)^(?:test|mock|fake|dummy|demo|dev|local|sample|stub|user|admin|root|guest)(?:\b|[_-])|"
    r"(?:test|mock(?:ed)?|fake|dummy)[-_]|^\d{4}-\d\d-\d\d|^\w+\.\w+\.\w+$|[\s(){};,<>]|^[@$#%:]|://"
)


@dataclass(frozen=True, slots=True)
class _Held:
    """A credential and where it stands."""

    secret: Secret
    text: str
    name: str
    place: Place

    @property
    def value(self) -> str:
        return self.text[self.secret.start : self.secret.end]


def look(facts: Facts) -> Iterator[Finding]:
    """One finding for each place and kind, at most so many."""
    seen: set[tuple[str, int, str]] = set()
    for held in (*_in_code(facts), *_in_quotes(facts), *_in_files(facts.project, facts)):
        key = (held.place.file, held.place.line, held.secret.kind)
        if key in seen or len(seen) >= _MOST or not _counts(held):
            continue
        seen.add(key)
        yield _told(held)


def _in_code(facts: Facts) -> Iterator[_Held]:
    bundled = {path for path, module in facts.modules.items() if module.minified}
    known: dict[tuple[str, str], tuple[Secret, ...]] = {}
    for one in code_of(facts).own:
        if len(one.text) < 6:
            continue
        name = one.name if is_secret_name(one.name) and one.place.file not in bundled else ""
        found = known.get((one.text, name))
        if found is None:
            found = known[one.text, name] = tuple(find(one.text[:_LONGEST], name))
        for secret in found:
            lines = one.text.count("\n", 0, secret.start)
            place = Place(one.place.file, one.place.line + lines, one.place.column)
            yield _Held(secret, one.text, name, place)


def _in_quotes(facts: Facts) -> Iterator[_Held]:
    """In code whose flow is not followed."""
    for one in facts.once(quoted):
        if len(one.text) < 6:
            continue
        name = one.name if is_secret_name(one.name) else ""
        for secret in find(one.text[:_LONGEST], name):
            lines = one.text.count("\n", 0, secret.start)
            yield _Held(secret, one.text, name, Place(one.place.file, one.place.line + lines))


def _in_files(project: Project, facts: Facts) -> Iterator[_Held]:
    for file in project.files.values():
        if file.path in facts.modules or file.link or not _is_settings(file):
            continue
        text = file.text
        for secret in find(text):
            yield _Held(secret, text, "", Place(file.path, text.count("\n", 0, secret.start) + 1))


def _is_settings(file: SourceFile) -> bool:
    name = file.name.lower()
    if is_apart(file.path) or len(file.data) > _LARGEST or any(one in name for one in _SAMPLES):
        return False
    return name.endswith(_ENDINGS) or name.startswith(_NAMED)


def _counts(held: _Held) -> bool:
    """Whether it is a credential and no word beside one."""
    value = held.value
    if held.secret.kind in ("Bearer token", "HTTP Basic credential"):
        return looks_random(value)
    if held.secret.kind != "credential":
        return held.secret.confidence >= Confidence.MEDIUM
    if compiled(_MADE_UP).search(readable(value)) or names_secret(value):
        return False
    return looks_random(value) or bool(held.name and compiled(_WEAK).search(held.name))


def _severity(held: _Held) -> Severity:
    kind = held.secret.kind
    if any(one.lower() in kind.lower() for one in _PUBLIC):
        return Severity.LOW
    if compiled(_HERE).search(readable(held.text[held.secret.end :][:40])):
        return Severity.LOW
    sure = held.secret.confidence is Confidence.HIGH and kind != "credential"
    if sure and not any(one in kind for one in _UNSURE):
        return Severity.HIGH
    return Severity.MEDIUM


def _told(held: _Held) -> Finding:
    place = of_place(held.place)
    named = f" ({visible(held.name, NAME)})" if held.name else ""
    kind, severity = held.secret.kind, _severity(held)
    evidence = [Evidence(f"{kind} stands here{named}", place)]
    if held.secret.breadth and held.secret.breadth != "not known":
        evidence.append(Evidence(f"it opens: {visible(held.secret.breadth, NAME * 2)}", place))
    return SECRET_IN_CODE.finding(
        f"{kind[:1].upper()}{kind[1:]} written into the source{named}.",
        place,
        evidence=evidence,
        severity=severity,
        confidence=held.secret.confidence,
        persona=Persona.STRICT if severity is Severity.LOW else Persona.DEFAULT,
        mark=f"{held.place.file} {kind} {held.name}",
    )


CHECK: Check[Facts] = Check((SECRET_IN_CODE,), look)
