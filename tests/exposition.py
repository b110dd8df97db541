#!/usr/bin/env python3
"""A strict reader of Prometheus' text exposition format, version 0.0.4.

exposition.py <TEXT

prints the families as one JSON object, or exits with 1 and a line for each
rule that is broken.  The rules are those of "Exposition formats" in the
documentation of Prometheus, and what its promtool refuses besides:

* lines end in a newline, the last one, too; no blank lines, no comments but
  HELP and TYPE;
* HELP and TYPE stand once for each family, before its samples; HELP has a
  text, and in it a backslash only before another or before n;
* all samples of a family stand together; names and labels are well-formed,
  no label begins with __ or is there twice; le and quantile belong to
  histograms and summaries;
* in the values of labels a backslash stands only before another, before a
  quote or before n;
* no two samples have the same name and labels;
* a value is a number as Go's ParseFloat takes it; no timestamps here;
* samples of a summary are NAME{quantile=}, NAME_sum, NAME_count; only
  counters end in _total; no unit but the base units.
"""
import json
import re
import sys

NAME = r"[a-zA-Z_:][a-zA-Z0-9_:]*"
LABEL = r"[a-zA-Z_][a-zA-Z0-9_]*"
PAIR = re.compile(LABEL + r'="(?:[^"\\\n]|\\[\\"n])*"')
SAMPLE = re.compile(r"(%s)(?:\{(.*)\})? (\S+)" % NAME)
VALUE = re.compile(r"[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?|[-+]?Inf|NaN")
TYPES = ("counter", "gauge", "histogram", "summary", "untyped")
SUFFIXES = {"summary": ("", "_sum", "_count"),
            "histogram": ("_bucket", "_sum", "_count")}
FOREIGN = re.compile(r"_(?:milliseconds|ms|minutes|hours|days|kilobytes|kb|"
                     r"megabytes|mb|percent)(?:_|$)")


class Broken(Exception):
    pass


def check(condition, text):
    if not condition:
        raise Broken(text)


def unescape(text):
    return re.sub(r'\\(.)', lambda m: "\n" if m[1] == "n" else m[1], text)


def read_labels(text):
    labels = {}
    while text:
        match = PAIR.match(text)
        check(match, "labels: " + text)
        name, value = match[0].split("=", 1)
        check(name not in labels, "a second label " + name)
        check(not name.startswith("__"), "reserved label " + name)
        labels[name] = unescape(value[1:-1])
        text = text[match.end():]
        check(not text or text.startswith(",") and len(text) > 1,
              "after a label: " + text)
        text = text[1:]
    return labels


class Reader:
    def __init__(self):
        self.families = {}
        self.now = None  # the name of the family that is open
        self.seen = set()

    def heading(self, line):
        match = re.fullmatch(r"# (HELP|TYPE) (%s) (.+)" % NAME, line)
        check(match, "neither HELP nor TYPE")
        kind, name, text = match.groups()
        if name != self.now:
            check(name not in self.families, "a second family " + name)
            self.now = name
            self.families[name] = {"samples": []}
        family = self.families[name]
        check(kind not in family, "a second " + kind)
        check(not family["samples"], kind + " after samples")
        if kind == "TYPE":
            check(text in TYPES, "type " + text)
            check(name.endswith("_total") == (text == "counter"),
                  "only counters end in _total")
            check(not FOREIGN.search(name), "no base unit")
        else:
            check(re.fullmatch(r"(?:[^\\]|\\[\\n])+", text), "escapes")
        family[kind] = text

    def sample(self, line):
        match = SAMPLE.fullmatch(line)
        check(match, "not a sample")
        name, labels, value = match.groups()
        check(labels is None or labels != "", "empty braces")
        check(VALUE.fullmatch(value), "value " + value)
        family = self.families.get(self.now)
        check(family is not None, "no family")
        check("HELP" in family and "TYPE" in family, "no HELP or TYPE")
        suffixes = SUFFIXES.get(family["TYPE"], ("",))
        check(name in [self.now + s for s in suffixes],
              "not of the family " + str(self.now))
        labels = read_labels(labels or "")
        check("le" not in labels or family["TYPE"] == "histogram", "le")
        check("quantile" not in labels or family["TYPE"] == "summary",
              "quantile")
        key = (name, tuple(sorted(labels.items())))
        check(key not in self.seen, "the same sample again")
        self.seen.add(key)
        family["samples"].append(
            {"name": name, "labels": labels, "value": float(value)})

    def line(self, line):
        if line.startswith("#"):
            self.heading(line)
        else:
            check(line, "blank line")
            self.sample(line)


def main():
    text = sys.stdin.buffer.read().decode("utf-8")
    reader, bad = Reader(), 0
    lines = text.split("\n")
    if lines.pop() != "":
        print("no newline at the end", file=sys.stderr)
        bad = 1
    for number, line in enumerate(lines, 1):
        try:
            reader.line(line)
        except Broken as why:
            print("line %d: %s: %s" % (number, why, line), file=sys.stderr)
            bad = 1
    for name, family in reader.families.items():
        if not family["samples"]:
            print("%s: no samples" % name, file=sys.stderr)
            bad = 1
    json.dump(reader.families, sys.stdout)
    return bad


if __name__ == "__main__":
    sys.exit(main())
