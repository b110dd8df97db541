#!/usr/bin/env python3
"""Take the power away from each mutating tool at each moment.

See README.md.  Exit status 0 if nothing was lost anywhere, 1 if something
was, 2 for usage.
"""

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ProcessPoolExecutor, as_completed

import crash
import disk
import point
import scenarios


class Cut(point.Struck):
    """What became of a command when the power went; least: the first state
    that may be found."""

    def __init__(self, out, least=None):
        self.status = 137
        self.out = out.decode("utf-8", "replace")
        self.err = ""
        self.calls = []
        self.hit = None
        self.least = least

    def answers(self):
        return super().answers() if self.least is None else self.least


class Moment:
    """One thing that may be found, and when."""

    def __init__(self, tree, said, after, choice, units):
        self.tree = tree
        self.said = said
        self.after = after      # number of the call
        self.choice = [(u.name, c, len(u.ways))
                       for u, c in zip(units, choice)]

    def __str__(self):
        kept = ["%s%s" % (name, "" if c == n else " (%d/%d)" % (c, n))
                for name, c, n in self.choice if c]
        lost = [name for name, c, _ in self.choice if not c]
        return "power gone after call %d; kept: %s; lost: %s" % (
            self.after, ", ".join(kept) or "nothing",
            ", ".join(lost) or "nothing")


