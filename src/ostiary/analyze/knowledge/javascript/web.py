"""Web frameworks of JavaScript: routes, answers, servers, cross-origin rules."""

from __future__ import annotations

from typing import Final

from ostiary.analyze.dataflow.effect import EffectKind
from ostiary.analyze.dataflow.guarantee import HTML_ESCAPED
from ostiary.analyze.dataflow.value import SourceKind
from ostiary.analyze.knowledge.known import NO_RESULT, Known, Library, Read, Result, Typed, When
from ostiary.analyze.knowledge.names import across, each

_MADE: Final = Result(passes=(), keeps_recipe=True)
_VERBS: Final = "get post put patch delete del options head all"
_APPS: Final = (
    "express().",
    "express.Router().",
    "express().route().",
    "express.Router().route().",
    "fastify().",
    "fastify.fastify().",
    "koa-router().",
    "@koa/router().",
    "hono.Hono().",
    "@hono/zod-openapi.OpenAPIHono().",
    "polka().",
    "restify.createServer().",
    "elysia.Elysia().",
    "itty-router.Router().",
    "find-my-way().",
    "h3.createRouter().",
    "oak.Router().",
    "@oakserver/oak.Router().",
    "uWebSockets.js.App().",
)
_ANY_HOST: Final = "default-host:all"

_ROUTES: Final = (
    Known(
        across(_APPS, _VERBS),
        EffectKind.ROUTE,
        {"path": (0,), "handler": (3, 2, 1, 0), "handlers": ("rest:1",), "options": (1,)},
        result=_MADE,
        calls=(),
    ),
    Known(
        (*across(_APPS, "use addHook register"), "koa().use", "connect().use"),
        EffectKind.ROUTE,
        {"path": (0,), "handler": (1, 0), "handlers": ("rest:0",)},
        tags=("middleware",),
        result=NO_RESULT,
        calls=(),
    ),
    Known(
        across(("fastify().", "fastify.fastify().", "@hapi/hapi.server()."), "route"),
        EffectKind.ROUTE,
        {
            "path": ("0.url", "0.path"),
            "methods": ("0.method",),
            "handler": ("0.handler",),
            "options": (0,),
        },
        result=NO_RESULT,
        calls=(),
    ),
    Known(across(("express().", "express.Router()."), "route param"), result=_MADE, calls=()),
    Known(
        (
            *across(("http.", "https.", "http2."), "createServer createSecureServer"),
            "http.Server",
            "https.Server",
        ),
        EffectKind.ROUTE,
        {"handler": (1, 0), "options": (0,)},
        tags=("server", "http"),
        result=Result(passes=(), external="http.createServer()"),
        calls=(),
    ),
    Known(
        each("http.createServer().", "on addListener once"),
        EffectKind.ROUTE,
        {"event": (0,), "handler": (1,)},
        tags=("server", "http", "event"),
        when=(When((0,), "matches:^(?:request|upgrade|connection)$"),),
        result=NO_RESULT,
        calls=(),
    ),
    Known(
        ("express.static", "serve-static", "koa-static", "@fastify/static", "serve-handler"),
        EffectKind.READ_FILE,
        {"path": (0,)},
        tags=("serves a folder",),
        result=_MADE,
    ),
    Known(
        (
            *each("express.", "json urlencoded raw text"),
            *each("body-parser.", "json urlencoded raw text"),
            "helmet",
            "compression",
            "morgan",
            "express-rate-limit",
            "express-rate-limit.rateLimit",
            "multer().single",
            "cookie-parser",
            "express-session",
        ),
        result=_MADE,
        calls=(),
    ),
)

