"""Web frameworks of Python: routes, requests, answers, servers, cross-origin rules."""

from __future__ import annotations

from typing import Final

from ostiary.analyze.dataflow.effect import EffectKind
from ostiary.analyze.dataflow.guarantee import HTML_ESCAPED
from ostiary.analyze.dataflow.value import SourceKind
from ostiary.analyze.knowledge.known import NO_RESULT, Known, Library, Read, Result, Typed, When
from ostiary.analyze.knowledge.names import across, each

_MADE: Final = Result(passes=(), keeps_recipe=True)
_SAME: Final = Result(same_as=0)

_APPS: Final = (
    "flask.Flask().",
    "flask.Blueprint().",
    "quart.Quart().",
    "quart.Blueprint().",
    "fastapi.FastAPI().",
    "fastapi.APIRouter().",
    "starlette.applications.Starlette().",
    "starlette.routing.Router().",
    "sanic.Sanic().",
    "sanic.Blueprint().",
    "bottle.Bottle().",
    "bottle.",
    "litestar.",
    "robyn.Robyn().",
    "blacksheep.Application().",
    "aiohttp.web.RouteTableDef().",
    "tornado.web.",
    "falcon.asgi.App().",
)
_VERBS: Final = "get post put patch delete head options"
_DECORATORS: Final = f"route websocket websocket_route api_route {_VERBS}"
_STARTS: Final = "default-host:loopback"

_ROUTES: Final = (
    Known(
        across(_APPS, _DECORATORS),
        EffectKind.ROUTE,
        {
            "path": (0, "path", "rule"),
            "methods": ("methods",),
            "handler": (1,),
            "options": ("dependencies",),
        },
        result=_MADE,
        calls=(),
        decorates=True,
    ),
    Known(
        across(_APPS, " ".join(f"{one}()" for one in _DECORATORS.split())),
        EffectKind.ROUTE,
        {"handler": (0,)},
        result=_SAME,
        calls=(),
        decorates=True,
    ),
    Known(
        across(
            _APPS,
            "add_url_rule add_route add_api_route add_websocket_route add_api_websocket_route",
        ),
        EffectKind.ROUTE,
        {
            "path": (0, "path", "rule"),
            "handler": (2, 1, "view_func", "route", "endpoint"),
            "methods": ("methods",),
            "options": ("dependencies",),
        },
        result=NO_RESULT,
        calls=(),
    ),
    Known(
        (
            *each("starlette.routing.", "Route WebSocketRoute Mount Host"),
            *each("aiohttp.web.", _VERBS),
            "django.urls.path",
            "django.urls.re_path",
            "django.conf.urls.url",
        ),
        EffectKind.ROUTE,
        {
            "path": (0, "path"),
            "handler": (1, "endpoint", "app", "view", "handler"),
            "methods": ("methods",),
        },
        result=_MADE,
        calls=(),
    ),
    Known(
        (
            *each("aiohttp.web.Application().router.", f"add_{_VERBS.replace(' ', ' add_')}"),
            "aiohttp.web.Application().router.add_static",
        ),
        EffectKind.ROUTE,
        {"path": (0, "path"), "handler": (1, "handler")},
        result=NO_RESULT,
        calls=(),
    ),
    Known(
        ("aiohttp.web.Application().router.add_route",),
        EffectKind.ROUTE,
        {"methods": (0,), "path": (1, "path"), "handler": (2, "handler")},
        result=NO_RESULT,
        calls=(),
    ),
    Known(
        across(_APPS, "mount include_router register_blueprint blueprint"),
        EffectKind.ROUTE,
        {"path": (0, "prefix", "url_prefix"), "handler": (1, 0, "app", "router")},
        tags=("mount",),
        result=NO_RESULT,
        calls=(),
    ),
    Known(
        across(
            _APPS,
            "middleware middleware() before_request after_request errorhandler exception_handler "
            "exception_handler() errorhandler() on_event on_event() on_startup teardown_request",
        ),
        EffectKind.ROUTE,
        {"handler": (0, 1), "path": ("path",)},
        tags=("middleware",),
        result=_MADE,
        calls=(),
        decorates=True,
    ),
    Known(
        across(_APPS, "add_middleware"),
        EffectKind.ROUTE,
        {"handler": (0, "middleware_class"), "options": ("all",)},
        tags=("middleware",),
        result=_MADE,
        calls=(),
    ),
    Known(
        (
            "starlette.applications.Starlette",
            "fastapi.FastAPI",
            "fastapi.APIRouter",
            "flask.Flask",
            "flask.Blueprint",
            "aiohttp.web.Application",
        ),
        EffectKind.ROUTE,
        {
            "routes": ("routes",),
            "options": ("middleware", "middlewares", "dependencies"),
            "path": ("prefix",),
        },
        tags=("application",),
        result=_MADE,
        calls=(),
    ),
    Known(
        each("fastapi.", "Depends Security Header Query Path Body Cookie Form File"),
        result=Result(passes=(0,), keeps_recipe=True),
        calls=(),
    ),
    Known(
        (
            "fastapi.staticfiles.StaticFiles",
            "starlette.staticfiles.StaticFiles",
        ),
        EffectKind.READ_FILE,
        {"path": (0, "directory")},
        tags=("serves a folder",),
        result=_MADE,
    ),
)

