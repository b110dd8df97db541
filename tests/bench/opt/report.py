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
import csv
import functools
import html
import math
import operator
import os
import platform
import random
import statistics
import subprocess
import sys
import time

POINTS = 20             # checkpoints of a curve
NAN_SCORE = 0.5         # nothing succeeded yet: worse than a random point
FRACTION_FLOOR = 1e-3   # of regret against the best that was seen
RESAMPLES = 4000
OURS = "looptimum"
LOST = 0.1              # a block is lost when the interval lies above this
FULL = 0.9              # of our tasks: a peer that counts for common runs
TIE = 1e-9              # less apart is the same
SLIGHT = 0.005          # less is not called behind

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


def by_task(runs):
    """{block: {task: curve}}, the mean over seeds."""
    curves = collections.defaultdict(lambda: collections.defaultdict(list))
    for _, r in sorted(runs.items()):
        curves[r.block][r.task].append(r.curve)
    return {block: {task: mean_curve(rows) for task, rows in tasks.items()}
            for block, tasks in curves.items()}


def mean_curve(curves):
    return [statistics.fmean(values) for values in zip(*curves)]


def differences(a, b):
    """{block: {task: curve}} of a - b."""
    return by_task({key: a[key]._replace(curve=[
        x - y for x, y in zip(a[key].curve, b[key].curve)])
        for key in pairs(a, b)})


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
    return sum((d < -TIE) + (d <= TIE) for d in ends) / 2 / len(ends)


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


# --------------------------------------------------------------------- SVG

# In the middle of light and dark, so that both grounds will do.
COLOURS = ("#1f83c4 #2e9e3e #9a6ed0 #a8705f #d867b8 #8a8a8a #a8a425 #17a9b8 "
           "#f08a1d #6d7bdb").split()
DASHES = ("", "7 3", "2 3")
STYLE = """<style>text{font:12px sans-serif;fill:#333}.t{font-size:15px}
.bg{fill:#fff}.grid{stroke:#ddd}.zero{stroke:#888}
@media (prefers-color-scheme:dark){text{fill:#ccc}.bg{fill:#161b22}
.grid{stroke:#30363d}}</style>"""


def look(name, names):
    """Colour, width and dashes of an optimizer's line."""
    if name == OURS:
        return 'stroke="#e5383b" stroke-width="3"'
    i = names.index(name)
    return (f'stroke="{COLOURS[i % len(COLOURS)]}" stroke-width="1.6" '
            f'stroke-dasharray="{DASHES[i % len(DASHES)]}"')


class Plot:
    """A drawing with a frame: left, right, top, bottom in pixels."""

    def __init__(self, title, xlabel, height, left, right):
        self.width, self.height, self.parts = 720, height, []
        self.left, self.right = left, self.width - right
        self.top, self.bottom = 58, height - 48
        self.text(self.width / 2, 24, title, "middle", 'class="t"')
        self.text((left + self.right) / 2, height - 10, xlabel, "middle")

    def text(self, x, y, text, anchor="start", more=""):
        self.parts.append(f'<text x="{x:.1f}" y="{y:.1f}" text-anchor='
                          f'"{anchor}" {more}>{html.escape(text)}</text>')

    def line(self, points, more):
        points = " ".join(f"{x:.1f},{y:.1f}" for x, y in points)
        self.parts.append(f'<polyline fill="none" points="{points}" {more}/>')

    def x_axis(self, marks):
        """marks: (number, text).  Returns the map from numbers to pixels."""
        lo, hi = marks[0][0], marks[-1][0]

        def x(v):
            return self.left + (v - lo) / (hi - lo) * (self.right - self.left)
        for v, text in marks:
            self.line([(x(v), self.top), (x(v), self.bottom)],
                      f'class="{"grid" if float(text) else "zero"}"')
            self.text(x(v), self.bottom + 16, text, "middle")
        return x

    def y_axis(self, marks, label):
        lo, hi, height = marks[0][0], marks[-1][0], self.bottom - self.top

        def y(v):
            return self.bottom - height * (v - lo) / (hi - lo)
        for v, text in marks:
            self.line([(self.left, y(v)), (self.right, y(v))], 'class="grid"')
            self.text(self.left - 6, y(v) + 4, text, "end")
        middle = (self.top + self.bottom) // 2
        self.text(16, middle, label, "middle",
                  f'transform="rotate(-90 16 {middle})"')
        return y

    def save(self, path):
        size = f'width="{self.width}" height="{self.height}"'
        with open(path, "w", encoding="utf-8") as f:
            f.write(f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 '
                    f'{self.width} {self.height}" {size}>{STYLE}\n'
                    f'<rect class="bg" {size} rx="6"/>\n')
            f.write("\n".join(self.parts) + "\n</svg>\n")


