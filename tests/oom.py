"""Let the N-th allocation of a tool fail, for every N or a sample.

    oom.py OOM.so CAMPAIGN RESULT SCRATCH [--points N] [--seed N] [TOOL...]

Once alone, once with all that follow.  After each point: no hang, the exit
status is a documented one or libjq's abort, the campaign is as before or as
after the command (state and logs), what was acknowledged is in it, and
lo-validate --strict has nothing to say once the next command has run.
This file knows nothing of the library: it reads with Python's json.
"""
import argparse
import json
import os
import random
import shutil
import signal
import subprocess
import sys

COMMANDS = {
    "suggest": ["lo-suggest", "-c"],
    "ingest": ["lo-ingest", "-c"],
    "batch": ["lo-ingest", "-c", "--batch"],
    "cancel": ["lo-cancel", "3"],
    "retire": ["lo-retire", "3"],
    "heartbeat": ["lo-heartbeat", "3"],
    "retry": ["lo-retry", "2"],
    "void": ["lo-void", "--reason", "r", "1"],
    "report": ["lo-report"],
    "reset": ["lo-reset", "-y"],
    "validate": ["lo-validate", "-c"],
    "status": ["lo-status", "-c"],
    "export": ["lo-export", "-o", "out.csv"],
    "init": ["lo-init", "--param", "x=float:0..1", "--minimize", "y", "made"],
    "import": ["lo-import", "rows.jsonl"],
    "restore": ["lo-archive", "restore", "-y", "ARCHIVE"],
    "prune": ["lo-archive", "prune", "-y", "--keep-last", "0"],
    "verify": ["lo-archive", "verify", "ARCHIVE"],
    "list": ["lo-archive", "list", "-c"],
    "rebuild": ["lo-validate", "--rebuild", "-c"],
    "run": ["lo-run", "-n", "1", "--", "echo", "0.125"],
    "eval": ["lo-eval", "-c", "--", "echo", "0.125"],
    "html": ["lo-report", "--html"],
    "best": ["lo-best", "-c"],
    "health": ["lo-health", "-c"],
    "metrics": ["lo-metrics", "--prometheus"],
    "doctor": ["lo-doctor", "-c"],
    "trace": ["lo-trace", "-c"],
    "explain": ["lo-explain", "1"],
    "events": ["lo-events", "-c", "--cursor", "cursor"],
    "plot": ["lo-plot", "history", "-o", "out.svg"],
}
# Before the command: each starts from the campaign after these.
PREPARE = {
    "import": [["lo-export", "-o", "rows.jsonl"], ["lo-cancel", "3"]],
    "restore": [["lo-reset", "-y"]],
    "prune": [["lo-reset", "-y"]],
    "verify": [["lo-reset", "-y"]],
    "list": [["lo-reset", "-y"]],
    "run": [["lo-cancel", "3"]],
}
# What is read instead of a result.
STDIN = {"eval": {"trial_id": 3, "params": {"x": 0.5, "n": 3}}}
# Of several commits: what lies between them is as good.
SEVERAL = ("run",)
# lo-doctor says 1 of what it cannot try; lo-run has 3.
DOCUMENTED = (0, 1, 3, 4, 75, -signal.SIGABRT)
# libjq 1.6 goes on without the text of a token when it compiles a program,
# which lo-doctor does to learn its version.
COMPILES = ("doctor",)
# The first allocation is libjq's before main, which does not look either.
FIRST = 2


def run(options, command, at=0, on=False):
    env = dict(os.environ)
    seen = os.path.join(options.scratch, "seen")
    if at:
        env.update(LD_PRELOAD=options.shim, OOM_AT=str(at), OOM_SEEN=seen)
        if on:
            env["OOM_ON"] = "1"
    archives = os.path.join(options.scratch, "now/state/reset_archives")
    if "ARCHIVE" in command:
        command = [*command[:-1], os.listdir(archives)[0]]
    with open(options.stdin, "rb") as stdin:
        return subprocess.run(command, cwd=os.path.join(options.scratch,
                              "now"), stdin=stdin, capture_output=True,
                              env=env, timeout=60, check=False)


def fresh(options):
    now = os.path.join(options.scratch, "now")
    shutil.rmtree(now, ignore_errors=True)
    shutil.copytree(options.begin, now)


def prepare(options, name):
    """The campaign from which every point of a command starts."""
    options.begin = options.campaign
    options.stdin = options.result
    fresh(options)
    for command in PREPARE.get(name, ()):
        p = run(options, command)
        if p.returncode != 0:
            sys.exit(f"{command}: {p.stderr!r}")
    begin = os.path.join(options.scratch, "begin")
    shutil.rmtree(begin, ignore_errors=True)
    shutil.copytree(os.path.join(options.scratch, "now"), begin)
    options.begin = begin
    if name in STDIN:
        options.stdin = os.path.join(options.scratch, "stdin")
        with open(options.stdin, "w", encoding="utf-8") as f:
            json.dump(STDIN[name], f)


