"""Other optimizers on the tasks of opt-bench, one CSV row a run:

peers.py --bench OPT-BENCH --peer NAME[,NAME] --tasks REGEX|@FILE --seeds 1-5
         --out FILE.csv [--skip-done] [--limit SECONDS]

Every peer runs with the defaults its authors recommend and gets what the
task declares: the space, the budget, the seed, that it is noisy.  Nobody is
tuned by us.  Tasks are found by re.search in their names, or listed in FILE,
a name a line.  Rows are appended as runs end; --skip-done goes on with an
interrupted measurement.  A run that crashes or takes longer than --limit
leaves no row but a note on standard error.

Columns: optimizer, version, block, task, seed, budget, kind ("regret": log10
of what is missing to the optimum; "value": the best so far), ms_median and
ms_p99 (CPU milliseconds a suggestion, what follows from its result
included), curve (the score after ceil(k budget / 20) evaluations, k = 1..20;
"nan" while nothing has succeeded).

What each peer is told, beyond the obvious:
 * bound_tightening narrows the space for everybody.  Linear inequalities go
   to Ax, as far as it takes them; the others learn from the penalty in the
   objective.  (Nevergrad has cheap constraints, but NGOpt waits forever with
   them.)
 * Conditions go to Optuna and SMAC, the others see a flat space.
 * Failures: FAIL for Optuna and Ax; the others get the worst value seen plus
   the range of values seen, SMAC with CRASHED (its default cost of infinity
   breaks both of its models).
 * While batch suggestions are in flight they finish in an order that depends
   on the task and the seed alone.
"""
import os
import sys

if __name__ == "__main__" and "PYTHONHASHSEED" not in os.environ:
    # SMAC iterates over sets: only so is a seed one course of events.
    os.environ["PYTHONHASHSEED"] = "0"
    os.execv(sys.executable, [sys.executable, *sys.argv])

for _name in ("OMP", "MKL", "OPENBLAS"):  # read when libraries are loaded
    os.environ[_name + "_NUM_THREADS"] = "1"

import argparse
import csv
import importlib.metadata
import json
import logging
import math
import random
import re
import signal
import statistics
import subprocess
import tempfile
import time
import traceback
import warnings

POINTS = 20
COLUMNS = ("optimizer version block task seed budget kind ms_median ms_p99 "
           "curve").split()


class Overtime(BaseException):
    """Not an Exception: libraries must not swallow it."""


class Unsuited(Exception):
    """The peer does not do tasks of this kind: no row, and no failure."""


class Exhausted(Exception):
    """The peer has no further suggestion, as in a small finite space."""


class Bench:
    """A conversation with opt-bench serve."""

    def __init__(self, program):
        self.program = program
        self.start()

    def start(self):
        self.server = subprocess.Popen(
            [self.program, "serve"], stdin=subprocess.PIPE,
            stdout=subprocess.PIPE, text=True)

    def call(self, **request):
        self.server.stdin.write(json.dumps(request) + "\n")
        self.server.stdin.flush()
        reply = self.server.stdout.readline()
        if not reply:  # it has said why
            self.server.wait()
            self.start()
            raise RuntimeError(f"opt-bench: refused {request}")
        return json.loads(reply)

    def evaluate(self, params):
        reply = self.call(params=params)
        score = reply["score"]
        return (None if reply["failed"] else reply["y"],
                math.nan if score is None else score)


class Parameter:
    def __init__(self, document, tighten):
        self.name = document["name"]
        self.type = document["type"]
        self.log = document.get("scale") == "log"
        self.choices = {"bool": [False, True]}.get(
            self.type, document.get("choices"))
        self.when = {
            name: values if isinstance(values, list) else [values]
            for name, values in document.get("when", {}).items()}
        if self.choices is None:
            rules = [r for r in tighten if r["param"] == self.name]
            low, high = document["bounds"]
            self.low = max([low] + [r["min"] for r in rules if "min" in r])
            self.high = min([high] + [r["max"] for r in rules if "max" in r])

        else:
            self.low, self.high = 0, len(self.choices) - 1

    def value(self, x):
        """What opt-bench knows as x, the number or the index of a choice."""
        x = float(x) if self.type == "float" else round(float(x))
        x = min(max(x, self.low), self.high)
        return self.choices[x] if self.choices else x

    def numbers(self, values):
        """Those of x that stand for these values."""
        return list(map(self.choices.index, values)) if self.choices \
            else values

    def range(self):
        """Its bounds, of the logarithm if it has a log scale."""
        if self.log:
            return math.log(self.low), math.log(self.high)
        return self.low, self.high

    def unscale(self, x):
        return self.value(math.exp(x) if self.log else x)


