#!/usr/bin/env python3
"""Compare optimizers by their runs on the benchmark's tasks.

    report.py --ours FILE... --peers FILE... [--tiny FILE] [--tools FILE]
        [--notes FILE] [--mandatory NAME,...] --out docs/benchmarks.md
    report.py --compare A.csv B.csv [--at 25,50,100]

The first writes the report and, in a directory beside it (docs/benchmarks/),
its plots; the second prints what B is against A, for development.

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
import math
import os
import statistics
import sys

sys.dont_write_bytecode = True  # the tree stays as it is

from report_estimates import (
    differences, estimate, estimate_equal, pairs, win_rate)
from report_field import Field
from report_plots import plot_curves, plot_forest, plot_times
from report_runs import OURS, POINTS, normalise, read
from report_sections import (
    MEASURED, against, head, included, not_first, per_block,
    ranks_and_times, summary, tiny)
from report_words import listed, ms


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
    cost = [ms(statistics.median(x[key].ms_median for key in pairs(a, b)))
            for x in (b, a)]
    print(f"wins {win_rate(b, a):.1%} of runs; "
          f"{cost[0]} against {cost[1]} ms a suggestion")


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


# -------------------------------------------------------------- the report

def write_plots(field, directory):
    os.makedirs(directory, exist_ok=True)
    names = [field.mark(n) for n in field.diffs]
    for block in field.blocks:
        curves = {field.mark(n): field.curve(n, block)
                  for n in [OURS, *field.order]}
        if curves[OURS]:
            plot_curves(f"{block}: regret over the budget",
                        {n: c for n, c in curves.items() if c}, names,
                        os.path.join(directory, f"regret-{block}.svg"))
    plot_times({field.mark(n): field.times(n) for n in [OURS, *field.order]},
               os.path.join(directory, "time.svg"))
    plot_forest({n: field.pooled[n][100] for n in field.order},
                os.path.join(directory, "forest.svg"))


def report(args):
    runs, = normalise(read(args.ours + args.peers))
    if OURS not in runs:
        sys.exit(f"no runs of {OURS} in {' '.join(args.ours)}")
    field = Field(runs, args.mandatory)
    if not field.diffs:
        sys.exit("no peer ran a task, seed and budget that ours ran")
    if not field.common:
        sys.exit(f"{listed(field.full)} have no run in common; choose others "
                 "by --mandatory")
    missing = set(args.mandatory or []) - field.diffs.keys()
    if missing:
        sys.exit(f"--mandatory: no runs of {listed(sorted(missing))}")
    directory = os.path.splitext(args.out)[0]
    write_plots(field, directory)
    lines = [*head(field), *summary(field), MEASURED, *against(field),
             *per_block(field), *ranks_and_times(field), *not_first(field)]
    if args.tiny:
        lines += tiny(args.tiny)
    if args.tools:
        lines += included(args.tools, TOOLS, ["```"])
    if args.notes and os.path.exists(args.notes):
        lines += included(args.notes, ["## What was tried", ""], [])
    text = "\n".join(lines).replace(
        "](benchmarks/", f"]({os.path.basename(directory)}/")
    with open(args.out, "w", encoding="utf-8") as f:
        f.write(text.rstrip("\n") + "\n")


TOOLS = ["## Time per suggestion through the programs", "",
         "Within `lo-suggest`, over whole campaigns; then whole processes by "
         "the clock,", "after so many random results: the first one fits a "
         "model from nothing.", "", "```"]


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
    parser.add_argument("--ours", nargs="+", action="extend",
                        metavar="FILE")
    parser.add_argument("--peers", nargs="+", action="extend",
                        metavar="FILE")
    parser.add_argument("--mandatory", type=lambda text: text.split(","),
                        help="peers whose common runs count for ranks; "
                        "else those that ran nine tenths of the tasks")
    for name in ("tiny", "tools", "notes", "out"):
        parser.add_argument("--" + name, metavar="FILE")
    args = parser.parse_args()
    if args.compare:
        compare(args.compare, args.at)
    elif args.ours and args.peers and args.out:
        report(args)
    else:
        parser.error("expected --compare, or --ours, --peers and --out")


if __name__ == "__main__":
    main()
