"""What the report needs of the runs."""
import collections
import statistics

from report_estimates import (
    TIE, by_task, differences, estimate, estimate_equal, mean_curve, pairs)
from report_runs import OURS

FULL = 0.9              # of our tasks: a peer that counts for common runs
SLIGHT = 0.005          # less is not called behind


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
