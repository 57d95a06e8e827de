"""Mail, chat, payment and cloud services that JavaScript code sends things to."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from ostiary.analyze.dataflow.effect import EffectKind
from ostiary.analyze.dataflow.value import SourceKind
from ostiary.analyze.knowledge.known import NO_RESULT, Known, Library, Result, When, Where
from ostiary.analyze.knowledge.names import across, each

_Roles = Mapping[str, tuple[Where, ...]]

_ANSWER: Final = Result(passes=(), gives=SourceKind.REMOTE, named="answer of a service")
_MADE: Final = Result(passes=())
_OCTOKIT: Final = ("@octokit/rest.Octokit().", "octokit.Octokit().", "@octokit/core.Octokit().")
_OF_GITHUB: Final = Result(passes=(), gives=SourceKind.REMOTE, named="answer of GitHub")

_LOWER: Final[_Roles] = {
    "from": ("0.from",),
    "to": ("0.to",),
    "cc": ("0.cc",),
    "bcc": ("0.bcc",),
    "subject": ("0.subject",),
    "body": ("0.html", "0.text", "0.react"),
    "message": (0,),
}
_UPPER: Final[_Roles] = {
    "from": ("0.From",),
    "to": ("0.To",),
    "cc": ("0.Cc",),
    "bcc": ("0.Bcc",),
    "subject": ("0.Subject",),
    "body": ("0.HtmlBody", "0.TextBody"),
    "tracking": ("0.TrackOpens", "0.TrackLinks"),
    "message": (0,),
}
_EITHER: Final[_Roles] = {
    "from": ("0.from", "0.From"),
    "to": ("0.to", "0.To", 0),
    "cc": ("0.cc", "0.Cc"),
    "bcc": ("0.bcc", "0.Bcc"),
    "subject": ("0.subject", "0.Subject", 1),
    "body": ("0.html", "0.text", "0.HtmlBody", "0.TextBody", "0.body", 2),
    "tracking": ("0.TrackOpens", "0.TrackLinks"),
    "message": (0,),
}

_MAIL: Final = (
    Known(
        ("nodemailer.createTransport().sendMail",),
        EffectKind.MAIL,
        _LOWER,
        tags=("service:smtp",),
        result=_ANSWER,
    ),
    Known(
        ("nodemailer.createTransport().sendMail",),
        EffectKind.READ_FILE,
        {"path": ("0.attachments.*.path",)},
        tags=("attached",),
        when=(When(("0.attachments.*.path",), "present"),),
        result=_ANSWER,
    ),
    Known(
        ("nodemailer.createTransport().sendMail",),
        EffectKind.REQUEST,
        {"url": ("0.attachments.*.href", "0.attachments.*.path")},
        tags=("attached",),
        when=(
            When(("0.attachments.*.href", "0.attachments.*.path"), "present"),
            When(("0.attachments.*.href", "0.attachments.*.path"), "not matches:^[^:]*$"),
        ),
        result=_ANSWER,
    ),
    Known(
        ("nodemailer.createTransport",),
        EffectKind.CONNECT,
        {"host": ("0.host", "0.service", 0), "options": (0,)},
        tags=("mail",),
        result=_MADE,
    ),
    Known(
        (
            *across(("postmark.ServerClient().", "postmark.Client()."), "sendEmail"),
            *across(("postmark.ServerClient().", "postmark.Client()."), "sendEmailWithTemplate"),
        ),
        EffectKind.MAIL,
        _UPPER,
        tags=("service:postmark",),
        result=_ANSWER,
    ),
    Known(
        across(("postmark.ServerClient().", "postmark.Client()."), "sendEmailBatch"),
        EffectKind.MAIL,
        {"message": (0,)},
        tags=("service:postmark",),
        result=_ANSWER,
    ),
    Known(
        each("@sendgrid/mail.", "send sendMultiple"),
        EffectKind.MAIL,
        _LOWER,
        tags=("service:sendgrid",),
        result=_ANSWER,
    ),
    Known(
        (
            "resend.Resend().emails.send",
            "resend.Resend().emails.create",
            "resend.Resend().batch.send",
        ),
        EffectKind.MAIL,
        _LOWER,
        tags=("service:resend",),
        result=_ANSWER,
    ),
    Known(
        ("mailgun.js().client().messages.create", "*.messages().send"),
        EffectKind.MAIL,
        {
            "to": ("1.to", "0.to"),
            "cc": ("1.cc", "0.cc"),
            "bcc": ("1.bcc", "0.bcc"),
            "subject": ("1.subject", "0.subject"),
            "body": ("1.html", "1.text", "0.html", "0.text"),
            "message": (1, 0),
        },
        tags=("service:mailgun",),
        result=_ANSWER,
    ),
    Known(
        ("@aws-sdk/client-ses.SendEmailCommand", "@aws-sdk/client-sesv2.SendEmailCommand"),
        EffectKind.MAIL,
        {
            "to": ("0.Destination.ToAddresses", "0.Destination"),
            "cc": ("0.Destination.CcAddresses",),
            "bcc": ("0.Destination.BccAddresses",),
            "body": ("0.Message", "0.Content"),
            "message": (0,),
        },
        tags=("service:aws-ses",),
        result=Result(keeps=True),
    ),
    Known(
        (
            "googleapis.*.users.messages.send",
            "googleapis.*.users.drafts.send",
            "*.users.messages.send",
            "*.users.drafts.create",
        ),
        EffectKind.MAIL,
        {"message": ("0.requestBody", "0.resource", 0)},
        tags=("service:gmail",),
        result=_ANSWER,
    ),
    Known(
        (
            "mailersend.*.send",
            "node-mailjet.*.request",
            "@getbrevo/brevo.*.sendTransacEmail",
            "emailjs.*.send",
            "@emailjs/nodejs.send",
            "loops.LoopsClient().sendTransactionalEmail",
            "plunk.*.send",
        ),
        EffectKind.MAIL,
        _EITHER,
        tags=("service:mail",),
        result=_ANSWER,
    ),
    Known(
        each("*.", "sendMail sendEmail sendEmailWithTemplate"),
        EffectKind.MAIL,
        _EITHER,
        tags=("by name",),
        result=_ANSWER,
    ),
)

_SLACK: Final = ("@slack/web-api.WebClient().", "@slack/bolt.App().client.", "*.")

_MESSAGES: Final = (
    Known(
        across(
            _SLACK,
            "chat.postMessage chat.postEphemeral chat.update chat.scheduleMessage chat.meMessage",
        ),
        EffectKind.MESSAGE,
        {"to": ("0.channel",), "body": ("0.text", "0.blocks", 0)},
        tags=("service:slack",),
        result=_ANSWER,
    ),
    Known(
        across(_SLACK, "files.upload files.uploadV2 filesUploadV2"),
        EffectKind.MESSAGE,
        {"to": ("0.channels", "0.channel_id"), "body": ("0.content", "0.file", 0)},
        tags=("service:slack",),
        result=_ANSWER,
    ),
    Known(
        across(_SLACK, "conversations.history conversations.replies search.messages"),
        EffectKind.CALL,
        {"0": (0,)},
        tags=("service:slack", "reads"),
        result=Result(passes=(), gives=SourceKind.REMOTE, named="Slack messages"),
    ),
    Known(
        ("@slack/webhook.IncomingWebhook().send",),
        EffectKind.MESSAGE,
        {"body": (0,)},
        tags=("service:slack",),
        result=_ANSWER,
    ),
    Known(
        ("twilio().messages.create", "twilio.Twilio().messages.create", "twilio().calls.create"),
        EffectKind.MESSAGE,
        {"to": ("0.to",), "body": ("0.body", "0.twiml", "0.url")},
        tags=("service:twilio",),
        result=_ANSWER,
    ),
    Known(
        (
            *across(("node-telegram-bot-api().", "telegraf.Telegraf().telegram."), "sendMessage"),
            *across(("node-telegram-bot-api().", "telegraf.Telegraf().telegram."), "sendDocument"),
            *each("grammy.*.", "sendMessage reply"),
            "telegram.*.sendMessage",
        ),
        EffectKind.MESSAGE,
        {"to": (0,), "body": (1,)},
        tags=("service:telegram",),
        result=_ANSWER,
    ),
    Known(
        ("discord.js.*.send", "discord.js.*.reply", "discord.js.WebhookClient().send"),
        EffectKind.MESSAGE,
        {"body": ("0.content", 0)},
        tags=("service:discord",),
        result=_ANSWER,
    ),
    Known(
        (
            "twitter-api-v2.*.tweet",
            "twitter-api-v2.*.sendDm",
            "@atproto/api.*.post",
            "masto.*.create",
            "snoowrap.*.submitSelfpost",
        ),
        EffectKind.MESSAGE,
        {"body": ("0.text", "0.status", 0)},
        tags=("public",),
        result=_ANSWER,
    ),
    Known(
        across(
            (
                "@octokit/rest.Octokit().",
                "octokit.Octokit().",
                "@octokit/rest.Octokit().rest.",
                "octokit.Octokit().rest.",
                "@actions/github.getOctokit().rest.",
            ),
            "issues.create issues.createComment issues.update pulls.create pulls.merge "
            "pulls.createReview repos.createOrUpdateFileContents repos.createForAuthenticatedUser "
            "gists.create git.createCommit repos.delete repos.deleteFile",
        ),
        EffectKind.MESSAGE,
        {"to": ("0.repo",), "body": ("0.body", "0.content", 0)},
        tags=("service:github",),
        result=_ANSWER,
    ),
    Known(
        across(_OCTOKIT, "*"),
        EffectKind.REQUEST,
        {"body": (0,), "client": ("base",)},
        tags=("service:github", "name tells"),
        result=_OF_GITHUB,
    ),
    Known(
        across(_OCTOKIT, "request paginate paginate.iterator"),
        EffectKind.REQUEST,
        {"url": (0,), "body": (1,), "client": ("base",)},
        tags=("service:github",),
        result=_OF_GITHUB,
    ),
    Known(
        (*across(_OCTOKIT, "graphql"), "@octokit/graphql.graphql"),
        EffectKind.REQUEST,
        {"body": (0,), "parameters": (1,)},
        tags=("service:github",),
        result=_OF_GITHUB,
    ),
    Known(
        (
            "@notionhq/client.Client().pages.create",
            "@notionhq/client.Client().pages.update",
            "@notionhq/client.Client().blocks.children.append",
            "@notionhq/client.Client().comments.create",
            *across(
                ("@linear/sdk.LinearClient().",),
                "createIssue updateIssue createComment updateComment createProject updateProject "
                "createProjectUpdate createDocument createAttachment createIssueLabel "
                "createCustomerNeed createReaction",
            ),
            "jira.js.*.createIssue",
            "jira-client.*.addNewIssue",
        ),
        EffectKind.MESSAGE,
        {"body": (0,)},
        tags=("service:work tracker",),
        result=_ANSWER,
    ),
    Known(
        ("@linear/sdk.LinearClient().*",),
        EffectKind.REQUEST,
        {"body": (1, 0), "client": ("base",)},
        result=_ANSWER,
    ),
    Known(
        (
            "firebase-admin.messaging().send",
            "web-push.sendNotification",
            "kafkajs.*.send",
            "amqplib.*.sendToQueue",
            "amqplib.*.publish",
            "nats.*.publish",
            "@aws-sdk/client-sns.PublishCommand",
            "@aws-sdk/client-sqs.SendMessageCommand",
            "@google-cloud/pubsub.*.publishMessage",
        ),
        EffectKind.MESSAGE,
        {
            "to": ("0.TopicArn", "0.QueueUrl", "0.topic", 0),
            "body": ("0.Message", "0.MessageBody", "0.messages", 1, 0),
        },
        result=_ANSWER,
    ),
    Known(
        (
            "@sentry/node.captureMessage",
            "@sentry/node.captureException",
            "@sentry/node.setUser",
            "posthog-node.PostHog().capture",
            "posthog-node.PostHog().identify",
            "@segment/analytics-node.Analytics().track",
            "mixpanel.init().track",
            "@amplitude/analytics-node.track",
            "applicationinsights.*.trackEvent",
        ),
        EffectKind.MESSAGE,
        {"body": ("rest:0",)},
        tags=("telemetry",),
        result=NO_RESULT,
    ),
    Known(
        (
            "openai().*.create",
            "openai.OpenAI().*.create",
            "openai.*.create",
            "@anthropic-ai/sdk().messages.create",
            "@anthropic-ai/sdk.*.create",
            "@google/generative-ai.*.generateContent",
            "@google/genai.*.generateContent",
            "ai.generateText",
            "ai.streamText",
            "ai.generateObject",
            "ollama.chat",
            "ollama.generate",
            "groq-sdk().*.create",
            "@mistralai/mistralai.*.complete",
            "*.chat.completions.create",
        ),
        EffectKind.MESSAGE,
        {"body": ("0.messages", "0.input", "0.prompt", "0.contents", 0), "system": ("0.system",)},
        tags=("service:model",),
        result=Result(passes=(), gives=SourceKind.REMOTE, named="answer of a model"),
    ),
)

_STRIPE: Final = (
    "paymentIntents.create paymentIntents.confirm charges.create transfers.create payouts.create "
    "refunds.create subscriptions.create invoices.pay paymentIntents.capture"
)

_MONEY: Final = (
    Known(
        across(("stripe().", "stripe.Stripe()."), _STRIPE),
        EffectKind.SPEND,
        {"amount": ("0.amount",), "to": ("0.destination", "0.customer", 0)},
        tags=("service:stripe",),
        result=_ANSWER,
    ),
    Known(
        (
            "ethers.*.sendTransaction",
            "ethers.*.transfer",
            "viem.*.sendTransaction",
            "viem.*.writeContract",
            "web3.*.sendTransaction",
            "web3.*.sendSignedTransaction",
            "@solana/web3.js.sendAndConfirmTransaction",
            "@solana/web3.js.*.sendTransaction",
            "ccxt.*.createOrder",
            "ccxt.*.withdraw",
            "@alpacahq/alpaca-trade-api.*.createOrder",
            "*.sendTransaction",
        ),
        EffectKind.SPEND,
        {"amount": ("0.value", "0.qty", 1), "to": ("0.to", 0)},
        result=_ANSWER,
    ),
)

_CLOUD: Final = (
    Known(
        ("@aws-sdk/client-s3.PutObjectCommand", "@aws-sdk/lib-storage.Upload"),
        EffectKind.REQUEST,
        {"to": ("0.Bucket",), "key": ("0.Key",), "body": ("0.Body", 0)},
        tags=("service:aws-s3", "upload"),
        result=Result(keeps=True),
    ),
    Known(
        each("@aws-sdk/client-s3.", "GetObjectCommand ListObjectsV2Command HeadObjectCommand"),
        EffectKind.CALL,
        {"bucket": ("0.Bucket",), "key": ("0.Key",)},
        tags=("service:aws-s3",),
        result=Result(keeps=True),
    ),
    Known(
        (
            *each("@aws-sdk/client-s3.", "DeleteObjectCommand DeleteBucketCommand"),
            "@aws-sdk/client-ec2.TerminateInstancesCommand",
            "@aws-sdk/client-dynamodb.DeleteTableCommand",
        ),
        EffectKind.CALL,
        {"target": (0,)},
        tags=("service:aws", "destructive"),
        result=Result(keeps=True),
    ),
    Known(
        (
            "@aws-sdk/client-secrets-manager.GetSecretValueCommand",
            "@aws-sdk/client-ssm.GetParameterCommand",
        ),
        EffectKind.CALL,
        {"name": ("0.SecretId", "0.Name")},
        tags=("service:aws", "secret"),
        result=Result(passes=(), gives=SourceKind.SECRET, named="secret of a vault"),
    ),
    Known(
        (
            *across(
                ("@aws-sdk/client-s3.", "@aws-sdk/client-lambda."),
                "S3Client().send LambdaClient().send",
            ),
            "@aws-sdk/client-dynamodb.DynamoDBClient().send",
        ),
        result=Result(passes=(0,), gives=SourceKind.REMOTE, named="answer of AWS"),
    ),
    Known(
        (
            "@google-cloud/storage.*.upload",
            "@google-cloud/storage.*.save",
            "@azure/storage-blob.*.upload",
            "@azure/storage-blob.*.uploadFile",
            "minio.*.putObject",
            "dropbox.*.filesUpload",
            "googleapis.*.files.create",
            "@vercel/blob.put",
            "cloudinary.*.upload",
        ),
        EffectKind.REQUEST,
        {"body": (1, 0), "path": (0,)},
        tags=("upload",),
        result=_ANSWER,
    ),
    Known(
        ("googleapis.*.get", "googleapis.*.list", "googleapis.*.search"),
        result=Result(passes=(), gives=SourceKind.REMOTE, named="answer of Google"),
    ),
)

TABLE = Library(
    "services",
    known=(*_MAIL, *_MESSAGES, *_MONEY, *_CLOUD),
    aliases={
        "@aws-sdk/client-s3.S3": "@aws-sdk/client-s3.S3Client",
        "@sentry/browser": "@sentry/node",
        "@sentry/nextjs": "@sentry/node",
        "@sendgrid/mail.MailService()": "@sendgrid/mail",
        "octokit.App": "octokit.Octokit",
    },
)
