"""The same few verbs in other languages: infinitives and the third person."""

from __future__ import annotations

from ostiary.model.access import Level

_WORDS: dict[str, dict[Level, str]] = {
    "es": {
        Level.READ: "obtener obtiene leer lee buscar busca consultar consulta listar lista mostrar",
        Level.WRITE: "crear crea escribir escribe actualizar actualiza modificar modifica guardar",
        Level.DESTROY: "eliminar elimina borrar borra suprimir",
        Level.EXECUTE: "ejecutar ejecuta",
        Level.SEND: "enviar envía envia publicar publica",
        Level.SPEND: "pagar paga comprar compra",
    },
    "fr": {
        Level.READ: "obtenir obtient lire lit rechercher recherche récupérer récupère afficher",
        Level.WRITE: "créer crée écrire écrit modifier modifie ajouter ajoute enregistrer",
        Level.DESTROY: "supprimer supprime effacer efface",
        Level.EXECUTE: "exécuter exécute",
        Level.SEND: "envoyer envoie publier publie",
        Level.SPEND: "payer paie acheter achète",
    },
    "de": {
        Level.READ: "lesen liest suchen sucht abrufen ruft anzeigen zeigt auflisten listet",
        Level.WRITE: "erstellen erstellt schreiben schreibt ändern ändert speichern speichert",
        Level.DESTROY: "löschen löscht entfernen entfernt",
        Level.EXECUTE: "ausführen führt",
        Level.SEND: "senden sendet schicken schickt veröffentlichen",
        Level.SPEND: "bezahlen bezahlt kaufen kauft",
    },
    "pt": {
        Level.READ: "obter obtém ler lê pesquisar pesquisa exibir",
        Level.WRITE: "criar cria escrever escreve atualizar atualiza adicionar adiciona salvar",
        Level.DESTROY: "excluir exclui apagar apaga remover",
        Level.EXECUTE: "executar",
        Level.SEND: "enviar",
        Level.SPEND: "comprar",
    },
    "ru": {
        Level.READ: "получить получает прочитать читает найти ищет искать показать",
        Level.WRITE: "создать создаёт создает записать записывает обновить изменить добавить",
        Level.DESTROY: "удалить удаляет стереть",
        Level.EXECUTE: "выполнить выполняет запустить запускает",
        Level.SEND: "отправить отправляет опубликовать",
        Level.SPEND: "оплатить купить",
    },
}

FOREIGN: dict[str, tuple[Level, str]] = {
    word: (level, language)
    for language, levels in _WORDS.items()
    for level, words in levels.items()
    for word in words.split()
}
"""Word to its level and its language."""

CJK: tuple[tuple[str, Level], ...] = (
    ("删除", Level.DESTROY),
    ("刪除", Level.DESTROY),
    ("移除", Level.DESTROY),
    ("清空", Level.DESTROY),
    ("削除", Level.DESTROY),
    ("消去", Level.DESTROY),
    ("执行", Level.EXECUTE),
    ("執行", Level.EXECUTE),
    ("运行", Level.EXECUTE),
    ("実行", Level.EXECUTE),
    ("发送", Level.SEND),
    ("發送", Level.SEND),
    ("发布", Level.SEND),
    ("送信", Level.SEND),
    ("投稿", Level.SEND),
    ("支付", Level.SPEND),
    ("付款", Level.SPEND),
    ("购买", Level.SPEND),
    ("購入", Level.SPEND),
    ("授权", Level.ADMINISTER),
    ("创建", Level.WRITE),
    ("建立", Level.WRITE),
    ("写入", Level.WRITE),
    ("修改", Level.WRITE),
    ("更新", Level.WRITE),
    ("添加", Level.WRITE),
    ("保存", Level.WRITE),
    ("作成", Level.WRITE),
    ("編集", Level.WRITE),
    ("追加", Level.WRITE),
    ("获取", Level.READ),
    ("查询", Level.READ),
    ("搜索", Level.READ),
    ("读取", Level.READ),
    ("取得", Level.READ),
    ("検索", Level.READ),
    ("返回", Level.READ),
    ("读", Level.READ),
)
"""Chinese and Japanese verbs, looked for at the start of a text, which has no word breaks."""
