"""Tokens that a gateway like this one issues."""

from __future__ import annotations

from ostiary.detect.secret_formats.form import SecretFormat

FORMATS: tuple[SecretFormat, ...] = (
    SecretFormat(
        "Ostiary token",
        r"\bost_[0-9A-Za-z]{49}\b",
        ("ost_",),
        breadth="the servers behind one gateway, as policy allows its client",
    ),
)
