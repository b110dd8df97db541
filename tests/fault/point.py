"""One point: a tool is struck at one call, and what it leaves is judged."""

import json
import os
import re
import shutil
import subprocess

import check

HERE = os.path.dirname(os.path.abspath(__file__))
TOP = os.path.dirname(os.path.dirname(HERE))
KILLS = ["kill-before", "kill-after", "tear"]
ERRORS = ["ENOSPC", "EIO", "EDQUOT", "EINTR", "EMFILE"]
READS = ["read-EMFILE", "read-EIO"]
MODES = KILLS + ["shorten"] + ERRORS + ["ENOSPC+"] + READS
HALVES = ("tear", "shorten")
LIMIT = 60


class Failure(Exception):
    pass


# ------------------------------------------------------------ directories

def dump(root):
    """A tree as {name: (mode, bytes)}; a directory ends in a slash."""
    tree = {}
    for top, dirs, files in os.walk(root):
        rel = os.path.relpath(top, root)
        rel = "" if rel == "." else rel + "/"
        tree[rel] = None
        for name in files:
            path = os.path.join(top, name)
            with open(path, "rb") as f:
                tree[rel + name] = (os.fstat(f.fileno()).st_mode & 0o777,
                                    f.read())
    return tree


def restore(tree, root):
    shutil.rmtree(root, ignore_errors=True)
    for rel, what in tree.items():
        path = os.path.join(root, rel)
        if what is None:
            os.makedirs(path, exist_ok=True)
            continue
        fd = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, what[0])
        os.write(fd, what[1])
        os.close(fd)


def looks(root):
    """What a reader must leave as it is."""
    seen = {}
    for top, dirs, files in os.walk(root):
        for name in dirs + files + ["."]:
            st = os.lstat(os.path.join(top, name))
            seen[os.path.join(top, name)] = (
                st.st_ino, st.st_mode, st.st_size, st.st_mtime_ns,
                st.st_nlink)
    return seen


def digest(tree):
    """The same for crashes that left the same but for times and names."""
    return frozenset(
        (re.sub(r"(tmp|stage)-\w+", r"\1", check.STAMP.sub("", rel)),
         what and re.sub(rb"[\d.]+|tmp-\w+|stage-\w+", b"", what[1]))
        for rel, what in tree.items() if not rel.endswith(check.LOCK))


class Box:
    """A working directory and how tools are run in it."""

    def __init__(self, root, options):
        self.root = root
        self.options = options
        self.facts = {}
        self.said = ""
        self.cwd = "c"
        self.env = dict(os.environ, LC_ALL="C.UTF-8",
                        PATH=options.bin + ":" + os.environ["PATH"],
                        ASAN_OPTIONS="detect_leaks=0")
        self.env.pop("LO_CAMPAIGN", None)
        if options.bin != os.path.join(TOP, "bin"):
            self.env["LO_SHARE"] = os.path.join(TOP, "share")

    def path(self, rel):
        return os.path.join(self.root, rel)

    def read(self, rel):
        with open(self.path(rel)) as f:
            return f.read()

    def write(self, rel, text):
        with open(self.path(rel), "w") as f:
            f.write(text)

    def word(self, w):
        return self.facts[w[1:]] if w.startswith("@") else w

    def run(self, argv, stdin=b"", before=()):
        if isinstance(stdin, str):
            stdin = self.word(stdin).encode()
        argv = [self.word(a) for a in argv]
        return subprocess.run(
            list(before) + [os.path.join(self.options.bin, argv[0])] +
            argv[1:], input=stdin, cwd=self.path(self.cwd), env=self.env,
            stdout=subprocess.PIPE, stderr=subprocess.PIPE, timeout=LIMIT)

    def do(self, *argv, stdin=b"", allowed=(0,)):
        r = self.run(argv, stdin)
        self.said = r.stdout.decode()
        if r.returncode not in allowed:
            raise Failure("%s: exit status %d: %s" % (
                " ".join(argv), r.returncode,
                r.stderr.decode().strip() or self.said.strip()))
        return r


# ------------------------------------------------------------- references

class Reference:
    """A state that may be found: tree; next: once the first command after
    it is done; after: what all of them leave."""

    def __init__(self, work, tree):
        self.tree = tree
        restore(tree, work.box.root)
        self.seen = work.status()
        for c in work.s.again:
            work.do(c)
            if c is work.s.again[0]:
                self.next = dump(work.box.root)
        self.after = work.picture()
        work.valid()


