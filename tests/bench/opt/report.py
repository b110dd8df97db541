#!/usr/bin/env python3
"""Compare optimizers by their runs on the benchmark's tasks.

    report.py --compare A.csv B.csv [--at 25,50,100]

The rows are what opt-bench run prints:

    optimizer,version,block,task,seed,budget,kind,ms_median,ms_p99,curve

curve has 20 numbers separated by blanks: the score after ceil(k*budget/20)
evaluations, k = 1..20, "nan" while nothing succeeded.  kind "regret" is
log10 regret as score.h defines it; kind "value" is the raw best value of a
task whose optimum is not known (see to_regret).  A run that comes twice
counts once, the later one.

Everything is compared in pairs: the same task, seed and budget.  Seeds are
averaged within a task, and intervals are 95 % of bootstrap means over
resampled tasks, since it is other tasks that a reader wants to know about.
"""
import argparse
import collections
import csv
import functools
import math
import operator
import random
import statistics
import sys

POINTS = 20             # checkpoints of a curve
NAN_SCORE = 0.5         # nothing succeeded yet: worse than a random point
FRACTION_FLOOR = 1e-3   # of regret against the best that was seen
RESAMPLES = 4000

Run = collections.namedtuple("Run", "optimizer version block task seed "
                             "budget kind ms_median ms_p99 curve")
Estimate = collections.namedtuple("Estimate", "mean low high tasks")


# ------------------------------------------------------------------- input

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


# -------------------------------------------------------------- statistics

def pairs(a, b):
    """Keys of the runs that both have, in order."""
    return sorted(a.keys() & b.keys())


def differences(a, b):
    """{block: {task: curve of mean(a - b) over seeds}}."""
    curves = collections.defaultdict(lambda: collections.defaultdict(list))
    for key in pairs(a, b):
        curves[a[key].block][key[0]].append(
            [x - y for x, y in zip(a[key].curve, b[key].curve)])
    return {block: {task: [statistics.fmean(c) for c in zip(*rows)]
                    for task, rows in sorted(tasks.items())}
            for block, tasks in curves.items()}


@functools.lru_cache(maxsize=None)
def resamples(n, salt):
    """Getters of n of n, with replacement.  The salt keeps blocks of the
    same size independent of each other."""
    rng = random.Random(f"{salt}/{n}")
    return [operator.itemgetter(*rng.choices(range(n), k=n))
            for _ in range(RESAMPLES)]


def bootstrap_means(values, salt):
    n = len(values)
    if n == 1:
        return values * RESAMPLES
    return [sum(get(values)) / n for get in resamples(n, salt)]


def interval(mean, means, tasks):
    """No interval from a single task: there is nothing to resample."""
    if tasks < 2:
        return Estimate(mean, -math.inf, math.inf, tasks)
    means = sorted(means)
    cut = round(0.025 * (len(means) - 1))
    return Estimate(mean, means[cut], means[-1 - cut], tasks)


def estimate(diffs, percent, block=None):
    """Of one block, or of all tasks pooled, each task counting once."""
    values = [curve[percent * POINTS // 100 - 1]
              for name, tasks in sorted(diffs.items())
              if block in (None, name) for curve in tasks.values()]
    return interval(statistics.fmean(values),
                    bootstrap_means(values, block or ""), len(values))


def estimate_equal(diffs, percent):
    """Of all blocks, each block counting once; tasks are resampled within
    theirs."""
    at = percent * POINTS // 100 - 1
    blocks = [(name, [curve[at] for curve in tasks.values()])
              for name, tasks in sorted(diffs.items())]
    means = zip(*(bootstrap_means(values, name) for name, values in blocks))
    return interval(statistics.fmean(statistics.fmean(v) for _, v in blocks),
                    [sum(m) / len(blocks) for m in means],
                    max(len(v) for _, v in blocks))


def win_rate(a, b):
    """How often a ends below b; a tie is half a win."""
    ends = [a[key].curve[-1] - b[key].curve[-1] for key in pairs(a, b)]
    return sum((d < -1e-9) + (d <= 1e-9) for d in ends) / 2 / len(ends)


# ----------------------------------------------------------------- compare

def estimate_text(e):
    if e.low == -math.inf:
        return f"{e.mean:+.3f}"
    sure = "*" if e.low > 0 or e.high < 0 else " "
    return f"{e.mean:+.3f} [{e.low:+.3f}, {e.high:+.3f}]{sure}"


def compare_table(a, b, at):
    """Lines: what b - a is per block, pooled, and with equal blocks."""
    diffs = differences(b, a)
    count = collections.Counter(a[key].block for key in pairs(a, b))
    rows = [(name, len(diffs[name]), count[name],
             [estimate(diffs, p, name) for p in at]) for name in diffs]
    tasks = sum(row[1] for row in rows)
    rows.append(("all tasks", tasks, sum(count.values()),
                 [estimate(diffs, p) for p in at]))
    if len(diffs) > 1:
        rows.append(("equal blocks", tasks, rows[-1][2],
                     [estimate_equal(diffs, p) for p in at]))
    yield f"{'':14}{'tasks':>6}{'pairs':>6}" + "".join(
        f"  {f'at {p} %':<24}" for p in at).rstrip()
    for name, n, m, estimates in rows:
        yield f"{name:14}{n:6}{m:6}" + "".join(
            f"  {estimate_text(e):<24}" for e in estimates).rstrip()


def label(run, path):
    return f"{run.optimizer} {run.version} ({path})"


def compare_one(a, b, paths, at):
    first_a, first_b = next(iter(a.values())), next(iter(b.values()))
    print(f"{label(first_b, paths[1])} minus {label(first_a, paths[0])}\n"
          "mean difference in log10 regret [95 % interval], below 0: the "
          "former is better")
    if not pairs(a, b):
        print("no task, seed and budget that both ran")
        return
    print("\n".join(compare_table(a, b, at)))
    ms = [statistics.median(x[key].ms_median for key in pairs(a, b))
          for x in (b, a)]
    print(f"wins {win_rate(b, a):.1%} of runs; "
          f"{ms[0]:.3g} against {ms[1]:.3g} ms a suggestion")


def compare(paths, at):
    """Optimizers that both files have; if there are none, all with all."""
    a, b = normalise(*(read([path]) for path in paths))
    if not a or not b:
        sys.exit(f"{paths[bool(a)]}: no runs")
    couples = [(name, name) for name in a if name in b] or \
        [(x, y) for x in a for y in b]
    for i, (x, y) in enumerate(couples):
        if i > 0:
            print()
        compare_one(a[x], b[y], paths, at)


# ---------------------------------------------------------------- the call

def percents(text):
    at = [int(p) for p in text.split(",")]
    if any(p % (100 // POINTS) or not 0 < p <= 100 for p in at):
        raise argparse.ArgumentTypeError("expected multiples of 5 up to 100")
    return at


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--compare", nargs=2, metavar=("A", "B"))
    parser.add_argument("--at", type=percents, default=[25, 50, 100])
    args = parser.parse_args()
    compare(args.compare, args.at)


if __name__ == "__main__":
    main()
