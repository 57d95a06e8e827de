"""Foreign objects a planted instruction points at, alike in every language.

Patterns are RE2, written for lower-case text.
"""

from __future__ import annotations

SHELL = (
    (
        r"\b(?:curl|wget|iwr|invoke-webrequest|invoke-expression|iex)\b[^\n]*(?:https?://|"
        r"\||-[a-z]|"
        r"--)"
    ),
    r"\bsudo (?:-\w|[a-z])",
    r"\brm -[a-z]{1,3} ",
    (
        r"\b(?:cat|less|head|tail|type|more|cp|mv|tar|scp|grep|base64|xxd|strings|source|ls|"
        r"find) (?:-[-\w]+ )*[~/$.][\w./~$*-]+"
    ),
    r">>? ?[~/$.][\w./~$-]*",
    r"\$\([^)]+\)|\$\{?(?:path|home|user|env|aws_\w+|\w*(?:token|key|secret)\w*)\b",
    r"&& ?[a-z]+|\|\| ?[a-z]+ |\| ?(?:sh|bash|zsh|python3?|nc|base64|tee|xargs|sudo)\b",
    r"\b(?:ba|z|power)?sh(?:ell)?(?:\.exe)? -(?:c|e|i|enc|encodedcommand|command|nop|w)\b",
    r"\b(?:nc|ncat|netcat) -",
    (
        r"\b(?:chmod|chown|crontab|systemctl|launchctl|schtasks|reg add|netsh|iptables|ufw|"
        r"setenforce|useradd|usermod|passwd|visudo|mkfifo|dd if=|mkfs|shutdown|killall|kill -9|"
        r"osascript|certutil|bitsadmin|regsvr32|rundll32|mshta|cmd /c|cmd\.exe)\b"
    ),
    r"\b(?:python3?|node|perl|ruby|php|deno) -(?:c|e|r)\b",
    (
        r"\b(?:whoami|printenv|uname -a|hostname -|ifconfig|ip addr|ps aux|netstat -|env \||"
        r"set \|)(?:\b| |$)"
    ),
    r"\bkubectl (?:scale|delete|apply|drain|patch|edit|exec)\b|\bterraform (?:apply|destroy)\b",
    r"\bgit (?:push|config|clone|remote|commit|add|reset|checkout)\b",
    r"\b(?:eval|exec)\(",
    r"\bos\.(?:system|environ|popen)\b|\bsubprocess\.",
    r"[`'\"](?:id|env|set|ps|whoami|uname|history|printenv|hostname)[`'\"]",
    r"\bexport [a-z_]+=",
    r"\binstall\b[^\n]*(?:https?://|git\+)",
)
SETUP = (
    r"\b(?:npm|pnpm|yarn|bun) (?:i|install|add|run|exec|start|ci)\b|\bnpx (?:-y )?[@a-z]",
    (
        r"\b(?:pip3?|pipx|uv|uvx|poetry|conda|brew|apt|apt-get|apk|dnf|yum|choco|winget|cargo|gem|"
        r"go) (?:install|add|get|pip|tool|run|i)\b"
    ),
    r"\b(?:docker|podman|kubectl|helm|terraform) (?:run|exec|apply|pull|delete|build|login)\b",
    (
        r"\b(?:aws configure|aws sso|gcloud auth|az login|gh auth|huggingface-cli login|"
        r"wrangler login)\b"
    ),
)
SENSITIVE = (
    (
        r"(?:~|/home/\w+|/root|%userprofile%|\$home)?[/\\]?\.(?:ssh|aws|gnupg|kube|docker|azure|"
        r"gcloud|netrc|npmrc|pypirc|pgpass|git-credentials|vault-token|env|cursor|claude|codeium|"
        r"continue|bash_history|zsh_history|mozilla|password-store|htpasswd|my\.cnf|"
        r"electrum|bitcoin|"
        r"ethereum|solana|config/(?:gcloud|gh|google-chrome|claude|op))\b"
    ),
    r"\bid_(?:rsa|dsa|ecdsa|ed25519)\b",
    r"/etc/(?:passwd|shadow|sudoers|hosts|ssh|ssl|kubernetes|krb5\.keytab|gshadow)\b",
    r"\bauthorized_keys\b|\bknown_hosts\b",
    (
        r"\b(?:mcp|claude_desktop_config|mcp_config|mcp-config|mcp_settings|credentials|secrets?|"
        r"service[-_]account|wallet|tokens?|keystore|client_secret\w*)\.(?:json|ya?ml|toml|ini|dat|"
        r"db|txt|env|conf)\b"
    ),
    (
        r"/proc/(?:self|\d+)/(?:environ|cmdline|mem)|/var/run/secrets|/run/secrets|"
        r"/var/run/docker\.sock"
    ),
    (
        r"\b(?:login|web) data\b[^.]*\bchrome|\bchrome\b[^.]*\b(?:login data|cookies)\b|"
        r"\bkeychain\b|"
        r"\blogins\.json\b|\bkey4\.db\b|\bcookies\.sqlite\b"
    ),
    r"[\w/-]+\.(?:pem|ppk|p12|pfx|kdbx|keystore|jks|ovpn)\b",
    (
        r"(?:^|[\s'\"`(/])(?:system\.conf|web\.config|wp-config\.php|config/master\.key|"
        r"database\.yml|terraform\.tfstate|sam|ntds\.dit)\b"
    ),
    r"169\.254\.169\.254|metadata\.google\.internal",
)
STARTUP = (
    (
        r"\.(?:bashrc|bash_profile|zshrc|zprofile|profile|bash_aliases|xinitrc|vimrc|gitconfig|"
        r"condarc)\b"
    ),
    (
        r"\bconfig\.fish\b|\$profile\b|\bautostart\b|\blaunchagents?\b|\bcrontab\b|/etc/(?:cron|"
        r"profile|rc\.local|init|systemd)|\bstartup folder\b|\.git/hooks\b|\bpre-commit hook\b|"
        r"\bauthorized_keys\b"
    ),
    (
        r"\b(?:claude|agents|gemini|copilot-instructions|skill|memory)\.md\b|\.cursorrules\b|"
        r"\.windsurfrules\b|\.clinerules\b|\bmcp\.json\b|\bclaude_desktop_config\b"
    ),
    r"\bsettings\.json\b",
)
PATH = (
    r"(?:^|[\s'\"`(=])(?:~|\.{1,2})?/(?:[\w.@-]+/)*[\w.@-]+",
    r"\b[a-z]:\\[\w\\. -]+",
    r"%(?:appdata|userprofile|localappdata|temp)%",
)
URL = (
    r"\b(?:https?|wss?|ftps?)://[^\s'\"`<>)]+",
    r"\bhxxps?://",
    r"\bdata:[a-z]+/[a-z+-]+;base64,",
    r"\b(?:\d{1,3}\.){3}\d{1,3}(?::\d+)?/",
    (
        r"\b(?:[a-z0-9-]+\.){1,4}(?:ngrok\.io|ngrok-free\.app|webhook\.site|requestbin\.\w+|"
        r"pipedream\.net|burpcollaborator\.net|oast\.\w+|interact\.sh|trycloudflare\.com|loca\.lt|"
        r"serveo\.net|pastebin\.com|transfer\.sh|file\.io|telegram\.org|"
        r"discord(?:app)?\.com/api/webhooks)\b"
    ),
)
URI = (
    r"\b(?:[a-z][a-z0-9+-]+)://[\w.{}/*?=&%#@-]+",
    r"\bfile:///?",
)
EMAIL = (r"\b[a-z0-9][a-z0-9._%+-]*@[a-z0-9-]+(?:\.[a-z0-9-]+){0,4}\.[a-z]+\b",)
PHONE = (r"\+\d{1,3}[ -]?\d[\d -]{6,14}\d\b",)
LITERAL = (r"['\"“‘«「『`][^'\"”’»」』`\n]+['\"”’»」』`]",)
MESSAGE = (
    (
        r"(?:^|"
        r"[\s(:])['\"“‘«「『][^\"”»」』\s]+ [^\"”»」』\s]+ "
        r"[^\"”»」』\n]+?['\"”’»」』](?:[\s.,;)]|$)"
    ),
    r"[「『“«][^」』”»\n]+[」』”»]",
)
NAMELIKE = (
    r"[`'\"“‘«「『][a-z][\w.-]+[`'\"”’»」』]",
    r"\b[a-z][a-z0-9]*(?:_[a-z0-9]+)+\b",
    r"\b[a-z]+-[a-z]+(?:-[a-z]+)* tool\b",
    r"\btool \w+|\b\w+ tool\b",
)
OBJECTS: dict[str, tuple[str, ...]] = {
    "shell": SHELL,
    "setup": SETUP,
    "sensitive": SENSITIVE,
    "startup": STARTUP,
    "path": PATH,
    "url": URL,
    "uri": URI,
    "email": EMAIL,
    "phone": PHONE,
    "literal": LITERAL,
    "message": MESSAGE,
    "namelike": NAMELIKE,
}
"""Patterns by kind; a kind is a signal like those of the lexicon."""
