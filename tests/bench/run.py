"""The benches on one engine, in this process: see __main__.py."""

import sys
from importlib import import_module

NAMES = {
    "fast_list": "tests.bench.fast_list",
    "thread_page": "tests.bench.thread_page",
    "fan_out": "tests.bench.fan_out",
}
MISSED = 3  # the exit code when a goal was missed


def main(arguments):
    import django  # noqa: PLC0415 the names are read without it

    django.setup()
    from django.core.management import call_command  # noqa: PLC0415
    from django.db import connection  # noqa: PLC0415

    from tests.bench import copies  # noqa: PLC0415

    call_command("migrate", verbosity=0)
    missed = False
    for name in [name for name in NAMES if name in arguments] or NAMES:
        bench = import_module(NAMES[name])
        with copies.copied() as copy, copies.using(copy):
            report = bench.measure(bench.TINY if "--tiny" in arguments else bench.FULL)
        report.title = f"{report.title} · {connection.display_name}"
        report.show()
        missed = missed or bool(report.missed)
    return MISSED if missed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
