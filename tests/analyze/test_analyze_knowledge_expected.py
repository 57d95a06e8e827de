"""What well-known calls do, one a line: the names as code writes them, before any alias."""

from __future__ import annotations

import pytest

from ostiary.analyze.dataflow.effect import EffectKind
from ostiary.analyze.dataflow.guarantee import (
    BASENAME,
    CONTAINED,
    NORMAL_PATH,
    REAL_PATH,
    REGEX_ESCAPED,
    SHELL_QUOTED,
    SQL_QUOTED,
    URL_ENCODED,
)
from ostiary.analyze.dataflow.value import SourceKind
from ostiary.analyze.knowledge.languages import knowledge_of

_PYTHON = """
shell            subprocess.run
process          subprocess.run
process          subprocess.Popen
shell            subprocess.getoutput
shell            os.system
shell            os.popen
process          os.execvp
process          os.spawnl
shell            asyncio.create_subprocess_shell
process          asyncio.create_subprocess_exec
process          pexpect.spawn
process          sh.git
shell            invoke.run
shell            fabric.Connection().run
shell            paramiko.SSHClient().exec_command
process          docker.from_env().containers.get().exec_run
open url         webbrowser.open
read file        open
write file       open
read file        io.open
read file        aiofiles.open
read file        pathlib.Path().read_text
read file        pathlib.Path().parent.parent.read_bytes
read file        anyio.Path().read_text
write file       git.Repo.init
write file       git.Repo.clone_from
request          git.Repo.clone_from
read file        git.Repo().index.add
read file        pdf2image.convert_from_path
read file        markitdown.MarkItDown().convert
read file        pyshark.FileCapture
read file        scapy.all.rdpcap
write file       scapy.utils.wrpcap
write file       imageio.imwrite
write file       pathlib.Path().write_text
delete file      pathlib.Path().unlink
list files       pathlib.Path().rglob
list files       os.listdir
list files       glob.glob
delete file      os.remove
delete file      shutil.rmtree
write file       shutil.move
read file        shutil.copy
write file       shutil.copy
change mode      os.chmod
write file       os.symlink
extract archive  zipfile.ZipFile().extractall
extract archive  tarfile.open().extractall
extract archive  shutil.unpack_archive
read file        pandas.read_csv
request          requests.get
request          requests.Session().post
request          httpx.AsyncClient().get
request          httpx2.AsyncClient().request
request          aiohttp.ClientSession().get
request          urllib.request.urlopen
request          urllib3.PoolManager().request
request          http.client.HTTPSConnection().request
request          websockets.connect
tls              requests.get
connect          socket.socket().connect
listen           socket.socket().bind
connect          socket.getaddrinfo
connect          dns.resolver.resolve
ldap             ldap3.Connection().search
mail             smtplib.SMTP().sendmail
mail             smtplib.SMTP_SSL().send_message
mail             resend.Emails.send
mail             boto3.client().send_email
mail             sendgrid.SendGridAPIClient().send
message          slack_sdk.WebClient().chat_postMessage
message          tweepy.Client().create_tweet
message          twilio.rest.Client().messages.create
spend            stripe.Charge.create
sql              sqlite3.connect().execute
sql              sqlite3.connect().cursor().execute
sql              psycopg2.connect().cursor().executemany
sql              psycopg.AsyncConnection.connect().execute
sql              asyncpg.connect().fetch
sql              asyncpg.create_pool().acquire().fetchrow
sql              mysql.connector.connect().cursor().execute
sql              aiosqlite.connect().execute
sql              sqlalchemy.text
sql              sqlalchemy.create_engine().connect().execute
sql              duckdb.sql
sql              pandas.read_sql
sql              neo4j.GraphDatabase.driver().session().run
sql              anything.unknown().execute
nosql            pymongo.MongoClient().db.users.find
nosql            redis.Redis().eval
nosql            elasticsearch.Elasticsearch().search
database         psycopg2.connect
evaluate         eval
evaluate         exec
evaluate         builtins.exec
evaluate         code.InteractiveInterpreter().runsource
evaluate         pandas.DataFrame().query
load code        importlib.import_module
load code        __import__
load code        ctypes.CDLL
load code        runpy.run_path
deserialize      pickle.loads
deserialize      dill.load
deserialize      yaml.load
deserialize      yaml.unsafe_load
deserialize      jsonpickle.decode
deserialize      torch.load
deserialize      numpy.load
template         jinja2.Template
template         jinja2.Environment().from_string
template         mako.template.Template
template         flask.render_template_string
xml              lxml.etree.fromstring
xml              xml.sax.parseString
xpath            lxml.etree.parse().xpath
regex            re.compile
regex            re.search
read environment os.getenv
read environment os.environ.get
read machine     getpass.getuser
read machine     pyperclip.paste
read machine     mss.mss().grab
read machine     keyring.get_password
decode token     jwt.decode
decode token     jose.jwt.decode
tls              ssl._create_unverified_context
log              logging.getLogger().info
log              print
log              loguru.logger.debug
decode           base64.b64decode
decode           zlib.decompress
hash             hashlib.md5
random           random.randint
exit             os.kill
exit             sys.exit
debug            debugpy.listen
debug            breakpoint
sleep            time.sleep
listen           uvicorn.run
listen           flask.Flask().run
listen           aiohttp.web.run_app
listen           http.server.HTTPServer
route            fastapi.FastAPI().post
route            flask.Flask().route
route            starlette.routing.Route
route            aiohttp.web.Application().router.add_get
cors             fastapi.FastAPI().add_middleware
cors             flask_cors.CORS
redirect         flask.redirect
declare          mcp.server.fastmcp.FastMCP().tool
declare          mcp.server.fastmcp.FastMCP().tool()
declare          mcp.server.mcpserver.MCPServer().tool
declare          fastmcp.FastMCP().resource
declare          fastmcp.FastMCP().prompt()
declare          mcp.server.Server().call_tool
declare          mcp.server.lowlevel.Server().list_tools()
declare          mcp.server.lowlevel.server.Server
declare          fastmcp.FastMCP().add_tool
declare          langchain_core.tools.tool
declare          fastapi_mcp.FastApiMCP
listen           mcp.server.fastmcp.FastMCP().run
route            mcp.server.fastmcp.FastMCP().custom_route
"""

