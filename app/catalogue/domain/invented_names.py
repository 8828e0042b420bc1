"""Warn of real-looking addresses, phone and account numbers in course texts, which must be invented.

Reserved for documentation and fiction: example.com, .net, .org and the domains .example, .test, .invalid, .localhost
(RFC 2606, 6761); 192.0.2.0/24, 198.51.100.0/24, 203.0.113.0/24 (RFC 5737); 2001:db8::/32 (RFC 3849), 3fff::/20
(RFC 9637); unassigned phone numbers. Real personal names cannot be recognised by a program: reviewers check them.
Every pattern is bounded, so that the time is linear in the length of the text.
"""

import ipaddress
import re
from collections.abc import Iterator

from app.catalogue.domain.problems import Problem
from app.catalogue.domain.source_lines import Report

# what a line needs, to pass most lines quickly: before the last part of a host is a full stop; numbers of telephones
# and cards have seven digits with at most two other characters between two of them
_WITH_HOST = re.compile(r"[.][A-Za-z]")
_WITH_NETWORK = re.compile(r"[0-9][.][0-9]|:[0-9A-Fa-f:]*:")
_WITH_NUMBER = re.compile(
    r"[0-9](?:[ ().-]{0,2}[0-9]){6}|[A-Z]{2}[0-9]{2} ?[A-Z0-9]{4}|0x|bc1|[13][1-9A-HJ-NP-Za-km-z]{25}"
)
_WORD = re.compile(r"[A-Za-z0-9._%+@:/?#=&~-]+")
_RESERVED_HOST = re.compile(r"(?:.*\.)?(?:example\.(?:com|net|org)|example|test|invalid|localhost)")
_LABEL = re.compile(r"[a-z0-9-]{1,63}")
# Endings that a bare name needs to pass for a domain; country endings that are also words or file types are left out.
_BARE = re.compile(
    r"com|net|org|int|info|biz|edu|gov|mil|eu|io|app|dev|online|site|shop|xyz|onion"
    r"|uk|de|fr|nl|be|at|ch|es|pt|pl|cz|ro|bg|gr|tr|ru|ua|iq|ir|pk|bd|lk|ae|sa|eg|ma|tn|jo|lb|vn|th|cn|jp"
)
_FOUR = re.compile(r"(?<![\w.])[0-9]{1,3}(?:\.[0-9]{1,3}){3}(?![\w]|\.[0-9])")
_COLONS = re.compile(r"(?<![\w:])[0-9A-Fa-f:]{3,39}(?![\w:])")
_INTERNATIONAL = re.compile(r"(?<![\w+])\+[0-9](?:[ ().-]{0,2}[0-9]){6,14}(?![0-9])")
_NATIONAL = re.compile(r"(?<![\w.,/+-])\(?0[0-9](?:[ ()-]{0,2}[0-9]){7,12}(?![\w])")
_NORTH_AMERICAN = re.compile(r"(?<![\w.+-])\(?[2-9][0-9]{2}\)?[ .-][2-9][0-9]{2}[ .-][0-9]{4}(?![\w-])")
_CARD = re.compile(r"(?<![\w.+/-])[0-9]{4}(?:[ -][0-9]{4}){3,4}(?![\w])")
_LONG = re.compile(r"(?<![\w.+/-])[0-9]{10,34}(?![\w])")
_IBAN = re.compile(r"(?<!\w)[A-Z]{2}[0-9]{2}(?: ?[A-Z0-9]{4}){2,7}(?: ?[A-Z0-9]{1,3})?(?!\w)")
_WALLET = re.compile(r"(?<!\w)(?:0x[0-9a-fA-F]{40}|bc1[a-z0-9]{25,59}|[13][1-9A-HJ-NP-Za-km-z]{25,34})(?!\w)")

_DOCUMENTED = tuple(
    ipaddress.ip_network(net)
    for net in ("192.0.2.0/24", "198.51.100.0/24", "203.0.113.0/24", "2001:db8::/32", "3fff::/20")
)
_GLOBAL_IPV6 = ipaddress.ip_network("2000::/3")
# Kept free by the regulators of the United Kingdom, North America, France and Australia; +999 and +888 are no country.
_FREE_NUMBERS = re.compile(
    r"(?:\+(?:999|888)[0-9]*"
    r"|(?:\+?1)?[2-9][0-9]{2}55501[0-9]{2}"
    r"|(?:\+44|0)(?:1632960[0-9]{3}|2079460[0-9]{3}|7700900[0-9]{3}|8081570[0-9]{3}|3069990[0-9]{3})"
    r"|(?:\+33|0)(?:19900|26191|35301|46571|53649|63998)[0-9]{4}"
    r"|(?:\+61|0)(?:491570[0-9]{3}|[2378](?:5550|7010)[0-9]{4}))"
)


