"""Other optimizers on the tasks of opt-bench, one CSV row a run:

peers.py --bench OPT-BENCH --peer NAME[,NAME] --tasks REGEX|@FILE --seeds 1-5
         --out FILE.csv [--skip-done] [--limit SECONDS]

Every peer runs with the defaults its authors recommend and gets what the
task declares: the space, the budget, the seed, that it is noisy.  Nobody is
tuned by us.  Tasks are found by re.search in their names, or listed in FILE,
a name a line.  Rows are appended as runs end; --skip-done goes on with an
interrupted measurement.  A run that crashes or takes longer than --limit
leaves no row but a note on standard error.

Columns: optimizer, version, block, task, seed, budget, kind ("regret": log10
of what is missing to the optimum; "value": the best so far), ms_median and
ms_p99 (CPU milliseconds a suggestion, what follows from its result
included), curve (the score after ceil(k budget / 20) evaluations, k = 1..20;
"nan" while nothing has succeeded).

What each peer is told, beyond the obvious:
 * bound_tightening narrows the space for everybody.  Linear inequalities go
   to Ax, as far as it takes them; the others learn from the penalty in the
   objective.  (Nevergrad has cheap constraints, but NGOpt waits forever with
   them.)
 * Conditions go to Optuna and SMAC, the others see a flat space.
 * Failures: FAIL for Optuna and Ax, infeasible for Vizier; the others get
   the worst value seen plus the range of values seen, SMAC with CRASHED (its
   default cost of infinity breaks both of its models).
 * While batch suggestions are in flight they finish in an order that depends
   on the task and the seed alone.
"""
import os
import sys

if __name__ == "__main__" and "PYTHONHASHSEED" not in os.environ:
    # SMAC iterates over sets: only so is a seed one course of events.
    os.environ["PYTHONHASHSEED"] = "0"
    os.execv(sys.executable, [sys.executable, *sys.argv])

for _name in ("OMP", "MKL", "OPENBLAS"):  # read when libraries are loaded
    os.environ[_name + "_NUM_THREADS"] = "1"

import argparse
import csv
import importlib.metadata
import json
import logging
import math
import random
import re
import signal
import statistics
import subprocess
import time
import traceback
import warnings

sys.dont_write_bytecode = True  # the tree stays as it is

import peer_adapters
import peer_adapters_gp
from peer_adapters import Exhausted, Unsuited
from peer_tasks import Task

PEERS = {**peer_adapters.PEERS, **peer_adapters_gp.PEERS}

POINTS = 20
COLUMNS = ("optimizer version block task seed budget kind ms_median ms_p99 "
           "curve").split()


class Overtime(BaseException):
    """Not an Exception: libraries must not swallow it."""


class Bench:
    """A conversation with opt-bench serve."""

    def __init__(self, program):
        self.program = program
        self.start()

    def start(self):
        self.server = subprocess.Popen(
            [self.program, "serve"], stdin=subprocess.PIPE,
            stdout=subprocess.PIPE, text=True)

    def call(self, **request):
        self.server.stdin.write(json.dumps(request) + "\n")
        self.server.stdin.flush()
        reply = self.server.stdout.readline()
        if not reply:  # it has said why
            self.server.wait()
            self.start()
            raise RuntimeError(f"opt-bench: refused {request}")
        return json.loads(reply)

    def evaluate(self, params):
        reply = self.call(params=params)
        score = reply["score"]
        return (None if reply["failed"] else reply["y"],
                math.nan if score is None else score)


def seed_globally(seed):
    """For peers that draw from the generators of their libraries."""
    random.seed(seed)
    for name in ("numpy", "torch"):
        if name in sys.modules:
            module = sys.modules[name]
            (module.random.seed if name == "numpy" else module.manual_seed)(
                seed)


def drive(bench, task, peer, order):
    """The scores after each evaluation and the CPU seconds each took."""
    left, flight, scores, seconds = task.budget, [], [], []
    while left or flight:
        while left and len(flight) < task.batch:
            before = time.process_time()
            try:
                answer = peer.ask()
            except Exhausted:
                left = 0
                break
            if answer is None:
                if not flight:
                    raise RuntimeError("no suggestion and nothing in flight")
                break
            flight.append((*answer, time.process_time() - before))
            left -= 1
        if not flight:
            break
        handle, params, cost = flight.pop(order.randrange(len(flight)))
        y, score = bench.evaluate(
            {n: v for n, v in params.items() if task.active(n, params)})
        before = time.process_time()
        peer.result(handle, y)
        seconds.append(cost + time.process_time() - before)
        scores.append(score)
    return scores + scores[-1:] * (task.budget - len(scores)), seconds


