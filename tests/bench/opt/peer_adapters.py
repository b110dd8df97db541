"""The other optimizers, each behind ask and tell; see peers.py.

Libraries are imported by the constructors: only those that are measured
need be there.
"""
import math
import random
import tempfile


class Unsuited(Exception):
    """The peer does not do tasks of this kind: no row, and no failure."""


class Exhausted(Exception):
    """The peer has no further suggestion, as in a small finite space."""


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
