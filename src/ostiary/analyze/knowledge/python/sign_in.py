"""Addresses of sign-in pages that libraries of OAuth and OpenID Connect put together in Python."""

from __future__ import annotations

from ostiary.analyze.dataflow.guarantee import FIXED_HOST, URL_ENCODED
from ostiary.analyze.knowledge.known import Known, Library, Result

TABLE = Library(
    "sign-in",
    known=(
        Known(
            (
                "google_auth_oauthlib.flow.Flow.*.authorization_url",
                "google_auth_oauthlib.flow.InstalledAppFlow.*.authorization_url",
                "msal.*.get_authorization_request_url",
                "msal.*.initiate_auth_code_flow",
            ),
            result=Result(adds=FIXED_HOST | URL_ENCODED),
        ),
    ),
)
