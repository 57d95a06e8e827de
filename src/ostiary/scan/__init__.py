"""One scan, from the machine to the answer: the only place that composes the rooms below."""
