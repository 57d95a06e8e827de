"""Files, shells, version control and memory on the user's own machine."""

from __future__ import annotations

from ostiary.flow.known.record import Known, does
from ostiary.model.access import DataClass, Level

KNOWN: tuple[Known, ...] = (
    Known(
        (
            "npm:@modelcontextprotocol/server-filesystem",
            "oci:mcp/filesystem",
            "npm:@cyanheads/filesystem-mcp-server",
            "npm:@shtse8/filesystem-mcp",
        ),
        "file system",
        (
            does(
                "read_file read_text_file read_media_file read_multiple_files",
                Level.READ,
                "file",
                DataClass.FILES,
                "P",
            ),
            does(
                "list_directory list_directory_with_sizes directory_tree search_files "
                "get_file_info list_allowed_directories",
                Level.READ,
                "directory",
                DataClass.FILES,
                "p",
            ),
            does("write_file edit_file", Level.WRITE, "file", DataClass.FILES, "F"),
            does("create_directory move_file", Level.WRITE, "file", DataClass.FILES),
        ),
    ),
    Known(
        ("npm:@wonderwhy-er/desktop-commander", "oci:mcp/desktop-commander"),
        "code runner",
        (
            does("start_process interact_with_process", Level.EXECUTE, "command", None, "Po"),
            does("read_file read_multiple_files", Level.READ, "file", DataClass.FILES, "PU"),
            does(
                "list_directory start_search get_file_info list_processes read_process_output",
                Level.READ,
                "file",
                DataClass.FILES,
                "P",
            ),
            does("write_file edit_block", Level.WRITE, "file", DataClass.FILES, "F"),
            does("create_directory move_file", Level.WRITE, "file", DataClass.FILES),
            does("set_config_value", Level.ADMINISTER, "its own limits"),
            does("kill_process force_terminate", Level.DESTROY, "process"),
        ),
    ),
    Known(
        (
            "npm:mcp-server-commands",
            "pypi:mcp-shell-server",
            "pypi:cli-mcp-server",
            "npm:super-shell-mcp",
        ),
        "code runner",
        (does("(command tools)", Level.EXECUTE, "command", DataClass.FILES, "Po"),),
    ),
    Known(
        (
            "pypi:mcp-run-python",
            "npm:@pydantic/mcp-run-python",
            "jsr:@pydantic/mcp-run-python",
            "npm:@e2b/mcp-server",
            "pypi:e2b-mcp-server",
        ),
        "code runner",
        (does("(code tools)", Level.EXECUTE, "code in a sandbox", None, "o"),),
    ),
    Known(
        ("pypi:jupyter-mcp-server", "npm:mcp-server-code-runner"),
        "code runner",
        (
            does("(code tools)", Level.EXECUTE, "code", DataClass.FILES, "Po"),
            does("(notebook tools)", Level.WRITE, "document", DataClass.FILES, "p"),
        ),
    ),
    Known(
        ("pypi:mcp-server-git", "oci:mcp/git", "npm:@cyanheads/git-mcp-server"),
        "file system",
        (
            does(
                "git_status git_diff_unstaged git_diff_staged git_diff git_log git_show git_branch",
                Level.READ,
                "repository",
                DataClass.SOURCE_CODE,
                "pu",
            ),
            does(
                "git_add git_commit git_create_branch git_checkout",
                Level.WRITE,
                "repository",
                DataClass.SOURCE_CODE,
            ),
            does("git_reset", Level.WRITE, "repository", DataClass.SOURCE_CODE),
        ),
    ),
    Known(
        ("pypi:serena-agent", "pypi:serena", "npm:@jetbrains/mcp-proxy", "oci:mcp/jetbrains"),
        "code runner",
        (
            does("(reading tools)", Level.READ, "repository", DataClass.SOURCE_CODE, "Pu"),
            does("(editing tools)", Level.WRITE, "repository", DataClass.SOURCE_CODE, "f"),
            does("(command tools)", Level.EXECUTE, "command", None, "o"),
        ),
    ),
    Known(
        ("npm:@modelcontextprotocol/server-memory", "oci:mcp/memory"),
        "stateful",
        (
            does(
                "read_graph search_nodes open_nodes", Level.READ, "memory", DataClass.MEMORY, "pu"
            ),
            does(
                "create_entities create_relations add_observations",
                Level.WRITE,
                "memory",
                DataClass.MEMORY,
            ),
            does(
                "delete_entities delete_observations delete_relations",
                Level.DESTROY,
                "memory",
                DataClass.MEMORY,
            ),
        ),
    ),
    Known(
        ("pypi:basic-memory", "pypi:mem0-mcp-server", "url:mcp.mem0.ai", "pypi:mcp-neo4j-memory"),
        "stateful",
        (
            does("(recall tools)", Level.READ, "memory", DataClass.MEMORY, "Pu"),
            does("(remember tools)", Level.WRITE, "memory", DataClass.MEMORY),
            does("(forget tools)", Level.DESTROY, "memory", DataClass.MEMORY),
        ),
    ),
    Known(
        (
            "npm:@modelcontextprotocol/server-sequential-thinking",
            "oci:mcp/sequentialthinking",
        ),
        "stateful",
        (does("sequentialthinking", Level.READ, "its own thoughts"),),
    ),
    Known(
        ("npm:@modelcontextprotocol/server-everything", "oci:mcp/everything"),
        "stateful",
        (
            does(
                "echo add get-sum trigger-long-running-operation get-tiny-image",
                Level.READ,
                "test data",
                DataClass.PUBLIC,
            ),
            does("printEnv get-env", Level.READ, "environment", DataClass.CREDENTIALS, "P"),
            does("sampleLLM trigger-sampling-request", Level.SEND, "the client's model"),
        ),
        "a test server: it prints its environment, credentials included",
    ),
    Known(
        ("pypi:mcp-server-time", "oci:mcp/time"),
        "API wrapper",
        (does("get_current_time convert_time", Level.READ, "time", DataClass.PUBLIC),),
    ),
    Known(
        ("npm:mcp-obsidian", "pypi:mcp-obsidian", "npm:obsidian-mcp", "oci:mcp/obsidian"),
        "file system",
        (
            does("(reading tools)", Level.READ, "note", DataClass.PERSONAL, "Pu"),
            does("(writing tools)", Level.WRITE, "note", DataClass.PERSONAL),
            does("(deleting tools)", Level.DESTROY, "note", DataClass.PERSONAL),
        ),
    ),
    Known(
        ("pypi:office-word-mcp-server", "pypi:excel-mcp-server", "npm:@negokaz/excel-mcp-server"),
        "file system",
        (
            does("(reading tools)", Level.READ, "document", DataClass.FILES, "Pu"),
            does("(writing tools)", Level.WRITE, "document", DataClass.FILES),
        ),
    ),
    Known(
        ("pypi:markitdown-mcp", "oci:mcp/markitdown"),
        "file system",
        (does("convert_to_markdown", Level.READ, "file or web page", DataClass.FILES, "PUO"),),
        "takes file: and http: addresses alike",
    ),
    Known(
        ("npm:@peakmojo/applescript-mcp", "npm:@steipete/macos-automator-mcp"),
        "code runner",
        (does("(script tools)", Level.EXECUTE, "AppleScript", DataClass.FILES, "Po"),),
    ),
    Known(
        ("pypi:blender-mcp",),
        "code runner",
        (
            does("execute_blender_code", Level.EXECUTE, "code", DataClass.FILES, "Po"),
            does("(scene tools)", Level.WRITE, "scene"),
        ),
    ),
    Known(
        ("pypi:mcp-pandoc", "npm:mcp-pandoc"),
        "file system",
        (does("convert-contents", Level.WRITE, "document", DataClass.FILES, "p"),),
    ),
)
"""Servers that work on the machine they run on."""
