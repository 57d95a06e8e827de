#!/bin/sh
# Makes this checkout ready: system packages that are missing, uv, and the locked environment.
# usage: tools/setup.sh run | test | bench | corpus      (`test` also wants a browser and the programs that tests
# talk to, `bench` and `corpus` what `make bench` and `make corpus` measure beside)
set -eu
cd "$(dirname "$0")/.."
want=${1:-run}

say() { printf 'setup: %s\n' "$*" >&2; }

install() {
    if [ "$(id -u)" = 0 ]; then as_root=""
    elif command -v sudo >/dev/null 2>&1; then as_root="sudo"
    else
        say "missing system packages: $*"
        say "install them as root, then run this again:  apt-get install -y $*"
        exit 1
    fi
    command -v apt-get >/dev/null 2>&1 || { say "missing: $*; install them with your system's package manager"; exit 1; }
    say "installing system packages: $*"
    $as_root apt-get update -qq
    DEBIAN_FRONTEND=noninteractive $as_root apt-get install -y -qq --no-install-recommends "$@" >/dev/null
}

missing=""
command -v bwrap >/dev/null 2>&1 || missing="$missing bubblewrap"
command -v git >/dev/null 2>&1 || missing="$missing git"
command -v node >/dev/null 2>&1 || missing="$missing nodejs"
command -v npm >/dev/null 2>&1 || missing="$missing npm"
if [ "$want" = test ]; then
    command -v chromium >/dev/null 2>&1 || missing="$missing chromium"
    # The program that drives the browser is linked with it.
    ls /usr/lib/*/libatomic.so.1 /lib/*/libatomic.so.1 >/dev/null 2>&1 || missing="$missing libatomic1"
fi

if [ "$want" = test ] || [ "$want" = bench ]; then
    [ -x /usr/sbin/nginx ] || command -v nginx >/dev/null 2>&1 || missing="$missing nginx-light"
fi
if [ "$want" = bench ]; then
    command -v wrk >/dev/null 2>&1 || missing="$missing wrk"
fi

python=""
for candidate in python3.11 python3.12 python3.13 python3; do
    if command -v "$candidate" >/dev/null 2>&1 &&
       "$candidate" -c 'import sys; sys.exit(not (3, 11) <= sys.version_info[:2] < (3, 14))' 2>/dev/null; then
        python=$candidate
        break
    fi
done
[ -n "$python" ] || { missing="$missing python3"; python=python3; }
if ! command -v uv >/dev/null 2>&1 && [ ! -x .tools/bin/uv ]; then
    "$python" -c 'import ensurepip' 2>/dev/null || missing="$missing python3-venv"
fi
# shellcheck disable=SC2086
[ -z "$missing" ] || install $missing

# Debian's own Node.js may be older than what current servers run on.
node_major=$(node --version | sed 's/^v\([0-9]*\).*/\1/')
node_least=20
[ "$want" = test ] && node_least=22
if [ "$node_major" -lt "$node_least" ] && [ ! -x .tools/node/bin/node ]; then
    case "$(uname -m)" in aarch64) cpu=arm64 ;; *) cpu=x64 ;; esac
    say "installing Node.js 22 into .tools (this machine has $node_major)"
    mkdir -p .tools/node/bin
    npm install --silent --no-audit --no-fund --ignore-scripts --prefix .tools/node \
        "node-linux-$cpu@22.23.3" npm@10.9.9 >/dev/null
    ln -sf "../node_modules/node-linux-$cpu/bin/node" .tools/node/bin/node
    ln -sf ../node_modules/npm/bin/npm-cli.js .tools/node/bin/npm
    ln -sf ../node_modules/npm/bin/npx-cli.js .tools/node/bin/npx
fi

