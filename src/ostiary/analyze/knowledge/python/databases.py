"""Databases from Python: SQL, document stores, graphs, caches."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from ostiary.analyze.dataflow.effect import EffectKind
from ostiary.analyze.dataflow.guarantee import SQL_QUOTED
from ostiary.analyze.dataflow.value import SourceKind
from ostiary.analyze.knowledge.known import Known, Library, Result, Typed, Where
from ostiary.analyze.knowledge.names import across, each

_ROWS: Final = Result(passes=(), gives=SourceKind.REMOTE, named="database rows")
_Roles = Mapping[str, tuple[Where, ...]]

_QUERY: Final[_Roles] = {
    "query": (
        0,
        "sql",
        "query",
        "statement",
        "operation",
        "command",
        "cypher",
        "query_",
        "operations",
    ),
    "parameters": (1, "parameters", "params", "args", "parameters_", "vars"),
}

_DRIVERS: Final = (
    "sqlite3",
    "psycopg",
    "psycopg2",
    "psycopg_pool",
    "pymysql",
    "mysql",
    "MySQLdb",
    "aiomysql",
    "aiosqlite",
    "aiopg",
    "asyncmy",
    "pyodbc",
    "aioodbc",
    "pymssql",
    "oracledb",
    "cx_Oracle",
    "snowflake",
    "duckdb",
    "clickhouse_driver",
    "trino",
    "prestodb",
    "pyhive",
    "databricks",
    "vertica_python",
    "redshift_connector",
    "teradatasql",
    "ibm_db_dbi",
    "jaydebeapi",
    "turbodbc",
    "libsql",
    "libsql_client",
    "libsql_experimental",
    "pysqlcipher3",
    "apsw",
    "sqlalchemy",
    "sqlmodel",
    "databases",
    "records",
    "neo4j",
    "kuzu",
    "memgraph",
    "gqlalchemy",
    "cassandra",
    "questdb",
    "psycopg2cffi",
    "pg8000",
    "peewee",
    "dataset",
    "django.db",
    "tortoise",
    "asyncpg",
    "influxdb_client",
    "google.cloud.spanner",
    "phoenixdb",
    "hdbcli",
    "firebirdsql",
    "singlestoredb",
    "starrocks",
    "pymonetdb",
    "oursql",
)


def _fits(*methods: str) -> tuple[str, ...]:
    """Each method after every driver, at any depth: ``sqlite3.*.execute``."""
    return tuple(f"{driver}.*.{method}" for driver in _DRIVERS for method in methods)


_SQL: Final = (
    Known(_fits("execute", "executemany", "executescript"), EffectKind.SQL, _QUERY, result=_ROWS),
    Known(
        across(
            ("asyncpg.*.", "databases.*.", "records.*."),
            "fetch fetchrow fetchval fetch_all fetch_one fetch_val iterate query cursor prepare",
        ),
        EffectKind.SQL,
        {"query": (0, "query"), "parameters": ("rest:1", "values")},
        result=_ROWS,
    ),
    Known(
        ("asyncpg.*.execute",),
        EffectKind.SQL,
        {"query": (0, "query"), "parameters": ("rest:1",)},
        result=_ROWS,
    ),
    Known(
        (
            *each("duckdb.", "sql query execute"),
            *each("duckdb.*.", "sql query"),
            "pandas.read_sql",
            "pandas.read_sql_query",
            "polars.read_database",
            "neo4j.*.run",
            "neo4j.*.execute_query",
            "py2neo.*.run",
            "kuzu.*.execute",
            "clickhouse_connect.*.query",
            "clickhouse_connect.*.command",
            "clickhouse_connect.*.query_df",
            "clickhouse_connect.*.raw_query",
            "chdb.query",
            "google.cloud.bigquery.*.query",
            "google.cloud.bigquery.*.query_and_wait",
            "snowflake.snowpark.*.sql",
            "pyspark.*.sql",
            "influxdb_client.*.query",
            "boto3.*.execute_statement",
            "awswrangler.athena.read_sql_query",
            "pyathena.*.execute",
            "peewee.*.execute_sql",
            "peewee.SQL",
            "dataset.*.query",
            "tortoise.*.execute_query",
            "tortoise.*.execute_query_dict",
            "sqlite_utils.*.query",
            "apsw.*.execute",
            "falkordb.*.query",
            "redisgraph.*.query",
            "pymysql.*.query",
            "langchain_community.utilities.*.run",
        ),
        EffectKind.SQL,
        _QUERY,
        result=_ROWS,
    ),
    Known(
        ("boto3.*.execute_statement", "boto3.*.start_query_execution"),
        EffectKind.SQL,
        {"query": ("Statement", "QueryString", "sql", "Sql"), "parameters": ("Parameters",)},
        tags=("service:aws",),
        result=_ROWS,
    ),
    Known(
        (
            "sqlalchemy.text",
            "sqlalchemy.sql.text",
            "sqlalchemy.sql.expression.text",
            "sqlmodel.text",
        ),
        EffectKind.SQL,
        {"query": (0, "text")},
        tags=("text",),
        result=Result(passes=(0, "text"), keeps=True),
    ),
    Known(
        across(
            (
                *("sqlalchemy.", "sqlalchemy.sql.", "sqlalchemy.future.", "sqlmodel."),
                *each("sqlalchemy.dialects.", "postgresql. sqlite. mysql."),
            ),
            "select().* insert().* update().* delete().* and_ or_ not_ func.* case cast",
        ),
        result=Result(adds=SQL_QUOTED, keeps=True),
    ),
    Known(
        ("sqlalchemy.text().bindparams",),
        result=Result(passes=("base",), keeps=True),
    ),
    Known(
        ("sqlalchemy.literal_column", "sqlalchemy.sql.literal_column"),
        EffectKind.SQL,
        {"query": (0,)},
        tags=("text",),
    ),
    Known(
        ("django.db.models.*.raw", "*.objects.raw", "django.db.models.expressions.RawSQL"),
        EffectKind.SQL,
        {"query": (0, "raw_query", "sql"), "parameters": (1, "params")},
        result=_ROWS,
    ),
    Known(
        ("*.objects.extra",),
        EffectKind.SQL,
        {"query": ("where", "select", "all")},
        result=_ROWS,
    ),
    Known(
        each("*.", "execute executemany executescript"),
        EffectKind.SQL,
        _QUERY,
        tags=("by name",),
        result=_ROWS,
    ),
    Known(
        each("*.", "execute_query run_query execute_sql run_sql fetchval fetchrow fetch_all"),
        EffectKind.SQL,
        _QUERY,
        tags=("by name",),
        result=_ROWS,
    ),
    Known(
        (
            *each("psycopg2.sql.", "Identifier Literal Placeholder"),
            *each("psycopg.sql.", "Identifier Literal Placeholder"),
            *each("psycopg2.extensions.", "quote_ident adapt"),
            "pymysql.converters.escape_string",
            "pymysql.escape_string",
            "*.escape_string",
            "psycopg2.*.mogrify",
            "sqlalchemy.bindparam",
            "sqlalchemy.literal",
            "sqlalchemy.column",
            "*.quote_identifier",
            "*.quote_ident",
            "*.quote_literal",
            "*.quoted_name",
            *each("clickhouse_connect.driver.binding.", "quote_identifier format_query_value"),
            "clickhouse_connect.driver.binding.format_str",
            "asyncpg.utils._quote_ident",
        ),
        result=Result(adds=SQL_QUOTED, keeps=True),
    ),
    Known(
        each("psycopg2.sql.", "SQL Composed") + each("psycopg.sql.", "SQL Composed"),
        result=Result(keeps=True),
    ),
    Known(
        (
            *each("sqlite3.", "connect"),
            *each("psycopg.", "connect AsyncConnection.connect Connection.connect"),
            "psycopg2.connect",
            "psycopg_pool.ConnectionPool",
            "psycopg_pool.AsyncConnectionPool",
            *each("asyncpg.", "connect create_pool"),
            "pymysql.connect",
            "mysql.connector.connect",
            "MySQLdb.connect",
            "aiomysql.connect",
            "aiomysql.create_pool",
            "aiosqlite.connect",
            "pyodbc.connect",
            "oracledb.connect",
            "duckdb.connect",
            "snowflake.connector.connect",
            "sqlalchemy.create_engine",
            "sqlalchemy.ext.asyncio.create_async_engine",
            "sqlmodel.create_engine",
            "clickhouse_connect.get_client",
            "clickhouse_driver.Client",
            "pymongo.MongoClient",
            "motor.motor_asyncio.AsyncIOMotorClient",
            "redis.Redis",
            "redis.from_url",
            "redis.asyncio.Redis",
            "redis.asyncio.from_url",
            "neo4j.GraphDatabase.driver",
            "neo4j.AsyncGraphDatabase.driver",
            "elasticsearch.Elasticsearch",
            "elasticsearch.AsyncElasticsearch",
            "opensearchpy.OpenSearch",
            "cassandra.cluster.Cluster",
            "qdrant_client.QdrantClient",
            "chromadb.HttpClient",
            "chromadb.PersistentClient",
            "databases.Database",
            "trino.dbapi.connect",
        ),
        EffectKind.DATABASE,
        {
            "address": (0, "database", "dsn", "conninfo", "host", "url", "uri", "account"),
            "password": ("password", "passwd"),
            "options": ("readonly", "read_only", "uri", "ssl", "sslmode"),
        },
        result=Result(passes=(), keeps_recipe=True),
    ),
    Known(
        each("sqlite3.*.", "enable_load_extension load_extension"),
        EffectKind.LOAD_CODE,
        {"name": (0,)},
        tags=("database extension",),
    ),
    Known(
        each("sqlite3.*.", "backup"),
        EffectKind.WRITE_FILE,
        {"path": (0,)},
        tags=("database",),
    ),
)

_MONGO: Final = (
    "find find_one find_one_and_update find_one_and_delete find_one_and_replace update_one "
    "update_many delete_one delete_many replace_one count_documents aggregate distinct"
)
_MONGO_ROLES: Final[_Roles] = {"query": (0, "filter", "pipeline"), "update": (1, "update")}

_NOSQL: Final = (
    Known(
        across(("pymongo.*.", "motor.*.", "mongoengine.*.", "beanie.*."), _MONGO),
        EffectKind.NOSQL,
        _MONGO_ROLES,
        result=_ROWS,
    ),
    Known(
        across(
            ("*.",),
            "find_one find_one_and_update find_one_and_delete update_one update_many delete_one "
            "delete_many count_documents aggregate",
        ),
        EffectKind.NOSQL,
        _MONGO_ROLES,
        tags=("by name",),
        result=_ROWS,
    ),
    Known(
        across(("pymongo.*.", "motor.*."), "command"),
        EffectKind.NOSQL,
        {"query": (0, "command")},
        tags=("command",),
        result=_ROWS,
    ),
    Known(
        across(("pymongo.*.", "motor.*."), "insert_one insert_many bulk_write drop"),
        EffectKind.NOSQL,
        {"document": (0, "document", "documents")},
        tags=("write",),
    ),
    Known(
        across(
            ("elasticsearch.*.", "opensearchpy.*."),
            "search delete_by_query update_by_query count msearch",
        ),
        EffectKind.NOSQL,
        {"query": ("query", "body", "q", 0), "index": ("index",)},
        result=_ROWS,
    ),
    Known(
        across(("redis.*.",), "execute_command eval evalsha script_load fcall"),
        EffectKind.NOSQL,
        {"query": (0, "script")},
        tags=("command",),
        result=_ROWS,
    ),
    Known(
        across(
            ("redis.*.",),
            "get hget hgetall mget lrange smembers scan keys lpop rpop blpop brpop zrange xread",
        ),
        EffectKind.NOSQL,
        {"key": (0, "name")},
        tags=("key",),
        result=_ROWS,
    ),
    Known(
        across(
            ("redis.*.",), "set hset mset lpush rpush sadd zadd xadd setex delete flushall flushdb"
        ),
        EffectKind.NOSQL,
        {"key": (0, "name"), "document": ("rest:1",)},
        tags=("key", "write"),
    ),
    Known(
        ("redis.*.publish",),
        EffectKind.MESSAGE,
        {"to": (0, "channel"), "body": (1, "message")},
        tags=("service:redis",),
    ),
    Known(
        (
            "chromadb.*.query",
            "chromadb.*.get",
            "qdrant_client.*.search",
            "qdrant_client.*.query_points",
            "qdrant_client.*.scroll",
            "pinecone.*.query",
            "weaviate.*.do",
        ),
        EffectKind.NOSQL,
        {"query": ("all",)},
        tags=("vectors",),
        result=_ROWS,
    ),
    Known(
        (
            "boto3.resource().Table().scan",
            "boto3.resource().Table().query",
            "boto3.resource().Table().get_item",
        ),
        EffectKind.NOSQL,
        {"query": ("FilterExpression", "KeyConditionExpression", "Key", "all")},
        tags=("service:aws",),
        result=_ROWS,
    ),
)

TABLE = Library(
    "databases",
    known=(*_SQL, *_NOSQL),
    typed=(
        Typed(("sqlite3.Connection",), "sqlite3.connect()"),
        Typed(("sqlite3.Cursor",), "sqlite3.connect().cursor()"),
        Typed(("aiosqlite.Connection",), "aiosqlite.connect()"),
        Typed(("asyncpg.Connection", "asyncpg.Pool", "asyncpg.pool.Pool"), "asyncpg.connect()"),
        Typed(("psycopg.Connection", "psycopg.AsyncConnection"), "psycopg.connect()"),
        Typed(("psycopg2.extensions.connection",), "psycopg2.connect()"),
        Typed(("psycopg2.extensions.cursor",), "psycopg2.connect().cursor()"),
        Typed(
            ("sqlalchemy.orm.Session", "sqlalchemy.ext.asyncio.AsyncSession", "sqlmodel.Session"),
            "sqlalchemy.orm.Session()",
        ),
        Typed(("sqlalchemy.engine.Engine", "sqlalchemy.Engine"), "sqlalchemy.create_engine()"),
        Typed(("sqlalchemy.engine.Connection", "sqlalchemy.Connection"), "sqlalchemy.Connection()"),
        Typed(("pymongo.MongoClient",), "pymongo.MongoClient()"),
        Typed(("pymongo.database.Database",), "pymongo.MongoClient().db"),
        Typed(("pymongo.collection.Collection",), "pymongo.MongoClient().db.collection"),
        Typed(("redis.Redis", "redis.asyncio.Redis"), "redis.Redis()"),
        Typed(("duckdb.DuckDBPyConnection",), "duckdb.connect()"),
        Typed(("neo4j.Driver", "neo4j.AsyncDriver"), "neo4j.GraphDatabase.driver()"),
        Typed(("neo4j.Session", "neo4j.AsyncSession"), "neo4j.GraphDatabase.driver().session()"),
    ),
    aliases={
        "google.cloud.bigquery_v2": "google.cloud.bigquery",
        "redis.client.Redis": "redis.Redis",
        "redis.StrictRedis": "redis.Redis",
        "pymongo.mongo_client.MongoClient": "pymongo.MongoClient",
        "pymongo.AsyncMongoClient": "pymongo.MongoClient",
        "motor.MotorClient": "motor.motor_asyncio.AsyncIOMotorClient",
        "sqlite3.dbapi2": "sqlite3",
        "pysqlite3": "sqlite3",
        "sqlcipher3": "sqlite3",
    },
)