_SERVERS: Final = (
    Known(
        (
            "express().listen",
            "koa().listen",
            "polka().listen",
            "connect().listen",
            "restify.createServer().listen",
            "http.createServer().listen",
            "net.createServer().listen",
            "tls.createServer().listen",
            "@hapi/hapi.server().start",
        ),
        EffectKind.LISTEN,
        {"server": ("base",), "host": ("0.host", 1), "port": ("0.port", 0), "options": (0,)},
        tags=(_ANY_HOST,),
        result=Result(passes=("base",), keeps=True, external="http.createServer()"),
    ),
    Known(
        ("fastify().listen", "fastify.fastify().listen"),
        EffectKind.LISTEN,
        {"server": ("base",), "host": ("0.host", 1), "port": ("0.port", 0), "options": (0,)},
        tags=("default-host:loopback",),
    ),
    Known(
        (
            "Bun.serve",
            "bun.serve",
            "Deno.serve",
            "Deno.listen",
            "@hono/node-server.serve",
            "srvx.serve",
            "@std/http.serve",
            "elysia.Elysia().listen",
            "@hapi/hapi.server",
        ),
        EffectKind.LISTEN,
        {
            "server": ("0.fetch", 1, 0),
            "host": ("0.hostname", "0.host"),
            "port": ("0.port", 0),
            "options": (0,),
        },
        tags=(_ANY_HOST,),
        result=_MADE,
        calls=(),
    ),
    Known(
        ("Bun.serve", "Deno.serve", "@hono/node-server.serve", "bun.serve"),
        EffectKind.ROUTE,
        {"handler": ("0.fetch", "0.handler", 1, 0), "options": (0,)},
        tags=("server", "http"),
        result=_MADE,
        calls=(),
    ),
    Known(
        ("ws.WebSocketServer", "ws.Server", "socket.io.Server", "WebSocketServer"),
        EffectKind.LISTEN,
        {"host": ("0.host",), "port": ("0.port", 0), "options": (0, 1)},
        tags=("websocket", _ANY_HOST),
        when=(When(("0.server", "0.noServer"), "absent"),),
        result=_MADE,
        calls=(),
    ),
    Known(
        ("ws.WebSocketServer", "ws.Server", "WebSocketServer"),
        EffectKind.CALL,
        {"options": (0,)},
        tags=("websocket",),
        when=(When(("0.server", "0.noServer"), "present"),),
        result=_MADE,
        calls=(),
    ),
    Known(
        (
            "ws.WebSocketServer().on",
            "ws.Server().on",
            "socket.io.Server().on",
        ),
        EffectKind.ROUTE,
        {"event": (0,), "handler": (1,)},
        tags=("websocket", "event"),
        result=NO_RESULT,
        calls=(),
    ),
    Known(
        ("net.createServer", "tls.createServer", "net.Server"),
        EffectKind.ROUTE,
        {"handler": (1, 0)},
        tags=("server", "socket"),
        result=Result(passes=(), external="net.createServer()"),
        calls=(),
    ),
    Known(
        (
            "ngrok.connect",
            "@ngrok/ngrok.connect",
            "@ngrok/ngrok.forward",
            "localtunnel",
            "untun.startTunnel",
        ),
        EffectKind.LISTEN,
        {"port": ("0.addr", "0.port", 0), "options": (0,)},
        tags=("tunnel", _ANY_HOST),
    ),
)

_RESPONSES: Final = (
    "express.Response().",
    "http.ServerResponse().",
    "fastify.FastifyReply().",
    "koa.Context().res.",
    "*.res.",
)
_HEADER_NAME: Final = r"matches:(?i)^access-control-allow-origin$"

_CORS: Final = (
    Known(
        (
            "cors",
            "@koa/cors",
            "koa2-cors",
            "hono/cors.cors",
            "@elysiajs/cors.cors",
            "@fastify/cors",
            "micro-cors",
        ),
        EffectKind.CORS,
        {"origins": ("0.origin",), "credentials": ("0.credentials",), "options": (0,)},
        tags=("default-any",),
        result=_MADE,
        calls=(),
    ),
    Known(
        across(_RESPONSES, "setHeader set header append"),
        EffectKind.CORS,
        {"origins": (1,)},
        tags=("header",),
        when=(When((0,), _HEADER_NAME),),
        result=Result(passes=("base",)),
        calls=(),
    ),
    Known(
        ("*.setHeader", "*.header"),
        EffectKind.CORS,
        {"origins": (1,)},
        tags=("header", "by name"),
        when=(When((0,), _HEADER_NAME),),
        result=Result(passes=("base",)),
        calls=(),
    ),
    Known(
        (*across(_RESPONSES, "writeHead"), "*.writeHead"),
        EffectKind.CORS,
        {
            "origins": (
                "1.Access-Control-Allow-Origin",
                "1.access-control-allow-origin",
                "2.Access-Control-Allow-Origin",
            ),
            "headers": (1,),
        },
        tags=("header",),
        when=(
            When(
                (
                    "1.Access-Control-Allow-Origin",
                    "1.access-control-allow-origin",
                    "2.Access-Control-Allow-Origin",
                ),
                "present",
            ),
        ),
        result=Result(passes=("base",)),
        calls=(),
    ),
)

