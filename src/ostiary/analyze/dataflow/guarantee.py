"""What is known of a value after checks and conversions. A set of them is an ``int`` of bits.

Plain integers, because they are combined for every value that flows: the engine intersects them
where paths join, so a guarantee holds only if every path gives it.
"""

from __future__ import annotations

from typing import Final

NUMBER: Final = 1 << 0
"""A number, boolean or date: no text of the sender's choosing."""
CHOSEN: Final = 1 << 1
"""One of a fixed set of values."""
PLAIN: Final = 1 << 2
"""Letters, digits, ``_`` and the like only: no separator, quote, dot-dot or shell character."""
SHELL_QUOTED: Final = 1 << 3
"""Quoted for a POSIX shell as one word (``shlex.quote``)."""
NO_DASH: Final = 1 << 4
"""Cannot begin with ``-``."""
NORMAL_PATH: Final = 1 << 5
"""Made absolute and free of ``..`` (``path.resolve``, ``os.path.abspath``), links not followed."""
REAL_PATH: Final = 1 << 6
"""Links followed too (``realpath``, ``Path.resolve``)."""
CONTAINED: Final = 1 << 7
"""A normal path checked to lie below a folder, with the separator or by path parts."""
PREFIX_ONLY: Final = 1 << 8
"""Compared with a prefix in a way that can be got round: no separator, or before normalising."""
BASENAME: Final = 1 << 9
"""One path part: no separator, and not ``..``."""
NO_DOTS: Final = 1 << 10
"""Checked not to contain ``..``."""
FIXED_HOST: Final = 1 << 11
"""A URL whose scheme and host are ours; the sender chooses only what comes after."""
HOST_CHOSEN: Final = 1 << 12
"""A URL or host compared with an allow-list as a whole host."""
HOST_PUBLIC: Final = 1 << 13
"""A URL or host whose resolved address was checked not to be private."""
HOST_SUBSTRING: Final = 1 << 14
"""A URL or host compared by substring or open-ended pattern: can be got round."""
URL_ENCODED: Final = 1 << 15
"""Percent-encoded as one part of a URL."""
SQL_QUOTED: Final = 1 << 16
"""Quoted or bound for SQL by the driver."""
HTML_ESCAPED: Final = 1 << 17
REGEX_ESCAPED: Final = 1 << 18
"""Escaped for a regular expression."""
SIZE_LIMITED: Final = 1 << 19
"""Length or amount is bounded."""
PARSED_URL: Final = 1 << 20
"""Went through a URL parser, so characters outside a URL are encoded."""
SCHEME_CHECKED: Final = 1 << 21
"""A URL whose scheme is ``http`` or ``https``."""
MASKED: Final = 1 << 22
"""A secret of which only a part or a digest is left."""
DASH_SEPARATED: Final = 1 << 23
"""Follows a ``--`` in an argument list, so it is no option."""
READ_ONLY_SQL: Final = 1 << 24
"""SQL text checked to begin with ``SELECT`` or the like."""
AUTHENTICATED: Final = 1 << 25
"""Came after a check of who is calling."""

