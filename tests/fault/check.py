#!/usr/bin/env python3
"""What must hold of a campaign directory, told by somebody else.

This shares no code with the library: it reads the files of a campaign of one
objective, as the manual describes them.

    check.py DIR...     say what is wrong with each; exit 1 if anything is

As a module: problems(dir) is that list, picture(dir) the campaign as values
that can be compared with those of another run, Known what may be compared
literally.
"""

import csv
import io
import json
import os
import re
import sys

LOCK = ".looptimum.lock"
# Made anew by each run, or said of the run itself.
VOLATILE = re.compile(
    r"(.*_at|timestamp|pid|wait_seconds|suggest_latency_seconds|"
    r"runtime_seconds|start_time|boot_id|host|lease_token|age_seconds|"
    r"size_bytes|created_at|source_root|.*_age_seconds|total_seconds|"
    r"min_seconds|max_seconds|mean_seconds|.*_bytes|path|export_path|"
    r"import_report_path|reject_report_path|archive_path)$")
STAMP = re.compile(r"(reset|import)-\d{8}[T-]?\d*Z?-[\d-]+")
MOMENT = re.compile(
    r"20\d\d-\d\d-\d\d[ T]\d\d:\d\d:\d\d|\b1\d{9}(\.\d+)?|\b\d+(\.\d+)? s\b")
PATHS = {
    "state_file": "state/bo_state.json",
    "observations_csv": "state/observations.csv",
    "acquisition_log_file": "state/acquisition_log.jsonl",
    "event_log_file": "state/event_log.jsonl", "trials_dir": "state/trials"}
# Neither durable nor an authority.
SAID = ("stdout.log", "stderr.log")


class Known:
    """Times and names that the campaign had before; others are one."""

    def __init__(self, root=None):
        self.numbers = set()
        self.names = set()
        if root is not None:
            self.learn(root)

    def learn(self, root):
        for top, dirs, files in os.walk(root):
            self.names.update(d for d in dirs if STAMP.fullmatch(d))
            for name in files:
                if name.endswith((".json", ".jsonl", ".csv")):
                    with open(os.path.join(top, name), "rb") as f:
                        text = f.read().decode("utf-8", "replace")
                    self.numbers.update(
                        float(x) for x in re.findall(r"\b1\d{9}\.\d+", text))

    def name(self, text):
        return STAMP.sub(lambda m: m.group() if m.group() in self.names
                         else m.group(1) + "-*", text)

    def value(self, key, v):
        if isinstance(v, dict):
            return {k: self.value(k, x) for k, x in v.items()}
        if isinstance(v, list):
            return [self.value(key, x) for x in v]
        if isinstance(v, str):
            v = self.name(v)
        if key is None or v is None or isinstance(v, bool) or \
                not VOLATILE.match(key):
            return v
        if isinstance(v, (int, float)):
            return v if float(v) in self.numbers else "*"
        if key.endswith("path") or key == "source_root":
            return self.name(os.path.basename(v)) if v.startswith("/") else v
        return "*"


# ----------------------------------------------------------------- reading

def lines_of(text):
    """The documents of a log; each line ends."""
    if text and not text.endswith("\n"):
        raise ValueError("the last line is torn")
    return [json.loads(line) for line in text.split("\n")[:-1]]


def rows_of(text):
    return list(csv.DictReader(io.StringIO(text, newline="")))


def read(path):
    with open(path, "rb") as f:
        return f.read()


def files_of(root):
    for top, dirs, files in os.walk(root):
        dirs.sort()
        for name in sorted(files):
            yield os.path.relpath(os.path.join(top, name), root)
        if not dirs and not files:
            yield os.path.relpath(top, root) + "/"


def one_picture(known, rel, raw):
    try:
        if rel.endswith(".json"):
            return known.value(None, json.loads(raw))
        if rel.endswith(".jsonl"):
            return [known.value(None, d)
                    for d in lines_of(raw.decode("ascii"))]
        if rel.endswith(".csv"):
            return [known.value(None, {
                k: float(v) if k.endswith("_at") and v else v
                for k, v in row.items()}) for row in rows_of(raw.decode())]
    except (ValueError, UnicodeDecodeError) as e:
        return "unreadable: %s: %r" % (e, raw[:200])
    text = raw.decode("utf-8", "replace")
    if rel.endswith(".html"):
        # where a line is drawn depends on the time
        text = re.sub(r"<svg.*?</svg>", "<svg/>", text, flags=re.S)
    return MOMENT.sub("*", known.name(text))


def picture(root, known):
    """All files by name, with what is in them."""
    seen = {}
    for rel in files_of(root):
        base = os.path.basename(rel)
        if base == LOCK or base in SAID:
            continue
        name = known.name(rel)
        if rel.endswith("/reset_archives/"):
            continue    # there is no archive
        if rel.endswith("/"):
            seen[name] = None
        else:
            seen[name] = one_picture(known, rel,
                                     read(os.path.join(root, rel)))
    return seen