class Power:
    """One scenario, in a box of one process."""

    def __init__(self, name, options):
        self.options = options
        self.work = crash.work_of(name, options)
        self.box = self.work.box
        self.points = 0
        self.cut_short = 0
        self.moments = {}
        self.seconds = 0.0

    def trace(self, command):
        """The calls of a command, run in the box as it is."""
        log = self.work.log + ".strace"
        r = self.box.run(command.argv, command.stdin,
                         disk.STRACE + ["-o", log])
        if r.returncode not in command.allowed:
            raise point.Failure("%s: exit status %d: %s" % (
                command.argv[0], r.returncode, r.stderr.decode().strip()))
        with open(log) as f:
            return list(disk.calls_of(f.read()))

    def watch(self, there, calls, first=0):
        """All that may be found after each of the calls."""
        start = time.monotonic()
        there.speaker = calls[0][0]
        for i, call in enumerate(calls, first + 1):
            if there.feed(call):
                self.points += 1
                self.look(there, i)
        self.seconds += time.monotonic() - start

    def look(self, there, i):
        o = self.options
        if o.kill:
            choices = [[len(u.ways) for u in there.units]]
        elif o.synced:
            choices = [[0] * len(there.units)]
        else:
            choices = there.choices(o.limit, i)
            self.cut_short += there.is_cut_short(o.limit)
        for choice in choices:
            tree = there.found(choice)
            self.moments.setdefault(
                (disk.key_of(tree), there.said),
                Moment(tree, there.said, i, choice, there.units))

    def judge(self, refs, moment, least=None):
        shutil.rmtree(self.box.root, ignore_errors=True)
        disk.make(moment.tree, self.box.root)
        return self.work.judge(refs, Cut(moment.said, least), "kill-before")

    def start(self):
        point.restore(self.work.refs[0].tree, self.box.root)
        return disk.Disk(self.box.root, self.box.path(self.box.cwd))

    # ------------------------------------------------------------- the tool

    def tool(self):
        there = self.start()
        self.watch(there, self.trace(self.work.s.command))
        return [(m, self.work.refs, None) for m in self.some()]

    def some(self):
        """As many as are wanted, of all kinds."""
        all_of, n = list(self.moments.values()), self.options.states
        if n == 0 or len(all_of) <= n:
            return all_of
        return [all_of[i * (len(all_of) - 1) // (n - 1)] for i in range(n)]

    # --------------------------------------------------------- its recovery

    def killed_at(self, calls):
        """Where: the journal has its name, half of it is done, all but
        the last."""
        changes, journal = [], []
        there = self.start()
        there.speaker = calls[0][0]
        for i, call in enumerate(calls, 1):
            if there.feed(call) and not there.said:
                changes.append(i)
            if any(isinstance(a, bytes) and a.endswith(b".looptimum.journal")
                   for a in call[2]) and call[1] != "openat":
                journal.append(i)
        if len(journal) < 2:
            return changes[len(changes) // 2:][:1]
        inner = [i for i in changes if journal[0] < i < journal[1]]
        return sorted({journal[0], *inner[len(inner) // 2:][:1],
                       journal[1] - 1})

    def recovery(self, which):
        """The next command after a kill, with what neither has synced."""
        work = self.work
        there = self.start()
        calls = self.trace(work.s.command)
        places = self.killed_at(calls)
        if which >= len(places):
            return []
        k = places[which]
        there.speaker = calls[0][0]
        for call in calls[:k]:
            there.feed(call)
        left = Moment(there.seen(), there.said, k, [], [])
        at = self.judge(work.refs, left)
        base = work.refs[at]
        if work.s.loose:
            refs = work.refs
        else:
            refs = work.refs[:at + 1] + [point.Reference(work, base.next)]
        shutil.rmtree(self.box.root, ignore_errors=True)
        disk.make(left.tree, self.box.root)
        before = Cut(there.said).answers()
        there.said = b""
        self.watch(there, self.trace(work.s.again[0]), k)
        return [(m, refs, len(refs) - 1 if m.said and work.s.answers and
                 Cut(m.said).answers() else before)
                for m in self.some()]


# ------------------------------------------------------------ all of them

def one(name, which, options):
    """Of one scenario: the tool (which 0), or a recovery of it."""
    got = {"points": 0, "states": 0, "short": 0, "failures": [],
           "generated": 0.0, "checked": 0, "seconds": 0.0}
    start = time.monotonic()
    try:
        power = Power(name, options)
        power.work.box.cwd = power.work.s.cwd
        jobs = power.tool() if which == 0 else power.recovery(which - 1)
    except (point.Failure, subprocess.TimeoutExpired,
            disk.Unknown) as e:
        got["failures"].append("%s: %s" % (type(e).__name__, e))
        return name, which, got
    got.update(points=power.points, states=len(power.moments),
               short=power.cut_short, generated=power.seconds,
               checked=len(jobs))
    for moment, refs, least in jobs:
        try:
            power.judge(refs, moment, least)
        except (point.Failure, subprocess.TimeoutExpired) as e:
            got["failures"].append("%s: %s" % (moment, e))
            if len(got["failures"]) >= options.enough:
                break
    got["seconds"] = time.monotonic() - start
    return name, which, got


class Table:
    COLUMNS = "%-26s %7s %7s %8s %9s %7s %8s"

    def __init__(self):
        self.rows = {}

    def add(self, name, which, got):
        title = name if which == 0 else "%s, recovery %d" % (name, which)
        if got["points"] or got["failures"]:
            self.rows[title] = got
        for f in got["failures"][:4]:
            print("FAILED %s: %s" % (title, f), flush=True)

    def total(self, key):
        return sum(r[key] for r in self.rows.values())

    def print(self, names, seconds):
        print(self.COLUMNS % ("tool", "points", "states", "checked",
                              "failures", "model", "seconds"))
        order = sorted(self.rows, key=lambda t: (
            names.index(t.split(",")[0]), t))
        for title in order:
            r = self.rows[title]
            print(self.COLUMNS % (
                title, r["points"], "%d%s" % (r["states"], "+" if r["short"]
                                              else ""), r["checked"],
                len(r["failures"]), "%.2f" % r["generated"],
                "%.1f" % r["seconds"]))
        bad = sum(len(r["failures"]) for r in self.rows.values())
        print("%d crash points, %d distinct states, %d checked, %d failures,"
              " %.0f seconds" % (self.total("points"), self.total("states"),
                                 self.total("checked"), bad, seconds))
        if self.total("short"):
            print("+: more may be found than were tried at %d points" %
                  self.total("short"))
        return bad == 0 and self.total("checked") > 0


def arguments():
    p = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    p.add_argument("--bin", default=os.environ.get("LO_BIN",
                                                   point.TOP + "/bin"),
                   help="the tools (default: $LO_BIN, else bin)")
    p.add_argument("--tool", action="append", default=[],
                   help="a scenario or a tool; may be repeated")
    p.add_argument("--limit", type=int, default=64,
                   help="combinations at a point; more are sampled")
    p.add_argument("--states", type=int, default=100, metavar="N",
                   help="check only N of those found, from first to last;"
                   " 0: all")
    p.add_argument("--recoveries", type=int, default=3, metavar="N",
                   help="at so many places of a commit; 0: none")
    p.add_argument("--relaxed", action="store_true",
                   help="with durability: relaxed")
    p.add_argument("--kill", action="store_true",
                   help="no power loss: a kill keeps everything")
    p.add_argument("--synced", action="store_true",
                   help="only what was fsynced is there, nothing else")
    p.add_argument("--enough", type=int, default=20, metavar="N",
                   help="stop a scenario after N failures")
    p.add_argument("--jobs", type=int, default=2)
    p.add_argument("--list", action="store_true", help="the scenarios")
    o = p.parse_args()
    o.bin = os.path.abspath(o.bin)
    o.strike = ""
    return p, o


def relax(options):
    if options.relaxed:
        scenarios.CONFIG["durability"] = "relaxed"


def main():
    parser, options = arguments()
    names = crash.chosen(parser, options)
    if options.list:
        print("\n".join(names))
        return 0
    shm = "/dev/shm" if os.access("/dev/shm", os.W_OK) else None
    options.dir = tempfile.mkdtemp(prefix="lo-power.", dir=shm)
    table, start = Table(), time.monotonic()
    try:
        with ProcessPoolExecutor(options.jobs, initializer=relax,
                                 initargs=(options,)) as pool:
            jobs = [pool.submit(one, n, which, options) for n in names
                    for which in range(options.recoveries + 1)]
            for future in as_completed(jobs):
                table.add(*future.result())
    finally:
        shutil.rmtree(options.dir, ignore_errors=True)
    return 0 if table.print(names, time.monotonic() - start) else 1


if __name__ == "__main__":
    sys.exit(main())
