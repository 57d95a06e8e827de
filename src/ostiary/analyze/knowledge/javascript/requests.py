"""HTTP that JavaScript code sends, and lower connections: sockets, DNS, WebSockets."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from ostiary.analyze.dataflow.effect import EffectKind
from ostiary.analyze.dataflow.guarantee import HOST_PUBLIC, PARSED_URL, URL_ENCODED
from ostiary.analyze.dataflow.value import SourceKind
from ostiary.analyze.knowledge.known import NO_RESULT, Known, Library, Result, Typed, When, Where
from ostiary.analyze.knowledge.names import across, each

_Roles = Mapping[str, tuple[Where, ...]]

_ANSWER: Final = Result(passes=(), gives=SourceKind.REMOTE, named=0)
_CLIENT: Final = Result(passes=("0.baseURL", "0.prefixUrl"), keeps=True, keeps_recipe=True)
_REMOTE: Final = Result(passes=(), gives=SourceKind.REMOTE, named="answer of a server")

_NODE_REQUEST: Final = Result(
    passes=(), gives=SourceKind.REMOTE, named=0, external="http.request()"
)
_SOCKET: Final = Result(
    passes=(), gives=SourceKind.REMOTE, named="socket", external="net.connect()"
)
_VERIFY: Final[tuple[Where, ...]] = (
    "0.rejectUnauthorized",
    "1.rejectUnauthorized",
    "0.connect.rejectUnauthorized",
)

_FETCH: Final[_Roles] = {
    "url": ("0.url", 0),
    "body": ("1.body", "1.json", "1.form", "1.data", "0.body", "0.data"),
    "headers": ("1.headers", "0.headers"),
    "method": ("1.method", "0.method"),
    "query": ("1.searchParams", "1.params", "1.query", "0.params"),
    "options": (1, 0),
    "client": ("base",),
}
_AXIOS_GET: Final[_Roles] = {
    "url": (0,),
    "body": ("1.data",),
    "headers": ("1.headers",),
    "query": ("1.params",),
    "options": (1,),
    "client": ("base",),
}
_AXIOS_POST: Final[_Roles] = {
    "url": (0,),
    "body": (1,),
    "headers": ("2.headers",),
    "query": ("2.params",),
    "options": (2,),
    "client": ("base",),
}

_FETCHES: Final = (
    "fetch",
    "globalThis.fetch",
    "window.fetch",
    "node-fetch",
    "node-fetch.fetch",
    "cross-fetch",
    "cross-fetch.fetch",
    "isomorphic-fetch",
    "isomorphic-unfetch",
    "undici.fetch",
    "undici.request",
    "undici.stream",
    "make-fetch-happen",
    "fetch-retry()",
    "got",
    *each("got.", "get post put patch delete head stream got"),
    *each("got.extend().", "get post put patch delete head"),
    "got.extend()",
    "ky",
    *each("ky.", "get post put patch delete head"),
    *each("ky.create().", "get post put patch delete head"),
    "ky.create()",
    "ofetch.ofetch",
    "ofetch.$fetch",
    "wretch",
    "phin",
    "bent()",
    "Bun.fetch",
    "@tauri-apps/plugin-http.fetch",
    "expo/fetch.fetch",
    "make-fetch-happen.defaults()",
    "fetch-cookie()",
    "node-fetch-native",
    "node-fetch-native.fetch",
    "minipass-fetch",
    "electron.net.fetch",
    "simple-get",
    "simple-get.concat",
)
_AXIOS: Final = (
    "axios.",
    "axios.create().",
    "axios.Axios().",
    "axios-retry.",
    "@nestjs/axios.HttpService().",
    "axios-cookiejar-support.wrapper().",
    "@nestjs/axios.HttpService().axiosRef.",
)

_HTTP: Final = (
    Known(_FETCHES, EffectKind.REQUEST, _FETCH, result=_ANSWER),
    Known(
        across(_AXIOS, "get delete head options getUri"),
        EffectKind.REQUEST,
        _AXIOS_GET,
        result=_ANSWER,
    ),
    Known(
        across(_AXIOS, "post put patch postForm putForm patchForm"),
        EffectKind.REQUEST,
        _AXIOS_POST,
        result=_ANSWER,
    ),
    Known(
        ("axios", "axios.create()", "axios.Axios()", *across(_AXIOS, "request")),
        EffectKind.REQUEST,
        _FETCH,
        result=_ANSWER,
    ),
    Known(("axios.create", "got.extend", "ky.create", "ky.extend"), result=_CLIENT),
    Known(
        across(("http.", "https."), "request get"),
        EffectKind.REQUEST,
        {
            "url": ("0.hostname", "0.host", "0.href", 0),
            "path": ("0.path", "1.path"),
            "headers": ("1.headers", "0.headers"),
            "method": ("1.method", "0.method"),
            "options": (1, 0),
        },
        result=_NODE_REQUEST,
    ),
    Known(
        each("http.request().", "write end"),
        EffectKind.REQUEST,
        {"body": (0,)},
        tags=("body only",),
        result=NO_RESULT,
    ),
    Known(
        across(("http2.",), "connect"),
        EffectKind.CONNECT,
        {"host": (0,)},
        result=_REMOTE,
    ),
    Known(
        each("superagent.", "get post put patch delete del head"),
        EffectKind.REQUEST,
        {"url": (0,), "body": (1,)},
        result=_ANSWER,
    ),
    Known(
        each("superagent.*.", "send attach field query"),
        EffectKind.REQUEST,
        {"body": (0,)},
        tags=("body only",),
        result=Result(passes=("base",)),
    ),
    Known(
        ("request", *each("request.", "get post put patch delete head"), "request-promise"),
        EffectKind.REQUEST,
        {
            "url": ("0.url", "0.uri", 0),
            "body": ("0.body", "0.json", "0.form", "1.body", "1.json", "1.form"),
            "headers": ("0.headers", "1.headers"),
            "options": (1, 0),
        },
        result=_ANSWER,
    ),
    Known(
        ("needle", *each("needle.", "get post put request")),
        EffectKind.REQUEST,
        {"url": (0,), "body": (1,), "options": (2, 1)},
        result=_ANSWER,
    ),
    Known(
        each("undici.Client().", "request")
        + each("undici.Pool().", "request")
        + each("undici.Agent().", "request"),
        EffectKind.REQUEST,
        {"client": ("base",), "url": ("0.origin", "0.path"), "body": ("0.body",), "options": (0,)},
        result=_REMOTE,
    ),
    Known(
        each("navigator.", "sendBeacon"),
        EffectKind.REQUEST,
        {"url": (0,), "body": (1,)},
        result=NO_RESULT,
    ),
    Known(
        ("XMLHttpRequest().open",),
        EffectKind.REQUEST,
        {"method": (0,), "url": (1,)},
        result=NO_RESULT,
    ),
    Known(("XMLHttpRequest().send",), EffectKind.REQUEST, {"body": (0,)}, tags=("body only",)),
    Known(
        ("puppeteer.*.goto", "playwright.*.goto", "*.goto"),
        EffectKind.REQUEST,
        {"url": (0,)},
        tags=("browser",),
        result=_ANSWER,
    ),
    Known(
        (
            "puppeteer.*.evaluate",
            "playwright.*.evaluate",
            "*.evaluateHandle",
            "playwright.*.addInitScript",
            "puppeteer.*.evaluateOnNewDocument",
            "selenium-webdriver.*.executeScript",
        ),
        EffectKind.EVALUATE,
        {"code": (0,)},
        tags=("browser",),
        result=_REMOTE,
        calls=(),
    ),
    Known(
        (
            "download",
            "nodejs-file-downloader.Downloader",
            "rss-parser().parseURL",
            "open-graph-scraper",
            "cheerio.fromURL",
            "ytdl-core",
            "youtube-transcript.YoutubeTranscript.fetchTranscript",
            "@mendable/firecrawl-js().scrapeUrl",
            "jsdom.JSDOM.fromURL",
            "degit().clone",
            "giget.downloadTemplate",
        ),
        EffectKind.REQUEST,
        {"url": ("0.url", 0)},
        tags=("fetches",),
        result=_ANSWER,
    ),
    Known(
        ("https.Agent", "undici.Agent"),
        EffectKind.TLS,
        {"verify": _VERIFY, "options": (0,)},
        when=(When(_VERIFY, "false"),),
    ),
    Known(
        ("https.request", "https.get"),
        EffectKind.TLS,
        {"verify": _VERIFY, "options": (0,)},
        when=(When(_VERIFY, "false"),),
        result=_NODE_REQUEST,
    ),
    Known(
        ("tls.connect",),
        EffectKind.TLS,
        {"verify": _VERIFY, "options": (0,)},
        when=(When(_VERIFY, "false"),),
        result=_SOCKET,
    ),
)

_SOCKETS: Final = (
    Known(
        (
            "ws",
            "ws.WebSocket",
            "WebSocket",
            "EventSource",
            "eventsource",
            "eventsource.EventSource",
            "socket.io-client.io",
            "socket.io-client",
            "isomorphic-ws",
            "reconnecting-websocket",
        ),
        EffectKind.REQUEST,
        {"url": (0,), "options": (2, 1), "headers": ("1.headers", "2.headers")},
        tags=("websocket",),
        result=Result(passes=(), gives=SourceKind.REMOTE, named=0),
    ),
    Known(
        ("ws().send", "WebSocket().send", "ws.WebSocket().send", "socket.io-client.*.emit"),
        EffectKind.CONNECT,
        {"data": ("rest:0",)},
        tags=("sends",),
        result=NO_RESULT,
    ),
    Known(
        (
            *each("net.", "connect createConnection Socket().connect"),
            *each("tls.", "connect"),
        ),
        EffectKind.CONNECT,
        {"host": ("0.host", 1), "port": ("0.port", 0), "options": (0,)},
        result=_SOCKET,
        calls=((1, ()), (2, ())),
    ),
    Known(
        (*each("net.connect().", "write end"), "net.Socket().write", "net.Socket().end"),
        EffectKind.CONNECT,
        {"data": (0,)},
        tags=("sends",),
        result=NO_RESULT,
    ),
    Known(
        across(
            ("dns.", "dns.promises."),
            "lookup resolve resolve4 resolve6 resolveTxt resolveAny resolveMx resolveCname",
        ),
        EffectKind.CONNECT,
        {"host": (0,)},
        tags=("dns",),
        result=Result(passes=(0,)),
    ),
    Known(
        ("dgram.createSocket().send",),
        EffectKind.CONNECT,
        {"data": (0,), "host": (4, 2), "port": (3, 1)},
        tags=("sends",),
    ),
    Known(
        ("Deno.connect", "Bun.connect", "Deno.resolveDns"),
        EffectKind.CONNECT,
        {"host": ("0.hostname", 0), "port": ("0.port",)},
        result=_REMOTE,
    ),
    Known(
        (
            "basic-ftp.Client().access",
            "ftp().connect",
            "ssh2-sftp-client().connect",
            "imap",
            "imapflow.ImapFlow",
        ),
        EffectKind.CONNECT,
        {"host": ("0.host",), "options": (0,)},
    ),
    Known(
        ("basic-ftp.*.uploadFrom", "ssh2-sftp-client().put", "ssh2-sftp-client().fastPut"),
        EffectKind.CONNECT,
        {"data": (0,), "path": (1,)},
        tags=("sends",),
    ),
    Known(
        ("ldapjs.createClient().search", "ldapts.Client().search"),
        EffectKind.LDAP,
        {"query": ("1.filter", 1), "base": (0,)},
        result=_REMOTE,
    ),
    Known(("mqtt.connect",), EffectKind.CONNECT, {"host": (0,)}),
    Known(
        ("mqtt.*.publish",),
        EffectKind.MESSAGE,
        {"to": (0,), "body": (1,)},
        tags=("service:mqtt",),
    ),
)

_URLS: Final = (
    Known(
        ("encodeURIComponent", "querystring.escape", "qs.stringify", "querystring.stringify"),
        result=Result(passes=(0,), adds=URL_ENCODED, keeps=True),
    ),
    Known(("URLSearchParams",), result=Result(passes=(0,), adds=URL_ENCODED, keeps=True)),
    Known(("encodeURI",), result=Result(passes=(0,), keeps=True)),
    Known(
        ("decodeURIComponent", "decodeURI", "querystring.parse", "qs.parse"),
        result=Result(passes=(0,), decodes=True),
    ),
    Known(
        ("URL", "URL.parse", "url.URL", "url.parse", "whatwg-url.URL"),
        result=Result(adds=PARSED_URL, keeps=True, external="URL()", address_of=(0, 1)),
    ),
    Known(
        ("URL().toString", "URL().toJSON", "url.format"),
        result=Result(passes=("base", 0), keeps=True, address_of=("base",)),
    ),
    Known(
        (
            *each("URL().searchParams.", "append set"),
            *each("URLSearchParams().", "append set"),
        ),
        result=Result(passes=(), adds=URL_ENCODED),
        writes=(("base", 1),),
    ),
    Known(
        ("URLSearchParams().toString",),
        result=Result(passes=("base",), adds=URL_ENCODED, keeps=True),
    ),
    Known(
        ("private-ip", "is-ip-private", "is-private-ip", "ip.isPrivate", "ip-address-is-private"),
        result=Result(),
        refutes=((0, HOST_PUBLIC),),
    ),
    Known(("URL.canParse",), result=Result(passes=(0,))),
)

TABLE = Library(
    "requests",
    known=(*_HTTP, *_SOCKETS, *_URLS),
    typed=(
        Typed(("axios.AxiosInstance", "axios.AxiosStatic"), "axios.create()"),
        Typed(("URL", "url.URL"), "URL()"),
        Typed(("axios.AxiosResponse",), "axios.AxiosResponse()", SourceKind.REMOTE),
        Typed(("node-fetch.Response",), "fetch()", SourceKind.REMOTE),
    ),
    aliases={
        "global.fetch": "fetch",
        "self.fetch": "fetch",
        "puppeteer-core": "puppeteer",
        "puppeteer-extra": "puppeteer",
        "rebrowser-puppeteer": "puppeteer",
        "playwright-core": "playwright",
        "@playwright/test": "playwright",
        "patchright": "playwright",
        "dns/promises": "dns.promises",
        "url.URLSearchParams": "URLSearchParams",
        "request-promise-native": "request-promise",
        "follow-redirects.http": "http",
        "follow-redirects.https": "https",
        "undici.WebSocket": "WebSocket",
        "undici.EventSource": "EventSource",
    },
)