class Task:
    """What opt-bench says of a task; parameters after their controllers."""

    def __init__(self, document):
        for key in ("task", "block", "objectives", "budget", "batch", "noisy",
                    "known"):
            setattr(self, key, document[key])
        rules = document["constraints"] or {}
        todo = [Parameter(p, rules.get("bound_tightening", []))
                for p in document["space"]["parameters"]]
        self.by_name = {}
        while todo:
            p = next(p for p in todo if p.when.keys() <= self.by_name.keys())
            todo.remove(p)
            self.by_name[p.name] = p
        self.parameters = list(self.by_name.values())
        self.linear = []  # (coefficients, bound): the sum is at most bound
        for rule in rules.get("linear_inequalities", []):
            sign = 1 if rule["operator"] == "<=" else -1
            self.linear.append((
                {t["param"]: sign * t["coefficient"] for t in rule["terms"]},
                sign * rule["rhs"]))

    def values(self, numbers):
        return {name: self.by_name[name].value(x)
                for name, x in numbers.items()}

    def active(self, name, params):
        return all(self.active(n, params) and params[n] in values
                   for n, values in self.by_name[name].when.items())


class Peer:
    """ask() gives a handle and params, or None while the peer wants results
    first; tell() brings the values of a handle.  fail() serves peers without
    a notion of failures."""

    package = None

    def __init__(self):
        self.low = self.high = None  # of each objective
        self.held = []  # failures before the first success

    def ask(self):
        raise NotImplementedError

    def tell(self, handle, y):
        raise NotImplementedError

    def fail(self, handle):
        if self.high is None:
            self.held.append(handle)
        else:
            self.tell(handle, self.bad())

    def bad(self):
        return [h + ((h - l) or 1.0) for l, h in zip(self.low, self.high)]

    def result(self, handle, y):
        if y is None:
            return self.fail(handle)
        self.low = [min(p) for p in zip(self.low or y, y)]
        self.high = [max(p) for p in zip(self.high or y, y)]
        self.tell(handle, y)
        held, self.held = self.held, []
        for handle in held:
            self.fail(handle)


class Random(Peer):
    def __init__(self, task, seed):
        super().__init__()
        self.task, self.rng = task, random.Random(seed)

    def draw(self, p):
        if p.type == "float" or p.log:
            return p.unscale(self.rng.uniform(*p.range()))
        return p.value(self.rng.randint(p.low, p.high))

    def ask(self):
        return None, {p.name: self.draw(p) for p in self.task.parameters}

    def tell(self, handle, y):
        pass


class Optuna(Peer):
    package = "optuna"

    def __init__(self, task, seed, sampler):
        super().__init__()
        import optuna
        optuna.logging.disable_default_handler()
        self.task, self.failed = task, optuna.trial.TrialState.FAIL
        self.study = optuna.create_study(
            directions=["minimize"] * task.objectives,
            sampler=getattr(optuna.samplers, sampler)(seed=seed))

    def ask(self):
        trial, params = self.study.ask(), {}
        for p in self.task.parameters:
            if not self.task.active(p.name, params):
                continue
            if p.choices:
                x = trial.suggest_categorical(p.name, p.choices)
            elif p.type == "int":
                x = trial.suggest_int(p.name, p.low, p.high, log=p.log)
            else:
                x = trial.suggest_float(p.name, p.low, p.high, log=p.log)
            params[p.name] = x
        return trial, params

    def tell(self, handle, y):
        self.study.tell(handle, y)

    def fail(self, handle):
        self.study.tell(handle, state=self.failed)


