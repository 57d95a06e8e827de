"""Powers that follow from others: what a tool touches is also something else's command channel."""

from __future__ import annotations

from dataclasses import dataclass

from ostiary.model.access import DataClass, Level
from ostiary.model.grade import Confidence, Severity

_ACTS = (Level.WRITE, Level.EXECUTE, Level.ADMINISTER)
_WRITES = (Level.WRITE,)


@dataclass(frozen=True, slots=True)
class Power:
    """One such power: what a tool must do, and what comes of it."""

    id: str
    levels: tuple[Level, ...]
    """The tool has one of these …"""
    gains: str
    """What whoever calls the tool gains, as a thing one gains."""
    because: str
    """The link, as a sentence: who acts on what is put there."""
    pattern: str = ""
    """… on something whose name matches (case ignored): an object, a store, a destination."""
    data: tuple[DataClass, ...] = ()
    """… or with data of one of these classes; both empty: whatever it is."""
    within: tuple[DataClass, ...] = ()
    """Needs data of one of these classes besides."""
    anywhere: bool = False
    """Needs that the caller chooses the path."""
    neighbour: str = ""
    """Needs another tool, of this server or beside it, whose objects match this."""
    neighbour_levels: tuple[Level, ...] = ()
    """Levels one of which that other tool must have."""
    severity: Severity = Severity.MEDIUM
    confidence: Confidence = Confidence.MEDIUM
    cut: str = "leave the tool out, or have every call of it confirmed"
    """How to break the chain."""


