"""Words that decide how much a change weighs: sensitive parameters, weighty themes, guards."""

from __future__ import annotations

import re

from ostiary.model.json import JsonObject, as_text, strings


def members(names: str) -> frozenset[str]:
    """The members of a set written as one text."""
    return frozenset(names.split())


_PIECE = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|\d+")
_WORD = re.compile(r"[^\W\d_]+(?:-[^\W\d_]+)*")

COMMAND = "a command or code"
ADDRESS = "a URL or host"
PATH = "a path"
RECIPIENT = "a recipient"
CREDENTIAL = "a credential"
CONVERSATION = "the conversation"
OVERRIDE = "an override"

_KINDS: tuple[tuple[str, frozenset[str]], ...] = (
    (
        CONVERSATION,
        members(
            "system_prompt systemprompt conversation conversation_history chat_history history_log "
            "message_history previous_messages prior_messages chain_of_thought reasoning_trace "
            "transcript sidenote user_prompt original_prompt full_context llm_context "
            "model_context agent_context conversation_context chat_context llm_model_name llm_name "
            "tool_call_history tools_list available_tools memory_dump"
        ),
    ),
    (
        CREDENTIAL,
        members(
            "token password passwd passphrase secret secrets credential credentials api_key "
            "apikey access_key private_key secret_key ssh_key auth authorization bearer cookie "
            "cookies pin otp session_token pat"
        ),
    ),
    (
        COMMAND,
        members(
            "command commands cmd shell script code exec execute eval argv program binary "
            "executable entrypoint env environment hook preinstall postinstall sql"
        ),
    ),
    (
        ADDRESS,
        members(
            "url urls uri href webhook webhooks callback endpoint host hostname proxy domain "
            "redirect remote upstream server_address ip"
        ),
    ),
    (
        RECIPIENT,
        members(
            "recipient recipients to cc bcc email emails destination dest forward forward_to "
            "mailto send_to notify beneficiary payee copy_to mirror_to exfil sink"
        ),
    ),
    (
        PATH,
        members(
            "path paths file files filename filepath file_path directory dir output_file "
            "input_file mount"
        ),
    ),
)
_OVERRIDES = members(
    "force override bypass skip sudo admin privileged unsafe insecure dangerously impersonate "
    "run_as as_user elevated elevate root no_verify no_confirm auto_approve disable_safety "
    "cascade"
)
_CARRIES = members("string array object")
_PADDING = members("list value values string text arg argument param line lines input")
_ALONE = members("to code pin pat ip remote binary program hook forward domain key sink env notify")
"""Words that mean something sensitive only where they are the whole name."""
_HARMLESS_BESIDE = members(
    "page next cursor max min count num number continuation sync limit budget start end per "
    "previous prev pagination offset starting ending request version type"
)
"""``next_page_token`` and ``max_tokens`` name no credential, ``start_to`` no recipient."""

_FORMATS = {
    "uri": ADDRESS,
    "url": ADDRESS,
    "uri-reference": ADDRESS,
    "hostname": ADDRESS,
    "email": RECIPIENT,
    "password": CREDENTIAL,
    "file-path": PATH,
}

GUARDS = members(
    "confirm confirmation confirmed approve approval dry_run dryrun read_only readonly safe_mode "
    "sandbox sandboxed preview require_approval safe verify"
)
"""Parameters by which a person or an agent could hold a tool back."""


def pieces(name: str) -> tuple[str, ...]:
    """The lower-case words of an identifier: ``maxTokens`` is ``("max", "tokens")``."""
    return tuple(piece.lower() for piece in _PIECE.findall(name[:200]))


def asks_for(name: str, schema: JsonObject) -> str | None:
    """What sensitive thing a parameter asks for, or ``None``.

    A number, a fixed list and a word that only qualifies another (``url_type``) ask for nothing.
    """
    types = strings(schema.get("type"))
    if "enum" in schema or (types and not _CARRIES.intersection(types)):
        return OVERRIDE if "boolean" in types and _overrides(pieces(name)) else None
    words = tuple(word for word in pieces(name) if not word.isdigit())
    while len(words) > 1 and words[-1] in _PADDING:
        words = words[:-1]
    if words and not _HARMLESS_BESIDE.intersection(words):
        ends = {"_".join(words[start:]) for start in range(max(0, len(words) - 3), len(words))}
        if len(words) > 1:
            ends -= _ALONE
        for kind, names in _KINDS:
            if names & ends:
                return kind
    return _FORMATS.get(as_text(schema.get("format")).lower())


