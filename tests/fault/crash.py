#!/usr/bin/env python3
"""Strike each mutating tool at each call, and judge what is left.

See README.md.  Exit status 0 if nothing was lost anywhere, 1 if something
was, 2 for usage.
"""

import argparse
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ProcessPoolExecutor, as_completed

sys.dont_write_bytecode = True  # the source tree stays as it is

import scenarios  # noqa: E402
from point import (ERRORS, HALVES, MODES, READS, TOP,  # noqa: E402
                   Failure, Work, digest, dump)

# ------------------------------------------------------------- all points

_work = {}


def work_of(name, options):
    """A worker keeps what it prepared for a scenario."""
    if name not in _work:
        _work.clear()
        s = [s for s in scenarios.all_scenarios() if s.name == name][0]
        root = os.path.join(options.dir, str(os.getpid()))
        os.makedirs(root, exist_ok=True)
        _work[name] = Work(s, root, options)
    return _work[name]


def survey(name, options):
    try:
        return name, work_of(name, options).count(), None
    except (Failure, subprocess.TimeoutExpired, OSError) as e:
        return name, ([], []), str(e)


def some_points(name, points, options):
    """Of one scenario: [(mode, k)].  Counts, failures, distinct leftovers."""
    got = {"points": 0, "old": 0, "new": 0, "failures": [], "left": {}}
    start = time.monotonic()
    try:
        work = work_of(name, options)
    except Failure as e:
        got["failures"].append(str(e))
        got["seconds"] = time.monotonic() - start
        return name, got
    for mode, k in points:
        try:
            result = work.point(mode, k)
        except (Failure, subprocess.TimeoutExpired, OSError) as e:
            got["points"] += 1
            got["failures"].append(str(e))
            continue
        if result is None:
            continue
        got["points"] += 1
        got["new" if result[0] > 0 else "old"] += 1
        if result[1] is not None:
            got["left"].setdefault(digest(result[1]), (mode, k, result[0]))
    got["seconds"] = time.monotonic() - start
    return name, got


def some_pairs(name, firsts, modes, every, options):
    """Crashes within the recovery from each of these crashes."""
    got = {"points": 0, "failures": []}
    start = time.monotonic()
    work = work_of(name, options)
    for mode, k, index in firsts:
        work.strike(work.refs[0].tree, work.s.command, mode, k)
        left = dump(work.box.root)
        for n, second in enumerate(modes):
            count, bad = some_second(work, left, index, second, every,
                                     k + 3 * n)
            got["points"] += count
            got["failures"] += ["%s at %d, then %s" % (mode, k, b)
                                for b in bad]
    got["seconds"] = time.monotonic() - start
    return name, got


def some_second(work, *what):
    try:
        return work.pairs(*what)
    except (Failure, subprocess.TimeoutExpired, OSError) as e:
        return 1, [str(e)]