def differences(a, b, at=""):
    """What b has otherwise than a: lines for people."""
    if type(a) is type(b) and isinstance(a, dict):
        for k in list(a) + [k for k in b if k not in a]:
            if k not in b:
                yield "%s/%s: is gone" % (at, k)
            elif k not in a:
                yield "%s/%s: is new: %.200r" % (at, k, b[k])
            else:
                yield from differences(a[k], b[k], "%s/%s" % (at, k))
    elif type(a) is type(b) and isinstance(a, list):
        for i, (x, y) in enumerate(zip(a, b)):
            yield from differences(x, y, "%s[%d]" % (at, i))
        if len(a) != len(b):
            rest = (a if len(a) > len(b) else b)[min(len(a), len(b)):]
            yield "%s: %d elements instead of %d: %.300r" % (
                at, len(b), len(a), rest)
    elif a != b:
        yield "%s: %.200r instead of %.200r" % (at, b, a)


# ------------------------------------------------------- what must hold

class Campaign:
    def __init__(self, root):
        self.root = root
        self.wrong = []
        config = self.document("bo_config.json") or {}
        self.at = dict(PATHS, **config.get("paths", {}))
        self.state = self.document(self.at["state_file"])
        self.events = self.log(self.at["event_log_file"])
        self.decisions = self.log(self.at["acquisition_log_file"])
        schema = self.document("objective_schema.json") or {}
        primary = schema.get("primary_objective", {})
        self.objective = primary.get("name")
        self.sign = -1 if primary.get("direction") == "maximize" else 1

    def path(self, rel):
        return os.path.join(self.root, rel)

    def say(self, fmt, *args):
        self.wrong.append(fmt % args)

    def document(self, rel):
        try:
            return json.loads(read(self.path(rel)))
        except FileNotFoundError:
            return None
        except ValueError as e:
            self.say("%s: %s", rel, e)
            return None

    def log(self, rel):
        try:
            return lines_of(read(self.path(rel)).decode("ascii"))
        except FileNotFoundError:
            return []
        except ValueError as e:
            self.say("%s: %s", rel, e)
            return []

    def count(self, event, trial):
        return sum(1 for e in self.events if e.get("event") == event and
                   e.get("trial_id") == trial)

    # ------------------------------------------------------------ leftovers

    def leftovers(self):
        for top, dirs, files in os.walk(self.root):
            for name in dirs + files:
                if name.startswith(".looptimum.") and name != LOCK or \
                        name.endswith(".edited"):
                    self.say("%s: was left behind",
                             os.path.relpath(os.path.join(top, name),
                                             self.root))

    # ---------------------------------------------------------------- state

    def ids(self):
        s = self.state
        ids = [t["trial_id"] for t in s["observations"] + s["pending"]]
        if len(set(ids)) != len(ids):
            self.say("state: an id twice: %s", ids)
        if ids and max(ids) >= s["next_trial_id"]:
            self.say("state: next_trial_id %s with ids %s",
                     s["next_trial_id"], ids)

    def best(self):
        ok = [(self.sign * o["objectives"][self.objective], o["trial_id"])
              for o in self.state["observations"] if o["status"] == "ok"]
        best = self.state["best"]
        want = min(ok) if ok else None
        got = best and (self.sign * best["objective_value"],
                        best["trial_id"])
        if got != want:
            self.say("state: best is %s, expected %s", got, want)

    # ------------------------------------------------------------------ csv

    def table(self):
        try:
            rows = rows_of(read(self.path(
                self.at["observations_csv"])).decode())
        except FileNotFoundError:
            rows = []
        obs = self.state["observations"]
        if [r.get("trial_id") for r in rows] != \
                [str(o["trial_id"]) for o in obs]:
            self.say("CSV: trials %s, state: %s",
                     [r.get("trial_id") for r in rows],
                     [o["trial_id"] for o in obs])
            return
        for r, o in zip(rows, obs):
            self.row(r, o)

    def row(self, r, o):
        for name, value in [("objective_" + self.objective,
                             o["objectives"][self.objective])] + \
                [("param_" + k, v) for k, v in o["params"].items()]:
            cell = r.get(name)
            if (cell in (None, "")) != (value is None) or \
                    (cell and float(cell) != float(value)):
                self.say("CSV: trial %s: %s is %r, state: %r",
                         o["trial_id"], name, cell, value)
        if r["status"] != o["status"]:
            self.say("CSV: trial %s: %s, state: %s", o["trial_id"],
                     r["status"], o["status"])

    # --------------------------------------------------------------- trials

    def trials(self):
        try:
            dirs = os.listdir(self.path(self.at["trials_dir"]))
        except FileNotFoundError:
            dirs = []
        s = self.state
        want = {"trial_%d" % t["trial_id"]
                for t in s["observations"] + s["pending"]}
        for name in sorted(set(dirs) ^ want):
            self.say("trials: %s is %s", name,
                     "missing" if name in want else "nobody's")
        for t in s["observations"]:
            self.trial(t, t["status"])
        for t in s["pending"]:
            self.trial(t, "pending")

    def trial(self, t, status):
        rel = "%s/trial_%d/manifest.json" % (self.at["trials_dir"],
                                             t["trial_id"])
        m = self.document(rel)
        if m is None:
            self.say("%s: is missing", rel)
            return
        value = t.get("objectives", {}).get(self.objective)
        for key, want in [("trial_id", t["trial_id"]), ("status", status),
                          ("params", t["params"]),
                          ("objective_value", value),
                          ("terminal_reason", t.get("terminal_reason")),
                          ("heartbeat_count", t.get("heartbeat_count", 0)),
                          ("last_heartbeat_at", t.get("last_heartbeat_at")),
                          ("completed_at", t.get("completed_at"))]:
            if m.get(key) != want:
                self.say("%s: %s is %r, state: %r", rel, key, m.get(key),
                         want)
        self.payload(t)

    def payload(self, t):
        rel = t.get("artifact_path")
        if rel is None or "source_trial_id" in t:
            return
        p = self.document(rel)
        if p is None:
            self.say("%s: is missing", rel)
            return
        was = t.get("voided", t)
        for key in ("objectives", "status"):
            if p.get(key) != was.get(key):
                self.say("%s: %s is %r, state: %r", rel, key, p.get(key),
                         was.get(key))

    # ----------------------------------------------------------------- logs

    def history(self):
        s = self.state
        decided = [d["trial_id"] for d in self.decisions
                   if "constraint_error_reason" not in d["decision"]]
        ours = [t["trial_id"] for t in s["observations"] + s["pending"]
                if "source_trial_id" not in t]
        if sorted(decided) != sorted(ours):
            self.say("acquisition log: decisions for %s, trials %s",
                     sorted(decided), sorted(ours))
        for t in s["pending"] + s["observations"]:
            self.events_of(t)
        imported = sum(1 for o in s["observations"]
                       if "source_trial_id" in o)
        said = sum(e["accepted_count"] for e in self.events
                   if e["event"] == "observations_imported")
        if imported != said:
            self.say("event log: %d imported, state: %d", said, imported)
        self.locks()

    def events_of(self, t):
        imported = "source_trial_id" in t
        observed = "completed_at" in t
        wants = [("suggestion_created", 0 if imported else 1),
                 ("ingest_applied", int(
                     observed and not imported and
                     t.get("artifact_path") is not None and
                     self.count("ingest_late_applied", t["trial_id"]) == 0))]
        if not imported:
            wants.append(("heartbeat", t.get("heartbeat_count", 0)))
        for event, want in wants:
            got = self.count(event, t["trial_id"])
            if got != want:
                self.say("event log: %s of trial %d: %d times, expected %d",
                         event, t["trial_id"], got, want)
        void = self.count("trial_voided", t["trial_id"]) - \
            self.count("trial_void_undone", t["trial_id"])
        if void != int("voided" in t):
            self.say("event log: trial %d voided %d times", t["trial_id"],
                     void)

    def locks(self):
        held = None
        for e in self.events:
            if e["event"] == "lock_acquired":
                if held is not None:
                    self.say("event log: %s and %s at once", held,
                             e["command"])
                held = e["command"]
            elif e["event"] == "lock_released":
                if held != e["command"]:
                    self.say("event log: %s released what %s held",
                             e["command"], held)
                held = None
        if held is not None:
            self.say("event log: %s never ends", held)

    # -------------------------------------------------------------- the rest

    def archives(self):
        top = self.path("state/reset_archives")
        if not os.path.isdir(top):
            return
        for name in os.listdir(top):
            rel = "state/reset_archives/%s/" % name
            m = self.document(rel + "archive_manifest.json")
            if m is None:
                self.say("%s: has no manifest", rel)
                continue
            for e in m["entries"]:
                if not os.path.exists(self.path(rel + e["archive_rel"])):
                    self.say("%s: %s is missing", rel, e["archive_rel"])

    def without_state(self):
        for rel in (self.at["trials_dir"], self.at["acquisition_log_file"]):
            if os.path.exists(self.path(rel)):
                self.say("%s: is there without a state", rel)
        self.locks()

    def check(self):
        self.leftovers()
        if not self.wrong:
            if self.state is None:
                self.without_state()
            else:
                for part in (self.ids, self.best, self.table, self.trials,
                             self.history):
                    part()
            self.archives()
        return self.wrong


def problems(root):
    """What is wrong with a campaign; nothing is an empty list."""
    c = Campaign(root)
    try:
        return c.check()
    except (KeyError, TypeError, ValueError) as e:
        return c.wrong + ["%s: not as expected: %r" % (root, e)]


def main(argv):
    bad = 0
    for root in argv[1:]:
        for line in problems(root):
            print("%s: %s" % (root, line))
            bad = 1
    return bad


if __name__ == "__main__":
    sys.exit(main(sys.argv))
