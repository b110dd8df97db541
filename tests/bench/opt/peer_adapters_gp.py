"""Optimizers with Gaussian processes whose packages need environments of
their own (requirements-NAME.txt), and TuRBO, whose package is not in the
registry."""
import math

from peer_adapters import Peer, Unsuited


class Vizier(Peer):
    """The designer that its service takes by default, with the precision
    that the service sets."""

    package = "google-vizier"

    def __init__(self, task, seed):
        super().__init__()
        import jax
        jax.config.update("jax_enable_x64", True)
        # The public module imports all designers and whatever they need.
        from vizier._src.algorithms.designers import gp_ucb_pe
        from vizier import algorithms, pyvizier
        self.task, self.vz = task, pyvizier
        self.completed = algorithms.CompletedTrials
        self.active = algorithms.ActiveTrials
        self.trials, self.number = {}, 0
        self.names = [f"y{i}" for i in range(task.objectives)]
        problem = pyvizier.ProblemStatement()
        for p in task.parameters:
            self.add(problem.search_space.root, p)
        for name in self.names:
            problem.metric_information.append(pyvizier.MetricInformation(
                name, goal=pyvizier.ObjectiveMetricGoal.MINIMIZE))
        self.designer = gp_ucb_pe.VizierGPUCBPEBandit(
            problem, rng=jax.random.PRNGKey(seed))

    def add(self, root, p):
        if p.choices:
            return root.add_categorical_param(
                p.name, [str(i) for i in range(len(p.choices))])
        scale = self.vz.ScaleType.LOG if p.log else self.vz.ScaleType.LINEAR
        if p.type == "int":
            return root.add_int_param(
                p.name, p.low, p.high, scale_type=scale)
        return root.add_float_param(p.name, p.low, p.high, scale_type=scale)

    def update(self, *completed):
        self.designer.update(
            self.completed(completed),
            self.active(list(self.trials.values())))

    def ask(self):
        self.number += 1
        trial = self.designer.suggest(1)[0].to_trial(self.number)
        self.trials[self.number] = trial
        self.update()
        return self.number, self.task.values(
            {p.name: trial.parameters.get_value(p.name)
             for p in self.task.parameters})

    def tell(self, handle, y):
        trial = self.trials.pop(handle)
        trial.complete(self.vz.Measurement(metrics=dict(zip(self.names, y))))
        self.update(trial)

    def fail(self, handle):
        trial = self.trials.pop(handle)
        trial.complete(self.vz.Measurement(), infeasibility_reason="failed")
        self.update(trial)


class Generations(Peer):
    """For those that suggest a batch at once and want all of its results."""

    def __init__(self, task):
        super().__init__()
        if task.objectives > 1:
            raise Unsuited
        self.task, self.queue, self.points, self.values = task, [], [], []

    def suggest(self, count):
        raise NotImplementedError

    def observe(self, points, values):
        raise NotImplementedError

    def numbers(self, point):
        raise NotImplementedError

    def ask(self):
        if not self.points:
            self.points = list(self.suggest(self.task.batch))
            self.values = [None] * len(self.points)
            self.queue = list(range(len(self.points)))
        if not self.queue:
            return None
        handle = self.queue.pop(0)
        return handle, self.task.values(self.numbers(self.points[handle]))

    def tell(self, handle, y):
        self.values[handle] = y[0]
        if None not in self.values:
            points, self.points = self.points, []
            self.observe(points, self.values)

    def fail(self, handle):
        """Nothing can be held back: see Nevergrad."""
        self.tell(handle, self.bad() if self.high else [1e6])


class Hebo(Generations):
    package = "HEBO"

    def __init__(self, task, seed):
        super().__init__(task)
        import numpy
        from hebo.design_space.design_space import DesignSpace
        from hebo.optimizers.hebo import HEBO
        self.array = numpy.array
        self.hebo = HEBO(DesignSpace().parse(
            [self.parameter(p) for p in task.parameters]),
            scramble_seed=seed)

    @staticmethod
    def parameter(p):
        if p.type == "bool":
            return {"name": p.name, "type": "bool"}
        if p.choices:
            return {"name": p.name, "type": "cat",
                    "categories": [str(i) for i in range(len(p.choices))]}
        kind = {"float": ("num", "pow"), "int": ("int", "pow_int")}
        return {"name": p.name, "type": kind[p.type][p.log],
                "lb": p.low, "ub": p.high}

    def suggest(self, count):
        rows = self.hebo.suggest(n_suggestions=count)
        return [rows.iloc[[i]] for i in range(count)]

    def numbers(self, point):
        return point.iloc[0].to_dict()

    def observe(self, points, values):
        for point, value in zip(points, values):
            self.hebo.observe(point, self.array([[value]]))