def plan(calls, modes, every):
    """Which points: every mode at each call it says something about."""
    points = []
    changes, reads = calls
    for mode in modes:
        for k, (call, _) in enumerate(
                reads if mode in READS else changes, 1):
            if mode in HALVES and call not in ("write", "pwrite64"):
                continue
            points.append((mode, k))
    # of each mode the same share, but not always the same calls
    return [p for i, p in enumerate(points) if (i + i // 7) % every == 0]


def slices(items, n):
    return [items[i:i + n] for i in range(0, len(items), n)]


def rate(n, seconds):
    return "%.0f" % (n / seconds) if seconds > 0 else "-"


class Totals:
    def __init__(self):
        self.rows = {}

    def row(self, name):
        return self.rows.setdefault(name, {
            "calls": 0, "points": 0, "old": 0, "new": 0, "pairs": 0,
            "failures": [], "left": {}, "seconds": 0})

    def print(self, seconds):
        keys = ("calls", "points", "old", "new", "pairs")
        line = "%-18s %5s %7s %7s %7s %7s %9s %9s"
        print(line % ("scenario", "calls", "points", "before", "after",
                      "pairs", "failures", "a second"))
        sums = dict.fromkeys(keys, 0)
        for name, r in self.rows.items():
            print(line % ((name,) + tuple(r[k] for k in keys) +
                          (len(r["failures"]), rate(
                              r["points"] + r["pairs"], r["seconds"]))))
            for k in keys:
                sums[k] += r[k]
        bad = sum(len(r["failures"]) for r in self.rows.values())
        n = sums["points"] + sums["pairs"]
        print(line % (("total",) + tuple(sums[k] for k in keys) +
                      (bad, rate(n, seconds))))
        print("%d points and %d pairs, %d before the commit, %d after, "
              "%d failures, %s a second" % (
                  sums["points"], sums["pairs"], sums["old"], sums["new"],
                  bad, rate(n, seconds)))
        return bad == 0 and n > 0


def report(totals, name, failures, limit=8):
    r = totals.row(name)
    for f in failures:
        if len(r["failures"]) < limit:
            print("FAILED %s: %s" % (name, f), flush=True)
        r["failures"].append(f)


def first_crashes(pool, names, options, totals):
    jobs = []
    for future in as_completed([pool.submit(survey, n, options)
                                for n in names]):
        name, calls, problem = future.result()
        totals.row(name)["calls"] = len(calls[0])
        if problem:
            report(totals, name, [problem])
        for part in slices(plan(calls, options.modes, options.every), 60):
            jobs.append((name, part))
    jobs.sort(key=lambda job: names.index(job[0]))
    for future in as_completed([pool.submit(some_points, n, p, options)
                                for n, p in jobs]):
        name, got = future.result()
        r = totals.row(name)
        for k in ("points", "old", "new", "seconds"):
            r[k] += got[k]
        for key, first in got["left"].items():
            r["left"].setdefault(key, first)
        report(totals, name, got["failures"])


def second_crashes(pool, options, totals):
    jobs = []
    modes = [m for m in ("kill-before", "tear", "EIO")
             if m in options.modes]
    for name, r in totals.rows.items():
        firsts = sorted(r["left"].values(), key=lambda f: (f[1], f[0]))
        jobs += [(name, part) for part in slices(firsts, 3)]
    for future in as_completed([
            pool.submit(some_pairs, n, p, modes, options.pairs, options)
            for n, p in jobs]):
        name, got = future.result()
        totals.row(name)["pairs"] += got["points"]
        totals.row(name)["seconds"] += got["seconds"]
        report(totals, name, got["failures"])


# ---------------------------------------------------------------- options

def listed(text):
    modes = text.split(",")
    for m in modes:
        if m not in MODES and m.rstrip("+").replace("read-", "") \
                not in ERRORS:
            raise argparse.ArgumentTypeError("no such mode: " + m)
    return modes


def arguments():
    p = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    p.add_argument("--bin", default=os.environ.get("LO_BIN", TOP + "/bin"),
                   help="the tools (default: $LO_BIN, else bin)")
    p.add_argument("--strike", default=os.environ.get(
        "LO_STRIKE", TOP + "/build/tests/fault/strike"))
    p.add_argument("--tool", action="append", default=[],
                   help="a scenario or a tool; may be repeated")
    p.add_argument("--modes", type=listed, default=MODES,
                   help=",".join(MODES))
    p.add_argument("--every", type=int, default=1,
                   help="only every N-th point")
    p.add_argument("--pairs", type=int, default=24, metavar="N",
                   help="every N-th call of a recovery; 0: no pairs")
    p.add_argument("--point", metavar="MODE:K",
                   help="that one; the box is kept")
    p.add_argument("--jobs", type=int, default=2)
    p.add_argument("--list", action="store_true", help="the scenarios")
    o = p.parse_args()
    o.bin, o.strike = os.path.abspath(o.bin), os.path.abspath(o.strike)
    return p, o


def knows(options, scenario):
    """Does this build have that option?"""
    if scenario.needs is None:
        return True
    r = subprocess.run([os.path.join(options.bin, scenario.command.argv[0]),
                        "--help"], capture_output=True)
    return scenario.needs.encode() in r.stdout


def chosen(parser, options):
    every = [s for s in scenarios.all_scenarios() if knows(options, s)]
    for t in options.tool:
        if not any(t in (s.name, s.tool) for s in every):
            parser.error("no scenario %s: see --list" % t)
    return [s.name for s in every if not options.tool or
            s.name in options.tool or s.tool in options.tool]


def one_point(name, options):
    mode, k = options.point.split(":")
    work = work_of(name, options)
    try:
        print(name, work.point(mode, int(k))[:1])
    except Failure as e:
        print("FAILED %s: %s" % (name, e))
        return 1
    finally:
        print("kept: " + work.box.root)
    return 0


def main():
    parser, options = arguments()
    names = chosen(parser, options)
    if options.list:
        print("\n".join(names))
        return 0
    shm = "/dev/shm" if os.access("/dev/shm", os.W_OK) else None
    options.dir = tempfile.mkdtemp(prefix="lo-crash.", dir=shm)
    if options.point:
        return one_point(names[0], options)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    totals = Totals()
    start = time.monotonic()
    try:
        with ProcessPoolExecutor(options.jobs) as pool:
            try:
                first_crashes(pool, names, options, totals)
                if options.pairs > 0:
                    second_crashes(pool, options, totals)
            except BaseException:
                pool.shutdown(cancel_futures=True)
                print("not all:")
                totals.print(time.monotonic() - start)
                raise
    finally:
        shutil.rmtree(options.dir, ignore_errors=True)
    return 0 if totals.print(time.monotonic() - start) else 1


if __name__ == "__main__":
    sys.exit(main())
