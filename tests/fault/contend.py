#!/usr/bin/env python3
"""Many processes change one campaign; nothing that was acknowledged is lost.

contend.py new DIR              make a campaign
contend.py work DIR --acks F    let workers change it, note what they were told
contend.py check DIR F...       compare what they were told with the campaign
contend.py all DIR              the three of them

What a tool printed is an acknowledgement.  The check reads the campaign's
files by itself; of the tools it asks only lo-validate.  The tools are taken
from PATH.
"""
import argparse
import collections
import json
import os
import random
import subprocess
import sys
import time

STYLES = ("ops", "pipe", "run")
# ops beside run would have its trials taken up by lo-run
MIXED = ("pipe", "run")
EVALUATOR = ["jq", "-c", "{objectives: {loss: .params.x}}"]
# The same, and the suggestions that it saw in a file.
NOTING = ["sh", "-c", 'tee -a "$0" | exec "$@"']


def new(args):
    """A campaign whose proposals cost next to nothing."""
    os.makedirs(args.dir)
    config = {"seed": 17, "max_trials": 100000, "initial_random_trials": 6,
              "candidate_pool_size": 10, "batch_size": 1,
              "surrogate": {"type": "random"}, "acquisition": {"type": "ei"},
              "lock_timeout_seconds": 600,
              "durability": args.durability, "paths": {}}
    space = {"parameters": [
        {"name": "x", "type": "float", "bounds": [0.0, 1.0]}]}
    objective = {"primary_objective": {
        "name": "loss", "direction": "minimize"}}
    for name, value in (("bo_config", config), ("parameter_space", space),
                        ("objective_schema", objective)):
        path = os.path.join(args.dir, name + ".json")
        with open(path, "w", encoding="ascii") as f:
            json.dump(value, f)


def lines_of(path):
    """The values of a log; a torn line is an error here."""
    with open(path, encoding="ascii") as f:
        return [json.loads(line) for line in f.read().split("\n")[:-1]]


