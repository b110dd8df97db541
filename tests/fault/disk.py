"""A file system of which only what was fsynced is certain.

A Disk is told what a tool did, call by call, from an strace log, and says
what may be found after the power went at that moment.  What it assumes is
less than any file system in use promises:

* bytes written and lengths cut are certain once the file was fsynced, names
  made, moved and removed once their directory was; a syncfs does it for all;
  an fsync of a file says nothing of its name;
* of all that is not certain anything may be there and anything may not, in
  whatever order it was done: there is no journal of metadata;
* one call on a directory is there or not: a rename never leaves neither of
  its files (one between two directories would be refused here: nothing makes
  such);
* a write may be there, be absent, be there up to its middle (a large one up
  to a page), or have left the file's length without its bytes: zeros.
"""

import os
import random
import re
import stat

PAGE = 4096
MANY = 40       # so many changes are not looked at one by one
CALLS = ("open,openat,creat,write,pwrite64,writev,pwritev,fsync,fdatasync,"
         "syncfs,sync,rename,renameat,renameat2,link,linkat,symlink,"
         "symlinkat,unlink,unlinkat,rmdir,mkdir,mkdirat,ftruncate,truncate,"
         "fallocate,copy_file_range,sendfile,sync_file_range")
STRACE = ["strace", "-f", "-y", "-xx", "-s", "100000000",
          "-e", "trace=" + CALLS, "-e", "signal=none"]
LINE = re.compile(r"(\d+) +(\w+)\((.*)\) += (-?\d+)(.*)")
ARGUMENT = re.compile(r'"((?:\\x[0-9a-f]{2})*)"|'
                      r"(\w+)<((?:[^<>]|->)*)>|([^,\s]+)")
# Nobody's authority: kept and lost only together with everything else.
MINOR = re.compile(r"(\.looptimum\.lock|stdout\.log|stderr\.log)$")


def unhex(text):
    return bytes.fromhex(text.replace("\\x", ""))


def calls_of(log):
    """(pid, call, arguments, result, rest) of each that succeeded; an
    argument is bytes (a string), (number, path) or text."""
    waiting = {}
    for line in log.splitlines():
        pid, _, text = line.partition(" ")
        text = text.strip()
        if text.endswith("<unfinished ...>"):
            waiting[pid] = text[:-len("<unfinished ...>")].rstrip()
            continue
        resumed = re.match(r"<\.\.\. \w+ resumed>,? ?", text)
        if resumed:
            text = waiting.pop(pid) + text[resumed.end():]
        m = LINE.match(pid + " " + text)
        if m is None or int(m.group(4)) < 0:
            continue
        yield (pid, m.group(2), [argument(a) for a in
                                 ARGUMENT.finditer(m.group(3))],
               int(m.group(4)))


def argument(m):
    if m.group(1) is not None:
        return unhex(m.group(1))
    if m.group(2) is not None:
        path = m.group(3)
        return (m.group(2), unhex(path) if path.startswith("\\x")
                else path.encode())
    return m.group(4)


class Node:
    """A file or directory as everybody sees it, and what is certain."""

    def __init__(self, directory, mode, data=b""):
        self.directory = directory
        self.mode = mode
        self.now = {} if directory else data
        self.certain = {} if directory else data


class Unit:
    """A change that is not certain yet; ways: how it may be found, all of
    it being the last."""

    def __init__(self, what, names, on, ways):
        name = b"/".join(names).decode()
        self.name = "%s of %s" % (what, name)   # for people
        self.on = on            # what must be fsynced
        self.ways = ways        # functions of contents
        self.minor = MINOR.search(name) is not None


def put(data, at, what):
    if len(data) < at:
        data = data + bytes(at - len(data))
    return data[:at] + what + data[at + len(what):]


def cut(data, size):
    return data[:size] + bytes(max(0, size - len(data)))


class Unknown(Exception):
    pass


