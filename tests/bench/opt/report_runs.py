"""Runs as the files have them, and made comparable."""
import collections
import csv
import math
import statistics
import sys

POINTS = 20             # checkpoints of a curve
NAN_SCORE = 0.5         # nothing succeeded yet: worse than a random point
FRACTION_FLOOR = 1e-3   # of regret against the best that was seen
OURS = "looptimum"

Run = collections.namedtuple("Run", "optimizer version block task seed "
                             "budget kind ms_median ms_p99 curve")


def read_row(row):
    if len(row) != len(Run._fields):
        raise ValueError(f"expected {len(Run._fields)} columns, "
                         f"got {len(row)}")
    curve = [float(x) for x in row[9].split()]
    if len(curve) != POINTS:
        raise ValueError(f"expected {POINTS} numbers, got {len(curve)}")
    if row[6] not in ("regret", "value"):
        raise ValueError(f"expected regret or value, got {row[6]}")
    return Run(*row[:4], int(row[4]), int(row[5]), row[6], float(row[7]),
               float(row[8]), curve)


def read(paths):
    """{optimizer: {(task, seed, budget): Run}}, as the files have them."""
    runs = {}
    for path in paths:
        with open(path, encoding="utf-8", newline="") as f:
            rows = csv.reader(f)
            for row in rows:
                if not row or row[0] == "optimizer":
                    continue
                try:
                    run = read_row(row)
                except ValueError as e:
                    sys.exit(f"{path}:{rows.line_num}: {e}")
                runs.setdefault(run.optimizer, {})[
                    run.task, run.seed, run.budget] = run
    return runs


def first_values(runs):
    """The first value of each run that had one."""
    return [next(v for v in r.curve if math.isfinite(v)) for r in runs
            if any(map(math.isfinite, r.curve))]


def scales(runs):
    """{task: (best, typical)} of the tasks whose optimum is not known: the
    least value that any run reached, and the median of what random search
    had at its first checkpoint (all optimizers, where it did not run; the
    worst value, where that is no better than the best)."""
    tasks = collections.defaultdict(list)
    for r in runs:
        if r.kind == "value":
            tasks[r.task].append(r)
    found = {}
    for task, rows in tasks.items():
        values = [v for r in rows for v in r.curve if math.isfinite(v)]
        first = first_values(r for r in rows if r.optimizer == "random") \
            or first_values(rows)
        if first:
            best, typical = min(values), statistics.median(first)
            found[task] = best, typical if typical > best else max(values)
    return found


def to_regret(run, scale):
    """The run with log10 regret for raw values and numbers for NaN."""
    best, typical = scale.get(run.task, (0.0, 1.0))
    span = typical - best or 1.0

    def score(v):
        if not math.isfinite(v):
            return NAN_SCORE
        if run.kind == "regret":
            return v
        return math.log10(max(FRACTION_FLOOR, (v - best) / span))
    return run._replace(curve=[score(v) for v in run.curve])


def normalise(*sets):
    """Each of these results of read(), comparable to all the others."""
    scale = scales(run for runs in sets for rows in runs.values()
                   for run in rows.values())
    return [{name: {key: to_regret(run, scale) for key, run in rows.items()}
             for name, rows in runs.items()} for runs in sets]
