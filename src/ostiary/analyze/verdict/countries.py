"""In which country a destination stands, as far as its name tells. Mostly it does not."""

from __future__ import annotations

import re

from ostiary.model.grade import Confidence

_GENERIC_WORDS = (
    "ac ag ai am as bz cc cd cf co cx dj fm ga gd gg gl gq gs im in io is it je la li lc "
    "ly me ml ms mu nu pn pw re sc sh so st su sx tk tl tm to tv us vc vg vu ws"
)
_GENERIC = frozenset(_GENERIC_WORDS.split())
"""Country codes that are sold to everybody, or too short to tell from a word: they say nothing."""

_EU = "EU"
_REGIONS = {
    "af-south-1": "ZA",
    "ap-east-1": "HK",
    "ap-northeast-1": "JP",
    "ap-northeast-2": "KR",
    "ap-northeast-3": "JP",
    "ap-south-1": "IN",
    "ap-southeast-1": "SG",
    "ap-southeast-2": "AU",
    "ap-southeast-3": "ID",
    "ca-central-1": "CA",
    "cn-north-1": "CN",
    "cn-northwest-1": "CN",
    "eu-central-1": "DE",
    "eu-central-2": "CH",
    "eu-north-1": "SE",
    "eu-south-1": "IT",
    "eu-south-2": "ES",
    "eu-west-1": "IE",
    "eu-west-2": "GB",
    "eu-west-3": "FR",
    "il-central-1": "IL",
    "me-central-1": "AE",
    "me-south-1": "BH",
    "sa-east-1": "BR",
    "us-east-1": "US",
    "us-east-2": "US",
    "us-gov-east-1": "US",
    "us-gov-west-1": "US",
    "us-west-1": "US",
    "us-west-2": "US",
    "asia-east1": "TW",
    "asia-east2": "HK",
    "asia-northeast1": "JP",
    "asia-south1": "IN",
    "asia-southeast1": "SG",
    "australia-southeast1": "AU",
    "europe-central2": "PL",
    "europe-north1": "FI",
    "europe-southwest1": "ES",
    "europe-west1": "BE",
    "europe-west2": "GB",
    "europe-west3": "DE",
    "europe-west4": "NL",
    "europe-west6": "CH",
    "europe-west8": "IT",
    "europe-west9": "FR",
    "northamerica-northeast1": "CA",
    "southamerica-east1": "BR",
    "us-central1": "US",
    "us-east1": "US",
    "us-east4": "US",
    "us-west1": "US",
    "westeurope": "NL",
    "northeurope": "IE",
    "germanywestcentral": "DE",
    "francecentral": "FR",
    "switzerlandnorth": "CH",
    "uksouth": "GB",
    "swedencentral": "SE",
    "eastus": "US",
    "eastus2": "US",
    "westus2": "US",
}
"""Regions of the large clouds, as their documentation places them."""
_CLOUDS = (
    ".amazonaws.com",
    ".amazonaws.com.cn",
    ".run.app",
    ".cloudfunctions.net",
    ".azure.com",
    ".azurewebsites.net",
    ".on.aws",
)
_LABEL = re.compile(r"[a-z0-9-]{1,63}")
_LONGEST = 253


def country_of(host: str) -> tuple[str, Confidence] | None:
    """The two-letter code of the country, with how sure it is; ``None`` where nothing tells.

    A region in a cloud's host name is sure. A country's domain is medium: it is registered there,
    and its machines may stand elsewhere.
    """
    name = host.strip().rstrip(".").lower().rpartition("@")[2].partition(":")[0]
    labels = name.split(".")
    if len(name) > _LONGEST or len(labels) < 2 or not all(map(_LABEL.fullmatch, labels)):
        return None
    if name.endswith(_CLOUDS):
        return _region(name)
    last = labels[-1]
    if len(last) != 2 or not last.isalpha() or last in _GENERIC:
        return None
    return ("GB" if last == "uk" else last.upper()), Confidence.MEDIUM


def _region(name: str) -> tuple[str, Confidence] | None:
    for label in name.split("."):
        for region, country in _REGIONS.items():
            if label == region or label.endswith(f"-{region}"):
                return country, Confidence.HIGH
    return None


def allowed(country: str, countries: tuple[str, ...]) -> bool:
    """Whether data may go there."""
    wanted = {one.upper() for one in countries}
    return country in wanted or (_EU in wanted and country in _MEMBERS | {_EU})


_MEMBERS_WORDS = "AT BE BG CY CZ DE DK EE ES FI FR GR HR HU IE IT LT LU LV MT NL PL PT RO SE SI SK"
_MEMBERS = frozenset(_MEMBERS_WORDS.split())
