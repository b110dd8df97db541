#!/usr/bin/env python3
"""Run the examples of a manual page or of a Markdown file.

    examples.py FILE DIRECTORY

A line "$ COMMAND" in a literal block is a command, lines "> MORE" after it
are its continuation, other lines are what it prints.  All commands of FILE
run in their order in one sh, in DIRECTORY.

Each must succeed, unless the next one looks at "$?".  What is printed
(standard output and error) must be what is shown, except that "..." stands
for any text and white space for any white space; a command that ends its
block without output leaves its output open, and so does one that another
command follows at once.
"""
import os
import re
import subprocess
import sys


def page_blocks(path):
    """Literal blocks of a page's EXAMPLES, as rendered."""
    text = subprocess.run(["mandoc", "-T", "ascii", "-O", "width=1000", path],
                          check=True, capture_output=True, text=True).stdout
    text = re.sub(".\b", "", text)
    found = re.search(r"^EXAMPLES\n(.*?)(?=^\S)", text, re.M | re.S)
    return re.split(r"\n\s*\n", found.group(1)) if found else []


def markdown_blocks(path):
    """Indented and fenced blocks of a Markdown file."""
    with open(path, encoding="utf-8") as f:
        text = f.read()
    blocks = re.findall(r"^```\w*\n(.*?)^```", text, re.M | re.S)
    return blocks + re.findall(r"(?:^    .*\n)+", text, re.M)


def steps(blocks):
    """[[command, expected output or None]] of all blocks."""
    result = []
    for block in blocks:
        inside = False
        for line in block.split("\n"):
            line = line.strip()
            if line.startswith("$ "):
                result.append([line[2:], None])
                inside = True
            elif inside and line.startswith("> ") and result[-1][1] is None:
                result[-1][0] += "\n" + line[2:]
            elif inside and line:
                result[-1][1] = (result[-1][1] or "") + line + "\n"
    return result


def matches(want, got):
    want, got = (" ".join(text.split()) for text in (want, got))
    rule = ".*".join(re.escape(part) for part in want.split("..."))
    return re.fullmatch(rule, got) is not None


def script(todo, logs):
    """One shell program; each step's output and status in a file."""
    text = ""
    for i, (command, _) in enumerate(todo):
        text += f"exec >'{logs}/{i}.out' 2>&1\n"
        if i:
            text += f"(exit \"$(cat '{logs}/{i - 1}.status')\")\n"
        text += f"{command}\necho $? >'{logs}/{i}.status'\n"
    return text


def read(path):
    if not os.path.exists(path):
        return ""
    with open(path, encoding="utf-8", errors="replace") as f:
        return f.read()


def main(path, directory):
    blocks = markdown_blocks(path) if path.endswith(".md") else \
        page_blocks(path)
    todo = steps(blocks)
    name = os.path.basename(path)
    if not todo:
        print(f"{name}: no examples")
        return 1
    logs = os.path.abspath(directory) + ".logs"
    os.makedirs(logs)
    subprocess.run(["sh", "-c", script(todo, logs)], cwd=directory,
                   stdin=subprocess.DEVNULL, check=False)
    bad = 0
    for i, (command, want) in enumerate(todo):
        got = read(f"{logs}/{i}.out")
        status = read(f"{logs}/{i}.status").strip()
        looked_at = i + 1 < len(todo) and "$?" in todo[i + 1][0]
        if status != "0" and not looked_at:
            print(f"{name}: exit status {status or 'unknown'} of: {command}")
            print(got)
            return 1
        if want is not None and not matches(want, got):
            print(f"{name}: {command}\n-- shown:\n{want}-- printed:\n{got}")
            bad = 1
    return bad


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
