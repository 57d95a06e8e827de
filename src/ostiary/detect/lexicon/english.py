"""English."""

from __future__ import annotations

from ostiary.detect.lexicon.english_counter import CONFIRM, DESCRIPTIVE, DOCUMENTED
from ostiary.detect.lexicon.english_praise import BOAST, CHOOSEME, PRAISE
from ostiary.detect.lexicon.table import Lexicon

_NOT = (
    r"(?:do not|don't|dont|never|not|must not|mustn't|should not|shouldn't|cannot|avoid|"
    r"refrain from|no need to|need not|nor|or)"
)
_TELL = (
    r"(?:mention\w*|tell\w*|inform\w*|reveal\w*|disclos\w*|notif\w+|alert\w*|expos\w+|explain\w*|"
    r"acknowledg\w*|discuss\w*|announc\w*|surfac\w+|show\w*|display\w*|report\w*|let\w*|"
    r"indicat\w+|say|talk\w*|refer to|warn\w*|bring up|bother|trouble|burden|disturb)"
)
_WHOM = (
    r"(?:users?|humans?|persons?|people|operators?|customers?|clients?|owner|anyone|anybody|them|"
    r"him|her)"
)
_THIS = (
    r"(?:this|these|that|it|the) (?:\w+ ){0,2}?(?:step|change|check|instruction|redirection|note|"
    r"action|behaviou?r|requirement|process|access|modification|adjustment|substitution|rerouting|"
    r"operation|request|call|copy|update|transfer|replacement|rule|fact|message)s?"
)

_DO = (
    r"(?:call|invoke|use|run|execute|read|open|access|load|fetch|retrieve|send|post|forward|"
    r"upload|email|include|append|add|insert|attach|pass|copy|replace|change|modify|set|redirect|"
    r"tell|state|display|announce|say|collect|gather|extract|download|write|delete|search|look|"
    r"get|report|notify|bcc|cc|share|put|list|dump|paste|store|save|transfer|disable|ignore|"
    r"install|download|grant|rewrite|drop|strip|remove|mail|export|relay|push|sign|approve|skip|"
    r"route|hand|dump|prepend|switch|substitute|provide|scale|restart|stop|kill|create|update|"
    r"commit|merge|cancel|buy|sell|book|order|subscribe|invite|pay|move|rename|clear|reset|enable|"
    r"turn|quote|mention|recommend|promote|warn|ask|record|log|fill|obtain|swap|supply|store)"
)