_CORS: Final = (
    Known(
        (
            *across(_APPS, "add_middleware"),
            "starlette.middleware.Middleware",
            "fastapi.middleware.Middleware",
        ),
        EffectKind.CORS,
        {
            "origins": ("allow_origins", "allow_origin_regex"),
            "credentials": ("allow_credentials",),
            "options": ("all",),
        },
        when=(When(("allow_origins", "allow_origin_regex"), "present"),),
        result=_MADE,
        calls=(),
    ),
    Known(
        (
            "starlette.middleware.cors.CORSMiddleware",
            "fastapi.middleware.cors.CORSMiddleware",
        ),
        EffectKind.CORS,
        {
            "origins": ("allow_origins", "allow_origin_regex"),
            "credentials": ("allow_credentials",),
            "options": ("all",),
        },
        result=Result(passes=(0, "app")),
        calls=(),
    ),
    Known(
        ("flask_cors.CORS", "quart_cors.cors", "flask_cors.cross_origin"),
        EffectKind.CORS,
        {
            "origins": ("origins", "allow_origin", "resources"),
            "credentials": ("supports_credentials", "allow_credentials"),
            "options": ("all",),
        },
        tags=("default-any",),
        result=Result(same_as=0),
        calls=(),
    ),
    Known(
        ("aiohttp_cors.setup",),
        EffectKind.CORS,
        {"origins": ("defaults",), "options": ("all",)},
    ),
    Known(
        (
            "starlette.middleware.trustedhost.TrustedHostMiddleware",
            "fastapi.middleware.trustedhost.TrustedHostMiddleware",
        ),
        EffectKind.CALL,
        {"hosts": ("allowed_hosts",)},
        tags=("checks host",),
    ),
)

_SERVERS: Final = (
    Known(
        ("uvicorn.run", "uvicorn.Config"),
        EffectKind.LISTEN,
        {
            "server": (0, "app"),
            "host": ("host",),
            "port": ("port",),
            "options": ("all",),
            "tls": ("ssl_keyfile", "ssl_certfile"),
        },
        tags=(_STARTS,),
        result=_MADE,
        calls=(),
    ),
    Known(
        (
            "flask.Flask().run",
            "quart.Quart().run",
            "sanic.Sanic().run",
            "robyn.Robyn().start",
        ),
        EffectKind.LISTEN,
        {
            "server": ("base",),
            "host": (0, "host"),
            "port": (1, "port"),
            "debug": ("debug",),
            "options": ("all",),
        },
        tags=(_STARTS,),
        calls=(),
    ),
    Known(
        ("flask.Flask().run",),
        EffectKind.DEBUG,
        {"host": (0, "host"), "port": (1, "port")},
        tags=("werkzeug",),
        when=(When(("debug",), "true"),),
    ),
    Known(
        ("aiohttp.web.run_app", "aiohttp.web._run_app"),
        EffectKind.LISTEN,
        {"server": (0, "app"), "host": ("host",), "port": ("port",)},
        tags=("default-host:all",),
        calls=(),
    ),
    Known(
        ("aiohttp.web.TCPSite",),
        EffectKind.LISTEN,
        {"server": (0,), "host": (1, "host"), "port": (2, "port")},
        tags=("default-host:all",),
        calls=(),
    ),
    Known(
        (
            *each("http.server.", "HTTPServer ThreadingHTTPServer"),
            *each("socketserver.", "TCPServer ThreadingTCPServer UDPServer"),
            "wsgiref.simple_server.make_server",
            "werkzeug.serving.run_simple",
            "waitress.serve",
            "cheroot.wsgi.Server",
        ),
        EffectKind.LISTEN,
        {
            "host": ("0.0", "host", "hostname", "listen", 0),
            "port": ("0.1", 1, "port"),
            "handler": (1, 2),
        },
        calls=(),
    ),
    Known(
        ("asyncio.start_server", "asyncio.get_event_loop().create_server"),
        EffectKind.LISTEN,
        {"handler": (0,), "host": (1, "host"), "port": (2, "port")},
        tags=("socket", "default-host:all"),
    ),
    Known(
        ("hypercorn.config.Config().bind", "hypercorn.asyncio.serve", "granian.Granian"),
        EffectKind.LISTEN,
        {"server": (0,), "host": ("address", "1.bind"), "port": ("port",)},
        calls=(),
    ),
    Known(
        ("websockets.serve", "websockets.asyncio.server.serve", "websockets.server.serve"),
        EffectKind.LISTEN,
        {"handler": (0,), "host": (1, "host"), "port": (2, "port"), "options": ("origins",)},
        tags=("websocket",),
    ),
    Known(
        ("pyngrok.ngrok.connect", "ngrok.forward", "ngrok.connect"),
        EffectKind.LISTEN,
        {"port": (0, "addr"), "options": ("all",)},
        tags=("tunnel", "default-host:all"),
    ),
)

