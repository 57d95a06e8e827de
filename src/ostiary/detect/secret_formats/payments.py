"""Keys of payment and commerce services."""

from __future__ import annotations

from ostiary.detect.secret_formats.form import SecretFormat

_ALL = "everything in the account: charges, refunds, payouts and customer data"

FORMATS: tuple[SecretFormat, ...] = (
    SecretFormat(
        "Stripe live secret key",
        r"\bsk_live_[A-Za-z0-9]{20,}\b",
        ("sk_live_",),
        breadth=_ALL,
        coarse=True,
    ),
    SecretFormat(
        "Stripe test secret key",
        r"\bsk_test_[A-Za-z0-9]{20,}\b",
        ("sk_test_",),
        breadth="test data only",
    ),
    SecretFormat(
        "Stripe restricted key",
        r"\brk_(?:live|test)_[A-Za-z0-9]{20,}\b",
        ("rk_live_", "rk_test_"),
        breadth="the permissions chosen for it",
    ),
    SecretFormat("Stripe webhook secret", r"\bwhsec_[A-Za-z0-9+/=]{24,64}", ("whsec_",)),
    SecretFormat(
        "Square access token",
        r"\bEAAA[lE][A-Za-z0-9_-]{58,70}|\bsq0(?:atp|csp)-[A-Za-z0-9_-]{22,43}",
        ("eaaa", "sq0"),
        breadth=_ALL,
        coarse=True,
    ),
    SecretFormat(
        "PayPal access token",
        r"access_token\$(?:production|live)\$[0-9a-z]{16}\$[0-9a-f]{32}",
        ("access_token$",),
        breadth=_ALL,
        coarse=True,
    ),
    SecretFormat("Shopify token", r"\bshp(?:at|ca|pa|ss)_[0-9a-fA-F]{32}\b", ("shp",)),
    SecretFormat("Razorpay key", r"\brzp_live_[A-Za-z0-9]{14,24}\b", ("rzp_live_",)),
    SecretFormat(
        "Paddle key",
        r"\bpdl_(?:live|sdbx)_apikey_[a-z0-9]{26}_[A-Za-z0-9]{22}_[A-Za-z0-9]{3}\b",
        ("pdl_",),
    ),
    SecretFormat("Adyen key", r"\bAQE[a-z][A-Za-z0-9+/=-]{60,}", ("aqe",)),
    SecretFormat("Shippo token", r"\bshippo_live_[0-9a-f]{40}\b", ("shippo_live_",)),
    SecretFormat("Lob key", r"\blive_pub_[0-9a-f]{31}\b|\blive_[0-9a-f]{35}\b", ("live_",)),
)
