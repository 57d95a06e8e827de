"""Payments, shops and markets."""

from __future__ import annotations

from ostiary.flow.known.record import Known, does
from ostiary.model.access import DataClass, Level

KNOWN: tuple[Known, ...] = (
    Known(
        ("npm:@stripe/mcp", "npm:@stripe/agent-toolkit", "url:mcp.stripe.com", "oci:mcp/stripe"),
        "API wrapper",
        (
            does(
                "list_customers list_invoices list_payment_intents list_subscriptions "
                "list_disputes retrieve_balance",
                Level.READ,
                "payment",
                DataClass.FINANCIAL,
                "P",
            ),
            does(
                "create_customer create_product create_price create_coupon create_payment_link "
                "update_subscription update_dispute",
                Level.WRITE,
                "payment",
                DataClass.FINANCIAL,
            ),
            does("create_refund", Level.SPEND, "payment", DataClass.FINANCIAL),
            does(
                "create_invoice finalize_invoice", Level.SEND, "invoice", DataClass.FINANCIAL, "o"
            ),
            does("cancel_subscription", Level.DESTROY, "subscription", DataClass.FINANCIAL),
        ),
    ),
    Known(
        ("npm:@paypal/mcp", "npm:@paypal/agent-toolkit", "url:mcp.paypal.com"),
        "API wrapper",
        (
            does("(transaction reading tools)", Level.READ, "payment", DataClass.FINANCIAL, "P"),
            does("(order and refund tools)", Level.SPEND, "payment", DataClass.FINANCIAL),
            does("(invoice tools)", Level.SEND, "invoice", DataClass.FINANCIAL, "o"),
        ),
    ),
    Known(
        (
            "url:mcp.squareup.com",
            "npm:square-mcp-server",
            "url:mcp.razorpay.com",
        ),
        "API wrapper",
        (
            does("(payment reading tools)", Level.READ, "payment", DataClass.FINANCIAL, "P"),
            does("(payment tools)", Level.SPEND, "payment", DataClass.FINANCIAL),
        ),
    ),
    Known(
        ("npm:shopify-mcp", "npm:shopify-mcp-server", "npm:@amir-bengherbi/shopify-mcp-server"),
        "API wrapper",
        (
            does("(shop reading tools)", Level.READ, "order", DataClass.PERSONAL, "Pu"),
            does("(shop writing tools)", Level.WRITE, "order", DataClass.FINANCIAL),
        ),
    ),
    Known(
        ("url:mcp.kite.trade", "pypi:alpaca-mcp-server"),
        "API wrapper",
        (
            does("(portfolio tools)", Level.READ, "portfolio", DataClass.FINANCIAL, "P"),
            does("(order tools)", Level.SPEND, "order", DataClass.FINANCIAL),
        ),
    ),
)
"""Servers that move money."""
