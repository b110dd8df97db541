"""Differences of runs, and how sure they are."""
import collections
import functools
import math
import operator
import random
import statistics

from report_runs import POINTS

RESAMPLES = 4000
TIE = 1e-9              # less apart is the same

Estimate = collections.namedtuple("Estimate", "mean low high tasks")


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
