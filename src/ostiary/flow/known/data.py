"""Databases, caches, search indices and message buses."""

from __future__ import annotations

from ostiary.flow.known.record import Known, Power, does
from ostiary.model.access import DataClass, Level

_RECORDS: tuple[Power, ...] = (
    does("(query tools)", Level.READ, "database", DataClass.DATABASE, "Pu"),
    does("(writing tools)", Level.WRITE, "database", DataClass.DATABASE),
    does("(deleting tools)", Level.DESTROY, "database", DataClass.DATABASE),
)

KNOWN: tuple[Known, ...] = (
    Known(
        ("npm:@modelcontextprotocol/server-postgres", "oci:mcp/postgres"),
        "database",
        (does("query", Level.READ, "database", DataClass.DATABASE, "Pu"),),
        "its read-only transaction could be left by a stacked statement in published versions",
    ),
    Known(
        (
            "pypi:postgres-mcp",
            "oci:crystaldba/postgres-mcp",
            "npm:mcp-postgres-server",
            "npm:@benborla29/mcp-server-mysql",
            "pypi:mysql-mcp-server",
            "npm:@f4ww4z/mcp-mysql-server",
            "pypi:mcp-snowflake-server",
            "pypi:mcp-server-bigquery",
            "npm:@ergut/mcp-bigquery-server",
            "npm:@bytebase/dbhub",
            "oci:bytebase/dbhub",
            "pypi:mcp-clickhouse",
            "pypi:mcp-server-motherduck",
            "pypi:mcp-neo4j-cypher",
            "oci:mcp/neo4j-cypher",
            "pypi:snowflake-labs-mcp",
        ),
        "database",
        _RECORDS,
    ),
    Known(
        ("pypi:mcp-server-sqlite", "oci:mcp/sqlite", "npm:mcp-server-sqlite-npx"),
        "database",
        (
            does(
                "read_query list_tables describe_table",
                Level.READ,
                "database",
                DataClass.DATABASE,
                "Pu",
            ),
            does(
                "write_query create_table append_insight",
                Level.WRITE,
                "database",
                DataClass.DATABASE,
            ),
            does("write_query", Level.DESTROY, "database", DataClass.DATABASE),
        ),
    ),
    Known(
        (
            "pypi:redis-mcp-server",
            "oci:mcp/redis",
            "npm:@modelcontextprotocol/server-redis",
            "npm:@gongrzhe/server-redis-mcp",
        ),
        "database",
        (
            *_RECORDS,
            does("publish", Level.SEND, "queue", DataClass.DATABASE, "o"),
        ),
        "other services may listen to what is written or published",
    ),
    Known(
        (
            "npm:mongodb-mcp-server",
            "oci:mongodb/mongodb-mcp-server",
            "oci:mcp/mongodb",
            "npm:mcp-mongo-server",
        ),
        "database",
        (
            does(
                "find aggregate count list-collections list-databases collection-schema",
                Level.READ,
                "database",
                DataClass.DATABASE,
                "Pu",
            ),
            does(
                "insert-many update-many create-collection",
                Level.WRITE,
                "database",
                DataClass.DATABASE,
            ),
            does(
                "delete-many drop-collection drop-database",
                Level.DESTROY,
                "database",
                DataClass.DATABASE,
            ),
            does(
                "atlas-create-db-user atlas-create-access-list", Level.ADMINISTER, "database user"
            ),
        ),
    ),
    Known(
        (
            "npm:@elastic/mcp-server-elasticsearch",
            "oci:docker.elastic.co/mcp/elasticsearch",
            "pypi:elasticsearch-mcp-server",
        ),
        "database",
        (does("(search tools)", Level.READ, "database", DataClass.DATABASE, "Pu"),),
    ),
    Known(
        ("pypi:mcp-server-qdrant", "pypi:chroma-mcp", "npm:@pinecone-database/mcp"),
        "stateful",
        (
            does("(find tools)", Level.READ, "memory", DataClass.MEMORY, "Pu"),
            does("(store tools)", Level.WRITE, "memory", DataClass.MEMORY),
        ),
    ),
    Known(
        (
            "npm:@supabase/mcp-server-supabase",
            "url:mcp.supabase.com",
            "npm:@supabase/mcp-server-postgrest",
        ),
        "database",
        (
            does("execute_sql", Level.READ, "database", DataClass.DATABASE, "PU"),
            does("execute_sql apply_migration", Level.WRITE, "database", DataClass.DATABASE),
            does("execute_sql", Level.DESTROY, "database", DataClass.DATABASE),
            does("deploy_edge_function", Level.EXECUTE, "code", DataClass.CLOUD, "o"),
            does("create_project pause_project restore_project", Level.WRITE, "cloud resource"),
            does("create_project", Level.SPEND, "cloud resource"),
            does("get_logs get_advisors", Level.READ, "log", DataClass.CLOUD, "pu"),
        ),
    ),
    Known(
        ("npm:@neondatabase/mcp-server-neon", "url:mcp.neon.tech", "url:mcp.prisma.io"),
        "database",
        (
            does("run_sql run_sql_transaction", Level.READ, "database", DataClass.DATABASE, "Pu"),
            does(
                "run_sql run_sql_transaction create_branch",
                Level.WRITE,
                "database",
                DataClass.DATABASE,
            ),
            does(
                "run_sql delete_project delete_branch",
                Level.DESTROY,
                "database",
                DataClass.DATABASE,
            ),
            does("get_connection_string", Level.READ, "secret", DataClass.CREDENTIALS, "P"),
        ),
    ),
    Known(
        ("npm:@confluentinc/mcp-confluent",),
        "database",
        (
            does("(topic reading tools)", Level.READ, "queue", DataClass.DATABASE, "pu"),
            does("(topic writing tools)", Level.SEND, "queue", DataClass.DATABASE, "o"),
            does("(topic deleting tools)", Level.DESTROY, "queue", DataClass.DATABASE),
        ),
        "other services listen to what is written",
    ),
)
"""Servers over records."""
