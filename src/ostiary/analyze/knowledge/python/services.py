"""Mail, chat, payment and cloud services that Python code sends things to."""

from __future__ import annotations

from typing import Final

from ostiary.analyze.dataflow.effect import EffectKind
from ostiary.analyze.dataflow.value import SourceKind
from ostiary.analyze.knowledge.known import Known, Library, Result
from ostiary.analyze.knowledge.names import across, each

_ANSWER: Final = Result(passes=(), gives=SourceKind.REMOTE, named="answer of a service")

_MAIL: Final = (
    Known(
        (
            *across(("smtplib.SMTP().", "smtplib.SMTP_SSL()."), "sendmail"),
            *across(("smtplib.SMTP().", "smtplib.SMTP_SSL()."), "send"),
            "aiosmtplib.SMTP().sendmail",
        ),
        EffectKind.MAIL,
        {"from": (0, "from_addr"), "to": (1, "to_addrs"), "message": (2, "msg")},
        result=_ANSWER,
    ),
    Known(
        (
            *across(("smtplib.SMTP().", "smtplib.SMTP_SSL()."), "send_message"),
            "aiosmtplib.SMTP().send_message",
            "aiosmtplib.send",
        ),
        EffectKind.MAIL,
        {
            "message": (0, "msg", "message"),
            "to": ("to_addrs", "recipients", 2, "0.To"),
            "cc": ("0.Cc", "0.CC"),
            "bcc": ("0.Bcc", "0.BCC"),
            "subject": ("0.Subject",),
        },
        result=_ANSWER,
    ),
    Known(
        ("smtplib.SMTP", "smtplib.SMTP_SSL", "aiosmtplib.SMTP"),
        EffectKind.CONNECT,
        {"host": (0, "host", "hostname")},
        tags=("mail",),
        result=Result(passes=()),
    ),
    Known(
        (
            *each("email.message.EmailMessage().", "set_content add_alternative add_attachment"),
            *across(("email.mime.*.",), "attach add_header set_payload"),
        ),
        writes=(("base", 0), ("base", 1)),
    ),
    Known(
        (
            "django.core.mail.send_mail",
            "django.core.mail.EmailMessage",
            "django.core.mail.EmailMultiAlternatives",
        ),
        EffectKind.MAIL,
        {
            "subject": (0, "subject"),
            "body": (1, "message", "body"),
            "to": (3, "recipient_list", "to"),
            "bcc": (4, "bcc"),
            "cc": ("cc",),
        },
    ),
    Known(
        ("flask_mail.Message", "fastapi_mail.MessageSchema"),
        EffectKind.MAIL,
        {
            "subject": (0, "subject"),
            "to": (1, "recipients"),
            "cc": ("cc",),
            "bcc": ("bcc",),
            "body": ("body", "html"),
        },
    ),
    Known(
        ("yagmail.SMTP().send", "redmail.*.send"),
        EffectKind.MAIL,
        {
            "to": (0, "to", "receivers"),
            "subject": (1, "subject"),
            "body": (2, "contents", "text", "html"),
            "cc": ("cc",),
            "bcc": ("bcc",),
        },
    ),
    Known(
        ("resend.Emails.send", "resend.emails.Emails.send"),
        EffectKind.MAIL,
        {
            "to": ("0.to",),
            "cc": ("0.cc",),
            "bcc": ("0.bcc",),
            "subject": ("0.subject",),
            "body": ("0.html", "0.text"),
            "message": (0,),
        },
        tags=("service:resend",),
        result=_ANSWER,
    ),
    Known(
        ("sendgrid.helpers.mail.Mail",),
        EffectKind.MAIL,
        {
            "to": (1, "to_emails"),
            "subject": (2, "subject"),
            "body": (3, "plain_text_content", "html_content"),
        },
        tags=("service:sendgrid",),
        result=Result(keeps_recipe=True),
    ),
    Known(
        ("sendgrid.helpers.mail.Mail().add_bcc", "sendgrid.helpers.mail.Bcc"),
        EffectKind.MAIL,
        {"bcc": (0, "email")},
        tags=("service:sendgrid",),
    ),
    Known(
        (
            "sendgrid.SendGridAPIClient().send",
            "sendgrid.SendGridAPIClient().client.mail.send.post",
        ),
        EffectKind.MAIL,
        {"message": (0, "request_body", "message")},
        tags=("service:sendgrid",),
        result=_ANSWER,
    ),
    Known(
        (
            "postmarker.core.PostmarkClient().emails.send",
            "postmarker.*.send",
            "postmark.PMMail",
            "mailersend.*.send",
            "mailjet_rest.*.create",
            "mailtrap.*.send",
        ),
        EffectKind.MAIL,
        {
            "to": ("To", "to", "0.to"),
            "cc": ("Cc", "cc", "0.cc"),
            "bcc": ("Bcc", "bcc", "0.bcc"),
            "subject": ("Subject", "subject"),
            "body": ("HtmlBody", "TextBody", "html_body", "text_body"),
            "message": (0, "data"),
        },
        tags=("service:mail",),
        result=_ANSWER,
    ),
    Known(
        ("boto3.client().send_email", "boto3.client().send_raw_email", "boto3.*.send_email"),
        EffectKind.MAIL,
        {
            "to": ("Destination.ToAddresses", "Destinations", "Destination"),
            "cc": ("Destination.CcAddresses",),
            "bcc": ("Destination.BccAddresses",),
            "body": ("Message.Body", "RawMessage", "Content"),
            "message": ("all",),
        },
        tags=("service:aws-ses",),
        result=_ANSWER,
    ),
    Known(
        (
            "*.users().messages().send",
            "googleapiclient.discovery.build().users().messages().send",
            "googleapiclient.discovery.build().users().drafts().send",
        ),
        EffectKind.MAIL,
        {"message": ("body",)},
        tags=("service:gmail",),
        result=_ANSWER,
    ),
    Known(
        each("*.", "sendmail send_mail send_email"),
        EffectKind.MAIL,
        {
            "to": ("to", "0.to", "recipient", "recipients", "to_addrs", 0),
            "cc": ("cc", "0.cc"),
            "bcc": ("bcc", "0.bcc"),
            "subject": ("subject", "0.subject"),
            "body": ("body", "html", "text", "0.html"),
            "message": ("all",),
        },
        tags=("by name",),
        result=_ANSWER,
    ),
)

