"""``open``: everything on an approved server is allowed, and recorded."""

SENTENCE = "Everything on an approved server is allowed, and recorded."

TEXT = """\
// Everything on an approved server is allowed, and recorded.
// Servers that nobody approved, and things that changed since, never come this far.
// What is seen follows from what may be used, so that a rule against using a thing hides it.

@id("open/everything")
@text("Everything on an approved server is allowed.")
permit (
  principal,
  action in [Action::"use", Action::"ask_back", Action::"connect", Action::"other"],
  resource
);

@id("open/review-passed")
@warn
@text("The day on which this approval should have been looked at again has passed.")
forbid (principal, action in Action::"use", resource)
when { resource has review_by && context.now.date > resource.review_by };
"""
