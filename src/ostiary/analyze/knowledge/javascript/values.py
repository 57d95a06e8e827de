"""Tokens, encoded text, merged objects and logs in JavaScript."""

from __future__ import annotations

from typing import Final

from ostiary.analyze.dataflow.effect import EffectKind
from ostiary.analyze.dataflow.guarantee import MASKED, NUMBER, OUTSIDE, PLAIN, SIZE_LIMITED
from ostiary.analyze.dataflow.value import SourceKind
from ostiary.analyze.knowledge.known import NO_RESULT, Known, Library, Result, When
from ostiary.analyze.knowledge.names import across, each

_MACHINE: Final = Result(passes=(), gives=SourceKind.MACHINE)
_DECODED: Final = Result(passes=(0,), decodes=True)

_TOKENS: Final = (
    Known(
        ("jsonwebtoken.verify", "jwt-simple.decode", "fast-jwt.createVerifier()"),
        EffectKind.DECODE_TOKEN,
        {
            "token": (0,),
            "key": (1,),
            "audience": ("2.audience",),
            "algorithms": ("2.algorithms",),
            "options": (2,),
        },
        tags=("verifies",),
        result=Result(passes=(0,)),
    ),
    Known(
        (
            "jsonwebtoken.decode",
            "jwt-decode",
            "jwt-decode.jwtDecode",
            "jose.decodeJwt",
            "jose.decodeProtectedHeader",
        ),
        EffectKind.DECODE_TOKEN,
        {"token": (0,), "options": (1,)},
        tags=("does not verify",),
        result=Result(passes=(0,)),
    ),
    Known(
        ("jose.jwtVerify", "jose.compactVerify", "jose/jwt/verify.jwtVerify"),
        EffectKind.DECODE_TOKEN,
        {
            "token": (0,),
            "key": (1,),
            "audience": ("2.audience",),
            "algorithms": ("2.algorithms",),
            "options": (2,),
        },
        tags=("verifies",),
        result=Result(passes=(0,)),
    ),
    Known(
        (
            "crypto.createHash",
            "crypto.createHmac",
            "crypto-js.MD5",
            "crypto-js.SHA1",
            "md5",
            "crypto.hash",
        ),
        EffectKind.HASH,
        {"algorithm": (0,), "data": (1,)},
        result=Result(passes=(1,), adds=PLAIN),
    ),
    Known(
        ("crypto.createHash().update", "crypto.createHmac().update"),
        EffectKind.HASH,
        {"data": (0,)},
        result=Result(passes=(0, "base"), adds=MASKED | PLAIN, external="crypto.createHash()"),
    ),
    Known(
        ("crypto.createHash().digest", "crypto.createHmac().digest"),
        result=Result(passes=("base",), adds=MASKED | PLAIN, keeps=True),
    ),
    Known(
        (
            "crypto.randomBytes",
            "crypto.randomUUID",
            "crypto.getRandomValues",
            "uuid.v4",
            "uuid.v7",
            "nanoid.nanoid",
            "crypto.randomInt",
        ),
        result=Result(passes=(), adds=PLAIN),
    ),
    Known(
        ("uuid.validate",),
        result=Result(passes=(), adds=NUMBER),
        tests=((0, PLAIN),),
    ),
    Known(("crypto.timingSafeEqual",), result=Result(passes=(), adds=NUMBER)),
    Known(("Math.random",), EffectKind.RANDOM, result=Result(passes=(), adds=NUMBER)),
    Known(
        (
            "Date.now",
            "Date.parse",
            "performance.now",
            "Date",
        ),
        result=Result(adds=NUMBER),
    ),
    Known(("Math.min",), result=Result(adds=NUMBER | SIZE_LIMITED, keeps=True)),
    Known(
        each("Math.", "floor ceil round max abs trunc sqrt pow"),
        result=Result(adds=NUMBER, keeps=True),
    ),
    Known(
        (
            "Number.isInteger",
            "Number.isFinite",
            "Number.isSafeInteger",
            "Number.isNaN",
            "isNaN",
            "isFinite",
        ),
        result=Result(passes=(), adds=NUMBER),
    ),
)