EXACT: Final = 1 << 26
"""The origin itself, unchanged: what is checked of one is known of the other."""
HOST_OF: Final = 1 << 27
"""The host part of a URL."""
SCHEME_OF: Final = 1 << 28
"""The scheme part of a URL."""
RELATIVE_OF: Final = 1 << 29
"""The way from a folder to a path (``path.relative``), or what two paths share."""
PLAIN_COMMAND: Final = 1 << 31
"""Text checked to hold no character with a meaning to a shell, blanks aside."""
PROGRAM_CHOSEN: Final = 1 << 32
"""A command line, or its words, whose first word is one of a fixed set."""
BELOW: Final = 1 << 33
"""Compared with a folder and its separator: ``CONTAINED`` if it was a normal path then, which only
a caller may know."""
SAME: Final = 1 << 34
"""Equal to some other value: says nothing, and takes nothing from what another way proves."""
REAL_CHECKED: Final = 1 << 35
"""What was checked is the path with its links followed, whatever form of it this is."""
BOTH_CHECKED: Final = 1 << 36
"""Both the path and what its links, or those of its folder, lead to were checked."""
EMPTY: Final = 1 << 37
"""Empty, or not there: says nothing, and takes nothing from what another way proves."""
OUTSIDE_10: Final = 1 << 38
"""An address that is not in one of the ranges that are not public; all of them are known apart."""
OUTSIDE_127: Final = 1 << 39
OUTSIDE_169: Final = 1 << 40
OUTSIDE_172: Final = 1 << 41
OUTSIDE_192: Final = 1 << 42
DOUBLED_APOSTROPHE: Final = 1 << 43
"""Every ``'`` in it was doubled, so that it ends no text between two of them."""
DOUBLED_QUOTE: Final = 1 << 44
DOUBLED_BACKTICK: Final = 1 << 45
DOUBLED: Final = DOUBLED_APOSTROPHE | DOUBLED_QUOTE | DOUBLED_BACKTICK
SQL_DOUBLED: Final = 1 << 46
"""Stands between quotes that are doubled in it: quoted for a database to which a backslash means
nothing."""
SQL_WORD: Final = 1 << 47
"""One word of a query: no blank, quote, comment, comma or bracket in it."""
SHELL_CLOSED: Final = 1 << 54
"""Every ``'`` in it closes the text between two of them, stands by itself, and opens another:
quoted for a POSIX shell once it stands between them."""
DOTS_FIRST: Final = 1 << 48
"""A path brought into its shortest form: ``..`` stands at its beginning or nowhere."""
NOT_ABSOLUTE: Final = 1 << 49
"""A path that does not begin at a root."""
NOT_UP: Final = 1 << 50
"""Not ``..`` itself: one half of a check that a path does not lead up."""
NOT_FURTHER_UP: Final = 1 << 51
"""Does not begin with ``../``: the other half."""
EMBEDDED: Final = 1 << 52
"""The whole of it, in order, as a piece of a longer text or in another form."""
DOTS_AGAIN: Final = 1 << 53
"""Changed so that there may be a ``..`` in it where there was none."""
OUTSIDE: Final = OUTSIDE_10 | OUTSIDE_127 | OUTSIDE_169 | OUTSIDE_172 | OUTSIDE_192

SAFE: Final = NUMBER | CHOSEN
"""Harmless wherever it goes."""

BY_ENDS: Final = SHELL_QUOTED | SQL_QUOTED
"""What depends on how a text begins and ends."""

JOINED: Final = (
    SAFE
    | PLAIN
    | SHELL_QUOTED
    | CONTAINED
    | PREFIX_ONLY
    | BELOW
    | REAL_CHECKED
    | BOTH_CHECKED
    | BASENAME
    | NO_DOTS
    | NOT_ABSOLUTE
    | URL_ENCODED
    | SQL_QUOTED
    | SQL_DOUBLED
    | SQL_WORD
    | DOUBLED
    | SHELL_CLOSED
    | HTML_ESCAPED
    | REGEX_ESCAPED
    | SIZE_LIMITED
    | HOST_CHOSEN
    | HOST_PUBLIC
    | HOST_SUBSTRING
    | SCHEME_CHECKED
    | MASKED
    | DASH_SEPARATED
    | AUTHENTICATED
    | PLAIN_COMMAND
    | PROGRAM_CHOSEN
    | DOTS_AGAIN
)
"""What a piece of text keeps when it becomes part of a longer one."""

