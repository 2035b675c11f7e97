"""HTML to PDF by WeasyPrint, tagged for screen readers (PDF/UA-1). It needs Pango, which a machine may lack."""

from importlib import import_module

from django.contrib.staticfiles import finders

STYLES = "forums/paper.css"


class Unavailable(Exception):
    """This machine cannot make a PDF."""


def make(html, base_url):
    """The PDF's octets. Nothing is fetched from anywhere; `base_url` completes the addresses of links.

    Raises: Unavailable.
    """
    try:
        weasyprint = import_module("weasyprint")
    except (ImportError, OSError) as error:
        raise Unavailable from error
    nothing = weasyprint.urls.URLFetcher(allowed_protocols=())
    document = weasyprint.HTML(string=html, base_url=base_url, url_fetcher=nothing)
    styles = weasyprint.CSS(filename=finders.find(STYLES), url_fetcher=nothing)
    return document.write_pdf(stylesheets=[styles], pdf_variant="pdf/ua-1")