def facts(options):
    """What a command changes, without times: as readers see it."""
    p = run(options, ["lo-status", "-c"])
    if p.returncode != 0:
        return f"lo-status: {p.stderr!r}"
    status = json.loads(p.stdout)
    keys = ("observations", "pending", "next_trial_id", "statuses",
            "observations_by_status", "best")
    picked = {k: status.get(k) for k in keys}
    if picked["best"]:
        picked["best"].pop("updated_at", None)
    state = os.path.join(options.scratch, "now/state/event_log.jsonl")
    with open(state, encoding="utf-8") as f:
        lines = [json.loads(line)["event"] for line in f]
    return json.dumps(picked, sort_keys=True), sorted(lines)


def settled(options):
    """After the next writing command, which changes the log at most."""
    p = run(options, ["lo-archive", "prune", "-y", "--keep-last", "9"])
    if p.returncode != 0:
        return f"the next command: {p.stderr!r}"
    p = run(options, ["lo-validate", "--strict", "-c"])
    if p.returncode != 0:
        return f"lo-validate: {p.stderr!r}"
    return None


def point(options, name, at, on, old, new):
    """None, or what is wrong; raises StopIteration behind the last."""
    seen = os.path.join(options.scratch, "seen")
    if os.path.exists(seen):
        os.unlink(seen)
    fresh(options)
    p = run(options, COMMANDS[name], at, on)
    if not os.path.exists(seen):
        raise StopIteration
    if p.returncode == -signal.SIGSEGV and name in COMPILES:
        return settled(options)
    if p.returncode not in DOCUMENTED:
        return f"status {p.returncode}: {p.stderr!r}"
    if p.returncode != 0 and not p.stderr:
        return f"status {p.returncode} without a word"
    wrong = settled(options)
    if wrong:
        return wrong
    got = facts(options)
    if p.returncode != 0 and "campaign_restore_failed" in got[1]:
        got = got[0], old[1]    # which is logged, and nothing else changed
    if got not in (old, new) and name not in SEVERAL:
        return f"neither old nor new: {got}"
    made = os.path.join(options.scratch, "now/made/bo_config.json")
    if name == "init" and os.path.exists(made):
        p = run(options, ["lo-validate", "-C", "made"])
        if p.returncode != 0:
            return f"a campaign was made that is none: {p.stderr!r}"
    if (p.returncode == 0 and p.stdout and got != new
            and name not in SEVERAL):
        return "acknowledged, and lost"
    return None


def both(options, name):
    """The campaign before and after the command."""
    fresh(options)
    settled(options)
    old = facts(options)
    fresh(options)
    p = run(options, COMMANDS[name])
    settled(options)
    return old, facts(options), p.returncode


def allocations(options, name):
    """How many there are: the largest N that is reached."""
    low, high = 1, 1 << 20
    while low < high:
        middle = (low + high + 1) // 2
        seen = os.path.join(options.scratch, "seen")
        if os.path.exists(seen):
            os.unlink(seen)
        fresh(options)
        run(options, COMMANDS[name], middle)
        if os.path.exists(seen):
            low = middle
        else:
            high = middle - 1
    return low


def main():
    parser = argparse.ArgumentParser()
    for name in ("shim", "campaign", "result", "scratch"):
        parser.add_argument(name)
    parser.add_argument("tool", nargs="*")
    parser.add_argument("--points", type=int, default=0)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_intermixed_args()
    rng = random.Random(options.seed)
    tried = failed = 0
    for name in options.tool or COMMANDS:
        prepare(options, name)
        old, new, status = both(options, name)
        if status != 0:
            print(f"{name}: status {status} with memory enough")
            failed += 1
            continue
        n = allocations(options, name)
        where = range(FIRST, n + 1)
        if options.points and options.points < n:
            where = sorted(rng.sample(where, options.points))
        for at in where:
            for on in (False, True):
                tried += 1
                try:
                    wrong = point(options, name, at, on, old, new)
                except StopIteration:
                    continue
                except subprocess.TimeoutExpired:
                    wrong = "hangs"
                if wrong:
                    failed += 1
                    print(f"{name}: allocation {at}"
                          f"{' and on' if on else ''}: {wrong}")
        print(f"{name}: {n} allocations")
    print(f"{tried} points, {failed} failures")
    return failed > 0


if __name__ == "__main__":
    sys.exit(main())