def ticks(lo, hi, count=6):
    """Round numbers from below lo to above hi, with their texts."""
    if hi - lo < 0.01:
        lo, hi = lo - 0.5, hi + 0.5
    raw = (hi - lo) / count
    unit = 10 ** math.floor(math.log10(raw))
    step = next(m * unit for m in (1, 2, 5, 10) if m * unit >= raw * 0.999)
    digits = max(0, -math.floor(math.log10(step)))
    return [(i * step, f"{i * step:.{digits}f}") for i in
            range(math.floor(lo / step), math.ceil(hi / step) + 1)]


def plot_curves(title, curves, names, path):
    """curves: {name: numbers}; the legend has the order of their ends."""
    plot = Plot(title, "fraction of the budget", 440, 62, 170)
    x = plot.x_axis([(k / 4, f"{k / 4:.2f}") for k in range(5)])
    y = plot.y_axis(ticks(min(map(min, curves.values())),
                          max(map(max, curves.values()))),
                    "mean log10 regret")
    for i, name in enumerate(sorted(curves, key=lambda n: -curves[n][-1])):
        row, style = plot.top + 12 + 20 * i, look(name, names)
        plot.line([(x((k + 1) / POINTS), y(v))
                   for k, v in enumerate(curves[name])], style)
        plot.line([(plot.right + 14, row), (plot.right + 44, row)], style)
        plot.text(plot.right + 50, row + 4, name)
    plot.save(path)


def plot_rows(title, xlabel, legend, rows, marks, path):
    """rows: (name, ends of a bar, ends of a line through it, text)."""
    plot = Plot(title, xlabel, 112 + 24 * len(rows), 150, 90)
    plot.text(plot.left, 44, legend)
    x = plot.x_axis(marks)
    for i, (name, thick, thin, text) in enumerate(rows):
        y, colour = plot.top + 14 + 24 * i, COLOURS[0]
        if name == OURS:
            colour = "#e5383b"
        for ends, width in (thin, 2.5), (thick, 14):
            plot.line([(x(v), y) for v in ends],
                      f'stroke="{colour}" stroke-width="{width}"')
        plot.text(plot.left - 8, y + 4, name, "end")
        plot.text(plot.right + 8, y + 4, text)
    plot.save(path)


def plot_times(times, path):
    """times: {name: (median, p99)} in milliseconds."""
    logs = {n: [math.log10(max(v, 1e-3)) for v in t] for n, t in times.items()}
    lo = math.ceil(min(median for median, _ in logs.values())) - 1
    hi = max(lo + 1, *(math.ceil(p99) for _, p99 in logs.values()))
    plot_rows("CPU time per suggestion", "milliseconds (log scale)",
              "bar: median; line: 99th percentile",
              [(n, (lo, logs[n][0]), logs[n], f"{ms(times[n][0])} ms")
               for n in sorted(times, key=times.get)],
              [(k, f"{10.0 ** k:g}") for k in range(lo, hi + 1)], path)


