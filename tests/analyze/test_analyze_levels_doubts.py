"""What looks like a change, or like a host, and is none: each beside what is one."""

from __future__ import annotations

import pytest

from analyze.levels import TYPESCRIPT, facts_of, goes_to, likely, python, typescript
from ostiary.analyze.levels import tool_reach
from ostiary.analyze.levels.hosts import bare
from ostiary.analyze.levels.statements import levels_of
from ostiary.model.access import Level

READY = """
    import requests, httpx
    from botocore.auth import SigV4Auth
    from botocore.awsrequest import AWSRequest
    @server.tool()
    def t(name: str) -> str:
        "Looks at it."
        SENT
"""
SENT = (
    """
        made = requests.Request(METHOD, 'https://a.example/x', params={'n': name}).prepare()
        return requests.Session().send(made).text
    """,
    """
        made = requests.Request(method=METHOD, url='https://a.example/x')
        session = requests.Session()
        return session.send(session.prepare_request(made)).text
    """,
    """
        client = httpx.Client()
        return client.send(client.build_request(METHOD, 'https://a.example/x')).text
    """,
    """
        signed = AWSRequest(method=METHOD, url='https://a.example/x')
        SigV4Auth(name, 's', 'r').add_auth(signed)
        made = requests.Request(method=METHOD, url=signed.url).prepare()
        return requests.Session().send(made).text
    """,
)


@pytest.mark.parametrize("sent", SENT)
def test_a_request_that_was_made_before_it_is_sent(sent: str) -> None:
    sent = sent.strip()
    assert likely(python(READY.replace("SENT", sent.replace("METHOD", "'GET'")))) == {Level.READ}
    assert Level.DESTROY in likely(
        python(READY.replace("SENT", sent.replace("METHOD", "'DELETE'")))
    )


@pytest.mark.parametrize(
    ("text", "host"),
    [
        ("db.example.com:5432", "db.example.com"),
        ("api.example.com/v1/users", "api.example.com"),
        ("localhost/x", "localhost"),
        ("service:8080/x", "service"),
        ("redis", "redis"),
        ("api/private/users", ""),
        ("v1.0/users", ""),
        ("about:blank", ""),
        ("data:text/html,hello", ""),
    ],
)
def test_a_host_without_a_scheme(text: str, host: str) -> None:
    assert bare(text)[0] == host


@pytest.mark.parametrize(
    ("statement", "levels"),
    [
        ("CALL apoc.meta.schema({sample: 10}) YIELD value RETURN value", {Level.READ}),
        ("CALL db.labels()", {Level.READ}),
        ("CALL db.schema.visualization()", {Level.READ}),
        ("CALL db.labels() YIELD label CREATE (:Note {text: label})", {Level.WRITE}),
        ("CALL apoc.trigger.add('x', 'y', {})", {Level.EXECUTE}),
        ("CALL db.createLabel('x')", {Level.EXECUTE}),
        ("CALL refresh_everything()", {Level.EXECUTE}),
    ],
)
def test_procedures_that_tell_what_there_is(statement: str, levels: set[Level]) -> None:
    assert set(levels_of(statement) or ()) == levels


@pytest.mark.parametrize(
    ("command", "changes"),
    [("type(key)", False), ("set(key, 'x')", True), ("publish(key, 'x')", True)],
)
def test_commands_of_a_cache(command: str, changes: bool) -> None:
    tool = python(
        f"""
        import redis
        @server.tool()
        def t(key: str) -> str:
            "Asks the cache."
            store = redis.Redis()
            answer = store.{command}
            store.close()
            return str(answer)
        """
    )
    assert bool(likely(tool) & {Level.WRITE, Level.SEND}) is changes


STEPS = """
    class Line {
      steps = [];
      add(step) { this.steps.push(step); }
      async run(where, init) {
        const go = async (at, to, how) => {
          if (at < this.steps.length) {
            return this.steps[at].handle(to, how, (a, b) => go(at + 1, a, b || {}));
          }
          return fetch(to, { ...how, headers: {} });
        };
        return go(0, where, init);
      }
    }
    const line = new Line();
    server.tool("t", "Looks.", { kind: z.string(), method: z.string() }, async ({ ARGS }) => {
      const answer = await line.run(`${process.env.BASE}/v1/${kind}`, INIT);
      return { content: [{ type: "text", text: await answer.text() }] };
    });
"""


def test_a_request_that_goes_through_steps_which_are_not_known() -> None:
    plain = typescript(STEPS.replace("ARGS", "kind").replace("INIT", "{}"))
    assert likely(plain) == {Level.READ}
    assert not any(how == "chosen by the caller" for _, how in goes_to(plain))
    free = typescript(STEPS.replace("ARGS", "kind, method").replace("INIT", "{ method }"))
    assert Level.DESTROY in likely(free)


def test_a_tool_that_is_built_twice_is_one_where_it_does_the_same() -> None:
    body = TYPESCRIPT + 'server.tool("t", "Looks.", {}, async () => fetch("https://a.example"));'
    other = body.replace("a.example", "b.example")
    for second, count in ((body, 1), (other, 2)):
        files = {"dist/esm/index.js": body, "dist/commonjs/index.js": second}
        assert len(tool_reach(facts_of(files))) == count
    apart = {"one/index.js": body, "two/index.js": body}
    assert len(tool_reach(facts_of(apart))) == 2
