"""What is struck: each mutating tool, in a campaign where it has work.

A scenario lives in a box: a directory with the campaign in "c" and "out" for
what is written elsewhere.
"""

import json
import os

CONFIG = {
    "seed": 17, "max_trials": 40, "initial_random_trials": 20,
    "candidate_pool_size": 100, "batch_size": 1,
    "surrogate": {"type": "rbf_proxy", "length_scale": 0.2},
    "acquisition": {"type": "ei", "kappa": 1.5, "xi": 0.01},
    "durability": "full", "paths": {}}
SPACE = {"parameters": [
    {"name": "x", "type": "float", "bounds": [0.0, 1.0]},
    {"name": "n", "type": "int", "bounds": [1, 8]}]}
OBJECTIVES = {"primary_objective": {"name": "loss", "direction": "minimize"}}


class Command:
    """argv; "@NAME" stands for a fact of the box."""

    def __init__(self, *argv, stdin=b"", allowed=(0,)):
        self.argv = argv
        self.stdin = stdin
        self.allowed = allowed


class Scenario:
    """prepare(box) makes the old campaign.

    chain: what leads from each state that may be found to the next one; by
        default command alone, which is one commit.
    again: what a user does after the crash: the first that writes.
    loose: the states between are many: only what again leaves is compared,
        and not who held the lock when.
    answers: does stdout acknowledge?
    strict: may lo-validate warn of nothing?
    goes_on: errors are said, but need not be its exit status.
    """

    def __init__(self, name, prepare, command, again=None, chain=None,
                 loose=False, answers=True, campaign="c", cwd="c",
                 needs=None, strict=True, goes_on=False):
        self.name = name
        self.tool = command.argv[0][3:]
        self.prepare = prepare
        self.command = command
        self.again = again or [Command("lo-suggest")]
        self.chain = chain or [command]
        self.loose = loose
        self.answers = answers
        self.campaign = campaign
        self.cwd = cwd
        self.needs = needs
        self.strict = strict
        self.goes_on = goes_on


def contract(box, **config):
    os.makedirs(box.path("c"))
    os.makedirs(box.path("out"))
    for name, doc in (("bo_config", dict(CONFIG, **config)),
                      ("parameter_space", SPACE),
                      ("objective_schema", OBJECTIVES)):
        box.write("c/%s.json" % name, json.dumps(doc))


def payload(box, trial, value, status="ok"):
    s = json.loads(box.read("c/state/bo_state.json"))
    entry = [p for p in s["pending"] if p["trial_id"] == trial][0]
    return json.dumps({"trial_id": trial, "params": entry["params"],
                       "objectives": {"loss": value}, "status": status})


def suggest_ingest(box, trial, value, status="ok"):
    box.do("lo-suggest")
    box.do("lo-ingest", stdin=payload(box, trial, value, status).encode())


def three(box, **config):
    """One good trial, one that failed, one pending."""
    contract(box, **config)
    suggest_ingest(box, 1, 0.5)
    suggest_ingest(box, 2, None, "failed")
    box.do("lo-suggest")
    box.facts["result"] = payload(box, 3, 0.25)
    box.facts["pending"] = box.said


def elsewhere(box):
    three(box, paths={
        "observations_csv": "../out/o.csv", "trials_dir": "runs",
        "event_log_file": "state/logs/events.jsonl"})


def legacy(box):
    """As version 0.2 of Looptimum left it."""
    three(box)
    s = json.loads(box.read("c/state/bo_state.json"))
    del s["schema_version"]
    box.write("c/state/bo_state.json", json.dumps(s, indent=2) + "\n")


def infeasible(box):
    three(box)
    box.write("c/constraints.json", json.dumps({"linear_inequalities": [
        {"terms": [{"param": "x", "coefficient": 1}], "operator": ">=",
         "rhs": 2}]}))


def four(box):
    three(box)
    box.do("lo-suggest")
    box.facts["results"] = box.facts["result"] + "\n" + payload(box, 4, 0.125)
    box.facts["second"] = payload(box, 4, 0.125)


def done(box):
    """Nothing pending."""
    three(box)
    box.do("lo-ingest", stdin=box.facts["result"].encode())


def retired(box):
    three(box)
    box.do("lo-retire", "3")


def voided(box):
    three(box)
    box.do("lo-void", "--reason", "r", "1")


def torn(box):
    """A log whose last line a crash of the machine left torn."""
    three(box)
    with open(box.path("c/state/event_log.jsonl"), "ab") as f:
        f.write(b'{"event": "lock_acq')


def reported(box):
    three(box)
    box.do("lo-report", "--html")


def archived(box, n=1, **config):
    three(box, **config)
    for _ in range(n):
        box.do("lo-reset", "-y")
        box.do("lo-suggest")
    names = sorted(os.listdir(box.path("c/state/reset_archives")))
    box.facts["archive"] = names[0]


def three_archives(box):
    archived(box, 3)


def governed(box):
    """Each reset and restore finds too many archives."""
    archived(box, 2, retention={"archives": {"max_count": 1}})


def strict_statuses(box):
    three(box, governance={"allowed_statuses": ["ok", "failed"]})


def exported(box):
    three(box)
    box.write("out/e.csv", "an older one\n")