def plot_forest(estimates, path):
    ends = {n: (e.low, e.high) if math.isfinite(e.low) else (e.mean, e.mean)
            for n, e in estimates.items()}
    marks = ticks(min(0, *(low for low, _ in ends.values())),
                  max(0, *(high for _, high in ends.values())))
    dot = (marks[-1][0] - marks[0][0]) / 100
    plot_rows("Looptimum against each peer, all tasks, full budget",
              "mean difference in log10 regret, Looptimum minus peer",
              "left of 0: Looptimum is better; lines: 95 % intervals",
              [(n, (e.mean - dot / 2, e.mean + dot / 2), ends[n],
                signed(e.mean)) for n, e in sorted(
                    estimates.items(), key=lambda item: item[1].mean)],
              marks, path)


# ---------------------------------------------------- what the report needs

class Field:
    """The runs of everybody, and what of them is compared."""

    def __init__(self, runs, mandatory):
        self.runs, self.ours = runs, runs[OURS]
        self.blocks = list(dict.fromkeys(r.block for r in self.ours.values()))
        self.tasks = {key[0] for key in self.ours}
        self.diffs = {name: differences(self.ours, runs[name])
                      for name in sorted(runs.keys() - {OURS})
                      if pairs(self.ours, runs[name])}
        # Tasks that a peer ran, too: only there can ours be first or not.
        self.compared = {block: set().union(*(d.get(block, ()) for d in
                                              self.diffs.values()))
                         for block in self.blocks}
        # Those that count for the common runs.
        self.full = [OURS] + [name for name in self.diffs if (
            name in mandatory if mandatory else
            sum(map(len, self.diffs[name].values())) >=
            FULL * len(self.tasks))]
        self.common = sorted(set.intersection(
            *(set(runs[name]) for name in self.full)))
        self.pooled, self.equal = (
            {name: {p: method(d, p) for p in (25, 50, 100)}
             for name, d in self.diffs.items()}
            for method in (estimate, estimate_equal))
        self.by_block = {name: {b: estimate(d, 100, b) for b in d}
                         for name, d in self.diffs.items()}
        self.order = sorted(self.diffs,
                            key=lambda name: self.pooled[name][100].mean)

    def mark(self, name):
        return name if name in self.full else name + "*"

    def curve(self, name, block):
        """Mean over the tasks of the common runs.  Of a peer that has only
        a part of them: ours less the mean paired difference."""
        of = name if name in self.full else OURS
        tasks = by_task({k: self.runs[of][k] for k in self.common})
        if block not in tasks or of != name and block not in self.diffs[name]:
            return None
        mean = mean_curve(tasks[block].values())
        if of == name:
            return mean
        less = mean_curve(self.diffs[name][block].values())
        return [x - y for x, y in zip(mean, less)]

    def times(self, name):
        keys = self.common if name in self.full else \
            pairs(self.ours, self.runs[name])
        return tuple(statistics.median(getattr(self.runs[name][k], what)
                                       for k in keys)
                     for what in ("ms_median", "ms_p99"))

    def ranks(self):
        """{name: (mean rank, share of first places)}; ties share both."""
        rank, first = collections.Counter(), collections.Counter()
        for key in self.common:
            ends = {n: self.runs[n][key].curve[-1] for n in self.full}
            for n, v in ends.items():
                below = sum(w < v - TIE for w in ends.values())
                tied = sum(abs(w - v) <= TIE for w in ends.values())
                rank[n] += below + (tied + 1) / 2
                first[n] += (below == 0) / tied
        n = len(self.common)
        return {name: (rank[name] / n, first[name] / n) for name in self.full}

    def behind(self):
        """{block: [(task, [(by how much, peer), the best first])]}."""
        found = {block: collections.defaultdict(list) for block in self.blocks}
        for name, blocks in self.diffs.items():
            for block, tasks in blocks.items():
                for task, curve in tasks.items():
                    if curve[-1] > SLIGHT:
                        found[block][task].append((curve[-1], name))
        return {block: sorted(((task, sorted(ahead, reverse=True))
                               for task, ahead in tasks.items()),
                              key=lambda item: item[1][0], reverse=True)
                for block, tasks in found.items()}


