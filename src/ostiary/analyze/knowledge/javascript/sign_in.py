"""Addresses of sign-in pages that libraries of OAuth and OpenID Connect put together in scripts."""

from __future__ import annotations

from ostiary.analyze.dataflow.guarantee import FIXED_HOST, URL_ENCODED
from ostiary.analyze.knowledge.known import Known, Library, Result

TABLE = Library(
    "sign-in",
    known=(
        Known(
            ("openid-client.buildAuthorizationUrl", "openid-client.buildEndSessionUrl"),
            result=Result(passes=(1,), adds=FIXED_HOST | URL_ENCODED, external="URL()"),
        ),
        Known(
            (
                "openid-client.*.authorizationUrl",
                "openid-client.*.endSessionUrl",
                "google-auth-library.OAuth2Client().generateAuthUrl",
                "googleapis.google.auth.OAuth2().generateAuthUrl",
                "@azure/msal-node.*.getAuthCodeUrl",
                "simple-oauth2.AuthorizationCode().authorizeURL",
                "arctic.*.createAuthorizationURL",
            ),
            result=Result(adds=FIXED_HOST | URL_ENCODED, external="URL()"),
        ),
    ),
)
