"""Where people and programs keep credentials, each with the purposes that explain a look at it."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from ostiary.analyze.rules.hostile.patterns import first_in, together


@dataclass(frozen=True, slots=True)
class Kept:
    """One kind of credential by the paths and commands that give it away."""

    what: str
    pattern: str
    explained: str
    """Words of a purpose that explains a look."""
    public: str = ""
    """What is asked there beside the place that anybody may know, and the place it is asked of."""


KEPT: tuple[Kept, ...] = (
    Kept(
        "SSH keys",
        r"(?:^|[/\\~ ])\.ssh(?:[/\\]|$| )|\bid_(?:rsa|dsa|ecdsa|ed25519)\b|/etc/ssh/ssh_host",
        r"ssh|sftp|scp|remote hosts?|rsync",
    ),
    Kept(
        "keys of a cloud",
        r"\.aws[/\\](?:credentials|config)|gcloud[/\\](?:credentials|access_tokens|legacy"
        r"|application)"
        r"|\.azure[/\\](?:credentials|config|accesstokens|msal|azureprofile)|\.oci[/\\]config"
        r"|doctl[/\\]config|\.terraform\.d[/\\]credentials|\.boto$|\.s3cfg",
        r"aws|amazon|s3|gcp|google|gcloud|azure|oracle cloud|digital ?ocean|terraform",
    ),
    Kept("keys of a cluster", r"\.kube[/\\]config|/etc/kubernetes/", r"kube\w*|k8s|helm|clusters?"),
    Kept(
        "registry credentials",
        r"\.docker[/\\]config\.json|\.npmrc\b|\.pypirc\b|\.gem[/\\]credentials"
        r"|\.cargo[/\\]credentials"
        r"|\.config[/\\]containers[/\\]auth\.json",
        r"docker|containers? regist\w*|npm|pypi|packages?|registr\w*|cargo|crates?",
    ),
    Kept(
        "credentials of source code hosts",
        r"\.git-credentials\b|(?:^|[/\\~ ])[._]netrc\b|\.config[/\\](?:gh[/\\]hosts|hub\b"
        r"|glab-cli)",
        r"git|github|gitlab|netrc|repositor\w*",
    ),
    Kept(
        "passwords of a browser",
        r"logins\.json|key[34]\.db|signons\.sqlite|\blogin data\b",
        r"passwords?|logins?|credentials?",
    ),
    Kept(
        "cookies or history of a browser",
        r"cookies\.sqlite|places\.sqlite"
        r"|[/\\](?:network[/\\])?cookies$|[/\\]cookies\.binarycookies|[/\\]local state$"
        r"|[/\\]web data$"
        r"|safari[/\\]history\.db|(?:default|profile \d|chrome|edge"
        r"|brave)[/\\](?:\S*[/\\])?history$",
        r"browsers?|bookmarks?|brows\w+ history|chrome|firefox|safari|cookies?",
    ),
    Kept(
        "wallets",
        r"wallet\.dat|local extension settings|\.ethereum[/\\]keystore|solana[/\\]id\.json"
        r"|\.electrum\b"
        r"|[/\\]exodus[/\\]|utc--\d{4}|\.bitcoin[/\\]|metamask|atomic[/\\]local storage",
        r"wallets?|ethereum|solana|bitcoin|crypto (?:accounts?|wallets?)|keystore",
    ),
    Kept(
        "the system's key store",
        r"login\.keychain|\.local[/\\]share[/\\]keyrings|find-(?:generic|internet)-password"
        r"|dump-keychain"
        r"|kwallet|\.gnupg[/\\](?:private|secring)|\.password-store|\bvaultcmd\b|\.config[/\\]op\b"
        r"|bitwarden[/\\]data\.json|\.kdbx\b",
        r"keychains?|keyrings?|passwords?|secrets?|gpg|credential store|1password|bitwarden",
        public=r"\b(?:find-certificate|verify-cert|list-keychains|default-keychain)\b",
    ),
    Kept(
        "password hashes and secrets of the system",
        r"/etc/(?:shadow|gshadow|sudoers|master\.passwd|ssl/private|krb5\.keytab)"
        r"|\\config\\(?:sam|security)\b|ntds\.dit|/proc/(?:\d+|self|□|\*)/environ",
        r"shadow|sudoers|process environments?|proc environ|hardening|compliance",
    ),
    Kept(
        "the history of the shell",
        r"\.(?:bash|zsh|sh|python|node_repl|psql|mysql|sqlite|rediscli)_history\b|fish_history",
        r"shell history|command history|history",
    ),
    Kept(
        "tokens of other applications",
        r"\.claude[/\\]\.credentials|\.codex[/\\]auth|\.gemini[/\\]oauth"
        r"|github-copilot[/\\](?:hosts|apps)"
        r"|\.mcp-auth\b|slack[/\\]\S*(?:leveldb|storage)|discord[/\\]\S*leveldb"
        r"|telegram[^/]*[/\\]tdata"
        r"|signal[/\\]config\.json",
        r"claude|codex|gemini|copilot|slack|discord|telegram|signal|mcp auth",
    ),
)


def kept_at(texts: Iterable[str]) -> tuple[Kept, str] | None:
    """The first kind of credential that one of the texts gives away, with what matched."""
    said = together(one for one in texts if len(one) < LONGEST_PATH)
    if not first_in(_ANY, said):
        return None
    found = ((one, first_in(one.pattern, said)) for one in KEPT)
    return next(((one, words) for one, words in found if words and not _is_public(one, said)), None)


def _is_public(kept: Kept, said: str) -> bool:
    """Whether certificates are asked for in the only key store that is named."""
    if not kept.public or not first_in(kept.public, said):
        return False
    return not first_in(kept.pattern, said.replace("login.keychain", ""))


LONGEST_PATH = 400
_ANY = "|".join(one.pattern for one in KEPT)


def explains(kept: Kept, said: str) -> bool:
    """Whether these words of a purpose explain a look at such credentials."""
    return re.search(rf"\b(?:{kept.explained})\b", said) is not None
