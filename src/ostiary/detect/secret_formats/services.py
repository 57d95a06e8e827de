"""Tokens of work, design, data and other hosted services."""

from __future__ import annotations

from ostiary.detect.secret_formats.form import SecretFormat
from ostiary.model.grade import Confidence

_OWNER = "everything its owner can see and change"

FORMATS: tuple[SecretFormat, ...] = (
    SecretFormat(
        "Notion token",
        r"\bntn_[A-Za-z0-9]{43,48}\b|\bsecret_[A-Za-z0-9]{43}\b",
        ("ntn_", "secret_"),
        breadth="the pages shared with the integration",
    ),
    SecretFormat(
        "Linear key",
        r"\blin_(?:api|oauth)_[A-Za-z0-9]{32,64}\b",
        ("lin_",),
        breadth=_OWNER,
        coarse=True,
    ),
    SecretFormat(
        "Airtable token",
        r"\bpat[A-Za-z0-9]{14}\.[0-9a-f]{64}\b",
        ("pat",),
        breadth="the bases and scopes chosen for it",
        unbroken=82,
    ),
    SecretFormat(
        "Asana token",
        r"\b[12]/\d{10,20}(?:/\d{10,20})?:[0-9a-f]{32}\b",
        (":",),
        breadth=_OWNER,
        coarse=True,
        unbroken=45,
    ),
    SecretFormat(
        "Figma token",
        r"\bfig[dou]_?[duor]?_[A-Za-z0-9_-]{40,60}|\bfigd_[A-Za-z0-9_-]{35,60}",
        ("figd_", "figo", "figu"),
        breadth="the scopes chosen for it",
    ),
    SecretFormat(
        "HubSpot token",
        r"\bpat-(?:na|eu|ap)\d-[0-9a-f]{8}-[0-9a-f-]{27}\b",
        ("pat-",),
        breadth="the scopes of one private app",
    ),
    SecretFormat(
        "Postman key",
        r"\bPMAK-[0-9a-f]{24}-[0-9a-f]{34}\b",
        ("pmak-",),
        breadth=_OWNER,
        coarse=True,
    ),
    SecretFormat("Typeform token", r"\btfp_[A-Za-z0-9_.=-]{40,70}", ("tfp_",)),
    SecretFormat("Dropbox token", r"\bsl\.[uB]?\.?[A-Za-z0-9_-]{100,}", ("sl.",)),
    SecretFormat(
        "ClickUp token", r"\bpk_\d{6,10}_[A-Z0-9]{32}\b", ("pk_",), breadth=_OWNER, coarse=True
    ),
    SecretFormat(
        "Contentful token", r"\bCFPAT-[A-Za-z0-9_-]{43}\b", ("cfpat-",), breadth=_OWNER, coarse=True
    ),
    SecretFormat(
        "Mapbox secret token", r"\bsk\.eyJ[A-Za-z0-9_-]{40,}\.[A-Za-z0-9_-]{20,30}", ("sk.eyj",)
    ),
    SecretFormat("ReadMe key", r"\brdme_[a-z0-9]{70}\b", ("rdme_",)),
    SecretFormat(
        "Okta token",
        r"(?i)(?:okta|ssws)[a-z_ ]{0,20}['\"=: ]{1,5}(?P<secret>00[A-Za-z0-9_-]{40})\b",
        ("okta", "ssws"),
        breadth=_OWNER,
        coarse=True,
    ),
    SecretFormat("Pipedream token", r"\bpd_[a-z]{2,6}_[0-9a-f]{32}\b", ("pd_",), Confidence.MEDIUM),
    SecretFormat(
        "Smithery key",
        r"(?i)smithery\.ai/[^\s]{0,}[?&](?:api_key|key)=(?P<secret>[0-9a-f-]{36})",
        ("smithery.ai",),
    ),
    SecretFormat(
        "Zapier MCP address",
        r"\bmcp\.zapier\.com/api/mcp/s/(?P<secret>[A-Za-z0-9=]{30,})",
        ("mcp.zapier.com",),
        breadth="every action enabled in that MCP server",
        coarse=True,
    ),
    SecretFormat("Composio key", r"\bak_[A-Za-z0-9_-]{20}\b", ("ak_",), Confidence.MEDIUM),
    SecretFormat("Meta access token", r"\bEAA[A-Za-z0-9]{80,}\b", ("eaa",), Confidence.MEDIUM),
    SecretFormat(
        "age secret key",
        r"\bAGE-SECRET-KEY-1[QPZRY9X8GF2TVDW0S3JN54KHCE6MUA7L]{58}\b",
        ("age-secret-key-",),
    ),
)