# ----------------------------------------------------------- the report

def signed(x):
    return f"{x:+.2f}".replace("-", "−")


def ms(x):
    return f"{x:,.0f}" if x >= 100 else f"{x:.3g}"


def shown(e, between=" "):
    if not math.isfinite(e.low):
        return f"{signed(e.mean)}{between}(one task)"
    return f"{signed(e.mean)}{between}[{signed(e.low)}, {signed(e.high)}]"


def verdict(e):
    """Which side of 0 the interval is on."""
    return "ahead" if e.high < 0 else "behind" if e.low > 0 else "open"


def escaped(text):
    return text.replace("*", "\\*")


def listed(items):
    items = list(items)
    return " and ".join(filter(None, (", ".join(items[:-1]), *items[-1:])))


def table(header, rows):
    yield "| " + " | ".join(header) + " |"
    yield "|---|" + "---:|" * (len(header) - 1)
    for row in rows:
        yield "| " + " | ".join(map(str, row)) + " |"
    yield ""


def first_line(path, start):
    try:
        with open(path, encoding="utf-8") as f:
            return next(line.split("=" if "=" in line else ":")[1].strip(
                ' "\n') for line in f if line.startswith(start))
    except (OSError, StopIteration):
        return "unknown"


def compiler():
    try:
        return subprocess.run(["cc", "--version"], capture_output=True,
                              text=True, check=True).stdout.split("\n")[0]
    except (OSError, subprocess.CalledProcessError):
        return "unknown"


def versions(rows):
    return listed(sorted({r.version for r in rows.values()}))


def head(field):
    runs = [r for n in [OURS, *field.diffs] for r in field.runs[n].values()]
    yield from ["# Benchmarks", "",
                "Written by `tests/bench/opt/report.py` from the measured "
                "runs; edit nothing here.", ""]
    facts = [
        ("Date", time.strftime("%Y-%m-%d")),
        ("Machine", f"{first_line('/proc/cpuinfo', 'model name')}, "
         f"{os.cpu_count()} cores"),
        ("System", f"{first_line('/etc/os-release', 'PRETTY_NAME=')}, "
         f"{platform.system()} {platform.release()}"),
        ("Compiler", compiler()),
        ("Optimizers", "; ".join(f"{name} {versions(field.runs[name])}"
                                 for name in [OURS, *field.diffs])),
        ("Seeds", ", ".join(map(str, sorted({r.seed for r in runs})))),
        ("Runs", f"{len(runs)} on {len(field.tasks)} tasks in "
         f"{len(field.blocks)} blocks")]
    yield from [*(f"* **{name}**: {text}" for name, text in facts), ""]


def by_verdict(estimates):
    """"ahead of a (0.3) and b (0.2); ..." in plain words."""
    words = {"ahead": "better than", "behind": "worse than",
             "open": "not surely different from"}
    for v, text in words.items():
        names = [f"{n} ({signed(e.mean)})" for n, e in estimates.items()
                 if verdict(e) == v]
        if names:
            yield f"{text} {listed(names)}"


def blocks_where(field, condition):
    """Block by block, by whom and how much, the worst first."""
    found = {b: sorted(((es[b].mean, name) for name, es in
                        field.by_block.items()
                        if b in es and condition(es[b])), reverse=True)
             for b in field.blocks}
    return "; ".join(
        b + ": " + listed(f"{name} ({signed(v)})" for v, name in found[b])
        for b in field.blocks if found[b])


