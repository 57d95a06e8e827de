"""What is known of the options of programs."""

from __future__ import annotations

from typing import Final

from ostiary.analyze.knowledge.names import each

DANGEROUS: Final = frozenset(
    each(
        "",
        "git hg svn tar find xargs curl wget ssh scp sftp rsync rg zip unzip 7z man less sort "
        "ffmpeg ffprobe yt-dlp youtube-dl pandoc convert magick mogrify gs wkhtmltopdf npm pnpm "
        "yarn pip pip3 kubectl helm terraform gdb vim vi awk gawk sed gcc g++ clang make cargo go "
        "mvn gradle psql mysql sqlite3 mongosh openssl nmap tcpdump strace chromium chrome "
        "google-chrome firefox busybox",
    )
)
"""Programs with an option that starts another program, or that reads or writes any file."""

RUNNERS: Final = frozenset(
    each(
        "",
        "npx bunx pnpx pipx uvx uv docker podman java ruby perl node python python3 php deno bun "
        "sudo env nice timeout watch strace",
    )
)
"""Programs that run what their first plain word names: words after it are that one's, not theirs.
Their own options start other code too."""

_ALONE: Final = frozenset(
    each(
        "",
        "-r -R -rf -fr -q -v -a -l -la -s -L -k -y "
        "--oneline --stat --cached --staged --porcelain --all --force --quiet --verbose --bare "
        "--name-only --name-status --no-color --no-pager --no-edit --no-verify --recursive --yes "
        "--json --dry-run --hard --soft --mixed --tags --prune --rebase --amend --numstat "
        "--short --long --follow --graph --decorate --ignore-case --line-number --with-filename",
    )
)


def flag_alone(option: str) -> bool:
    """Whether an option is one that takes no value."""
    return option in _ALONE