_JAVASCRIPT = """
shell            child_process.exec
shell            child_process.execSync
process          child_process.execFile
process          child_process.spawn
shell            child_process.spawn
load code        child_process.fork
process          cross-spawn
process          execa.execa
process          execa.execaCommand
shell            shelljs.exec
process          zx.$
process          node-pty.spawn
shell            ssh2.Client().exec
open url         open
open url         open.default
evaluate         run-applescript.runAppleScript
read file        fs.readFileSync
read file        fs/promises.readFile
read file        fs.promises.readFile
read file        fs-extra.readJson
read file        node:fs/promises.readFile
write file       fs.writeFile
write file       fs.createWriteStream
delete file      fs.unlink
delete file      fs/promises.rm
delete file      rimraf
list files       fs.readdirSync
list files       glob.glob
list files       fast-glob
change mode      fs.chmodSync
write file       fs.promises.rename
extract archive  adm-zip().extractAllTo
extract archive  tar.x
extract archive  extract-zip
request          fetch
request          globalThis.fetch
request          node-fetch
request          axios
request          axios.default.get
request          axios.create().post
request          axios.request
request          got.post
request          undici.request
request          https.request
request          http.get
request          ky.post
request          ws
connect          net.connect
connect          dns.promises.lookup
tls              https.Agent
mail             nodemailer.createTransport().sendMail
mail             postmark.ServerClient().sendEmail
mail             @sendgrid/mail.send
mail             resend.Resend().emails.send
message          @slack/web-api.WebClient().chat.postMessage
message          twilio().messages.create
message          openai.OpenAI().chat.completions.create
spend            stripe().paymentIntents.create
sql              pg.Pool().query
sql              pg.Client().query
sql              pg.Pool().connect().query
sql              mysql2/promise.createPool().execute
sql              mysql2.createConnection().query
sql              better-sqlite3().prepare
sql              better-sqlite3().exec
sql              sqlite3.Database().all
sql              sqlite.open().run
sql              knex().raw
sql              sequelize.Sequelize().query
sql              typeorm.DataSource().query
sql              @prisma/client.PrismaClient().$queryRawUnsafe
sql              drizzle-orm.sql.raw
sql              mssql.connect().request().query
sql              @libsql/client.createClient().execute
sql              neo4j-driver.driver().session().run
sql              @supabase/supabase-js.createClient().rpc
sql              anything().query
nosql            mongodb.MongoClient().db().collection().find
nosql            mongoose.model().findOne
nosql            redis.createClient().eval
database         pg.Pool
evaluate         eval
evaluate         Function
evaluate         vm.runInNewContext
evaluate         vm2.VM().run
evaluate         setTimeout
sleep            setTimeout
load code        require
load code        import
load code        worker_threads.Worker
deserialize      node-serialize.unserialize
deserialize      js-yaml.load
template         ejs.render
template         handlebars.compile
template         lodash.template
template         nunjucks.renderString
xml              libxmljs.parseXml
xml              xml2js.parseString
regex            RegExp
read machine     os.hostname
read machine     clipboardy.read
read machine     keytar.getPassword
decode token     jsonwebtoken.verify
decode token     jsonwebtoken.decode
decode token     jose.jwtVerify
log              console.error
log              winston.createLogger().info
log              pino().warn
decode           atob
decode           Buffer.from
decode           String.fromCharCode
merge            lodash.merge
merge            lodash/merge
merge            Object.assign
hash             crypto.createHash
random           Math.random
debug            inspector.open
exit             process.exit
listen           express().listen
listen           http.createServer().listen
listen           Bun.serve
listen           Deno.serve
listen           fastify().listen
route            express().post
route            express.Router().get
route            hono.Hono().get
route            express().use
route            http.createServer
cors             cors
cors             express.Response().setHeader
cors             http.ServerResponse().writeHead
respond          express.Response().json
respond          express.Response().status().send
redirect         express.Response().redirect
declare          @modelcontextprotocol/sdk/server/mcp.js.McpServer().tool
declare          @modelcontextprotocol/sdk/server/mcp.js.McpServer().registerTool
declare          @modelcontextprotocol/sdk/server/mcp.McpServer().registerPrompt
declare          @modelcontextprotocol/sdk/server/index.js.Server().setRequestHandler
declare          @modelcontextprotocol/sdk/server/mcp.js.McpServer().server.setRequestHandler
declare          @modelcontextprotocol/server.McpServer().registerResource
declare          fastmcp.FastMCP().addTool
declare          mcp-handler.createMcpHandler
declare          mcp-framework.MCPServer
declare          ai.tool
declare          someone.registerTool
listen           fastmcp.FastMCP().start
"""