class Smac(Peer):
    package = "smac"

    def __init__(self, task, seed, facade):
        super().__init__()
        import smac
        from smac.main.exceptions import ConfigurationSpaceExhaustedException
        from smac.multi_objective.parego import ParEGO
        from smac.runhistory import StatusType, TrialValue
        self.task, self.value, self.status = task, TrialValue, StatusType
        self.exhausted = ConfigurationSpaceExhaustedException
        self.directory = tempfile.TemporaryDirectory()
        facade = getattr(smac, facade)
        scenario = smac.Scenario(
            self.space(), deterministic=not task.noisy, seed=seed,
            n_trials=task.budget, output_directory=self.directory.name,
            objectives=[f"y{i}" for i in range(task.objectives)])
        more = {}
        if task.objectives > 1:
            more["multi_objective_algorithm"] = ParEGO(scenario)
        self.smac = facade(scenario, lambda config, seed=0: 0.0,
                           overwrite=True, logging_level=False, **more)

    def space(self):
        import ConfigSpace as cs
        space = cs.ConfigurationSpace()
        for p in self.task.parameters:
            if p.choices:
                x = cs.Categorical(p.name, list(range(len(p.choices))))
            else:
                x = (cs.Integer if p.type == "int" else cs.Float)(
                    p.name, (p.low, p.high), log=p.log)
            space.add(x)
            rules = [cs.InCondition(
                x, space[n], self.task.by_name[n].numbers(values))
                for n, values in p.when.items()]
            if rules:
                space.add(cs.AndConjunction(*rules) if rules[1:] else rules[0])
        return space

    def ask(self):
        try:
            info = self.smac.ask()
        except (StopIteration, self.exhausted):
            raise Exhausted from None
        return info, self.task.values(dict(info.config))

    def tell(self, handle, y, status="SUCCESS"):
        self.smac.tell(handle, self.value(
            cost=y if y[1:] else y[0], status=self.status[status]),
            save=False)

    def fail(self, handle):
        if self.high is None:
            self.held.append(handle)
        else:
            self.tell(handle, self.bad(), "CRASHED")


class Ax(Peer):
    package = "ax-platform"

    def __init__(self, task, seed):
        super().__init__()
        import torch
        from ax.api.client import Client
        from ax.exceptions.core import SearchSpaceExhausted
        torch.set_num_threads(1)
        self.task, self.exhausted = task, SearchSpaceExhausted
        self.client = Client(random_seed=seed)
        self.client.configure_experiment(
            parameters=[self.parameter(p) for p in task.parameters],
            parameter_constraints=[
                " + ".join(f"{c!r} * {n}" for n, c in terms.items())
                + f" <= {bound!r}" for terms, bound in task.linear
                if not any(task.by_name[n].when or task.by_name[n].log
                           for n in terms)])
        self.client.configure_optimization(
            ", ".join(f"-y{i}" for i in range(task.objectives)))

    @staticmethod
    def parameter(p):
        from ax.api.configs import ChoiceParameterConfig, RangeParameterConfig
        if p.type == "bool":
            return ChoiceParameterConfig(p.name, p.choices, "bool")
        if p.choices:
            return ChoiceParameterConfig(
                p.name, [str(i) for i in range(len(p.choices))], "str",
                is_ordered=False)
        return RangeParameterConfig(
            p.name, (p.low, p.high), p.type,
            scaling="log" if p.log else "linear")

    def ask(self):
        try:
            trials = self.client.get_next_trials(1)
        except self.exhausted:
            raise Exhausted from None
        if not trials:
            return None
        handle, numbers = next(iter(trials.items()))
        return handle, self.task.values(numbers)

    def tell(self, handle, y):
        self.client.complete_trial(
            handle, {f"y{i}": float(v) for i, v in enumerate(y)})

    def fail(self, handle):
        self.client.mark_trial_failed(handle)


class Nevergrad(Peer):
    package = "nevergrad"

    def __init__(self, task, seed):
        super().__init__()
        import nevergrad
        self.task, self.p = task, nevergrad.p
        space = self.p.Dict(
            **{p.name: self.parameter(p) for p in task.parameters})
        space.random_state.seed(seed)
        self.optimizer = nevergrad.optimizers.NGOpt(
            space, budget=task.budget, num_workers=task.batch)
        self.optimizer.num_objectives = task.objectives

    def parameter(self, p):
        if p.choices:
            return self.p.Choice(list(range(len(p.choices))))
        x = (self.p.Log if p.log else self.p.Scalar)(
            lower=p.low, upper=p.high)
        return x.set_integer_casting() if p.type == "int" else x

    def ask(self):
        handle = self.optimizer.ask()
        return handle, self.task.values(handle.value)

    def tell(self, handle, y):
        self.optimizer.tell(handle, y if y[1:] else y[0])

    def fail(self, handle):
        """NGOpt may wait for every result: nothing can be held back."""
        self.tell(handle, self.bad() if self.high
                  else [1e6] * self.task.objectives)


