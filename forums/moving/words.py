"""The words of a mail, whatever sent it: character sets, headers, HTML, quotes and signatures. Nothing here knows of
the site; nothing raises on what is badly formed."""

import re
from email.errors import HeaderParseError
from email.header import decode_header
from email.utils import parseaddr
from html.parser import HTMLParser

# Windows writes its own set under these names, as every browser knows.
WINDOWS = {"iso-8859-1", "latin-1", "latin1", "us-ascii", "ascii", "iso8859-1"}
# Answers, and transfers: « Re: », « RE : », « Rép : », « TR : », « Fwd: », « Re[2]: ».
ANSWERS = r"(?:re|rép|rep|réf|aw|tr|fw|fwd)\s*(?:\[\d+\])?\s*[:：]\s*"
TAGS = r"\[[^\[\]]{1,40}\]\s*"
MOST_SIGNATURE = 12  # lines


def decoded(octets, charset=None):
    """The text of `octets`, and whether the character set that the mail named was the right one."""
    named = (charset or "us-ascii").strip("\"' ").lower()
    for candidate in ("utf-8", "windows-1252") if named in WINDOWS else (named, "utf-8", "windows-1252"):
        try:
            return octets.decode(candidate), candidate == named or named in WINDOWS
        except (LookupError, ValueError):
            continue
    return octets.decode("windows-1252", "replace"), False


def header(value):
    """A header in one line: encoded words read, octets that nothing announces guessed."""
    line = re.sub(r"\r?\n(?=[ \t])", "", str(value or ""))
    if re.search("[\udc80-\udcff]", line):
        line = decoded(line.encode("utf-8", "surrogateescape"))[0]
    try:
        parts = decode_header(line)
    except (HeaderParseError, ValueError):
        parts = [(line, None)]
    words = "".join(_chunk(*part) for part in parts)
    return " ".join("".join(sign if sign.isprintable() else " " for sign in words).split())


def _chunk(words, charset):
    if isinstance(words, str):
        return words
    return decoded(words, charset)[0] if charset else words.decode("raw-unicode-escape", "replace")


def sender(value):
    """(name, address) of a From header. The address is in lower case, and may be empty."""
    line = re.sub(r"\s+", " ", str(value or ""))
    found = re.fullmatch(r"(?P<name>.*?)<\s*(?P<address>[^<>\s]+@[^<>\s]+)\s*>.*", line)
    if found:
        name, address = re.sub(r"\\(.)", r"\1", found["name"].strip().strip("\"'")), found["address"]
    else:
        name, address = parseaddr(line)
    address = header(address).lower() if "@" in address else ""
    return header(name) or address.partition("@")[0] or "Expéditeur inconnu", address


def title(subject):
    """The subject less « Re: » and its like, and less the list's tag where one of these follows it."""
    return re.sub(rf"^(?:(?:{TAGS})?{ANSWERS})+(?:{TAGS})?", "", subject, flags=re.IGNORECASE).strip()


def is_answer(subject):
    return re.match(rf"(?:{TAGS})*{ANSWERS}", subject, re.IGNORECASE) is not None


def same_subject(subject):
    """What two subjects of one discussion have in common."""
    return re.sub(rf"^(?:{TAGS})+", "", title(subject)).casefold()


def unflowed(text):
    """Lines that the mail program cut (format=flowed), joined again."""
    return re.sub(r"(?m)(?<!^--)[ ]\n(?![>\n])", " ", text)


# What was quoted and signed -----------------------------------------------------------------------------------------
# « Le 14 décembre, X a écrit : », above lines that begin with « > ».
WROTE = re.compile(r"^(?:le|on) .{5,200}?(?:\n.{0,100}?)?(?:a écrit|wrote)\s*:\s*$", re.IGNORECASE | re.MULTILINE)
# « -----Message d’origine----- », or the « De : … Envoyé : … » of Outlook: all that follows is the other message.
ORIGINAL = re.compile(
    r"^(?:-{2,}\s*(?:message d['’]origine|original message)\s*-{2,}"
    r"|(?:_{10,}\s*\n\s*)?\*?(?:de|from)\*?\s*:.{3,200}\n(?:.{0,200}\n){0,2}?\*?(?:envoyé|date|sent)\b.{0,3}:).*$",
    re.IGNORECASE | re.MULTILINE,
)


