"""Cut or spoil each file of a small campaign and look at what tools do.

    truncate.py CAMPAIGN SCRATCH [--every N] [--flips N] [--seed N]

Each file is cut to every N-th length (all of them without), or a random byte
of it is changed.  Then:

* no reading tool is killed by a signal, and one that fails says why;
* lo-validate says something, or every other reader agrees with it;
* a writing tool works, or refuses with 1 or 4 and names the file;
* it keeps what it does not understand: of a log that was cut within a line,
  the whole lines are there after it, and the rest stands in NAME.torn;
* what it leaves has a state that is JSON.

This file knows nothing of the library: it reads with Python's json.
"""
import argparse
import json
import os
import random
import shutil
import subprocess
import sys

READERS = [
    ["lo-validate", "-c"],
    ["lo-status", "-c"],
    ["lo-health", "-c"],
    ["lo-report", "--stdout", "md"],
]
LOGS = ("event_log.jsonl", "acquisition_log.jsonl")


class Failure(Exception):
    pass


def run(command, directory):
    return subprocess.run(command, cwd=directory, stdin=subprocess.DEVNULL,
                          capture_output=True, timeout=120, check=False)


def read(path):
    with open(path, "rb") as f:
        return f.read()


def write(path, data):
    with open(path, "wb") as f:
        f.write(data)


def check_reader(command, directory):
    """Exit status and what it said."""
    p = run(command, directory)
    said = p.stdout + p.stderr
    if p.returncode < 0 or p.returncode >= 128:
        raise Failure(f"{command[0]} died: {p.returncode}")
    if p.returncode not in (0, 1, 4):
        raise Failure(f"{command[0]}: status {p.returncode}: {said!r}")
    if p.returncode != 0 and not said.strip():
        raise Failure(f"{command[0]} failed without a word")
    return p.returncode, said


def check_log(directory, name, spoiled):
    """What stood in the log before it was appended to is kept."""
    cut = spoiled.rfind(b"\n") + 1
    now = read(os.path.join(directory, name))
    if not now.startswith(spoiled[:cut]):
        raise Failure("whole lines of the log are gone")
    if cut < len(spoiled):
        torn = os.path.join(directory, name + ".torn")
        if not os.path.exists(torn) or spoiled[cut:] not in read(torn):
            raise Failure("the torn line was not kept")
    for line in now[cut:].splitlines():
        json.loads(line)


def check_writer(directory, path, spoiled, cut):
    p = run(["lo-suggest", "-c"], directory)
    said = p.stderr.decode(errors="replace")
    name = os.path.basename(path)
    if p.returncode == 0:
        json.loads(p.stdout)
        json.loads(read(os.path.join(directory, "state/bo_state.json")))
        if name in LOGS:
            check_log(directory, path, spoiled)
        return True
    if p.returncode not in (1, 4):
        raise Failure(f"lo-suggest: status {p.returncode}: {said}")
    if name not in said:
        raise Failure(f"lo-suggest names not {name}: {said}")
    if name == "bo_state.json" and "lo-archive" not in said and cut:
        raise Failure(f"lo-suggest says not what to do: {said}")
    if p.stdout:
        raise Failure("lo-suggest refuses and answers")
    if read(os.path.join(directory, path)) != spoiled:
        raise Failure("lo-suggest refuses and writes")
    return False


def check_cut(directory, path, length, full):
    """More that holds of files that were cut, not only spoiled."""
    _, said = check_reader(READERS[0], directory)
    name = os.path.basename(path)
    # white space at the end is no loss
    if length >= len(full.rstrip()):
        return
    if name in LOGS and length == 0:
        return
    if name.encode() not in said:
        raise Failure(f"lo-validate does not name {name}: {said!r}")
    if name in LOGS and full[length - 1:length] != b"\n" and \
            b": torn: " not in said and length > 0:
        raise Failure(f"no word of a torn line: {said!r}")


def one(seed, scratch, path, data, cut):
    """Returns whether the writing tool worked."""
    directory = os.path.join(scratch, "now")
    shutil.rmtree(directory, ignore_errors=True)
    shutil.copytree(seed, directory)
    full = read(os.path.join(directory, path))
    write(os.path.join(directory, path), data)
    for command in READERS:
        check_reader(command, directory)
    if read(os.path.join(directory, path)) != data:
        raise Failure("a reading tool wrote")
    if cut:
        check_cut(directory, path, len(data), full)
    worked = check_writer(directory, path, data, cut)
    for command in READERS:
        check_reader(command, directory)
    return worked


def files(seed):
    for top, _, names in os.walk(seed):
        for name in sorted(names):
            if not name.startswith("."):
                yield os.path.relpath(os.path.join(top, name), seed)


def spoil(data, rng):
    data = bytearray(data)
    data[rng.randrange(len(data))] = rng.randrange(256)
    return bytes(data)


def variants(data, options, rng):
    if options.flips:
        return [spoil(data, rng) for _ in range(options.flips)]
    step = options.every
    first = rng.randrange(step) if step > 1 else 0
    lengths = set(range(first, len(data), step)) | {0, len(data) - 1}
    return [data[:n] for n in sorted(lengths)]


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("seed_campaign")
    parser.add_argument("scratch")
    parser.add_argument("--every", type=int, default=1)
    parser.add_argument("--flips", type=int, default=0)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    rng = random.Random(options.seed)
    tried = worked = failed = 0
    for path in sorted(files(options.seed_campaign)):
        whole = read(os.path.join(options.seed_campaign, path))
        if not whole:
            continue
        for data in variants(whole, options, rng):
            tried += 1
            try:
                worked += one(options.seed_campaign, options.scratch, path,
                              data, not options.flips)
            except (Failure, ValueError, subprocess.TimeoutExpired) as e:
                failed += 1
                print(f"{path}: {len(data)} of {len(whole)} bytes: {e}")
                if options.flips:
                    print(f"    {data!r}")
    print(f"{tried} points, {worked} worked, {tried - worked - failed} "
          f"refused, {failed} failures")
    return failed > 0


if __name__ == "__main__":
    sys.exit(main())