class Pycma(Peer):
    """From the middle with a quarter of the range as its step; generations
    are told as a whole, and a restart doubles the population, as in fmin."""

    package = "cma"

    def __init__(self, task, seed):
        super().__init__()
        if task.objectives > 1:
            raise Unsuited
        self.task, self.seed, self.rng = task, seed, random.Random(seed)
        self.queue, self.strategy, self.size = [], None, 1
        self.start([sum(p.range()) / 2 for p in task.parameters])

    def start(self, x0):
        import cma
        ranges = [p.range() for p in self.task.parameters]
        options = {
            "bounds": [list(side) for side in zip(*ranges)],
            "CMA_stds": [high - low for low, high in ranges],
            "integer_variables": [
                i for i, p in enumerate(self.task.parameters)
                if p.choices or p.type == "int" and not p.log],
            "popsize_factor": self.size, "seed": self.seed, "verbose": -9}
        self.strategy = cma.CMAEvolutionStrategy(x0, 0.25, options)
        self.population = []

    def ask(self):
        if not self.population:
            self.population = self.strategy.ask()
            self.values = [None] * len(self.population)
            self.queue = list(range(len(self.population)))
        if not self.queue:
            return None
        handle = self.queue.pop(0)
        return handle, {p.name: p.unscale(x) for p, x in zip(
            self.task.parameters, self.population[handle])}

    def tell(self, handle, y):
        self.values[handle] = y[0]
        self.generation()

    def fail(self, handle):
        self.values[handle] = math.nan
        self.generation()

    def generation(self):
        if None in self.values:
            return
        bad = self.bad()[0] if self.high else 0.0
        self.strategy.tell(self.population, [
            bad if math.isnan(v) else v for v in self.values])
        self.population = []
        if self.strategy.stop():
            self.size, self.seed = 2 * self.size, self.seed + 1
            self.start([self.rng.uniform(*p.range())
                        for p in self.task.parameters])


class Skopt(Peer):
    """Pending points are lies to a copy, as its own batches are."""

    package = "scikit-optimize"

    def __init__(self, task, seed):
        super().__init__()
        import skopt
        if task.objectives > 1:
            raise Unsuited
        self.task, self.pending = task, []
        self.optimizer = skopt.Optimizer(
            [self.dimension(p, skopt.space) for p in task.parameters],
            random_state=seed)

    @staticmethod
    def dimension(p, space):
        if p.choices:
            return space.Categorical(list(range(len(p.choices))))
        return (space.Integer if p.type == "int" else space.Real)(
            p.low, p.high, prior="log-uniform" if p.log else "uniform")

    def ask(self):
        optimizer = self.optimizer
        if self.pending:
            seed = optimizer.rng.randint(2 ** 31 - 1)
            optimizer = optimizer.copy(random_state=seed)
            lie = self.low[0] if self.low else 0.0
            optimizer.tell(self.pending, [lie] * len(self.pending))
        x = optimizer.ask()
        self.pending.append(x)
        return x, self.task.values(
            {p.name: v for p, v in zip(self.task.parameters, x)})

    def tell(self, handle, y):
        self.pending.remove(handle)
        self.optimizer.tell(handle, y[0])


PEERS = {
    "random": Random,
    "optuna-tpe": lambda task, seed: Optuna(task, seed, "TPESampler"),
    "optuna-gp": lambda task, seed: Optuna(task, seed, "GPSampler"),
    "smac-bb": lambda task, seed: Smac(task, seed, "BlackBoxFacade"),
    "smac-hpo": lambda task, seed: Smac(
        task, seed, "HyperparameterOptimizationFacade"),
    "ax": Ax,
    "nevergrad": Nevergrad,
    "pycma": Pycma,
    "skopt": Skopt,
}


def seed_globally(seed):
    """For peers that draw from the generators of their libraries."""
    random.seed(seed)
    for name in ("numpy", "torch"):
        if name in sys.modules:
            module = sys.modules[name]
            (module.random.seed if name == "numpy" else module.manual_seed)(
                seed)


def drive(bench, task, peer, order):
    """The scores after each evaluation and the CPU seconds each took."""
    left, flight, scores, seconds = task.budget, [], [], []
    while left or flight:
        while left and len(flight) < task.batch:
            before = time.process_time()
            try:
                answer = peer.ask()
            except Exhausted:
                left = 0
                break
            if answer is None:
                if not flight:
                    raise RuntimeError("no suggestion and nothing in flight")
                break
            flight.append((*answer, time.process_time() - before))
            left -= 1
        if not flight:
            break
        handle, params, cost = flight.pop(order.randrange(len(flight)))
        y, score = bench.evaluate(
            {n: v for n, v in params.items() if task.active(n, params)})
        before = time.process_time()
        peer.result(handle, y)
        seconds.append(cost + time.process_time() - before)
        scores.append(score)
    return scores + scores[-1:] * (task.budget - len(scores)), seconds


