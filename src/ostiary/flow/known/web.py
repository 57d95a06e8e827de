"""Fetchers, searches and browsers: strangers' text comes in, and addresses carry data out."""

from __future__ import annotations

from ostiary.flow.known.record import Known, does
from ostiary.model.access import DataClass, Level

KNOWN: tuple[Known, ...] = (
    Known(
        (
            "pypi:mcp-server-fetch",
            "oci:mcp/fetch",
            "npm:@tokenizin/mcp-npx-fetch",
            "npm:@kazuph/mcp-fetch",
            "npm:fetcher-mcp",
            "npm:mcp-fetch-server",
        ),
        "API wrapper",
        (does("fetch", Level.READ, "web page", DataClass.WEB, "UO"),),
    ),
    Known(
        ("npm:@playwright/mcp", "oci:mcp/playwright", "oci:mcr.microsoft.com/playwright/mcp"),
        "browser",
        (
            does("browser_navigate", Level.READ, "web page", DataClass.BROWSER, "UPO"),
            does(
                "browser_snapshot browser_take_screenshot browser_console_messages "
                "browser_network_requests",
                Level.READ,
                "web page",
                DataClass.BROWSER,
                "UP",
            ),
            does(
                "browser_click browser_type browser_fill_form browser_select_option browser_drag "
                "browser_press_key",
                Level.WRITE,
                "web page",
                DataClass.BROWSER,
                "o",
            ),
            does(
                "browser_evaluate browser_run_code browser_run_code_unsafe",
                Level.EXECUTE,
                "script",
                None,
                "o",
            ),
            does("browser_file_upload", Level.SEND, "file", DataClass.FILES, "O"),
        ),
    ),
    Known(
        (
            "npm:@modelcontextprotocol/server-puppeteer",
            "oci:mcp/puppeteer",
            "npm:@executeautomation/playwright-mcp-server",
            "npm:puppeteer-mcp-server",
        ),
        "browser",
        (
            does(
                "puppeteer_navigate playwright_navigate",
                Level.READ,
                "web page",
                DataClass.BROWSER,
                "UPO",
            ),
            does(
                "puppeteer_click puppeteer_fill puppeteer_select playwright_click playwright_fill",
                Level.WRITE,
                "web page",
                DataClass.BROWSER,
                "o",
            ),
            does("puppeteer_evaluate playwright_evaluate", Level.EXECUTE, "script", None, "o"),
        ),
    ),
    Known(
        ("npm:chrome-devtools-mcp",),
        "debugger",
        (
            does("navigate_page new_page", Level.READ, "web page", DataClass.BROWSER, "UPO"),
            does(
                "take_snapshot take_screenshot list_network_requests get_network_request "
                "list_console_messages",
                Level.READ,
                "web page",
                DataClass.BROWSER,
                "UP",
            ),
            does("click fill fill_form drag", Level.WRITE, "web page", DataClass.BROWSER, "o"),
            does("evaluate_script", Level.EXECUTE, "script", None, "o"),
            does("upload_file", Level.SEND, "file", DataClass.FILES, "O"),
        ),
    ),
    Known(
        (
            "pypi:browser-use",
            "pypi:browser-use-mcp-server",
            "pypi:mcp-browser-use",
            "npm:@browsermcp/mcp",
            "npm:@browserbasehq/mcp-server-browserbase",
            "npm:@agent-infra/mcp-server-browser",
        ),
        "browser",
        (
            does("(page reading tools)", Level.READ, "web page", DataClass.BROWSER, "UPO"),
            does("(page action tools)", Level.WRITE, "web page", DataClass.BROWSER, "o"),
        ),
    ),
    Known(
        (
            "npm:@brave/brave-search-mcp-server",
            "npm:@modelcontextprotocol/server-brave-search",
            "oci:mcp/brave-search",
            "pypi:duckduckgo-mcp-server",
            "oci:mcp/duckduckgo",
            "npm:mcp-searxng",
            "npm:@perplexity-ai/mcp-server",
            "url:mcp.perplexity.ai",
            "npm:serper-search-scrape-mcp-server",
            "npm:@kagi/kagimcp",
            "pypi:kagimcp",
        ),
        "API wrapper",
        (does("(search tools)", Level.READ, "web search results", DataClass.WEB, "U"),),
    ),
    Known(
        (
            "npm:tavily-mcp",
            "oci:mcp/tavily",
            "pypi:mcp-tavily",
            "url:mcp.tavily.com",
            "npm:exa-mcp-server",
            "url:mcp.exa.ai",
            "npm:firecrawl-mcp",
            "url:mcp.firecrawl.dev",
            "oci:mcp/firecrawl",
            "npm:@apify/actors-mcp-server",
            "url:mcp.apify.com",
            "npm:@brightdata/mcp",
            "npm:@pulsemcp/pulse-fetch",
        ),
        "API wrapper",
        (
            does("(search tools)", Level.READ, "web search results", DataClass.WEB, "U"),
            does("(page tools)", Level.READ, "web page", DataClass.WEB, "UO"),
        ),
    ),
    Known(
        (
            "npm:@upstash/context7-mcp",
            "oci:mcp/context7",
            "url:mcp.context7.com",
            "url:mcp.deepwiki.com",
            "url:learn.microsoft.com",
            "pypi:awslabs.aws-documentation-mcp-server",
            "url:knowledge-mcp.global.api.aws",
            "url:docs.mcp.cloudflare.com",
            "npm:@shopify/dev-mcp",
        ),
        "API wrapper",
        (does("(documentation tools)", Level.READ, "documentation", DataClass.PUBLIC, "u"),),
    ),
    Known(
        (
            "pypi:arxiv-mcp-server",
            "pypi:wikipedia-mcp",
            "oci:mcp/wikipedia-mcp",
            "npm:@openbnb/mcp-server-airbnb",
            "pypi:mcp-simple-arxiv",
            "npm:@modelcontextprotocol/server-google-maps",
            "npm:@cablate/mcp-google-map",
        ),
        "API wrapper",
        (does("(lookup tools)", Level.READ, "public data", DataClass.PUBLIC, "u"),),
    ),
    Known(
        (
            "npm:@anaisbetts/mcp-youtube",
            "npm:@kimtaeyoon83/mcp-server-youtube-transcript",
            "pypi:mcp-youtube-transcript",
            "oci:mcp/youtube-transcript",
        ),
        "API wrapper",
        (does("(transcript tools)", Level.READ, "video transcript", DataClass.WEB, "U"),),
    ),
    Known(
        (
            "npm:@modelcontextprotocol/server-everart",
            "npm:@modelcontextprotocol/server-aws-kb-retrieval",
        ),
        "API wrapper",
        (does("(service tools)", Level.READ, "service data", None, "u"),),
    ),
)
"""Servers that face the open web."""
