"""Two servers never share a name, whatever their entries are called."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from inventory.entries import entry, findings, installation
from ostiary.inventory.naming import names_of
from ostiary.inventory.servers import merge
from ostiary.model.client import ServerEntry

REMOTE = entry("github", url="https://api.githubcopilot.com/mcp/")
DOCKER = entry("github", "docker run -i ghcr.io/github/github-mcp-server:v1", client="windsurf")
NPX = entry("github", "npx @modelcontextprotocol/server-github@1.0.0", client="zed")
OTHER = entry("GitHub", "npx other-github@1.0.0", client="zed", file="/home/ada/other.json")


def names(*entries: ServerEntry) -> dict[str, str]:
    return {one.command: one.name for one in merge(entries)}


def test_the_most_used_keeps_the_plain_name_and_the_others_say_what_they_are() -> None:
    again = entry("github", "npx @modelcontextprotocol/server-github@1.0.0", client="cursor")
    found = sorted(names(REMOTE, DOCKER, NPX, again).values())
    assert found == ["github", "github (docker)", "github (remote)"]
    (plain,) = [one for one in merge((REMOTE, DOCKER, NPX, again)) if one.name == "github"]
    assert plain.launch.runner == "npx"
    assert all(one.entries[0].name == "github" for one in merge((REMOTE, DOCKER, NPX, again)))


def test_a_server_that_is_off_gives_the_name_up() -> None:
    off = entry("github", url="https://api.githubcopilot.com/mcp/", enabled=False)
    assert set(names(off, DOCKER).values()) == {"github", "github (remote)"}
    (plain,) = [one for one in merge((off, DOCKER)) if one.name == "github"]
    assert plain.launch.runner == "docker"


def test_where_the_runner_does_not_tell_the_package_does() -> None:
    found = sorted(names(NPX, OTHER).values(), key=str.casefold)
    assert len({one.casefold() for one in found}) == 2
    assert any("(" in one for one in found)


def test_without_any_word_the_key_tells() -> None:
    one = entry("local", "/opt/a/server --port 1")
    other = entry("local", "/opt/a/server --port 2", client="zed")
    found = merge((one, other))
    marked = [each for each in found if "#" in each.name]
    assert [each.name for each in marked] == [f"local #{marked[0].key[:4]}"]


def test_a_name_that_imitates_a_suffix_is_kept_apart() -> None:
    imitating = entry("github (remote)", "npx imitator@1.0.0")
    found = [one.name.casefold() for one in merge((REMOTE, DOCKER, NPX, imitating))]
    assert len(set(found)) == 4


def test_a_person_may_say_any_of_its_names() -> None:
    for one in merge((REMOTE, DOCKER)):
        assert {one.name, one.key, "github"} <= names_of(one)


def test_here_and_elsewhere_is_still_one_question() -> None:
    assert len(findings(installation(REMOTE, DOCKER), "local-and-remote")) == 1
    assert len(findings(installation(REMOTE, DOCKER), "same-name-different-command")) == 1


@given(
    st.lists(
        st.builds(
            entry,
            st.sampled_from(["a", "A", "b", "a (npx)", "a #1"]),
            st.sampled_from(["npx x@1.0.0", "npx y@1.0.0", "uvx z==1", "/opt/x", "/opt/y"]),
            client=st.sampled_from(["cursor", "zed"]),
            enabled=st.booleans(),
        ),
        max_size=8,
    ),
    st.randoms(),
)
def test_names_are_distinct_and_the_order_does_not_matter(
    entries: list[ServerEntry], chance: object
) -> None:
    found = merge(entries)
    assert len({one.name.casefold() for one in found}) == len(found)
    shuffled = list(entries)
    chance.shuffle(shuffled)  # type: ignore[attr-defined]
    assert [(one.key, one.name) for one in merge(shuffled)] == [
        (one.key, one.name) for one in found
    ]
