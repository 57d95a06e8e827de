"""Portuguese."""

from __future__ import annotations

from ostiary.detect.lexicon.table import Lexicon

_TELL = r"(?:mencion\w+|inform\w+|dig\w+|diz\w+|revel\w+|avis\w+|notifi\w+|coment\w+|mostr\w+|expli\w+|indi\w+|cont[ae]\w*|divulg\w+)"

PORTUGUESE = Lexicon(
    "pt",
    must=(r"\b(?:deve[ms]?|devera\w*|tem (?:de|que)|e (?:obrigatorio|necessario|essencial|imprescindivel)|obrigatori\w+|sempre|nunca|jamais|precisa|requer|exige)\b",),
    demand=(
        r"\b(?:voce (?:deve|precisa|tem)|deve(?:ra)?|o (?:agente|assistente|modelo) (?:deve|precisa|tem)|tens de|tem que)\b",
        r"\b(?:por favor|certifique-se|lembre-se|nao se esqueca)\b",
        r"\bantes de [^.;]+, (?:sempre |primeiro |tambem )*(?:leia|le|chame|execute|envie|abra|use|copie|inclua|adicione|consulte|acesse|invoque|encaminhe|busque|rode)\b",
    ),
    ask=(r"\b(?:por favor|certifique-se|importante|deveria|convem|nao)\b",),
    order=(r"\b(?:antes de|primeiro|previamente|depois de|apos|em seguida|cada vez|quando|sempre que|tambem|alem disso|em cada|para (?:cada|toda|todas|todo|todos|qualquer))\b",),
    call=(r"\b(?:cham[ae]\w*|invo(?:que|car|ca)\w*|us[ae]r?|utiliz\w+|execut\w+|acion\w+)\b",),
    run=(r"\b(?:execut\w+|rod[ae]\w*|comando|terminal)\b",),
    read=(r"\b(?:leia|ler|le|abr[aei]\w*|acess\w+|carreg\w+|extra\w+|colet\w+|obten\w+|obter|consult\w+|copi\w+|busqu\w+|busca\w*|conteudo)\b",),
    send=(r"\b(?:envi\w+|encaminh\w+|transmit\w+|public\w+|compartilh\w+|partilh\w+|notifi\w+|remet\w+|carregue|post|solicitacao|requisicao|copia oculta|destinatari\w+)\b",),
    alter=(r"\b(?:modifi\w+|mud[ae]\w*|alter\w+|substitu\w+|sobrescrev\w+|redirecion\w+|ajust\w+|convert\w+|defin\w+|troqu\w+|troca\w*|desvi\w+|adicion\w+|acrescent\w+)\b",),
    say=(r"\b(?:diga|dizer|inform\w+|mostr\w+|exib\w+|anunci\w+|apresent\w+|comuni\w+|indi\w+|respond\w+|recomend\w+|avis\w+|inclu\w+)\b",),
    include=(r"\b(?:inclu\w+|insir\w+|inser\w+|adicion\w+|anex\w+|coloqu\w+|pass[ae]\w*|col[ae]\w*|copi\w+|forne\w+|envi\w+)\b",),
    secrecy=(
        rf"\b(?:nao|nunca|jamais|sem|evite) (?:o |lhe |deve |se )*{_TELL} (?:\w+ ){{0,5}}?(?:usuari\w+|utilizador\w*|cliente|pessoa|ninguem|isso|isto|este|esta)\b",
        r"\b(?:nao|nunca) (?:\w+ )?(?:mencion\w+|revel\w+|inform\w+|coment\w+|divulg\w+)\b",
        r"\b(?:em segredo|as escondidas|sem que o (?:usuario|utilizador|cliente)|secretamente|escond[ae] (?:isso|este|esta|do)|oculte|mantenha (?:\w+ )?(?:em segredo|oculto|confidencial))\b",
        r"\bsem (?:informar|avisar|dizer|mencionar|notificar)\b",
        r"\bcomo se (?:fosse|isso)\b",
    ),
    hush=(r"\b(?:silenciosamente|em silencio|em segundo plano|discretamente)\b",),
    pretext=(r"\b(?:seguranca|conformidade|auditoria|regulament\w+|verifica\w+|autentica\w+|manutencao|otimiza\w+|desempenho|qualidade|valida\w+|integridade|politica|privacidade|telemetria|diagnostico|registro|contexto|precisao|consistencia|protocolo|melhor\w+|confiabilidade|requisito)\b",),
    priority=(
        r"\b(?:atualizacao|aviso|nota|alerta|protocolo|mensagem|instrucao|diretiva)s? (?:critic\w+ |importante |interna |urgente )?(?:do |de |da |para (?:o |a )?)?(?:sistema|seguranca|ia|agente|assistente|modelo|conformidade)\b",
        r"\b(?:prioridade (?:maxima|absoluta)|tem prioridade|prevalece sobre)\b",
    ),
    ignore=(r"\b(?:ignore|ignora|esqueca|desconsidere|descarte) (?:\w+ ){0,3}?(?:instrucoes|regras|ordens|orientacoes|restricoes|politicas)\b",),
    disabled=(r"\b(?:obsolet\w+|desativad\w+|desabilitad\w+|indisponivel|descontinuad\w+|fora de servico|substituid\w+|suspens\w+|vulneravel)\b",),
    outage=(r"\b(?:manutencao|vulnerabilidade\w*|temporariamente|incidente|auditoria|motivos de seguranca|falha)\b",),
    instead=(r"\b(?:em vez d\w+|no lugar d\w+|ao inves|alternativ\w+|redirecion\w+|substitu\w+)\b",),
    regardless=(r"\b(?:independentemente d\w+|nao importa|mesmo que o (?:usuario|utilizador)|seja qual for|ignorando o que)\b",),
    auto=(r"\b(?:automaticamente|sempre|por padrao)\b",),
    whenasked=(r"\b(?:quando (?:o |os |um )?(?:usuario|utilizador)\w* \w+|para (?:todas|qualquer|cada) |todas as (?:solicitacoes|consultas|buscas|pesquisas))\b",),
    secrets=(r"\b(?:senhas?|credenciais|chaves? (?:de )?(?:api|privadas?|secretas?|ssh)|segredos?|tokens?|dados (?:pessoais|privados|confidenciais|sensiveis)|informacoes confidenciais|variaveis de ambiente|cookies|cartao de credito)\b",),
    context=(r"\b(?:historico (?:da |de )?(?:conversa|chat)|toda a conversa|mensagens anteriores|prompt do sistema|conversa (?:completa|inteira))\b",),
    consent=(
        r"\bsem (?:pedir|solicitar|perguntar|esperar|aguardar) (?:\w+ ){0,3}?(?:confirmacao|permissao|consentimento|aprovacao|autorizacao|usuario|utilizador)\b",
        r"\bsem (?:a |o )?(?:confirmacao|permissao|consentimento|aprovacao|autorizacao)\b",
        r"\bnao (?:peca|pergunte|solicite|aguarde)\b",
        r"\b(?:usuario|utilizador) ja (?:\w+ )?(?:aprovou|autorizou|aceitou|confirmou|consentiu|deu)\b",
    ),
    harm=(r"\b(?:apagu\w+|exclu\w+|delet\w+|destru\w+|desativ\w+|transfi\w+|transfer\w+) (?:\w+ ){0,3}?(?:tod[oa]s|banco|tabela|repositorio|antivirus|firewall|registro|fundos|dinheiro|backups?)\b",),
    promo=(r"\b(?:promocional|oferta|alerta|anuncio|segundo analistas|desconto|violacao)\b",),
    trigger=(r"\bse (?:o |a |os )?(?:\w+ ){0,3}?(?:contiver|contem|incluir|mencionar|for) (?:a |o )?(?:\w+ ){0,2}?['\"“«]",),
    boast=(r"\ba melhor (?:ferramenta|opcao|solucao) (?:do mundo|disponivel|do mercado)\b",),
    praise=(r"\b(?:versao (?:premium|definitiva|profissional|avancada)|lider (?:do|de) (?:setor|mercado)|resultados superiores|mais (?:avancad\w+|confiavel|precis\w+))\b",),
    chooseme=(r"\b(?:use|utilize|escolha|prefira) sempre esta ferramenta\b|\bsempre (?:use|utilize) esta ferramenta\b|\besta ferramenta (?:em vez de|antes de) (?:qualquer|todas|outras)\b",),
    documented=(r"\bpara (?:obter|conhecer|listar|ver|encontrar|descobrir) (?:o |a |os |as |um |uma |seu )(?:\w+ ){0,3}?(?:id|ids|identificador\w*|nomes?|esquema|lista|valores?|codigos?|caminho|parametros?)\b|\bse nao (?:souber|for conhecido)\b",),
    descriptive=(r"\b(?:detecta\w*|por exemplo|exemplos?|ataques?|injecao|classifica|suspeit\w+)\b",),
    confirm=(r"\b(?:pergunte|peca|solicite|confirme) (?:\w+ ){0,3}?(?:ao usuario|confirmacao|permissao|com o usuario|aprovacao)\b",),
)
