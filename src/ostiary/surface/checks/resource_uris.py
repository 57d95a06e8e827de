"""Resources and templates that point where no resource should."""

from __future__ import annotations

import re
from collections.abc import Iterator
from urllib.parse import unquote

from ostiary.model.check import Check, Neighbourhood
from ostiary.model.finding import Finding
from ostiary.model.grade import Confidence, Persona, Severity
from ostiary.model.json import as_text
from ostiary.model.rule import Category, Rule
from ostiary.model.surface import Item, Surface
from ostiary.model.visible import NAME, visible
from ostiary.surface.place import capital, of_item, shows

RESOURCE_URI_DANGER = Rule(
    id="resource-uri-danger",
    title="Resource points at a credential or a script",
    category=Category.REACH,
    severity=Severity.HIGH,
    confidence=Confidence.HIGH,
    persona=Persona.DEFAULT,
    what=(
        "Looks for resources whose URI names a credential file, a system password file, process "
        "memory, the metadata service of a cloud, or a script that a client would run when it "
        "shows the resource (`javascript:`, `data:text/html`). Ordinary files are left alone."
    ),
    attack=(
        "Clients offer resources to be read with one click or on their own. The content goes into "
        "the conversation and from there to any tool that can send."
    ),
    remedy="Do not let the client read the resource; remove the server unless its job needs this.",
    references=(
        "SAFE-T1502",
        "SAFE-T1506",
        "AML.T0055",
        "CWE-200",
        "CWE-79",
        "CWE-918",
        "MCP10:2025",
    ),
)

TEMPLATE_UNBOUNDED = Rule(
    id="template-unbounded",
    title="Template reaches any file or address",
    category=Category.REACH,
    severity=Severity.LOW,
    confidence=Confidence.MEDIUM,
    persona=Persona.DEFAULT,
    what=(
        "Looks for resource templates of the schemes file, http and https that leave the whole "
        "path or the host to the caller, such as `file:///{path}` or `https://{host}/…`. Templates "
        "with a fixed folder or host, and templates of a server's own scheme, are left alone."
    ),
    attack=(
        "An agent that follows a planted instruction reads any file of the account, or has the "
        "server call addresses inside the network."
    ),
    remedy="Limit the server to the folders or hosts it needs, in its settings or by a box.",
    references=("CWE-22", "CWE-918", "SAFE-T1105", "SAFE-T1606", "MCP02:2025"),
)

_SCRIPT = re.compile(
    r"\s*(?:javascript|vbscript):|\s*data:(?:text/html|image/svg\+xml|application/xhtml\+xml|"
    r"text/javascript|application/javascript)",
    re.IGNORECASE,
)
_SECRET_FILE = re.compile(
    r"/\.ssh(?:/|$)|/id_(?:rsa|ed25519|ecdsa|dsa)(?:$|[?#])|/\.aws/|/\.netrc$|/\.kube/config|"
    r"/\.docker/config\.json|/\.gnupg(?:/|$)|/\.git-credentials|/\.npmrc$|/\.pypirc$|"
    r"/\.config/gcloud|/\.azure/|/etc/(?:shadow|passwd|sudoers)|"
    r"/proc/(?:self|\d+)/(?:environ|mem|maps)|"
    r"/\.env(?:\.\w+)?$|/login data$|/cookies\.sqlite$|/key[34]\.db$|/\.vault-token$|"
    r"/windows/system32/config/sam",
    re.IGNORECASE,
)
_METADATA = re.compile(
    r"https?://(?:169\.254\.169\.254|\[?fd00:ec2::254\]?|metadata\.google\.internal|"
    r"100\.100\.100\.200|169\.254\.170\.2)(?:[:/]|$)",
    re.IGNORECASE,
)
_ANY_FILE = re.compile(r"file:/{0,3}(?:localhost/)?\{[+/]?[\w.,:*%]+\}[^/]*\Z", re.IGNORECASE)
_ANY_HOST = re.compile(r"https?://\{[^}]+\}(?:[:/?].*)?\Z|\{\+?(?:url|uri|link)\}\Z", re.IGNORECASE)


def look(subject: Neighbourhood) -> Iterator[Finding]:
    """One finding for each such resource or template."""
    surface = subject.surface
    for item in (*surface.resources, *surface.templates):
        danger = _danger(item.name)
        if danger is not None:
            yield _finding(RESOURCE_URI_DANGER, surface, item, f"points at {danger}")
    for item in surface.templates:
        if _ANY_FILE.match(item.name):
            yield _finding(TEMPLATE_UNBOUNDED, surface, item, "reaches any file")
        elif _ANY_HOST.match(item.name):
            yield _finding(TEMPLATE_UNBOUNDED, surface, item, "reaches any address")


def _danger(uri: str) -> str | None:
    if _SCRIPT.match(uri):
        return "a script that a client may run"
    if _METADATA.match(uri):
        return "the metadata service of a cloud"
    plain = unquote(uri[:4000]).replace("\\", "/")
    if plain.lower().startswith("file:") and _SECRET_FILE.search(plain):
        return "a file that holds credentials"
    return None


def _finding(rule: Rule, surface: Surface, item: Item, says: str) -> Finding:
    key = "uriTemplate" if item.kind == "template" else "uri"
    where = of_item(surface, item, "URI", f"/{key}")
    named = visible(as_text(item.raw.get("name")) or item.name, NAME)
    return rule.finding(
        capital(f"{item.kind} {named} {says}."),
        where,
        evidence=[shows(key, where, item.name)],
        mark=says,
    )


CHECK: Check[Neighbourhood] = Check((RESOURCE_URI_DANGER, TEMPLATE_UNBOUNDED), look)
