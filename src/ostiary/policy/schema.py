"""What a policy can speak of: the Cedar schema, and the types that stand for our nouns."""

from __future__ import annotations

from functools import lru_cache

from cedarpy import Schema

from ostiary.model.asked import Verb

SCHEMA = """\
// Who is calling. `principal` is always a User: a person or a workload.
entity User in [Group, Agent, Client] = {
  name: String,
  // How the caller showed who it is: "token", "oauth" or "process".
  proof: String,
  // Empty where unknown.
  agent: String,
  client: String,
  groups: Set<String>,
  scopes: Set<String>,
};
entity Group in [Group];
entity Agent;
entity Client;

// What is approved of a thing. Never what its server or the caller says of it.
entity Server, Tool, Prompt, Resource, Template in [Server] = {
  server: String,
  kind: String,
  // Name at the server; the URI of a resource.
  name: String,
  digest: String,
  // Confirmed levels: read, write, destroy, execute, send, spend, administer. Empty: unknown.
  levels: Set<String>,
  // private, untrusted, outward, and the owner's own.
  labels: Set<String>,
  owner: String,
  // The groups that the settings name for the server.
  groups: Set<String>,
  // YYYYMMDD. Absent where the approval has no review date.
  review_by?: Long,
};

// Arguments by dotted name (`filter.owner`, `items.0.path`), one entity for each type of value.
entity Texts tags String;
entity Numbers tags Long;
entity Decimals tags decimal;
entity Flags tags Bool;
entity Lists tags Set<String>;

// All times are UTC.
type Now = {
  // Seconds since 1970.
  epoch: Long,
  // YYYYMMDD.
  date: Long,
  hour: Long,
  minute: Long,
  // 1 is Monday, 7 is Sunday.
  weekday: Long,
};

type Request = {
  now: Now,
  session: { labels: Set<String> },
  grant?: { id: String, until: Long, once: Bool },
  // Text as it was sent, but paths with `.` and `..` resolved.
  arguments: Texts,
  // Text in one case and one Unicode form, without invisible characters.
  folded: Texts,
  numbers: Numbers,
  decimals: Decimals,
  flags: Flags,
  lists: Lists,
  argument_names: Set<String>,
  // Everything in the arguments that is a path, a URL, a host.
  paths: Set<String>,
  urls: Set<String>,
  hosts: Set<String>,
  // Folders that hold every path, or at least one; domains likewise.
  all_paths_in: Set<String>,
  any_path_in: Set<String>,
  all_hosts_in: Set<String>,
  any_host_in: Set<String>,
  // Whether the facts above leave nothing out.
  arguments_complete: Bool,
};

// What is done. `use` is every use of one thing, `ask_back` what a server asks of the caller.
action use, ask_back;
action see, connect, other appliesTo {
  principal: User, resource: [Server, Tool, Prompt, Resource, Template], context: Request };
action call, get, read, complete in [use] appliesTo {
  principal: User, resource: [Server, Tool, Prompt, Resource, Template], context: Request };
action sample, elicit, roots in [ask_back] appliesTo {
  principal: User, resource: [Server, Tool, Prompt, Resource, Template], context: Request };
"""

TYPES = {
    "server": "Server",
    "tool": "Tool",
    "prompt": "Prompt",
    "resource": "Resource",
    "template": "Template",
}
"""The Cedar type of each kind of target."""

USE = frozenset({Verb.CALL, Verb.GET, Verb.READ, Verb.COMPLETE})
ASK_BACK = frozenset({Verb.SAMPLE, Verb.ELICIT, Verb.ROOTS})

USED_BY = {
    "server": Verb.CONNECT,
    "tool": Verb.CALL,
    "prompt": Verb.GET,
    "resource": Verb.READ,
    "template": Verb.READ,
}
"""What one does with a thing of each kind; who may do it may see the thing."""


@lru_cache(maxsize=1)
def schema() -> Schema:
    """The parsed schema."""
    return Schema.from_str(SCHEMA)
