"""What programs do, by their name and the first word that is given to them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from ostiary.flow.lexicon import wordset
from ostiary.model.access import Level

_R, _W, _D, _X = Level.READ, Level.WRITE, Level.DESTROY, Level.EXECUTE
_S, _A = Level.SEND, Level.ADMINISTER


@dataclass(frozen=True, slots=True)
class Program:
    """One program: what it acts on, its level without a word, and the level of its words."""

    thing: str
    level: Level | None = None
    """Whatever its arguments are; ``None`` if the first word decides."""
    words: Mapping[str, Level] = field(default_factory=dict)
    flags: Mapping[str, Level] = field(default_factory=dict)
    """Options that raise it: ``--force``."""


def _words(**levels: str) -> dict[str, Level]:
    return {word: Level(level) for level, text in levels.items() for word in text.split()}


_GIT: Final = Program(
    "repository",
    words=_words(
        read="""status log diff show blame branch ls-files ls-tree ls-remote rev-parse rev-list
        describe grep shortlog reflog cat-file name-rev for-each-ref symbolic-ref count-objects
        whatchanged cherry merge-base show-ref var version help remote tag stash diff-tree
        check-ignore bisect fsck""",
        write="""add commit checkout switch restore merge rebase cherry-pick revert apply am mv
        init clone fetch pull worktree submodule notes config update-index write-tree
        commit-tree update-ref replace format-patch archive bundle gc maintenance create_head
        create_tag create_remote""",
        destroy="reset clean rm filter-branch prune",
        send="push send-email request-pull",
    ),
    flags=_words(destroy="--force -f --hard --delete -D --force-with-lease --mirror"),
)
_KUBECTL: Final = Program(
    "Kubernetes",
    words=_words(
        read="""get describe logs top explain api-resources api-versions cluster-info version events
        diff auth wait config""",
        write="""apply create patch edit label annotate scale autoscale expose set rollout replace
        cordon uncordon taint cp port-forward proxy""",
        destroy="delete drain",
        execute="exec run debug attach",
        administer="certificate",
    ),
)
_CONTAINERS: Final = Program(
    "container",
    words=_words(
        read="ps images logs inspect stats top port version info history search events diff ls",
        write="""pull build tag commit cp start stop restart pause unpause update rename network
        volume compose save load import export create login""",
        destroy="rm rmi kill prune system",
        execute="run exec",
        send="push",
    ),
)
_HELM: Final = Program(
    "Kubernetes",
    words=_words(
        read="list status get history search show template version env lint",
        write="install upgrade rollback repo pull dependency package create",
        destroy="uninstall delete",
        send="push",
    ),
)
_TERRAFORM: Final = Program(
    "Terraform",
    words=_words(
        read="plan show output state validate version providers graph fmt",
        write="apply import init taint untaint workspace refresh",
        destroy="destroy",
    ),
)
_CLOUD: Final = Program("cloud resources")
_PACKAGES: Final = Program(
    "package",
    words=_words(
        read="list ls view info show search outdated audit version config why freeze check",
        execute="install i add ci run exec start test build npx dlx update upgrade sync create x",
        destroy="uninstall remove rm",
        send="publish",
    ),
)
_GH: Final = Program("GitHub")
_SYSTEMCTL: Final = Program(
    "service",
    words=_words(
        read="status list-units list-unit-files show is-active is-enabled cat",
        administer="""start stop restart reload enable disable mask unmask daemon-reload poweroff
        reboot halt suspend isolate""",
    ),
)
_READS: Final = wordset(
    """ls dir cat head tail less more find fd fdfind grep egrep fgrep rg ag wc stat file du df pwd
    which whereis where type whoami id hostname uname uptime date ps top free env printenv lsof
    netstat ss ifconfig ip arp tree sort uniq cut jq yq diff cmp md5sum sha256sum sha1sum shasum
    strings nm otool objdump readelf od xxd hexdump ping traceroute tracert nslookup dig host whois
    lscpu lsblk lsusb lspci sw_vers system_profiler sysctl vm_stat ioreg mdfind mdls wmic tasklist
    systeminfo ffprobe exiftool pdftotext pdfinfo tesseract cloc tokei ctags eslint tsc pylint
    flake8 mypy ruff semgrep bandit shellcheck hadolint trivy grype syft nmap locate getconf
    last w who groups pgrep journalctl dmesg pbpaste xclip wl-paste screencapture scrot"""
)
_WRITES: Final = wordset(
    """mkdir cp mv touch ln tee install rsync tar zip unzip gzip gunzip 7z patch sed awk ffmpeg
    convert magick sox pandoc wkhtmltopdf dot mmdc plantuml latex pdflatex xelatex
    sips iconutil prettier black isort gofmt rustfmt markitdown yt-dlp youtube-dl wget pbcopy
    defaults plutil setx reg crontab at"""
)
_DESTROYS: Final = wordset("rm rmdir unlink shred kill killall pkill taskkill dd mkfs truncate del")
_SHELLS: Final = wordset("sh bash zsh fish dash ksh cmd cmd.exe powershell powershell.exe pwsh")
_RUNTIMES: Final = wordset(
    """python python3 py node deno bun ruby perl php lua java javac go cargo rustc gcc g++ clang
    make cmake ninja gradle mvn dotnet swift osascript npx uvx pipx Rscript julia scala
    ts-node tsx electron wine mix iex ghci xcodebuild pytest jest vitest mocha tox nox just task
    ansible ansible-playbook ssh sshpass expect screen tmux nohup sudo doas su runas xargs env
    watch parallel gdb lldb strace godot unity blender matlab octave"""
)
_SENDS: Final = wordset("curl http https httpie nc ncat netcat scp sftp ftp telnet mail sendmail")
_ADMINISTERS: Final = wordset(
    """shutdown reboot halt poweroff useradd userdel usermod groupadd passwd chown visudo iptables
    ufw nft firewall-cmd setfacl icacls net netsh service launchctl sc schtasks pmset csrutil
    mount umount chmod chattr"""
)

PROGRAMS: Final[dict[str, Program]] = {
    "git": _GIT,
    "kubectl": _KUBECTL,
    "oc": _KUBECTL,
    "docker": _CONTAINERS,
    "podman": _CONTAINERS,
    "nerdctl": _CONTAINERS,
    "helm": _HELM,
    "terraform": _TERRAFORM,
    "tofu": _TERRAFORM,
    "npm": _PACKAGES,
    "pnpm": _PACKAGES,
    "yarn": _PACKAGES,
    "pip": _PACKAGES,
    "pip3": _PACKAGES,
    "uv": _PACKAGES,
    "poetry": _PACKAGES,
    "brew": _PACKAGES,
    "apt": _PACKAGES,
    "apt-get": _PACKAGES,
    "conda": _PACKAGES,
    "aws": _CLOUD,
    "gcloud": _CLOUD,
    "az": _CLOUD,
    "gh": _GH,
    "systemctl": _SYSTEMCTL,
    **{name: Program("machine or files", _R) for name in _READS},
    **{name: Program("file", _W) for name in _WRITES},
    **{name: Program("file or process", _D) for name in _DESTROYS},
    **{name: Program("command", _X) for name in _SHELLS},
    **{name: Program("program", _X) for name in _RUNTIMES},
    **{name: Program("web address", _S) for name in _SENDS},
    **{name: Program("machine", _A) for name in _ADMINISTERS},
}
SHELLS: Final = _SHELLS
"""Programs that take a whole command line as one argument."""
