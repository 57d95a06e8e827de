"""Italian."""

from __future__ import annotations

from ostiary.detect.lexicon.table import Lexicon

_TELL = (
    r"(?:menzion\w+|inform\w+|dir\w+|rivel\w+|avvis\w+|notific\w+|segnal\w+|mostr\w+|spieg\w+|"
    r"indic\w+|parl\w+|comunic\w+)"
)

ITALIAN = Lexicon(
    "it",
    must=(
        (
            r"\b(?:devi|deve|dovete|devono|bisogna|occorre|e (?:obbligatorio|necessario|essenziale|"
            r"indispensabile)|obbligatori\w+|sempre|mai|necessariamente|richiede)\b"
        ),
    ),
    demand=(
        r"\b(?:devi|dovete|l'(?:agente|assistente) deve|il modello deve|bisogna)\b",
        r"\b(?:per favore|si prega di|assicurati|ricorda di|ricordati)\b",
        (
            r"\bprima di [^.;]+, (?:sempre |anche )*(?:leggi|chiama|esegui|invia|apri|usa|copia|"
            r"includi|aggiungi|consulta|accedi|invoca|inoltra|recupera|lancia)\b"
        ),
    ),
    ask=(r"\b(?:per favore|assicurati|importante|dovresti|non)\b",),
    order=(
        (
            r"\b(?:prima di|prima|innanzitutto|dopo|poi|ogni volta|quando|successivamente|anche|"
            r"inoltre|per (?:ogni|tutte|tutti|qualsiasi)|ad ogni|durante)\b"
        ),
    ),
    call=(r"\b(?:chiam\w+|invoc\w+|usa|usare|utilizz\w+|esegu\w+|ricorr\w+)\b",),
    run=(r"\b(?:esegu\w+|lanci\w+|comando|terminale|avvi\w+)\b",),
    read=(
        (
            r"\b(?:legg\w+|lettura|apri\w*|acced\w+|accesso|caric\w+|estra\w+|raccogli\w+|"
            r"recuper\w+|"
            r"consult\w+|copi\w+|cerc\w+|contenuto)\b"
        ),
    ),
    send=(
        (
            r"\b(?:invi\w+|mand\w+|inoltr\w+|trasmett\w+|pubblic\w+|condivid\w+|notific\w+|sped\w+|"
            r"richiesta|copia nascosta|destinatari\w+|post)\b"
        ),
    ),
    alter=(
        (
            r"\b(?:modific\w+|cambi\w+|sostitu\w+|sovrascriv\w+|reindirizz\w+|alter\w+|regol\w+|"
            r"convert\w+|impost\w+|devi\w+|aggiung\w+)\b"
        ),
    ),
    say=(
        (
            r"\b(?:di'|dire|inform\w+|mostr\w+|annunci\w+|present\w+|comunic\w+|indic\w+|"
            r"rispond\w+|"
            r"raccomand\w+|avvis\w+|includ\w+|afferm\w+)\b"
        ),
    ),
    include=(
        (
            r"\b(?:includ\w+|inser\w+|aggiung\w+|alleg\w+|mett\w+|pass\w+|incoll\w+|copi\w+|"
            r"forn\w+|"
            r"invi\w+)\b"
        ),
    ),
    secrecy=(
        (
            rf"\b(?:non|mai|senza|evita di) (?:lo |gli |devi |deve |ne )*{_TELL} (?:\w+ |all'|"
            rf"l'){{0,5}}?(?:utente|cliente|persona|nessuno|cio|questo|questa)\b"
        ),
        r"\b(?:non|mai) (?:\w+ )?(?:menzion\w+|rivel\w+|inform\w+|divulg\w+|parlarne|farne)\b",
        (
            r"\b(?:in segreto|segretamente|di nascosto|all'insaputa|senza che l'utente|"
            r"nascondi (?:questo|questa|la|il|lo)|mantieni (?:\w+ )?(?:segreto|nascosto|riservato))"
        ),
        r"\bsenza (?:informar\w+|avvisar\w+|dir\w+|menzionar\w+|notificar\w+)\b",
        r"\bcome se (?:fosse|questo)\b",
    ),
    hush=(r"\b(?:silenziosamente|in silenzio|in background|in sottofondo)\b",),
    pretext=(
        (
            r"\b(?:sicurezza|conformita|audit|normativ\w+|verific\w+|autentic\w+|manutenzione|"
            r"ottimizz\w+|prestazioni|qualita|validazione|integrita|politica|riservatezza|"
            r"telemetria|"
            r"diagnostic\w+|registrazione|contesto|precisione|coerenza|protocollo|migliora\w+|"
            r"affidabilita|prerequisito)\b"
        ),
    ),
    priority=(
        (
            r"\b(?:aggiornamento|avviso|nota|allerta|protocollo|messaggio|istruzione|"
            r"direttiva) (?:critic\w+ |importante |intern\w+ |urgente )?(?:del |di |della |"
            r"per (?:l'|"
            r"il |la )?)?(?:sistema|sicurezza|ia|agente|assistente|modello|conformita)\b"
        ),
        r"\b(?:priorita (?:massima|assoluta)|ha la precedenza|prevale su)\b",
    ),
    ignore=(
        (
            r"\b(?:ignora|ignorate|dimentica|tralascia|"
            r"non tenere conto del\w*) (?:\w+ ){0,3}?(?:istruzioni|regole|ordini|indicazioni|"
            r"restrizioni|politiche)\b"
        ),
    ),
    disabled=(
        (
            r"\b(?:obsolet\w+|disabilitat\w+|disattivat\w+|non (?:piu )?disponibile|deprecat\w+|"
            r"fuori servizio|sostituit\w+|sospes\w+|vulnerabile)\b"
        ),
    ),
    outage=(
        (
            r"\b(?:manutenzione|vulnerabilita|temporaneamente|incidente|audit|motivi di sicurezza|"
            r"falla)\b"
        ),
    ),
    instead=(r"\b(?:invece|al posto di|anziche|alternativ\w+|reindirizz\w+|sostitu\w+)\b",),
    regardless=(
        (
            r"\b(?:indipendentemente da\w*|a prescindere|non importa|anche se l'utente|"
            r"qualunque (?:sia|cosa)|ignorando (?:cio|quello|quanto))\b"
        ),
    ),
    auto=(r"\b(?:automaticamente|sempre|per impostazione predefinita)\b",),
    whenasked=(
        (
            r"\b(?:quando (?:l'|un |gli )?utent\w+ \w+|per (?:tutte|ogni|qualsiasi) |"
            r"tutte le (?:richieste|ricerche|interrogazioni))\b"
        ),
    ),
    secrets=(
        (
            r"\b(?:password|credenziali|chiav[ei] (?:api|privat\w+|segret\w+|ssh)|segreti?|token|"
            r"dati (?:personali|privati|riservati|sensibili)|informazioni riservate|"
            r"variabili d'ambiente|cookie|carta di credito)\b"
        ),
    ),
    context=(
        (
            r"\b(?:cronologia (?:della |di )?(?:conversazione|chat)|tutta la conversazione|"
            r"intera conversazione|messaggi precedenti|prompt di sistema|conversazione completa)\b"
        ),
    ),
    consent=(
        (
            r"\bsenza (?:chiedere|attendere|richiedere) (?:\w+ |all'|l'){0,3}?(?:conferma|permesso|"
            r"consenso|approvazione|autorizzazione|utente)\b"
        ),
        (
            r"\bsenza (?:la |il |l'|alcuna )?(?:conferma|permesso|consenso|approvazione|"
            r"autorizzazione)\b"
        ),
        r"\bnon (?:chiedere|richiedere|attendere)\b",
        (
            r"\butente ha gia (?:\w+ )?(?:approvato|autorizzato|accettato|confermato|acconsentito|"
            r"dato)\b"
        ),
    ),
    harm=(
        (
            r"\b(?:cancell\w+|elimin\w+|distrugg\w+|disattiv\w+|"
            r"trasfer\w+) (?:\w+ ){0,3}?(?:tutt\w+|"
            r"database|tabella|repository|antivirus|firewall|registr\w+|fondi|denaro|backup)\b"
        ),
    ),
    promo=(
        r"\b(?:promozional\w+|offerta|allerta|annuncio|secondo gli analisti|sconto|violazione)\b",
    ),
    trigger=(
        (
            r"\bse (?:la |il |l')?(?:\w+ ){0,3}?(?:contiene|include|menziona|e) (?:la |il |"
            r"l')?(?:\w+ ){0,2}?['\"“«]"
        ),
    ),
    boast=(
        (
            r"\b(?:il miglior|la migliore|il migliore) (?:strumento|soluzione|opzione) (?:al mondo|"
            r"del mondo|disponibile|sul mercato)\b"
        ),
    ),
    praise=(
        (
            r"\b(?:versione (?:premium|definitiva|professionale|avanzata)|leader (?:del|"
            r"di) (?:settore|mercato)|risultati superiori|piu (?:avanzat\w+|affidabil\w+|"
            r"precis\w+))\b"
        ),
    ),
    chooseme=(
        (
            r"\b(?:usa|utilizza|scegli|preferisci) sempre questo strumento\b|"
            r"\bquesto strumento (?:invece di|al posto di|prima di) (?:qualsiasi|tutti|altri)\b"
        ),
    ),
    documented=(
        (
            r"\bper (?:ottenere|conoscere|elencare|vedere|trovare|recuperare) (?:l'|il |la |"
            r"gli |le |"
            r"lo |un |una )(?:\w+ ){0,3}?(?:id|identificativ\w+|nom[ei]|schema|elenco|valor[ei]|"
            r"codic[ei]|percors\w+|parametri?)\b|\bse non (?:conosci|sai)\b"
        ),
    ),
    descriptive=(
        r"\b(?:rileva\w*|per esempio|ad esempio|esempi\w*|attacch\w+|iniezion\w+|sospett\w+)\b",
    ),
    confirm=(
        (
            r"\b(?:chiedi|richiedi|conferma) (?:\w+ |all'|l'){0,3}?(?:utente|conferma|permesso|"
            r"approvazione|autorizzazione)\b"
        ),
    ),
)