POWERS: tuple[Power, ...] = (
    Power(
        id="database-is-bus",
        levels=(*_ACTS, Level.DESTROY),
        pattern=r"(\b|_)(queues?|outbox|jobs?|tasks?|celery|sidekiq|bullmq|events?|message bus|"
        r"broker|notify|schedules?|scheduler|cron|pgmq)(\b|_)",
        within=(DataClass.DATABASE,),
        gains="control of every program that takes its work from there",
        because="programs that listen to the table or queue do what its entries say",
        severity=Severity.HIGH,
        cut="give it an account that cannot write the tables which other programs take work from",
    ),
    Power(
        id="broker",
        levels=_ACTS,
        pattern=r"\b(redis|kafka|rabbitmq|amqp|nats|mqtt|pulsar|sqs|kinesis|pub/?sub|event ?hub|"
        r"service bus)\b",
        gains="control of every program that listens there",
        because="it is a message bus: consumers act on what is put into it, and some formats are "
        "unpickled into code",
        cut="give it an account limited to its own keys or topics",
    ),
    Power(
        id="database-is-shared",
        levels=(Level.WRITE, Level.EXECUTE),
        data=(DataClass.DATABASE,),
        pattern=r"\b(sql|arbitrary sql|any statement|any query)\b",
        gains="control of what else reads the database, and of the database host where its account "
        "is privileged",
        because="other programs act on rows (queues, settings, permissions), and privileged "
        "accounts start programs (COPY … TO PROGRAM, xp_cmdshell, extensions, schedulers)",
        confidence=Confidence.LOW,
        cut="give it an unprivileged account that can write its own tables only",
    ),
    Power(
        id="client-configuration",
        levels=_WRITES,
        anywhere=True,
        gains="execution of programs of its choosing, with the user's rights",
        because="a file it writes can be the configuration of an MCP client, a shell start-up "
        "file, an editor's settings or a CI workflow, and each names commands that are run",
        severity=Severity.HIGH,
        cut="let its box write only the folders it shall work in (--write DIR)",
    ),
    Power(
        id="client-configuration-below",
        levels=_WRITES,
        pattern=r"\bfiles below the home folder\b",
        gains="execution of programs of its choosing, with the user's rights",
        because="below the home folder lie the configuration of every MCP client, the start-up "
        "files of the shell and the settings of editors, and each names commands that are run",
        severity=Severity.HIGH,
        cut="let its box write only the folders it shall work in (--write DIR)",
    ),
    Power(
        id="client-configuration-named",
        levels=_WRITES,
        pattern=r"(mcp\.json|mcp[ _-]?config|claude_desktop_config|\.cursor|\.claude|\.vscode|"
        r"client configuration|agent configuration|\.bashrc|\.zshrc|\.profile|authorized_keys|"
        r"crontab|systemd|launchagents|autostart|git hooks?|\.github/workflows|ci workflow)",
        gains="execution of programs of its choosing, with the user's rights",
        because="what it writes there names commands that are run later",
        severity=Severity.HIGH,
        confidence=Confidence.HIGH,
        cut="keep that folder out of what its box may write",
    ),
    Power(
        id="web-root",
        levels=_WRITES,
        pattern=r"\b(file|files|folder|directory|volume|bucket)\b",
        neighbour=r"\b(web ?server|web root|www|nginx|apache|caddy|containers?|docker|pods?)\b",
        neighbour_levels=(Level.EXECUTE, Level.WRITE, Level.ADMINISTER, Level.SEND),
        gains="execution of code as the web server or container that serves the same folder",
        because="one tool places a file, and what the other one runs or serves reads it",
        cut="keep the folder that is served or mounted out of what its box may write",
    ),
    Power(
        id="file-and-run",
        levels=_WRITES,
        pattern=r"\b(file|files|script|repository|folder|directory)\b",
        neighbour=r"\b(program|command|script|shell|code|process|container|notebook|test)\b",
        neighbour_levels=(Level.EXECUTE,),
        gains="execution of code of its choosing",
        because="one tool writes a file and another runs files",
        cut="leave one of the two out, or keep them to different folders",
    ),
    Power(
        id="docker-socket",
        levels=_ACTS,
        pattern=r"(docker\.sock|podman\.sock|containerd\.sock|\bdocker\b|\bdocker daemon\b|"
        r"\bcontainers?\b)",
        gains="root on the host",
        because="whoever may start containers may start one that mounts the whole host",
        severity=Severity.HIGH,
        cut="do not give it the socket; use rootless containers or an API that allows no mounts",
    ),
    Power(
        id="cluster",
        levels=_ACTS,
        pattern=r"\b(kubernetes|k8s|kubectl|pods?|helm|daemonset)\b",
        gains="every secret of the namespace, and often the nodes",
        because="whoever may create pods may mount secrets and host folders into one",
        severity=Severity.HIGH,
        cut="give it a role that may read only, or a namespace of its own with a restricted policy",
    ),
    Power(
        id="pipeline",
        levels=_WRITES,
        pattern=r"\b(repository|repositories|branch|pull request|commit|workflow|pipeline)\b",
        gains="execution of code in the pipeline, with the secrets it holds",
        because="pipelines run what a commit to the repository says",
        confidence=Confidence.LOW,
        cut="protect branches and workflow files, and require a person's review",
    ),
    Power(
        id="publishes",
        levels=(Level.WRITE, Level.SEND, Level.ADMINISTER),
        pattern=r"\b(package registry|npm publish|publish(es)? package|container image)\b",
        gains="execution of code on every machine that installs what it publishes",
        because="others install new versions without looking",
        cut="have every publication confirmed, and sign releases elsewhere",
    ),
    Power(
        id="grants",
        levels=(Level.ADMINISTER,),
        pattern=r"\b(role|roles|policy|policies|permission|permissions|iam|access key|user|users|"
        r"group|groups|member|collaborator|token|api key)\b",
        gains="every right that can be granted there",
        because="whoever grants rights can grant them to themselves",
        severity=Severity.HIGH,
        cut="leave it out, or give it an account that cannot grant",
    ),
    Power(
        id="dns",
        levels=(Level.WRITE, Level.DESTROY, Level.ADMINISTER),
        pattern=r"\b(dns|dns record|zone|nameserver|domain)\b",
        gains="the mail, the certificates and the web sites of the domain",
        because="whoever sets its records proves to be its owner",
        severity=Severity.HIGH,
        cut="give it a zone of its own, and have every change confirmed",
    ),
    Power(
        id="mailbox",
        levels=(Level.READ,),
        pattern=r"\b(mail|mails|email|emails|inbox|mailbox|sms)\b",
        gains="accounts elsewhere whose passwords are reset by mail or message",
        because="reset links and one-time codes arrive there",
        confidence=Confidence.LOW,
        cut="give it a folder or label without such mail",
    ),
    Power(
        id="browser",
        levels=(Level.WRITE, Level.EXECUTE, Level.SEND),
        data=(DataClass.BROWSER,),
        gains="whatever the user is logged in to",
        because="a browser acts with the sessions it holds",
        severity=Severity.HIGH,
        cut="give it a browser profile of its own without logins",
    ),
    Power(
        id="memory",
        levels=_WRITES,
        data=(DataClass.MEMORY,),
        pattern=r"\b(memory|memories|knowledge graph|vector store|embedding)\b",
        gains="a say in every later session that reads it",
        because="what is remembered is put before the model again, with more trust than a web page",
        cut="have what is remembered shown, and do not let it in from untrusted content",
    ),
    Power(
        id="debugger",
        levels=(Level.EXECUTE, Level.WRITE, Level.READ),
        pattern=r"\b(debugger|breakpoint|process memory|devtools)\b",
        gains="everything the debugged process may do and knows",
        because="a debugger reads and changes any variable and calls any function",
        severity=Severity.HIGH,
        cut="debug only processes that hold no secrets",
    ),
    Power(
        id="credential-store",
        levels=(Level.READ,),
        pattern=r"\b(vault|keychain|secret|secrets|ssh key|private key|wallet|password store|"
        r"credential store|kubeconfig|aws credentials)\b",
        gains="everything those credentials open",
        because="a credential that is read is a credential that is held",
        severity=Severity.HIGH,
        cut="keep that store out of what its box may read",
    ),
    Power(
        id="remote-shell",
        levels=(Level.EXECUTE,),
        pattern=r"\b(ssh|remote host|bastion|ansible|winrm)\b",
        gains="the remote hosts, and what they reach in turn",
        because="the chain goes on from there",
        cut="give it an account on the remote side that may run named commands only",
    ),
    Power(
        id="infrastructure",
        levels=(Level.WRITE, Level.ADMINISTER, Level.EXECUTE),
        pattern=r"\b(terraform|cloudformation|pulumi|cloud resources?|lambda|"
        r"cloud function|virtual machine)\b",
        gains="execution of code inside the account, with the roles that its machines have",
        because="whoever creates machines or functions chooses what they run and as whom",
        cut="give it a role that cannot pass roles on, and have plans confirmed",
    ),
)
"""Looked at in this order; each at most once for each tool."""