def summary(field):
    def at(estimates, p):
        return "; ".join(by_verdict({n: estimates[n][p]
                                     for n in field.order}))
    lost = blocks_where(field, lambda e: e.low > LOST)
    worse = blocks_where(field, lambda e: e.mean > SLIGHT and e.low <= LOST)
    missed, compared = (sum(map(len, tasks.values())) for tasks in
                        (field.behind(), field.compared))
    yield from ["## In short", "", "In brackets: the mean difference in log10 "
                "regret, Looptimum minus peer; −1 is a tenth of the regret.",
                ""]
    for p, when in (100, "With the whole budget"), (25, "After a quarter"):
        yield f"* {when}, over all tasks, Looptimum is {at(field.pooled, p)}."
    yield f"* When each block counts the same, it is {at(field.equal, 100)}."
    yield "* Lost blocks (the interval lies above " \
        f"{signed(LOST)}): {lost or 'none'}."
    yield "* Blocks where a peer has the better mean, but less surely or by " \
        f"less: {worse or 'none'}."
    if len(field.full) > 1:
        ranks = field.ranks()
        place = 1 + sum(r[0] < ranks[OURS][0] for r in ranks.values())
        yield f"* Its mean rank is {ranks[OURS][0]:.2f} among " \
            f"{len(ranks)} optimizers (place {place}); it has " \
            f"{ranks[OURS][1]:.0%} of the first places."
    yield f"* It is not first on {missed} of {compared} tasks."
    own = field.times(OURS)[0]
    quick = [n for n in field.order if field.times(n)[0] < own]
    yield f"* A suggestion costs {ms(own)} ms of CPU in the median; " \
        f"quicker: {listed(quick) or 'nobody'}."
    yield ""


MEASURED = """## How it is measured

* **Score**: log10 of (value − optimum)/(typical − optimum), typical being the
  median over random points: 0 is a random point, −2 a hundredth of its
  regret. It is the true value at the point whose observed value is the best,
  and at least −6. Fronts: log10 of the missing share of the hypervolume, at
  least −4.
* **Unknown optima**: the least value in all runs of the task stands for the
  optimum, the median of what random search had at its first checkpoint for
  the typical value, and the score is at least −3.
* **Nothing succeeded yet**: the score is +0.5, worse than a random point.
* **Differences** are over runs that both made: same task, seed and budget. A
  run that failed or took too long is in no pair. Seeds are averaged within a
  task. Intervals are 95 % bootstrap intervals over tasks (4000 resamples,
  fixed seed); those of blocks with few tasks are rough, and a block with one
  task has none.
* **Milliseconds** are CPU time per suggestion, the peers' in Python, ours in
  the process of the benchmark.

To reproduce: `make bench-opt` for ours, `make bench-peers` for the peers.
"""


def against(field):
    yield from ["## Against each peer", "", "Difference in log10 regret, "
                "Looptimum minus peer, with its interval; below 0 Looptimum "
                "is better (ahead: the interval at 100 % is).", "",
                "![Differences to the peers](benchmarks/forest.svg)", ""]
    rows = []
    for name in field.order:
        e, keys = field.pooled[name], pairs(field.ours, field.runs[name])
        rows.append((name, len({k[0] for k in keys}), len(keys),
                     *map(shown, e.values()), verdict(e[100]),
                     f"{win_rate(field.ours, field.runs[name]):.0%}"))
        e = field.equal[name]
        rows.append(("– equal blocks", "", "", *map(shown, e.values()),
                     verdict(e[100]), ""))
    yield from table(("peer", "tasks", "pairs", "at 25 %", "at 50 %",
                      "at 100 %", "Looptimum is", "wins"), rows)


def block_cell(e):
    if e is None:
        return "–"
    text = shown(e, "<br>")
    return f"**{text} lost**" if e.low > LOST else text


