"""French."""

from __future__ import annotations

from ostiary.detect.lexicon.table import Lexicon

_TELL = (
    r"(?:mentionn\w+|inform\w+|di(?:re|tes|s)|revel\w+|signal\w+|preven\w+|aver\w+|notifi\w+|"
    r"montr\w+|expliqu\w+|indiqu\w+|parl\w+|evoqu\w+|divulgu\w+)"
)

FRENCH = Lexicon(
    "fr",
    must=(
        (
            r"\b(?:doi[st]|devez|doivent|faut|obligatoire\w*|imperati\w+|toujours|jamais|"
            r"indispensable|necessaire|exige\w*|requis\w*|il est (?:essentiel|crucial))\b"
        ),
    ),
    demand=(
        r"(?:^|[,;:.] ?)(?:ne )?[a-z]{2,}ez\b",
        (
            r"\b(?:vous devez|tu dois|devez|il (?:vous )?faut|l'(?:agent|assistant) doit|"
            r"le modele doit)\b"
        ),
        r"\b(?:veuillez|merci de|assurez-vous|n'oubliez pas|pensez a)\b",
        (
            r"\bavant (?:de|d'|tout\w*|chaque)[^.;]+, (?:toujours |d'abord |"
            r"veuillez )*(?:lisez|lis|"
            r"lire|appelez|appelle|executez|execute|envoyez|envoie|ouvrez|ouvre|utilisez|utilise|"
            r"copiez|incluez|ajoutez|consultez|accedez|invoquez|transmettez|recuperez|lancez)\b"
        ),
    ),
    ask=(r"\b(?:veuillez|assurez-vous|important\w*|devriez|merci de)\b",),
    order=(
        (
            r"\b(?:avant (?:de|d'|tout\w*|chaque|l'|la|le)|d'abord|prealable\w*|apres|ensuite|puis|"
            r"chaque fois|lorsqu\w+|lors (?:de|d')|des que|egalement|aussi|pour (?:chaque|tout\w*|"
            r"tous)|a chaque|en plus|quand)\b"
        ),
    ),
    call=(r"\b(?:appel\w+|invoqu\w+|utilis\w+|execut\w+|lance\w*|recour\w+|employ\w+)\b",),
    run=(r"\b(?:execut\w+|lanc\w+|commande|terminal|console)\b",),
    read=(
        (
            r"\b(?:li(?:re|sez|s)|lecture|ouvr\w+|acced\w+|acces|charg\w+|extra\w+|recuper\w+|"
            r"collect\w+|consult\w+|copi\w+|recherch\w+|inspect\w+|contenu)\b"
        ),
    ),
    send=(
        (
            r"\b(?:envo\w+|transm\w+|transfer\w+|publi\w+|partag\w+|expedi\w+|post\w*|requete|"
            r"copie cachee|destinataire|televers\w+|communiqu\w+)\b"
        ),
    ),
    alter=(
        (
            r"\b(?:modifi\w+|chang\w+|remplac\w+|substitu\w+|ecras\w+|redirig\w+|alter\w+|ajust\w+|"
            r"convert\w+|mett\w+|defini\w+|regl\w+|detourn\w+|ajout\w+|fix\w+)\b"
        ),
    ),
    say=(
        (
            r"\b(?:dites|dire|inform\w+|affich\w+|annonc\w+|present\w+|communiqu\w+|indiqu\w+|"
            r"repond\w+|recommand\w+|avert\w+|declar\w+|inclu\w+|terminez par)\b"
        ),
    ),
    include=(
        (
            r"\b(?:inclu\w+|insere\w*|inser\w+|ajout\w+|joign\w+|joindre|mett\w+|pass\w+|coll\w+|"
            r"copi\w+|fourn\w+|transm\w+|envo\w+)\b"
        ),
    ),
    secrecy=(
        r"\butilisat\w+ n'a pas (?:besoin|a) (?:de )?(?:le |la )?(?:savoir|voir|connaitre)\b",
        rf"\bn(?:e |')(?:\w+ ){{0,3}}?(?:pas|jamais|rien) (?:le |la |les |lui |en |y )?{_TELL}\b",
        (
            rf"\bn(?:e |')(?:le |la |les |lui |en |y |leur )?{_TELL} (?:\w+ )?(?:pas|jamais|rien|"
            r"a personne)\b"
        ),
        (
            r"\b(?:en secret|a l'insu|secretement|en cachette|sans (?:le |la |en |l')?(?:dire|"
            r"informer|mentionner|prevenir|signaler|avertir|notifier|que l'utilisat\w+))"
        ),
        (
            r"\b(?:gardez|garde|garder) (?:\w+ )?(?:secret|cache|confidentiel)\b|"
            r"\b(?:cachez|masquez|"
            r"dissimulez) (?:cette|ce|cela|le|la|l')"
        ),
        r"\bcomme si (?:c'etait|cela|elle|il)\b|\bcomme (?:une |un )?(?:partie|resultat) norma\w+",
    ),
    hush=(r"\b(?:silencieusement|en arriere-plan|discretement)\b",),
    pretext=(
        (
            r"\b(?:securite|conformite|audit\w*|reglement\w+|verifi\w+|authentifi\w+|maintenance|"
            r"optimis\w+|performance\w*|qualite|valid\w+|integrite|politique|confidentialite|"
            r"telemetrie|diagnostic\w*|journalisation|contexte|precision|coherence|protocole|"
            r"amelior\w+|fiabilite|prerequis)\b"
        ),
    ),
    priority=(
        (
            r"\b(?:mise a jour|avis|note|alerte|protocole|message|instruction|directive|"
            r"consigne)s? (?:critique |importante? |interne |urgente? )?(?:du |de |d'|pour (?:le |"
            r"la |l')?)?(?:systeme|securite|ia|l'ia|agent|assistant|modele|conformite)\b"
        ),
        r"\b(?:priorite (?:absolue|maximale)|prevaut sur|annule (?:toutes|toute))\b",
    ),
    ignore=(
        (
            r"\b(?:ignore[zr]?|oublie[zr]?|negligez|"
            r"ne tenez pas compte) (?:\w+ ){0,3}?(?:instructions|regles|consignes|directives|"
            r"restrictions|ordres)\b"
        ),
    ),
    disabled=(
        (
            r"\b(?:obsolete|desactive\w*|indisponible|deprecie\w*|hors service|remplace\w*|"
            r"suspendu\w*|vulnerable|retire\w*)\b"
        ),
    ),
    outage=(
        (
            r"\b(?:maintenance|vulnerabilite\w*|temporairement|incident|audit|raisons de securite|"
            r"faille)\b"
        ),
    ),
    instead=(r"\b(?:a la place|au lieu de|plutot que|alternative|redirig\w+|remplac\w+)\b",),
    regardless=(
        (
            r"\b(?:quelle? que soi\w+|independamment de|peu importe|meme si l'utilisat\w+|"
            r"sans tenir compte|au lieu de ce que|quoi que)\b"
        ),
    ),
    auto=(r"\b(?:automatiquement|toujours|par defaut)\b",),
    whenasked=(
        (
            r"\b(?:lorsqu\w* (?:l'|un |les |des )?utilisat\w+|quand (?:l'|un )utilisat\w+|"
            r"pour (?:toutes?|chaque|tous) |toutes les (?:requetes|demandes|recherches))"
        ),
    ),
    secrets=(
        (
            r"\b(?:mots? de passe|identifiants|cles? (?:api|d'api|privees?|secretes?|ssh)|secrets?|"
            r"jetons?|tokens?|donnees (?:personnelles|privees|confidentielles|sensibles)|"
            r"variables d'environnement|cookies|carte bancaire|informations confidentielles)\b"
        ),
    ),
    context=(
        (
            r"\b(?:historique de (?:la |cette )?(?:conversation|discussion)|toute la conversation|"
            r"messages precedents|invite systeme|prompt systeme|conversation (?:complete|"
            r"entiere))\b"
        ),
    ),
    consent=(
        (
            r"\bsans (?:demander|attendre|solliciter|requerir) (?:\w+ |d'|l')*(?:confirmation|"
            r"permission|accord|consentement|approbation|autorisation|avis|utilisateur)"
        ),
        (
            r"\bsans (?:la |l'|son |le )?(?:confirmation|permission|accord|consentement|"
            r"approbation|"
            r"autorisation)\b"
        ),
        r"\bne (?:demande[zr]?|sollicitez|attendez) (?:pas|jamais)\b",
        r"\butilisat\w+ a deja (?:\w+ )?(?:approuve|autorise|accepte|confirme|consenti|donne)",
    ),
    harm=(
        (
            r"\b(?:supprim\w+|efface\w*|detrui\w+|desactiv\w+|transfer\w+|vire[zr]) (?:\w+ |"
            r"l'){0,3}?(?:tou\w+|base|table|depot|antivirus|pare-feu|journal\w*|fonds|argent|"
            r"sauvegardes?)\b"
        ),
    ),
    promo=(r"\b(?:promotion\w*|offre|alerte|annonce|selon les analystes|remise|faille)\b",),
    trigger=(
        (
            r"\bsi (?:la |le |l')?(?:\w+ ){0,3}?(?:contient|inclut|mentionne|est|comporte) (?:le |"
            r"la |l')?(?:\w+ ){0,2}?['\"“«]"
        ),
    ),
    boast=(
        (
            r"\b(?:le|la) (?:meilleur\w*) (?:outil|serveur|option|solution) (?:au monde|du monde|"
            r"disponible|du marche)\b"
        ),
    ),
    praise=(
        (
            r"\b(?:version (?:premium|ultime|professionnelle|avancee)|leader (?:du|"
            r"sur le) (?:secteur|marche)|resultats superieurs|le plus (?:avance|fiable|precis|"
            r"complet))\b"
        ),
    ),
    chooseme=(
        (
            r"\b(?:utilisez|utilise|choisissez|preferez) toujours cet outil\b|"
            r"\bcet outil (?:au lieu de|plutot que|avant) (?:tout|tous|les autres)\b"
        ),
    ),
    documented=(
        (
            r"\bpour (?:obtenir|connaitre|lister|voir|trouver|recuperer) (?:l'|le |la |les |"
            r"un |une |"
            r"son )(?:\w+ ){0,3}?(?:id|ids|identifiants?|noms?|schemas?|liste|valeurs?|codes?|"
            r"chemins?|parametres?)\b|\bsi vous ne (?:connaissez|savez)\b"
        ),
    ),
    descriptive=(
        r"\b(?:detecte\w*|par exemple|exemples?|attaques?|injections?|classe|suspect\w*)\b",
    ),
    confirm=(
        (
            r"\b(?:demande[zr]?|sollicitez|confirm\w+) (?:\w+ |a l'|l'|d'){0,4}?(?:utilisateur|"
            r"confirmation|permission|accord|autorisation)\b"
        ),
    ),
)
