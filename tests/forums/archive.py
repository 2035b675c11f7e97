"""A small archive as a shared mailbox gives it: made by code, as the mail programs of the time wrote."""

import base64
import quopri

from weasyprint import HTML


def letter(headers, body, *, charset="utf-8", encoding="8bit", kind="plain"):
    """The octets of a message; `headers` are bytes or text, written as they are."""
    octets = body.encode(charset)
    if encoding == "base64":
        octets = base64.encodebytes(octets)
    elif encoding == "quoted-printable":
        octets = quopri.encodestring(octets)
    lines = [each if isinstance(each, bytes) else each.encode() for each in headers]
    lines += [
        b"MIME-Version: 1.0",
        f"Content-Type: text/{kind}; charset={charset}".encode(),
        f"Content-Transfer-Encoding: {encoding}".encode(),
    ]
    return b"\n".join(lines) + b"\n\n" + octets


def with_files(headers, body, files):
    """A message with attachments, as (name, type, octets)."""
    lines = [
        *(each.encode() for each in headers),
        b"MIME-Version: 1.0",
        b'Content-Type: multipart/mixed; boundary="limite"',
        b"",
    ]
    lines += [b"--limite", b"Content-Type: text/plain; charset=utf-8", b"", body.encode()]
    for name, kind, octets in files:
        lines += [
            b"--limite",
            f'Content-Type: {kind}; name="{name}"'.encode(),
            b"Content-Transfer-Encoding: base64",
            f'Content-Disposition: attachment; filename="{name}"'.encode(),
            b"",
            base64.encodebytes(octets),
        ]
    return b"\n".join([*lines, b"--limite--", b""])


def mbox(*letters, path):
    """Write the letters to `path`, each below the line that begins a message."""
    day = b"From MAILER-DAEMON Thu Dec 13 09:05:00 2012\n"
    path.write_bytes(b"".join(day + each.rstrip(b"\n") + b"\n\n" for each in letters))
    return path


def pdf(text):
    return HTML(string=f"<html lang=fr><p>{text}").write_pdf()


def shared_mailbox(path):
    """Nine messages of 2012: two discussions and two lone letters, among them what archives have of the worst."""
    return mbox(
        letter(
            [
                "From: =?iso-8859-1?Q?H=E9l=E8ne_Marchais?= <Helene@Bouchemaine.example>",
                "Subject: =?windows-1252?Q?Groupement_d=92achats=A0:_papier?=",
                "Date: Mon, 10 Dec 2012 09:05:00 +0100",
                "Message-ID: <papier-1@bouchemaine.example>",
            ],
            "Bonjour à tous,\n\nQui serait intéressé par un groupement d’achats de papier ?\n\n"
            "-- \nHélène Marchais\nDGS",
            charset="windows-1252",
            encoding="quoted-printable",
        ),
        letter(
            [
                "From: DUPONT Jean <jdupont@ailleurs.example>",
                "Subject: =?utf-8?B?UkUgOiBHcm91cGVtZW50IGTigJlhY2hhdHMgOiBwYXBpZXI=?=",
                "Date: Mon, 10 Dec 2012 10:30:00 +0100",
                "Message-ID: <papier-2@ailleurs.example>",
                "References: <papier-1@bouchemaine.example>",
            ],
            "Ici, 300 ramettes par an.\n\nLe 10 déc. 2012 à 09:05, Hélène Marchais a écrit :\n"
            "> Bonjour à tous,\n>\n> Qui serait ?\n",
            encoding="base64",
        ),
        letter(
            [
                "From: yves@feneu.example",
                "Subject: RE: Groupement d'achats",
                "Date: Tue, 11 Dec 2012 08:00:00 +0100",
                "Message-ID: <papier-3@feneu.example>",
                "In-Reply-To: <papier-2@ailleurs.example>",
            ],
            "<html><head><style>p {color: red}</style></head><body><p>Feneu <b>aussi</b>&nbsp;:</p><ul><li>papier</li>"
            '<li>enveloppes</li></ul><p>Voir <a href="https://exemple.fr/">la grille</a>.</p></body></html>',
            kind="html",
        ),
        with_files(
            [
                "From: Yves Cormerais <YVES@feneu.example>",
                "Subject: Neige demain",
                "Date: Wed, 12 Dec 2012 17:00:00 +0100",
                "Message-ID: <neige-1@feneu.example>",
            ],
            "Le tableau des astreintes est joint.",
            [
                ("astreintes.pdf", "application/pdf", pdf("Astreintes de décembre")),
                ("plan.doc", "application/msword", b"\xd0\xcf\x11\xe0 ancien"),
            ],
        ),
        letter(
            [
                "From: Karim Belkacem <karim@avrille.example>",
                "Subject: Re: Neige demain",
                "Date: Wed, 12 Dec 2012 18:00:00 +0100",
                "Message-ID: <neige-2@avrille.example>",
            ],
            "Vu.\n>From là, la route est barrée.",
        ),
        letter(
            [
                b"From: Mairie de Tr\xe9laz\xe9 <accueil@trelaze.example>",
                b"Subject: Salle des f\xeates",
                b"Date: un jour",
                b"Message-ID: <salle@trelaze.example>",
            ],
            "La salle est prise.",
            charset="latin-1",
        ),
        letter(
            [
                "From: Karim Belkacem <karim@avrille.example>",
                "Subject: Neige demain",
                "Date: Fri, 15 Feb 2013 18:00:00 +0100",
                "Message-ID: <neige-3@avrille.example>",
            ],
            "De nouveau.",
        ),
        letter(
            [
                "From: Karim Belkacem <karim@avrille.example>",
                "Subject: Neige demain",
                "Date: Fri, 15 Feb 2013 18:00:00 +0100",
                "Message-ID: <neige-3@avrille.example>",
            ],
            "De nouveau.",
        ),
        letter(
            [
                "From: vide@ailleurs.example",
                "Subject: Rien",
                "Date: Fri, 15 Feb 2013 19:00:00 +0100",
                "Message-ID: <rien@x>",
            ],
            "\n",
        ),
        path=path,
    )
