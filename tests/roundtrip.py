"""Observations for the round trip of lo-export and lo-import, and what
Python's csv and json say of what came out.

    roundtrip.py campaign DIR         write a campaign without observations
    roundtrip.py rows N               N observations as JSONL, all odd
    roundtrip.py same A.jsonl B.jsonl [csv]
                                      do B's rows say what A's do?  ids apart
                                      (with csv: null and absent are one)
    roundtrip.py csv A.csv B.jsonl    does the table say what the lines do?
"""
import csv
import json
import os
import sys

TEXTS = ["a,b", 'say "x"', "two\nlines", "cr\rhere", "crlf\r\nend",
         "\u00fcn\u00efc\u00f6de \u65e5\u672c \U0001f600", "  leading",
         "trailing ", "\ttab", "", "null", "True", "1", "1.0", "-1",
         "=SUM(A1)", "line\u2028sep", "nel\u0085", "it's; fine", '"',
         '""', ",", "\n", "\x7f", "\x01"]
CHOICES = ["adam", "", "1", 1, 2.5, "2.5", '"adam"', "a,b", "x\ny",
           " lead", "True", "\u00e9", "1.0", "null", '"', 1e-05, "1e-05"]
SPACE = [
    {"name": "x", "type": "float", "bounds": [0.0, 1.0]},
    {"name": "lr", "type": "float", "bounds": [1e-6, 1.0], "scale": "log"},
    {"name": "n", "type": "int", "bounds": [-8, 8]},
    {"name": "b", "type": "bool"},
    {"name": "c", "type": "categorical", "choices": CHOICES},
    {"name": "odd, \"name\"", "type": "float", "bounds": [0, 1]},
    {"name": "inner", "type": "int", "bounds": [1, 4],
     "when": {"b": True}},
    {"name": "deep", "type": "categorical", "choices": ["p", "q"],
     "when": {"inner": [1, 2]}},
]
STATUS = ["ok", "failed", "killed", "timeout"]


def campaign(where):
    os.makedirs(where)

    def put(name, doc):
        with open(os.path.join(where, name), "w", encoding="utf-8") as f:
            json.dump(doc, f)
    put("bo_config.json", {
        "seed": 1, "max_trials": 1000000, "initial_random_trials": 6,
        "candidate_pool_size": 100, "durability": "relaxed",
        "surrogate": {"type": "rbf_proxy"}, "acquisition": {"type": "ei"},
        "paths": {}})
    put("parameter_space.json", {"parameters": SPACE})
    put("objective_schema.json", {
        "primary_objective": {"name": "loss", "direction": "minimize"},
        "secondary_objectives": [
            {"name": "speed", "direction": "maximize"}]})


def row(i):
    b = i % 3 != 0
    params = {"x": [0.1, 1e-17, 2.0, -0.0, 1 / 3, 5e-324, 1.5e300][i % 7],
              "lr": 10.0 ** -(i % 7), "n": i % 40 - 20, "b": b,
              "c": CHOICES[i % len(CHOICES)], "odd, \"name\"": i / 7}
    if b:
        params["inner"] = i % 4 + 1
        if params["inner"] < 3:
            params["deep"] = "pq"[i % 2]
    status = STATUS[i % 5 % 4]
    ok = status == "ok"
    doc = {"trial_id": i + 1, "params": params, "status": status,
           "objectives": {"loss": i / 3 if ok else None,
                          "speed": -1e22 * i if ok else None},
           "suggested_at": 1700000000.25 + i if i % 4 else None,
           "completed_at": 1700000001 + i}
    text = TEXTS[i % len(TEXTS)]
    if not ok:
        doc["terminal_reason"] = text if i % 11 else None
        doc["penalty_objective"] = i / 9 if i % 2 else None
    if i % 2:
        doc.update(last_heartbeat_at=1700000000.5 + i, heartbeat_count=i,
                   heartbeat_note=text,
                   heartbeat_meta={"z": [1, 1.0, None, text],
                                   "a": {"k": text, "": 1e-07}})
    if i % 3 == 1:
        doc["runtime_seconds"] = i / 8
        doc["lease_token"] = "%032x" % i
        doc["artifact_path"] = "state/trials/trial_%d/x, y.json" % i
    return doc


