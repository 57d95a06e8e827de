"""Whether anything in the code asks who is calling, or where a page that calls comes from."""

from __future__ import annotations

from typing import Final

from ostiary.analyze.dataflow.effect import EffectKind
from ostiary.analyze.dataflow.value import Place
from ostiary.analyze.declare.recipes import recipes
from ostiary.analyze.facts import Facts
from ostiary.analyze.rules.exposure.code import code_of
from ostiary.analyze.rules.exposure.serving import seen
from ostiary.detect.linear import compiled

_CREDENTIAL_HEADER: Final = (
    r"^(?:proxy-)?authorization$|^cookie$|api[-_]?key|[-_]token$|[-_]secret$|^x-auth|signature"
)
_WHO: Final = (
    r"(?i)^(?:authentication_classes|auth_server_provider|token_verifier|auth_provider|"
    r"authenticate|authenticator|get_current_user|login_required|permission_classes|"
    r"requires_auth|authorizer|client_cert|ssl_ca_certs|requestcert|with_?mcp_?auth|"
    r"experimental_withmcpauth|api_?key_?(?:header|query|cookie|auth)|http(?:basic|bearer|digest)|"
    r"compare_digest|timingsafeequal|(?:fastmcp\.server\.auth|mcp\.server\.auth).*|"
    r".*sdk/server/auth.*|passport.*|express-(?:basic-auth|jwt|oauth2-jwt-bearer|openid-connect)|"
    r"express-bearer-token|fastapi_users|flask_(?:login|httpauth|jwt_extended|security)|"
    r"koa-(?:jwt|passport|basic-auth)|@fastify/(?:auth|jwt|basic-auth|bearer-auth)|"
    r"hono/(?:bearer|basic)-auth|hono/jwt|next-auth|iron-session|@clerk/.*|@auth0/.*|better-auth|"
    r"@cloudflare/workers-oauth-provider|oauthprovider|@workos-inc/.*|workos|supertokens.*|"
    r"authenticationmiddleware|bearerauthbackend|requirebearerauth|(?:\w*(?:proxy|server|remote|memory)\w*)?oauth(?:server|proxy)?provider|"
    r"(?:is_?|require_?|check_?|verify_?|validate_?|ensure_?|need_?|with_?|use_?)+"
    r"(?:mcp_?)?(?:request_?|user_?|client_?|bearer_?|access_?|api_?|id_?|caller_?|session_?|jwt_?)*"
    r"(?:auth\w*|tokens?|key|caller|credentials?|jwt|signature|identity|login)|"
    r"(?:auth\w*|token|jwt|bearer|api_?key|session)_?"
    r"(?:middleware|guard|checker?|verifier|validator|required|hook|dependency|handler|backend))$"
)
"""Names that are given to what tells callers apart. Wide on purpose: a server with one of them is
not said to let everybody in."""
_VERIFIERS: Final = ("auth", "token_verifier", "auth_server_provider", "authenticate", "oauth")
_HOSTS: Final = (
    r"(?i)^(?:trustedhostmiddleware|allowed_?hosts|allowed_?origins|hostheadervalidation|"
    r"localhosthostvalidation|localhostoriginvalidation|originvalidation|"
    r"(?:check|verify|validate|is|require)_?(?:\w*_?)?(?:origin|host)(?:_?(?:allowed|valid|header))?|"
    r"(?:host|origin)_?(?:check|guard|validat\w+|middleware|protection)|x_?forwarded_?host|"
    r"http_?host_?origin_?protection|createmcpexpressapp|createmcphonoapp)$"
)


def checks_caller(facts: Facts) -> Place | None:
    """Where the code first asks who is calling; ``None`` if nothing in it does."""
    code = code_of(facts)
    for one in code.asked:
        if one.of == "header" and compiled(_CREDENTIAL_HEADER).search(one.name):
            return one.place
    return _given(facts) or _first(facts, _WHO)


def _given(facts: Facts) -> Place | None:
    """Where a server of MCP is made with what checks its callers."""
    for effect in seen(facts, EffectKind.DECLARE, EffectKind.CALL, EffectKind.LISTEN):
        made = [effect.operands, *(one.keywords for one in recipes(effect.operand("server")))]
        options = effect.operand("0")
        made.append({} if options is None else options.fields)
        for given in made:
            for role in _VERIFIERS:
                value = given.get(role)
                if value is not None and not (value.literal and value.scalar is None):
                    return effect.place
    return None


def checks_host(facts: Facts) -> Place | None:
    """Where the code first looks at the Host or Origin of a request; ``None`` if it never does."""
    code = code_of(facts)
    for one in code.asked:
        if one.of == "header" and one.name in ("origin", "host"):
            return one.place
    return _first(facts, _HOSTS)


def _first(facts: Facts, pattern: str) -> Place | None:
    words = code_of(facts).words
    names = "\n".join(
        word for word in words if len(word) < 80 and word.isascii() and "\n" not in word
    )
    found = compiled(f"(?m){pattern}").search(names)
    return None if found is None else words[found.group() or ""]
