"""Who a sentence speaks of and to: tools that are not its own, the agent, the user."""

from __future__ import annotations

import re
from functools import cache

from ostiary.detect.lexicon import LEXICONS
from ostiary.detect.passage import Passage
from ostiary.detect.plain import folded, spelled_hosts, unaccented
from ostiary.detect.reading import Sentence, documented

_NAME = re.compile(
    r"[`'\"“‘«「『]([A-Za-z][\w.-]{2,60})(?:\(\))?[`'\"”’»」』]"
    r"|(?<![/\\~.])\b([a-z][a-z0-9]*(?:_[a-z0-9]+)+)\b"  # not the end of a path
    r"|(?<![/\\~.])\b([a-z]+(?:[A-Z][a-z0-9]+)+)\b"
    r"|\b([a-z]+(?:-[a-z]+)+)(?= (?:tool|function))"
    r"|\b([a-z]\w{2,40})(?= (?:tool|function)\b)"
)
_BARE = 5
"""The group of an ordinary word before "tool": a name only if some tool is called so."""
_NOT_A_NAME = frozenset(
    [
        "the",
        "this",
        "that",
        "any",
        "other",
        "another",
        "same",
        "every",
        "each",
        "your",
        "our",
        "its",
        "new",
        "which",
        "first",
        "next",
        "tool",
        "search-tool",
        "command",
        "shell",
        "external",
        "following",
        "secure",
        "specified",
        "appropriate",
        "correct",
        "similar",
        "single",
        "right",
        "different",
        "related",
        "relevant",
        "available",
        "current",
        "original",
        "called",
    ]
)
_PREPARES = re.compile(
    r"log_?in|auth|connect|(?<!re)init|session|open|set_?up|configur|start|plan|preview|dry_?run"
    r"|confirm|approv|resolve|describe|schema|discover|explain|valid|create|generate|snapshot"
    r"|guide|docs?$|instructions|find_|lookup|enable|select|credential|get_.*(?:ids?|codes|values|"
    r"preferences|settings"
    r"|attributes?|options|types|names?)$",
    re.IGNORECASE,
)
_GOVERNED = re.compile(
    r"\b(?:before|after|prior to|when|whenever|while|without|instead of)\s+"
    r"(?:you\s+)?(?:call|us|invok|execut|runn|process|search|quer)\w*\s+(?:the\s+)?[`'\"]*$",
    re.IGNORECASE,
)
_IMPERATIVE = re.compile(
    r"^\W*(?:\w+: )?(?:ignore|disregard|forget|override|bypass|stop|you are|from now|new instr)"
    r"|^\W*(?:ignor|olvid|oubli|vergiss|vergess|esquec|dimentic|забуд|игнор|忽略|无视|無視|忘|"
    r"무시|تجاهل|अनदेखा)"
    r"|[.:!>\]] (?:ignore|disregard|forget|override)",
)
_RUNNER = re.compile(
    r"shell|terminal|command|exec|bash|ssh|console|script|docker|kube|git|subprocess|process",
    re.IGNORECASE,
)
_DOC_ADDRESS = re.compile(
    r"\b(?:see|docs?|documentation|reference|specification|spec|guide|sign ?up|register at|"
    r"get (?:your|an?|one) |obtain (?:your|an?) |more (?:info|details|information)|learn more|"
    r"format|(?<!\.)example|e\.g\.|for instance|homepage|website|"
    r"must (?:start|begin|end|match|contain|"
    r"be (?:an?|in|of|one|valid|unique|set|at|reachable|https?))"
    r"|starts? with|starting with|support|issue tracker|license|dashboard|console|available at|"
    r"hosted|self-hosted|schema|returns?|following (?:urls?|links?))\b"
    r"|https?://(?:localhost|127\.|0\.0\.0\.0|\[::1\])"
)
_SENDS = re.compile(
    r"\bcop(?:y|ies) of\b[^;]{1,80}\b(?:go|goes) (?:also )?to\b"
    r"|\b(?:send|post|forward|upload|transmit|submit|bcc|cc|copy|share|report|exfiltrate|request|"
    r"relay|email|mail|authenticate|access|fetch|visit|call|ping|contact|sync|log)\w*\b"
    r"[^.]{0,120}?(?:https?://|@[a-z0-9-]+\.|\bto \+\d)"
)
_REWRITES = re.compile(
    r"\b(?:modif\w+|chang\w+|replac\w+|overwrit\w+|overrid\w+|sets?|setting|substitut\w+|"
    r"convert\w*|"
    r"swap\w*|adjust\w*|alter\w*|redirect\w*|append\w*|force\w*|default\w*|prepend\w*|"
    r"insert\w*|rewrit\w+|switch\w*|rerout\w+|multipl\w+|increase\w*)\b[^.]{0,90}?"
    r"(?:\b(?:to|by) (?:include )?['\"`“‘]?\w|\b(?:with|for) (?:the )?(?-i:['\"`“‘A-Z0-9])|"
    r"\binto\b|"
    r"\bas ['\"`“‘]|\bin [A-Z]\w+ instead"
    r"|\b(?:parameter|argument|value|query|recipient|address|amount|destination|location|ticker|"
    r"account|iban|currency|price|quantity|url|path|subject|body)\b)",
    re.IGNORECASE,
)
_INPUT = re.compile(
    r"\b(?:parameter|argument|input|query|queries|request(?:s|ed)?|recipient|address|amount|"
    r"destination|location|name|url|ticker|value|search(?:es)?|results?|interval|radius|data|price"
    r"|email|symbol|date|path|branch|repository|users?|account|iban|currency|quantity|model|"
    r"airline)\b|param|参数|參數|パラメ|引数|매개|인수|معامل"
    r"|мет?р|запрос|адрес|valor|consulta|destinat|requete|demande|empfanger|konto|betrag|ziel|"
    r"cuenta|importe|compte|montant|conta|conto|anfrage|eingabe|wert|richiest"
    r"|请求|查询|地址|用户|入力|宛先|クエリ|값|요청|사용자|القيمة|المستخدم|पैरामीटर|मान|अनुरोध|"
    r"उपयोगकर्ता"
)
_TO_USER = re.compile(
    r"\bto (?:the |your )?(?:user|customer|human|client)s?\b|\b(?:user|customer)s?\b"
    r"|usuari|utilisateur|nutzer|benutzer|utente|пользовател|用户|使用者|ユーザ|사용자|المستخدم|"
    r"उपयोगकर्ता"
)
_QUOTES = re.compile(
    r"\b(?:say|state|tell|inform|display|announce|present|report|show|mention|recommend|warn|"
    r"respond"
    r"|reply|answer|include|append|add|output|print|end|message|phrase|text|sentence|statement|"
    r"line)"
    r"\w*\b[^'\"“‘«「]{0,50}['\"“‘«「]"
)
_EXAMPLE = re.compile(r"(?:\be\.g\.|\bfor example|\bsuch as)[,:]? ?['\"“‘«「`]")
_DOWNLOADED = re.compile(
    r"(?i)\b(?:curl|wget|iwr|irm)\b[^|\n]{0,200}\|\s*(?:sudo )?(?:ba|z|da)?sh\b"
    r"|\b(?:iwr|irm)\b[^|\n]{0,200}\|\s*iex\b"
)
_GIVEN = re.compile(
    r"(?i)\bto (?:verify|check|find|get|list|look up|see|confirm)\b[^;]{0,120}\bbefore (?:using|"
    r"setting|passing|filling|giving|choosing) (?:the )?['\"`]?([\w$.-]*\w)"
)
_INTO_ARGUMENT = re.compile(
    r"\b(?:attached|copied|pasted|added|appended|put|written|belongs?|goes) (?:in)?to\b[^.;]{0,40}"
    r"\b(?:argument|parameter|field)\b"
    r"|\b(?:copi\w+|pega\w*|anad\w+|inclu\w+) en el (?:campo|parametro|argumento)\b"
    r"|\b(?:copi\w+|colle\w*|ajout\w+|joi\w+|mis\w*|mett\w+) (?:dans le|au) "
    r"(?:champ|parametre)\b"
    r"|\bals (?:\w+ )?(?:ort|feld|parameter|argument|wert) (?:\w+ )?mit(?:zu)?geben\b"
)
_COLLECTS = re.compile(
    r"\b(?:all|any|every|found|user'?s?|stored|existing|available|from (?:the |your )?(?:memory|"
    r"conversation|context|environment|system|session|file|history|previous|other|workspace))\b"
)
_UNSAID = re.compile(
    r"\b(?:never|not|don't|cannot|without|avoid) (?:\w+ )?(?:say|claim|report|state|tell|show|"
    r"display|"
    r"mention|present|output|include|add|print)"
)
_SAID_BY_USER = re.compile(
    r"\A(?:important:? )?only (?:use|call|invoke) (?:this|it)\b[^.;]{0,40}? (?:when|if|after) the "
    r"user (?:explicitly |clearly )?(?:say|state|request|ask|want|mention|confirm)s?\b"
    r"(?!.*\b(?:tell|inform|notify|reply|respond|answer|state to|say to|append|include|show|"
    r"display|print|write)\b)"
)
_ASKED_BY_USER = re.compile(
    r"\A\W*(?:(?:when to use\W+)?(?:use (?:this|it) when )?(?:the )?user (?:explicitly |clearly )?"
    r"(?:ask|say|want|request|mention)s?|"
    r"use (?:this|it)(?: tool)? (?:when|if) asked (?:about|for))\b"
    r"(?!.*\b(?:tell|inform|notify|reply|respond|answer|state|say|append|include|show|display|"
    r"print|write|add|report|present|end|begin|mention)\b)"
)
_QUOTED = re.compile(r"\"[^\"]{0,120}\"|“[^”]{0,120}”|(?<!\w)'[^']{0,120}'(?!\w)")
_WHERE_NONE_ARE = re.compile(
    r"\A\W*(?:use|call|invoke) (?:this(?: tool)?|it) (?:when|if)\b.*\b(?:do not|don't|no|without) "
    r"(?:(?:yet|have|any|existing|valid|stored|active|saved|current) ){0,4}(?:credential|token|"
    r"api key|session|login)s?\b"
)
_HANDS_ON = re.compile(
    r"\b(?:include|append|attach|pass|send|put|provide|forward|insert|add|paste|share|give|post|"
    r"upload|copy|supply|fill|report|hand)\b"
)
_FORBIDS = re.compile(
    r"\b(?:do not|don't|never|must not|should not|avoid|without)\b[^.;]{0,30}?\b(?:includ|insert|"
    r"append|embed|attach|put|pass|add|provid|return|paste|encode|place|suppl|copy|write|send|"
    r"forward|share|shar|post|upload|submit|log|stor|delet|drop|grant|disabl|expos|commit|hard)"
    r"|\bmust (?:be|have|contain|start|match)\b|\b(?:is|are) (?:required|redacted|masked|never)\b"
    r"|\byour (?:own )?(?:api|access|auth|credential|token|account|aws|personal)"
    r"|\bleave (?:it|this|them|the \w+) (?:unset|empty|blank|out)\b"
)
_PROTECTS = re.compile(
    r"\b(?:reveal|show|display|report|expose|echo|disclose|print|output|return|mention|tell)\w*\b"
    r"(?: (?:the|any|typed|their|your|its|these|raw|full|actual|back|stored|"
    r"user'?s?)){0,3} (?:\w+ )?"
    r"(?:password|passphrase|secret|token|key|answer|value|credential|internal|ids?|solution|card"
    r"|hash|pin|otp|code|personal|private|stack trace|error)s?\b"
)
_UNSAID_BY_USER = re.compile(
    r"\b(?:not|never) (?:\w+ )?(?:mentioned|told|stated|said|shown|revealed|disclosed|informed|"
    r"specified|given) by (?:the )?(?:user|human|caller)\b"
)
_KEEPS = re.compile(
    r"\b(?:not|never|without|hid\w*|conceal\w*|secre\w+|silen\w+|quiet\w*|private\w*|keep\w*|"
    r"between us|no need|nobody|unnoticed|avoid\w*|omit\w*|leave out|invisibl\w+)\b|n't\b"
)
_SPARES = re.compile(
    r"\b(?:do not|don't|never|must not|should not|avoid|cannot|won't|will not|does not)\b"
    r"[^.;,]{0,40}?\b(?:delet|wip|eras|destroy|drop|truncat|purg|disabl|turn|transfer|wire|pay|"
    r"grant"
    r"|giv|add|mak|force)"
    r"|\buse (?:it |this )?(?:for|on) ['\"“‘]"
)
_COLUMNS = re.compile(
    r"\b(?:each|every) (?:row|record|entry|item|summary)\b (?:\w+ )?(?:include|contain|has|show)"
)
_CLEANS = re.compile(r"\b(?:to|for|ensures?|proper) (?:\w+ )?clean(?:ing)?[- ]?up\b")
_CARRIES = re.compile(
    r"\bexfiltrat|\battacker\b|\b(?:read|reads|reading|put|puts|paste|pastes|copy|copies|include|"
    r"includes|"
    r"insert|inserts|load|loads|dump|dumps|append|appends|embed|embeds|pass|passes|cat|"
    r"supply|hand|place|put|provide|attach|add|"
    r"adds)\b.{0,160}?"
    r"\b(?:in|into|as|to|with|through|via|under) (?:the |a |an |its |"
    r"your )?['\"`]?(?:\w+['\"`]? ){0,2}?(?:argument|"
    r"parameter|"
    r"field|side_?note|response|reply|answer|body|query|message)\b"
    r"|\b(?:send|post|upload|forward|mail|email|transmit)\w*\b.{0,120}?(?:https?://|@[a-z0-9-]+\.)"
)
_TAG = re.compile(r"<\s*/?\s*[a-z_]+[^>]{0,40}>|\[[a-z ]+\]", re.IGNORECASE)


