"""Members' Markdown, made safe HTML: the one module that does it.

Three steps: Markdown is parsed with raw HTML taken as plain text, the result goes through nh3 (a strict allow-list),
and both the length and the depth of what is parsed are bounded. Store the HTML that `render` returns: it costs about a
millisecond a paragraph.
"""

import re
from html import escape
from html.parser import HTMLParser
from xml.etree.ElementTree import Element

import nh3
from django.utils.safestring import SafeString, mark_safe
from markdown import Markdown
from markdown.extensions import Extension
from markdown.inlinepatterns import IMAGE_LINK_RE, LinkInlineProcessor
from markdown.preprocessors import Preprocessor
from markdown.treeprocessors import Treeprocessor

LIMIT = 100_000  # characters: some forty pages
DEEPEST = 12  # quotes and lists inside one another; beyond, the signs are shown as text

TAGS = {
    "p", "br", "hr", "strong", "em", "del", "a", "code", "pre", "blockquote", "ul", "ol", "li", "h3", "h4", "h5",
    "table", "thead", "tbody", "tr", "th", "td",
}  # fmt: skip
CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
SITE_PATH = re.compile(r"/(?![/\\])[^\s\\\x00-\x1f\x7f]*")
LIST_ITEM = re.compile(r" {0,3}(?:[-*+•]|1[.)]) +\S")
ANY_ITEM = re.compile(r"\s*(?:[-*+]|\d+[.)]) ")
DEEP_MARKS = re.compile(r"^((?:[ \t]*>){%d})[>\s]*" % DEEPEST, re.MULTILINE)
DEEP_INDENT = re.compile(r"^ {%d,}" % (4 * DEEPEST), re.MULTILINE)


def render(text: str) -> SafeString:
    """The safe HTML of a member's text.

    Raises ValueError, with a message for the member, beyond 100,000 characters.
    """
    if len(text) > LIMIT:
        raise ValueError("Ce texte dépasse 100\u202f000 caractères\u202f: joignez-le plutôt en pièce jointe.")
    text = _readable(text)
    try:
        html = _parser().convert(text)
    except RecursionError:  # a text made to break parsers: shown as it was typed
        html = f"<p>{escape(text)}</p>"
    return mark_safe(_CLEANER.clean(html))


def to_text(source: str) -> str:
    """Plain text for search and e-mails, from Markdown or from the HTML that `render` made of it.

    The address of a link follows its words in brackets, unless they are the same. Plain text is not safe HTML: a
    template escapes it.
    """
    html = source if re.match(r"<(?:p|[uo]l|h[345]|blockquote|table|pre|hr)\b", source) else render(source)
    reader = _TextReader()
    reader.feed(html)
    reader.close()
    text = re.sub(r"[ \t]+\n", "\n", "".join(reader.parts))
    return re.sub(r"\n{3,}", "\n\n", text).strip()


def _readable(text: str) -> str:
    """Without what no text file holds: lone surrogates (Rust and UTF-8 refuse them), NUL and its like."""
    text = text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    text = CONTROL.sub("\ufffd", text.replace("\r\n", "\n").replace("\r", "\n"))
    return DEEP_INDENT.sub("", DEEP_MARKS.sub(r"\1 ", text))


class _MailHabits(Preprocessor):
    """What people type in e-mails: a list right below its sentence, an answer right below a quote."""

    def run(self, lines: list[str]) -> list[str]:
        done: list[str] = []
        for line in lines:
            line = re.sub(r"^( {0,3})• +", r"\1- ", line)
            before = done[-1] if done else ""
            starts_list = LIST_ITEM.match(line) and not ANY_ITEM.match(before) and not before.startswith((" ", "\t"))
            leaves_quote = before.lstrip().startswith(">") and not line.lstrip().startswith(">")
            if before.strip() and (starts_list or leaves_quote):
                done.append("")
            done.append(line)
        return done


class _LowerTitles(Treeprocessor):
    """Titles below those of the page: its h1, and the h2 of a section or of a message's author."""

    def run(self, root: Element) -> None:
        for element in root.iter():
            if re.fullmatch(r"h[1-6]", element.tag):
                element.tag = f"h{min(int(element.tag[1]) + 2, 5)}"


class _House(Extension):
    def extendMarkdown(self, md: Markdown) -> None:  # noqa: N802 the name Markdown calls
        md.preprocessors.deregister("html_block")
        md.inlinePatterns.deregister("html")
        # Indented paragraphs and a line of dashes below a name are letters' habits, neither code nor titles.
        md.parser.blockprocessors.deregister("code")
        md.parser.blockprocessors.deregister("setextheader")
        # An image is a link to it: nothing is fetched from elsewhere by reading.
        for name in ("image_link", "image_reference", "short_image_ref"):
            md.inlinePatterns.deregister(name)
        md.inlinePatterns.register(LinkInlineProcessor(IMAGE_LINK_RE, md), "image_as_link", 150)
        md.preprocessors.register(_MailHabits(md), "mail_habits", 15)
        md.treeprocessors.register(_LowerTitles(md), "lower_titles", 5)


def _parser() -> Markdown:
    """A parser of its own for each text: Markdown keeps state, and servers have threads."""
    return Markdown(
        extensions=[
            "fenced_code",
            "tables",
            "nl2br",
            "sane_lists",
            "pymdownx.magiclink",
            "pymdownx.tilde",
            "pymdownx.saneheaders",
            _House(),
        ],
        extension_configs={"pymdownx.tilde": {"subscript": False}},
        output_format="html",
        tab_length=4,
    )


def _site_path(url: str) -> str | None:
    """A path of this site as it is; anything else that names no scheme (`//evil`, `#`, `evil`) is dropped."""
    return url if SITE_PATH.fullmatch(url) else None


_CLEANER = nh3.Cleaner(
    tags=TAGS,
    clean_content_tags=set(),
    attributes={"a": {"href"}},
    url_schemes={"http", "https", "mailto"},
    url_relative=_site_path,
    link_rel="nofollow noopener noreferrer",
)


class _TextReader(HTMLParser):
    """Reads the HTML that `render` makes, and nothing else: a small set of tags, all closed."""

    BLOCKS = frozenset({"p", "blockquote", "ul", "ol", "h3", "h4", "h5", "pre", "table", "hr"})

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.parts: list[str] = []
        self.links: list[tuple[str, int]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in self.BLOCKS:
            self.parts.append("\n\n")
        elif tag == "li":
            self.parts.append("\n- ")
        elif tag in {"br", "tr"}:
            self.parts.append("\n")
        elif tag == "a":
            self.links.append((dict(attrs).get("href") or "", len(self.parts)))

    def handle_endtag(self, tag: str) -> None:
        if tag in self.BLOCKS:
            self.parts.append("\n\n")
        elif tag in {"td", "th"}:
            self.parts.append("\t")
        elif tag == "a" and self.links:
            href, start = self.links.pop()
            words = "".join(self.parts[start:])
            if href and href.removeprefix("mailto:") != words:
                self.parts.append(f" ({href})")

    def handle_data(self, data: str) -> None:
        # The renderer breaks lines between tags for its own sake; <br> says where the writer did.
        self.parts.append("" if data.isspace() and "\n" in data else data)