def load(path):
    with open(path, encoding="utf-8", newline="\n") as f:
        text = f.read()
    # every reader of lines must find the same ones
    assert len(text.splitlines()) == text.count("\n")
    return [json.loads(line) for line in text.splitlines()]


ORDER = ["trial_id", "source_trial_id", "params", "objectives", "status",
         "suggested_at", "completed_at", "runtime_seconds",
         "terminal_reason", "penalty_objective", "artifact_path",
         "last_heartbeat_at", "heartbeat_count", "heartbeat_note",
         "heartbeat_meta", "lease_token"]


def strict(v):
    """Tells 1 from True, which Python's == does not."""
    if isinstance(v, dict):
        return {k: strict(x) for k, x in v.items()}
    if isinstance(v, list):
        return [strict(x) for x in v]
    return (isinstance(v, bool), v)


def bare(doc, nulls):
    doc = {k: v for k, v in doc.items()
           if k not in ("trial_id", "source_trial_id")}
    # these are there in every observation
    always = ["artifact_path", "suggested_at"]
    if doc["status"] != "ok":
        always += ["terminal_reason", "penalty_objective"]
    for key in always:
        doc.setdefault(key, None)
    if not nulls:
        doc = {k: v for k, v in doc.items() if v is not None}
    return strict(doc)


def same(a, b, nulls):
    a, b = load(a), load(b)
    assert len(a) == len(b), (len(a), len(b))
    for x, y in zip(a, b):
        assert bare(x, nulls) == bare(y, nulls), (x, y)
        source = x.get("source_trial_id", x["trial_id"])
        assert str(y["source_trial_id"]) == str(source), (x, y)
        assert list(y) == [k for k in ORDER if k in y], list(y)


def cell(doc, column):
    """What RFC 4180's reader must find under that column."""
    if column.startswith("param_"):
        v = doc["params"].get(column[6:])
    elif column.startswith("objective_"):
        v = doc["objectives"].get(column[10:])
    elif column == "heartbeat_meta_json":
        v = doc.get("heartbeat_meta")
    else:
        v = doc.get(column)
    return v


def table(path, lines):
    with open(path, encoding="utf-8", newline="") as f:
        rows = list(csv.reader(f))
    docs = load(lines)
    head = rows.pop(0)
    assert len(rows) == len(docs)
    want = []
    for key in ORDER:
        if key in ("params", "objectives"):
            names = ([p["name"] for p in SPACE] if key == "params"
                     else ["loss", "speed"])
            want += [key[:-1] + "_" + n for n in names
                     if any(n in d[key] for d in docs)]
        elif any(key in d for d in docs):
            want.append("heartbeat_meta_json" if key == "heartbeat_meta"
                        else key)
    assert head == want, head
    for fields, doc in zip(rows, docs):
        assert len(fields) == len(head)
        for column, text in zip(head, fields):
            v = cell(doc, column)
            if v is None:
                assert text == "", (column, text)
            elif isinstance(v, bool):
                assert text == str(v), (column, text)
            elif isinstance(v, dict):
                assert json.loads(text) == v
                again = json.dumps(v, sort_keys=True,
                                   separators=(",", ":"))
                assert len(text) <= len(again)
                assert list(json.loads(text)) == sorted(v)
            elif isinstance(v, (int, float)):
                assert float(text) == v, (column, text, v)
            else:
                # a choice that another one is spelt like is quoted
                assert text in (v, json.dumps(v, ensure_ascii=False)), \
                    (column, text, v)
                assert text == v or column == "param_c"


def main(verb, *args):
    if verb == "campaign":
        campaign(*args)
    elif verb == "rows":
        for i in range(int(args[0])):
            print(json.dumps(row(i), ensure_ascii=i % 2 == 0)
                  .replace("\u2028", "\\u2028").replace("\u0085", "\\u0085"))
    elif verb == "same":
        same(args[0], args[1], len(args) < 3)
    else:
        table(*args)


main(*sys.argv[1:])
