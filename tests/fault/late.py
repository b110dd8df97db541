#!/usr/bin/env python3
"""A holder that lost its lock wakes up inside its commit.

late.py DIR [CASE...]: each tool is stopped before each call that changes a
file, its lock is gone meanwhile as on a server that forgot its client,
others change the campaign, and it goes on.  What the others were told must
be there, and so must what it was told itself, if anything.

A loss is a failure unless it is one of WINDOWS.  DIR is made and removed.
The tools are taken from PATH, late.c is compiled with $CC.
"""
import collections
import json
import os
import re
import shutil
import signal
import subprocess
import sys

HERE = os.path.dirname(os.path.abspath(__file__))

# What is between the last look and the call itself cannot be promised.
WINDOWS = {
    # the cut of a torn line takes what was written behind it since; only
    # one that is longer than what is appended is cut at all
    ("ftruncate", "log"),
}


TEMP = ".looptimum.tmp-"


def tool(at, name, *words, text=None, check=True):
    done = subprocess.run([name, "-C", at, *words], input=text,
                          capture_output=True, text=True, check=False,
                          timeout=120)
    if check and done.returncode != 0:
        raise ChildProcessError("%s: exit status %d: %s" % (
            name, done.returncode, done.stderr))
    return done


def values(done):
    return [json.loads(line) for line in done.stdout.splitlines()]


def payload(state, trial):
    row = next(p for p in state["pending"] if p["trial_id"] == trial)
    return json.dumps({"trial_id": trial, "params": row["params"],
                       "objectives": {"loss": row["params"]["x"]},
                       "status": "ok"})


def load(at):
    with open(os.path.join(at, "state", "bo_state.json"),
              encoding="ascii") as f:
        return json.load(f)


class Case:
    """A command that is late; what a campaign is like before it."""

    def __init__(self, top, name):
        self.name = name
        self.base = os.path.join(top, "base")
        subprocess.run([os.path.join(HERE, "contend.py"), "new", self.base],
                       check=True)
        for _ in range(3):
            tool(self.base, "lo-suggest")
        self.text = None
        if name.startswith("ingest"):
            self.text = payload(load(self.base), 1)
        if name.endswith("torn"):
            path = os.path.join(self.base, "state", "event_log.jsonl")
            with open(path, "a", encoding="ascii") as f:
                f.write('{"event": "suggestion_cr')
        words = {"suggest": ["lo-suggest"], "ingest": ["lo-ingest"],
                 "suggest-torn": ["lo-suggest"], "reset": ["lo-reset", "-y"],
                 "cancel": ["lo-cancel", "1"],
                 "heartbeat": ["lo-heartbeat", "1"]}
        self.words = words[name]


class Point:
    """One command stopped once."""

    def __init__(self, case, at, number, preload, fresh=True):
        self.case = case
        self.at = at
        self.preload = preload
        self.bad = []
        if fresh:
            shutil.rmtree(at, ignore_errors=True)
            shutil.copytree(case.base, at)
        env = dict(os.environ, LD_PRELOAD=preload, LATE_AT=str(number))
        words = [case.words[0], "-C", at, *case.words[1:]]
        self.late = subprocess.Popen(
            words, env=env, stdin=subprocess.PIPE, stdout=subprocess.PIPE,
            stderr=subprocess.PIPE, text=True)
        if case.text is not None:
            self.late.stdin.write(case.text)
        self.late.stdin.close()
        self.late.stdin = None
        _, status = os.waitpid(self.late.pid, os.WUNTRACED)
        self.stopped = os.WIFSTOPPED(status)
        if not self.stopped:
            self.late.returncode = os.waitstatus_to_exitcode(status)
            self.late.communicate()

    def others(self):
        """What happens meanwhile; what was told."""
        self.told = []
        state = None
        try:
            state = load(self.at)
        except FileNotFoundError:
            pass
        s = values(tool(self.at, "lo-suggest"))[0]
        self.told.append((s["trial_id"], "any", s["params"]["x"]))
        state = load(self.at)
        mine = [p["trial_id"] for p in state["pending"]
                if p["trial_id"] != 1 or self.case.name != "ingest"]
        pick = mine[0]
        x = next(p["params"]["x"] for p in state["pending"]
                 if p["trial_id"] == pick)
        done = tool(self.at, "lo-ingest", text=payload(state, pick),
                    check=False)
        if done.returncode == 0:
            self.told.append((pick, "ok", x))

    def others_stopped(self, number):
        """Others, too, are stopped in the middle of their commit and lost
        their lock; they go on when this one is done."""
        other = Point(self.case, self.at, number, self.preload, fresh=False)
        self.told = []
        self.wake()
        if not other.stopped:
            return False
        other.wake()
        for a in other.acks:
            self.told.append((a["trial_id"], "any", a["params"]["x"]))
        return True

    def wake(self):
        os.kill(self.late.pid, signal.SIGCONT)
        out, err = self.late.communicate(timeout=120)
        self.status = self.late.returncode
        call = re.search(r"LATE (\S+) (.*)", err)
        self.call = (call.group(1), call.group(2)) if call else ("?", "")
        self.said = err.replace(call.group(0), "").strip() if call else err
        self.acks = [json.loads(line) for line in out.splitlines()] \
            if self.status == 0 else []

    def compare(self):
        """After the next command, which may have to repair."""
        done = tool(self.at, "lo-suggest", check=False)
        if done.returncode != 0:
            self.bad.append("the next command: %s" % done.stderr.strip())
            return
        state = load(self.at)
        rows = {r["trial_id"]: r
                for r in state["pending"] + state["observations"]}
        # what was late may have its turn behind the others
        told = [] if self.case.name == "reset" and self.status == 0 else \
            self.told
        for trial, status, x in told:
            row = rows.get(trial)
            if row is None or row["params"]["x"] != x or \
                    status == "ok" and row.get("status") != "ok":
                self.bad.append("trial %d of others is lost" % trial)
        ids = [t[0] for t in self.told if t[1] == "any"]
        for a in self.acks:
            if "trial_id" in a and a["trial_id"] not in rows:
                self.bad.append("trial %d was acknowledged and is lost" %
                                a["trial_id"])
            if self.case.words[0] == "lo-suggest":
                ids.append(a["trial_id"])
        for trial, n in collections.Counter(ids).items():
            if n > 1:
                self.bad.append("trial %d was given twice" % trial)
        done = tool(self.at, "lo-validate", "--strict", check=False)
        if done.returncode != 0:
            self.bad.append(done.stderr.strip().replace("\n", "; "))

    def window(self):
        name, path = self.call
        if name == "ftruncate":
            path = "log"
        return (name, path) in WINDOWS


