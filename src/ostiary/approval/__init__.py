"""From a server that somebody wants to one that is approved: looked at, weighed, asked, signed."""
