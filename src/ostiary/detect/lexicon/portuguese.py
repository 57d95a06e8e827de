"""Portuguese."""

from __future__ import annotations

from ostiary.detect.lexicon.table import Lexicon

_TELL = (
    r"(?:mencion\w+|inform\w+|dig\w+|diz\w+|revel\w+|avis\w+|notifi\w+|coment\w+|mostr\w+|"
    r"expli\w+|indi\w+|cont[ae]\w*|divulg\w+)"
)

PORTUGUESE = Lexicon(
    "pt",
    must=(
        (
            r"\b(?:deve[ms]?|devera\w*|tem (?:de|que)|e (?:obrigatorio|necessario|essencial|"
            r"imprescindivel)|obrigatori\w+|sempre|nunca|jamais|precisa|requer|exige)\b"
        ),
    ),
    demand=(
        (
            r"\b(?:voce (?:deve|precisa|tem)|deve(?:ra)?|o (?:agente|assistente|modelo) (?:deve|"
            r"precisa|tem)|tens de|tem que)\b"
        ),
        r"\b(?:por favor|certifique-se|lembre-se|nao se esqueca)\b",
        (
            r"\bantes de [^.;]+, (?:sempre |primeiro |tambem )*(?:leia|le|chame|execute|envie|abra|"
            r"use|copie|inclua|adicione|consulte|acesse|invoque|encaminhe|busque|rode)\b"
        ),
    ),
    ask=(r"\b(?:por favor|certifique-se|importante|deveria|convem|nao)\b",),
    order=(
        (
            r"\b(?:antes de|primeiro|previamente|depois de|apos|em seguida|cada vez|quando|"
            r"sempre que|tambem|alem disso|em cada|para (?:cada|toda|todas|todo|todos|qualquer))\b"
        ),
    ),
    call=(r"\b(?:cham[ae]\w*|invo(?:que|car|ca)\w*|us[ae]r?|utiliz\w+|execut\w+|acion\w+)\b",),
    run=(r"\b(?:execut\w+|rod[ae]\w*|comando|terminal)\b",),
    read=(
        (
            r"\b(?:leia|ler|le|abr[aei]\w*|acess\w+|carreg\w+|extra\w+|colet\w+|obten\w+|obter|"
            r"consult\w+|copi\w+|busqu\w+|busca\w*|conteudo)\b"
        ),
    ),
    send=(
        (
            r"\b(?:envi\w+|encaminh\w+|transmit\w+|public\w+|compartilh\w+|partilh\w+|notifi\w+|"
            r"remet\w+|carregue|post|solicitacao|requisicao|copia oculta|destinatari\w+)\b"
        ),
    ),
    alter=(
        (
            r"\b(?:modifi\w+|mud[ae]\w*|alter\w+|substitu\w+|sobrescrev\w+|redirecion\w+|ajust\w+|"
            r"convert\w+|defin\w+|troqu\w+|troca\w*|desvi\w+|adicion\w+|acrescent\w+)\b"
        ),
    ),
    say=(
        (
            r"\b(?:diga|dizer|inform\w+|mostr\w+|exib\w+|anunci\w+|apresent\w+|comuni\w+|indi\w+|"
            r"respond\w+|recomend\w+|avis\w+|inclu\w+)\b"
        ),
    ),
    include=(
        (
            r"\b(?:inclu\w+|insir\w+|inser\w+|adicion\w+|anex\w+|coloqu\w+|pass[ae]\w*|col[ae]\w*|"
            r"copi\w+|forne\w+|envi\w+)\b"
        ),
    ),
    secrecy=(
        (
            r"\b(?:nao|nunca|jamais|sem|evite) (?:o |lhe |deve |"
            rf"se )*{_TELL} (?:\w+ ){{0,5}}?(?:usuari\w+|utilizador\w*|cliente|pessoa|ninguem|isso|"
            r"isto|este|esta)\b"
        ),
        r"\b(?:nao|nunca) (?:\w+ )?(?:mencion\w+|revel\w+|inform\w+|coment\w+|divulg\w+)\b",
        (
            r"\b(?:em segredo|as escondidas|sem que o (?:usuario|utilizador|cliente)|secretamente|"
            r"escond[ae] (?:isso|este|esta|do)|oculte|mantenha (?:\w+ )?(?:em segredo|oculto|"
            r"confidencial))\b"
        ),
        r"\bsem (?:informar|avisar|dizer|mencionar|notificar)\b",
        r"\bcomo se (?:fosse|isso)\b",
    ),
    hush=(r"\b(?:silenciosamente|em silencio|em segundo plano|discretamente)\b",),
    pretext=(
        (
            r"\b(?:seguranca|conformidade|auditoria|regulament\w+|verifica\w+|autentica\w+|"
            r"manutencao|otimiza\w+|desempenho|qualidade|valida\w+|integridade|politica|"
            r"privacidade|"
            r"telemetria|diagnostico|registro|contexto|precisao|consistencia|protocolo|melhor\w+|"
            r"confiabilidade|requisito)\b"
        ),
    ),
    priority=(
        (
            r"\b(?:atualizacao|aviso|nota|alerta|protocolo|mensagem|instrucao|"
            r"diretiva)s? (?:critic\w+ |importante |interna |urgente )?(?:do |de |da |para (?:o |"
            r"a )?)?(?:sistema|seguranca|ia|agente|assistente|modelo|conformidade)\b"
        ),
        r"\b(?:prioridade (?:maxima|absoluta)|tem prioridade|prevalece sobre)\b",
    ),
    ignore=(
        (
            r"\b(?:ignore|ignora|esqueca|desconsidere|descarte) (?:\w+ ){0,3}?(?:instrucoes|regras|"
            r"ordens|orientacoes|restricoes|politicas)\b"
        ),
    ),
    disabled=(
        (
            r"\b(?:obsolet\w+|desativad\w+|desabilitad\w+|indisponivel|descontinuad\w+|"
            r"fora de servico|substituid\w+|suspens\w+|vulneravel)\b"
        ),
    ),
    outage=(
        (
            r"\b(?:manutencao|vulnerabilidade\w*|temporariamente|incidente|auditoria|"
            r"motivos de seguranca|falha)\b"
        ),
    ),
    instead=(
        r"\b(?:em vez d\w+|no lugar d\w+|ao inves|alternativ\w+|redirecion\w+|substitu\w+)\b",
    ),
    regardless=(
        (
            r"\b(?:independentemente d\w+|nao importa|mesmo que o (?:usuario|utilizador)|"
            r"seja qual for|ignorando o que)\b"
        ),
    ),
    auto=(r"\b(?:automaticamente|sempre|por padrao)\b",),
    whenasked=(
        (
            r"\b(?:quando (?:o |os |um )?(?:usuario|utilizador)\w* \w+|para (?:todas|"
            r"qualquer|cada) |"
            r"todas as (?:solicitacoes|consultas|buscas|pesquisas))\b"
        ),
    ),
    secrets=(
        (
            r"\b(?:senhas?|credenciais|chaves? (?:de )?(?:api|privadas?|secretas?|ssh)|segredos?|"
            r"tokens?|dados (?:pessoais|privados|confidenciais|sensiveis)|"
            r"informacoes confidenciais|"
            r"variaveis de ambiente|cookies|cartao de credito)\b"
        ),
    ),
    context=(
        (
            r"\b(?:historico (?:da |de )?(?:conversa|chat)|toda a conversa|mensagens anteriores|"
            r"prompt do sistema|conversa (?:completa|inteira))\b"
        ),
    ),
    consent=(
        (
            r"\bsem (?:pedir|solicitar|perguntar|esperar|aguardar) (?:\w+ ){0,3}?(?:confirmacao|"
            r"permissao|consentimento|aprovacao|autorizacao|usuario|utilizador)\b"
        ),
        r"\bsem (?:a |o )?(?:confirmacao|permissao|consentimento|aprovacao|autorizacao)\b",
        r"\bnao (?:peca|pergunte|solicite|aguarde)\b",
        (
            r"\b(?:usuario|utilizador) ja (?:\w+ )?(?:aprovou|autorizou|aceitou|confirmou|"
            r"consentiu|"
            r"deu)\b"
        ),
    ),
    harm=(
        (
            r"\b(?:apagu\w+|exclu\w+|delet\w+|destru\w+|desativ\w+|transfi\w+|"
            r"transfer\w+) (?:\w+ ){0,3}?(?:tod[oa]s|banco|tabela|repositorio|antivirus|firewall|"
            r"registro|fundos|dinheiro|backups?)\b"
        ),
    ),
    promo=(r"\b(?:promocional|oferta|alerta|anuncio|segundo analistas|desconto|violacao)\b",),
    trigger=(
        (
            r"\bse (?:o |a |os )?(?:\w+ ){0,3}?(?:contiver|contem|incluir|mencionar|for) (?:a |"
            r"o )?(?:\w+ ){0,2}?['\"“«]"
        ),
    ),
    boast=(r"\ba melhor (?:ferramenta|opcao|solucao) (?:do mundo|disponivel|do mercado)\b",),
    praise=(
        (
            r"\b(?:versao (?:premium|definitiva|profissional|avancada)|lider (?:do|de) (?:setor|"
            r"mercado)|resultados superiores|mais (?:avancad\w+|confiavel|precis\w+))\b"
        ),
    ),
    chooseme=(
        (
            r"\b(?:use|utilize|escolha|prefira) sempre esta ferramenta\b|\bsempre (?:use|"
            r"utilize) esta ferramenta\b|\besta ferramenta (?:em vez de|"
            r"antes de) (?:qualquer|todas|"
            r"outras)\b"
        ),
    ),
    documented=(
        (
            r"\bpara (?:obter|conhecer|listar|ver|encontrar|descobrir) (?:o |a |os |as |um |uma |"
            r"seu )(?:\w+ ){0,3}?(?:id|ids|identificador\w*|nomes?|esquema|lista|valores?|codigos?|"
            r"caminho|parametros?)\b|\bse nao (?:souber|for conhecido)\b"
        ),
    ),
    descriptive=(
        r"\b(?:detecta\w*|por exemplo|exemplos?|ataques?|injecao|classifica|suspeit\w+)\b",
    ),
    confirm=(
        (
            r"\b(?:pergunte|peca|solicite|confirme) (?:\w+ ){0,3}?(?:ao usuario|confirmacao|"
            r"permissao|com o usuario|aprovacao)\b"
        ),
    ),
)