_CASES = [
    pytest.param(language, *line.rsplit(None, 1), id=f"{language} {line.split()[-1]} {line[:6]}")
    for language, table in (("python", _PYTHON), ("javascript", _JAVASCRIPT))
    for line in table.strip().splitlines()
]


@pytest.mark.parametrize(("language", "effect", "name"), _CASES)
def test_a_well_known_call_does_what_it_is_known_for(language: str, effect: str, name: str) -> None:
    kinds = {fact.effect for fact in knowledge_of(language).calls(name)}
    assert EffectKind(effect) in kinds


@pytest.mark.parametrize(
    ("language", "method", "effect"),
    [
        ("python", "execute", EffectKind.SQL),
        ("python", "tool", EffectKind.DECLARE),
        ("python", "tool()", EffectKind.DECLARE),
        ("python", "send_email", EffectKind.MAIL),
        ("javascript", "registerTool", EffectKind.DECLARE),
        ("javascript", "setRequestHandler", EffectKind.DECLARE),
        ("javascript", "addTool", EffectKind.DECLARE),
        ("javascript", "query", EffectKind.SQL),
        ("javascript", "sendMail", EffectKind.MAIL),
        ("javascript", "sendEmail", EffectKind.MAIL),
        ("javascript", "$queryRawUnsafe", EffectKind.SQL),
    ],
)
def test_methods_of_unknown_receivers_are_known_by_name(
    language: str, method: str, effect: EffectKind
) -> None:
    facts = knowledge_of(language).unknown_method(method)
    assert [fact.effect for fact in facts] == [effect]


@pytest.mark.parametrize(
    ("language", "method"),
    [
        ("python", "get"),
        ("python", "run"),
        ("python", "read"),
        ("python", "join"),
        ("javascript", "get"),
        ("javascript", "exec"),
        ("javascript", "run"),
        ("javascript", "find"),
        ("javascript", "send"),
        ("javascript", "delete"),
    ],
)
def test_everyday_methods_of_unknown_receivers_say_nothing(language: str, method: str) -> None:
    assert knowledge_of(language).unknown_method(method) == ()


@pytest.mark.parametrize(
    ("language", "name"),
    [
        ("python", "ast.literal_eval"),
        ("python", "yaml.safe_load"),
        ("python", "json.loads"),
        ("python", "string.Template"),
        ("python", "defusedxml.ElementTree.fromstring"),
        ("python", "os.path.join"),
        ("javascript", "JSON.parse"),
        ("javascript", "js-yaml.safeLoad"),
        ("javascript", "path.join"),
        ("javascript", "zod.z.string().min"),
        ("javascript", "better-sqlite3().prepare().all"),
    ],
)
def test_harmless_calls_have_facts_and_no_effect(language: str, name: str) -> None:
    facts = knowledge_of(language).calls(name)
    assert facts
    assert all(fact.effect is None for fact in facts)


