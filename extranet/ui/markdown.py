"""Members' Markdown, made safe HTML: the one module that does it.

Two steps: CommonMark is parsed with raw HTML taken as plain text, then the result goes through nh3, a strict
allow-list. The parser is markdown-it: on texts made to break parsers ("[" a hundred thousand times) it answers in about
a second, where the time of Python-Markdown grows with the square of the length. Store the HTML that `render` returns
rather than rendering at each reading.
"""

import re
from collections.abc import Iterator
from html.parser import HTMLParser

import nh3
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from markdown_it import MarkdownIt
from markdown_it.rules_core import StateCore
from markdown_it.token import Token

from extranet.ui.french import typo

LIMIT = 100_000  # characters: some forty pages
DEEPEST = 20  # quotes and lists inside one another

TAGS = {
    "p", "br", "hr", "strong", "em", "s", "a", "code", "pre", "blockquote", "ul", "ol", "li", "h3", "h4", "h5",
    "table", "thead", "tbody", "tr", "th", "td",
}  # fmt: skip
CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
SITE_PATH = re.compile(r"/(?![/\\])[^\s\\\x00-\x1f\x7f]*")
ADDRESS = re.compile(
    r"(?P<web>\bhttps?://[^\s<>«»\"]{1,2000})"
    r"|(?P<mail>(?<![\w.+-])[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,8})"
)
LAST_SIGNS = ".,;:!?'’\")]}*_…"
FENCE = re.compile(r" {0,3}(```|~~~)")
QUOTE_SIGNS = re.compile(r"(?: {0,3}>)*")


def render(text: str) -> SafeString:
    """The safe HTML of a member's text.

    Raises ValueError, with a message for the member, beyond 100,000 characters.
    """
    if len(text) > LIMIT:
        raise ValueError("Ce texte dépasse 100\u202f000 caractères\u202f: joignez-le plutôt en pièce jointe.")
    return mark_safe(_CLEANER.clean(_PARSER.render(_mail_habits(_readable(text)))))


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
    """Without what no text file holds: lone surrogates (UTF-8 refuses them), NUL and its like."""
    text = text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    return CONTROL.sub("\ufffd", text.replace("\r\n", "\n").replace("\r", "\n"))


def _mail_habits(text: str) -> str:
    """What people type in e-mails: an answer right below a quote leaves it, and "•" starts a list."""
    return "\n".join(_with_ended_quotes(text.split("\n")))


def _with_ended_quotes(lines: list[str]) -> Iterator[str]:
    deeper = ""
    in_code = False
    for line in lines:
        if FENCE.match(line):
            in_code = not in_code
        if in_code:
            yield line
            continue
        signs = QUOTE_SIGNS.match(line)[0]
        # CommonMark would take this line into the quote above it: words of one would be read as another's.
        if line.strip() and signs.count(">") < deeper.count(">"):
            yield signs
        deeper = signs
        yield re.sub(r"^( {0,3})• *", r"\1- ", line)


def _allowed(url: str) -> bool:
    return url.lower().startswith(("http://", "https://", "mailto:")) or _site_path(url) is not None


def _site_path(url: str) -> str | None:
    """A path of this site as it is; anything else that names no scheme (`//evil`, `evil`) is refused."""
    return url if SITE_PATH.fullmatch(url) else None


def _lower_titles(state: StateCore) -> None:
    """Titles below those of the page: its h1, and the h2 of a section or of a message's author."""
    for token in state.tokens:
        if token.type in {"heading_open", "heading_close"}:
            token.tag = f"h{min(int(token.tag[1]) + 2, 5)}"


def _link_addresses(state: StateCore) -> None:
    """Web and e-mail addresses become links, save inside a link."""
    for block in state.tokens:
        if block.type != "inline" or not block.children:
            continue
        children, depth = [], 0
        for token in block.children:
            depth += (token.type == "link_open") - (token.type == "link_close")
            children.extend(_linked(token) if token.type == "text" and not depth else [token])
        block.children = children


def _linked(token: Token) -> Iterator[Token]:
    text, done = token.content, 0
    for found in ADDRESS.finditer(text):
        words = found[0].rstrip(LAST_SIGNS)
        if "(" in words and found[0].startswith(words + ")"):  # https://fr.wikipedia.org/wiki/Trélazé_(commune)
            words += ")"
        href = words if found["web"] else f"mailto:{words}"
        yield Token("text", "", 0, content=text[done : found.start()])
        yield Token("link_open", "a", 1, attrs={"href": href})
        yield Token("text", "", 0, content=words)
        yield Token("link_close", "a", -1)
        done = found.start() + len(words)
    yield Token("text", "", 0, content=text[done:])


def _typography(state: StateCore) -> None:
    """No-break spaces and apostrophes in what was typed, save inside links (an address may be their text) and code."""
    for block in state.tokens:
        depth = 0
        for token in block.children or []:
            depth += (token.type == "link_open") - (token.type == "link_close")
            if token.type == "text" and not depth:
                token.content = typo(token.content)


def _image_as_link(renderer, tokens: list[Token], index: int, options, env) -> str:
    """An image is a link to it: nothing is fetched from elsewhere by reading."""
    url = str(tokens[index].attrGet("src"))
    return format_html('<a href="{}">{}</a>', url, tokens[index].content or url)


def _make_parser() -> MarkdownIt:
    parser = MarkdownIt("commonmark", {"html": False, "breaks": True, "maxNesting": DEEPEST})
    parser.enable(["table", "strikethrough"])
    # Indented paragraphs and a line of dashes below a name are letters' habits, neither code nor titles.
    parser.disable(["code", "lheading"])
    parser.validateLink = _allowed
    parser.add_render_rule("image", _image_as_link)
    parser.core.ruler.push("link_addresses", _link_addresses)
    parser.core.ruler.push("typography", _typography)
    parser.core.ruler.push("lower_titles", _lower_titles)
    return parser


_PARSER = _make_parser()  # keeps nothing between two texts: every thread may use it
_CLEANER = nh3.Cleaner(
    tags=TAGS,
    clean_content_tags=set(),
    attributes={"a": {"href"}, "ol": {"start"}},
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
