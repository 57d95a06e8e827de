"""The code half of ``make corpus``: labelled servers, who finds what in them."""
