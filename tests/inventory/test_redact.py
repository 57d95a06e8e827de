from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from detect.test_secrets import BY_FORM, body, with_checksum
from inventory.entries import entry
from ostiary.inventory.reading import secrets
from ostiary.inventory.redact import masked, shown_command, shown_url, shown_words
from ostiary.inventory.servers import merge

TOKEN = with_checksum("ghp_")
PASSWORD = body(14)


@pytest.mark.parametrize("text", [one[0] for one in BY_FORM], ids=[one[1] for one in BY_FORM])
def test_nothing_that_is_found_is_left(text: str) -> None:
    values = [text[one.start : one.end] for one in secrets(text)]
    assert values
    shown = masked(f"--x {text}")
    assert not any(value in shown for value in values)
    assert masked(shown) == shown


@pytest.mark.parametrize(
    ("words", "shown"),
    [
        (("run", "--api-key", PASSWORD), "run --api-key ***"),
        (("run", f"--api-key={PASSWORD}"), "run --api-key=***"),
        (("run", "--password", "hunter2!"), "run --password ***"),
        (("run", "-e", f"GITHUB_TOKEN={TOKEN}"), "run -e GITHUB_TOKEN=***"),
        (("run", "-e", "PASSWORD=hunter2!"), "run -e PASSWORD=***"),
        (
            ("run", "--header", f"Authorization: Bearer {PASSWORD}"),
            "run --header 'Authorization: Bearer ***'",
        ),
        (("run", "--header", "X-API-Key: hunter2!"), "run --header 'X-API-Key: ***'"),
        (("run", f"postgres://a:{PASSWORD}@h/d"), "run postgres://a:***@h/d"),
        (("run", TOKEN, f"x{TOKEN}y"), "run *** x***y"),
        (("run", "--config", '{"password":"hunter2!"}'), 'run --config \'{"password":"***"}\''),
        (("sh", "-c", "export API_KEY=hunter2! && x"), "sh -c 'export API_KEY=*** && x'"),
        (("run", "https://ada:p@ss:word@h.example.org/x"), "run https://ada:***@h.example.org/x"),
        (("run", "https://h.example.org:80/@scope/x"), "run https://h.example.org:80/@scope/x"),
        (("run", "--filter", "key=value"), "run --filter key=value"),
        (("run", "--token", "${TOKEN}"), "run --token '${TOKEN}'"),
        (("npx", "-y", "@a/b@1.2.3", "/home/ada/a b"), "npx -y @a/b@1.2.3 '/home/ada/a b'"),
        (("run", "--tokens", "4096"), "run --tokens 4096"),
        (("run", "sh\u202egnp.\x1b[2J"), "run 'sh⟨U+202E⟩gnp.⟨U+001B⟩[2J'"),
    ],
)
def test_a_command_as_it_is_shown(words: tuple[str, ...], shown: str) -> None:
    assert shown_command(entry("a", words)) == shown


@pytest.mark.parametrize(
    ("url", "shown"),
    [
        ("https://a.example.org/mcp", "https://a.example.org/mcp"),
        (
            f"https://a.example.org/mcp?api_key={PASSWORD}&x=1",
            "https://a.example.org/mcp?api_key=***&x=1",
        ),
        ("https://a.example.org/mcp?token=short1", "https://a.example.org/mcp?token=***"),
        (f"https://ada:{PASSWORD}@a.example.org/", "https://ada:***@a.example.org/"),
        (f"https://{body(20)}@a.example.org/", "https://***@a.example.org/"),
        (f"https://a.example.org/s/{body(40)}/mcp", "https://a.example.org/s/***/mcp"),
        (
            "https://a.example.org/550e8400-e29b-41d4-a716-446655440000",
            "https://a.example.org/550e8400-e29b-41d4-a716-446655440000",
        ),
        ("https://a.example.org/?key=${KEY}", "https://a.example.org/?key=${KEY}"),
    ],
)
def test_an_address_as_it_is_shown(url: str, shown: str) -> None:
    assert shown_url(url) == shown


def test_a_command_is_never_cut() -> None:
    words = ("run", *(f"argument-{number}" for number in range(5000)))
    assert shown_command(entry("a", words)).count("argument-") == 5000


def test_many_secrets_take_no_time() -> None:
    words = ("run", *(f"--token={body(20, seed=str(number))}" for number in range(3000)))
    shown = shown_command(entry("a", words))
    assert shown.count("--token=***") == 3000


SECRETS = st.sampled_from([one[0] for one in BY_FORM])
PLACES = st.sampled_from(
    [
        "{}",
        "--token={}",
        "--x={}",
        "A={}",
        "https://h/?key={}",
        "x {} y",
        "Authorization: {}",
        "{}{}",
        '{{"apiKey":"{}"}}',
        "é{}",
        "\u202e{}",
        "--{}",
        "{};{}",
    ]
)


@given(st.lists(st.tuples(PLACES, SECRETS), max_size=4), st.lists(st.text(max_size=10), max_size=3))
def test_no_secret_survives_in_a_shown_command(
    placed: list[tuple[str, str]], others: list[str]
) -> None:
    words = ("run", *(place.format(secret, secret) for place, secret in placed), *others)
    found = {word[one.start : one.end] for word in words for one in secrets(word)}
    one = entry("a", words)
    shown = shown_command(one)
    (server,) = merge([one])
    launch = " ".join((*server.launch.notes, server.launch.remote or ""))
    for value in found:
        if len(value) >= 6:
            assert value not in shown
            assert value not in server.command
            assert value not in launch


@given(st.text(max_size=120))
def test_masking_twice_changes_nothing(text: str) -> None:
    once = masked(text)
    assert masked(once) == once


@given(st.lists(st.text(max_size=30), min_size=1, max_size=5))
def test_what_is_shown_has_no_hidden_characters(words: list[str]) -> None:
    for word in shown_words(tuple(words)):
        assert all(char.isprintable() for char in word)
