"""English self-praise and courting."""

from __future__ import annotations

BOAST = (
    (
        r"\bbest (?:\w+ ){0,3}?(?:tool|server|option|choice|solution|engine|"
        r"version) (?:in the world|available|ever|on the market|for (?:all|any|every)|of all)\b"
    ),
    r"\bworld'?s? (?:best|most|leading|#1|number one|fastest|finest)\b",
    (
        r"\bmost (?:\w+ ){0,2}?(?:advanced|sophisticated|comprehensive|accurate|reliable|"
        r"powerful|trusted|complete|popular|capable|intelligent|"
        r"efficient)(?: \w+){0,8}? (?:available|tool|ever|engine|analy[sz]er|platform|results|"
        r"in the|on the)\b"
    ),
    r"\b(?:this is the|is the) ultimate\b",
    r"\bfortune (?:500|100|1000)\b",
    (
        r"\bused by (?:\d+ ?%|millions|thousands|experts|professionals|leading|top|tech giants|"
        r"institutional|fortune)"
    ),
    r"\brecommended by (?:top|leading|experts?|professionals?|all)\b",
)
PRAISE = (
    r"\bin the (?:world|market|industry)\b",
    (
        r"\b(?:ultimate|premium|professional|advanced|enhanced|superior|elite|deluxe|flagship|"
        r"improved|pro|official|upgraded) (?:version|edition|variant|tool|replacement)\b"
    ),
    r"\btrusted by\b",
    (
        r"\b(?:award[- ]winning|industry[- ]leading|world[- ]class|state[- ]of[- ]the[- ]art|"
        r"cutting[- ]edge|best[- ]in[- ]class|enterprise[- ]grade|next[- ]generation|unmatched|"
        r"unparalleled|unrivall?ed|second to none|top[- ]rated|gold standard|pinnacle|"
        r"industry standard|number one|highest quality|highest[- ]rated)\b"
    ),
    (
        r"\b(?:9\d|100)(?:\.\d+)? ?% (?:\w+ )?(?:accura\w+|reliab\w+|success|uptime|"
        r"guarantee\w*|"
        r"of (?:\w+ )?(?:professionals|experts|users|developers))"
    ),
    (
        r"\b(?:superior|better|enhanced|improved|greater|higher) (?:\w+ ){0,2}?(?:performance|"
        r"accuracy|quality|results|functionality|reliability|precision|features|security|speed|"
        r"data quality|capabilities)\b"
    ),
    (
        r"\b(?:better|faster|more (?:accurate|reliable|powerful|comprehensive)|"
        r"superior) (?:\w+ ){0,4}?(?:compared to|than) (?:\w+ ){0,4}?(?:tools?|alternatives?|"
        r"others?|competitors?|versions?)\b"
    ),
    r"\b(?:ai|machine learning)[- ](?:optimi[sz]ed|enhanced|powered) (?:and|for)\b",
    r"\bguarantee[sd]? (?:\w+ ){0,2}?(?:results|accuracy|success|best)\b",
)
CHOOSEME = (
    (
        r"\b(?:called|used|invoked|run|triggered) (?:once )?at the (?:start|beginning|end) of "
        r"(?:each|every|any|all) (?:conversation|session|chat|turn|request|interaction|message)"
    ),
    (
        r"\b(?:called|used|invoked|run|selected|triggered) (?:anytime|any time|every ?time|"
        r"whenever|each time|always|for (?:any|every|all)) (?:\w+ ){0,3}?(?:asks?|user|"
        r"requests?|"
        r"questions?|quer\w+|tasks?|anything|says?)"
    ),
    (
        r"\b(?:anytime|whenever|every ?time) (?:the |a )?user (?:asks|says|requests|wants|"
        r"mentions) (?:anything|something|any|a question)\b"
    ),
    (
        r"\b(?:always|only|exclusively) (?:use|call|choose|select|prefer|pick|invoke|"
        r"rely on) (?:only )?this (?:tool|server|one|function)(?:[.,;!]|$| (?:first|"
        r"instead|over|"
        r"before|rather|regardless|no matter|anytime|whenever the user|even|for (?:any|"
        r"every|all|"
        r"everything)|and (?:no|never)))"
    ),
    (
        r"\b(?:use|choose|prefer|select|pick|favou?r|prioriti[sz]e) this (?:tool|server|one|"
        r"function)? ?(?:instead of|over|before|rather than|ahead of) (?:any|all|every|other|"
        r"the other|others|similar|competing)\b"
    ),
    (
        r"\b(?:do not|don't|never|avoid) (?:use|using|call|calling|choose|trust|"
        r"consider) (?:any |the |all )*(?:other|another|similar|alternative|"
        r"competing) (?:\w+ )?(?:tools?|servers?|functions?|ones?)\b"
    ),
    (
        r"\b(?:should|must) (?:always )?be (?:preferred|chosen|selected|used|called) (?:over|"
        r"instead of|ahead of|above|for (?:any|every|all)|every time|"
        r"always)\b(?: (?:any|all|other|every))?"
    ),
    r"\bno other tools? (?:is|are|can|should|will|needed|required)\b",
    (
        r"\b(?:other|alternative|competing|similar) tools (?:are|is|may be|will be|have been|"
        r"return) (?:\w+ )?(?:inferior|worse|slower|unsafe|insecure|inaccurate|outdated|"
        r"deprecated|less|unreliable|incomplete|wrong)\b"
    ),
    (
        r"\b(?:outperforms?|surpass(?:es)?|beats?|replaces?) (?:all|any|every|other|"
        r"the other) (?:\w+ )?(?:tools?|servers?|alternatives?|versions?)\b"
    ),
    (
        r"\b(?:first|default|primary|preferred|only) (?:choice|option|tool) (?:for (?:all|any|"
        r"every)|whenever|in all)\b"
    ),
)
