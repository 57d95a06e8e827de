"""Keys of model providers, search and agent services."""

from __future__ import annotations

from ostiary.detect.secret_formats.form import SecretFormat
from ostiary.model.grade import Confidence

_PROJECT = "one project: whatever its permissions allow there, and spending"
_SPEND = "calls and spending on the whole account"

FORMATS: tuple[SecretFormat, ...] = (
    SecretFormat(
        "Anthropic admin key",
        r"\bsk-ant-admin\d{2}-[A-Za-z0-9_-]{60,}",
        ("sk-ant-",),
        breadth="members, workspaces and keys of the organisation",
        coarse=True,
    ),
    SecretFormat(
        "Anthropic OAuth token",
        r"\bsk-ant-o[ar]t\d{2}-[A-Za-z0-9_-]{60,}",
        ("sk-ant-",),
        breadth="its owner's subscription",
    ),
    SecretFormat(
        "Anthropic API key",
        r"\bsk-ant-(?:api|sid)\d{2}-[A-Za-z0-9_-]{60,}",
        ("sk-ant-",),
        breadth="one workspace: calls and spending",
    ),
    SecretFormat(
        "OpenAI admin key",
        r"\bsk-admin-[A-Za-z0-9_-]{40,}",
        ("sk-admin-",),
        breadth="users, projects and keys of the organisation",
        coarse=True,
    ),
    SecretFormat(
        "OpenAI project key",
        r"\bsk-(?:proj|svcacct)-[A-Za-z0-9_-]{40,}",
        ("sk-proj-", "sk-svcacct-"),
        breadth=_PROJECT,
    ),
    SecretFormat(
        "OpenAI user key",
        r"\bsk-(?:None-)?[A-Za-z0-9]{20}T3BlbkFJ[A-Za-z0-9]{20}\b",
        ("t3blbkfj",),
        breadth="every organisation its owner belongs to",
        coarse=True,
    ),
    SecretFormat("OpenRouter key", r"\bsk-or-v1-[0-9a-f]{64}\b", ("sk-or-",), breadth=_SPEND),
    SecretFormat("Langfuse secret key", r"\bsk-lf-[0-9a-f]{8}-[0-9a-f-]{27}\b", ("sk-lf-",)),
    SecretFormat(
        "secret API key (sk-)", r"\bsk-[A-Za-z0-9]{32,64}\b", ("sk-",), Confidence.MEDIUM, _SPEND
    ),
    SecretFormat("Hugging Face token", r"\bhf_[A-Za-z0-9]{34,40}\b", ("hf_",)),
    SecretFormat(
        "Hugging Face organisation token",
        r"\bapi_org_[A-Za-z0-9]{34}\b",
        ("api_org_",),
        coarse=True,
        breadth="the whole organisation",
    ),
    SecretFormat("Replicate token", r"\br8_[A-Za-z0-9]{37,40}\b", ("r8_",), breadth=_SPEND),
    SecretFormat("Groq key", r"\bgsk_[A-Za-z0-9]{48,56}\b", ("gsk_",), breadth=_SPEND),
    SecretFormat("xAI key", r"\bxai-[A-Za-z0-9]{70,90}\b", ("xai-",), breadth=_SPEND),
    SecretFormat("Perplexity key", r"\bpplx-[A-Za-z0-9]{40,60}\b", ("pplx-",), breadth=_SPEND),
    SecretFormat(
        "Fireworks key", r"\bfw_[A-Za-z0-9]{22,40}\b", ("fw_",), Confidence.MEDIUM, _SPEND
    ),
    SecretFormat("Together key", r"\btgp_v1_[A-Za-z0-9_-]{40,60}", ("tgp_v1_",), breadth=_SPEND),
    SecretFormat("Cerebras key", r"\bcsk-[a-z0-9]{40,60}\b", ("csk-",), breadth=_SPEND),
    SecretFormat("NVIDIA key", r"\bnvapi-[A-Za-z0-9_-]{60,70}", ("nvapi-",), breadth=_SPEND),
    SecretFormat("Voyage key", r"\bpa-[A-Za-z0-9_-]{43}\b", ("pa-",), Confidence.MEDIUM, _SPEND),
    SecretFormat(
        "Tavily key", r"\btvly-(?:dev-|prod-)?[A-Za-z0-9]{24,40}\b", ("tvly-",), breadth=_SPEND
    ),
    SecretFormat("Firecrawl key", r"\bfc-[0-9a-f]{32}\b", ("fc-",), breadth=_SPEND),
    SecretFormat(
        "Brave Search key", r"\bBSA[A-Za-z0-9_-]{20,30}\b", ("bsa",), Confidence.MEDIUM, _SPEND
    ),
    SecretFormat("E2B key", r"\be2b_[0-9a-f]{40}\b", ("e2b_",), breadth=_SPEND),
    SecretFormat("LangSmith key", r"\blsv2_(?:pt|sk)_[0-9a-f]{32}_[0-9a-f]{10}\b", ("lsv2_",)),
    SecretFormat("Pinecone key", r"\bpcsk_[A-Za-z0-9]{5,8}_[A-Za-z0-9]{50,70}\b", ("pcsk_",)),
    SecretFormat("ElevenLabs key", r"\bsk_[0-9a-f]{48}\b", ("sk_",), breadth=_SPEND),
    SecretFormat(
        "Jina key", r"\bjina_[A-Za-z0-9]{32}[A-Za-z0-9_-]{20,40}", ("jina_",), breadth=_SPEND
    ),
    SecretFormat("Browserbase key", r"\bbb_live_[A-Za-z0-9_-]{20,40}", ("bb_live_",)),
    SecretFormat(
        "Apify token",
        r"\bapify_api_[A-Za-z0-9]{36,46}\b",
        ("apify_api_",),
        breadth="the whole account",
        coarse=True,
    ),
    SecretFormat("Context7 key", r"\bctx7sk-[0-9a-f-]{36}\b", ("ctx7sk-",)),
)
