"""Clouds, clusters and platforms: mistakes there cost money and machines."""

from __future__ import annotations

from ostiary.flow.known.record import Known, Power, does
from ostiary.model.access import DataClass, Level

_CLOUD: tuple[Power, ...] = (
    does("(reading tools)", Level.READ, "cloud resource", DataClass.CLOUD, "Pu"),
    does("(resource writing tools)", Level.WRITE, "cloud resource", DataClass.CLOUD),
    does("(resource deleting tools)", Level.DESTROY, "cloud resource", DataClass.CLOUD),
    does("(access tools)", Level.ADMINISTER, "policy", DataClass.CLOUD),
    does("(resource writing tools)", Level.SPEND, "cloud resource", DataClass.CLOUD),
)

KNOWN: tuple[Known, ...] = (
    Known(
        (
            "pypi:awslabs.aws-api-mcp-server",
            "pypi:awslabs.ccapi-mcp-server",
            "pypi:awslabs.cfn-mcp-server",
            "url:aws-mcp.us-east-1.api.aws",
            "npm:@azure/mcp",
            "pypi:msmcp-azure",
            "oci:mcr.microsoft.com/azure-sdk/azure-mcp",
            "npm:@google-cloud/gcloud-mcp",
            "npm:gcp-mcp",
            "npm:gcp-mcp-server",
            "npm:@digitalocean/mcp",
            "pypi:alibaba-cloud-ops-mcp-server",
        ),
        "API wrapper",
        _CLOUD,
    ),
    Known(
        ("pypi:awslabs.core-mcp-server", "pypi:awslabs.cost-analysis-mcp-server"),
        "API wrapper",
        (does("(reading tools)", Level.READ, "cloud resource", DataClass.CLOUD, "p"),),
    ),
    Known(
        ("pypi:awslabs.iam-mcp-server",),
        "API wrapper",
        (
            does(
                "list_users get_user list_roles list_policies",
                Level.READ,
                "user",
                DataClass.CLOUD,
                "p",
            ),
            does(
                "create_user create_role attach_user_policy create_access_key delete_user",
                Level.ADMINISTER,
                "policy",
                DataClass.CREDENTIALS,
            ),
            does("delete_user", Level.DESTROY, "user", DataClass.CLOUD),
        ),
    ),
    Known(
        (
            "npm:mcp-server-kubernetes",
            "npm:kubernetes-mcp-server",
            "pypi:kubernetes-mcp-server",
            "pypi:kubectl-mcp-tool",
            "oci:mcp/kubernetes",
            "oci:quay.io/containers/kubernetes_mcp_server",
            "pypi:awslabs.eks-mcp-server",
        ),
        "API wrapper",
        (
            does("(cluster reading tools)", Level.READ, "cloud resource", DataClass.CLOUD, "Pu"),
            does("(cluster writing tools)", Level.WRITE, "cloud resource", DataClass.CLOUD),
            does("(cluster deleting tools)", Level.DESTROY, "cloud resource", DataClass.CLOUD),
            does("(pod command tools)", Level.EXECUTE, "command in a pod", DataClass.CLOUD, "o"),
        ),
    ),
    Known(
        (
            "pypi:mcp-server-docker",
            "pypi:docker-mcp",
            "npm:docker-mcp",
        ),
        "code runner",
        (
            does("(container reading tools)", Level.READ, "cloud resource", DataClass.CLOUD, "p"),
            does("(container starting tools)", Level.EXECUTE, "container", DataClass.CLOUD, "Po"),
            does("(container removing tools)", Level.DESTROY, "cloud resource", DataClass.CLOUD),
        ),
        "whoever starts containers can mount the whole disk",
    ),
    Known(
        (
            "oci:hashicorp/terraform-mcp-server",
            "npm:terraform-mcp-server",
            "pypi:awslabs.terraform-mcp-server",
        ),
        "API wrapper",
        (
            does("(registry tools)", Level.READ, "public data", DataClass.PUBLIC, "u"),
            does("(workspace and run tools)", Level.WRITE, "cloud resource", DataClass.CLOUD),
            does("(workspace and run tools)", Level.DESTROY, "cloud resource", DataClass.CLOUD),
        ),
    ),
    Known(
        (
            "npm:@cloudflare/mcp-server-cloudflare",
            "url:bindings.mcp.cloudflare.com",
            "url:builds.mcp.cloudflare.com",
            "url:containers.mcp.cloudflare.com",
        ),
        "API wrapper",
        (
            does("(reading tools)", Level.READ, "cloud resource", DataClass.CLOUD, "pu"),
            does("(writing tools)", Level.WRITE, "cloud resource", DataClass.CLOUD),
            does("(deleting tools)", Level.DESTROY, "cloud resource", DataClass.CLOUD),
        ),
    ),
    Known(
        (
            "url:observability.mcp.cloudflare.com",
            "url:radar.mcp.cloudflare.com",
            "url:logs.mcp.cloudflare.com",
            "url:auditlogs.mcp.cloudflare.com",
            "url:dns-analytics.mcp.cloudflare.com",
            "url:ai-gateway.mcp.cloudflare.com",
            "url:graphql.mcp.cloudflare.com",
        ),
        "API wrapper",
        (does("(reading tools)", Level.READ, "log", DataClass.CLOUD, "pu"),),
    ),
    Known(
        ("url:browser.mcp.cloudflare.com",),
        "browser",
        (does("(page tools)", Level.READ, "web page", DataClass.WEB, "UO"),),
    ),
    Known(
        (
            "url:mcp.vercel.com",
            "npm:@netlify/mcp",
            "npm:@heroku/mcp-server",
            "npm:@railway/mcp-server",
            "url:mcp.render.com",
            "npm:firebase-tools",
        ),
        "API wrapper",
        (
            does("(project reading tools)", Level.READ, "cloud resource", DataClass.CLOUD, "pu"),
            does("(deployment tools)", Level.EXECUTE, "deployment", DataClass.CLOUD, "o"),
            does("(project tools)", Level.WRITE, "cloud resource", DataClass.CLOUD),
        ),
    ),
    Known(
        ("url:huggingface.co", "npm:@llmindset/hf-mcp-server"),
        "API wrapper",
        (
            does("(search tools)", Level.READ, "public data", DataClass.PUBLIC, "u"),
            does("(space and job tools)", Level.EXECUTE, "job", None, "o"),
        ),
    ),
)
"""Servers over infrastructure."""
