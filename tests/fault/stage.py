"""The stage of the fault tests: the real program with the demo, as the API tests have it (tests/api), on SQLite or PostgreSQL.

A fault test is a script of its own. It names its tests to `play`, which prints a line for each that failed and at the end `N passed, N failed`.
"""
import argparse
import os
import sys
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), '..', 'api'))

from run import Run  # noqa: E402


class Skipped(Exception):
    """This machine does not let us do it; said in one clear line."""


def tell(text):
    print(text, flush=True)


def play(doc, tests, *more, engines=('sqlite', 'postgresql')):
    """Runs `tests` (functions of a Run) on one engine. `more` are (flag, options of argparse): they are found in run.options."""
    parser = argparse.ArgumentParser(description=doc.splitlines()[0])
    parser.add_argument('--binary', required=True)
    parser.add_argument('--database', help='PostgreSQL on which databases may be made')
    parser.add_argument('--only', help='one of the tests')
    parser.add_argument('--keep', action='store_true', help='leave folder and databases behind')
    for flag, how in more:
        parser.add_argument(flag, **how)
    options = parser.parse_args()
    run = Run(options.binary, options.database, times=False)
    run.options = options
    try:
        for test in tests:
            if run.engine in getattr(test, 'engines', engines) and options.only in (None, test.__name__):
                _one(run, test)
    finally:
        run.close(options.keep)
    print(f'{run.passed} passed, {run.failed} failed')
    return 1 if run.failed else 0


def _one(run, test):
    began, skipped = time.monotonic(), []

    def body(run):
        try:
            test(run)
        except Skipped as e:
            skipped.append(str(e))
    run.test(f'{test.__name__} ({run.engine})', body)
    if skipped:
        run.passed -= 1
        tell(f'SKIP {test.__name__}: {skipped[0]}')
    else:
        tell(f'{test.__name__} ({run.engine}): {time.monotonic() - began:.1f} s')