class Worker:
    """One process that runs tools and notes what they acknowledged."""

    def __init__(self, args, number):
        self.dir = args.dir
        self.acks_name = os.path.abspath(args.acks)
        self.number = number
        self.random = random.Random("%s %d" % (args.seed, number))
        self.pending = []
        self.acks = []
        self.failed = []
        self.longest = 0.0
        self.patience = args.patience

    def tool(self, name, *words, text=None):
        """The values that a tool printed; [] if it failed."""
        command = [name, "-C", self.dir, *words]
        start = time.monotonic()
        done = subprocess.run(command, input=text, capture_output=True,
                              text=True, timeout=self.patience, check=False)
        self.longest = max(self.longest, time.monotonic() - start)
        if done.returncode != 0:
            self.failed.append("%s: exit status %d: %s" % (
                " ".join(command), done.returncode, done.stderr.strip()))
        return [json.loads(line) for line in done.stdout.splitlines()]

    def note(self, op, trial, **more):
        self.acks.append({"op": op, "trial": trial, **more})

    def suggest(self):
        for s in self.tool("lo-suggest"):
            self.note("suggest", s["trial_id"], x=s["params"]["x"])
            self.pending.append(s)

    def take(self):
        return self.pending.pop(self.random.randrange(len(self.pending)))

    def ingest(self):
        s = self.take()
        text = json.dumps({"trial_id": s["trial_id"], "params": s["params"],
                           "objectives": {"loss": s["params"]["x"]},
                           "status": "ok"})
        for a in self.tool("lo-ingest", text=text):
            self.note(a["result"], a["trial_id"])

    def cancel(self):
        s = self.take()
        for a in self.tool("lo-cancel", str(s["trial_id"])):
            self.note(a["result"], a["trial_id"])

    def heartbeat(self):
        s = self.random.choice(self.pending)
        for a in self.tool("lo-heartbeat", str(s["trial_id"])):
            self.note("heartbeat", a["trial_id"], at=a["heartbeat_at"])

    def ops(self, commits):
        for _ in range(commits):
            if not self.pending:
                self.suggest()
            else:
                self.random.choice((self.suggest, self.ingest, self.ingest,
                                    self.heartbeat, self.cancel))()

    def pipe(self, commits):
        """lo-suggest | lo-eval | lo-ingest: two commits each."""
        at = ["-C", self.dir]
        for _ in range(commits // 2):
            start = time.monotonic()
            first = subprocess.Popen(["lo-suggest", *at],
                                     stdout=subprocess.PIPE)
            second = subprocess.Popen(["lo-eval", *at, "--", *EVALUATOR],
                                      stdin=first.stdout,
                                      stdout=subprocess.PIPE)
            first.stdout.close()
            third = subprocess.run(["lo-ingest", *at], stdin=second.stdout,
                                   capture_output=True, text=True,
                                   timeout=self.patience, check=False)
            second.stdout.close()
            status = (first.wait(), second.wait(), third.returncode)
            self.longest = max(self.longest, time.monotonic() - start)
            if status != (0, 0, 0):
                self.failed.append("pipe: exit statuses %s: %s" % (
                    status, third.stderr.strip()))
            for line in third.stdout.splitlines():
                a = json.loads(line)
                self.note(a["result"], a["trial_id"])

    def run(self, commits):
        """lo-run: two commits a trial; which trials, the evaluator notes.
        It may take up one of a pipe's: then both have the same result."""
        trials = max(1, commits // 2)
        seen = "%s.seen.%d" % (self.acks_name, self.number)
        if self.tool("lo-run", "-n", str(trials), "--", *NOTING, seen,
                     *EVALUATOR):
            for s in lines_of(seen):
                self.note("run", s["trial_id"])
        if os.path.exists(seen):
            os.unlink(seen)


def style_of(args, number):
    if args.style == "mixed":
        return MIXED[number % len(MIXED)]
    return args.style


def work_one(args, number, out):
    w = Worker(args, number)
    try:
        getattr(w, style_of(args, number))(args.commits)
    except Exception as e:  # pylint: disable=broad-except
        w.failed.append("worker %d: %r" % (number, e))
    text = json.dumps({"acks": w.acks, "failed": w.failed,
                       "longest": w.longest, "style": style_of(args, number)})
    os.write(out, (text + "\n").encode("ascii"))


def work(args):
    """Start all workers; a line of JSON for each in the file of acks."""
    names = ["%s.%d" % (args.acks, i) for i in range(args.workers)]
    start = time.monotonic()
    children = []
    for number, name in enumerate(names):
        child = os.fork()
        if child == 0:
            out = os.open(name, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o666)
            work_one(args, number, out)
            os.close(out)
            os._exit(0)
        children.append(child)
    for child in children:
        os.waitpid(child, 0)
    with open(args.acks, "w", encoding="ascii") as f:
        f.write(json.dumps({"elapsed": time.monotonic() - start}) + "\n")
        for name in names:
            with open(name, encoding="ascii") as part:
                f.write(part.read())
            os.unlink(name)


class Check:
    def __init__(self, args):
        self.args = args
        self.state_dir = os.path.join(args.dir, "state")
        self.bad = []
        self.acks = []
        self.failed = []
        self.elapsed = self.longest = 0.0
        for path in args.acks:
            for part in lines_of(path):
                self.elapsed = max(self.elapsed, part.get("elapsed", 0))
                self.longest = max(self.longest, part.get("longest", 0))
                self.acks += part.get("acks", [])
                self.failed += part.get("failed", [])

    def want(self, right, text, *words):
        if not right:
            self.bad.append(text % words)

    def of(self, *ops):
        return [a for a in self.acks if a["op"] in ops]

    def load(self):
        path = os.path.join(self.state_dir, "bo_state.json")
        with open(path, encoding="ascii") as f:
            self.state = json.load(f)
        self.done = {o["trial_id"]: o for o in self.state["observations"]}
        self.open = {p["trial_id"]: p for p in self.state["pending"]}
        self.events = lines_of(os.path.join(self.state_dir,
                                            "event_log.jsonl"))
        self.decisions = lines_of(os.path.join(self.state_dir,
                                               "acquisition_log.jsonl"))

    def ids(self):
        """No id twice, in the state or among the acknowledged."""
        rows = self.state["observations"] + self.state["pending"]
        held = [r["trial_id"] for r in rows]
        told = [a["trial"] for a in self.of("suggest")]
        for name, some in (("state", held), ("acknowledgements", told),
                           ("decisions", [d["trial_id"]
                                          for d in self.decisions])):
            for i, n in collections.Counter(some).items():
                self.want(n == 1, "%s: trial %s %d times", name, i, n)
        self.want(sorted(held) == list(range(1, self.state["next_trial_id"])),
                  "state: ids are not 1 to %d without a gap",
                  self.state["next_trial_id"] - 1)
        self.want(set(held) == {d["trial_id"] for d in self.decisions},
                  "decisions and state have different trials")

    def acknowledged(self):
        """Each acknowledgement is in the state."""
        for a in self.of("suggest"):
            row = self.done.get(a["trial"]) or self.open.get(a["trial"])
            self.want(row is not None and row["params"]["x"] == a["x"],
                      "trial %s: was suggested, state has %s", a["trial"],
                      row)
        for a in self.of("ingested", "duplicate", "run"):
            row = self.done.get(a["trial"])
            self.want(row is not None and row["status"] == "ok" and
                      row["objectives"]["loss"] == row["params"]["x"],
                      "trial %s: was ingested, state has %s", a["trial"], row)
        for a in self.of("canceled"):
            row = self.done.get(a["trial"])
            self.want(row is not None and row["status"] == "killed",
                      "trial %s: was canceled, state has %s", a["trial"],
                      row)
        for a in self.of("heartbeat"):
            row = self.done.get(a["trial"]) or self.open.get(a["trial"], {})
            self.want(row.get("last_heartbeat_at", 0) >= a["at"],
                      "trial %s: heartbeat lost, state has %s", a["trial"],
                      row)

    def counts(self):
        """As many as were acknowledged; more only if --lossy."""
        run = self.of("run")
        told = {a["trial"] for a in self.of("ingested", "duplicate", "run")}
        ok = [o for o in self.done.values() if o["status"] == "ok"]
        killed = [o for o in self.done.values() if o["status"] == "killed"]
        seen = collections.Counter(e["event"] for e in self.events)
        for what, expected, n in (
                ("ok observations", len(told), len(ok)),
                ("killed observations", len(self.of("canceled")),
                 len(killed)),
                ("ingest events", len(ok), seen["ingest_applied"]),
                ("suggestion events", self.state["next_trial_id"] - 1,
                 seen["suggestion_created"]),
                ("cancel events", len(killed), seen["trial_canceled"]),
                ("lock events", seen["lock_acquired"],
                 seen["lock_released"])):
            self.want(n == expected or self.args.lossy and n > expected,
                      "%s: %d are there, expected %d", what, n, expected)
        # lo-run sends heartbeats of its own
        beats = len(self.of("heartbeat"))
        self.want(seen["heartbeat"] >= beats if run or self.args.lossy else
                  seen["heartbeat"] == beats, "heartbeats: %d in the log, "
                  "%d acknowledged", seen["heartbeat"], beats)

    def manifests(self):
        for i in range(1, self.state["next_trial_id"]):
            path = os.path.join(self.state_dir, "trials", "trial_%d" % i,
                                "manifest.json")
            with open(path, encoding="ascii") as f:
                status = json.load(f)["status"]
            right = self.done[i]["status"] if i in self.done else "pending"
            self.want(status == right, "trial %d: manifest says %s, state "
                      "%s", i, status, right)

    def litter(self):
        for name in os.listdir(self.state_dir):
            self.want(not name.startswith((".looptimum.tmp-",
                                           ".looptimum.journal")),
                      "state/%s: left behind", name)

    def validate(self):
        done = subprocess.run(["lo-validate", "-C", self.args.dir,
                               "--strict"], capture_output=True, text=True,
                              check=False)
        self.want(done.returncode == 0, "lo-validate --strict: exit status "
                  "%d: %s", done.returncode, done.stderr)

    def figures(self):
        taken = [e for e in self.events if e["event"] == "lock_acquired"]
        wait = max((e["wait_seconds"] for e in taken), default=0.0)
        print("%d commits in %.1f s, %.0f a second; %d acknowledgements; "
              "longest wait for the lock %.2f s; longest command %.2f s" % (
                  len(taken), self.elapsed,
                  len(taken) / max(self.elapsed, 1e-9), len(self.acks), wait,
                  self.longest))

    def all(self):
        try:
            self.load()
            for step in (self.ids, self.acknowledged, self.counts,
                         self.manifests, self.litter, self.validate,
                         self.figures):
                step()
        except (OSError, ValueError, KeyError) as e:
            self.want(False, "cannot be checked: %r", e)
        if not self.args.lossy:
            self.bad += self.failed
        elif self.failed:
            print("%d commands failed, as they may" % len(self.failed))
        self.want(self.acks != [], "nothing was acknowledged")
        for text in self.bad[:20]:
            print("LOST: " + text)
        print("%d failures" % len(self.bad))
        return 1 if self.bad else 0


def check(args):
    return Check(args).all()


def everything(args):
    args.acks = args.dir + ".acks"
    new(args)
    work(args)
    args.acks = [args.acks]
    return check(args)


def main():
    p = argparse.ArgumentParser(description=__doc__)
    p.add_argument("what", choices=("new", "work", "check", "all"))
    p.add_argument("dir")
    p.add_argument("files", nargs="*", help="acknowledgements to check")
    p.add_argument("--workers", type=int, default=64)
    p.add_argument("--commits", type=int, default=20, help="of each worker")
    p.add_argument("--style", choices=(*STYLES, "mixed"), default="ops")
    p.add_argument("--acks", help="file for what was acknowledged")
    p.add_argument("--seed", default="1")
    p.add_argument("--patience", type=float, default=300.0,
                   help="seconds that a command may take")
    p.add_argument("--durability", choices=("full", "relaxed"),
                   default="full")
    p.add_argument("--lossy", action="store_true",
                   help="commands may fail, and more may be done than was "
                   "acknowledged")
    args = p.parse_args()
    if args.what == "check":
        args.acks = args.files
    run = {"new": new, "work": work, "check": check, "all": everything}
    return run[args.what](args) or 0


if __name__ == "__main__":
    sys.exit(main())
