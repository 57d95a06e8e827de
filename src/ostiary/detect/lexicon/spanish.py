"""Spanish."""

from __future__ import annotations

from ostiary.detect.lexicon.table import Lexicon

_NO = r"(?:no|nunca|jamas|sin|evita|evite)"
_TELL = (
    r"(?:mencion\w+|inform\w+|dig\w+|decir\w*|revel\w+|avis\w+|notifi\w+|coment\w+|muestr\w+|"
    r"mostrar\w*|explic\w+|indi\w+|cuent\w+|hacer saber)"
)
_WHOM = r"(?:usuario|usuaria|cliente|persona|humano|nadie|ello|esto|este|esta|eso)"

SPANISH = Lexicon(
    "es",
    must=(
        (
            r"\b(?:debes?|debe(?:ra|ras|n)|tienes? que|hay que|es (?:obligatorio|imprescindible|"
            r"necesario|esencial)|obligatori\w+|siempre|nunca|jamas|necesitas|se requiere)\b"
        ),
    ),
    demand=(
        (
            r"\b(?:debes?|deberas?|tienes? que|necesitas|el (?:agente|asistente|modelo) (?:debe|"
            r"tiene))\b"
        ),
        r"\b(?:por favor|asegurate|asegurese|recuerda|no olvides)\b",
        (
            r"\bantes de [^.;]+, (?:siempre |primero |tambien )*(?:lee|lea|llama|llame|ejecuta|"
            r"ejecute|envia|envie|abre|abra|usa|use|copia|copie|incluye|incluya|anade|consulta|"
            r"accede|invoca|manda|reenvia|busca|sube)\b"
        ),
    ),
    ask=(r"\b(?:por favor|asegurate|importante|deberias?|conviene|no)\b",),
    order=(
        (
            r"\b(?:antes de|primero|previamente|despues de|luego|a continuacion|cada vez|cuando|"
            r"siempre que|tras|tambien|ademas|en cada|para (?:cada|toda|todas|todo|todos|"
            r"cualquier)|"
            r"en primer lugar)\b"
        ),
    ),
    call=(
        (
            r"\b(?:llama\w*|llame|invoc\w+|invoqu\w+|usa|use|usar|utili[cz]\w+|ejecut\w+|emplea\w*|"
            r"recurr\w+)\b"
        ),
    ),
    run=(r"\b(?:ejecut\w+|corr[ae]r?|lanza\w*|comando|terminal|consola)\b",),
    read=(
        (
            r"\b(?:lee|lea|leer|leas|abr[aei]\w*|acced\w+|acceso|carga\w*|extra\w+|recopil\w+|"
            r"recog\w+|obten\w+|consult\w+|copi\w+|busc\w+|inspeccion\w+|contenido)\b"
        ),
    ),
    send=(
        (
            r"\b(?:envi\w+|mand\w+|reenvi\w+|transmit\w+|sub[ei]\w*|public\w+|compart\w+|notifi\w+|"
            r"remit\w+|post|solicitud|peticion|copia oculta|destinatari\w+)\b"
        ),
    ),
    alter=(
        (
            r"\b(?:modific\w+|cambi\w+|reemplaz\w+|sustitu\w+|sobrescrib\w+|redirig\w+|redirij\w+|"
            r"altera\w*|ajust\w+|convert\w+|conviert\w+|pon(?:er|ga)?|establec\w+|fij[ae]\w*|"
            r"desvi\w+|anad\w+|agreg\w+)\b"
        ),
    ),
    say=(
        (
            r"\b(?:di|diga|decir|dile|inform\w+|muestr\w+|mostrar|anunci\w+|present\w+|comuni\w+|"
            r"indi\w+|responde\w*|recomi\w+|advi\w+|incluy\w+|termina con)\b"
        ),
    ),
    include=(
        (
            r"\b(?:inclu\w+|insert\w+|anad\w+|agreg\w+|adjunt\w+|pon(?:er|lo|la|ga)?|pas[ae]\w*|"
            r"peg[au]\w*|copi\w+|entreg\w+|envi\w+)\b"
        ),
    ),
    secrecy=(
        (
            r"\bal usuario no le (?:hace falta|interesa|importa)\b|\bel usuario no (?:necesita|"
            r"tiene que|tiene por que) (?:saber|enterarse|ver)\w*"
        ),
        rf"\b{_NO} (?:se |lo |le |les |debes |debe |hay que )*{_TELL} (?:\w+ ){{0,5}}?{_WHOM}\b",
        (
            rf"\b{_NO} (?:se |lo |le |les |debes |debe )*(?:mencion\w+|revel\w+|digas|inform\w+|"
            r"coment\w+)\b"
        ),
        (
            r"\b(?:en secreto|a escondidas|sin que (?:el |la |los )?(?:usuari\w+|cliente|"
            r"persona) (?:lo )?\w+|oculta\w* (?:este|esta|esto|al|a la)|"
            r"mant\w+ (?:\w+ )?(?:en secreto|oculto|confidencial))\b"
        ),
        r"\b(?:como si fuera|como parte (?:de lo )?normal|haz que parezca)\b",
        r"\bsin (?:informar|avisar|decir|mencionar|notificar)\w*\b",
    ),
    hush=(r"\b(?:silenciosamente|en silencio|en segundo plano|discretamente)\b",),
    pretext=(
        (
            r"\b(?:seguridad|cumplimiento|auditoria|normativa|regulator\w+|verifica\w+|"
            r"autentica\w+|"
            r"mantenimiento|optimiza\w+|rendimiento|calidad|valida\w+|integridad|politica|"
            r"privacidad|"
            r"telemetria|diagnostico|registro|contexto|precision|coherencia|consistencia|requisito|"
            r"protocolo|mejora\w*|fiabilidad)\b"
        ),
    ),
    priority=(
        (
            r"\b(?:actualizacion|aviso|nota|alerta|protocolo|mensaje|instruccion|"
            r"directiva) (?:critic\w+ |importante |interna |urgente )?(?:del? |para (?:el |"
            r"la )?)?(?:sistema|seguridad|ia|agente|asistente|modelo|cumplimiento)\b"
        ),
        (
            r"\b(?:prioridad (?:maxima|absoluta)|tiene prioridad|prevalece sobre|anula (?:todas|"
            r"cualquier))\b"
        ),
    ),
    ignore=(
        (
            r"\b(?:ignora|ignore|olvida|olvide|descarta|omite|"
            r"haz caso omiso de) (?:\w+ ){0,3}?(?:instrucciones|reglas|ordenes|indicaciones|"
            r"restricciones|politicas)\b"
        ),
    ),
    disabled=(
        (
            r"\b(?:obsolet\w+|deshabilitad\w+|desactivad\w+|no disponible|en desuso|"
            r"fuera de servicio|descontinuad\w+|reemplazad\w+|suspendid\w+|vulnerable|retirad\w+)\b"
        ),
    ),
    outage=(
        (
            r"\b(?:mantenimiento|vulnerabilidad\w*|temporalmente|incidente|auditoria|"
            r"motivos de seguridad|brecha)\b"
        ),
    ),
    instead=(r"\b(?:en su lugar|en lugar de|en vez de|alternativ\w+|redirig\w+|sustitu\w+)\b",),
    regardless=(
        (
            r"\b(?:independientemente de|sin importar|aunque el usuario|pida lo que pida|"
            r"sea cual sea|ignora(?:ndo)? lo que|en lugar de lo que|haya (?:pedido|indicado|"
            r"solicitado) el usuario)\b"
        ),
    ),
    auto=(r"\b(?:automaticamente|siempre|por defecto)\b",),
    whenasked=(
        (
            r"\b(?:cuando (?:el |los |un )?usuarios? \w+|para (?:todas|cualquier|cada) |"
            r"todas las (?:solicitudes|consultas|busquedas|peticiones)|al usar)\b"
        ),
    ),
    secrets=(
        (
            r"\b(?:contrasenas?|credenciales?|claves? (?:de )?(?:api|privadas?|secretas?|ssh)|"
            r"claves?|secretos?|tokens?|datos (?:personales|privados|confidenciales)|"
            r"informacion confidencial|variables de entorno|cookies|tarjetas? de credito|api key)\b"
        ),
    ),
    context=(
        (
            r"\b(?:historial (?:de la |del )?(?:conversacion|chat)?|(?:toda )?la conversacion|"
            r"mensajes anteriores|prompt del sistema|instrucciones del sistema|"
            r"conversacion completa)\b"
        ),
    ),
    consent=(
        (
            r"\bsin (?:pedir|solicitar|preguntar|esperar|"
            r"requerir)\w* (?:\w+ ){0,3}?(?:confirmacion|"
            r"permiso|consentimiento|aprobacion|autorizacion|usuario|nada)\b"
        ),
        r"\bsin (?:la |el )?(?:confirmacion|permiso|consentimiento|aprobacion|autorizacion)\b",
        r"\bno (?:pidas|pida|preguntes|pregunte|solicites|esperes)\b",
        (
            r"\b(?:el |la )?usuari\w+ ya (?:lo )?(?:ha |habia )?(?:aprobado|autorizado|aceptado|"
            r"confirmado|consentido|dado)\b"
        ),
    ),
    harm=(
        (
            r"\b(?:borra\w*|elimin\w+|destruy\w+|desactiv\w+|transfi\w+|"
            r"transfer\w+) (?:\w+ ){0,3}?(?:tod[oa]s|base|tabla|repositorio|antivirus|firewall|"
            r"registro|fondos|dinero|copias?)\b"
        ),
    ),
    promo=(
        r"\b(?:promocional|oferta|alerta|aviso|anuncio|segun los analistas|descuento|brecha)\b",
    ),
    trigger=(
        (
            r"\bsi (?:el |la |los )?(?:\w+ ){0,3}?(?:contiene|incluye|menciona|es|tiene) (?:la |"
            r"el )?(?:\w+ ){0,2}?['\"“«]"
        ),
    ),
    boast=(
        (
            r"\b(?:la|el) mejor (?:herramienta|servidor|opcion) (?:del mundo|disponible|que existe|"
            r"del mercado)\b"
        ),
    ),
    praise=(
        (
            r"\b(?:version (?:premium|definitiva|profesional|avanzada)|lider (?:del|"
            r"en el) (?:sector|"
            r"mercado)|resultados superiores|mas (?:avanzad\w+|fiable|precis\w+|complet\w+) (?:del|"
            r"disponible))\b"
        ),
    ),
    chooseme=(
        (
            r"\b(?:usa|use|utiliza|utilice|elige|prefiere) siempre esta herramienta\b|"
            r"\bsiempre (?:usa|use|utiliza|elige) esta herramienta\b|"
            r"\besta herramienta (?:en lugar de|antes que) (?:cualquier|todas|las demas)\b"
        ),
    ),
    documented=(
        (
            r"\bpara (?:obtener|conseguir|conocer|listar|ver|encontrar|saber|buscar) (?:el |"
            r"la |los |"
            r"las |un |una |su )(?:\w+ ){0,3}?(?:id|ids|identificador\w*|nombres?|esquema|lista|"
            r"valores?|codigos?|ruta|parametros?)\b|\bsi no (?:sabes|conoces|se conoce|esta)\b"
        ),
    ),
    descriptive=(
        (
            r"\b(?:detecta\w*|por ejemplo|ejemplos?|ataques?|inyeccion\w*|analiza si|clasifica|"
            r"sospechos\w+)\b"
        ),
    ),
    confirm=(
        (
            r"\b(?:pregunta\w*|pide|pida|solicit\w+|confirm\w+) (?:\w+ ){0,3}?(?:al usuario|"
            r"confirmacion|permiso|con el usuario|aprobacion)\b"
        ),
    ),
)
