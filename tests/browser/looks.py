"""What must hold of any page: axe finds nothing, it holds in its width."""

from axe_playwright_python.base import AXE_SCRIPT

WIDTHS = (1440, 1110, 768, 390, 320)  # pixels
READ_AT = (1440, 768, 390)
# The colours of a scheme change nothing but contrasts: the other rules have been applied in the first.
RULES = {"light": {"resultTypes": ["violations"]}, "dark": {"runOnly": ["color-contrast"]}}
TOO_WIDE = """() => {
  const root = document.documentElement;
  if (root.scrollWidth <= root.clientWidth) return [];
  return [...document.querySelectorAll("body *")]
    .filter((each) => each.getBoundingClientRect().right > root.clientWidth + 0.5)
    .slice(0, 5).map((each) => each.outerHTML.slice(0, 120));
}"""


def faults(page):
    """What is wrong with the page as it stands, in words; its window is 320 pixels wide afterwards."""
    found = []
    page.evaluate(AXE_SCRIPT)
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 900})
        wide = page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth")
        if wide:
            found.append(f"{width} px: wider than the window: {page.evaluate(TOO_WIDE)}")
        for scheme, options in RULES.items() if width in READ_AT else ():
            page.emulate_media(color_scheme=scheme)
            answer = page.evaluate("options => axe.run(options)", options)
            found += [
                f"{width} px, {scheme}: {rule['id']}: {node['target']} {node['html'][:160]}"
                for rule in answer["violations"]
                for node in rule["nodes"]
            ]
    return found
