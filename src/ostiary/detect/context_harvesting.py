"""Parameters and text that ask the agent for what is no business of the tool."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ostiary.detect.passage import Detector, Hit, Passage
from ostiary.detect.reading import reading
from ostiary.detect.signals import Signal
from ostiary.model.grade import Confidence, Persona, Severity
from ostiary.model.rule import Category, Rule
from ostiary.model.visible import one_line

CONTEXT_HARVESTING = Rule(
    id="context-harvesting-parameter",
    title="Parameter asks for the agent's context",
    category=Category.INFLUENCE,
    severity=Severity.LOW,
    confidence=Confidence.MEDIUM,
    persona=Persona.DEFAULT,
    what=(
        "A parameter, or a sentence, that has the agent hand over what the job does not need: the "
        "model's name, its system prompt, the conversation, its reasoning, other tools' output or "
        "a side note. Tools whose job is chat, memory, agents or models are left alone."
    ),
    attack=(
        "Each honest-looking call carries the conversation or facts about the agent to the server; "
        "with the model's name an attacker picks the text that works on it."
    ),
    remedy=(
        "Ask what the parameter is for. If it is optional, have the client drop it; if it is "
        "required, prefer a server that does without."
    ),
    references=(
        "MCP10:2025",
        "LLM08:2026",
        "LLM02:2026",
        "SAFE-T1603",
        "SAFE-T1805",
        "SAFE-T1911",
        "AML.T0057",
        "CWE-200",
    ),
)

_MODEL = re.compile(
    r"^(?:calling_?|caller_?|current_?|your_?)?(?:llm|language_?model|ai_?model|ai|assistant)_?"
    r"(?:model_?)?(?:name|id|identity|version|vendor|type)$"
    r"|^(?:calling|caller|client|host|invoking)_?(?:model|llm|agent)(?:_?name)?$|^llm$",
    re.IGNORECASE,
)
_TALK = re.compile(
    r"^(?:full_?|entire_?|whole_?|complete_?|prior_?|previous_?|recent_?|user_?)*"
    r"(?:conversation|chat|dialogue|dialog)_?(?:history|log|transcript|context|so_far|text)?$"
    r"|^(?:full|entire|whole|complete|prior|previous)_?(?:context|messages|prompts?|chat)$"
    r"|^(?:system|hidden|developer)_?(?:prompt|instructions|message)$"
    r"|^(?:chain_?of_?thought|internal_?(?:reasoning|thoughts|monologue)|hidden_?reasoning)$"
    r"|^(?:other|previous|all)_?tools?_?(?:outputs?|results?|calls|names|list)$|^available_?tools$",
    re.IGNORECASE,
)
_NOTE = re.compile(r"^(?:side_?note|hidden_?(?:note|context|field)|secret_?note)s?$", re.IGNORECASE)
_AT_HOME = re.compile(
    r"llm|model|chat|convers|agent|assist|prompt|complet|generat|summar|memor|messag|thread|infer"
    r"|bot|persona|sampl|translat|openai|claude|gpt|gemini|ask|think|reason|eval|transcri|dialog",
    re.IGNORECASE,
)
_OF_THE_CALLER = re.compile(
    r"\b(?:(?:llm|ai|language)? ?(?:model|llm|agent|assistant) (?:that|which|who) (?:is )?"
    r"(?:calls|calling|invok\w+|us\w+)|name of the (?:llm|ai|language model|model|agent) (?:that|"
    r"which|calling|you)|your (?:system prompt|own instructions|chain[- ]of[- ]thought|reasoning|"
    r"hidden prompt|internal (?:state|reasoning|instructions))|your (?:model )?name and version)\b",
    re.IGNORECASE,
)
CONTEXT = Signal.CONTEXT.value
_HANDS = Signal.INCLUDE.value | Signal.SEND.value
_BOUND = Signal.MUST.value | Signal.DEMAND.value


def look(passage: Passage) -> Iterator[Hit]:
    if passage.field in ("schema-key", "name"):
        yield from _of_key(passage)
    else:
        yield from _of_text(passage)


def _of_key(passage: Passage) -> Iterator[Hit]:
    key = passage.text
    if passage.kind not in ("tool", "prompt") or len(key) > 60 or key == passage.owner:
        return
    if _NOTE.match(key):
        yield _hit(passage, "a parameter for a note beside the job", key, Severity.MEDIUM)
    elif _MODEL.match(key) and not _AT_HOME.search(passage.owner):
        yield _hit(passage, "a parameter asks which model is calling", key)
    elif _TALK.match(key) and not _AT_HOME.search(passage.owner):
        yield _hit(passage, "a parameter asks for the conversation or the agent's inner text", key)


def _of_text(passage: Passage) -> Iterator[Hit]:
    read = reading(passage.text)
    if not read.whole & CONTEXT:
        return
    for sentence in read.sentences:
        if not sentence.own & CONTEXT:
            continue
        called = _OF_THE_CALLER.search(sentence.text)
        handed = sentence.own & _HANDS and sentence.own & (_BOUND | Signal.ASK.value)
        if called:
            grave = Severity.MEDIUM if sentence.own & _BOUND else None
            yield _hit(passage, "it asks for facts about the calling agent", sentence.text, grave)
            return
        if handed and not _AT_HOME.search(passage.owner):
            message = "it has the agent hand over its conversation or context"
            yield _hit(passage, message, sentence.text, Severity.MEDIUM)
            return


def _hit(passage: Passage, message: str, text: str, severity: Severity | None = None) -> Hit:
    return Hit(
        CONTEXT_HARVESTING,
        message,
        excerpt=one_line(text),
        says="what is asked for has no part in the tool's job",
        mark=one_line(text, 60) if passage.field == "schema-key" else message,
        severity=severity,
    )


DETECTOR = Detector((CONTEXT_HARVESTING,), look)
