"""The report's plots, as SVG."""
import html
import math

from report_runs import OURS, POINTS
from report_words import ms, signed

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
