"""``read-only``: what is known to read may be used; nothing else, and no server asks back."""

SENTENCE = "Tools confirmed to read and do nothing else may be used; servers may ask nothing back."

TEXT = """\
// Tools confirmed to read and do nothing else may be used; servers may ask nothing back.
// What a tool says of itself (readOnlyHint) plays no part: levels are confirmed at approval.

@id("read-only/connect")
@text("Approved servers may be connected to.")
permit (principal, action == Action::"connect", resource);

@id("read-only/tools-that-read")
@text("Tools confirmed to read, and to do nothing else, may be called.")
permit (principal, action in [Action::"call", Action::"complete"], resource is Tool)
when { resource.levels == ["read"] };

@id("read-only/prompts-and-resources")
@text("Prompts and resources may be read, unless they are known to do more.")
permit (
  principal,
  action in [Action::"get", Action::"read", Action::"complete"],
  resource
)
when { !(resource is Tool) && ["read"].containsAll(resource.levels) };

@id("read-only/unknown")
@text("What this tool does is not confirmed, so it counts as more than reading.")
@remedy("Use a tool that reads, or ask the owner to confirm the levels of this one.")
forbid (principal, action == Action::"call", resource)
when { resource.levels.isEmpty() };

@id("read-only/more-than-reading")
@text("This gateway is read-only, and this does more than read.")
@remedy("Use a tool that reads, or ask a person to make the change.")
forbid (principal, action in Action::"use", resource)
when { !["read"].containsAll(resource.levels) };

@id("read-only/review-passed")
@warn
@text("The day on which this approval should have been looked at again has passed.")
forbid (principal, action in Action::"use", resource)
when { resource has review_by && context.now.date > resource.review_by };
"""
