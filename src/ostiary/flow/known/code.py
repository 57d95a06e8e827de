"""Code hosting, trackers and what watches running software: outsiders write issues and reports."""

from __future__ import annotations

from ostiary.flow.known.record import Known, Power, does
from ostiary.model.access import DataClass, Level

_GITHUB: tuple[Power, ...] = (
    does(
        "get_file_contents search_code list_commits get_commit list_branches search_repositories",
        Level.READ,
        "repository",
        DataClass.SOURCE_CODE,
        "Pu",
    ),
    does(
        "issue_read get_issue list_issues search_issues pull_request_read list_pull_requests "
        "search_pull_requests",
        Level.READ,
        "issue",
        DataClass.MESSAGES,
        "Up",
    ),
    does(
        "create_or_update_file push_files create_branch update_pull_request",
        Level.WRITE,
        "repository",
        DataClass.SOURCE_CODE,
        "O",
    ),
    does(
        "issue_write create_issue add_issue_comment create_pull_request "
        "pull_request_review_write create_gist",
        Level.SEND,
        "issue",
        DataClass.MESSAGES,
        "O",
    ),
    does("merge_pull_request", Level.WRITE, "repository", DataClass.SOURCE_CODE),
    does(
        "create_repository fork_repository", Level.WRITE, "repository", DataClass.SOURCE_CODE, "o"
    ),
    does("delete_file", Level.DESTROY, "repository", DataClass.SOURCE_CODE),
)

KNOWN: tuple[Known, ...] = (
    Known(
        (
            "url:api.githubcopilot.com",
            "oci:ghcr.io/github/github-mcp-server",
            "oci:mcp/github-mcp-server",
            "npm:@modelcontextprotocol/server-github",
            "oci:mcp/github",
            "npm:@missionsquad/mcp-github",
        ),
        "API wrapper",
        _GITHUB,
    ),
    Known(
        (
            "npm:@modelcontextprotocol/server-gitlab",
            "oci:mcp/gitlab",
            "npm:@zereight/mcp-gitlab",
            "npm:@yoda.digital/gitlab-mcp-server",
            "url:gitlab.com",
            "npm:@atlassian-dc-mcp/bitbucket",
            "npm:@aashari/mcp-server-atlassian-bitbucket",
            "npm:@azure-devops/mcp",
        ),
        "API wrapper",
        (
            does(
                "(repository reading tools)", Level.READ, "repository", DataClass.SOURCE_CODE, "Pu"
            ),
            does("(issue reading tools)", Level.READ, "issue", DataClass.MESSAGES, "Up"),
            does(
                "(repository writing tools)", Level.WRITE, "repository", DataClass.SOURCE_CODE, "o"
            ),
            does("(issue writing tools)", Level.SEND, "issue", DataClass.MESSAGES, "O"),
        ),
    ),
    Known(
        (
            "url:mcp.linear.app",
            "npm:mcp-linear",
            "npm:@tacticlaunch/mcp-linear",
            "npm:linear-mcp-server",
            "url:mcp.atlassian.com",
            "pypi:mcp-atlassian",
            "oci:ghcr.io/sooperset/mcp-atlassian",
            "oci:mcp/atlassian",
            "npm:@aashari/mcp-server-atlassian-jira",
            "npm:@atlassian-dc-mcp/jira",
            "url:mcp.asana.com",
            "npm:@roychri/mcp-server-asana",
            "url:mcp.monday.com",
            "npm:@mondaydotcomorg/monday-api-mcp",
            "npm:@taazkareem/clickup-mcp-server",
            "npm:@delorenj/mcp-server-trello",
            "url:mcp.shortcut.com",
        ),
        "API wrapper",
        (
            does("(reading tools)", Level.READ, "ticket", DataClass.MESSAGES, "UP"),
            does("(writing tools)", Level.WRITE, "ticket", DataClass.MESSAGES),
            does("(comment tools)", Level.SEND, "comment", DataClass.MESSAGES, "o"),
        ),
    ),
    Known(
        (
            "url:mcp.sentry.dev",
            "npm:@sentry/mcp-server",
            "pypi:mcp-server-sentry",
            "oci:mcp/sentry",
        ),
        "API wrapper",
        (
            does("(error reading tools)", Level.READ, "error report", DataClass.CLOUD, "Up"),
            does("(project tools)", Level.WRITE, "project", DataClass.CLOUD),
        ),
        "anyone who can cause an error writes what it reads",
    ),
    Known(
        (
            "oci:mcp/grafana",
            "oci:grafana/mcp-grafana",
            "npm:@winor30/mcp-server-datadog",
            "url:mcp.datadoghq.com",
            "pypi:pagerduty-mcp",
            "npm:@honeycombio/honeycomb-mcp",
            "url:mcp.honeycomb.io",
            "url:mcp.axiom.co",
            "npm:mcp-server-axiom",
            "url:mcp.newrelic.com",
        ),
        "API wrapper",
        (
            does("(query tools)", Level.READ, "log", DataClass.CLOUD, "pu"),
            does("(configuration tools)", Level.WRITE, "dashboard or incident", DataClass.CLOUD),
        ),
    ),
    Known(
        ("npm:@circleci/mcp-server-circleci", "oci:ghcr.io/buildkite/buildkite-mcp-server"),
        "API wrapper",
        (
            does("(build reading tools)", Level.READ, "log", DataClass.CLOUD, "pu"),
            does("(build tools)", Level.EXECUTE, "pipeline", DataClass.CLOUD),
        ),
    ),
    Known(
        ("pypi:semgrep-mcp", "oci:mcp/semgrep", "oci:mcp/sonarqube"),
        "API wrapper",
        (does("(analysis tools)", Level.READ, "source code", DataClass.SOURCE_CODE, "pu"),),
    ),
    Known(
        ("npm:figma-developer-mcp", "url:mcp.figma.com"),
        "API wrapper",
        (does("(design reading tools)", Level.READ, "design", DataClass.FILES, "pu"),),
    ),
)
"""Servers around software projects."""
