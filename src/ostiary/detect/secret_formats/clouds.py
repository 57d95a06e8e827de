"""Keys of cloud platforms, hosting and operations services."""

from __future__ import annotations

from ostiary.detect.secret_formats.form import SecretFormat
from ostiary.model.grade import Confidence

_AWS = (
    "a long-lived key of an IAM user or of the account's root; what it opens is not visible in it"
)
_ACCOUNT = "the whole account"

FORMATS: tuple[SecretFormat, ...] = (
    SecretFormat(
        "AWS access key (long-lived)",
        r"\b(?:AKIA|ABIA|ACCA)[A-Z2-7]{16}\b",
        ("akia", "abia", "acca"),
        breadth=_AWS,
        coarse=True,
    ),
    SecretFormat(
        "AWS access key (temporary)",
        r"\bASIA[A-Z2-7]{16}\b",
        ("asia",),
        breadth="one role, for hours",
    ),
    SecretFormat(
        "AWS secret key",
        r"(?i)aws.{0,20}secret.{0,20}[=:]\s{0,3}['\"]?(?P<secret>[A-Za-z0-9/+]{40})(?:[^A-Za-z0-9/+]|$)",
        ("secret",),
        breadth=_AWS,
        coarse=True,
    ),
    SecretFormat("AWS Bedrock API key", r"\bABSK[A-Za-z0-9+/]{60,}={0,2}", ("absk",)),
    SecretFormat(
        "Google API key",
        r"\bAIza[A-Za-z0-9_-]{35}",
        ("aiza",),
        breadth="every API enabled in its project, unless restricted in the console",
    ),
    SecretFormat("Google OAuth client secret", r"\bGOCSPX-[A-Za-z0-9_-]{28}", ("gocspx-",)),
    SecretFormat("Google OAuth access token", r"\bya29\.[A-Za-z0-9_-]{30,}", ("ya29.",)),
    SecretFormat("Google OAuth refresh token", r"\b1//0[A-Za-z0-9_-]{40,}", ("1//0",)),
    SecretFormat(
        "Google service-account key",
        r"\"private_key_id\"\s{0,5}:\s{0,5}\"(?P<secret>[0-9a-f]{40})\"",
        ("private_key_id",),
        breadth="everything granted to the service account; never expires",
        coarse=True,
    ),
    SecretFormat(
        "Azure storage account key",
        r"(?i)AccountKey=(?P<secret>[A-Za-z0-9+/]{86}==)",
        ("accountkey=",),
        breadth="all data of the storage account",
        coarse=True,
    ),
    SecretFormat(
        "Azure shared access key",
        r"(?i)SharedAccessKey=(?P<secret>[A-Za-z0-9+/]{40,44}={0,2})",
        ("sharedaccesskey=",),
        breadth="what its policy grants on the namespace",
    ),
    SecretFormat(
        "Azure shared access signature",
        r"[?&;]sig=(?P<secret>[A-Za-z0-9%+/]{40,80}(?:%3[dD]|=){0,2})",
        ("sig=",),
        breadth="the resource, permissions and time written in the URL",
    ),
    SecretFormat(
        "Azure client secret",
        r"(?:^|[^A-Za-z0-9_~.-])(?P<secret>[A-Za-z0-9_~.]{3}[78]Q~[A-Za-z0-9_~.-]{31,34})",
        ("7q~", "8q~"),
    ),
    SecretFormat("Azure DevOps token", r"\b[A-Za-z0-9]{76}AZDO[A-Za-z0-9]{4}\b", ("azdo",)),
    SecretFormat(
        "DigitalOcean token",
        r"\bdo[opr]_v1_[0-9a-f]{64}\b",
        ("dop_v1_", "doo_v1_", "dor_v1_"),
    ),
    SecretFormat("Heroku API key", r"\bHRKU-[A-Za-z0-9_-]{36,70}", ("hrku-",), breadth=_ACCOUNT),
    SecretFormat(
        "Cloudflare origin CA key",
        r"\bv1\.0-[0-9a-f]{24}-[0-9a-f]{146}\b",
        ("v1.0-",),
    ),
    SecretFormat(
        "Cloudflare global API key",
        r"(?i)cloudflare[a-z_]{0,12}(?:global|api)_key['\"]?\s{0,3}[=:]\s{0,3}['\"]?(?P<secret>[0-9a-f]{37})\b",
        ("cloudflare",),
        breadth=_ACCOUNT,
        coarse=True,
    ),
    SecretFormat(
        "Fly.io token",
        r"\b(?:fo1_[A-Za-z0-9_-]{43}|fm[12][ar]?_[A-Za-z0-9+/]{100,})",
        ("fo1_", "fm1", "fm2"),
    ),
    SecretFormat("Netlify token", r"\bnfp_[A-Za-z0-9]{36,40}\b", ("nfp_",), breadth=_ACCOUNT),
    SecretFormat(
        "Supabase access token",
        r"\bsbp_(?:oauth_)?[0-9a-f]{40}\b",
        ("sbp_",),
        breadth="every organisation and project of its owner",
        coarse=True,
    ),
    SecretFormat(
        "Supabase secret key",
        r"\bsb_secret_[A-Za-z0-9_-]{20,60}",
        ("sb_secret_",),
        breadth="all data of the project; row-level security does not apply",
        coarse=True,
    ),
    SecretFormat("Render API key", r"\brnd_[A-Za-z0-9]{28,40}\b", ("rnd_",), breadth=_ACCOUNT),
    SecretFormat("Alibaba Cloud access key", r"\bLTAI[A-Za-z0-9]{12,26}\b", ("ltai",)),
    SecretFormat("Tencent Cloud secret id", r"\bAKID[A-Za-z0-9]{32}\b", ("akid",)),
    SecretFormat("Yandex Cloud API key", r"\bAQVN[A-Za-z0-9_-]{35,38}", ("aqvn",)),
    SecretFormat("Databricks token", r"\bdapi[0-9a-f]{32}(?:-\d)?\b", ("dapi",)),
    SecretFormat(
        "Terraform Cloud token", r"\b[A-Za-z0-9]{14}\.atlasv1\.[A-Za-z0-9_-]{60,70}", (".atlasv1.",)
    ),
    SecretFormat("Pulumi access token", r"\bpul-[0-9a-f]{40}\b", ("pul-",)),
    SecretFormat(
        "Doppler token", r"\bdp\.(?:pt|st|sa|ct|scim|audit)\.[A-Za-z0-9_.-]{40,80}", ("dp.",)
    ),
    SecretFormat(
        "HashiCorp Vault token", r"\bhv[sbr]\.[A-Za-z0-9_-]{24,}", ("hvs.", "hvb.", "hvr.")
    ),
    SecretFormat(
        "PlanetScale credential", r"\bpscale_(?:tkn|pw|oauth)_[A-Za-z0-9_.=-]{32,64}", ("pscale_",)
    ),
    SecretFormat("Neon API key", r"\bnapi_[0-9a-z]{60,70}\b", ("napi_",), breadth=_ACCOUNT),
    SecretFormat(
        "Grafana token",
        r"\bgl(?:sa_[A-Za-z0-9]{32}_[0-9a-f]{8}|c_[A-Za-z0-9+/]{32,}={0,2})",
        ("glsa_", "glc_"),
    ),
    SecretFormat("New Relic API key", r"\bNRA[KL]-[A-Z0-9]{27}\b", ("nrak-", "nral-")),
    SecretFormat("Sentry token", r"\bsntry[su]_[A-Za-z0-9_=+/]{60,}", ("sntrys_", "sntryu_")),
    SecretFormat("Dynatrace token", r"\bdt0[a-z]\d{2}\.[A-Z0-9]{24}\.[A-Z0-9]{64}\b", ("dt0",)),
    SecretFormat("Honeycomb key", r"\bhca[ik][cki]_[0-9a-z]{58}\b", ("hca",)),
    SecretFormat("PostHog personal key", r"\bphx_[A-Za-z0-9]{40,50}\b", ("phx_",)),
    SecretFormat(
        "Tailscale key",
        r"\btskey-(?:api|auth|client|scim|webhook)-[A-Za-z0-9]{8,20}-[A-Za-z0-9]{20,40}\b",
        ("tskey-",),
    ),
    SecretFormat(
        "LaunchDarkly key",
        r"\b(?:api|sdk)-[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}\b",
        ("api-", "sdk-"),
        Confidence.MEDIUM,
    ),
    SecretFormat("Prefect API key", r"\bpn[ub]_[A-Za-z0-9]{36}\b", ("pnu_", "pnb_")),
    SecretFormat(
        "1Password service-account token",
        r"\bops_eyJ[A-Za-z0-9_-]{200,}",
        ("ops_eyj",),
        breadth="every vault granted to the service account",
        coarse=True,
    ),
    SecretFormat(
        "Snyk token", r"\bsnyk_(?:uat|sat)\.[A-Za-z0-9]{8}\.[A-Za-z0-9_.-]{40,}", ("snyk_",)
    ),
)
