from __future__ import annotations

import base64
import hashlib
import json
import zlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ostiary.detect.linear import compiled
from ostiary.detect.secret_formats import FORMATS
from ostiary.detect.secret_formats.code_hosts import checksum_holds
from ostiary.detect.secrets import Secret, find
from ostiary.detect.secrets_named import is_placeholder, names_secret
from ostiary.model.grade import Confidence

_BASE62 = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"


def body(size: int, alphabet: str = _BASE62, seed: str = "body") -> str:
    """Characters that look drawn at random and are the same in every run."""
    letters = ""
    count = 0
    while len(letters) < size:
        digest = hashlib.sha256(f"{seed}{count}".encode()).digest()
        letters += "".join(alphabet[byte % len(alphabet)] for byte in digest)
        count += 1
    return letters[:size]


def with_checksum(prefix: str) -> str:
    text = body(30)
    number, digits = zlib.crc32(text.encode()), ""
    for _ in range(6):
        number, rest = divmod(number, 62)
        digits = _BASE62[rest] + digits
    return prefix + text + digits


HEX = "0123456789abcdef"
UPPER = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"


def jwt(claims: dict[str, object]) -> str:
    parts = [
        base64.urlsafe_b64encode(json.dumps(one).encode()).decode().rstrip("=")
        for one in ({"alg": "HS256", "typ": "JWT"}, claims)
    ]
    return ".".join([*parts, body(43)])


def only(text: str, name: str = "") -> Secret:
    (one,) = find(text, name)
    return one


BY_FORM = [
    (with_checksum("ghp_"), "GitHub classic token", True),
    (with_checksum("gho_"), "GitHub OAuth token", False),
    (f"github_pat_{body(22)}_{body(59, seed='b')}", "GitHub fine-grained token", False),
    ("glpat-" + body(20), "GitLab access token", False),
    ("AKIA" + body(16, UPPER), "AWS access key (long-lived)", True),
    ("ASIA" + body(16, UPPER), "AWS access key (temporary)", False),
    ("AIza" + body(35), "Google API key", False),
    ("GOCSPX-" + body(28), "Google OAuth client secret", False),
    ("AccountKey=" + body(86) + "==", "Azure storage account key", True),
    ("dop_v1_" + body(64, HEX), "DigitalOcean token", False),
    ("sbp_" + body(40, HEX), "Supabase access token", True),
    ("hvs." + body(30), "HashiCorp Vault token", False),
    ("sk-ant-api03-" + body(95), "Anthropic API key", False),
    ("sk-ant-admin01-" + body(95), "Anthropic admin key", True),
    ("sk-proj-" + body(80), "OpenAI project key", False),
    ("sk-" + body(20) + "T3BlbkFJ" + body(20, seed="c"), "OpenAI user key", True),
    ("sk-" + body(48), "secret API key (sk-)", False),
    ("hf_" + body(34), "Hugging Face token", False),
    ("tvly-" + body(32), "Tavily key", False),
    ("xoxb-123456789012-" + body(24), "Slack bot token", False),
    ("xoxp-123456789012-" + body(40), "Slack user token", True),
    ("https://hooks.slack.com/services/" + body(44), "Slack webhook", False),
    (f"SG.{body(22)}.{body(43, seed='d')}", "SendGrid key", False),
    ("1234567891:AA" + body(33), "Telegram bot token", False),
    ("sk_live_" + body(24), "Stripe live secret key", True),
    ("sk_test_" + body(24), "Stripe test secret key", False),
    ("rk_live_" + body(24), "Stripe restricted key", False),
    (with_checksum("npm_"), "npm token", False),
    ("pypi-AgE" + body(120), "PyPI token", False),
    ("dckr_pat_" + body(27), "Docker Hub token", False),
    ("ntn_" + body(46), "Notion token", False),
    ("lin_api_" + body(40), "Linear key", True),
    ("figd_" + body(40), "Figma token", False),
    ("postgresql://postgres:" + body(12) + "@db.example.org/app", "PostgreSQL password", True),
    ("mysql://reader:" + body(12) + "@db.example.org/app", "MySQL password", False),
    ("mongodb+srv://app:" + body(12) + "@c.example.net", "MongoDB password", False),
    (f"Server=db;Database=a;User Id=sa;Password={body(10)};", "database password", True),
    (f"-----BEGIN PRIVATE KEY-----\n{body(64)}\n-----END PRIVATE KEY-----", "private key", True),
    (jwt({"scope": "read", "iat": 1, "exp": 3601}), "JSON Web Token", False),
    (
        "Basic " + base64.b64encode(b"admin:" + body(9).encode()).decode(),
        "HTTP Basic credential",
        False,
    ),
    ("Bearer " + body(30), "Bearer token", False),
]


@pytest.mark.parametrize(("text", "kind", "coarse"), BY_FORM, ids=[one[1] for one in BY_FORM])
def test_a_credential_is_told_by_its_form(text: str, kind: str, coarse: bool) -> None:
    one = only(f"value {text} end")
    assert (one.kind, one.coarse) == (kind, coarse)


def test_a_right_checksum_makes_sure() -> None:
    right = with_checksum("ghp_")
    wrong = right[:-1] + ("a" if right[-1] != "a" else "b")
    assert checksum_holds(right)
    assert only(right).confidence is Confidence.HIGH
    assert only(wrong).confidence is Confidence.MEDIUM


def test_a_row_of_keys_in_the_form_of_a_token_is_less_sure() -> None:
    typed = "AIza" + "0123456789abcdefghijklmnopqrstuvwxy"
    assert only(typed).confidence is Confidence.MEDIUM