class Struck:
    """What became of a command."""

    def __init__(self, result, log):
        self.status = result.returncode
        self.out = result.stdout.decode("utf-8", "replace")
        self.err = result.stderr.decode("utf-8", "replace").strip()
        self.calls = []
        self.hit = None
        for line in log.splitlines():
            struck = line.startswith("struck ")
            _, call, path = (line[7:] if struck else line).split(" ", 2)
            self.calls.append((call, path))
            if struck and self.hit is None:
                self.hit = len(self.calls) - 1

    def told(self):
        """How many results lo-run says there are, if it came to that."""
        try:
            return json.loads(self.out)["observations"]
        except ValueError:
            return 0

    def answers(self):
        """Lines of an acknowledgement, begun or whole."""
        return sum(1 for line in self.out.splitlines()
                   if '"result":"rejected"' not in line)


class Work:
    """One scenario, in a box of one process."""

    def __init__(self, scenario, root, options):
        self.s = scenario
        self.box = Box(os.path.join(root, "box"), options)
        self.log = os.path.join(root, "log")
        self.options = options
        self.readers = 0
        shutil.rmtree(self.box.root, ignore_errors=True)
        os.makedirs(self.box.root)
        scenario.prepare(self.box)
        self.box.cwd = scenario.cwd
        self.known = check.Known(self.box.root)
        old = dump(self.box.root)
        self.refs = [Reference(self, old)]
        for step in scenario.chain:
            restore(self.refs[-1].tree, self.box.root)
            self.do(step)
            self.refs.append(Reference(self, dump(self.box.root)))
        if not scenario.loose and \
                self.refs[0].after == self.refs[-1].after and \
                scenario.tool != "init" and scenario.name != "rebuild":
            raise Failure("%s: changes nothing" % scenario.name)

    def campaign(self):
        return self.box.path(self.s.campaign)

    def status(self):
        """What lo-status says, None where there is no campaign."""
        r = self.box.run(["lo-status", "-C", self.campaign()])
        if r.returncode == 1 and (b"bo_config.json" in r.stderr or
                                  not os.path.isdir(self.campaign())):
            return None
        if r.returncode == 1 and b"is damaged" in r.stderr:
            return "damaged"
        if r.returncode != 0:
            raise Failure("lo-status: exit status %d: %s" % (
                r.returncode, r.stderr.decode().strip()))
        return self.known.value(None, json.loads(r.stdout))

    def do(self, c):
        self.box.do(*c.argv, stdin=c.stdin, allowed=c.allowed)

    def again(self):
        for c in self.s.again:
            self.do(c)

    def picture(self):
        seen = check.picture(self.box.root, self.known)
        log = self.s.campaign + "/state/event_log.jsonl"
        if isinstance(seen.get(log), list):
            seen[log] = self.events(seen[log])
        return seen

    def events(self, log):
        """Without what a failure may add or a detour repeat."""
        kept, frame = [], []
        for e in log:
            if not (self.s.loose and e["event"].startswith("lock_")):
                frame.append(e)
            if e["event"] == "lock_released":
                if all(f["event"] != "campaign_restore_failed"
                       for f in frame):
                    kept += frame
                frame = []
        return kept + frame

    def valid(self):
        wrong = check.problems(self.campaign())
        if wrong:
            raise Failure("check.py: " + "; ".join(wrong[:3]))
        self.box.do("lo-validate", "-C", self.campaign(),
                    *(["--strict"] if self.s.strict else []))
        for top, dirs, files in os.walk(self.box.root):
            for name in dirs + files:
                if name.startswith(".looptimum.") and name != check.LOCK:
                    raise Failure("%s: was left behind" %
                                  os.path.join(top, name))

    # ------------------------------------------------------------- a point

    def strike(self, tree, command, mode="", k=0):
        restore(tree, self.box.root)
        before = [self.options.strike, "-i", self.box.root, "-l", self.log]
        if mode.startswith("read-"):
            before.append("-r")
            mode = mode[5:]
        if mode:
            before += ["-k", str(k), "-m", mode]
        r = self.box.run(command.argv, command.stdin, before)
        if r.returncode == 125:
            raise Failure("strike: " + r.stderr.decode())
        with open(self.log) as f:
            return Struck(r, f.read())

    def judge(self, refs, struck, mode, allowed=(0,)):
        """The index of the state that was found."""
        self.judge_status(refs, struck, mode, allowed)
        found = self.read_only(refs)
        answers = struck.answers() if self.s.answers else 0
        answers = min(answers, len(refs) - 1)
        if not self.s.loose:
            found = [i for i in found if i >= answers]
        elif struck.told() > self.observed:
            found = []
        if not found:
            raise Failure("an acknowledged change is not there: %s" %
                          struck.out.strip())
        self.again()
        remove_litter(struck, mode)
        self.valid()
        now = self.picture()
        for i in found:
            if refs[i].after == now:
                return int(self.observed > 0) if self.s.loose else i
        raise Failure("neither old nor new: " + "; ".join(
            list(check.differences(refs[found[-1]].after, now))[:4]))

    def read_only(self, refs):
        """Which states a reader may take it for."""
        before = looks(self.box.root)
        seen = self.status()
        self.readers += 1
        # what is to be rebuilt is refused until it is
        lost = self.s.name == "rebuild" and not os.path.exists(
            self.campaign() + "/state/bo_state.json")
        if self.readers % 4 == 0 and not lost and \
                seen not in (None, "damaged"):
            for argv in (["lo-validate"], ["lo-archive", "verify"],
                         ["lo-export"]):
                self.box.do(argv[0], "-C", self.campaign(), *argv[1:])
        if looks(self.box.root) != before:
            raise Failure("a reader changed something")
        if self.s.loose:
            self.observed = seen and seen["observations"] or 0
            return [i for i in range(len(refs))]
        found = [i for i in range(len(refs)) if refs[i].seen == seen]
        if not found:
            raise Failure("a reader sees neither old nor new: " + "; ".join(
                list(check.differences(refs[0].seen, seen))[:3]))
        return found

    def judge_status(self, refs, struck, mode, allowed):
        if struck.status < 0 or struck.status == 137:
            if mode not in KILLS:
                raise Failure("died: %s" % struck.err)
            return
        if mode in KILLS or mode == "shorten":
            # what could not be torn
            if struck.status not in allowed:
                raise Failure("exit status %d: %s" % (struck.status,
                                                      struck.err))
            return
        refused = (1,) if mode in READS and struck.err else ()
        if struck.status not in tuple(allowed) + (4,) + refused:
            raise Failure("exit status %d, expected 4: %s" % (
                struck.status, struck.err))
        if struck.status == 4 and not struck.err:
            raise Failure("exit status 4 and no message")
        call, path = struck.calls[struck.hit]
        if struck.status == 4 and call != "write" and self.s.answers and \
                not self.s.loose and \
                struck.answers() >= len(refs) - 1:
            raise Failure("acknowledged although %s failed" % call)
        if mode in READS:
            return
        if struck.status != 4 and matters(call, path) and \
                not repeated(struck, mode) and \
                not (self.s.goes_on and struck.err):
            raise Failure("%s of %s failed and exit status is %d" % (
                call, path, struck.status))

    # --------------------------------------------------------------- points

    def count(self):
        """The calls that change something, and those that read."""
        tree = self.refs[0].tree
        reads = []
        # what cannot be judged by the policies is not, by design
        if self.s.strict:
            reads = self.strike(tree, self.s.command, "read-").calls
        return self.strike(tree, self.s.command).calls, reads

    def point(self, mode, k):
        """(index of the state, tree left by a kill or None); None: there
        is no such call."""
        struck = self.strike(self.refs[0].tree, self.s.command, mode, k)
        if struck.hit is None:
            return None
        left = dump(self.box.root) if mode in KILLS else None
        where = "%s at %d (%s)" % (mode, k, " ".join(
            struck.calls[struck.hit]))
        try:
            return self.judge(self.refs, struck, mode,
                              self.s.command.allowed), left
        except Failure as e:
            raise Failure("%s: %s" % (where, e)) from None

    def pairs(self, left, index, mode, every, offset):
        """Strike the recovery at each call; how many points, failures."""
        base = self.refs[index]
        if self.s.loose:
            refs = self.refs
        else:
            refs = [base, Reference(self, base.next)]
        c = self.s.again[0]
        calls = self.strike(left, c).calls
        n, failures = 0, []
        for k in range(1 + offset % every, len(calls) + 1, every):
            if mode == "tear" and calls[k - 1][0] not in ("write",
                                                          "pwrite64"):
                continue
            struck = self.strike(left, c, mode, k)
            if struck.hit is None:
                continue
            n += 1
            try:
                self.judge(refs, struck, mode, c.allowed)
            except Failure as e:
                failures.append("%s of the recovery at %d (%s): %s" % (
                    mode, k, " ".join(struck.calls[struck.hit]), e))
        return n, failures


def matters(call, path):
    """Must a failure of it be told?"""
    base = os.path.basename(path)
    if base == check.LOCK or base in check.SAID:
        return False
    if call.startswith(("unlink", "rmdir")):
        return base == ".looptimum.journal"
    # what cannot be linked is copied
    return call not in ("linkat", "fchmod", "fchmodat", "chmod")


def remove_litter(struck, mode):
    """What could not be removed once may stay: it stops nobody."""
    if struck.hit is None:
        return
    call, path = struck.calls[struck.hit]
    at = path.find("/.looptimum.")
    if mode in KILLS or not call.startswith(("unlink", "rmdir")) or at < 0:
        return
    path = path[:at + 1] + path[at + 1:].split("/")[0]
    if os.path.isdir(path):
        shutil.rmtree(path)
    elif os.path.exists(path) and not path.endswith("journal"):
        os.unlink(path)


def repeated(struck, mode):
    """Was it done again at once?"""
    later = struck.calls[struck.hit + 1:struck.hit + 2]
    return mode == "EINTR" and later == [struck.calls[struck.hit]]
