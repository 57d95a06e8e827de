"""Credentials told by the name they are given, and values that only stand for one."""

from __future__ import annotations

import math
from functools import lru_cache

from ostiary.detect.linear import compiled, readable

_SECRET_NAME = (
    r"(?i)(?:^|[_.\-\s])(?:x[_-])?(?:"
    r"api[_-]?key|apikey|key|api[_-]?token|tokens?|secrets?|password|passwd|passphrase|passcode|"
    r"pwd|pass|pat|private[_-]?key|client[_-]?secret|access[_-]?key|auth|auth[_-]?key|authorization|"
    r"credentials?|creds|bearer|cookie|session|jwt|dsn|connection[_-]?string|conn[_-]?str|sig|"
    r"signature|webhook)(?:[_\-]?(?:\d{1,3}|value|prod|dev|staging|test))?$"
)
_JOINED_NAME = (
    r"(?i)(?:api[_-]?key|access[_-]?key|secret[_-]?key|private[_-]?key|auth[_-]?token|"
    r"access[_-]?token|refresh[_-]?token|bearer[_-]?token|client[_-]?secret|app[_-]?secret|"
    r"password|passwd|token|secret)$"
)
_NOT_SECRET_NAME = (
    r"(?i)(?:public[_-]?key|publishable|anon[_-]?key|key[_-]?id|client[_-]?id|max[_-]?tokens?|"
    r"token[_-]?(?:limit|count|type|ur[il]|endpoint|path|file|expiry|ttl|budget)|sort[_-]?key|"
    r"primary[_-]?key|partition[_-]?key|foreign[_-]?key|auth[_-]?(?:type|mode|method|url)|"
    r"(?:^|[_.\-\s])(?:use|enable|disable|has|require|skip|no)"
    r"[_-](?:auth|token|key|password|session)|"
    r"tokens$|country[_-]?code|status[_-]?code|exit[_-]?code|error[_-]?code|zip[_-]?code|"
    r"language[_-]?code|vs[_-]?code|claude[_-]?code)"
)
_PLACEHOLDER = (
    r"(?i)^$|^[\s*.xX•·#_?0-]+$|^<[^<>]*>$|^\[[^\[\]]*\]$|^\{[^{}]*\}$|"
    r"\$\{|\{\{|\$\(|^\$[A-Za-z_]|%[A-Za-z_]{2,}%|\$\w*:\w|\$env:|^\{?(?:env|input|file|secret|cmd):|"
    r"\by?our\b|your[_\- ]?|[_-]here\b|here$|change[_\- ]?(?:me|this|it)|"
    r"replace[_\- ]?(?:me|this|with)|"
    r"placeholder|example|dummy|redacted|\bsample\b|insert[_\- ]|enter[_\- ]|paste[_\- ]|"
    r"fill[_\- ]?(?:me|in)|put[_\- ](?:your|the|api)|todo|tbd|fixme|xxxx|\*{3,}|\.{3,}|…|"
    r"^my[_\- ]?(?:secret|api|token|key|password|access)|^(?:some|the|a)[_\- ]|"
    r"^(?:test|fake|mock|demo|foo|bar|foobar|abc|abc123|secret|password|token|key|apikey|api[_-]key|"
    r"access[_-]token|none|null|nil|undefined|true|false|yes|no|on|off|default|empty|unset|auto|"
    r"bearer|basic|oauth2?|oidc|jwt|keychain|keyring|env|file|disabled|enabled|required|optional|"
    r"string|str|user|username|pass|passwd|pwd|hidden|masked|private|public|local|session|cookie)$"
)
_COMMON = frozenset({"key", "auth", "session", "sig", "signature", "webhook", "pass", "pat"})
_SEQUENCES = ("0123456789", "1234567890", "abcdefghij", "qwertyuiop", "deadbeefdeadbeef")
_PUBLISHED = frozenset(
    {
        "sk_test_4eC39HqLyjWDarjtT1zdp7dc",
        "sk_test_BQokikJOvBiI2HlWgH4olfQ2",
        "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJzdWIiOiIxMjM0NTY3ODkwIiwibmFtZSI6IkpvaG4gRG9lIiwiaWF0IjoxNTE2MjM5MDIyfQ.SflKxwRJSMeKKF2QT4fwpMeJf36POk6yJV_adQssw5c",
    }
)
"""Keys printed in vendors' documentation for everybody to try."""


@lru_cache(maxsize=4096)
def names_secret(name: str) -> bool:
    """Whether a variable, header, flag or query key of this name usually holds a credential."""
    bare = readable(name.strip().lstrip("-"))
    if not bare or len(bare) > 200 or compiled(_NOT_SECRET_NAME).search(bare):
        return False
    return bool(compiled(_SECRET_NAME).search(bare) or compiled(_JOINED_NAME).search(bare))


def names_anything(name: str) -> bool:
    """Whether a name that may hold a credential is just as common for other things."""
    return name.strip().lstrip("-").lower() in _COMMON


def is_placeholder(value: str) -> bool:
    """Whether the value stands for a credential that is kept elsewhere or not filled in."""
    text = readable(value.strip())
    if text in _PUBLISHED or len(set(text)) <= 2:
        return True
    return bool(compiled(_PLACEHOLDER).search(text[:4000]))


def is_made_up(value: str) -> bool:
    """Whether somebody typed a row of keys: no credential in use, though it has the form."""
    lower = value.lower()
    return any(run in lower for run in _SEQUENCES)


def entropy(text: str) -> float:
    """Shannon entropy of the characters, in bits a character."""
    size = len(text)
    counts: dict[str, int] = {}
    for char in text:
        counts[char] = counts.get(char, 0) + 1
    return -sum(count / size * math.log2(count / size) for count in counts.values())


def looks_random(value: str) -> bool:
    """Whether a machine made this value: mixed characters, few repeats, no words."""
    if len(value) < 12 or any(char.isspace() for char in value):
        return False
    digits = sum(char.isdigit() for char in value)
    letters = sum(char.isalpha() for char in value)
    return digits >= 2 and letters >= 2 and entropy(value) >= 3.0


def looks_like_place(value: str) -> bool:
    """Whether the value is a path or an address rather than a credential."""
    return value.startswith(("/", "./", "../", "~", "http://", "https://", "file:", "\\\\")) or (
        len(value) > 2 and value[1:3] == ":\\"
    )
