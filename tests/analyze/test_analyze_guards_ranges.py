"""Tables of ranges that are not public, as servers write them: whole tables, and such with gaps."""

from __future__ import annotations

import pytest

from analyze.levels import TYPESCRIPT
from analyze.test_analyze_guards_public import PYTHON, forged

PYTHON_TABLES = (
    PYTHON
    + """
NETS = [
    ipaddress.ip_network("10.0.0.0/8"), ipaddress.ip_network("127.0.0.0/8"),
    ipaddress.ip_network("172.16.0.0/12"), ipaddress.ip_network("192.168.0.0/16"),
    ipaddress.ip_network("169.254.0.0/16"),
]
FEW = [ipaddress.ip_network("10.0.0.0/8"), ipaddress.ip_network("127.0.0.0/8")]
BEGIN = ("10.", "127.", "172.16.", "192.168.", "169.254.")

@server.tool()
def t(url: str):
    host = urlparse(url).hostname
    ip = ipaddress.ip_address(socket.gethostbyname(host))
    CHECK
    return requests.get(url).text
"""
)
FOUND = "socket.getaddrinfo(host, None)"


@pytest.mark.parametrize(
    ("check", "count"),
    [
        ("if any(ip in one for one in NETS): raise ValueError", 0),
        ("if any(ip in one for one in FEW): raise ValueError", 1),
        ("if not any(ip in one for one in NETS): raise ValueError", 1),
        ("for one in NETS:\n        if ip in one: raise ValueError", 0),
        ("for one in FEW:\n        if ip in one: raise ValueError", 1),
        ("for one in NETS:\n        if ip in one: break", 1),
        ("if str(ip).startswith(BEGIN): raise ValueError", 0),
        ("if str(ip).startswith(BEGIN[0]): raise ValueError", 1),
        ("if any(str(ip).startswith(one) for one in BEGIN): raise ValueError", 0),
        (f"if any(ipaddress.ip_address(x[4][0]).is_private for x in {FOUND}): raise OSError", 0),
        (f"if all(ipaddress.ip_address(x[4][0]).is_private for x in {FOUND}): raise OSError", 1),
        (f"if not all(ipaddress.ip_address(x[4][0]).is_global for x in {FOUND}): raise OSError", 0),
        (f"if not any(ipaddress.ip_address(x[4][0]).is_global for x in {FOUND}): raise OSError", 1),
    ],
)
def test_tables_of_ranges_in_python(check: str, count: int) -> None:
    assert forged(PYTHON_TABLES.replace("CHECK", check)) == count


SCRIPT = (
    TYPESCRIPT
    + r"""
import dns from "node:dns/promises";
import ipaddr from "ipaddr.js";
import { isIP, isIPv4 } from "node:net";
const RANGES = [/^10\./, /^127\./, /^172\.(1[6-9]|2\d|3[01])\./, /^192\.168\./, /^169\.254\./];
const GAPS = [/^10\./, /^127\./, /^192\.168\./];
const BEGIN = ["10.", "127.", "172.16.", "192.168.", "169.254."];
function byNumber(ip: string): boolean {
  const [a, b] = ip.split(".").map(Number);
  if (a === 10 || a === 127) return true;
  if (a === 172 && b >= 16 && b <= 31) return true;
  if (a === 192 && b === 168) return true;
  return a === 169 && b === 254;
}
function byFew(ip: string): boolean {
  const parts = ip.split(".").map((x) => parseInt(x, 10));
  return parts[0] === 10 || parts[0] === 127 || (parts[0] === 192 && parts[1] === 168);
}
function byShape(ip: string): boolean {
  const parts = ip.split(".").map(Number);
  if (parts.length === 4 && parts.every((one) => one >= 0 && one <= 255)) {
    if (parts[0] === 10 || parts[0] === 127) return true;
    if (parts[0] === 172 && parts[1] >= 16 && parts[1] <= 31) return true;
    if (parts[0] === 192 && parts[1] === 168) return true;
    if (parts[0] === 169 && parts[1] === 254) return true;
  }
  return ip === "::1";
}
function byForm(ip: string): boolean {
  if (isIP(ip) !== 4) return false;
  return byNumber(ip);
}
function byFormNamed(ip: string): boolean { return isIPv4(ip) && byNumber(ip); }
function byOtherList(ip: string): boolean {
  const parts = ip.split(",").map(Number);
  if (parts.length === 4) return byNumber(ip);
  return false;
}
function byOtherForm(ip: string): boolean {
  if (isIP(ip) !== 6) return false;
  return byNumber(ip);
}
function byPatterns(ip: string): boolean { return RANGES.some((one) => one.test(ip)); }
function byGaps(ip: string): boolean { return GAPS.some((one) => one.test(ip)); }
function byLoop(ip: string): boolean {
  for (const one of RANGES) { if (one.test(ip)) return true; }
  return false;
}
function byBegin(ip: string): boolean { return BEGIN.some((one) => ip.startsWith(one)); }
function byPattern(ip: string): boolean {
  return /^(10\.|127\.|192\.168\.|169\.254\.|172\.(1[6-9]|2[0-9]|3[01])\.)/.test(ip);
}
function byAll(ip: string): boolean { return /./.test(ip); }
function byLibrary(ip: string): boolean { return ipaddr.parse(ip).range() !== "unicast"; }
function byNames(ip: string): boolean {
  return ["private", "loopback", "linkLocal"].includes(ipaddr.parse(ip).range());
}
function byName(ip: string): boolean { return ["private"].includes(ipaddr.parse(ip).range()); }
async function guard(url: string) {
  const host = new URL(url).hostname;
  const found = await dns.lookup(host, { all: true });
  CHECK
}
server.tool("t", { p: z.string() }, async ({ p }) => {
  await guard(p);
  return await fetch(p);
});
"""
)


@pytest.mark.parametrize(
    "check",
    [
        "for (const one of found) { if (NAME(one.address)) throw new Error('no'); }",
        "if (found.some((one) => NAME(one.address))) throw new Error('no');",
        "if (NAME(host)) throw new Error('no');",
    ],
)
@pytest.mark.parametrize(
    ("name", "count"),
    [
        ("byNumber", 0),
        ("byFew", 1),
        ("byShape", 0),
        ("byForm", 0),
        ("byFormNamed", 0),
        ("byOtherList", 1),
        ("byOtherForm", 1),
        ("byPatterns", 0),
        ("byGaps", 1),
        ("byLoop", 0),
        ("byBegin", 0),
        ("byPattern", 0),
        ("byAll", 1),
        ("byLibrary", 0),
        ("byNames", 0),
        ("byName", 1),
        ("!byNumber", 1),
    ],
)
def test_tables_of_ranges_in_scripts(name: str, count: int, check: str) -> None:
    assert forged(SCRIPT.replace("CHECK", check.replace("NAME", name)), "a.ts") == count


def test_an_address_of_which_one_was_looked_at_while_others_pass_was_not_checked() -> None:
    check = "if (found.every((one) => byNumber(one.address))) throw new Error('no');"
    assert forged(SCRIPT.replace("CHECK", check), "a.ts") == 1
