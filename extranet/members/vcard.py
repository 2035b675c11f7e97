"""A person as a vCard 3.0 (RFC 2426), the version that Outlook, phones and webmails all read."""

import re

LINE_OCTETS = 75


def vcard(person, functions, url):
    """The card of `person`: names, functions (mandates), address, phone, and the address of her page."""
    first = functions[0] if functions else None
    place = str(first.commune or first.territory) if first and not first.circle_id else ""
    profile = getattr(person, "profile", None)
    lines = [
        "BEGIN:VCARD",
        "VERSION:3.0",
        f"N:{_text(person.last_name)};{_text(person.first_name)};;;",
        f"FN:{_text(person.get_full_name() or person.email)}",
        f"ORG:{_text(place)}" if place else "",
        f"TITLE:{_text(', '.join(mandate.label for mandate in functions))}" if functions else "",
        f"EMAIL;TYPE=INTERNET,WORK:{_text(person.email)}",
        f"TEL;TYPE=WORK,VOICE:{_text(profile.phone)}" if profile and profile.phone else "",
        f"URL:{url}",
        "END:VCARD",
    ]
    return "".join(f"{_folded(line)}\r\n" for line in lines if line)


def _text(value):
    """RFC 2426, 5: backslash, comma, semicolon and line ends are escaped; other control characters have no place."""
    value = re.sub(r"([\\,;])", r"\\\1", value).replace("\r\n", "\n").replace("\n", "\\n")
    return re.sub(r"[\x00-\x1f\x7f]", "", value)


def _folded(line):
    """RFC 2426, 2.6: no more than 75 octets a line, the next ones led by a space, no character cut."""
    pieces, octets = [""], 0
    for char in line:
        size = len(char.encode())
        if octets + size > LINE_OCTETS:
            pieces.append(" ")
            octets = 1
        pieces[-1] += char
        octets += size
    return "\r\n".join(pieces)