_ANSWERS: Final = (
    Known(
        across(_RESPONSES, "send json jsonp end write render sendStatus"),
        EffectKind.RESPOND,
        {"body": (0,)},
        result=Result(passes=("base",)),
        calls=(),
    ),
    Known(
        across(_RESPONSES, "status type code cookie"),
        result=Result(passes=(), external="express.Response()"),
        calls=(),
    ),
    Known(
        each("hono.Context().", "json text html body"),
        EffectKind.RESPOND,
        {"body": (0,)},
        result=NO_RESULT,
    ),
    Known(
        ("Response", "Response.json", "next/server.NextResponse.json", "next/server.NextResponse"),
        EffectKind.RESPOND,
        {"body": (0,), "headers": ("1.headers",)},
        result=Result(keeps=True),
    ),
    Known(
        across(_RESPONSES, "sendFile download"),
        EffectKind.READ_FILE,
        {"path": (0,), "root": ("1.root",)},
        tags=("serves",),
        result=NO_RESULT,
    ),
    Known(
        (*across(_RESPONSES, "redirect"), "hono.Context().redirect", "Response.redirect"),
        EffectKind.REDIRECT,
        {"url": (1, 0)},
        result=NO_RESULT,
    ),
    Known(
        (
            "escape-html",
            "he.encode",
            "he.escape",
            "html-entities.encode",
            "lodash.escape",
            "xss",
            "dompurify.sanitize",
            "sanitize-html",
            "validator.escape",
        ),
        result=Result(passes=(0,), adds=HTML_ESCAPED, keeps=True),
    ),
)

_REQUESTS: Final = (
    "express.Request()",
    "http.IncomingMessage()",
    "fastify.FastifyRequest()",
    "koa.Context().request",
    "hono.Context().req",
    "Request()",
)

TABLE = Library(
    "web",
    known=(*_ROUTES, *_SERVERS, *_CORS, *_ANSWERS),
    reads=(Read(across(_REQUESTS, ".*"), SourceKind.REQUEST),),
    typed=(
        Typed(("express.Request",), "express.Request()", SourceKind.REQUEST),
        Typed(("express.Response",), "express.Response()"),
        Typed(("http.IncomingMessage",), "http.IncomingMessage()", SourceKind.REQUEST),
        Typed(("http.ServerResponse",), "http.ServerResponse()"),
        Typed(("fastify.FastifyRequest",), "fastify.FastifyRequest()", SourceKind.REQUEST),
        Typed(("fastify.FastifyReply",), "fastify.FastifyReply()"),
        Typed(("koa.Context",), "koa.Context()", SourceKind.REQUEST),
        Typed(("hono.Context",), "hono.Context()", SourceKind.REQUEST),
        Typed(("Request", "next/server.NextRequest"), "Request()", SourceKind.REQUEST),
        Typed(("express.Express", "express.Application"), "express()"),
        Typed(("express.Router",), "express.Router()"),
        Typed(("fastify.FastifyInstance",), "fastify()"),
    ),
    aliases={
        "express.Response().status()": "express.Response()",
        "express.Response().type()": "express.Response()",
        "express.Response().set()": "express.Response()",
        "fastify.FastifyReply().code()": "fastify.FastifyReply()",
        "fastify.FastifyReply().status()": "fastify.FastifyReply()",
        "fastify.FastifyReply().header()": "fastify.FastifyReply()",
        "express.express": "express",
        "hono/quick.Hono": "hono.Hono",
        "hono/tiny.Hono": "hono.Hono",
        "@hapi/hapi.Server": "@hapi/hapi.server",
        "hapi.server": "@hapi/hapi.server",
        "hapi.Server": "@hapi/hapi.server",
        "koa-router.Router": "@koa/router",
        "@koa/router.Router": "@koa/router",
        "koa2": "koa",
        "isomorphic-dompurify": "dompurify",
        "express-serve-static-core": "express",
    },
)