class Disk:
    def __init__(self, root, cwd):
        self.root = os.path.realpath(root).encode()
        self.cwd = os.path.realpath(cwd).encode()
        self.top = self.load(root)
        self.units = []
        self.said = b""         # on standard output
        self.speaker = None     # the process whose that is
        self.at = {}            # where a descriptor writes

    def load(self, path):
        st = os.lstat(path)
        if not stat.S_ISDIR(st.st_mode):
            with open(path, "rb") as f:
                return Node(False, st.st_mode & 0o777, f.read())
        node = Node(True, 0o755)
        for name in os.listdir(path):
            node.now[os.fsencode(name)] = self.load(os.path.join(path, name))
        node.certain = dict(node.now)
        return node

    # -------------------------------------------------------------- naming

    def inside(self, *parts):
        """The names below the root, or None for what lies outside."""
        path = os.path.normpath(os.path.join(*parts))
        if path == self.root:
            return []
        if not path.startswith(self.root + b"/"):
            return None
        return path[len(self.root) + 1:].split(b"/")

    def node(self, names):
        n = self.top
        for name in names or []:
            n = n.now.get(name) if n is not None and n.directory else None
        return n if names is not None else None

    def of_fd(self, fd):
        return self.node(self.inside(fd[1])) if isinstance(fd, tuple) \
            else None

    def parent(self, names):
        return self.node(names[:-1]), names[-1]

    # -------------------------------------------------------------- calls

    def feed(self, call):
        """True if there is something new that may be found."""
        pid, name, args, result = call
        method = getattr(self, "call_" + name.rstrip("0246"), None)
        if method is None:
            if any(isinstance(a, tuple) and self.of_fd(a) is not None
                   for a in args):
                raise Unknown(name)
            return False
        before = len(self.units), len(self.said)
        method(pid, args, result)
        return len(self.units) > before[0] or len(self.said) > before[1]

    def where(self, args):
        """Paths of calls: a directory's descriptor and a name, or names."""
        paths, base = [], None
        for a in args:
            if isinstance(a, tuple):
                base = a[1]
            elif isinstance(a, bytes):
                paths.append(self.inside(base or self.cwd, a))
        return paths

    def call_openat(self, pid, args, result):
        self.at[pid, str(result)] = 0
        flags = args[2]
        names = self.where(args[:2])[0]
        if not names:
            return
        d, base = self.parent(names)
        if d is None:
            return
        n = d.now.get(base)
        if n is None:
            if "O_CREAT" in flags:
                self.link(d, base, Node(False, 0o644), names)
        elif "O_TRUNC" in flags:
            self.change(n, names, [lambda data: b""])

    def call_write(self, pid, args, result):
        fd, data = args[0], args[1][:result]
        if fd[0] == "1" and b"/" not in fd[1]:
            if pid == self.speaker:
                self.said += data
            return
        n = self.of_fd(fd)
        if n is not None:
            at = self.at.get((pid, fd[0]))
            if at is None:      # inherited: it is the only one
                at = len(n.now)
            else:
                self.at[pid, fd[0]] = at + len(data)
            self.write(n, self.inside(fd[1]), at, data)

    def call_pwrite(self, pid, args, result):
        n = self.of_fd(args[0])
        if n is not None:
            self.write(n, self.inside(args[0][1]), int(args[3]),
                       args[1][:result])

    def call_ftruncate(self, pid, args, result):
        n, size = self.of_fd(args[0]), int(args[1])
        if n is not None and len(n.now) != size:
            self.change(n, self.inside(args[0][1]),
                        [lambda data: cut(data, size)])

    def call_fsync(self, pid, args, result):
        n = self.of_fd(args[0])
        if n is not None:
            self.sync(n)

    call_fdatasync = call_fsync

    def call_syncfs(self, pid, args, result):
        if self.of_fd(args[0]) is not None:
            self.call_sync(pid, args, result)

    def call_sync(self, pid, args, result):
        for n in {u.on for u in self.units}:
            self.sync(n)

    def call_mkdirat(self, pid, args, result):
        names = self.where(args)[0]
        if names:
            d, base = self.parent(names)
            self.link(d, base, Node(True, 0o755), names)

    def call_linkat(self, pid, args, result):
        old, new = self.where(args)
        if new is not None:
            if self.node(old) is None:
                raise Unknown("a link from outside")
            d, base = self.parent(new)
            self.link(d, base, self.node(old), new)

    def call_unlinkat(self, pid, args, result):
        names = self.where(args)[0]
        if names is None:
            return
        d, base = self.parent(names)
        d.now.pop(base)
        self.add("unlink", names, d, lambda see: see(d).pop(base, None))

    def call_renameat(self, pid, args, result):
        old, new = self.where(args)
        if old is None and new is None:
            return
        if old is None or new is None or "RENAME_EXCHANGE" in args:
            raise Unknown("a rename out of the directory")
        (d, base), (e, name) = self.parent(old), self.parent(new)
        if d is not e:
            raise Unknown("a rename between directories")
        n = d.now.pop(base)
        d.now[name] = n

        def way(see):
            if see(d).get(base) is n:
                del see(d)[base]
            see(d)[name] = n
        self.add("rename", new, d, way)

    def call_open(self, pid, args, result):
        self.call_openat(pid, [("", self.cwd)] + args, result)

    call_mkdir = call_mkdirat
    call_link = call_linkat
    call_unlink = call_rmdir = call_unlinkat
    call_rename = call_renameat

    # ------------------------------------------------------------- changes

    def add(self, what, names, on, way):
        """A change of a directory."""
        self.units.append(Unit(what, names, on,
                               [lambda see, store: way(see)]))

    def link(self, d, base, n, names):
        d.now[base] = n

        def way(see):
            see(d)[base] = n
        self.add("name", names, d, way)

    def write(self, n, names, at, data):
        if not data:
            return
        half = len(data) // 2
        if len(data) > PAGE:
            half = half // PAGE * PAGE or PAGE
        ways = [lambda old: put(old, at, data[:half])]
        if at + len(data) > len(n.now):
            ways.append(lambda old: cut(old, max(len(old),
                                                 at + len(data))))
        ways.append(lambda old: put(old, at, data))
        self.change(n, names, ways)

    def change(self, n, names, ways):
        n.now = ways[-1](n.now)

        def on(way):
            def changed(see, store):
                store(n, way(see(n)))
            return changed
        self.units.append(Unit("bytes", names, n, [on(w) for w in ways]))

    def sync(self, n):
        n.certain = dict(n.now) if n.directory else n.now
        self.units = [u for u in self.units if u.on is not n]

    # -------------------------------------------------------------- states

    def found(self, choice):
        """The tree when of units[i] choice[i] is there: 0 nothing, else the
        way of that number."""
        contents = {}

        def see(n):
            if n not in contents:
                contents[n] = dict(n.certain) if n.directory else n.certain
            return contents[n]

        def store(n, data):
            contents[n] = data
        for unit, c in zip(self.units, choice):
            if c:
                unit.ways[c - 1](see, store)
        return tree_of(self.top, lambda n: contents.get(n, n.certain))

    def seen(self):
        """The tree as it is without a power loss."""
        return tree_of(self.top, lambda n: n.now)

    def choices(self, limit, seed):
        """What may be there: everything, if that is no more than limit;
        otherwise each alone, all but each, and some by chance (of very many,
        a sample of these)."""
        sizes = [len(u.ways) + 1 for u in self.units]
        none, whole = [0] * len(sizes), [n - 1 for n in sizes]
        yield none
        yield whole
        major = [i for i, u in enumerate(self.units) if not u.minor]
        minor = [i for i, u in enumerate(self.units) if u.minor]
        count = 1
        for i in major:
            count *= sizes[i]
        if count <= limit:
            yield from product(none, major, sizes)
        else:
            rng = random.Random(seed)
            some = list(alone(none, whole, major, sizes))
            many = len(major) > MANY
            if many:
                some = rng.sample(some, min(limit // 4, len(some)))
            yield from some
            for _ in range(limit // 4 if many else limit):
                yield [0 if u.minor else rng.randrange(len(u.ways) + 1)
                       for u in self.units]
        yield from alone(none, whole, minor, sizes)

    def is_cut_short(self, limit):
        count = 1
        for u in self.units:
            count *= 1 if u.minor else len(u.ways) + 1
        return count > limit


def product(none, which, sizes):
    choice = list(none)
    while True:
        yield list(choice)
        for i in which:
            choice[i] = (choice[i] + 1) % sizes[i]
            if choice[i]:
                break
        else:
            return


def alone(none, whole, which, sizes):
    for i in which:
        for c in range(1, sizes[i]):
            yield none[:i] + [c] + none[i + 1:]
        for c in range(sizes[i] - 1):
            yield whole[:i] + [c] + whole[i + 1:]


def tree_of(top, content):
    """{name: None or (mode, bytes, node)}; directories end in a slash."""
    tree = {}

    def walk(n, name):
        inner = content(n)
        if not n.directory:
            tree[name] = (n.mode, inner, n)
            return
        prefix = name + "/" if name else ""
        tree[prefix] = None
        for base in sorted(inner):
            walk(inner[base], prefix + os.fsdecode(base))
    walk(top, "")
    return tree


def key_of(tree):
    return frozenset((name, what and what[1]) for name, what in tree.items())


def make(tree, root):
    """Put it there; files of two names are links."""
    there = {}
    for name, what in tree.items():
        path = os.path.join(root, name)
        if what is None:
            os.makedirs(path, exist_ok=True)
        elif what[2] in there:
            os.link(there[what[2]], path)
        else:
            fd = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, what[0])
            os.write(fd, what[1])
            os.close(fd)
            there[what[2]] = path