_MESSAGES: Final = (
    Known(
        (
            *each(
                "slack_sdk.*.",
                "chat_postMessage chat_postEphemeral chat_update chat_scheduleMessage",
            ),
            *each("slack.*.", "chat_postMessage"),
            *each("slack_bolt.*.", "chat_postMessage"),
            *each("*.", "chat_postMessage chat_postEphemeral"),
        ),
        EffectKind.MESSAGE,
        {"to": ("channel",), "body": ("text", "blocks")},
        tags=("service:slack",),
        result=_ANSWER,
    ),
    Known(
        each("slack_sdk.*.", "files_upload files_upload_v2"),
        EffectKind.MESSAGE,
        {"to": ("channels", "channel"), "body": ("file", "content")},
        tags=("service:slack",),
        result=_ANSWER,
    ),
    Known(
        (
            "slack_sdk.*.conversations_history",
            "slack_sdk.*.conversations_replies",
            "slack_sdk.*.search_messages",
            "*.conversations_history",
        ),
        result=Result(passes=(), gives=SourceKind.REMOTE, named="Slack messages"),
    ),
    Known(
        ("slack_sdk.webhook.WebhookClient().send", "slack_sdk.WebhookClient().send"),
        EffectKind.MESSAGE,
        {"body": ("text", "blocks")},
        tags=("service:slack",),
    ),
    Known(
        ("tweepy.*.create_tweet", "tweepy.*.update_status", "tweepy.*.send_direct_message"),
        EffectKind.MESSAGE,
        {"body": ("text", "status", 0)},
        tags=("service:x", "public"),
        result=_ANSWER,
    ),
    Known(
        ("twilio.rest.Client().messages.create", "twilio.rest.Client().calls.create"),
        EffectKind.MESSAGE,
        {"to": ("to",), "body": ("body", "twiml", "url")},
        tags=("service:twilio",),
        result=_ANSWER,
    ),
    Known(
        (
            *each("telegram.Bot().", "send_message send_document send_photo"),
            *each("telebot.TeleBot().", "send_message send_document send_photo"),
            *each("telethon.*.", "send_message send_file"),
            *each("pyrogram.*.", "send_message"),
            *each("aiogram.*.", "send_message"),
        ),
        EffectKind.MESSAGE,
        {"to": (0, "chat_id", "entity"), "body": (1, "text", "message", "document", "file")},
        tags=("service:telegram",),
        result=_ANSWER,
    ),
    Known(
        ("discord_webhook.DiscordWebhook", "discord.*.send", "discord.SyncWebhook.from_url().send"),
        EffectKind.MESSAGE,
        {"to": ("url",), "body": (0, "content")},
        tags=("service:discord",),
        result=_ANSWER,
    ),
    Known(
        (
            "atproto.*.send_post",
            "mastodon.*.status_post",
            "mastodon.*.toot",
            "praw.*.submit",
            "praw.*.reply",
            "linkedin_api.*.post",
        ),
        EffectKind.MESSAGE,
        {"body": (0, "text", "status", "title")},
        tags=("public",),
        result=_ANSWER,
    ),
    Known(
        (
            "github.*.create_issue",
            "github.*.create_comment",
            "github.*.create_pull",
            "github.*.create_file",
            "github.*.update_file",
            "github.*.create_gist",
            "gitlab.*.create",
            "jira.*.create_issue",
            "jira.*.add_comment",
            "notion_client.*.create",
            "notion_client.*.update",
            "notion_client.*.append",
            "trello.*.add_card",
            "asana.*.create_task",
        ),
        EffectKind.MESSAGE,
        {"body": ("all",)},
        tags=("service:work tracker",),
        result=_ANSWER,
    ),
    Known(
        (
            "apprise.Apprise().notify",
            "pushover.Client().send_message",
            "pywhatkit.sendwhatmsg",
            "firebase_admin.messaging.send",
            "boto3.client().publish",
            "boto3.client().send_message",
            "google.cloud.pubsub_v1.*.publish",
            "kafka.KafkaProducer().send",
            "aiokafka.*.send_and_wait",
            "confluent_kafka.Producer().produce",
            "pika.*.basic_publish",
            "aio_pika.*.publish",
            "nats.*.publish",
        ),
        EffectKind.MESSAGE,
        {
            "to": (0, "topic", "TopicArn", "QueueUrl", "routing_key", "subject"),
            "body": (1, "value", "Message", "MessageBody", "body", "data"),
        },
        result=_ANSWER,
    ),
    Known(
        (
            "sentry_sdk.capture_message",
            "sentry_sdk.capture_exception",
            "sentry_sdk.set_user",
            *each("sentry_sdk.", "set_context set_extra set_tag capture_event add_breadcrumb"),
            "posthog.capture",
            "posthog.Posthog().capture",
            "mixpanel.Mixpanel().track",
            "analytics.track",
            "segment.analytics.track",
            "amplitude.Amplitude().track",
        ),
        EffectKind.MESSAGE,
        {"body": ("all",)},
        tags=("telemetry",),
    ),
)

