"""Mail, chat, documents, calendars and customers: private data, strangers' text and a way out."""

from __future__ import annotations

from ostiary.flow.known.record import Known, does
from ostiary.model.access import DataClass, Level

KNOWN: tuple[Known, ...] = (
    Known(
        (
            "npm:@modelcontextprotocol/server-slack",
            "oci:mcp/slack",
            "npm:slack-mcp-server",
            "oci:ghcr.io/korotovsky/slack-mcp-server",
            "url:mcp.slack.com",
        ),
        "API wrapper",
        (
            does(
                "slack_get_channel_history slack_get_thread_replies slack_list_channels "
                "slack_get_users conversations_history conversations_replies",
                Level.READ,
                "message",
                DataClass.MESSAGES,
                "UP",
            ),
            does(
                "slack_post_message slack_reply_to_thread conversations_add_message",
                Level.SEND,
                "message",
                DataClass.MESSAGES,
                "O",
            ),
            does("slack_add_reaction", Level.WRITE, "message", DataClass.MESSAGES),
        ),
    ),
    Known(
        (
            "npm:@chaindead/telegram-mcp",
            "pypi:mcp-telegram",
            "npm:mcp-discord",
            "npm:discord-mcp",
            "oci:mcp/mcp-discord",
            "npm:@enescinar/twitter-mcp",
            "npm:@twilio-alpha/mcp",
            "npm:@line/line-bot-mcp-server",
        ),
        "API wrapper",
        (
            does("(reading tools)", Level.READ, "message", DataClass.MESSAGES, "UP"),
            does("(sending tools)", Level.SEND, "message", DataClass.MESSAGES, "O"),
        ),
    ),
    Known(
        (
            "npm:@gongrzhe/server-gmail-autoauth-mcp",
            "npm:@shinzolabs/gmail-mcp",
            "url:gmail.mintmcp.com",
            "url:outlook-email.mintmcp.com",
            "pypi:mcp-email-server",
        ),
        "API wrapper",
        (
            does("read_email search_emails", Level.READ, "email", DataClass.MESSAGES, "UP"),
            does("send_email", Level.SEND, "email", DataClass.MESSAGES, "O"),
            does("draft_email modify_email", Level.WRITE, "email", DataClass.MESSAGES),
            does("delete_email", Level.DESTROY, "email", DataClass.MESSAGES),
        ),
    ),
    Known(
        (
            "npm:resend-mcp",
            "npm:@toolsdk.ai/aws-ses-mcp",
        ),
        "API wrapper",
        (does("send-email", Level.SEND, "email", DataClass.MESSAGES, "O"),),
    ),
    Known(
        (
            "npm:@cocal/google-calendar-mcp",
            "npm:@nspady/google-calendar-mcp",
            "npm:@takumi0706/google-calendar-mcp",
            "url:gcal.mintmcp.com",
        ),
        "API wrapper",
        (
            does(
                "list-events search-events get-event", Level.READ, "event", DataClass.CALENDAR, "UP"
            ),
            does("create-event update-event", Level.WRITE, "event", DataClass.CALENDAR, "o"),
            does("delete-event", Level.DESTROY, "event", DataClass.CALENDAR),
        ),
        "invitations carry strangers' text in and attendees carry data out",
    ),
    Known(
        (
            "npm:@modelcontextprotocol/server-gdrive",
            "oci:mcp/gdrive",
            "npm:@isaacphi/mcp-gdrive",
            "npm:@piotr-agier/google-drive-mcp",
        ),
        "API wrapper",
        (does("(file reading tools)", Level.READ, "file", DataClass.FILES, "Pu"),),
    ),
    Known(
        (
            "pypi:workspace-mcp",
            "pypi:google-workspace-mcp",
            "npm:@softeria/ms-365-mcp-server",
            "npm:@pnp/cli-microsoft365-mcp-server",
        ),
        "API wrapper",
        (
            does("(mail reading tools)", Level.READ, "email", DataClass.MESSAGES, "UP"),
            does("(file reading tools)", Level.READ, "file", DataClass.FILES, "Pu"),
            does("(calendar tools)", Level.WRITE, "event", DataClass.CALENDAR, "up"),
            does("(mail sending tools)", Level.SEND, "email", DataClass.MESSAGES, "O"),
            does("(file writing tools)", Level.WRITE, "file", DataClass.FILES, "o"),
            does("(deleting tools)", Level.DESTROY, "file or email", DataClass.FILES),
        ),
    ),
    Known(
        (
            "npm:mcp-sharepoint",
            "pypi:mcp-sharepoint",
            "url:mcp.box.com",
        ),
        "API wrapper",
        (
            does("(file reading tools)", Level.READ, "file", DataClass.FILES, "Pu"),
            does("(file writing tools)", Level.WRITE, "file", DataClass.FILES, "o"),
        ),
    ),
    Known(
        (
            "npm:@notionhq/notion-mcp-server",
            "url:mcp.notion.com",
            "oci:mcp/notion",
            "npm:@suekou/mcp-notion-server",
            "npm:@atlassian-dc-mcp/confluence",
            "npm:@aashari/mcp-server-atlassian-confluence",
        ),
        "API wrapper",
        (
            does("(page reading tools)", Level.READ, "page", DataClass.PERSONAL, "Pu"),
            does("(page writing tools)", Level.WRITE, "page", DataClass.PERSONAL, "o"),
            does("(comment tools)", Level.SEND, "comment", DataClass.MESSAGES, "o"),
            does("(deleting tools)", Level.DESTROY, "page", DataClass.PERSONAL),
        ),
    ),
    Known(
        (
            "npm:airtable-mcp-server",
            "npm:@domdomegg/airtable-mcp-server",
            "npm:mcp-google-sheets",
            "pypi:mcp-google-sheets",
        ),
        "database",
        (
            does("(record reading tools)", Level.READ, "record", DataClass.DATABASE, "Pu"),
            does("(record writing tools)", Level.WRITE, "record", DataClass.DATABASE),
            does("(record deleting tools)", Level.DESTROY, "record", DataClass.DATABASE),
        ),
    ),
    Known(
        (
            "npm:@hubspot/mcp-server",
            "url:mcp.hubspot.com",
            "npm:@salesforce/mcp",
            "npm:@tsmztech/mcp-server-salesforce",
            "pypi:mcp-salesforce-connector",
            "url:mcp.intercom.com",
            "url:mcp.close.com",
        ),
        "API wrapper",
        (
            does("(record reading tools)", Level.READ, "customer", DataClass.PERSONAL, "PU"),
            does("(record writing tools)", Level.WRITE, "customer", DataClass.PERSONAL),
        ),
        "web forms and tickets carry strangers' text in",
    ),
    Known(
        (
            "npm:@abhiz123/todoist-mcp-server",
            "npm:@doist/todoist-ai",
            "url:ai.todoist.net",
        ),
        "API wrapper",
        (
            does("(task reading tools)", Level.READ, "task", DataClass.PERSONAL, "p"),
            does("(task writing tools)", Level.WRITE, "task", DataClass.PERSONAL),
            does("(task deleting tools)", Level.DESTROY, "task", DataClass.PERSONAL),
        ),
    ),
    Known(
        (
            "url:mcp.zapier.com",
            "url:actions.zapier.com",
            "url:backend.composio.dev",
            "url:mcp.composio.dev",
            "url:mcp.pipedream.net",
            "url:remote.mcp.pipedream.net",
            "npm:@pipedream/mcp",
            "url:mcp.make.com",
            "npm:n8n-mcp",
            "npm:@makehq/mcp-server",
        ),
        "API wrapper",
        (
            does("(connected reading actions)", Level.READ, "connected account", None, "UP"),
            does("(connected writing actions)", Level.WRITE, "connected account"),
            does("(connected sending actions)", Level.SEND, "connected account", None, "O"),
        ),
        "reaches every account that was connected there",
    ),
    Known(
        ("npm:@automattic/mcp-wordpress-remote", "url:mcp.wix.com", "url:mcp.webflow.com"),
        "API wrapper",
        (
            does("(site reading tools)", Level.READ, "site", DataClass.WEB, "u"),
            does("(site writing tools)", Level.SEND, "site", DataClass.WEB, "o"),
        ),
    ),
    Known(
        ("npm:mcp-server-home-assistant", "pypi:mcp-server-home-assistant", "pypi:ha-mcp"),
        "API wrapper",
        (
            does("(state tools)", Level.READ, "home", DataClass.PERSONAL, "p"),
            does("(control tools)", Level.WRITE, "home", DataClass.PERSONAL),
        ),
    ),
)
"""Servers over what people write to each other."""
