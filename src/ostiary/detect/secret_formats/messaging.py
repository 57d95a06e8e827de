"""Tokens and hooks of messaging and mail services."""

from __future__ import annotations

from ostiary.detect.secret_formats.form import SecretFormat
from ostiary.model.grade import Confidence

_POST = "posts to one channel"

FORMATS: tuple[SecretFormat, ...] = (
    SecretFormat(
        "Slack bot token",
        r"\bxoxb-[0-9]{8,14}-[A-Za-z0-9-]{16,80}",
        ("xoxb-",),
        breadth="the scopes given to one app",
    ),
    SecretFormat(
        "Slack user token",
        r"\bxoxp-[0-9]{8,14}-[A-Za-z0-9-]{16,}",
        ("xoxp-",),
        breadth="acts as its owner: every private channel and direct message within its scopes",
        coarse=True,
    ),
    SecretFormat(
        "Slack session token",
        r"\bxox[cds]-[A-Za-z0-9%+/=-]{20,}",
        ("xoxc-", "xoxd-", "xoxs-"),
        breadth="a person's whole session, past every app approval",
        coarse=True,
    ),
    SecretFormat(
        "Slack token", r"\bxox[aer](?:\.xox[bp])?-[A-Za-z0-9-]{20,}", ("xoxa-", "xoxe", "xoxr-")
    ),
    SecretFormat(
        "Slack app token", r"\bxapp-\d-[A-Z0-9]{8,14}-\d{8,16}-[a-z0-9]{32,80}", ("xapp-",)
    ),
    SecretFormat(
        "Slack webhook",
        r"hooks\.slack\.com/(?:services|workflows)/(?P<secret>[A-Za-z0-9/]{40,60})",
        ("hooks.slack.com",),
        breadth=_POST,
    ),
    SecretFormat(
        "Discord webhook",
        r"discord(?:app)?\.com/api/webhooks/\d{17,20}/(?P<secret>[A-Za-z0-9_-]{60,80})",
        ("api/webhooks",),
        breadth=_POST,
    ),
    SecretFormat(
        "Discord bot token",
        r"\b[MNO][A-Za-z0-9]{23,27}\.[A-Za-z0-9_-]{6}\.[A-Za-z0-9_-]{27,38}",
        (".",),
        Confidence.HIGH,
        "every server the bot was added to",
        coarse=True,
        unbroken=59,
    ),
    SecretFormat(
        "Telegram bot token",
        r"\b\d{8,10}:AA[A-Za-z0-9_-]{33}",
        (":aa",),
        breadth="everything the bot can see and send",
    ),
    SecretFormat(
        "Microsoft Teams webhook",
        r"webhook\.office\.com/webhookb2/(?P<secret>[0-9a-f-]{36}@[0-9a-f-]{36}/IncomingWebhook/[0-9a-z]{32}/[0-9a-f-]{36})",
        ("webhook.office.com",),
        breadth=_POST,
    ),
    SecretFormat("Twilio API key", r"\bSK[0-9a-f]{32}\b", ("sk",), Confidence.MEDIUM, unbroken=34),
    SecretFormat("SendGrid key", r"\bSG\.[A-Za-z0-9_-]{22}\.[A-Za-z0-9_-]{43}", ("sg.",)),
    SecretFormat("Mailgun key", r"\bkey-[0-9a-z]{32}\b", ("key-",), Confidence.MEDIUM),
    SecretFormat(
        "Mailchimp key",
        r"\b[0-9a-f]{32}-us\d{1,2}\b",
        ("-us",),
        breadth="the whole account",
        coarse=True,
    ),
    SecretFormat("Resend key", r"\bre_[A-Za-z0-9]{8}_[A-Za-z0-9]{24}\b", ("re_",)),
    SecretFormat(
        "Brevo key",
        r"\bxkeysib-[0-9a-f]{64}-[A-Za-z0-9]{16}\b",
        ("xkeysib-",),
        breadth="the whole account",
        coarse=True,
    ),
)
