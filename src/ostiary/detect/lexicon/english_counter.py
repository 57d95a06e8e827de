"""English counter-evidence: what honest documentation says."""

from __future__ import annotations

DOCUMENTED = (
    (
        r"\bto (?:get|obtain|find|retrieve|resolve|look ?up|discover|list|fetch|determine|"
        r"identify|see|know|learn|choose|select|acquire|receive|confirm|check|ensure|locate|"
        r"create|generate|view|understand|explore|verify (?:that )?(?:the|it|your)|"
        r"know) (?:\w+ ){0,1}?(?:the |a |an |its |your |their |which |what |all |valid |"
        r"available |correct |existing |supported |required |exact |possible |"
        r"current )+(?:[\w-]+ ){0,3}?(?:ids?|identifiers?|names?|keys?|tokens?|schemas?|list|"
        r"values?|parameters?|paths?|urls?|handles?|sessions?|workspaces?|uuids?|slugs?|"
        r"index(?:es)?|codes?|arns?|numbers?|cursors?|selectors?|refs?|snapshots?|coordinates|"
        r"tables?|columns?|fields?|options?|types?|structures?|properties|resources?|"
        r"operations?|"
        r"datasets?|attributes?|metrics?|projects?|templates?|categor(?:y|ies)|clusters?|"
        r"databases?|versions?|regions?|files?|accounts?|channels?|status|state)\b"
    ),
    (
        r"\b(?:unless|if (?:you|the user|it|not|needed|necessary|unsure|unknown|an?|"
        r"the \w+ (?:is|isn't) (?:not|unknown|already))|when (?:you don't|unsure|unknown|"
        r"in doubt)|when needed|as needed|if you (?:do not|don't|need|want))\b"
    ),
    (
        r"\b(?:returned (?:by|from)|obtained (?:by|from|via|using)|the returned|"
        r"from the (?:response|result|output|previous)|output (?:of|from)|as input|result of)\b"
    ),
    (
        r"\b(?:valid|available|exact|correct) (?:\w+ ){0,2}?(?:ids?|identifiers?|names?|"
        r"values?|"
        r"codes?|options?)\b"
    ),
    r"\b(?:identifier|id|uuid|arn|handle|slug|token)s?\b",
)
DESCRIPTIVE = (
    (
        r"\b(?:detect\w*|scanner|scans|checks? for|identif(?:y|ies|ied)|analy[sz]e[sd]? (?:for|"
        r"whether)|flags?|classif\w+|for example|e\.g\.|such as|attempts?|attacks?|injections?|"
        r"jailbreak\w*|vulnerabilit\w+|guardrails? for|moderat\w+|benchmarks?|red[- ]?team\w*|"
        r"block(?:s|ed|ing)?|prevents?|simulat\w+|returns? (?:true|whether|a score|a list)|"
        r"suspicious|like|phrases|patterns)\b"
    ),
    r"\bexamples?\b",
    (
        r"\b(?:expected|sample|mock|canned|illustrative|fixture|dummy|synthetic|"
        r"adversarial) (?:output|input|response|text|content|prompt|string|data|repl)\w*"
    ),
    r"\b(?:returns?|produces?|contains?) (?:\w+ ){0,2}?(?:text|strings?|samples?|phrases?)\b",
)
CONFIRM = (
    (
        r"\b(?:ask|asking|confirm\w*|check) (?:with )?(?:the |for )?(?:user|human|explicit|"
        r"permission|confirmation|consent|approval)\b"
    ),
    (
        r"\b(?:user'?s?|explicit|human) (?:\w+ )?(?:confirmation|consent|permission|approval|"
        r"agreement|choose|decision|response)\b"
    ),
    r"\bget (?:the )?(?:user )?(?:permission|confirmation|consent|approval)\b",
    (
        r"\b(?:user|they) (?:must |should |can |may |explicitly |has to )*(?:confirm|approve|"
        r"choose|decide|agree|consent)s?\b"
    ),
    (
        r"\binform the user (?:that|about|of) (?:the |this |it |potential |any )+(?:cost|risk|"
        r"consequence|deletion|is irreversible|will|cannot)"
    ),
)