def without_quotes(text):
    """What the writer adds: without the message answered to, when it stands whole at the end, nor the signature.

    An answer written between the lines of a quote keeps them; a mail that would be left empty stays as it is.
    """
    text = text.strip()
    kept = _without_signature(_without_last_quote(text)).strip()
    return kept or text


def _without_last_quote(text):
    original = ORIGINAL.search(text)
    text = text[: original.start()] if original else text
    for found in WROTE.finditer(text):
        if all(line.startswith(">") or not line.strip() for line in text[found.end() :].splitlines()):
            return text[: found.start()]
    lines = text.splitlines()
    while lines and (lines[-1].startswith(">") or not lines[-1].strip()):
        lines.pop()
    return "\n".join(lines)


def _without_signature(text):
    found = list(re.finditer(r"(?m)^-- ?$", text))
    if found and text[found[-1].end() :].count("\n") <= MOST_SIGNATURE:
        return text[: found[-1].start()]
    return text


# HTML ---------------------------------------------------------------------------------------------------------------
BLOCKS = {
    "p",
    "div",
    "ul",
    "ol",
    "table",
    "tr",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "pre",
    "blockquote",
    "hr",
    "section",
}
SPACED = {"p", "ul", "ol", "table", "h1", "h2", "h3", "h4", "h5", "h6", "blockquote"}
SILENT = {"style", "script", "head", "title", "template"}


def from_html(source):
    """Plain text (Markdown for links, lists and quotes) of a mail that has nothing but HTML."""
    reader = _Html()
    reader.feed(source)
    reader.close()
    return reader.text()


class _Html(HTMLParser):
    def __init__(self):
        super().__init__(convert_charrefs=True)
        self.lines, self.depth, self.silent, self.links = [""], 0, 0, []

    def handle_starttag(self, tag, attrs):
        if tag in SILENT:
            self.silent += 1
        elif tag in BLOCKS or tag == "li":
            self._end(tag in SPACED)
            self.depth += tag == "blockquote"
            self.lines[-1] += "- " if tag == "li" else ""
        elif tag == "br":
            self.lines.append(self._start())
        elif tag == "a":
            self.links.append((dict(attrs).get("href") or "", len(self.lines), len(self.lines[-1])))

    def handle_endtag(self, tag):
        if tag in SILENT:
            self.silent = max(0, self.silent - 1)
        elif tag in BLOCKS:
            self.depth = max(0, self.depth - (tag == "blockquote"))
            self._end(tag in SPACED)
        elif tag in {"td", "th"}:
            self.lines[-1] += "   "
        elif tag == "a" and self.links:
            self._link(*self.links.pop())

    def _link(self, href, line, column):
        words = self.lines[-1][column:].strip() if line == len(self.lines) else ""
        if href.startswith(("http://", "https://")) and words not in {href, href.rstrip("/")}:
            self.lines[-1] += f" ({href})"

    def handle_data(self, data):
        if self.silent:
            return
        words = re.sub(r"[\s\u200b\ufeff]+", " ", data)
        self.lines[-1] += words.lstrip() if not self.lines[-1].strip("> ") else words

    def _start(self):
        return "> " * self.depth

    def _end(self, spaced):
        if self.lines[-1].strip("> "):
            self.lines += [self._start()] if not spaced else [self._start(), self._start()]
        else:
            self.lines[-1] = self._start()

    def text(self):
        lines = (re.sub(r"[ \u00a0]+$", "", line) for line in self.lines)
        return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()