_ANSWERS: Final = (
    Known(
        (
            *across(("fastapi.responses.", "starlette.responses."), "JSONResponse Response"),
            *across(
                ("fastapi.responses.", "starlette.responses."),
                "HTMLResponse PlainTextResponse StreamingResponse ORJSONResponse",
            ),
            *each("flask.", "jsonify make_response Response"),
            *each("aiohttp.web.", "json_response Response"),
            *each("django.http.", "HttpResponse JsonResponse"),
            "sse_starlette.sse.EventSourceResponse",
            "sse_starlette.EventSourceResponse",
            "fastapi.Response",
        ),
        EffectKind.RESPOND,
        {
            "body": (0, "content", "text", "body", "response", "data"),
            "headers": ("headers",),
            "type": ("media_type", "mimetype", "content_type"),
        },
        result=Result(keeps=True),
        calls=(),
    ),
    Known(
        (
            *across(("fastapi.responses.", "starlette.responses."), "FileResponse"),
            "flask.send_file",
            "aiohttp.web.FileResponse",
        ),
        EffectKind.READ_FILE,
        {"path": (0, "path", "path_or_file")},
        tags=("serves",),
        result=Result(passes=(), gives=SourceKind.FILE, named=0),
    ),
    Known(
        ("flask.send_from_directory",),
        EffectKind.READ_FILE,
        {"path": (0, "directory")},
        tags=("serves",),
        result=Result(passes=(), gives=SourceKind.FILE, named=1),
    ),
    Known(
        (
            *across(("fastapi.responses.", "starlette.responses."), "RedirectResponse"),
            "flask.redirect",
            "aiohttp.web.HTTPFound",
            "django.shortcuts.redirect",
        ),
        EffectKind.REDIRECT,
        {"url": (0, "url", "location")},
    ),
    Known(
        ("html.escape", "markupsafe.escape", "flask.escape", "bleach.clean", "cgi.escape"),
        result=Result(passes=(0, "s"), adds=HTML_ESCAPED, keeps=True),
    ),
    Known(
        ("http.server.BaseHTTPRequestHandler().wfile.write",),
        EffectKind.RESPOND,
        {"body": (0,)},
    ),
)

TABLE = Library(
    "web",
    known=(*_ROUTES, *_CORS, *_SERVERS, *_ANSWERS),
    reads=(
        Read(
            ("flask.request", "flask.request.*", "quart.request", "quart.request.*"),
            SourceKind.REQUEST,
        ),
        Read(("bottle.request", "bottle.request.*"), SourceKind.REQUEST),
        Read(("starlette.requests.Request().*",), SourceKind.REQUEST),
    ),
    typed=(
        Typed(
            ("starlette.requests.Request", "fastapi.Request", "fastapi.requests.Request"),
            "starlette.requests.Request()",
            SourceKind.REQUEST,
        ),
        Typed(
            ("starlette.websockets.WebSocket", "fastapi.WebSocket"),
            "starlette.websockets.WebSocket()",
            SourceKind.REQUEST,
        ),
        Typed(("aiohttp.web.Request",), "aiohttp.web.Request()", SourceKind.REQUEST),
        Typed(
            ("django.http.HttpRequest", "django.http.request.HttpRequest"),
            "django.http.HttpRequest()",
            SourceKind.REQUEST,
        ),
        Typed(("sanic.Request", "sanic.request.Request"), "sanic.Request()", SourceKind.REQUEST),
        Typed(("fastapi.FastAPI",), "fastapi.FastAPI()"),
        Typed(("flask.Flask",), "flask.Flask()"),
        Typed(("starlette.applications.Starlette",), "starlette.applications.Starlette()"),
        Typed(("fastapi.UploadFile",), "fastapi.UploadFile()", SourceKind.REQUEST),
    ),
    aliases={
        "fastapi.applications.FastAPI": "fastapi.FastAPI",
        "fastapi.routing.APIRouter": "fastapi.APIRouter",
        "starlette.Starlette": "starlette.applications.Starlette",
        "flask.app.Flask": "flask.Flask",
    },
)
