"""Paths of a caller's that libraries open by themselves: documents, recordings, repositories."""

from __future__ import annotations

import pytest

from analyze.judged import python
from ostiary.analyze.rules.path_escape import CHECK

BEFORE = """
import os
import git, pygit2
import pdf2image, pyshark, imageio
from markitdown import MarkItDown
from scapy.all import rdpcap, wrpcap
MD = MarkItDown()
def held(name):
    found = os.path.realpath(os.path.join("/srv/own", name))
    if not found.startswith("/srv/own" + os.sep): raise ValueError
    return found
"""
OPENED = {
    "a new repository": ("git.Repo.init(path={}, mkdir=True)", "medium"),
    "a clone": ("git.Repo.clone_from('https://a.example/r', {})", "medium"),
    "another's clone": ("pygit2.clone_repository('https://a.example/r', {})", "medium"),
    "files of a repository": ("git.Repo('/srv/own').index.add({})", "low"),
    "pages": ("pdf2image.convert_from_path({})", "low"),
    "a document": ("MD.convert({}).text_content", "low"),
    "a capture": ("pyshark.FileCapture(input_file={})", "low"),
    "packets": ("rdpcap({})", "low"),
    "packets that are written": ("wrpcap({}, [])", "medium"),
    "a picture": ("imageio.imwrite({}, [])", "medium"),
}


@pytest.mark.parametrize(("call", "severity"), OPENED.values(), ids=list(OPENED))
def test_any_path_is_told(call: str, severity: str) -> None:
    (found,) = python(CHECK, f"def t(x: str):\n    return {call.format('x')}", BEFORE)
    assert found.severity.word == severity


@pytest.mark.parametrize(("call", "_severity"), OPENED.values(), ids=list(OPENED))
def test_a_path_below_a_folder_that_leads_out_is_grave(call: str, _severity: str) -> None:
    body = f"""def t(x: str):\n    return {call.format("'/srv/own/' + x")}"""
    (found,) = python(CHECK, body, BEFORE)
    assert found.severity.word == "high"


@pytest.mark.parametrize(("call", "_severity"), OPENED.values(), ids=list(OPENED))
def test_a_path_that_is_held_to_a_folder_is_left_alone(call: str, _severity: str) -> None:
    assert not python(CHECK, f"def t(x: str):\n    return {call.format('held(x)')}", BEFORE)
