"""HTTP that Python code sends, and lower connections: sockets, DNS, FTP, WebSockets."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from ostiary.analyze.dataflow.effect import EffectKind
from ostiary.analyze.dataflow.guarantee import PARSED_URL, PLAIN, URL_ENCODED
from ostiary.analyze.dataflow.value import SourceKind
from ostiary.analyze.knowledge.known import NO_RESULT, Known, Library, Result, Typed, When, Where
from ostiary.analyze.knowledge.names import across, each

_Roles = Mapping[str, tuple[Where, ...]]

_VERBS: Final = "get post put patch delete head options"
_ANSWER: Final = Result(passes=(), gives=SourceKind.REMOTE, named=0)
_SECOND: Final = Result(passes=(), gives=SourceKind.REMOTE, named=1)
_REMOTE: Final = Result(passes=(), gives=SourceKind.REMOTE, named="answer of a server")

_CLIENT: Final = Result(passes=("base_url",), keeps=True, keeps_recipe=True)

_EXTRAS: Final[_Roles] = {
    "headers": ("headers",),
    "query": ("params",),
    "options": ("verify", "ssl", "allow_redirects", "follow_redirects"),
    "timeout": ("timeout",),
    "credentials": ("auth", "cookies"),
    "client": ("base",),
}
_BODY: Final[tuple[Where, ...]] = ("json", "data", "content", "files", "body", "fields")
_GET: Final[_Roles] = {"url": (0, "url"), "body": _BODY, **_EXTRAS}
_ANY: Final[_Roles] = {"method": (0, "method"), "url": (1, "url"), "body": _BODY, **_EXTRAS}
_REQUEST: Final = (
    ("url", (1, "url")),
    ("method", (0, "method")),
    ("headers", (2, "headers")),
    ("body", _BODY),
)
"""What a request holds that is made first and sent later."""

_CLIENTS: Final = (
    "requests.Session().",
    "requests.session().",
    "requests.sessions.Session().",
    "httpx.Client().",
    "httpx.AsyncClient().",
    "httpx2.Client().",
    "httpx2.AsyncClient().",
    "aiohttp.ClientSession().",
    "niquests.Session().",
    "niquests.AsyncSession().",
    "curl_cffi.requests.Session().",
    "curl_cffi.requests.AsyncSession().",
    "cloudscraper.create_scraper().",
    "requests_html.HTMLSession().",
    "primp.Client().",
    "rnet.Client().",
    "tls_client.Session().",
    "requests_cache.CachedSession().",
    "fastapi.testclient.TestClient().",
)
_MODULES: Final = (
    "requests.",
    "requests.api.",
    "httpx.",
    "httpx2.",
    "niquests.",
    "curl_cffi.requests.",
    "grequests.",
)

_HTTP: Final = (
    Known(across(_MODULES + _CLIENTS, _VERBS), EffectKind.REQUEST, _GET, result=_ANSWER),
    Known(across(_MODULES + _CLIENTS, "request stream"), EffectKind.REQUEST, _ANY, result=_SECOND),
    Known(
        ("aiohttp.request", "aiohttp.ClientSession()._request"),
        EffectKind.REQUEST,
        _ANY,
        result=_SECOND,
    ),
    Known(
        ("aiohttp.ClientSession().ws_connect", "httpx_ws.aconnect_ws", "httpx_ws.connect_ws"),
        EffectKind.REQUEST,
        {"url": (0, "url"), **_EXTRAS},
        tags=("websocket",),
        result=_ANSWER,
    ),
    Known(
        across(_CLIENTS, "send"),
        EffectKind.REQUEST,
        {"url": ("0.url",), "body": (0,), "request": (0,)},
        result=_REMOTE,
    ),
    Known(
        across(_MODULES, "Request") + across(_CLIENTS, "build_request"),
        result=Result(keeps=True, keeps_recipe=True, members=_REQUEST),
    ),
    Known(across(_MODULES, "Request().prepare"), result=Result(same_as="base")),
    Known(across(_CLIENTS, "prepare_request"), result=Result(same_as=0)),
    Known(
        tuple(client.removesuffix("().") for client in _CLIENTS),
        result=_CLIENT,
    ),
    Known(
        across(_MODULES + _CLIENTS, _VERBS),
        EffectKind.TLS,
        {"verify": ("verify", "ssl")},
        when=(When(("verify", "ssl"), "false"),),
        result=_ANSWER,
    ),
    Known(
        across(_MODULES + _CLIENTS, "request stream"),
        EffectKind.TLS,
        {"verify": ("verify", "ssl")},
        when=(When(("verify", "ssl"), "false"),),
        result=_SECOND,
    ),
    Known(
        tuple(client.removesuffix("().") for client in _CLIENTS),
        EffectKind.TLS,
        {"verify": ("verify",)},
        when=(When(("verify",), "false"),),
        result=_CLIENT,
    ),
    Known(
        ("aiohttp.TCPConnector",),
        EffectKind.TLS,
        {"verify": ("ssl", "verify_ssl")},
        when=(When(("ssl", "verify_ssl"), "false"),),
    ),
    Known(
        (
            *each("urllib.request.", "urlopen urlretrieve"),
            "urllib.request.build_opener().open",
            "urllib.request.OpenerDirector().open",
            *each("urllib2.", "urlopen"),
            *each("urllib.", "urlopen urlretrieve"),
        ),
        EffectKind.REQUEST,
        {
            "url": ("0.full_url", 0, "url"),
            "body": (1, "data", "0.data"),
            "headers": ("0.headers",),
            "timeout": ("timeout",),
            "options": ("context",),
        },
        tags=("file scheme",),
        result=_ANSWER,
    ),
    Known(
        ("urllib.request.urlretrieve",),
        EffectKind.WRITE_FILE,
        {"path": (1, "filename")},
        tags=("download",),
        when=(When((1, "filename"), "present"),),
        result=_ANSWER,
    ),
    Known(
        ("urllib.request.Request", "urllib2.Request"),
        result=Result(
            keeps=True,
            keeps_recipe=True,
            members=(
                ("full_url", (0, "url")),
                ("data", (1, "data")),
                ("headers", (2, "headers")),
                ("method", (5, "method")),
            ),
        ),
    ),
    Known(
        (
            "urllib3.PoolManager().request",
            "urllib3.ProxyManager().request",
            "urllib3.HTTPConnectionPool().request",
            "urllib3.HTTPSConnectionPool().request",
            "urllib3.PoolManager().urlopen",
            "urllib3.request",
        ),
        EffectKind.REQUEST,
        _ANY,
        result=_SECOND,
    ),
    Known(
        ("http.client.HTTPConnection", "http.client.HTTPSConnection"),
        EffectKind.CONNECT,
        {"host": (0, "host"), "port": (1, "port"), "options": ("context",)},
        tags=("http",),
        result=Result(passes=(0,), keeps=True),
    ),
    Known(
        across(("http.client.HTTPConnection().", "http.client.HTTPSConnection()."), "request"),
        EffectKind.REQUEST,
        {
            "host": ("base",),
            "url": (1, "url"),
            "body": (2, "body"),
            "headers": (3, "headers"),
            "method": (0, "method"),
        },
        tags=("host in base",),
        result=NO_RESULT,
    ),
    Known(
        across(("http.client.HTTPConnection().", "http.client.HTTPSConnection()."), "getresponse"),
        result=_REMOTE,
    ),
    Known(
        (
            "treq.get",
            "treq.post",
            "pycurl.Curl().setopt",
            "wget.download",
            "trafilatura.fetch_url",
            "feedparser.parse",
            "newspaper.Article",
            "yt_dlp.YoutubeDL().extract_info",
            "yt_dlp.YoutubeDL().download",
            "gdown.download",
            "pooch.retrieve",
            "mechanize.Browser().open",
            "langchain_community.document_loaders.WebBaseLoader",
            "huggingface_hub.hf_hub_download",
            "huggingface_hub.snapshot_download",
        ),
        EffectKind.REQUEST,
        {"url": (0, "url"), "path": (1, "to_path", "out")},
        tags=("fetches",),
        result=_ANSWER,
    ),
    Known(
        (
            "playwright.*.goto",
            "pyppeteer.*.goto",
            "selenium.webdriver.*.get",
            "undetected_chromedriver.Chrome().get",
            "crawl4ai.AsyncWebCrawler().arun",
            "*.goto",
        ),
        EffectKind.REQUEST,
        {"url": (0, "url")},
        tags=("browser",),
        result=_ANSWER,
    ),
    Known(
        ("playwright.*.evaluate", "selenium.webdriver.*.execute_script", "*.execute_script"),
        EffectKind.EVALUATE,
        {"code": (0, "expression", "script")},
        tags=("browser",),
        result=_REMOTE,
    ),
)

_SOCKETS: Final = (
    Known(
        each("socket.socket().", "connect connect_ex"),
        EffectKind.CONNECT,
        {"host": ("0.0", 0), "port": ("0.1",)},
        result=NO_RESULT,
    ),
    Known(
        ("socket.create_connection",),
        EffectKind.CONNECT,
        {"host": ("0.0", 0, "address"), "port": ("0.1",)},
        result=Result(passes=(), external="socket.socket()"),
    ),
    Known(
        each("socket.socket().", "send sendall sendto sendmsg"),
        EffectKind.CONNECT,
        {"data": (0,), "host": ("1.0", 1)},
        tags=("sends",),
        result=NO_RESULT,
    ),
    Known(
        each("socket.socket().", "recv recvfrom recv_into makefile"),
        result=Result(passes=(), gives=SourceKind.REMOTE, named="socket"),
    ),
    Known(
        ("socket.socket().bind",),
        EffectKind.LISTEN,
        {"host": ("0.0", 0), "port": ("0.1",)},
        tags=("socket",),
        result=NO_RESULT,
    ),
    Known(
        ("socket.create_server",),
        EffectKind.LISTEN,
        {"host": ("0.0", 0, "address"), "port": ("0.1",)},
        tags=("socket",),
        result=Result(passes=(), external="socket.socket()"),
    ),
    Known(
        each("socket.", "gethostbyname gethostbyname_ex getaddrinfo gethostbyaddr"),
        EffectKind.CONNECT,
        {"host": (0, "host")},
        tags=("dns",),
        result=Result(passes=(0, "host")),
    ),
    Known(
        (
            *each("dns.resolver.", "resolve query"),
            *each("dns.resolver.Resolver().", "resolve query"),
            "dns.asyncresolver.resolve",
            "aiodns.DNSResolver().query",
        ),
        EffectKind.CONNECT,
        {"host": (0, "qname")},
        tags=("dns",),
        result=Result(passes=(), gives=SourceKind.REMOTE, named="DNS answer"),
    ),
    Known(
        ("asyncio.open_connection", "anyio.connect_tcp", "trio.open_tcp_stream"),
        EffectKind.CONNECT,
        {"host": (0, "host", "remote_host"), "port": (1, "port", "remote_port")},
        result=Result(passes=(), gives=SourceKind.REMOTE, named="socket"),
    ),
    Known(
        (
            *each("websockets.", "connect client.connect sync.client.connect"),
            "websockets.asyncio.client.connect",
            "websocket.create_connection",
            "websocket.WebSocketApp",
            "websocket.WebSocket().connect",
            "socketio.Client().connect",
            "socketio.AsyncClient().connect",
        ),
        EffectKind.REQUEST,
        {"url": (0, "uri", "url")},
        tags=("websocket",),
        result=_ANSWER,
    ),
    Known(
        ("websockets.*.send", "websocket.*.send", "socketio.*.emit"),
        EffectKind.CONNECT,
        {"data": ("rest:0",)},
        tags=("sends",),
        result=NO_RESULT,
    ),
    Known(
        (
            *each("ftplib.", "FTP FTP_TLS"),
            *each("telnetlib.", "Telnet"),
            *each("poplib.", "POP3 POP3_SSL"),
            *each("imaplib.", "IMAP4 IMAP4_SSL"),
            *each("paramiko.SSHClient().", "connect"),
            *each("asyncssh.", "connect"),
            "paramiko.Transport",
            "pysftp.Connection",
            "fabric.Connection",
        ),
        EffectKind.CONNECT,
        {"host": (0, "host", "hostname", "address")},
    ),
    Known(
        ("ftplib.*.storbinary", "ftplib.*.storlines", "paramiko.*.put", "pysftp.*.put"),
        EffectKind.CONNECT,
        {"data": (1, 0)},
        tags=("sends",),
    ),
    Known(
        ("paramiko.SSHClient().set_missing_host_key_policy",),
        EffectKind.TLS,
        {"verify": (0,)},
        tags=("host key",),
    ),
    Known(
        ("imaplib.*.fetch", "imaplib.*.search", "poplib.*.retr"),
        result=Result(passes=(), gives=SourceKind.REMOTE, named="mailbox"),
    ),
    Known(
        (
            *each("ldap3.Connection().", "search"),
            *each("ldap3.*.", "paged_search"),
        ),
        EffectKind.LDAP,
        {"query": (1, "search_filter"), "base": (0, "search_base")},
        result=Result(passes=(), gives=SourceKind.REMOTE, named="directory entries"),
    ),
    Known(
        each("ldap.initialize().", "search search_s search_st search_ext search_ext_s"),
        EffectKind.LDAP,
        {"query": (2, "filterstr"), "base": (0, "base")},
        result=Result(passes=(), gives=SourceKind.REMOTE, named="directory entries"),
    ),
    Known(
        ("ldap3.utils.conv.escape_filter_chars", "ldap.filter.escape_filter_chars"),
        result=Result(passes=(0,), adds=PLAIN),
    ),
    Known(
        ("grpc.insecure_channel", "grpc.aio.insecure_channel"),
        EffectKind.CONNECT,
        {"host": (0, "target")},
        tags=("plain text",),
    ),
    Known(
        ("grpc.secure_channel", "grpc.aio.secure_channel"),
        EffectKind.CONNECT,
        {"host": (0, "target")},
    ),
    Known(
        ("paho.mqtt.client.Client().connect",),
        EffectKind.CONNECT,
        {"host": (0, "host"), "port": (1, "port")},
    ),
    Known(
        ("paho.mqtt.client.Client().publish", "paho.mqtt.publish.single"),
        EffectKind.MESSAGE,
        {"to": (0, "topic"), "body": (1, "payload")},
        tags=("service:mqtt",),
    ),
)

_URLS: Final = (
    Known(
        each("urllib.parse.", "quote quote_plus quote_from_bytes"),
        result=Result(passes=(0, "string"), adds=URL_ENCODED, keeps=True),
    ),
    Known(
        ("urllib.parse.urlencode",),
        result=Result(passes=(0, "query"), adds=URL_ENCODED, keeps=True),
    ),
    Known(
        each("urllib.parse.", "unquote unquote_plus parse_qs parse_qsl"),
        result=Result(passes=(0,), decodes=True),
    ),
    Known(
        each("urllib.parse.", "urlparse urlsplit urldefrag"),
        result=Result(passes=(0, "url"), adds=PARSED_URL, keeps=True),
    ),
    Known(
        each("urllib.parse.", "urlunparse urlunsplit"),
        result=Result(keeps=True),
    ),
    Known(("urllib.parse.urljoin",), result=Result(keeps=True, address_of=(1, 0))),
    Known(
        (
            "yarl.URL",
            "httpx.URL",
            "httpx2.URL",
            "furl.furl",
            "rfc3986.urlparse",
            "pydantic.HttpUrl",
        ),
        result=Result(adds=PARSED_URL, keeps=True),
    ),
    Known(
        each("ipaddress.", "ip_network IPv4Network IPv6Network"),
        result=Result(passes=(0, "address"), adds=PLAIN, keeps=True, keeps_recipe=True),
        ensures=((0, PLAIN),),
    ),
    Known(
        (
            *each("ipaddress.", "ip_address IPv4Address IPv6Address ip_interface"),
            "netaddr.IPAddress",
            "netaddr.IPNetwork",
            *each("socket.", "inet_aton inet_pton"),
        ),
        result=Result(passes=(0, "address"), adds=PLAIN, keeps=True),
        ensures=((0, PLAIN),),
    ),
)

TABLE = Library(
    "requests",
    known=(*_HTTP, *_SOCKETS, *_URLS),
    typed=(
        Typed(("requests.Session", "requests.sessions.Session"), "requests.Session()"),
        Typed(
            ("requests.Response", "requests.models.Response"),
            "requests.Response()",
            SourceKind.REMOTE,
        ),
        Typed(("httpx.AsyncClient",), "httpx.AsyncClient()"),
        Typed(("httpx.Client",), "httpx.Client()"),
        Typed(("httpx2.AsyncClient",), "httpx2.AsyncClient()"),
        Typed(("httpx2.Client",), "httpx2.Client()"),
        Typed(("httpx.Response", "httpx2.Response"), "httpx.Response()", SourceKind.REMOTE),
        Typed(("aiohttp.ClientSession",), "aiohttp.ClientSession()"),
        Typed(("aiohttp.ClientResponse",), "aiohttp.ClientResponse()", SourceKind.REMOTE),
        Typed(("socket.socket",), "socket.socket()"),
    ),
    aliases={
        "aiohttp.client.ClientSession": "aiohttp.ClientSession",
        "httpx._client.AsyncClient": "httpx.AsyncClient",
        "pip._vendor.requests": "requests",
        "botocore.vendored.requests": "requests",
        "requests.packages.urllib3": "urllib3",
        "urllib3.poolmanager.PoolManager": "urllib3.PoolManager",
        "aiohttp_retry.RetryClient": "aiohttp.ClientSession",
        "six.moves.urllib": "urllib",
        "urlparse.urljoin": "urllib.parse.urljoin",
        "urlparse.urlparse": "urllib.parse.urlparse",
        "urllib.quote": "urllib.parse.quote",
        "urllib.urlencode": "urllib.parse.urlencode",
        "httplib": "http.client",
    },
)
