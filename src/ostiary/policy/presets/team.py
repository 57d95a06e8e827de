"""``team``: everybody reads, writers write and send, operators are asked before the rest."""

SENTENCE = (
    "Everybody may read, writers may write and send, and what destroys, executes, spends or "
    "administers is for operators, who are asked first."
)

TEXT = """\
// Everybody may read, writers may write and send, and what destroys, executes, spends or
// administers is for operators, who are asked first. What is unknown counts as the worst.
// Groups "writers" and "operators" come from the identity provider or from [policy.groups].

@id("team/connect")
@text("Approved servers may be connected to.")
permit (principal, action == Action::"connect", resource);

@id("team/everybody-reads")
@text("Everybody may use what is confirmed to read and do nothing else.")
permit (principal, action in Action::"use", resource)
when { resource.levels == ["read"] };

@id("team/prompts-and-resources")
@text("Everybody may read prompts and resources, unless they are known to do more.")
permit (
  principal,
  action in [Action::"get", Action::"read", Action::"complete"],
  resource
)
when { !(resource is Tool) && ["read"].containsAll(resource.levels) };

@id("team/writers-write-and-send")
@text("Members of writers may use what writes and sends.")
permit (principal in Group::"writers", action in Action::"use", resource)
when {
  !resource.levels.isEmpty() &&
  ["read", "write", "send"].containsAll(resource.levels)
};

@id("team/operators-are-asked")
@text("This may destroy, execute, spend or administer, or nobody confirmed what it does.")
@remedy("A person has to say yes to this call.")
@ask
permit (principal in Group::"operators", action in Action::"use", resource);

@id("team/servers-may-ask-people")
@text("Approved servers may ask the person, and for the client's folders.")
permit (principal, action in [Action::"elicit", Action::"roots"], resource);

@id("team/servers-use-the-model")
@text("A server wants the client's model to write for it.")
@remedy("A person has to say yes to this.")
@ask
permit (principal, action == Action::"sample", resource);

@id("team/review-passed")
@warn
@text("The day on which this approval should have been looked at again has passed.")
forbid (principal, action in Action::"use", resource)
when { resource has review_by && context.now.date > resource.review_by };
"""
