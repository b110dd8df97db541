"""The sections of the report, line by line."""
import math
import os
import platform
import statistics
import subprocess
import time

from report_estimates import pairs, win_rate
from report_field import SLIGHT
from report_runs import OURS, read
from report_words import escaped, listed, ms, shown, signed, table, verdict

LOST = 0.1              # a block is lost when the interval lies above this


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