def _overrides(words: tuple[str, ...]) -> bool:
    return bool(_OVERRIDES & _spans(words)) and not _HARMLESS_BESIDE.intersection(words)


def is_guard(name: str) -> bool:
    """Whether a parameter lets a caller hold the tool back."""
    return bool(GUARDS.intersection(_spans(pieces(name))))


def _spans(words: tuple[str, ...]) -> set[str]:
    """Every run of one to three words, joined as in a name."""
    return {
        "_".join(words[start : start + size])
        for size in (1, 2, 3)
        for start in range(len(words) - size + 1)
    }


THEMES: tuple[tuple[str, frozenset[str]], ...] = (
    (
        "deleting",
        members(
            "delete deletes deleted deleting deletion remove removes removing erase erases wipe "
            "wipes purge purges destroy destroys drop drops truncate truncates overwrite "
            "overwrites uninstall revoke terminate terminates kill"
        ),
    ),
    (
        "changing things",
        members(
            "write writes writing written update updates updating modify modifies modifying edit "
            "edits editing create creates creating insert inserts change changes save saves "
            "append appends rename renames replace replaces upsert patch mutate upload uploads "
            "commit commits push pushes"
        ),
    ),
    (
        "sending data out",
        members(
            "send sends sending upload uploads uploading external externally outbound endpoint "
            "webhook transmit transmits forward forwards forwarding export exports exporting "
            "publish publishes post posts posting share shares sharing remote third-party "
            "off-site offsite email emails notify notifies deliver delivers exfiltrate mirror "
            "mirrors replicate replicates internet cloud"
        ),
    ),
    (
        "running code",
        members(
            "execute executes executing execution run runs shell command commands script scripts "
            "eval evaluate evaluates bash powershell subprocess arbitrary"
        ),
    ),
    (
        "personal data",
        members(
            "personal private pii ssn passport medical health patient salary confidential "
            "sensitive contacts birthdate biometric phone address addresses emails gdpr "
            "demographic identity"
        ),
    ),
    (
        "secrets",
        members(
            "secret secrets password passwords credential credentials token tokens api-key "
            "api-keys private-key ssh keychain cookie cookies passphrase vault"
        ),
    ),
    (
        "money",
        members(
            "payment payments pay pays charge charges purchase purchases transfer transfers buy "
            "buys refund refunds invoice billing funds wallet withdraw trades"
        ),
    ),
    (
        "administration",
        members(
            "admin admins administrator administrative permission permissions role roles grant "
            "grants privilege privileges root sudo superuser elevated owner impersonate "
            "impersonates unrestricted"
        ),
    ),
    (
        "keeping a record of its use",
        members(
            "logs logged logging recorded collects collected telemetry tracks tracked tracking "
            "analytics monitors retains retained"
        ),
    ),
    (
        "a wider reach",
        members(
            "entire unlimited unrestricted global organization-wide tenant tenants whole "
            "system-wide account-wide everyone"
        ),
    ),
)
"""Themes whose first appearance in a text deserves a look. A word may belong to several."""

RESTRAINTS = members(
    "read-only readonly confirm confirmation confirms approval approve approves consent "
    "dry-run only never sandbox sandboxed local locally safely "
    "redacted masked anonymized anonymised"
)
"""Words by which a text promises restraint; their loss deserves a look."""

_MULTI = re.compile(r"\b(api|private|access|read|dry|third) (keys?|only|run|party)\b")


def text_words(text: str) -> frozenset[str]:
    """The lower-case words of a text; ``read only`` and ``API key`` count as one word."""
    folded = _MULTI.sub(r"\1-\2", text[:20_000].lower())
    return frozenset(_WORD.findall(folded))


def themes(words: frozenset[str]) -> tuple[str, ...]:
    """The weighty themes among ``words``, in a fixed order."""
    return tuple(theme for theme, members in THEMES if members & words)
