"""Calls of libraries that no table names, whose own name says that they act: ``create_pod``."""

from __future__ import annotations

import builtins
import sys
from functools import lru_cache
from typing import Final

from ostiary.flow.lexicon import wordset
from ostiary.flow.words import name_verbs

UNKNOWN: Final = "by its name"
"""Tag of such a call."""

_LONGEST: Final = 48
"""Characters of a method's name; longer ones are no names of people."""

_LANGUAGE: Final = wordset(
    """assert async_hooks buffer builtins child_process cluster console constants crypto dgram dns
    document domain events fetch fs globalThis http http2 https module navigator net os path
    performance perf_hooks process punycode querystring readline repl self stream string_decoder
    structuredClone sys timers tls tty url util v8 vm window worker_threads zlib"""
) | frozenset(dir(builtins))
"""What the languages bring themselves. The tables name what matters of it."""

_PLAIN: Final = wordset(
    """@modelcontextprotocol @hono @t3-oss ajv alive-progress anyio argparse arktype attr attrs
    beautifulsoup4 bs4 bytes chalk cheerio cli-table3 click colorama commander consola cosmiconfig
    cors dataclasses date-fns dateutil dayjs debug decimal.js diff docstring_parser dotenv effect
    express fast-xml-parser fastapi fastify fastmcp find-up fuse.js glob hono html2text
    html-to-text immer inquirer io-ts joi js-yaml jsdom json5 jsonschema koa linkedom lodash
    lodash-es log4js loguru loglevel lru-cache lxml markdown marked markdownify mcp minimatch
    moment ms nanoid numpy ora orjson p-limit p-queue p-retry pandas parse5 pathspec picomatch
    pino polars prompt_toolkit prompts pydantic pydantic_settings pyparsing pyyaml qs ramda
    readability requests_toolbelt rich ruamel rxjs scipy semver starlette structlog superstruct
    tabulate tenacity tiktoken tomli tqdm ts-morph turndown typer typescript ulid underscore
    unified uuid uvicorn valibot validator winston xml2js yaml yargs yargs-parser yup zod
    zod-to-json-schema cachetools aiolimiter attrs toml tomlkit deepmerge fast-glob eventemitter3
    node-cache @sinclair @sentry sentry_sdk dd-trace newrelic posthog posthog-node prom-client
    opentelemetry @opentelemetry express-rate-limit helmet jose
    jsonwebtoken jwt bcrypt tslib iconv-lite he entities htmlparser2 sympy networkx sklearn torch
    jinja2 mustache handlebars ejs nunjucks PIL sharp matplotlib seaborn plotly babel
    @babel eslint prettier acorn esprima ast astor libcst tree_sitter web-tree-sitter"""
)
"""Libraries that only compute, serve or log: their ``remove`` removes nothing of anybody's."""


_BAGS: Final = wordset("headers params searchParams defaults options cookies logger log console")
"""Parts of a client that are filled and emptied on this side."""


_SIGNERS: Final = (
    "botocore.auth.",
    "botocore.awsrequest.",
    "google.auth.",
    "@smithy/signature-v4",
    "@aws-sdk/signature-v4",
    "aws4.",
    "requests_aws4auth",
)
"""Parts of libraries that sign a request on this side before it is sent."""


@lru_cache(maxsize=16384)
def acts(name: str) -> bool:
    """Whether the call of this qualified name is one of a library that reaches something, as far
    as its own name tells."""
    root = name.partition(".")[0].partition("(")[0]
    package = root.partition("/")[0]
    if not root or root[0] == "*" or root[0].isupper():
        return False
    if package in _PLAIN or package in _LANGUAGE or _is_python(package):
        return False
    if name.startswith(_SIGNERS):
        return False
    before, _, method = name.rpartition(".")
    if before.rpartition(".")[2] in _BAGS:
        return False
    if "." not in name or len(method) > _LONGEST or _is_class(method):
        return False
    said = name_verbs(method)
    return bool(said) and said[0].verb.level is not None


def _is_class(method: str) -> bool:
    """Whether it makes an object, and is no order that is sent as one: ``PutObjectCommand``."""
    return method[:1].isupper() and not method.isupper() and not method.endswith("Command")


def _is_python(package: str) -> bool:
    return package in sys.stdlib_module_names and package not in _SPEAKING


_SPEAKING: Final = frozenset({"imaplib", "poplib", "ftplib", "nntplib", "telnetlib"})
"""Modules of Python that talk to other machines."""
