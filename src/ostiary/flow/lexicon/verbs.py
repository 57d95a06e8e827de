"""What a verb in a tool's name or description says it does."""

from __future__ import annotations

from dataclasses import dataclass

from ostiary.flow.lexicon import wordset
from ostiary.flow.lexicon.foreign import FOREIGN
from ostiary.model.access import Level


@dataclass(frozen=True, slots=True)
class Verb:
    """A verb and the level it speaks for; ``level`` is ``None`` for one that says nothing."""

    word: str
    level: Level | None
    sure: bool
    """False where tool names use the same word as a noun: ``post``, ``run``, ``order``."""
    weak: bool = False
    """True where the verb alone is thin evidence: ``generate``, ``open``, ``submit``."""


_SURE: dict[Level, str] = {
    Level.READ: """get list read search find fetch describe show view retrieve lookup look browse
        inspect analyze analyse summarize summarise compare validate explain calculate compute
        estimate explore discover extract parse monitor detect diagnose suggest recommend poll wait
        autocomplete geocode ask recall identify screenshot transcribe observe examine audit
        measure decode encode diff grep whoami tail ls cat check count verify return gather
        enumerate navigate hover snapshot scrape crawl display introspect
        troubleshoot classify preview visualize visualise obtain determine collect assess think
        sample scroll is has peek predict forecast calculate infer""",
    Level.WRITE: """create add insert update edit modify write set put append prepend save store
        upsert change replace rename move copy enable disable configure register import upload fill
        click press type drag toggle assign attach resize fork restore start stop restart pause
        resume cancel reopen duplicate clone sync complete finish reject accept dismiss provision
        scale populate protect unprotect remember annotate draw activate deactivate incr increment
        decr decrement unassign untag star unstar connect switch customize customise initialize
        initialise make ingest upgrade downgrade attach detach merge unmerge schedule approve
        deploy rewrite extend enqueue bookmark follow unfollow mute unmute pin unpin lock unlock
        subscribe unsubscribe like unlike react rate flag close archive unarchive adjust resave
        mark trigger invoke launch rollback revert amend rebase setup install touch mkdir
        chmod vacuum compact reindex vacuum compact reindex vote upvote downvote""",
    Level.DESTROY: """delete remove drop destroy purge erase wipe truncate kill terminate uninstall
        del rm rmdir trash unpublish expunge prune evict decommission deregister unregister discard
        overwrite forget flush cleanup""",
    Level.EXECUTE: "execute exec eval spawn",
    Level.SEND: "send tweet publish broadcast notify reply transmit announce retweet",
    Level.SPEND: "pay purchase buy refund withdraw donate",
    Level.ADMINISTER: """grant revoke authorize authorise impersonate elevate ban unban kick suspend
        unsuspend deprovision rotate regenerate invite""",
}

_NOUNISH: dict[Level, str] = {
    Level.READ: """query test scan trace match answer track review report export download access
        profile convert translate current filter sort map""",
    Level.WRITE: """patch record log tag label link format commit push build clear reset empty book
        reserve label branch stage index backup compose draft note migrate move cap apply end
        compile load cache call resolve transition""",
    Level.DESTROY: "clean reap",
    Level.EXECUTE: "run evaluate shell bash repl interact",
    Level.SEND: "post email mail message comment share sms dm respond forward",
    Level.SPEND: "charge order transfer trade swap stake bid deposit payout",
    Level.ADMINISTER: "promote demote",
}

_WEAK = wordset(
    """generate open render process submit handle manage perform use apply close start stop
        connect switch complete trigger invoke launch open wait move sync track load format
        convert translate call build test mark install deploy share report access clear reset
        end resolve map clean cap provision current sort filter import"""
)
"""Verbs that alone carry only MEDIUM confidence."""

_VAGUE = "manage handle process perform use do try confirm request generate render open submit"
"""Verbs after which the next verb counts."""


def _table() -> dict[str, Verb]:
    found: dict[str, Verb] = {}
    for words, sure in ((_NOUNISH, False), (_SURE, True)):
        for level, text in words.items():
            for word in text.split():
                found[word] = Verb(word, level, sure, word in _WEAK)
    for word in _VAGUE.split():
        found[word] = Verb(word, None, True, True)
    return found


VERBS: dict[str, Verb] = _table()
"""Base form to verb. Used for tokens of names, where only base forms are verbs."""


def _third(word: str) -> str:
    if word.endswith("y") and word[-2:-1] not in "aeiou":
        return word[:-1] + "ies"
    return word + ("es" if word.endswith(("s", "x", "z", "ch", "sh")) else "s")


def _ing(word: str) -> str:
    return (word[:-1] if word.endswith("e") and not word.endswith("ee") else word) + "ing"


def _heads() -> dict[str, tuple[Verb, str]]:
    found: dict[str, tuple[Verb, str]] = {}
    for word, (level, language) in FOREIGN.items():
        found[word] = (Verb(word, level, True), language)
    for word, verb in VERBS.items():
        found[_ing(word)] = (verb, "ing")
        found[_third(word)] = (verb, "third")
    for word, verb in VERBS.items():
        found[word] = (verb, "base")
    found["deletion"] = (VERBS["delete"], "ing")
    found["execution"] = (VERBS["execute"], "ing")
    found["running"] = (VERBS["run"], "ing")
    found["setting"] = (VERBS["set"], "ing")
    found["putting"] = (VERBS["put"], "ing")
    return found


HEADS: dict[str, tuple[Verb, str]] = _heads()
"""Any form a description may use, to its verb and its form."""

HTTP_METHODS = {
    "get": Level.READ,
    "head": Level.READ,
    "post": Level.SEND,
    "put": Level.SEND,
    "patch": Level.SEND,
    "delete": Level.DESTROY,
}
"""What an HTTP method allows when the caller may choose it."""