_MONEY: Final = (
    Known(
        (
            "stripe.Charge.create",
            "stripe.PaymentIntent.create",
            "stripe.PaymentIntent.confirm",
            "stripe.Transfer.create",
            "stripe.Payout.create",
            "stripe.Refund.create",
            "stripe.Subscription.create",
            "stripe.*.payment_intents.create",
            "stripe.*.transfers.create",
        ),
        EffectKind.SPEND,
        {"amount": ("amount", "0.amount"), "to": ("destination", "customer")},
        tags=("service:stripe",),
        result=_ANSWER,
    ),
    Known(
        (
            "web3.*.send_transaction",
            "web3.*.send_raw_transaction",
            "solana.*.send_transaction",
            "ccxt.*.create_order",
            "ccxt.*.withdraw",
            "binance.*.create_order",
            "binance.*.withdraw",
            "alpaca_trade_api.*.submit_order",
            "alpaca.*.submit_order",
            "paypalrestsdk.Payment().create",
            "*.send_raw_transaction",
        ),
        EffectKind.SPEND,
        {"amount": ("0.value", "amount", "qty", 0), "to": ("0.to", "address")},
        result=_ANSWER,
    ),
)

_CLOUD: Final = (
    Known(
        (
            "boto3.client",
            "boto3.resource",
            "boto3.Session().client",
            "boto3.session.Session().client",
        ),
        EffectKind.CALL,
        {"service": (0, "service_name")},
        tags=("service:aws", "client"),
        result=Result(passes=(), external="boto3.client()", keeps_recipe=True),
    ),
    Known(
        each("boto3.client().", "upload_file upload_fileobj put_object"),
        EffectKind.REQUEST,
        {"body": ("Body", 0, "Filename"), "to": (1, "Bucket"), "key": (2, "Key")},
        tags=("service:aws-s3", "upload"),
        result=_ANSWER,
    ),
    Known(
        each("boto3.client().", "get_object download_file download_fileobj list_objects_v2"),
        EffectKind.CALL,
        {"bucket": ("Bucket", 0), "key": ("Key", 1)},
        tags=("service:aws-s3",),
        result=_ANSWER,
    ),
    Known(
        each("boto3.client().", "get_secret_value get_parameter get_parameters"),
        EffectKind.CALL,
        {"name": ("SecretId", "Name", "Names")},
        tags=("service:aws", "secret"),
        result=Result(passes=(), gives=SourceKind.SECRET, named="secret of a vault"),
    ),
    Known(
        each(
            "boto3.client().",
            "terminate_instances delete_bucket delete_object delete_table run_instances",
        ),
        EffectKind.CALL,
        {"target": ("all",)},
        tags=("service:aws", "destructive"),
        result=_ANSWER,
    ),
    Known(
        ("boto3.client().*",),
        EffectKind.CALL,
        {"arguments": ("all",)},
        tags=("service:aws",),
        result=_ANSWER,
    ),
    Known(
        (
            "googleapiclient.*.execute",
            "gspread.*.get_all_records",
            "gspread.*.get_all_values",
        ),
        result=Result(passes=("base",), gives=SourceKind.REMOTE, named="answer of Google"),
    ),
    Known(
        (
            "googleapiclient.*.upload",
            "google.cloud.storage.*.upload_from_filename",
            "google.cloud.storage.*.upload_from_string",
        ),
        EffectKind.REQUEST,
        {"body": (0,)},
        tags=("service:google", "upload"),
    ),
    Known(
        (
            "azure.storage.blob.*.upload_blob",
            "dropbox.*.files_upload",
            "minio.*.put_object",
            "minio.*.fput_object",
        ),
        EffectKind.REQUEST,
        {"body": ("all",)},
        tags=("upload",),
    ),
    Known(
        (
            "openai.*.chat.completions.create",
            "openai.*.responses.create",
            "openai.ChatCompletion.create",
            "anthropic.*.messages.create",
            "google.generativeai.*.generate_content",
            "google.genai.*.generate_content",
            "litellm.completion",
            "litellm.acompletion",
            "ollama.chat",
            "ollama.generate",
            "groq.*.create",
            "mistralai.*.complete",
            "cohere.*.chat",
            "*.chat.completions.create",
        ),
        EffectKind.MESSAGE,
        {"body": ("messages", "input", "contents", "prompt", 0), "system": ("system",)},
        tags=("service:model",),
        result=Result(passes=(), gives=SourceKind.REMOTE, named="answer of a model"),
    ),
)

TABLE = Library(
    "services",
    known=(*_MAIL, *_MESSAGES, *_MONEY, *_CLOUD),
    aliases={
        "aioboto3.Session().client": "boto3.client",
        "aiobotocore.session.get_session().create_client": "boto3.client",
        "boto3.Session().resource": "boto3.resource",
        "slack_sdk.web.async_client.AsyncWebClient": "slack_sdk.WebClient",
        "slack_sdk.web.client.WebClient": "slack_sdk.WebClient",
        "email.message.Message": "email.message.EmailMessage",
    },
)
