"""Services by the tags and packages that reach them: what people call them, and where they are."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from ostiary.model.access import DataClass as D


@dataclass(frozen=True, slots=True)
class Vendor:
    """One service that code reaches through a library of its own."""

    label: str
    """What people call it."""
    data: D | None = None
    host: str = ""
    """Where its library sends to unless told otherwise; empty if that is configured."""
    private: bool = True
    """Whether what it answers is usually not public."""
    local: bool = False
    """Whether it is reached on this machine and nothing leaves it."""


_NONE: Final = ""
_ROWS: Final[tuple[tuple[Vendor, str], ...]] = (
    (
        Vendor("GitHub", D.SOURCE_CODE, "api.github.com"),
        "service:github github @octokit octokit ghapi githubkit PyGithub",
    ),
    (Vendor("GitLab", D.SOURCE_CODE), "gitlab @gitbeaker service:gitlab"),
    (Vendor("Git repository", D.SOURCE_CODE, local=True), "git simple-git pygit2 dulwich"),
    (Vendor("Git repository", D.SOURCE_CODE, local=True), "isomorphic-git nodegit"),
    (Vendor("AWS", D.CLOUD), "service:aws boto3 botocore aioboto3 aiobotocore @aws-sdk aws-sdk"),
    (Vendor("AWS S3", D.CLOUD), "service:aws-s3 s3fs @aws-sdk/client-s3 @aws-sdk/lib-storage"),
    (Vendor("AWS mail", D.MESSAGES), "service:aws-ses @aws-sdk/client-ses @aws-sdk/client-sesv2"),
    (Vendor("Kubernetes", D.CLOUD), "kubernetes kubernetes_asyncio @kubernetes pykube kr8s"),
    (Vendor("Docker", D.CLOUD, local=True), "docker dockerode aiodocker podman python_on_whales"),
    (Vendor("Google Cloud", D.CLOUD), "@google-cloud google.cloud service:google-cloud"),
    (Vendor("Google", D.FILES), "googleapis @googleapis googleapiclient service:google gspread"),
    (Vendor("Gmail", D.MESSAGES, "gmail.googleapis.com"), "service:gmail @googleapis/gmail"),
    (Vendor("Google Calendar", D.CALENDAR, "www.googleapis.com"), "@googleapis/calendar"),
    (Vendor("Azure", D.CLOUD), "@azure azure azure.mgmt azure.storage"),
    (Vendor("Microsoft 365", D.MESSAGES), "@microsoft/microsoft-graph-client msgraph O365"),
    (Vendor("Exchange", D.MESSAGES), "exchangelib"),
    (Vendor("Cloudflare", D.CLOUD, "api.cloudflare.com"), "cloudflare"),
    (Vendor("Hetzner Cloud", D.CLOUD, "api.hetzner.cloud"), "hcloud"),
    (Vendor("DigitalOcean", D.CLOUD, "api.digitalocean.com"), "digitalocean pydo dots-wrapper"),
    (Vendor("Vercel", D.CLOUD, "api.vercel.com"), "@vercel/sdk"),
    (Vendor("Terraform", D.CLOUD, local=True), "python_terraform"),
    (Vendor("Slack", D.MESSAGES, "slack.com"), "service:slack slack_sdk slack_bolt @slack slack"),
    (Vendor("Discord", D.MESSAGES, "discord.com"), "service:discord discord discord.js"),
    (
        Vendor("Telegram", D.MESSAGES, "api.telegram.org"),
        "service:telegram telegram telebot telethon pyrogram aiogram telegraf grammy",
    ),
    (Vendor("Twilio", D.MESSAGES, "api.twilio.com"), "service:twilio twilio"),
    (Vendor("X", D.WEB, "api.x.com", private=False), "service:x tweepy twitter-api-v2"),
    (Vendor("Reddit", D.WEB, "oauth.reddit.com", private=False), "praw asyncpraw snoowrap"),
    (Vendor("mail", D.MESSAGES), "service:smtp service:mail imaplib poplib imapflow imap_tools"),
    (Vendor("mail", D.MESSAGES), "imap node-imap imap-simple aioimaplib nodemailer"),
    (Vendor("Postmark", D.MESSAGES, "api.postmarkapp.com"), "service:postmark postmark postmarker"),
    (Vendor("SendGrid", D.MESSAGES, "api.sendgrid.com"), "service:sendgrid sendgrid @sendgrid"),
    (Vendor("Resend", D.MESSAGES, "api.resend.com"), "service:resend resend"),
    (Vendor("Mailgun", D.MESSAGES, "api.mailgun.net"), "service:mailgun mailgun.js mailgun"),
    (Vendor("Notion", D.PERSONAL, "api.notion.com"), "notion_client @notionhq"),
    (Vendor("Linear", D.MESSAGES, "api.linear.app"), "@linear"),
    (Vendor("Jira", D.MESSAGES), "jira jira.js jira-client"),
    (Vendor("Atlassian", D.MESSAGES), "atlassian confluence.js"),
    (Vendor("work tracker", D.MESSAGES), "service:work"),
    (Vendor("Asana", D.PERSONAL, "app.asana.com"), "asana"),
    (Vendor("Trello", D.PERSONAL, "api.trello.com"), "trello"),
    (Vendor("Todoist", D.PERSONAL, "api.todoist.com"), "todoist_api_python @doist"),
    (Vendor("Airtable", D.DATABASE, "api.airtable.com"), "pyairtable airtable"),
    (Vendor("HubSpot", D.PERSONAL, "api.hubapi.com"), "@hubspot hubspot"),
    (Vendor("Salesforce", D.PERSONAL), "simple_salesforce jsforce"),
    (Vendor("Zendesk", D.MESSAGES), "zenpy node-zendesk"),
    (Vendor("Shopify", D.FINANCIAL), "shopify @shopify"),
    (Vendor("Stripe", D.FINANCIAL, "api.stripe.com"), "service:stripe stripe"),
    (Vendor("PayPal", D.FINANCIAL, "api.paypal.com"), "paypalrestsdk @paypal"),
    (Vendor("exchange", D.FINANCIAL), "ccxt binance alpaca alpaca_trade_api @alpacahq kiteconnect"),
    (Vendor("blockchain", D.FINANCIAL), "web3 ethers viem solana @solana solders"),
    (Vendor("Redis", D.DATABASE), "service:redis redis ioredis @upstash/redis coredis valkey"),
    (Vendor("MongoDB", D.DATABASE), "pymongo motor mongodb mongoose mongoengine beanie"),
    (Vendor("MongoDB", D.DATABASE), "@mongosh/service-provider-node-driver"),
    (Vendor("Elasticsearch", D.DATABASE), "elasticsearch opensearchpy @elastic"),
    (Vendor("OpenSearch", D.DATABASE), "@opensearch-project"),
    (Vendor("Qdrant", D.MEMORY), "qdrant_client @qdrant"),
    (Vendor("Chroma", D.MEMORY), "chromadb"),
    (Vendor("Pinecone", D.MEMORY, "api.pinecone.io"), "pinecone @pinecone-database"),
    (Vendor("Weaviate", D.MEMORY), "weaviate weaviate-client"),
    (Vendor("Milvus", D.MEMORY), "pymilvus @zilliz"),
    (Vendor("Mem0", D.MEMORY, "api.mem0.ai"), "mem0 mem0ai"),
    (Vendor("Neo4j", D.DATABASE), "neo4j neo4j-driver py2neo"),
    (Vendor("Supabase", D.DATABASE), "service:supabase supabase @supabase"),
    (Vendor("Firebase", D.DATABASE), "firebase_admin firebase-admin firebase"),
    (Vendor("BigQuery", D.DATABASE, "bigquery.googleapis.com"), "@google-cloud/bigquery"),
    (Vendor("Snowflake", D.DATABASE), "snowflake snowflake-sdk"),
    (Vendor("ClickHouse", D.DATABASE), "clickhouse_connect clickhouse_driver @clickhouse"),
    (Vendor("database", D.DATABASE), "sqlalchemy sqlmodel peewee tortoise @prisma typeorm knex"),
    (Vendor("database", D.DATABASE), "sequelize drizzle-orm kysely asyncpg psycopg psycopg2 pg"),
    (Vendor("database", D.DATABASE), "pymysql mysql aiomysql mysql2 mssql oracledb duckdb"),
    (Vendor("database", D.DATABASE), "sqlite3 better-sqlite3 aiosqlite dataset cassandra"),
    (Vendor("queue", D.DATABASE), "kafka kafkajs aiokafka confluent_kafka pika aio_pika amqplib"),
    (Vendor("queue", D.DATABASE), "nats celery rq bullmq service:mqtt mqtt paho"),
    (Vendor("vault of secrets", D.CREDENTIALS), "hvac node-vault keyring keytar @napi-rs/keyring"),
    (Vendor("1Password", D.CREDENTIALS), "onepassword @1password"),
    (Vendor("LDAP directory", D.PERSONAL), "ldap3 ldap ldapjs ldapts"),
    (Vendor("remote host"), "paramiko fabric asyncssh ssh2 node-ssh ssh2-sftp-client"),
    (Vendor("FTP server", D.FILES), "ftplib basic-ftp aioftp"),
    (Vendor("calendar", D.CALENDAR), "caldav tsdav icloud pyicloud"),
    (Vendor("Sentry", D.CLOUD, "sentry.io"), "@sentry sentry_sdk"),
    (Vendor("Datadog", D.CLOUD, "api.datadoghq.com"), "datadog_api_client @datadog"),
    (Vendor("Grafana", D.CLOUD), "grafana_client"),
    (Vendor("Prometheus", D.CLOUD), "prometheus_api_client"),
    (Vendor("browser", D.BROWSER), "playwright puppeteer selenium selenium-webdriver pyppeteer"),
    (Vendor("OpenAI", None, "api.openai.com"), "openai"),
    (Vendor("Anthropic", None, "api.anthropic.com"), "anthropic @anthropic-ai"),
    (Vendor("Google AI", None, "generativelanguage.googleapis.com"), "@google google.generativeai"),
    (Vendor("a language model"), "service:model litellm ollama groq mistralai cohere ai"),
    (Vendor("Tavily", D.WEB, "api.tavily.com", private=False), "tavily @tavily"),
    (Vendor("Exa", D.WEB, "api.exa.ai", private=False), "exa_py exa-js"),
    (Vendor("Firecrawl", D.WEB, "api.firecrawl.dev", private=False), "firecrawl @mendable"),
    (Vendor("Apify", D.WEB, "api.apify.com", private=False), "apify_client apify-client"),
    (Vendor("web search", D.WEB, private=False), "duckduckgo_search ddgs googlesearch serpapi"),
    (Vendor("Wikipedia", D.PUBLIC, "wikipedia.org", private=False), "wikipedia wikipediaapi wiki"),
    (Vendor("arXiv", D.PUBLIC, "export.arxiv.org", private=False), "arxiv"),
    (Vendor("Yahoo Finance", D.PUBLIC, "query1.finance.yahoo.com", private=False), "yfinance"),
    (Vendor("YouTube", D.WEB, "www.youtube.com", private=False), "yt_dlp youtube_transcript_api"),
    (Vendor("Spotify", D.PERSONAL, "api.spotify.com"), "spotipy @spotify"),
    (Vendor("desktop"), "pyautogui pynput robotjs @nut-tree"),
    (Vendor("smart home"), "homeassistant_api home-assistant-js-websocket phue"),
    (Vendor("Home Assistant"), "homeassistant"),
)
VENDORS: Final[dict[str, Vendor]] = {
    name: vendor for vendor, names in _ROWS for name in names.split()
}


_HOSTS: Final[dict[str, Vendor]] = {one.host: one for one, _ in reversed(_ROWS) if one.host}


def by_host(host: str) -> Vendor | None:
    """The service at a host."""
    return _HOSTS.get(host)


def by_tags(tags: tuple[str, ...]) -> Vendor | None:
    """The service that the knowledge names."""
    found = (VENDORS.get(tag.split(" ")[0]) for tag in tags if tag.startswith("service:"))
    return next((one for one in found if one is not None), None)


def by_package(callee: str) -> Vendor | None:
    """The service that a library is for: ``@scope/name`` first, then its scope or root."""
    head = callee.partition("(")[0]
    if head.startswith("@"):
        scope, _, rest = head.partition("/")
        return VENDORS.get(f"{scope}/{rest.partition('.')[0]}") or VENDORS.get(scope)
    parts = head.split(".")
    two = ".".join(parts[:2])
    package = VENDORS.get(".".join(two.split(".")[:2])) if len(parts) > 1 else None
    return package or VENDORS.get(head) or VENDORS.get(parts[0]) or VENDORS.get(_slash(parts[0]))


def _slash(name: str) -> str:
    return name.partition("/")[0]


def vendor_of(callee: str, tags: tuple[str, ...]) -> Vendor | None:
    """The service behind a call, if it is known: of a kind of service the one that its library is
    for, where that is known."""
    tagged, packed = by_tags(tags), by_package(callee)
    if tagged is not None and not tagged.host and packed is not None and packed.host:
        return packed
    return tagged or packed
