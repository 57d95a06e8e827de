"""Python source lowered with the standard library's own parser."""