def stateless(box):
    three(box)
    os.unlink(box.path("c/state/bo_state.json"))


def nothing(box):
    os.makedirs(box.path("out"))


def beside_notes(box):
    os.makedirs(box.path("new"))
    box.write("new/notes.txt", "mine\n")


def rows(n):
    good = [{"trial_id": i, "params": {"x": i / 50, "n": 3},
             "objectives": {"loss": float(i)}, "status": "ok"}
            for i in range(1, n + 1)]
    return "".join(json.dumps(r) + "\n" for r in good)


IMPORT = (rows(2) + '{"trial_id": 9, "params": {"x": 0.5}}\n').encode()
INIT = ("lo-init", "--param", "x=float:0..1", "--minimize", "loss",
        "--trials", "9", "new")
AFTER_INIT = [Command(*INIT, allowed=(0, 1)),
              Command("lo-suggest", "-C", "new")]
REBUILD = Command("lo-validate", "--rebuild", "--place", "-y")
RUN = Command("lo-run", "-n", "2", "--", "echo", "0.5")
PRUNE = Command("lo-archive", "prune", "-y", "--keep-last", "9")
RESULT = Command("lo-ingest", stdin="@result")


def all_scenarios():
    C, S = Command, Scenario
    return [
        S("init", nothing, C(*INIT), AFTER_INIT, campaign="new", cwd="."),
        S("init-beside", beside_notes, C(*INIT), AFTER_INIT,
          campaign="new", cwd="."),
        S("first-suggest", contract, C("lo-suggest")),
        S("suggest", three, C("lo-suggest")),
        S("suggest-several", three, C("lo-suggest", "-n", "3", "--jsonl")),
        S("suggest-stale", lambda b: three(b, max_pending_age_seconds=1e-6),
          C("lo-suggest"), chain=[
              C("lo-suggest", "--params", '{"x": 7, "n": 1}', allowed=(1,)),
              C("lo-suggest")], again=[PRUNE]),
        S("suggest-legacy", legacy, C("lo-suggest")),
        S("suggest-infeasible", infeasible, C("lo-suggest", allowed=(1,)),
          [C("lo-heartbeat", "3")], strict=False),
        S("suggest-elsewhere", elsewhere, C("lo-suggest")),
        S("ingest-elsewhere", elsewhere, RESULT, [RESULT]),
        S("reset-elsewhere", elsewhere, C("lo-reset", "-y")),
        S("suggest-torn", torn, C("lo-suggest")),
        S("ingest", three, RESULT, [RESULT]),
        S("ingest-typed", three, C("lo-ingest", "--trial", "3", "loss=0.5")),
        S("ingest-stream", four, C("lo-ingest", stdin="@results"),
          chain=[RESULT, C("lo-ingest", stdin="@second")]),
        S("ingest-batch", four, C("lo-ingest", "--batch", stdin="@results")),
        S("ingest-late", retired, RESULT, [RESULT]),
        S("ingest-again", done, RESULT),
        S("cancel", three, C("lo-cancel", "3")),
        S("cancel-governed", strict_statuses, C("lo-cancel", "3"),
          strict=False),
        S("retire", three, C("lo-retire", "3")),
        S("heartbeat", three, C("lo-heartbeat", "--note", "well", "3")),
        S("retry", three, C("lo-retry", "2")),
        S("void", three, C("lo-void", "--reason", "r", "1")),
        S("void-undo", voided, C("lo-void", "--undo", "1")),
        S("import", done, C("lo-import", "--permissive", "-",
                            stdin=IMPORT)),
        S("import-many", done, C("lo-import", "-",
                                 stdin=rows(35).encode())),
        S("export", exported, C("lo-export", "-o", "../out/e.csv"),
          [C("lo-export", "-o", "../out/e.csv")]),
        S("export-new", three, C("lo-export", "-o", "../out/e.jsonl"),
          [C("lo-export", "-o", "../out/e.jsonl")]),
        S("report", three, C("lo-report", "--html")),
        S("report-again", reported, C("lo-report", "--html")),
        S("reset", reported, C("lo-reset", "-y")),
        S("reset-governed", governed, C("lo-reset", "-y"), [PRUNE],
          strict=False),
        S("reset-no-archive", three, C("lo-reset", "-y", "--no-archive")),
        S("restore", archived, C("lo-archive", "restore", "-y",
                                 "@archive")),
        S("restore-governed", governed, C("lo-archive", "restore", "-y",
                                          "@archive"), strict=False),
        S("prune", three_archives, C("lo-archive", "prune", "-y",
                                     "--keep-last", "0")),
        S("prune-governed", lambda b: archived(
            b, 3, retention={"archives": {"max_count": 1}}),
          C("lo-archive", "prune", "-y", "--keep-last", "2"), [PRUNE],
          strict=False),
        S("rebuild", stateless, REBUILD,
          [C(*REBUILD.argv, allowed=(0, 1)), C("lo-suggest")],
          needs="--rebuild", answers=False),
        S("eval", three, C("lo-eval", "--", "echo", "0.5",
                           stdin="@pending"), answers=False, goes_on=True),
        S("run", lambda b: contract(b, max_trials=2,
                                    initial_random_trials=1), RUN,
          [C(*RUN.argv, allowed=(0, 3))], loose=True, goes_on=True),
    ]
