"""Visit a running demo as each of its accounts: `visit.py demo.json [--log-in-only]`.

As a browser without scripts would: logs in by the form, reads every page of the site that the home page links to, and
fails on a status of 400 or more, or on a traceback. Standard library only.
"""

import json
import sys
from html.parser import HTMLParser
from http.cookiejar import CookieJar
from urllib.error import HTTPError
from urllib.parse import urlencode, urljoin, urlsplit
from urllib.request import HTTPCookieProcessor, Request, build_opener

LOG_IN = "/compte/login/"


class Page(HTMLParser):
    """What a visit needs from a page: where its links lead, and its hidden fields."""

    def __init__(self, text):
        super().__init__()
        self.links, self.hidden = [], {}
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        attrs = dict(attrs)
        if tag == "a" and attrs.get("href"):
            self.links.append(attrs["href"])
        if tag == "input" and attrs.get("type") == "hidden" and attrs.get("name"):
            self.hidden.setdefault(attrs["name"], attrs.get("value") or "")


class Visitor:
    """One account's browser. Problems are kept, not raised: one visit says all that is wrong."""

    def __init__(self, base):
        self.base = base
        self.opener = build_opener(HTTPCookieProcessor(CookieJar()))
        self.problems = []
        self.read = 0

    def open(self, path, data=None):
        """The final URL and text of the answer."""
        url = urljoin(self.base, path)
        body = urlencode(data).encode() if data else None
        request = Request(url, headers={"Referer": url}, data=body)  # noqa: S310 the demo's own address
        try:
            with self.opener.open(request, timeout=30) as answer:
                status, text, where = answer.status, answer.read().decode(errors="replace"), answer.url
        except HTTPError as error:
            status, text, where = error.code, error.read().decode(errors="replace"), url
        self.read += 1
        if status >= 400 or "Traceback (most recent call last)" in text:
            self.problems.append(f"{status} {path}")
        return where, text

    def log_in(self, email, password):
        _, text = self.open(LOG_IN)
        where, _ = self.open(LOG_IN, {**Page(text).hidden, "login": email, "password": password})
        if urlsplit(where).path.startswith(LOG_IN):
            self.problems.append(f"{email} cannot log in")

    def visit_all(self):
        """Every page of the site that the home page links to, but the way out."""
        where, text = self.open("/")
        pages = {urljoin(where, link).partition("#")[0] for link in Page(text).links}
        ours = {page for page in pages if page.startswith(self.base) and "/logout" not in page}
        if len(ours) < 3:
            self.problems.append(f"the home page links to {len(ours)} pages only")
        for page in sorted(ours):
            self.open(page)


def main(demo, log_in_only):
    with open(demo, encoding="utf-8") as file:
        network = json.load(file)
    problems = 0
    for account in network["accounts"]:
        visitor = Visitor(network["url"])
        visitor.log_in(account["email"], account["password"])
        if not log_in_only and not visitor.problems:
            visitor.visit_all()
        print(f"{account['role']} ({account['email']}): {visitor.read} pages read, {len(visitor.problems)} problems")
        for problem in visitor.problems:
            print(f"  {problem}")
        problems += len(visitor.problems)
    return 1 if problems or not network["accounts"] else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], "--log-in-only" in sys.argv))