@pytest.mark.parametrize(
    ("language", "name", "bits"),
    [
        ("python", "shlex.quote", SHELL_QUOTED),
        ("python", "os.path.basename", BASENAME),
        ("python", "os.path.realpath", REAL_PATH | NORMAL_PATH),
        ("python", "os.path.abspath", NORMAL_PATH),
        ("python", "pathlib.Path().resolve", REAL_PATH | NORMAL_PATH),
        ("python", "urllib.parse.quote", URL_ENCODED),
        ("python", "re.escape", REGEX_ESCAPED),
        ("python", "psycopg2.sql.Identifier", SQL_QUOTED),
        ("python", "werkzeug.utils.secure_filename", BASENAME),
        ("javascript", "path.resolve", NORMAL_PATH),
        ("javascript", "path/posix.basename", BASENAME),
        ("javascript", "fs.realpathSync", REAL_PATH | NORMAL_PATH),
        ("javascript", "encodeURIComponent", URL_ENCODED),
        ("javascript", "shell-quote.quote", SHELL_QUOTED),
        ("javascript", "mysql2.escape", SQL_QUOTED),
        ("javascript", "escape-string-regexp", REGEX_ESCAPED),
    ],
)
def test_what_a_conversion_makes_certain(language: str, name: str, bits: int) -> None:
    (fact,) = knowledge_of(language).calls(name)
    assert fact.result.adds & bits == bits
    assert fact.result.keeps


@pytest.mark.parametrize(
    ("language", "name"),
    [("python", "os.path.join"), ("javascript", "path.join"), ("javascript", "path.normalize")],
)
def test_joining_does_not_make_a_path_safe(language: str, name: str) -> None:
    (fact,) = knowledge_of(language).calls(name)
    assert fact.result.adds & (NORMAL_PATH | REAL_PATH | CONTAINED | BASENAME) == 0


@pytest.mark.parametrize(
    ("language", "name", "kind"),
    [
        ("python", "os.environ", SourceKind.ENVIRONMENT),
        ("python", "os.environ.HOME", SourceKind.ENVIRONMENT),
        ("python", "sys.argv", SourceKind.ENVIRONMENT),
        ("python", "sys.stdin", SourceKind.FILE),
        ("python", "flask.request.args", SourceKind.REQUEST),
        ("javascript", "process.env", SourceKind.ENVIRONMENT),
        ("javascript", "process.env.HOME", SourceKind.ENVIRONMENT),
        ("javascript", "globalThis.process.env.HOME", SourceKind.ENVIRONMENT),
        ("javascript", "process.argv", SourceKind.ENVIRONMENT),
        ("javascript", "express.Request().headers", SourceKind.REQUEST),
    ],
)
def test_members_that_are_sources(language: str, name: str, kind: SourceKind) -> None:
    read = knowledge_of(language).reads(name)
    assert read is not None
    assert read.gives is kind


@pytest.mark.parametrize(
    ("language", "annotation", "external"),
    [
        ("python", "mcp.server.fastmcp.Context", "mcp.Context()"),
        ("python", "fastmcp.Context", "mcp.Context()"),
        ("python", "fastapi.Request", "starlette.requests.Request()"),
        ("python", "sqlite3.Connection", "sqlite3.connect()"),
        ("javascript", "express.Request", "express.Request()"),
        ("javascript", "http.ServerResponse", "http.ServerResponse()"),
        (
            "javascript",
            "@modelcontextprotocol/server.McpServer",
            "@modelcontextprotocol/sdk/server/mcp.js.McpServer()",
        ),
    ],
)
def test_annotations_mean_values(language: str, annotation: str, external: str) -> None:
    typed = knowledge_of(language).typed(annotation)
    assert typed is not None
    assert typed.external == external


def test_a_fixed_blind_copy_is_an_operand_of_its_own() -> None:
    """The hidden recipient is what a malicious mail server adds, so no table may lose it."""
    knowledge = knowledge_of("javascript")
    for name in ("postmark.ServerClient().sendEmail", "nodemailer.createTransport().sendMail"):
        fact, *_ = knowledge.calls(name)
        assert {"to", "cc", "bcc"} <= set(fact.roles)
    (sdk,) = knowledge.calls("postmark.ServerClient().sendEmail")
    assert sdk.roles["bcc"] == ("0.Bcc",)