def measure(top, case, preload):
    """Microseconds from the last look to the call, of those that need one."""
    at = os.path.join(top, "c")
    shutil.rmtree(at, ignore_errors=True)
    shutil.copytree(case.base, at)
    env = dict(os.environ, LD_PRELOAD=preload, LATE_CLOCK="1")
    done = subprocess.run([case.words[0], "-C", at, *case.words[1:]], env=env,
                          input=case.text, capture_output=True, text=True,
                          check=False)
    found = [int(n) for name, n in
             re.findall(r"WINDOW (\S+) (\d+)", done.stderr)
             if name in ("renameat", "pwrite")]
    return sorted(found[1:])  # the first one is the lock file's


def run_case(top, name, preload, seen):
    case = Case(top, name)
    number = lost = failed = finished = 0
    while True:
        number += 1
        p = Point(case, os.path.join(top, "c"), number, preload)
        if not p.stopped:
            break
        try:
            p.others()
        except ChildProcessError as e:
            p.bad.append(str(e))
        p.wake()
        p.compare()
        finished += p.status == 0
        if p.bad:
            known = p.window()
            lost += known
            failed += not known
            seen[p.call] += 1
            print("%s: %s before %s %s (call %d, it ended with %d): %s" % (
                name, "window" if known else "LOST", *p.call, number,
                p.status, "; ".join(p.bad)[:300]))
    window = measure(top, case, preload)
    shutil.rmtree(case.base)
    print("%s: from the last look to the call: median %d us, longest %d us" %
          (name, window[len(window) // 2], window[-1]))
    print("%s: stopped at %d calls; it gave up at %d; lost %d, of these in "
          "known windows %d" % (name, number - 1, number - 1 - finished,
                                lost + failed, lost))
    return failed


def run_end(top, preload):
    """The removal of a journal, when the next one is there already."""
    case = Case(top, "suggest")
    at = os.path.join(top, "c")
    number = 1
    last = 0
    while True:         # its last renaming takes the journal away
        p = Point(case, at, number, preload)
        if not p.stopped:
            break
        p.wake()
        if p.call[0] == "renameat" and p.call[1].startswith(TEMP):
            last = number
        number += 1
    number = failed = 0
    more = last > 0
    while more:
        number += 1
        p = Point(case, at, last, preload)
        more = p.others_stopped(number)
        p.compare()
        failed += bool(p.bad)
        if p.bad:
            print("end: LOST when others were before call %d: %s" % (
                number, "; ".join(p.bad)[:300]))
    shutil.rmtree(case.base)
    print("end: others stopped at %d calls; lost %d" % (number - 1, failed))
    return failed + (last == 0)


def main():
    top = os.path.abspath(sys.argv[1])
    os.makedirs(top)
    preload = os.path.join(top, "late.so")
    subprocess.run([os.environ.get("CC", "cc"), "-shared", "-fPIC", "-O1",
                    "-o", preload, os.path.join(HERE, "late.c"), "-ldl"],
                   check=True)
    cases = sys.argv[2:] or ["suggest", "ingest", "cancel", "heartbeat",
                             "suggest-torn", "reset", "end"]
    seen = collections.Counter()
    failed = sum(run_end(top, preload) if name == "end" else
                 run_case(top, name, preload, seen) for name in cases)
    shutil.rmtree(top)
    print("%d failures" % failed)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