PLACEHOLDERS = [
    "YOUR_API_KEY",
    "your-token-here",
    "<token>",
    "${GITHUB_TOKEN}",
    "${env:TOKEN}",
    "${input:api-key}",
    "{env:TOKEN}",
    "{{token}}",
    "$TOKEN",
    "%TOKEN%",
    "xxxxxxxxxxxxxxxx",
    "ghp_xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx",
    "sk-xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx",
    "changeme",
    "AKIAIOSFODNN7EXAMPLE",
    "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY",
    "sk_test_4eC39HqLyjWDarjtT1zdp7dc",
    "postgresql://user:${DB_PASSWORD}@localhost/db",
    "Bearer ${TOKEN}",
    "Bearer YOUR_TOKEN_GOES_HERE",
    "********",
    "...",
    "",
    "true",
    "keychain",
]


@pytest.mark.parametrize("value", PLACEHOLDERS)
def test_what_stands_for_a_credential_is_none(value: str) -> None:
    assert list(find(value, "API_TOKEN")) == []


@pytest.mark.parametrize(
    "text",
    [
        "Reads a file and returns its contents as UTF-8 text.",
        "token: string, the token to use",
        "The API key is read from the environment variable API_KEY.",
        "550e8400-e29b-41d4-a716-446655440000",
        "d41d8cd98f00b204e9800998ecf8427e",
        "@modelcontextprotocol/server-filesystem@2025.7.1",
        "sha256:9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
        "https://mcp.example.com/v1/mcp?session=new",
        "max_tokens=4096",
        "http://user@host/path",
        "ssh://git@github.com:22/a/b.git",
        "time 12:34:56@noon",
        "Basic understanding of the API is needed",
        "bearer authentication is supported",
    ],
)
def test_ordinary_text_holds_none(text: str) -> None:
    assert list(find(text)) == []


def test_a_name_makes_a_credential_of_a_plain_value() -> None:
    assert only("hunter2!", "DB_PASSWORD").kind == "credential"
    assert only("hunter2!", "DB_PASSWORD").confidence is Confidence.MEDIUM
    assert list(find("hunter2!", "DB_USER")) == []
    assert list(find("/run/secrets/token", "TOKEN")) == []


@pytest.mark.parametrize(
    "name",
    [
        "API_KEY",
        "apiKey",
        "GITHUB_TOKEN",
        "X-API-Key",
        "Authorization",
        "--api-key",
        "DB_PASSWORD",
        "client_secret",
        "OPENAI_KEY",
        "AWS_SECRET_ACCESS_KEY",
        "password",
        "PGPASSWORD",
        "authToken",
        "WAREHOUSE_TOKEN",
        "CASINO_PASSWORD",
    ],
)
def test_names_of_credentials(name: str) -> None:
    assert names_secret(name)


@pytest.mark.parametrize(
    "name",
    [
        "MAX_TOKENS",
        "TOKEN_LIMIT",
        "AUTH_TYPE",
        "PUBLIC_KEY",
        "CLIENT_ID",
        "KEYBOARD",
        "MONKEY",
        "TOKENIZERS_PARALLELISM",
        "SORT_KEY",
        "COMPASS",
        "AUTHOR",
        "--host",
        "",
        "CLAUDE_CODE",
        "USE_TOKEN",
        "with-no-auth",
    ],
)
def test_names_of_other_things(name: str) -> None:
    assert not names_secret(name)


def test_the_claims_of_a_signed_token_say_how_wide_it_is() -> None:
    assert only(jwt({"scope": "repo:read"})).breadth == "repo:read; never expires"
    assert only(jwt({"scope": "admin", "iat": 0, "exp": 60})).coarse
    assert not only(jwt({"scope": "read", "iat": 0, "exp": 3600})).coarse
    assert "3 years" in only(jwt({"iat": 0, "exp": 3 * 365 * 24 * 3600 + 9})).breadth


def test_a_token_with_absurd_claims_is_still_found() -> None:
    assert only(jwt({"exp": 10**300, "iat": -5, "scope": {"a": 1}})).kind == "JSON Web Token"


def test_there_are_many_formats_and_each_compiles() -> None:
    assert len(FORMATS) >= 60
    for one in FORMATS:
        compiled(one.pattern)
        assert one.keywords
        assert all(word == word.lower() for word in one.keywords)


def test_half_of_a_surrogate_pair_is_no_obstacle() -> None:
    token = with_checksum("ghp_")
    one = only("\ud800 " + token)
    assert ("\ud800 " + token)[one.start : one.end] == token


@given(st.text(max_size=200), st.sampled_from(["", "API_KEY", "note"]))
def test_spans_lie_in_the_text_and_do_not_overlap(text: str, name: str) -> None:
    end = 0
    for one in find(text, name):
        assert end <= one.start < one.end <= len(text)
        assert not is_placeholder(text[one.start : one.end])
        end = one.end


@given(
    st.text(max_size=80), st.sampled_from([one[0] for one in BY_FORM[:12]]), st.text(max_size=80)
)
def test_a_token_is_found_whatever_stands_around_it(before: str, token: str, after: str) -> None:
    text = f"{before} {token} {after}"
    assert any(
        token in text[one.start : one.end] or text[one.start : one.end] in token
        for one in find(text)
    )


def test_a_long_hostile_text_takes_no_time() -> None:
    text = "://" + "a:" * 200_000 + "password=" * 20_000
    assert isinstance(list(find(text)), list)
