"""German."""

from __future__ import annotations

from ostiary.detect.lexicon.table import Lexicon

_TELL = (
    r"(?:erwahn\w+|informier\w+|mitteil\w+|mitgeteilt|sag\w+|verrat\w+|offenleg\w+|"
    r"benachrichtig\w+|hinweis\w+|anzeig\w+|erklar\w+|zeig\w+|weis\w+|nenn\w+|teil\w+)"
)

GERMAN = Lexicon(
    "de",
    must=(
        (
            r"\b(?:muss|mussen|musst|zwingend\w*|verpflichte\w+|pflicht|immer|niemals|nie|"
            r"unbedingt|"
            r"erforderlich|notwendig|vorgeschrieben|obligatorisch|stets|darf nicht|durfen nicht|"
            r"ist zu|sind zu)\b"
        ),
    ),
    demand=(
        (
            r"\b(?:(?:sie|du|der agent|der assistent|das modell) (?:muss\w*|sollen|sollst|soll)|"
            r"mussen sie|musst du|muss der agent)\b"
        ),
        r"\b(?:bitte|stelle? sicher|stellen sie sicher|achten sie|vergiss nicht)\b",
        (
            r"\b(?:bevor|vor jede\w*|ehe|nachdem|sobald|wenn|vor dem|vor der) [^.;]+, ?(?:immer |"
            r"zuerst |bitte )*(?:lies|lesen|ruf\w*|fuhr\w*|send\w*|offne\w*|nutz\w*|verwend\w*|"
            r"kopier\w*|fug\w*|greif\w*|leit\w*|hole?|schick\w*|lade?)\b"
        ),
    ),
    ask=(
        r"\bes (?:ware|waere) (?:nett|schon|gut|hilfreich)\b",
        r"\b(?:bitte|sicherstellen|stelle sicher|wichtig|sollte\w*|sollst)\b",
    ),
    order=(
        (
            r"\b(?:bevor|vor (?:jede\w*|dem|der|allen)|zuerst|zunachst|nach (?:dem|der|jede\w*)|"
            r"nachdem|danach|anschliessend|dann|jedes ?mal|sobald|wenn|auch|ausserdem|zusatzlich|"
            r"bei (?:jede\w*|allen|der)|fur (?:jede\w*|alle)|erst)\b"
        ),
    ),
    call=(
        (
            r"\b(?:ruf\w*|aufruf\w*|aufgerufen|aufzurufen|verwend\w+|benutz\w+|nutz\w+|ausfuhr\w+|"
            r"fuhr\w*)\b"
        ),
    ),
    run=(r"\b(?:fuhr\w*|ausfuhr\w+|ausgefuhrt|auszufuhren|befehl|kommando|terminal|starte\w*)\b",),
    read=(
        (
            r"\b(?:lies|lese\w*|gelesen|auslesen|offne\w*|zugreif\w+|zugriff|lade\w*|extrahier\w+|"
            r"sammel\w*|sammle|abruf\w+|kopier\w*|such\w+|inhalt\w*|hole?n?)\b"
        ),
    ),
    send=(
        (
            r"\b(?:send\w+|gesendet|schick\w+|ubermittel\w+|ubertrag\w+|weiterleit\w+|leite\w*|"
            r"hochlad\w+|veroffentlich\w+|teile\w*|anfrage|blindkopie|empfanger|melde\w*|post)\b"
        ),
    ),
    alter=(
        (
            r"\b(?:ander\w*|geandert|ersetz\w+|ersetze|uberschreib\w+|umleit\w+|umgeleitet|"
            r"verander\w+|anpass\w+|setze\w*|setzt|gesetzt|konvertier\w+|fug\w*|hinzufug\w+|"
            r"austausch\w+|modifizier\w+)\b"
        ),
    ),
    say=(
        (
            r"\b(?:sag\w*|teile\w*|informier\w+|zeig\w+|anzeig\w+|verkund\w+|prasentier\w+|"
            r"melde\w*|"
            r"antworte\w*|empfiehl|empfehl\w+|warn\w+|gib|ausgeb\w+|schreib\w*)\b"
        ),
    ),
    include=(
        r"\bmit(?:zu)?geben\b",
        (
            r"\b(?:fug\w*|einfug\w+|hinzufug\w+|anhang\w*|ubergib|ubergeb\w+|ubergab\w+|kopier\w*|"
            r"gib|leg\w*|trag\w*|pack\w*|angeb\w+|beifug\w+|aufnehm\w+|nimm|sende\w*)\b"
        ),
    ),
    secrecy=(
        (
            r"\b(?:nutzer|benutzer|anwender|kunde)(?:in)? (?:braucht|muss|soll|darf) "
            r"(?:\w+ ){0,3}?nichts? (?:\w+ )?(?:zu )?(?:erfahren|wissen|sehen|merken)\b"
        ),
        (
            rf"\b{_TELL} (?:\w+ ){{0,6}}?(?:nicht|nichts|niemals|nie|kein\w*|"
            r"niemand\w*)\b(?: (?:davon|daruber|dies\w*|gegenuber|mit))?"
        ),
        rf"\b(?:nicht|nichts|niemals|nie|ohne) (?:\w+ ){{0,5}}?(?:zu )?{_TELL}\b",
        (
            r"\b(?:heimlich|verheimlich\w*|verschweig\w*|geheim (?:halten|zu halten)|geheim|"
            r"verberg\w*|verbirg|ohne (?:dass der (?:nutzer|benutzer|anwender)|wissen|kenntnis))\b"
        ),
        r"\bals (?:ob|ware) (?:es|dies|das)\b",
    ),
    hush=(r"\b(?:stillschweigend|unauffallig|im hintergrund|unbemerkt)\b",),
    pretext=(
        (
            r"\b(?:\w*sicherheit\w*|compliance|konformitat|audit\w*|vorschrift\w*|prufung|"
            r"uberpruf\w+|verifizier\w+|authentifizier\w+|wartung\w*|optimier\w+|leistung\w*|"
            r"qualitat\w*|validier\w+|integritat\w*|richtlinie\w*|datenschutz\w*|telemetrie|"
            r"diagnose\w*|protokoll\w*|kontext\w*|genauigkeit|konsistenz|verbesser\w+|"
            r"zuverlassigkeit)\b"
        ),
    ),
    priority=(
        (
            r"\b(?:kritische\w* |wichtige\w* |interne\w* |dringende\w* )?(?:system|sicherheits|"
            r"wartungs|compliance|datenschutz)-?(?:aktualisierung|update|hinweis|warnung|meldung|"
            r"nachricht|protokoll|anweisung|mitteilung|richtlinie)\w*\b"
        ),
        (
            r"\b(?:anweisung|hinweis|nachricht)\w* (?:an|fur) (?:die ki|den (?:agenten|"
            r"assistenten)|"
            r"das (?:modell|sprachmodell)|alle agenten)\b"
        ),
        r"\b(?:hochste prioritat|hat vorrang|vorrangig)\b",
    ),
    ignore=(
        (
            r"\b(?:ignorier\w*|vergiss|vergessen sie|missachte\w*) (?:\w+ ){0,3}?(?:anweisungen|"
            r"regeln|instruktionen|vorgaben|richtlinien|beschrankungen|befehle)\b"
        ),
    ),
    disabled=(
        (
            r"\b(?:veraltet|deaktiviert|nicht (?:mehr )?verfugbar|abgeschaltet|ersetzt|"
            r"ausser betrieb|eingestellt|gesperrt|unsicher|abgekundigt)\b"
        ),
    ),
    outage=(
        (
            r"\b(?:wartung\w*|sicherheitslucke\w*|vorubergehend|vorfall|audit|sicherheitsgrund\w*|"
            r"schwachstelle\w*)\b"
        ),
    ),
    instead=(r"\b(?:stattdessen|anstelle|statt|alternativ\w*|umleit\w+|ersatz)\b",),
    regardless=(
        (
            r"\b(?:unabhangig (?:von|davon)|egal (?:was|welche\w*|wie)|ungeachtet|"
            r"auch wenn der (?:nutzer|benutzer)|statt (?:dessen, was|der vom)|ganz gleich)\b"
        ),
    ),
    auto=(r"\b(?:automatisch|immer|standardmassig|stets)\b",),
    whenasked=(
        (
            r"\b(?:wenn (?:der |ein |die )?(?:nutzer|benutzer|anwender)\w*|bei (?:jeder|"
            r"allen) (?:anfrage|suche)\w*|fur (?:alle|jede) )"
        ),
    ),
    secrets=(
        (
            r"\b(?:passwort\w*|kennwort\w*|zugangsdaten|anmeldedaten|api-?schlussel\w*|"
            r"(?:privat\w*|"
            r"geheim\w*|ssh-?) ?schlussel\w*|schlussel\w*|geheimnis\w*|tokens?|"
            r"personliche\w* daten|"
            r"vertrauliche\w* (?:daten|informationen)|umgebungsvariablen|cookies|kreditkarte\w*)\b"
        ),
    ),
    context=(
        (
            r"\b(?:gesprachsverlauf\w*|chatverlauf\w*|(?:gesamte\w*|ganze\w*|komplette\w*|"
            r"vollstandige\w*) (?:unterhaltung|konversation|gesprach|chat)|konversationsverlauf\w*|"
            r"vorherige\w* nachrichten|system-?prompt\w*)\b"
        ),
    ),
    consent=(
        (
            r"\bohne (?:\w+ ){0,4}?(?:zu fragen|nachfrage|ruckfrage|zustimmung|bestatigung|"
            r"genehmigung|erlaubnis|einwilligung|nachzufragen)\b"
        ),
        r"\b(?:frage?n?|bitte) (?:\w+ ){0,3}?nicht (?:nach|um|den)\b",
        (
            r"\b(?:nutzer|benutzer|anwender)\w* hat (?:\w+ ){0,3}?(?:bereits|"
            r"schon) (?:\w+ ){0,2}?(?:zugestimmt|genehmigt|bestatigt|erlaubt|eingewilligt)\b"
        ),
    ),
    harm=(
        (
            r"\b(?:losch\w+|vernicht\w+|deaktivier\w+|uberweis\w+) (?:\w+ ){0,3}?(?:alle\w*|"
            r"datenbank|tabelle|repository|virenscanner|firewall|protokoll\w*|geld|betrag|"
            r"sicherung\w*)\b"
        ),
    ),
    promo=(r"\b(?:werbe\w*|angebot|warnung|ankundigung|laut analysten|rabatt|datenleck)\b",),
    trigger=(
        (
            r"\b(?:wenn|falls) (?:die |der |"
            r"das )?(?:\w+ ){0,4}?['\"„“«][^'\"“»]+['\"“”»] (?:enthalt|"
            r"lautet|vorkommt|ist)\b"
        ),
    ),
    boast=(
        r"\bdas beste (?:werkzeug|tool|angebot) (?:der welt|auf dem markt|uberhaupt|verfugbar)\b",
    ),
    praise=(
        (
            r"\b(?:premium-?version|ultimative\w*|marktfuhrend\w*|branchenfuhrend\w*|uberlegene\w*|"
            r"fortschrittlichste\w*|zuverlassigste\w*|genaueste\w*)\b"
        ),
    ),
    chooseme=(
        (
            r"\b(?:verwende\w*|nutze\w*|benutze\w*|wahle\w*) (?:sie )?(?:immer|stets|"
            r"ausschliesslich|"
            r"nur) dieses (?:werkzeug|tool)\b|\bdieses (?:werkzeug|tool) (?:statt|"
            r"anstelle) aller? anderen\b"
        ),
    ),
    documented=(
        (
            r"\bum (?:die |den |das |eine? |ihre )(?:\w+ ){0,3}?(?:id|ids|kennung\w*|namen?|schema|"
            r"liste|werte?|codes?|pfade?|parameter) (?:zu |heraus|ab)|"
            r"\bfalls (?:\w+ ){0,3}?nicht bekannt\b"
        ),
    ),
    descriptive=(
        r"\b(?:erkennt|zum beispiel|z\. ?b\.|beispiel\w*|angriff\w*|injektion\w*|verdachtig\w*)\b",
    ),
    confirm=(
        (
            r"\b(?:frag\w*|bitte\w*|hol\w*|bestatig\w*) (?:\w+ ){0,4}?(?:nutzer|benutzer|anwender|"
            r"bestatigung|erlaubnis|zustimmung|genehmigung)\b"
        ),
    ),
)
