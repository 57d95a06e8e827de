"""What a noun stands for: the object, the data in it, and whether strangers or owners fill it."""

from __future__ import annotations

from dataclasses import dataclass

from ostiary.flow.lexicon import wordset
from ostiary.model.access import DataClass
from ostiary.model.grade import Confidence

_H, _M, _L = Confidence.HIGH, Confidence.MEDIUM, Confidence.LOW


@dataclass(frozen=True, slots=True)
class Thing:
    """An object of a tool. ``untrusted`` and ``private`` say what reading it brings in."""

    name: str
    data: DataClass | None = None
    untrusted: Confidence | None = None
    private: Confidence | None = None


def _rows() -> tuple[tuple[Thing, str], ...]:
    return (
        (Thing("file", DataClass.FILES, _L, _H), "file filesystem files"),
        (Thing("directory", DataClass.FILES, None, _M), "directory folder dir drive workspace"),
        (
            Thing("document", DataClass.FILES, _L, _M),
            """document doc docx pdf excel sheet spreadsheet presentation slide workbook
            worksheet word ppt paragraph notebook""",
        ),
        (
            Thing("note", DataClass.PERSONAL, _L, _M),
            "note vault_note obsidian notion confluence wiki_page",
        ),
        (
            Thing("repository", DataClass.SOURCE_CODE, _L, _M),
            "repository repo git branch codebase gist github gitlab bitbucket",
        ),
        (Thing("commit", DataClass.SOURCE_CODE, _L, _M), "commit diff"),
        (
            Thing("pull request", DataClass.SOURCE_CODE, _H, _L),
            "pull_request pullrequest pr merge_request mr",
        ),
        (Thing("issue", DataClass.SOURCE_CODE, _H, _L), "issue discussion sub_issue"),
        (Thing("ticket", DataClass.MESSAGES, _H, _M), "ticket jira case zendesk incident"),
        (Thing("comment", DataClass.MESSAGES, _H, _L), "comment review reaction feedback"),
        (Thing("post", DataClass.WEB, _H, None), "post tweet toot story reddit subreddit article"),
        (
            Thing("message", DataClass.MESSAGES, _H, _H),
            "message conversation thread sms inbox dm mailbox",
        ),
        (
            Thing("chat", DataClass.MESSAGES, _M, _M),
            "chat slack discord telegram whatsapp teams channel notification gmail outlook imap",
        ),
        (Thing("email", DataClass.MESSAGES, _H, _H), "email mail"),
        (Thing("calendar", DataClass.CALENDAR, _M, _H), "calendar meeting appointment"),
        (Thing("contact", DataClass.PERSONAL, _L, _H), "contact customer lead prospect attendee"),
        (Thing("user", DataClass.PERSONAL, _L, _M), "user account member profile employee person"),
        (
            Thing("web page", DataClass.WEB, _H, None),
            """webpage website web_page internet browser playwright puppeteer news blog feed rss
            transcript dom web_content""",
        ),
        (
            Thing("web address", DataClass.WEB, _L, None),
            "web url html http link site youtube video domain",
        ),
        (
            Thing("database", DataClass.DATABASE, _L, _H),
            """database db table sql row collection cypher neo4j postgres mysql sqlite
            mongodb redis snowflake bigquery warehouse record datastore cosmos gremlin
            opencypher""",
        ),
        (Thing("database", DataClass.DATABASE, _L, _M), "query schema"),
        (Thing("cache entry", DataClass.DATABASE, _L, _M), "cache kv valkey memcached"),
        (Thing("queue", DataClass.DATABASE, _M, _M), "queue kafka pubsub sqs rabbitmq"),
        (
            Thing("secret", DataClass.CREDENTIALS, None, _H),
            "secret credential password apikey keychain env_var environment_variable env printenv",
        ),
        (Thing("certificate", None, None, None), "certificate cert"),
        (
            Thing("payment", DataClass.FINANCIAL, None, _H),
            """payment invoice refund charge balance payout subscription dispute
            billing bank portfolio holding position margin budget""",
        ),
        (Thing("order", DataClass.FINANCIAL, None, _M), "order trade"),
        (
            Thing("health record", DataClass.HEALTH, _L, _H),
            "patient fhir dicom medical health_record healthlake healthimaging prescription study",
        ),
        (Thing("location", DataClass.LOCATION, None, None), "geocode latitude longitude"),
        (
            Thing("cloud resource", DataClass.CLOUD, None, _M),
            """vm instance cluster pod deployment kubernetes k8s kubectl helm namespace bucket blob
            s3 lambda subnet vnet vpc ec2 container docker droplet load_balancer vpn
            aws azure gcp cloud broker tunnel firewall dns infrastructure ecs""",
        ),
        (Thing("log", DataClass.CLOUD, _L, _M), "log logs trace metric alert event"),
        (
            Thing("memory", DataClass.MEMORY, _M, _M),
            "memory memories entity observation relation knowledge_graph graph",
        ),
        (Thing("cookie", DataClass.BROWSER, None, _H), "cookie localstorage sessionstorage"),
        (Thing("command", None, None, None), "command shell bash terminal process powershell"),
        (Thing("code", None, None, None), "code script javascript python js snippet cell"),
        (Thing("policy", None, None, _L), "policy role permission rule acl iam"),
        (Thing("webhook", None, None, None), "webhook callback"),
        (Thing("task", DataClass.PERSONAL, _L, _M), "task todo reminder subtask checklist board"),
        (
            Thing("public data", DataClass.PUBLIC, _L, None),
            """weather forecast wikipedia arxiv paper documentation docs npm pypi package library
            stock quote crypto exchange_rate timezone time whois cve hackernews pubmed
            nuget recipe dataset public airbnb listing geocode""",
        ),
    )


def _table() -> dict[str, Thing]:
    found: dict[str, Thing] = {}
    for thing, words in _rows():
        for word in words.split():
            found.setdefault(word, thing)
    for word in tuple(found):
        plural = word[:-1] + "ies" if word.endswith("y") else word + "s"
        found.setdefault(plural, found[word])
    found["branches"] = found["branch"]
    found["caches"] = found["cache"]
    found["addresses"] = found["location"] if "location" in found else found["geocode"]
    return found


THINGS: dict[str, Thing] = _table()
"""Word to thing, singular and plural; two-word things are joined with an underscore."""

SENT = wordset(
    """comment comments message messages post posts tweet issue issues reply discussion gist
        review pr pull_request announcement notification reaction ticket email case
        support_case invite broadcast"""
)
"""Objects whose making shows text to other people: to create one is to send."""

PAID = wordset("""order orders payment purchase refund charge payout trade checkout invoice""")
"""Objects whose making moves money."""

GOVERNED = wordset(
    """user users role roles permission permissions policy policies member members access
        credential credentials secret secrets certificate firewall acl iam mfa sso password
        protection collaborator admin nsg apikey group_policy rbac invitation scope scopes
        kubeconfig guild_role service_account key_vault org organization tenant"""
)
"""Objects that decide who may do what."""

RUNNABLE = wordset(
    """command commands cmd shell bash terminal code script scripts javascript js python
        powershell process program repl cell notebook snippet kubectl applescript osascript
        binary executable console sandbox macro"""
)
"""What, when run or executed, is somebody's code."""

QUERIED = wordset(
    """query queries sql cypher gremlin opencypher statement statements promql transaction
        select aql graphql soql kql flux database"""
)
"""What, when run or executed, is a question to a database."""

JOBS = wordset(
    """job jobs workflow pipeline build task flow recipe lambda function action playbook
        actor automation agent container test tests zap transformation"""
)
"""What, when run, starts work that others defined."""