def check_real_looking(text: str, file: str) -> list[Problem]:
    """Warn of mail addresses, domains, network addresses, telephone and account numbers that might be someone's."""
    report = Report(file)
    for number, line in enumerate(text.split("\n"), 1):
        for name in _hosts(line):
            hint = "Use example.org, or a name that ends in .example."
            report.warn(number, "%(found)s looks like a real address or domain.", hint, found=name[:60])
        for name in _networks(line):
            hint = "Use 192.0.2.0/24, 198.51.100.0/24, 203.0.113.0/24 or 2001:db8::/32."
            report.warn(number, "%(found)s looks like a real network address.", hint, found=name)
        for name, message, hint in _numbers(line):
            report.warn(number, message, hint, found=name)
    return report.problems


def _hosts(line: str) -> Iterator[str]:
    if not _WITH_HOST.search(line):
        return
    for match in _WORD.finditer(line):
        word = match[0].strip(".:/?#-=&~")
        if "." not in word:
            continue
        address, sure = _address_in(word)
        if _is_real_host(_host_of(address), sure=sure):
            yield word


def _address_in(word: str) -> tuple[str, bool]:
    """Return the part of a word that may be a host, and whether its form shows that it is one."""
    before, at, mail_host = word.rpartition("@")
    scheme, slashes, rest = word.partition("://")
    if at and before and not slashes:
        return mail_host, True
    if slashes and scheme in ("http", "https"):
        return rest, True
    return word, word.startswith("www.")


def _host_of(address: str) -> str:
    host = re.split(r"[/?#]", address.rpartition("@")[2], maxsplit=1)[0]
    return host.partition(":")[0].lower().strip(".")


def _is_real_host(host: str, *, sure: bool) -> bool:
    labels = host.split(".")
    if len(labels) < 2 or not all(_LABEL.fullmatch(label) for label in labels):
        return False
    ending = labels[-1]
    if not ending.isalpha() or _RESERVED_HOST.fullmatch(host):
        return False
    return sure or bool(_BARE.fullmatch(ending))


def _networks(line: str) -> Iterator[str]:
    if not _WITH_NETWORK.search(line):
        return
    for match in (*_FOUR.finditer(line), *_COLONS.finditer(line)):
        if _is_real_network_address(match[0]):
            yield match[0]


def _is_real_network_address(text: str) -> bool:
    try:
        address = ipaddress.ip_address(text)
    except ValueError:
        return False
    is_documented = any(address in net for net in _DOCUMENTED)
    return not is_documented and address.is_global and (address.version == 4 or address in _GLOBAL_IPV6)


def _numbers(line: str) -> Iterator[tuple[str, str, str]]:
    """Find telephone and account numbers; the match of one pattern is blanked for the patterns after it."""
    if not _WITH_NUMBER.search(line):
        return
    for pattern in (_IBAN, _WALLET, _CARD, _INTERNATIONAL, _NATIONAL, _NORTH_AMERICAN, _LONG):
        for match in pattern.finditer(line):
            if pattern in (_INTERNATIONAL, _NATIONAL, _NORTH_AMERICAN):
                message = "%(found)s looks like a real telephone number."
                hint, fine = "Use one kept for fiction, as +44 1632 960001 or +999 555 0100.", _is_free(match[0])
            else:
                message = "%(found)s looks like the number of a real account."
                hint, fine = "Write X for most of its signs, or zeros.", False
            if not fine and not _is_mock(match[0]):
                yield match[0], message, hint
        line = pattern.sub(_blank, line)


def _blank(match: re.Match[str]) -> str:
    return " " * len(match[0])


def _is_free(number: str) -> bool:
    sign = "+" if number.startswith("+") else ""
    return bool(_FREE_NUMBERS.fullmatch(sign + re.sub(r"[^0-9]", "", number)))


def _is_mock(number: str) -> bool:
    """Return whether the number is a placeholder: an IBAN without check digits, or at most two different characters."""
    figures = re.sub(r"[^0-9A-Za-z]", "", number)
    return len(set(figures.lower())) <= 2 or (figures[2:4] == "00" and figures[:2].isalpha())