def run(bench, name, task_name, seed):
    task = Task(bench.call(open=task_name, seed=seed))
    seed_globally(seed)
    peer = PEERS[name](task, seed)
    seed_globally(seed)  # what the constructor has imported, too
    scores, seconds = drive(
        bench, task, peer, random.Random(f"{task.task}/{seed}"))
    curve = [scores[math.ceil(k * task.budget / POINTS) - 1]
             for k in range(1, POINTS + 1)]
    seconds.sort()
    p99 = seconds[math.ceil(0.99 * len(seconds)) - 1]
    show = "{:.4f}".format if task.known else repr
    return (
        name, importlib.metadata.version(peer.package) if peer.package else "",
        task.block, task.task, seed, task.budget,
        "regret" if task.known else "value",
        f"{1e3 * statistics.median(seconds):.2f}", f"{1e3 * p99:.2f}",
        " ".join(map(show, curve)))


def attempt(limit, *arguments):
    """The row of a run, and None or what went wrong."""
    def ring(number, frame):
        raise Overtime

    signal.signal(signal.SIGALRM, ring)
    # Again and again: an alarm inside a destructor is lost.
    signal.setitimer(signal.ITIMER_REAL, limit, 5 if limit else 0)
    try:
        return run(*arguments), None
    except Unsuited:
        return None, None
    except Overtime:
        return None, f"longer than {limit:g} s"
    except Exception as error:
        traceback.print_exc()
        return None, f"{type(error).__name__}: {error}".splitlines()[0]
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)


def tasks(bench, which):
    if which.startswith("@"):
        with open(which[1:]) as file:
            return [line.strip() for line in file
                    if line.strip() and not line.startswith("#")]
    listing = subprocess.run([bench, "list"], stdout=subprocess.PIPE,
                             text=True, check=True).stdout
    names = [line.split()[0] for line in listing.splitlines()]
    return [name for name in names if re.search(which, name)]


def seeds(text):
    """1-3,7 are 1, 2, 3, 7."""
    ranges = [part.split("-") for part in text.split(",")]
    return [seed for r in ranges for seed in range(int(r[0]), int(r[-1]) + 1)]


def done(path):
    try:
        with open(path, newline="") as file:
            return {(row["optimizer"], row["task"], int(row["seed"]))
                    for row in csv.DictReader(file)}
    except FileNotFoundError:
        return set()


def append(path, row):
    with open(path, "a", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        if not file.tell():
            writer.writerow(COLUMNS)
        writer.writerow(row)


def arguments():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--bench", required=True, metavar="PROGRAM")
    parser.add_argument("--peer", required=True, metavar="NAME[,NAME]",
                        help=", ".join(PEERS))
    parser.add_argument("--tasks", required=True, metavar="REGEX|@FILE")
    parser.add_argument("--seeds", required=True, type=seeds, metavar="1-5")
    parser.add_argument("--out", required=True, metavar="FILE.csv")
    parser.add_argument("--skip-done", action="store_true")
    parser.add_argument("--limit", type=float, default=0, metavar="SECONDS")
    args = parser.parse_args()
    args.peer = args.peer.split(",")
    if unknown := set(args.peer) - PEERS.keys():
        parser.error(f"no such peer: {', '.join(sorted(unknown))}")
    return args


def main():
    args = arguments()
    logging.disable(logging.CRITICAL)
    warnings.filterwarnings("ignore")
    bench, failures = Bench(args.bench), []
    skip = done(args.out) if args.skip_done else set()
    todo = [(peer, task, seed) for seed in args.seeds for peer in args.peer
            for task in tasks(args.bench, args.tasks)]
    for peer, task, seed in todo:
        if (peer, task, seed) in skip:
            continue
        row, why = attempt(args.limit, bench, peer, task, seed)
        if row:
            append(args.out, row)
        elif why:
            failures.append(f"{peer} {task} {seed}: {why}")
            print("peers.py: no row:", failures[-1], file=sys.stderr)
    if failures:
        print(f"peers.py: {len(failures)} of {len(todo)} runs without a row:",
              *failures, sep="\n  ", file=sys.stderr)
    return bool(failures)


if __name__ == "__main__":
    sys.exit(main())
