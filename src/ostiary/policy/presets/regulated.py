"""``regulated``: nothing is allowed but by group, on reviewed servers, while the review holds."""

SENTENCE = (
    "Only members of a server's groups may use it, only what a person reviewed, and only until "
    "the review date."
)

TEXT = """\
// Only members of a server's groups may use it, only what a person reviewed, and only until the
// review date. Groups are given to servers in [policy.servers].

@id("regulated/connect")
@text("Members of a server's groups may connect to it.")
permit (principal, action == Action::"connect", resource)
when { resource.groups.containsAny(principal.groups) };

@id("regulated/members-use")
@text("Members of a server's groups may use what is confirmed to read, write or send.")
permit (principal, action in Action::"use", resource)
when {
  resource.groups.containsAny(principal.groups) &&
  ["read", "write", "send"].containsAll(resource.levels)
};

@id("regulated/members-are-asked")
@text("This may destroy, execute, spend or administer.")
@remedy("A person has to say yes to this call.")
@ask
permit (principal, action in Action::"use", resource)
when { resource.groups.containsAny(principal.groups) };

@id("regulated/servers-ask-people")
@text("A server wants to ask the person.")
@remedy("A person has to say yes to this.")
@ask
permit (principal, action == Action::"elicit", resource)
when { resource.groups.containsAny(principal.groups) };

@id("regulated/nothing-back")
@text("Servers may neither use the client's model nor learn of the client's folders.")
forbid (principal, action in [Action::"sample", Action::"roots"], resource);

@id("regulated/unknown-methods")
@text("Methods that no revision of the protocol defines are not passed on.")
forbid (principal, action == Action::"other", resource);

@id("regulated/unconfirmed")
@text("Nobody confirmed what this tool does.")
@remedy("Ask the server's owner to confirm its levels.")
forbid (principal, action in Action::"use", resource is Tool)
when { resource.levels.isEmpty() };

@id("regulated/unreviewed")
@text("Nobody owns this approval, or it has no review date.")
@remedy("Ask for the server to be approved again, with an owner and a review date.")
forbid (principal, action in Action::"use", resource)
unless { resource.owner != "" && resource has review_by };

@id("regulated/review-passed")
@text("The day on which this approval had to be looked at again has passed.")
@remedy("Ask the server's owner to review it.")
forbid (principal, action in Action::"use", resource)
when { resource has review_by && context.now.date > resource.review_by };
"""