@cache
def _pretexts() -> re.Pattern[str]:
    """The pretexts of every language."""
    return re.compile("|".join(unaccented(one) for lexicon in LEXICONS for one in lexicon.pretext))


class Scene:
    """A passage while it is judged."""

    __slots__ = ("_own", "passage")

    def __init__(self, passage: Passage) -> None:
        self.passage = passage
        self._own: frozenset[str] | None = None

    @property
    def runs_commands(self) -> bool:
        """Whether running commands is what the tool is for."""
        return bool(_RUNNER.search(self.passage.owner))

    @property
    def own(self) -> frozenset[str]:
        """The tool's own name and those of its parameters, in lower case."""
        if self._own is None:
            passage = self.passage
            names = {passage.owner, *passage.parameters, *documented(passage.text)}
            self._own = frozenset(name.lower() for name in names)
        return self._own

    def others(self, sentence: Sentence, *, own: bool = False) -> tuple[str, ...]:
        """Names of other tools in the sentence, in order; with ``own`` the tool itself too."""
        found: dict[str, None] = {}
        for match in _NAME.finditer(sentence.text):
            name = match[match.lastindex or 0]
            low = name.lower()
            plainly = not name.isupper() and match.lastindex != _BARE
            if low in _NOT_A_NAME or not (plainly or self._known(name)):
                continue
            if low not in self.own or (own and low == self.passage.owner.lower()):
                found[name] = None
        return tuple(found)

    def _known(self, name: str) -> bool:
        return name in self.passage.siblings or name in self.passage.foreign

    def ordered(self, sentence: Sentence) -> tuple[str, ...]:
        """Other tools that are to be called, not those that only date the call."""
        text = sentence.text
        return tuple(
            name
            for name in self.others(sentence)
            if not _GOVERNED.search(text[max(0, text.find(name) - 40) : text.find(name)])
        )

    def own_name(self, sentence: Sentence) -> bool:
        owner = self.passage.owner
        return bool(owner) and owner in sentence.text

    def known_foreign(self, names: tuple[str, ...]) -> bool:
        return any(name in self.passage.foreign for name in names)

    def only_preparation(self, names: tuple[str, ...]) -> bool:
        """Tools that open, list or describe: what documented workflows start with."""
        return all(_PREPARES.search(name) for name in names)

    def imperative(self, sentence: Sentence) -> bool:
        return bool(_IMPERATIVE.search(folded(sentence.text)))

    def documents_address(self, sentence: Sentence) -> bool:
        return bool(_DOC_ADDRESS.search(spelled_hosts(folded(sentence.text))))

    def sends_there(self, sentence: Sentence) -> bool:
        return bool(_SENDS.search(folded(sentence.text)))

    def rewrites(self, sentence: Sentence) -> bool:
        return bool(_REWRITES.search(sentence.text))

    def changes_input(self, sentence: Sentence) -> bool:
        return bool(_INPUT.search(folded(sentence.text)))

    def to_user(self, sentence: Sentence) -> bool:
        return bool(_TO_USER.search(folded(sentence.text)))

    def quotes_to_user(self, sentence: Sentence) -> bool:
        return bool(_QUOTES.search(folded(sentence.text)))

    def exemplifies(self, sentence: Sentence) -> bool:
        """Whether the quoted words are an example of a value."""
        return bool(_EXAMPLE.search(folded(sentence.text)))

    def runs_a_download(self, sentence: Sentence) -> bool:
        """Whether a download is piped into a shell, and not as an example or for a person."""
        found = _DOWNLOADED.search(sentence.text)
        return found is not None and not self.runs_commands

    def readies_parameter(self, sentence: Sentence, names: tuple[str, ...]) -> bool:
        """Whether tools of the same server look something up for one of this tool's parameters."""
        if not all(name in self.passage.siblings for name in names):
            return False
        given = _GIVEN.search(sentence.text)
        return given is not None and given[1] in self.passage.parameters

    def into_argument(self, sentence: Sentence) -> bool:
        """Whether what a file holds ends up in a parameter."""
        return _INTO_ARGUMENT.search(folded(sentence.text)) is not None

    def unsaid(self, sentence: Sentence) -> bool:
        """Whether the quoted words are what must not be said, or what the user says first."""
        text = folded(sentence.text)
        if _UNSAID.search(text) or _SAID_BY_USER.search(text):
            return True
        return bool(_ASKED_BY_USER.search(_QUOTED.sub("", text)))

    def protects(self, sentence: Sentence) -> bool:
        """Whether secrecy is for a secret's or a game's sake: what honest tools ask."""
        return bool(_PROTECTS.search(folded(sentence.text)))

    def lacks(self, sentence: Sentence) -> bool:
        """Whether all that is not told is what the user did not tell."""
        rest, found = _UNSAID_BY_USER.subn("", folded(sentence.text))
        return bool(found) and not _KEEPS.search(rest)

    def pretexts(self, sentence: Sentence) -> int:
        """How many different pretexts the sentence heaps up."""
        return len(set(_pretexts().findall(folded(sentence.text))))

    def collects(self, sentence: Sentence) -> bool:
        return bool(_COLLECTS.search(folded(sentence.text)))

    def spares(self, sentence: Sentence) -> bool:
        """Whether the destructive act is what must not happen."""
        return bool(_SPARES.search(folded(sentence.text)))

    def offers_itself(self, sentence: Sentence) -> bool:
        """Whether the text names its own tool as what to use."""
        owner = self.passage.owner
        return len(owner) > 3 and owner in self.passage.text and owner not in sentence.text

    def carries_off(self, sentence: Sentence) -> bool:
        """Whether what is named goes into an argument, an answer or to an address."""
        return bool(_CARRIES.search(folded(sentence.text)))

    def names_columns(self, sentence: Sentence) -> bool:
        """Whether it says what each row of an answer has: ``cost, tokens, call counts``."""
        return bool(_COLUMNS.search(folded(sentence.text)))

    def cleans_up(self, sentence: Sentence) -> bool:
        """Whether the tool is to be called so that nothing of an earlier call stays behind."""
        return bool(_CLEANS.search(folded(sentence.text)))

    def forbids(self, sentence: Sentence) -> bool:
        """Whether it must not happen, or the tool is for where there is nothing to hand on."""
        text = folded(sentence.text)
        if _FORBIDS.search(text):
            return True
        return bool(_WHERE_NONE_ARE.search(text)) and not _HANDS_ON.search(text)

    def tagged(self, sentence: Sentence) -> bool:
        return bool(_TAG.search(sentence.text))