_DECODING: Final = (
    Known(
        ("Buffer.from",),
        EffectKind.DECODE,
        {"data": (0,), "encoding": (1,)},
        when=(When((1,), "matches:^(?:base64|base64url|hex|latin1|binary)$"),),
        result=_DECODED,
        calls=(),
    ),
    Known(
        (
            "atob",
            "js-base64.decode",
            "js-base64.Base64.decode",
            "base-64.decode",
            "String.fromCharCode",
            "String.fromCodePoint",
            "unescape",
        ),
        EffectKind.DECODE,
        {"data": ("rest:0",)},
        result=Result(decodes=True),
        calls=(),
    ),
    Known(("btoa",), result=Result()),
    Known(("String.raw",), result=Result(formats=True)),
    Known(
        across(
            ("zlib.",), "gunzipSync inflateSync brotliDecompressSync unzipSync gunzip inflate unzip"
        ),
        EffectKind.DECODE,
        {"data": (0,)},
        tags=("compression",),
        result=_DECODED,
    ),
)

_OBJECTS: Final = (
    Known(
        (
            "Object.assign",
            *each("lodash.", "merge mergeWith defaultsDeep assign extend set setWith update"),
            "deepmerge",
            "merge-deep",
            "deep-extend",
            "extend",
            "defaults-deep",
            "merge",
            "merge.recursive",
            "object-path.set",
            "dot-prop.set",
            "set-value",
            "ts-deepmerge.merge",
            "jquery.extend",
            "immer.produce",
        ),
        EffectKind.MERGE,
        {"target": (0,), "source": (1,), "key": (1,), "value": (2,)},
        result=Result(keeps=True),
        calls=(),
    ),
    Known(
        ("Object.defineProperty", "Reflect.set", "Reflect.defineProperty"),
        EffectKind.MERGE,
        {"target": (0,), "key": (1,), "source": (2,)},
        tags=("property",),
        result=Result(passes=(0, 2), keeps=True),
        calls=(),
    ),
    Known(
        (
            *each("lodash.", "cloneDeep clone pick omit get at"),
            "structuredClone",
            "rfdc()",
            "klona",
        ),
        result=Result(keeps=True),
        calls=(),
    ),
)

_LOGS: Final = (
    Known(
        each("console.", "log info warn error debug trace dir table group")
        + across(
            (
                "winston.createLogger().",
                "winston.",
                "pino().",
                "bunyan.createLogger().",
                "log4js.getLogger().",
                "loglevel.",
                "consola.",
                "signale.",
                "tslog.Logger().",
                "electron-log.",
            ),
            "info warn error debug trace log fatal verbose",
        )
        + ("process.stderr.write", "debug()", "util.debuglog()"),
        EffectKind.LOG,
        {"message": ("all",)},
        result=NO_RESULT,
    ),
    Known(
        ("process.stdout.write",),
        EffectKind.LOG,
        {"message": (0,)},
        tags=("stdout",),
        result=NO_RESULT,
    ),
    Known(
        ("inspector.open", "inspector.Session().connect", "inspector.Session().post"),
        EffectKind.DEBUG,
        {"port": (0,), "host": (1,)},
    ),
    Known(
        ("Buffer.alloc", "Buffer.allocUnsafe", "ArrayBuffer"),
        EffectKind.ALLOCATE,
        {"amount": (0,)},
        result=Result(keeps=True),
    ),
    Known(
        ("Array", *each("", "Uint8Array Uint16Array Uint32Array Float32Array Float64Array")),
        EffectKind.ALLOCATE,
        {"amount": (0,)},
        tags=("number or content",),
        result=Result(keeps=True),
    ),
    Known(
        (
            "validator.isUUID",
            "validator.isAlphanumeric",
            "validator.isInt",
            "validator.isNumeric",
            "validator.isIP",
            "validator.isFQDN",
            "validator.isHexadecimal",
            "validator.isMongoId",
            "net.isIP",
            "net.isIPv6",
        ),
        result=Result(passes=(), adds=NUMBER),
        tests=((0, PLAIN),),
    ),
    Known(
        ("net.isIPv4",),
        result=Result(passes=(), adds=NUMBER),
        tests=((0, PLAIN),),
        refutes=((0, OUTSIDE),),
    ),
)

TABLE = Library("values", known=(*_TOKENS, *_DECODING, *_OBJECTS, *_LOGS))
