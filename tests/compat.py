"""What must hold of files that Looptimum wrote and our tools wrote again.

compat.py kept OLD NEW      unknown keys, rows, logs: OLD and NEW are campaigns
compat.py written DIR       the form of every document in a campaign
compat.py reals FILE...     every real number in the text is Python's repr

Says what is wrong on standard error, exit status 1.
"""
import csv
import io
import json
import os
import sys

bad = 0


def wrong(text):
    global bad
    bad = 1
    print(text, file=sys.stderr)


def read(*path):
    with open(os.path.join(*path), newline="", encoding="utf-8") as f:
        return f.read()


class Real(str):
    """A real as it stands in the text, so that 1.0 and 1 differ."""


def load(text):
    return json.loads(text, parse_float=Real)


def rows(text, key):
    """Texts of the objects in the list under a top-level key, by id."""
    decoder = json.JSONDecoder()
    at = text.index('\n  "%s": [' % key)
    at = text.index("[", at) + 1
    found = {}
    while True:
        while text[at] in " \n,":
            at += 1
        if text[at] == "]":
            return found
        row, end = decoder.raw_decode(text, at)
        found[row["trial_id"]] = text[at:end]
        at = end


def contains(new, old, where, may_change=()):
    """new has every key of old with its value; the named may differ."""
    for key, value in old.items():
        if key in may_change:
            continue
        if key not in new:
            wrong(f"{where}.{key} is gone")
        elif new[key] != value:
            wrong(f"{where}.{key} was {value!r}, is {new[key]!r}")


def kept_state(old, new):
    a, b = load(old), load(new)
    contains(b, a, "state", ("observations", "pending", "next_trial_id",
                             "best", "meta", "schema_version"))
    contains(b["meta"], a.get("meta", {}), "meta")
    before, now = rows(old, "observations"), rows(new, "observations")
    pending = {p["trial_id"]: p for p in a["pending"]}
    for i, text in before.items():
        if now.get(i) != text:
            wrong(f"observation {i} was\n{text}\nand is\n{now.get(i)}")
    for i, text in rows(new, "pending").items():
        if i in pending and text != rows(old, "pending")[i]:
            contains(load(text), pending[i], f"pending {i}")
    for i, text in now.items():
        if i in pending:
            contains(load(text), pending[i], f"observation {i}",
                     ("schema_version", "last_heartbeat_at",
                      "heartbeat_count"))


CHANGE = ("updated_at", "status", "terminal_reason", "objective_value",
          "objective_vector", "scalarized_objective", "penalty_objective",
          "completed_at", "artifact_path", "artifacts", "last_heartbeat_at",
          "heartbeat_count")


def kept_trials(old, new):
    top = os.path.join(old, "state", "trials")
    for trial in os.listdir(top) if os.path.isdir(top) else ():
        for name in os.listdir(os.path.join(top, trial)):
            path = ("state", "trials", trial, name)
            a, b = read(old, *path), read(new, *path)
            if a == b:
                continue
            a, b = load(a), load(b)
            if name != "manifest.json" or a["status"] != "pending":
                wrong(f"{'/'.join(path)} was changed")
            contains(b, a, "/".join(path), CHANGE)
            contains(b["artifacts"], a["artifacts"],
                     "/".join(path) + " artifacts")


def kept(old, new):
    for name in os.listdir(old):
        if name.endswith(".json") and read(old, name) != read(new, name):
            wrong(f"{name} was changed")
    state = ("state", "bo_state.json")
    kept_state(read(old, *state), read(new, *state))
    kept_trials(old, new)
    for log in "acquisition_log.jsonl", "event_log.jsonl":
        if os.path.exists(os.path.join(old, "state", log)):
            if not read(new, "state", log).startswith(
                    read(old, "state", log)):
                wrong(f"{log} did not only grow")


def repr_of(text, where):
    if repr(float(text)) != text:
        wrong(f"{where}: {text} should be {float(text)!r}")
    return float(text)


def reals(path, text=None):
    for line in [text or read(path)] if not path.endswith(".jsonl") else \
            read(path).splitlines():
        json.loads(line, parse_float=lambda t: repr_of(t, path),
                   parse_int=lambda t: t == str(int(t)) or
                   wrong(f"{path}: {t}"),
                   parse_constant=lambda t: wrong(f"{path}: {t}"))


def written_csv(top, state):
    """What Python's csv.DictWriter makes of the observations."""
    table = []
    for o in state["observations"]:
        row = {k: o[k] for k in (
            "trial_id", "status", "completed_at", "artifact_path",
            "terminal_reason", "penalty_objective", "last_heartbeat_at",
            "lease_token", "source_trial_id") if k in o}
        row.update({"param_" + k: v for k, v in o["params"].items()})
        row.update({"objective_" + k: v for k, v in o["objectives"].items()})
        table.append(row)
    out = io.StringIO(newline="")
    if table:
        w = csv.DictWriter(out, sorted({k for r in table for k in r}))
        w.writeheader()
        w.writerows(table)
    if out.getvalue() != read(top, "state", "observations.csv"):
        wrong("observations.csv is not\n" + out.getvalue())


def same(text, expected, where):
    if text == expected:
        return
    for i, (a, b) in enumerate(zip(text.splitlines(),
                                   expected.splitlines()), 1):
        if a != b:
            return wrong(f"{where}:{i}: {a} should be {b}")
    wrong(f"{where}: its end differs")


def ascii_only(text):
    """Whether a letter is escaped is left to the writer."""
    return "".join(c if c < "\x7f" else json.dumps(c)[1:-1] for c in text)


def written(top):
    for d, _, names in os.walk(os.path.join(top, "state")):
        for path in (os.path.join(d, n) for n in names):
            text = read(path)
            if path.endswith(".json"):
                reals(path)
                same(ascii_only(text.rstrip("\n")),
                     json.dumps(json.loads(text), indent=2), path)
            elif path.endswith(".jsonl"):
                reals(path)
                for i, line in enumerate(text.splitlines(True), 1):
                    same(line, json.dumps(json.loads(line),
                                          sort_keys=True) + "\n",
                         f"{path}:{i}")
    written_csv(top, json.loads(read(top, "state", "bo_state.json")))


command, *args = sys.argv[1:]
if command == "kept":
    kept(*args)
elif command == "written":
    written(*args)
else:
    for name in args:
        reals(name)
sys.exit(bad)
