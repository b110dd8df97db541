"""Tasks as opt-bench describes them to other optimizers."""
import math


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
