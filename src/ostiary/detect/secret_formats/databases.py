"""Passwords in database addresses and connection strings."""

from __future__ import annotations

from ostiary.detect.secret_formats.form import Judged, SecretFormat
from ostiary.model.grade import Confidence

SUPERUSERS = frozenset(
    {"postgres", "root", "sa", "sys", "system", "admin", "administrator", "superuser", "neo4j"}
    | {"elastic", "doadmin", "cloudsqlsuperuser", "rdsadmin", "supabase_admin", "mysql"}
)
"""Accounts that a database server is born with and that may do anything in it."""

NAMES = {
    "postgres": "PostgreSQL password",
    "postgresql": "PostgreSQL password",
    "mysql": "MySQL password",
    "mariadb": "MariaDB password",
    "mongodb": "MongoDB password",
    "redis": "Redis password",
    "rediss": "Redis password",
    "amqp": "AMQP password",
    "amqps": "AMQP password",
    "mssql": "SQL Server password",
    "sqlserver": "SQL Server password",
    "clickhouse": "ClickHouse password",
    "neo4j": "Neo4j password",
    "bolt": "Neo4j password",
    "oracle": "Oracle password",
    "snowflake": "Snowflake password",
}


def of_user(user: str) -> Judged:
    """What a database password opens, told by the account it belongs to."""
    name = user.lower().partition(".")[0]
    if name in SUPERUSERS:
        return Judged(
            Confidence.HIGH, f"the account {name}, which may do anything in the database", True
        )
    shown = f"the account {user}" if user else "an account that is not named"
    return Judged(Confidence.HIGH, f"{shown}; its rights are not visible in the address")


def judge_address(match: str) -> Judged | None:
    """Judges ``scheme://user:password@``, the text of one match."""
    scheme, _, rest = match.partition("://")
    base = scheme.lower().partition("+")[0]
    user = rest.partition(":")[0]
    if base not in NAMES:
        return Judged(Confidence.HIGH, kind="password in an address")
    told = of_user(user)
    return Judged(told.confidence, told.breadth, told.coarse, NAMES[base])


def judge_string(match: str) -> Judged | None:
    """Judges a connection string with ``Password=``."""
    user = ""
    for part in match.split(";"):
        key, _, value = part.partition("=")
        if key.strip().lower() in {"user id", "uid", "user", "username"}:
            user = value.strip()
    return of_user(user)


FORMATS: tuple[SecretFormat, ...] = (
    SecretFormat(
        "password in an address",
        r"(?i)\b[a-z][a-z0-9+.-]{1,24}://[^\s/:@'\"<>]{0,}:(?P<secret>[^\s/'\"<>]{1,})@[^\s@/]",
        ("://",),
        judge=judge_address,
    ),
    SecretFormat(
        "database password",
        r"(?i)\b(?:server|data source|host|driver|user id|uid)\s?=[^'\"\n]{1,}?;\s?"
        r"(?:password|pwd)\s?=\s?(?P<secret>[^;'\"\s]{3,})",
        ("password", "pwd"),
        judge=judge_string,
    ),
    SecretFormat(
        "database password",
        r"(?i)\b(?:host|user|dbname)=[^\s'\"]{1,}\s(?:[a-z_]{1,30}=[^\s'\"]{1,}\s){0,8}password=(?P<secret>[^\s'\";]{3,})",
        ("password",),
    ),
)