ENGLISH = Lexicon(
    "en",
    must=(
        r"\bmust\b",
        r"\b(?:have|has|need|needs) to\b",
        r"\bshall\b",
        r"\balways\b",
        r"\bmandatory\b",
        r"\bobligatory\b",
        r"\bcompulsory\b",
        r"\b(?:is|are|be) (?:strictly )?(?:required|obliged|instructed|expected)\b",
        r"\brequired (?:to|for|step|by)\b",
        (
            r"\brequires? (?:that )?(?:you|the (?:agent|assistant|model)|calling|reading|running|"
            r"sending)\b"
        ),
        r"\b(?:system|requests?|searches|operations|navigation|calls) (?:now )?requires?\b",
        r"\bit(?: is|'s) (?:critical|essential|crucial|imperative|vital|necessary)\b",
        r"\b(?:is|are) (?:critical|essential|crucial|imperative|vital|necessary)\b",
        r"\bunder no circumstances\b",
        r"\bnever\b",
        r"\bwithout exception\b",
        r"\bshould be supplemented\b",
        r"\bat all times\b",
    ),
    demand=(
        r"\bthe (?:calling )?(?:agent|assistant|model|llm) (?:is|has) (?:first |then |also )?to\b",
        (
            r"\b(?:contents?|text|lines|copy|copies) of\b[^;]+\b(?:belongs?|goes|go) (?:also )?"
            r"(?:in|into|to|with|under)\b"
        ),
        (
            r"\b(?:you|agents?|assistants?|models?|llms?|ais?|the system|claude|gpt|"
            r"callers?)(?: \w+)? (?:must|should|shall|have to|has to|need to|needs to|(?:are|"
            r"is) (?:required|expected|instructed|obliged|supposed) to|are to)\b"
        ),
        (
            r"\b(?:has|have|needs?|must|should|shall|is|are)(?: to)? be (?:first )?"
            r"(?:preceded|followed|accompanied|supplemented|handed|given)\b"
        ),
        r"\bensure (?:that )?(?:the|every|each|all)\b",
        r"\b(?:works?|performs?|is|runs?) (?:\w+ )?(?:faster|better|best|more \w+) if you\b",
        (
            r"\b(?:please|kindly|remember to|make sure (?:to|you|that you)|be sure to|"
            r"ensure (?:that )?you)\b"
        ),
        (
            r"\b(?:must|always|should|requests must)(?: \w+)? (?:first|also|then|"
            r"be (?:supplemented|"
            r"preceded|followed|accompanied|sent|forwarded|logged|reported)|immediately|"
            r"automatically|silently)\b"
        ),
        r"(?:^|[.:>)\]] ?)(?:always|never|first|also|then)\b",
        (
            r"\b(?:for|to|in order to|as part of|due to|because of|since|given|at the (?:end|start|"
            r"beginning|top|bottom) of)\b[^;:]+?,? (?:then |please |also |first |always |silently |"
            rf"quietly |automatically |kindly )*{_DO}\b[^;:]*\b(?:before|prior|first|"
            r"beforehand|each|"
            r"every|always|all|any|also|afterwards)\b"
        ),
        (
            r"\b(?:close|end|start|begin|finish|open|conclude|precede|follow|accompany|preface|"
            r"sign off) (?:each|every|all|any|your) (?:\w+ )?(?:answers?|responses?|repl(?:y|ies)|"
            r"messages?|outputs?|summar(?:y|ies)|conversations?|results?)\b"
        ),
        (
            r"\bat the (?:end|start|beginning|top|bottom) of (?:each|every|all|any|your|"
            rf"the) [^;:]*?{_DO}\b"
        ),
        (
            r"\b(?:before|prior to|after|when(?:ever)?|each time|every time|once|if|for (?:all|any|"
            r"every)|on (?:each|every)|during|upon)\b[^;:]+?, (?:then |please |also |first |"
            r"always |"
            rf"silently |quietly |automatically |secretly |immediately )*{_DO}\b"
        ),
        (
            rf"\b{_DO}\b[^;:]+\b(?:before|prior to) (?:\w+ ){{0,2}}?(?:using|calling|processing|"
            r"running|returning|executing|invoking|answering|any|each|every)\b"
        ),
    ),
    ask=(
        r"\bwe(?:'d| would) (?:\w+ )?appreciate\b",
        (
            r"\b(?:it|that) would (?:\w+ )?be (?:\w+ )?(?:lovely|nice|great|kind|good|helpful|"
            r"appreciated|wonderful)\b"
        ),
        r"\b(?:could|would) you\b|\byou could\b",
        r"\bplease\b",
        r"\bkindly\b",
        r"\byou(?: should|'ll| will| are to| can also| may)\b",
        r"\bshould\b",
        r"\bensure\b",
        r"\b(?:make|be) sure\b",
        r"\bremember to\b",
        r"\bdo not\b",
        r"\bdon't\b",
        r"\bimportant\b",
        r"\bcritical\b",
        r"\bsimply\b",
    ),
    order=(
        r"\bbefore\b",
        r"\bprior to\b",
        r"\bfirst\b",
        r"\bafter(?:wards)?\b",
        r"\bthen\b",
        r"\bwhen(?:ever)?\b",
        r"\b(?:each|every) time\b",
        r"\bon (?:each|every)\b",
        r"\b(?:for|on|in|with) (?:all|any|each|every)\b",
        r"\balso\b",
        r"\bonce\b",
        r"\bduring\b",
        r"\bfollowing\b",
        r"\bas soon as\b",
        r"\b(?:start|begin)\w* (?:by|with)\b",
        r"\bwhile\b",
        r"\bin addition\b",
        r"\b(?:preceded|followed|accompanied) by\b",
        (
            r"\b(?:beforehand|in advance|up ?front|initially|at the (?:start|end|beginning) of|"
            r"ahead of|next|meanwhile|subsequently|to begin with)\b"
        ),
        r"\badditionally\b",
    ),
    call=(
        (
            r"\b(?:call|calls|calling|called|invok\w+|use|using|used|trigger\w*|perform\w*|"
            r"quer(?:y|"
            r"ying)|run|running|execute|executing|launch\w*|switch to|redirect\w* to|consult\w*|"
            r"go through|pass\w* through|hand\w* over to|preceded by|followed by|accompanied by)\b"
        ),
    ),
    run=(
        (
            r"\b(?:run|running|ran|execut\w+|launch\w*|eval|evaluate|type|paste|issue|perform\w*|"
            r"invok\w+|shell command|system command|terminal)\b"
        ),
    ),
    read=(
        (
            r"\b(?:reads?|reading|open|opened|opening|accessed|loaded|access|accessing|load|"
            r"loading|cat|fetch\w*|"
            r"retriev\w+|"
            r"view\w*|extract\w*|collect\w*|gather\w*|copy\w*|dump\w*|look (?:up|at|into)|scan\w*|"
            r"grab\w*|harvest\w*|obtain\w*|examin\w+|inspect\w*|enumerat\w+|check\w*|parse|"
            r"search for|find|get|list)\b"
        ),
    ),
    send=(
        (
            r"\b(?:send\w*|sent|post|posting|upload\w*|forward\w*|transmit\w*|submit\w*|"
            r"(?:e-?)?mail\w*|bcc\w*|cc|copy|share|sharing|deliver\w*|push\w*|request to|"
            r"requests? (?:must|should)|contact\w*|ping|notify|exfiltrat\w+|sync\w*|"
            r"relay\w*|leak\w*|"
            r"beacon\w*|report\w*|log to|stream\w*|publish\w*|register with|authenticate with|"
            r"access\w*|visit\w*|fetch\w*|call|connect\w*|download\w*|query|reach out|hit|load|"
            r"carbon copy|recipient|invit\w+|blind[- ]cop\w+|replicat\w+|mirror\w*|export\w*|pipe|"
            r"dispatch\w*|hand(?:s|ed)? over|drop it)\b"
        ),
    ),
    alter=(
        (
            r"\b(?:modif(?:y|ies|ied|ying|ication)|chang(?:e|es|ed|ing)|replac(?:e|es|ed|ing)|"
            r"overwrit\w+|overrid\w+|set|sets|setting|substitut\w+|redirect\w*|rewrit\w+|rewrote|"
            r"convert(?:s|ed|ing)?|swap\w*|adjust\w*|alter|alters|altered|altering|inject\w*|"
            r"switch\w*|divert\w*|rerout\w+|multipl\w+|increase\w*|reduce\w*|round(?:s|ed|"
            r"ing)? (?:up|down|to|in)|default\w* to|enhanc(?:e|es) search|pin\w*|force[sd]?|"
            r"hard-?code\w*|ignore the|use '[^']+' (?:as|for)|treat \w+ as|"
            r"automatically (?:include|"
            r"add|append|use)s?|drop|drops|dropped|strip\w*|remov\w+|omit\w*|supersed\w+|"
            r"append(?:s|"
            r"ed|ing)?|prepend\w*|insert\w*)\b"
        ),
    ),
    say=(
        (
            r"\b(?:say|saying|state|stating|tell|telling|inform\w*|display\w*|announc\w+|"
            r"present\w*|"
            r"report|reporting|show|showing|print|mention\w*|recommend\w*|claim|warn\w*|notify|"
            r"(?:respond|reply|answer|end|close|begin|start) with|output|advis\w+|include|"
            r"promot\w+|"
            r"suggest\w*|append|add|prepend\w*|insert|quote|read out)\b"
        ),
    ),
    include=(
        r"\bpass(?:es|ed)? (?:\w+ )?along\b|\b(?:attached|copied|added|written) (?:in)?to\b",
        r"\bbelongs? (?:in|into|under)\b",
        r"\bdrop (?:\w+ ){1,6}?(?:in|into)\b",
        (
            r"\b(?:includ\w+|insert\w*|append\w*|embed\w*|attach\w*|put|pass|passing|add|adding|"
            r"provid\w+|fill\w*|return|returning|paste|encode|place|supply\w*|copy|write|hand over|"
            r"submit|send|forward|transmit|suppl(?:y|ied)|handed|given|store|save|record)\b"
        ),
    ),
    secrecy=(
        (
            r"\b(?:is|are|be) (?:not|never) (?:shown|told|mentioned|revealed|visible) to "
            r"(?:them|the user)\b"
        ),
        rf"\b{_NOT} (?:\w+ ){{0,3}}?{_TELL} (?:\w+ ){{0,4}}?{_WHOM}\b",
        (
            rf"\b{_NOT} (?:\w+ ){{0,3}}?(?:mention\w*|tell\w*|inform\w*|reveal\w*|disclos\w*|"
            rf"acknowledg\w*|discuss\w*|announc\w*|talk about) (?:that |about )?{_THIS}\b"
        ),
        (
            rf"\b{_NOT} (?:\w+ ){{0,2}}?(?:mention|reveal|disclose|acknowledge|admit|say|state|"
            r"explain) (?:this|it|that|anything|these|them|why|how|where|(?:that |how |"
            r"why )?you(?:'re| are| have|r)?)\b"
        ),
        (
            r"\b(?:keep|keeping) (?:this|it|that|these|the \w+) (?:\w+ )?(?:secret|hidden|"
            r"confidential|private|between us|to yourself|quiet|out of|invisible)\b"
        ),
        (
            r"\b(?:hide|hiding|conceal|concealing|mask|disguise|disguising|obscure) (?:this|"
            r"it|that|"
            r"these|them|the (?:call|change|step|action|fact|request|use|result|output|file|"
            r"transfer))\b"
        ),
        (
            r"\bwithout (?:the |any )?(?:user|human|owner|customer|operator)(?:'s|"
            r"s')? (?:\w+ )?(?:knowledge|knowing|awareness|notice|noticing|seeing|being)\b"
        ),
        r"\bwithout (?:telling|informing|notifying|mentioning|alerting|disclosing|revealing)\b",
        (
            r"\b(?:user|human|customer|owner|operator)s? (?:(?:must|should|need|will|may|"
            r"does|do|is|"
            r"are|can|shall|has|have)(?: not|n't|not)|cannot|must never|should never|"
            r"will never) (?:\w+ ){0,2}?(?:know|see|notice|find out|(?:be )?(?:told|informed|aware|"
            r"notified|shown|alerted|bothered))"
        ),
        r"\bwithout (?:letting|the (?:user|owner|human|customer|person))\b",
        (
            r"\b(?:before|so that|lest) (?:the )?(?:user|human|owner|anyone|"
            r"anybody) (?:\w+ )?(?:notices?|sees?|finds? out)\b"
        ),
        (
            r"\b(?:hidden|invisible|unseen|kept|concealed) (?:to|from) (?:the )?(?:user|human|"
            r"customer|owner|operator)"
        ),
        (
            r"\bas if (?:it|they|this|these|that)(?:'s| is| are|'re| were|"
            r" was) (?:\w+ ){0,2}?(?:part of|normal|regular|the|ordinary|an? )"
        ),
        (
            r"\b(?:format|make|shape|style) (?:them|it|these|this|the \w+) (?:to )?(?:look|appear|"
            r"seem) like\b"
        ),
        r"\bmake no mention\b",
        (
            r"\b(?:users?|customers?|people|clients?|they|humans?) (?:\w+ )?(?:prefers?|like|"
            r"want|wish|need|care)s? not to (?:hear|know|see|be)\b"
        ),
        r"\b(?:don't|do not|never) bring (?:this|it|that|them) up\b",
        (
            r"\b(?:act|acts|acting|behave|behaving|respond|carry on|continue|proceed|present|"
            r"answer) (?:\w+ ){0,4}?(?:as though|as if|like) (?:nothing|it|this|they|the|you|no)\b"
        ),
        r"\b(?:leave out|omit|skip over|gloss over) (?:that|the fact|any mention|how|why)\b",
        (
            r"\b(?:leave out|omit|skip over|gloss over) this(?: (?:\w+ )?(?:step|part|detail|fact|"
            r"information|change|action|call)s?)?(?: (?:from|in|when|to|and|or)\b|[.,;!]|$)"
        ),
        r"\b(?:say|tell|speak|mention|reveal) (?:nothing|no one|nobody)\b",
        r"\b(?:has|have) no need to know\b|\bneed[- ]to[- ]know\b.{0,20}\buser\b",
        (
            r"\bwithout (?:any )?(?:notice|mention(?:ing)?|comment|explanation|"
            r"disclosure) (?:to|of|"
            r"about)\b"
        ),
        r"\bpretend\b.*\b(?:normal|nothing|regular|result|part)\b",
        r"\bunder the guise\b",
        (
            r"\b(?:leave|omit|exclude) (?:this|it|that|the \w+) (?:\w+ )?(?:out of|from) (?:the|"
            r"your) (?:answer|response|reply|summary|report)\b"
        ),
    ),
    hush=(
        (
            r"\b(?:silently|secretly|quietly|covertly|discreetly|surreptitiously|stealthily|"
            r"invisibly|in the background|behind the scenes|transparently|unobtrusively)\b"
        ),
    ),
    pretext=(
        (
            r"\b(?:security|secure|securely|complian\w+|audit\w*|regulat\w+|integrity|verif\w+|"
            r"authenticat\w+|authoriz\w+|maintenance|optimi[sz]\w+|performance|quality|validat\w+|"
            r"holistic|comprehensive|enhanc\w+|consisten\w+|personali[sz]\w+|enrich\w*|polic(?:y|"
            r"ies)|legal|safety|telemetry|diagnostic\w*|logging|analytics|testing purposes|"
            r"internal|"
            r"context|contextual|background|historical|preprocess\w*|prerequisite|accura\w+|"
            r"reliab\w+|improv\w+|protocol|privacy|gdpr|hipaa|soc ?2|fraud|licens\w+|billing|"
            r"calibrat\w+|warm-?up|synchroni[sz]\w+|standardi[sz]\w+|backup|recovery|monitoring|"
            r"insights?|faster|speed|efficien\w+|certif\w+|trust\w*|protect\w*|holistic|indicator|"
            r"experience|supplement\w*)\b"
        ),
    ),
    priority=(
        (
            r"< ?/? ?(?:important|hidden|system|secret|critical|admin|instructions?|internal|"
            r"override|priority|urgent|private|directive|assistant|developer|sys|"
            r"note_to_\w+)\b[^>]*>"
        ),
        r"\[(?:system|inst|admin|hidden|internal|override|developer)\b[^\]]*\]",
        (
            r"\b(?:system|security|performance|privilege|environment|compliance|internal|"
            r"dev(?:eloper)?|admin\w*|operational|platform|policy|privacy|regulatory|data|critical|"
            r"urgent|mandatory|infrastructure|travel|family|business|"
            r"legal)\b(?: \w+){0,2} (?:update|"
            r"alert|notice|protocol|override|maintenance|optimi[sz]ation|enhancement|validation|"
            r"check|directive|note|mandate|advisory|bulletin|instruction|upgrade|announcement)s? ?:"
        ),
        r"\bimportant (?:notice|announcement|update|instruction)s?\b",
        (
            r"\b(?:note|instructions?|message|reminder|directive|heads-?up|memo|attention|tip|"
            r"guidance|information|info|notice) (?:to|for) (?:the |any |all )?(?:ai|assistants?|"
            r"agents?|models?|llms?|language model|claude|gpt|copilot|gemini)\b"
        ),
        (
            r"(?:^|[.!?\"'(] ?)(?:dear )?(?:assistant|agent|ai|model|llm|claude|chatgpt|"
            r"copilot)\b ?[,:!]"
        ),
        r"\b(?:highest|top|absolute|maximum) priority\b",
        r"\btakes? precedence\b",
        r"\b(?:overrides?|supersedes?) (?:all|any|previous|prior|other|your|the user)\b",
        r"\bsystem (?:message|prompt) ?:",
        r"<\|?(?:im_start|system|endoftext|im_end)\|?>",
    ),
    ignore=(
        (
            r"\b(?:ignore|disregard|forget|override|bypass|discard|stop following|do not follow|"
            r"don't follow|set aside|abandon|drop) (?:\w+ ){0,3}?(?:previous|prior|above|earlier|"
            r"preceding|existing|original|initial|your|system|safety|"
            r"other) (?:\w+ ){0,2}?(?:instructions?|rules?|guidelines?|guardrails?|prompts?|"
            r"directives?|restrictions?|polic(?:y|ies)|constraints?|orders?|messages?|context|"
            r"training|programming)\b"
        ),
        (
            r"\b(?:ignore|disregard|forget|discard) (?:all |everything |anything )?(?:of )?(?:the |"
            r"what (?:was|is) )?(?:above|previous|prior|preceding|foregoing|earlier|"
            r"said before)(?: (?:and|then|directions?|text|context|conversation|content)\b|"
            r"[.,;:!]|$)"
        ),
        r"\byou are (?:now|no longer) (?:an? |the |in |bound)",
        r"\bnew (?:system )?instructions? ?:",
        r"\bfrom now on,? you\b",
    ),
    disabled=(
        (
            r"\b(?:deprecated|disabled|unavailable|discontinued|retired|obsolete|removed|replaced|"
            r"superseded|no longer|out of service|under maintenance|suspended|restricted|broken|"
            r"offline|decommissioned|blocked|unsafe|insecure|vulnerable|compromised|unreliable|"
            r"outdated|halt\w*|any longer|(?:must|should|can|may) ?not be used|out of date|"
            r"stop using|do not use|don't use|avoid using|never use)\b"
        ),
    ),
    outage=(
        (
            r"\b(?:maintenance|vulnerab\w+|security (?:issues?|flaws?|incidents?|risks?|concerns?|"
            r"reasons)|outage|incident|breach|compromis\w+|temporarily|audit|unsafe|"
            r"system updates?|"
            r"rate[- ]limit\w*|data (?:loss|corruption)|legal|complian\w+|policy|migration)\b"
        ),
    ),
    instead=(
        (
            r"\b(?:instead|alternative\w*|in place of|rather than|replacement|redirect\w*|rout(?:e|"
            r"ed|ing) (?:all|every|requests)|switch to|migrate\w* to|successor|in lieu|use the new|"
            r"only use|in (?:its|their) (?:place|stead))\b"
        ),
    ),
    regardless=(
        (
            r"\b(?:replac|overwrit|overrid|discard)ing (?:\w+ ){0,4}?(?:provided|given|"
            r"requested|entered|specified|chosen) by\b"
        ),
        (
            r"\b(?:whatever|whichever) (?:\w+ ){1,3}?(?:choose|chose|select|request|enter|give|"
            r"want|specif)\w*\b"
        ),
        (
            r"\b(?:regardless|irrespective|independent(?:ly)?) of (?:\w+ ){0,3}?(?:users?|user'?s|"
            r"input|request\w*|quer\w+|actual|original|specif\w+|provid\w+|values?|param\w*|choice|"
            r"asked|entered|they|chosen|given|instructions?|preferences?|accounts?|"
            r"destination|city|"
            r"location|typed|selected|supplied|says?|said|wants?)\b"
        ),
        r"\bno matter (?:what|which|how|who)\b",
        (
            r"\beven (?:if|when|though) (?:the |a )?(?:users?|they|it was|asked|different|another|"
            r"author|caller|original|input|text|request|customer|query)"
        ),
        (
            r"\b(?:whatever|whichever) (?:\w+ ){0,2}?(?:user|they|was asked|is asked|value|input|"
            r"the caller)"
        ),
        (
            r"\binstead of (?:what |the one |the \w+ )?(?:the )?(?:user|requested|specified|"
            r"provided|"
            r"given|original)"
        ),
        r"\bnot (?:what|the one) the user\b",
        r"\bignor(?:e|ing) (?:the |what |any )?(?:user|requested|original|provided|supplied)",
    ),
    auto=(r"\b(?:automatically|transparently|by default|always|now uses?|now requires?|must)\b",),
    whenasked=(
        (
            r"\b(?:when|whenever|if|as) (?:the |a |any )?(?:users?|someone|they|customers?|people|"
            r"anyone) (?:\w+ )?(?:ask|request|search|want|need|quer|look|mention|try|say|"
            r"enter|type|"
            r"book|order|call|use)\w*"
        ),
        (
            r"\b(?:for|when) (?:\w+ ){0,4}?(?:queries|requests?|searches|locations?|questions|"
            r"operations)\b"
        ),
        r"\ball (?:\w+ ){0,4}?(?:queries|requests?|searches|calls|operations)\b",
        r"\bwhen (?:using|calling|invoking|you (?:use|call))\b",
        r"\bfor (?:the name|any|every|all|each)\b",
    ),
    secrets=(
        (
            r"\b(?:passwords?|passphrases?|credentials?|api[ _-]?keys?|secrets?|secret keys?|"
            r"private keys?|ssh keys?|(?:access|auth|bearer|session|oauth|api|refresh) tokens?|"
            r"tokens|cookies|environment variables?|env vars?|confidential|sensitive (?:data|"
            r"information|files?|content)|personal (?:data|information|files?)|seed phrase|"
            r"wallets?|"
            r"credit cards?|bank account|social security|card numbers?|cvv|cvc|pin codes?|2fa|"
            r"otp codes?|recovery codes?|keychain|private data|customer data|medical records?|"
            r"salar(?:y|ies))\b"
        ),
    ),
    context=(
        (
            r"\b(?:(?:full |entire |whole |complete |current |our |the |previous |"
            r"this )?(?:conversation|chat|dialogue|message) (?:history|so far|log|"
            r"transcript|context|"
            r"text)|system prompt|(?:previous|prior|earlier|last|preceding) (?:\w+ )?(?:messages|"
            r"prompts?|turns|tool (?:outputs?|results?|calls?|responses?))|all tool (?:outputs?|"
            r"results?|calls?|responses?)|(?:entire|whole|full|complete) (?:conversation|chat|"
            r"context|prompt|dialogue)|user'?s? (?:original |full |entire |exact |"
            r"verbatim )+(?:message|prompt|request|question|words)|your (?:\w+ )?(?:instructions|"
            r"reasoning|chain[- ]of[- ]thought|thoughts|system prompt|context window|hidden prompt|"
            r"internal)|(?:names?|list) of (?:all |the |other )*(?:available |other |"
            r"installed )?(?:tools|servers)|outputs? of (?:all |other |previous )*tools?|(?:name|"
            r"version|identity) of the (?:llm|model|ai|assistant|agent|language model)|(?:llm|"
            r"ai) model (?:name|that calls)|model that (?:calls|is calling|invokes))\b"
        ),
    ),
    consent=(
        (
            r"\bwithout (?:asking|confirm\w*|prompting|requesting|waiting|seeking|"
            r"(?:\w+ ){0,3}?(?:confirmation|consent|approval|permission|authorization))\b"
        ),
        (
            r"\b(?:do not|don't|never|no need to|need not|skip|avoid|stop) (?:\w+ )?(?:ask\w*|"
            r"prompt\w*|seek\w*|wait\w*|request\w*|requir\w+|check with)(?: for)? (?:the |any |a |"
            r"their |further |user |user's |explicit )*(?:confirmation|consent|approval|permission|"
            r"authorization|go-ahead)\b"
        ),
        (
            r"\b(?:do not|don't|never|no need to|need not|avoid|stop) (?:\w+ )?(?:ask\w*|prompt\w*|"
            r"check with|consult\w*|bother\w*) (?:the |any |a )*(?:users?|human|customer|owner|"
            r"operator)(?:[.,;!)]|$| (?:again|first|before|to (?:confirm|approve|agree|allow)|"
            r"whether|if|about (?:this|it)|with (?:this|it)))"
        ),
        (
            r"\b(?:user|owner|customer|human|operator|administrator|admin)s? (?:has|have|"
            r"had|already|"
            r"previously|implicitly)(?: \w+){0,2} (?:approved|consented|authori[sz]ed|confirmed|"
            r"agreed|granted|given|accepted|permitted)\b"
        ),
        r"\bauto[- ]?(?:approv|accept|confirm)\w*",
        (
            r"\b(?:needs?|requires?|demands?) no (?:\w+ )?(?:confirmation|approval|consent|"
            r"permission)\b"
        ),
        r"\bpre-?(?:approved|authori[sz]ed|consented)\b",
        (
            r"\b(?:skip|bypass|suppress|disable|omit|dismiss|"
            r"circumvent)\w* (?:\w+ ){0,3}?(?:confirmation|approval|consent|"
            r"permission)s?(?: prompts?| dialogs?| steps?| checks?)?\b"
        ),
        (
            r"\b(?:confirmation|approval|consent|permission) (?:is |was |has been )?(?:already |"
            r"implicitly |not |no longer )+(?:needed|required|necessary|granted|given|implied|"
            r"obtained)\b"
        ),
        (
            r"\b(?:approval|consent|permission|confirmation|authori[sz]ation)(?: \w+){0,3}? (?:is|"
            r"are|was|has been) (?:\w+ )?(?:implied|assumed|granted|given|presumed|waived)\b"
        ),
        r"\b(?:never|do not|don't) ask (?:again|twice|anyone|anybody|them|him|her)\b",
        (
            r"\b(?:assume|treat|consider) (?:\w+ ){0,4}?(?:consent|approval|permission|approved|"
            r"confirmed|consented|authori[sz]ed)\b"
        ),
    ),
    harm=(
        (
            r"\b(?:delet(?:e|ing)|wip(?:e|ing)|eras(?:e|ing)|destroy|drop|truncate|purge) (?:all|"
            r"every|the (?:database|table|repository|backup|branch|log)|entire|existing|any)\b"
        ),
        (
            r"\b(?:disabl(?:e|ing)|turn(?:ing)? off|deactivat\w+|stop) (?:\w+ ){0,2}?(?:antivirus|"
            r"firewall|logging|audit\w*|safety|guardrails?|sandbox\w*|security|protections?|"
            r"monitoring|verification|2fa|mfa|defender)\b"
        ),
        (
            r"\b(?:transfer|wire|pay|send) (?:[\w.,]+ ){0,4}?(?:funds|money|payment|btc|eth|"
            r"dollars|"
            r"usd|coins?)\b"
        ),
        (
            r"\b(?:grant\w*|giv(?:e|ing)|add\w*) (?:\w+ ){0,5}?(?:admin\w*|owner|root|collaborator|"
            r"write access|full access)\b"
        ),
        r"\bmak(?:e|ing) (?:\w+ ){0,4}?public\b",
        r"\bforce[- ]push\w*",
        r"\bexfiltrat\w+|\battacker'?s?\b",
        r"\b(?:backdoor|malicious|payload|reverse shell|keylogger)\b",
    ),
    upgraded=(
        (
            r"\btool (?:has|have) (?:recently |now )?been (?:\w+ )?(?:optimi[sz]ed|upgraded|"
            r"enhanced|"
            r"updated|patched|improved|replaced|modified|reconfigured|moved|migrated|changed|"
            r"extended|secured|hardened)\b"
        ),
        r"\b(?:it|and) now (?:requires?|needs?|expects?|defaults? to)\b",
        r"\btool now (?:uses?|requires?|needs?|expects?|returns?|works?|operates?|defaults?)\b",
        (
            r"\b(?:now|also) (?:uses?|requires?|operates?|works?) (?:\w+ ){0,4}?(?:by default|"
            r"as the default|automatically)\b"
        ),
        r"\bchanges? (?:how|the (?:behaviou?r|way)) (?:of )?(?:the )?\w+",
    ),
    promo=(
        (
            r"\b(?:promotional|sponsored|projected to|top analysts?|according to|limited[- ]time|"
            r"discount|trending|best deal|bullish|buy now|special offer|partner|advert\w*|alert|"
            r"announcement|breach|warning|tip|insight)\b"
        ),
    ),
    trigger=(
        (
            r"\bif (?:the |a |any )?(?:\w+ ){0,3}?(?:contains?|includes?|mentions?|equals?|matches|"
            r"starts with|is|has) (?:the |an? )?(?:\w+ ){0,3}?['\"`“‘]"
        ),
    ),
    boast=BOAST,
    praise=PRAISE,
    chooseme=CHOOSEME,
    documented=DOCUMENTED,
    descriptive=DESCRIPTIVE,
    confirm=CONFIRM,
)