def run(bench, name, task_name, seed):
    task = Task(bench.call(open=task_name, seed=seed))
    seed_globally(seed)
    peer = PEERS[name](task, seed)
    seed_globally(seed)  # what the constructor has imported, too
    scores, seconds = drive(
        bench, task, peer, random.Random(f"{task.task}/{seed}"))
    curve = [scores[math.ceil(k * task.budget / POINTS) - 1]
             for k in range(1, POINTS + 1)]
    seconds.sort()
    p99 = seconds[math.ceil(0.99 * len(seconds)) - 1]
    show = "{:.4f}".format if task.known else repr
    return (
        name, importlib.metadata.version(peer.package) if peer.package else "",
        task.block, task.task, seed, task.budget,
        "regret" if task.known else "value",
        f"{1e3 * statistics.median(seconds):.2f}", f"{1e3 * p99:.2f}",
        " ".join(map(show, curve)))


def attempt(limit, *arguments):
    """The row of a run, and None or what went wrong."""
    def ring(number, frame):
        raise Overtime

    signal.signal(signal.SIGALRM, ring)
    # Again and again: an alarm inside a destructor is lost.
    signal.setitimer(signal.ITIMER_REAL, limit, 5 if limit else 0)
    try:
        return run(*arguments), None
    except Unsuited:
        return None, None
    except Overtime:
        return None, f"longer than {limit:g} s"
    except Exception as error:
        traceback.print_exc()
        return None, f"{type(error).__name__}: {error}".splitlines()[0]
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)


def tasks(bench, which):
    if which.startswith("@"):
        with open(which[1:]) as file:
            return [line.strip() for line in file
                    if line.strip() and not line.startswith("#")]
    listing = subprocess.run([bench, "list"], stdout=subprocess.PIPE,
                             text=True, check=True).stdout
    names = [line.split()[0] for line in listing.splitlines()]
    return [name for name in names if re.search(which, name)]


def seeds(text):
    """1-3,7 are 1, 2, 3, 7."""
    ranges = [part.split("-") for part in text.split(",")]
    return [seed for r in ranges for seed in range(int(r[0]), int(r[-1]) + 1)]


def done(path):
    try:
        with open(path, newline="") as file:
            return {(row["optimizer"], row["task"], int(row["seed"]))
                    for row in csv.DictReader(file)}
    except FileNotFoundError:
        return set()


def append(path, row):
    with open(path, "a", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        if not file.tell():
            writer.writerow(COLUMNS)
        writer.writerow(row)


def arguments():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--bench", required=True, metavar="PROGRAM")
    parser.add_argument("--peer", required=True, metavar="NAME[,NAME]",
                        help=", ".join(PEERS))
    parser.add_argument("--tasks", required=True, metavar="REGEX|@FILE")
    parser.add_argument("--seeds", required=True, type=seeds, metavar="1-5")
    parser.add_argument("--out", required=True, metavar="FILE.csv")
    parser.add_argument("--skip-done", action="store_true")
    parser.add_argument("--limit", type=float, default=0, metavar="SECONDS")
    args = parser.parse_args()
    args.peer = args.peer.split(",")
    if unknown := set(args.peer) - PEERS.keys():
        parser.error(f"no such peer: {', '.join(sorted(unknown))}")
    return args


def main():
    args = arguments()
    logging.disable(logging.CRITICAL)
    warnings.filterwarnings("ignore")
    bench, failures = Bench(args.bench), []
    skip = done(args.out) if args.skip_done else set()
    todo = [(peer, task, seed) for seed in args.seeds for peer in args.peer
            for task in tasks(args.bench, args.tasks)]
    for peer, task, seed in todo:
        if (peer, task, seed) in skip:
            continue
        row, why = attempt(args.limit, bench, peer, task, seed)
        if row:
            append(args.out, row)
        elif why:
            failures.append(f"{peer} {task} {seed}: {why}")
            print("peers.py: no row:", failures[-1], file=sys.stderr)
    if failures:
        print(f"peers.py: {len(failures)} of {len(todo)} runs without a row:",
              *failures, sep="\n  ", file=sys.stderr)
    return bool(failures)


if __name__ == "__main__":
    sys.exit(main())
