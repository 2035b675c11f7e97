"""Reads the text of one file, alone in its process: `python -I reader.py PATH MIME`, the answer in JSON on the output.

Run by `extraction.read` only. Its limits are set before the parser is loaded: a file made to exhaust it kills this
process and nothing else. Imports nothing of the project.
"""

import contextlib
import ctypes
import json
import os
import resource
import sys

MEMORY = 512 * 1024 * 1024  # octets of address space
PROCESSOR = 10  # seconds
OUTPUT = 16 * 1024 * 1024  # octets written
MOST_CHARACTERS = 2_000_000
PAGED = {"application/pdf"}  # elsewhere pages are guessed, or are sheets and slides
NEW_USER, NEW_NETWORK = 0x10000000, 0x40000000  # unshare(2)


def confine():
    """Little memory, little time, no core, no new file, and no network where the kernel lets a process give it up."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (PROCESSOR, PROCESSOR))
    resource.setrlimit(resource.RLIMIT_FSIZE, (OUTPUT, OUTPUT))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    with contextlib.suppress(OSError, AttributeError):
        ctypes.CDLL(None).unshare(NEW_USER | NEW_NETWORK)


def read(path, mime):
    from kreuzberg import ConcurrencyConfig, ExtractionConfig, PageConfig, extract_file_sync  # noqa: PLC0415 once confined

    config = ExtractionConfig(
        use_cache=False,
        disable_ocr=True,
        pages=PageConfig(extract_pages=True),
        concurrency=ConcurrencyConfig(max_threads=1),
    )
    found = extract_file_sync(path, mime_type=mime, config=config)
    pages = [page["content"] for page in found.pages or []] if mime in PAGED else []
    return {"text": ("\f".join(pages) or found.content)[:MOST_CHARACTERS], "pages": len(pages) or None}


if __name__ == "__main__":
    confine()
    try:
        answer = read(*sys.argv[1:3])
    except MemoryError:
        answer = {"error": "memory"}
    except Exception as error:  # whatever the parser's failure, the member is told
        answer = {"error": type(error).__name__, "detail": str(error)[:500]}
    sys.stdout.write(json.dumps(answer))
    sys.stdout.flush()
    os._exit(0)  # the parser's threads are not waited for
