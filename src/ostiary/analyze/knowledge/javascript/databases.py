"""Databases from JavaScript: SQL, document stores, graphs, caches."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from ostiary.analyze.dataflow.effect import EffectKind
from ostiary.analyze.dataflow.guarantee import SQL_QUOTED
from ostiary.analyze.dataflow.value import SourceKind
from ostiary.analyze.knowledge.known import Known, Library, Result, Typed, Where
from ostiary.analyze.knowledge.names import across, each

_Roles = Mapping[str, tuple[Where, ...]]

_ROWS: Final = Result(passes=(), gives=SourceKind.REMOTE, named="database rows")
_QUERY: Final[_Roles] = {
    "query": ("0.text", "0.sql", "0.sqlText", "0.query", 0),
    "parameters": (1, "0.values", "0.args", "0.binds", "0.parameters", "0.query_params"),
}

_NAMED: Final = (
    "executeQuery runQuery executeSql executeSQL execSql execSQL runSql runSQL querySql rawQuery "
    "queryRaw"
)
"""Methods of whatever it is that say in their name that they are given a query: as it is, or in an
object behind the database or project that it is for."""
_DRIVERS: Final = (
    "pg",
    "pg-promise",
    "mysql",
    "better-sqlite3",
    "sqlite3",
    "sqlite",
    "sqlite-async",
    "mssql",
    "tedious",
    "oracledb",
    "@libsql/client",
    "@libsql/core",
    "libsql",
    "duckdb",
    "duckdb-async",
    "@duckdb/node-api",
    "snowflake-sdk",
    "@google-cloud/bigquery",
    "@google-cloud/spanner",
    "@clickhouse/client",
    "@neondatabase/serverless",
    "@planetscale/database",
    "@vercel/postgres",
    "@electric-sql/pglite",
    "@databricks/sql",
    "postgres",
    "slonik",
    "knex",
    "sequelize",
    "typeorm",
    "@mikro-orm",
    "kysely",
    "drizzle-orm",
    "neo4j-driver",
    "cassandra-driver",
    "@influxdata/influxdb-client",
    "odbc",
    "node-firebird",
    "sql.js",
    "expo-sqlite",
    "trino-client",
    "@aws-sdk/client-rds-data",
    "@aws-sdk/client-athena",
    "@prisma/client",
    "falkordb",
    "arangojs",
    "surrealdb",
)


def _fits(methods: str) -> tuple[str, ...]:
    """Each method after every driver, at any depth: ``pg.*.query``."""
    return tuple(f"{driver}.*.{one}" for driver in _DRIVERS for one in methods.split()) + tuple(
        f"{driver}().{one}" for driver in _DRIVERS for one in methods.split()
    )


_SQL: Final = (
    Known(
        _fits("query execute exec prepare run all get each"),
        EffectKind.SQL,
        _QUERY,
        result=_ROWS,
    ),
    Known(
        _fits("execSql batch unsafe raw executeSql queryRaw createQueryJob command insert_raw"),
        EffectKind.SQL,
        _QUERY,
        result=_ROWS,
    ),
    Known(
        across(
            (
                "better-sqlite3().prepare().",
                "better-sqlite3.*.prepare().",
                "sqlite.DatabaseSync().prepare().",
            ),
            "all get run iterate pluck",
        )
        + across(("sqlite.*.prepare().", "sqlite3.*.prepare()."), "all get run each bind"),
        result=Result(passes=(), gives=SourceKind.REMOTE, named="database rows"),
    ),
    Known(
        across(
            ("pg-promise()().", "pg-promise.*."),
            "any one none many oneOrNone manyOrNone result multi func",
        ),
        EffectKind.SQL,
        _QUERY,
        result=_ROWS,
    ),
    Known(
        (
            "knex().raw",
            "knex.raw",
            "knex.*.raw",
            "knex.*.whereRaw",
            "knex.*.orderByRaw",
            "knex.*.havingRaw",
            "knex.*.joinRaw",
            "knex.*.fromRaw",
        ),
        EffectKind.SQL,
        _QUERY,
        tags=("raw",),
        result=_ROWS,
    ),
    Known(
        across(
            ("*.",),
            "$queryRawUnsafe $executeRawUnsafe queryRawUnsafe whereRaw orderByRaw havingRaw "
            "joinRaw selectRaw",
        ),
        EffectKind.SQL,
        {"query": (0,), "parameters": ("rest:1",)},
        tags=("raw",),
        result=_ROWS,
    ),
    Known(
        across(("*.",), "$queryRaw $executeRaw"),
        EffectKind.SQL,
        {"query": (0,), "parameters": ("rest:1",)},
        tags=("binds values",),
        result=_ROWS,
    ),
    Known(
        (
            "@prisma/client.Prisma.raw",
            "drizzle-orm.sql.raw",
            "kysely.sql.raw",
            "sequelize.literal",
            "sequelize.Sequelize.literal",
            "kysely.sql.lit",
        ),
        EffectKind.SQL,
        {"query": (0,)},
        tags=("raw",),
    ),
    Known(
        (
            "@prisma/client.Prisma.sql",
            "drizzle-orm.sql",
            "kysely.sql",
            "postgres()",
            "@neondatabase/serverless.neon()",
            "@vercel/postgres.sql",
            "slonik.sql",
            "slonik.sql.unsafe",
            "sql-template-strings",
            "sql-template-tag",
        ),
        EffectKind.SQL,
        {"query": (0,), "parameters": ("rest:1",)},
        tags=("binds values",),
        result=_ROWS,
    ),
    Known(
        across(
            ("typeorm.*.",), "query where andWhere orWhere orderBy having createQueryRunner().query"
        ),
        EffectKind.SQL,
        {"query": (0,), "parameters": (1,)},
        tags=("builder",),
        result=_ROWS,
    ),
    Known(
        across(("neo4j-driver.*.",), "run executeQuery"),
        EffectKind.SQL,
        {"query": (0,), "parameters": (1,)},
        tags=("cypher",),
        result=_ROWS,
    ),
    Known(
        (
            "@supabase/supabase-js.createClient().rpc",
            "@supabase/supabase-js.*.rpc",
            "@supabase/supabase-js.*.or",
            "@supabase/supabase-js.*.filter",
        ),
        EffectKind.SQL,
        {"function": (0,), "parameters": (1,)},
        tags=("service:supabase", "rpc"),
        result=_ROWS,
    ),
    Known(
        ("@supabase/supabase-js.*.select",),
        result=Result(passes=("base",), gives=SourceKind.REMOTE, named="database rows"),
    ),
    Known(
        each("*.", "query execute"),
        EffectKind.SQL,
        _QUERY,
        tags=("by name",),
        result=_ROWS,
    ),
    Known(
        each("*.", _NAMED),
        EffectKind.SQL,
        {**_QUERY, "query": ("1.query", "1.sql", *_QUERY["query"])},
        tags=("by name",),
        result=_ROWS,
    ),
    Known(
        (
            "mysql.escape",
            "mysql.*.escape",
            "mysql.escapeId",
            "mysql.*.escapeId",
            "mysql.format",
            "sqlstring.escape",
            "sqlstring.escapeId",
            "sqlstring.format",
            "pg.*.escapeLiteral",
            "pg.*.escapeIdentifier",
            "pg.escapeLiteral",
            "pg.escapeIdentifier",
            "pg-format",
            "pg-format.literal",
            "pg-format.ident",
            "pg-format.string",
            "sequelize.*.escape",
        ),
        result=Result(adds=SQL_QUOTED, keeps=True),
    ),
    Known(
        (
            *each("pg.", "Client Pool"),
            *each("mysql.", "createConnection createPool"),
            "postgres",
            "better-sqlite3",
            "sqlite3.Database",
            "sqlite.open",
            "sqlite.DatabaseSync",
            "mssql.connect",
            "knex",
            "knex.knex",
            "sequelize.Sequelize",
            "typeorm.DataSource",
            "typeorm.createConnection",
            "@libsql/client.createClient",
            "@neondatabase/serverless.neon",
            "@clickhouse/client.createClient",
            "snowflake-sdk.createConnection",
            "duckdb.Database",
            "mongodb.MongoClient",
            "mongodb.MongoClient.connect",
            "mongoose.connect",
            "mongoose.createConnection",
            "redis.createClient",
            "ioredis",
            "ioredis.Redis",
            "neo4j-driver.driver",
            "@elastic/elasticsearch.Client",
            "@supabase/supabase-js.createClient",
            "@prisma/client.PrismaClient",
            "@upstash/redis.Redis",
        ),
        EffectKind.DATABASE,
        {
            "address": (
                "0.connectionString",
                "0.host",
                "0.url",
                "0.server",
                "0.filename",
                "0.database",
                "0.node",
                0,
            ),
            "password": ("0.password", "1.password"),
            "options": (1, 0),
        },
        result=Result(passes=()),
    ),
    Known(
        across(("better-sqlite3().", "sqlite3.*.", "sqlite.*."), "loadExtension"),
        EffectKind.LOAD_CODE,
        {"name": (0,)},
        tags=("database extension",),
    ),
)

_MONGO: Final = (
    "find findOne findOneAndUpdate findOneAndDelete findOneAndReplace updateOne updateMany "
    "deleteOne deleteMany replaceOne countDocuments aggregate distinct findById exists where "
    "findByIdAndUpdate findByIdAndDelete"
)

_NOSQL: Final = (
    Known(
        across(("mongodb.*.", "mongoose.*.", "@typegoose/typegoose.*."), _MONGO),
        EffectKind.NOSQL,
        {"query": (0,), "update": (1,)},
        result=_ROWS,
    ),
    Known(
        across(
            ("*.",),
            "findOne findOneAndUpdate findOneAndDelete updateOne updateMany deleteOne deleteMany "
            "countDocuments",
        ),
        EffectKind.NOSQL,
        {"query": (0,), "update": (1,)},
        tags=("by name",),
        result=_ROWS,
    ),
    Known(
        across(("mongodb.*.",), "command runCommand admin().command"),
        EffectKind.NOSQL,
        {"query": (0,)},
        tags=("command",),
        result=_ROWS,
    ),
    Known(
        across(
            ("mongodb.*.", "mongoose.*."),
            "insertOne insertMany bulkWrite drop create save dropDatabase",
        ),
        EffectKind.NOSQL,
        {"document": (0,)},
        tags=("write",),
    ),
    Known(
        across(
            ("@elastic/elasticsearch.*.", "@opensearch-project/opensearch.*."),
            "search count deleteByQuery updateByQuery msearch",
        ),
        EffectKind.NOSQL,
        {"query": ("0.query", "0.body", "0.q", 0), "index": ("0.index",)},
        result=_ROWS,
    ),
    Known(
        across(
            ("redis.*.", "ioredis().", "ioredis.*.", "@upstash/redis.*."),
            "eval evalsha sendCommand call",
        ),
        EffectKind.NOSQL,
        {"query": (0,)},
        tags=("command",),
        result=_ROWS,
    ),
    Known(
        across(
            ("redis.*.", "ioredis().", "ioredis.*.", "@upstash/redis.*."),
            "get hget hGet hgetall hGetAll mget lrange lRange smembers scan keys lpop rpop",
        ),
        EffectKind.NOSQL,
        {"key": (0,)},
        tags=("key",),
        result=_ROWS,
    ),
    Known(
        across(
            ("redis.*.", "ioredis().", "ioredis.*.", "@upstash/redis.*."),
            "set hset hSet lpush rpush sadd zadd setex del flushall flushdb",
        ),
        EffectKind.NOSQL,
        {"key": (0,), "document": ("rest:1",)},
        tags=("key", "write"),
    ),
    Known(
        across(
            ("@aws-sdk/client-dynamodb.", "@aws-sdk/lib-dynamodb."),
            "ScanCommand QueryCommand GetItemCommand GetCommand ExecuteStatementCommand",
        ),
        EffectKind.NOSQL,
        {"query": ("0.FilterExpression", "0.KeyConditionExpression", "0.Statement", "0.Key", 0)},
        tags=("service:aws",),
        result=Result(),
    ),
    Known(
        (
            "chromadb.*.query",
            "@qdrant/js-client-rest.*.search",
            "@pinecone-database/pinecone.*.query",
            "@qdrant/js-client-rest.*.scroll",
        ),
        EffectKind.NOSQL,
        {"query": (0, 1)},
        tags=("vectors",),
        result=_ROWS,
    ),
)

TABLE = Library(
    "databases",
    known=(*_SQL, *_NOSQL),
    typed=(
        Typed(("pg.Pool",), "pg.Pool()"),
        Typed(("pg.Client", "pg.PoolClient"), "pg.Client()"),
        Typed(("mysql.Connection", "mysql.Pool", "mysql.PoolConnection"), "mysql.createPool()"),
        Typed(("better-sqlite3.Database",), "better-sqlite3()"),
        Typed(("sqlite3.Database",), "sqlite3.Database()"),
        Typed(("sqlite.Database",), "sqlite.open()"),
        Typed(("mongodb.Db",), "mongodb.MongoClient().db()"),
        Typed(("mongodb.Collection",), "mongodb.MongoClient().db().collection()"),
        Typed(("mongodb.MongoClient",), "mongodb.MongoClient()"),
        Typed(("mssql.ConnectionPool",), "mssql.connect()"),
        Typed(("@libsql/client.Client",), "@libsql/client.createClient()"),
        Typed(("@supabase/supabase-js.SupabaseClient",), "@supabase/supabase-js.createClient()"),
        Typed(("neo4j-driver.Driver", "neo4j-driver.Session"), "neo4j-driver.driver()"),
        Typed(("typeorm.DataSource",), "typeorm.DataSource()"),
        Typed(("sequelize.Sequelize",), "sequelize.Sequelize()"),
        Typed(("knex.Knex",), "knex()"),
    ),
    aliases={
        "mysql2": "mysql",
        "mysql2/promise": "mysql",
        "promise-mysql": "mysql",
        "mysql2-promise": "mysql",
        "pg-native": "pg",
        "pg-pool": "pg.Pool",
        "sqlite3.verbose()": "sqlite3",
        "bun:sqlite.Database": "better-sqlite3",
        "better-sqlite3-multiple-ciphers": "better-sqlite3",
        "@libsql/client/web": "@libsql/client",
        "@libsql/client/node": "@libsql/client",
        "neo4j-driver-lite": "neo4j-driver",
        "mssql/msnodesqlv8": "mssql",
        "@elastic/elasticsearch-serverless": "@elastic/elasticsearch",
        "sqlite3-promise": "sqlite3",
        "promised-sqlite3": "sqlite",
    },
)