NAMES: Final[dict[int, str]] = {
    NUMBER: "is a number",
    CHOSEN: "is one of a fixed set",
    PLAIN: "holds letters, digits and underscores only",
    SHELL_QUOTED: "is quoted for the shell",
    NO_DASH: "cannot begin with a dash",
    NORMAL_PATH: "is made absolute",
    REAL_PATH: "is made absolute with links followed",
    CONTAINED: "is checked to lie below a folder",
    PREFIX_ONLY: "is compared with a prefix only",
    BOTH_CHECKED: "is checked with its links and with them followed",
    REAL_CHECKED: "is checked with its links followed",
    BELOW: "is compared with a folder",
    BASENAME: "is one path part",
    NO_DOTS: "is checked for ..",
    NOT_ABSOLUTE: "is not absolute",
    FIXED_HOST: "has a fixed host",
    HOST_CHOSEN: "has a host from a list",
    HOST_PUBLIC: "has an address that is checked to be public",
    HOST_SUBSTRING: "is compared by part of its text only",
    URL_ENCODED: "is encoded for a URL",
    SQL_QUOTED: "is quoted for SQL",
    SQL_WORD: "is one word of a query",
    SQL_DOUBLED: "stands between quotes that are doubled in it",
    HTML_ESCAPED: "is escaped for HTML",
    REGEX_ESCAPED: "is escaped for a pattern",
    SIZE_LIMITED: "is bounded in size",
    PARSED_URL: "went through a URL parser",
    SCHEME_CHECKED: "is checked to be http or https",
    MASKED: "is masked",
    DASH_SEPARATED: "stands after --",
    READ_ONLY_SQL: "is checked to begin like a query",
    PROGRAM_CHOSEN: "begins with one of a fixed set of words",
    PLAIN_COMMAND: "holds no character that means something to a shell",
    AUTHENTICATED: "comes after a check of the caller",
}


def still(bits: int, changed: int) -> int:
    """What of the ``bits`` that hold for where a text comes from holds for what became of it."""
    return bits & ~NO_DOTS if changed & DOTS_AGAIN else bits


def learned(known: int, bits: int) -> int:
    """What is known after one more check. A path that was itself compared with a folder is not
    less checked for a second check of what its links lead to; an address outside of every range
    that is not public is public."""
    if bits & OUTSIDE and (known | bits) & OUTSIDE == OUTSIDE:
        bits |= HOST_PUBLIC
    both = BOTH_CHECKED if (known | bits) & REAL_CHECKED else 0
    if known & _PATH_CHECKS and not known & REAL_CHECKED:
        return known | bits & ~REAL_CHECKED | both
    if bits & _PATH_CHECKS and not bits & REAL_CHECKED:
        return known & ~REAL_CHECKED | bits | both
    return known | bits


_NORMAL: Final = NORMAL_PATH | REAL_PATH
_PATH_CHECKS: Final = CONTAINED | BELOW | PREFIX_ONLY


def both(one: int, two: int) -> int:
    """What is known where two ways meet. A path that is the folder itself lies in the folder, and
    what is empty does no harm."""
    if (one | two) & EMPTY:
        one, two = (one | two if way & EMPTY else way for way in (one, two))
    if one & SAME:
        one |= two & _PATH_CHECKS
    if two & SAME:
        two |= one & _PATH_CHECKS
    if one & BELOW:
        two |= BELOW if two & CONTAINED else 0
    if two & BELOW:
        one |= BELOW if one & CONTAINED else 0
    return one & two


def settled(bits: int, before: int, *, open_: bool) -> int:
    """``bits`` of a check of a path of which ``before`` was known: compared with a folder is
    contained, if it was normal; unless that is still ``open_``, it is a prefix otherwise."""
    if not bits & BELOW or open_:
        return CONTAINED | bits & ~BELOW if bits & BELOW and before & _NORMAL else bits
    return bits & ~BELOW | (CONTAINED if before & _NORMAL else PREFIX_ONLY)


def words(guarantees: int) -> tuple[str, ...]:
    """Each guarantee in words, in a fixed order."""
    return tuple(text for bit, text in NAMES.items() if guarantees & bit)