class Turbo(Generations):
    """TuRBO-1 as its paper describes it (Eriksson et al. 2019, section 3 and
    the supplement), over BoTorch's process: Thompson samples within a box
    around the best point, doubled after three successes and halved after max(4,
    d) / batch failures; anew, from 2 d points, when it is below 2^-7."""

    package = "botorch"

    def __init__(self, task, seed):
        super().__init__(task)
        import torch
        from torch.quasirandom import SobolEngine
        if any(p.choices for p in task.parameters):
            raise Unsuited
        torch.set_num_threads(1)
        self.torch, self.sobol = torch, SobolEngine
        self.dimension, self.seed = len(task.parameters), seed
        self.patience = math.ceil(max(4, self.dimension) / task.batch)
        self.restart()

    def restart(self):
        self.length, self.won, self.lost = 0.8, 0, 0
        self.x, self.y = [], []
        self.start = self.draw(2 * self.dimension)

    def draw(self, count):
        self.seed += 1
        return self.sobol(self.dimension, scramble=True, seed=self.seed).draw(
            count, dtype=self.torch.double)

    def numbers(self, point):
        numbers = {}
        for p, x in zip(self.task.parameters, point.tolist()):
            low, high = p.range()
            numbers[p.name] = p.unscale(low + x * (high - low))
        return numbers

    def model(self, x, y):
        from botorch.fit import fit_gpytorch_mll
        from botorch.models import SingleTaskGP
        from gpytorch.constraints import Interval
        from gpytorch.kernels import MaternKernel, ScaleKernel
        from gpytorch.likelihoods import GaussianLikelihood
        from gpytorch.mlls import ExactMarginalLogLikelihood
        kernel = ScaleKernel(
            MaternKernel(nu=2.5, ard_num_dims=self.dimension,
                         lengthscale_constraint=Interval(0.005, 2.0)),
            outputscale_constraint=Interval(0.05, 20.0))
        model = SingleTaskGP(
            x, y, covar_module=kernel, outcome_transform=None,
            likelihood=GaussianLikelihood(
                noise_constraint=Interval(5e-4, 0.2)))
        fit_gpytorch_mll(
            ExactMarginalLogLikelihood(model.likelihood, model))
        return model.eval(), kernel.base_kernel.lengthscale.detach()[0]

    def candidates(self, best, lengths):
        torch = self.torch
        weights = lengths / lengths.mean()
        weights /= weights.log().mean().exp()
        low = (best - weights * self.length / 2).clamp(0, 1)
        high = (best + weights * self.length / 2).clamp(0, 1)
        count = min(5000, 100 * self.dimension)
        moved = torch.rand(count, self.dimension) <= 20 / self.dimension
        still = ~moved.any(dim=1)
        moved[still, torch.randint(self.dimension, (int(still.sum()),))] = True
        return torch.where(
            moved, low + (high - low) * self.draw(count), best)

    def suggest(self, count):
        if len(self.start):
            points, self.start = self.start[:count], self.start[count:]
            return points
        torch = self.torch
        x, y = torch.stack(self.x), torch.tensor(self.y, dtype=torch.double)
        y = (y - y.median()) / y.std().clamp_min(1e-6)
        model, lengths = self.model(x, y[:, None])
        near = self.candidates(x[y.argmin()], lengths)
        with torch.no_grad():
            samples = model.posterior(near).rsample(torch.Size([count]))
        return near[samples[..., 0].argmin(dim=1)]

    def observe(self, points, values):
        best = min(self.y, default=math.inf)
        self.x += list(points)
        self.y += values
        if len(self.y) <= 2 * self.dimension:
            return
        if min(values) < best - 1e-3 * abs(best):
            self.won, self.lost = self.won + 1, 0
        else:
            self.won, self.lost = 0, self.lost + 1
        if self.won == 3:
            self.length, self.won = min(2 * self.length, 1.6), 0
        elif self.lost == self.patience:
            self.length, self.lost = self.length / 2, 0
        if self.length < 0.5 ** 7:
            self.restart()


PEERS = {"vizier": Vizier, "hebo": Hebo, "turbo": Turbo}