def per_block(field):
    yield from ["## By block", "", "The same at the whole budget. Lost: the "
                f"interval lies above {signed(LOST)}.", ""]
    yield from table(("peer", *field.blocks), [
        (name, *(block_cell(field.by_block[name].get(b))
                 for b in field.blocks)) for name in field.order])
    names = [OURS, *field.order]
    ends = {(n, b): field.curve(n, b) for n in names for b in field.blocks}
    yield from ["Mean log10 regret at the end, over the "
                f"{len(field.common)} runs that {listed(field.full)} have in "
                "common. \\* ran only a part: Looptimum's mean less the mean "
                "paired difference.", ""]
    yield from table(("optimizer", *field.blocks), [
        (escaped(field.mark(n)),
         *(f"{ends[n, b][-1]:.2f}".replace("-", "−") if ends[n, b] else "–"
           for b in field.blocks)) for n in names])
    for b in field.blocks:
        if ends[OURS, b]:
            yield from [f"![{b}: regret over the budget]"
                        f"(benchmarks/regret-{b}.svg)", ""]


def ranks_and_times(field):
    ranks = field.ranks() if len(field.full) > 1 else {}
    yield from ["## Ranks and time", "", "Over the common runs (of peers "
                "with \\*: time over their own).", "",
                "![CPU time per suggestion](benchmarks/time.svg)", ""]
    names = sorted([OURS, *field.order],
                   key=lambda n: ranks.get(n, (math.inf,)))
    yield from table(
        ("optimizer", "mean rank", "first places", "median ms", "99 % ms"),
        [(escaped(field.mark(n)),
          *((f"{ranks[n][0]:.2f}", f"{ranks[n][1]:.0%}") if n in ranks
            else ("–", "–")), *map(ms, field.times(n)))
         for n in names])


def not_first(field):
    yield from ["## Where Looptimum is not first", "", "Tasks where a peer's "
                "mean over common seeds is better at the end, by more than "
                f"{SLIGHT}.", ""]
    for block, rows in field.behind().items():
        n = len(field.compared[block])
        if not rows:
            yield from [f"**{block}**: first on all {n} tasks." if n else
                        f"**{block}**: no peer ran it.", ""]
            continue
        yield from [f"<details><summary>{block}: {len(rows)} of {n} tasks, "
                    f"behind by "
                    f"{statistics.median(r[1][0][0] for r in rows):.2f} in "
                    "the median</summary>", ""]
        yield from table(("task", "behind by", "first", "others ahead"), [
            (task, f"{first[0]:.2f}", first[1],
             listed(name for _, name in others) or "–")
            for task, (first, *others) in rows])
        yield from ["</details>", ""]


def quartiles(values):
    if len(values) < 2:
        return values * 3
    return statistics.quantiles(values, n=4, method="inclusive")


def tiny(path):
    """Of raw values; a run without a success has the worst of them."""
    runs = read([path])
    rows = []
    for name in sorted(runs, key=lambda n: (n != OURS, n)):
        low, middle, high = quartiles(
            [r.curve[-1] if math.isfinite(r.curve[-1]) else math.inf
             for r in runs[name].values()])
        other = runs.get("random", {})
        wins = f"{win_rate(runs[name], other):.0%}" \
            if name != "random" and pairs(runs[name], other) else "–"
        rows.append((name, len(runs[name]), f"{middle:.3g}",
                     f"{low:.3g} … {high:.3g}", wins))
    yield from ["## Tiny quadratic", "", "The best value at the end, over "
                "seeds; how often it is less than random search's.", ""]
    yield from table(("optimizer", "runs", "median", "quartiles",
                      "wins against random"), rows)


def included(path, before, after):
    with open(path, encoding="utf-8") as f:
        yield from [*before, f.read().rstrip("\n"), *after, ""]


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
        lines += included(args.tools, ["## Time per suggestion through the "
                                       "programs", "", "```"], ["```"])
    if args.notes and os.path.exists(args.notes):
        lines += included(args.notes, ["## What was tried", ""], [])
    text = "\n".join(lines).replace(
        "](benchmarks/", f"]({os.path.basename(directory)}/")
    with open(args.out, "w", encoding="utf-8") as f:
        f.write(text.rstrip("\n") + "\n")


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
    parser.add_argument("--ours", nargs="+", metavar="FILE")
    parser.add_argument("--peers", nargs="+", metavar="FILE")
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