# Programs of others that tests run: the protocol's own conformance suite, clients, an OpenID provider.
programs="@modelcontextprotocol/conformance@0.2.0-alpha.12
@modelcontextprotocol/inspector@2.12.0
@modelcontextprotocol/sdk@1.32.2
@modelcontextprotocol/client@2.4.0
@modelcontextprotocol/server-everything@2026.8.31
oidc-provider@9.13.3
zod@4.4.3"
if [ "$want" = test ] && [ "$(cat .tools/npm/ready 2>/dev/null)" != "$programs" ]; then
    say "installing the programs that tests talk to into .tools/npm"
    mkdir -p .tools/npm
    # shellcheck disable=SC2086
    PATH="$PWD/.tools/node/bin:$PATH" npm install --silent --no-audit --no-fund --ignore-scripts \
        --no-package-lock --prefix .tools/npm $programs >/dev/null
    printf '%s\n' "$programs" >.tools/npm/ready
fi

uv=$(command -v uv || true)
if [ -z "$uv" ]; then
    [ -x .tools/bin/uv ] || { say "installing uv into .tools"; "$python" -m venv .tools; .tools/bin/pip install --quiet --disable-pip-version-check uv==0.13.8; }
    uv=.tools/bin/uv
fi

if ! [ .venv/ready -nt requirements.lock ] || ! [ .venv/ready -nt pyproject.toml ]; then
    say "making the environment from requirements.lock"
    [ -x .venv/bin/python ] || "$uv" venv --quiet --python "$python" .venv
    "$uv" pip sync --quiet --require-hashes --compile-bytecode --python .venv/bin/python requirements.lock
    "$uv" pip install --quiet --no-deps --python .venv/bin/python --editable .
    touch .venv/ready
fi
# Where Python is told to keep no bytecode, each process would compile all of it again.
.venv/bin/python -m compileall -q -j 0 src

# What `make bench` and `make corpus` measure beside ours, each alone; one that cannot be had is left out.
peer() {
    folder=.tools/$want/$1; version=$2; shift 2
    [ -e "$folder/ready" ] && return
    for candidate in "python$version" "$HOME"/.pyenv/versions/"$version".*/bin/python; do
        command -v "$candidate" >/dev/null 2>&1 && "$candidate" -c 'import venv' 2>/dev/null && break
    done
    say "installing $* into $folder"
    if "$uv" venv --quiet --clear --python "$candidate" "$folder" &&
       "$uv" pip install --quiet --python "$folder/bin/python" "$@"; then
        touch "$folder/ready"
    else
        say "not installed: $*"
        rm -rf "$folder"
    fi
}

if [ "$want" = bench ]; then
    peer fastmcp 3.11 fastmcp==4.1.2
    peer mcp-hangar 3.11 mcp-hangar==2.34.4
    peer mcp-proxy 3.11 mcp-proxy==0.13.0
    peer contextforge 3.12 mcp-contextforge-gateway==1.1.0
    if [ ! -e .tools/bench/npm/ready ]; then
        say "installing mcp-proxy and supergateway into .tools/bench/npm"
        mkdir -p .tools/bench/npm
        npm install --silent --no-audit --no-fund --ignore-scripts --prefix .tools/bench/npm \
            mcp-proxy@6.7.19 supergateway@4.0.0 >/dev/null && touch .tools/bench/npm/ready ||
            say "not installed: mcp-proxy, supergateway"
    fi
fi

# Auditors of source that are published on an index. Of two only the rules are used, by semgrep.
if [ "$want" = corpus ]; then
    peer bandit 3.11 bandit==1.9.4
    peer agent-audit 3.11 agent-audit==0.20.0
    peer agent-audit-kit 3.11 agent-audit-kit==0.6.26
    peer semgrep 3.11 semgrep==1.185.0
    peer mcp-audit 3.11 mcp-audit-scanner==0.21.1
    peer mcp-redteam 3.11 redteam-mcp==0.5.2
fi

# The first generation of the Python SDK and a server on it, apart from the second in .venv.
first="mcp==1.30.0 mcp-server-time==2026.10.10"
if [ "$want" = test ] && [ "$(cat .tools/first/ready 2>/dev/null)" != "$first" ]; then
    say "installing a client and a server on the first Python SDK into .tools/first"
    "$uv" venv --quiet --clear --python "$python" .tools/first
    # shellcheck disable=SC2086
    "$uv" pip install --quiet --compile-bytecode --python .tools/first/bin/python $first
    printf '%s\n' "$first" >.tools/first/ready
fi
