"""Numbers, estimates and lists as the report has them."""
import math


def signed(x):
    return f"{x:+.2f}".replace("-", "−")


def ms(x):
    return f"{x:,.0f}" if x >= 100 else f"{x:.3g}"


def shown(e, between=" "):
    if not math.isfinite(e.low):
        return f"{signed(e.mean)}{between}(one task)"
    return f"{signed(e.mean)}{between}[{signed(e.low)}, {signed(e.high)}]"


def verdict(e):
    """Which side of 0 the interval is on."""
    return "ahead" if e.high < 0 else "behind" if e.low > 0 else "open"


def escaped(text):
    return text.replace("*", "\\*")


def listed(items):
    items = list(items)
    return " and ".join(filter(None, (", ".join(items[:-1]), *items[-1:])))


def table(header, rows):
    yield "| " + " | ".join(header) + " |"
    yield "|---|" + "---:|" * (len(header) - 1)
    for row in rows:
        yield "| " + " | ".join(map(str, row)) + " |"
    yield ""
