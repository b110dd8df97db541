"""Campaigns of any size, the same on every machine: campaign.py N DIRECTORY

Twelve parameters of every kind, one of them conditional, two of them on a
log scale; N observations, one in twenty failed, with the state and both logs
as the tools write them; trials=True adds each trial's directory.
"""
import json
import math
import os
import random
import sys

PARAMETERS = [
    {"name": f"f{i}", "type": "float", "bounds": [-5.0, 5.0]}
    for i in range(4)
] + [
    {"name": "lr", "type": "float", "bounds": [1e-5, 1e-1], "scale": "log"},
    {"name": "decay", "type": "float", "bounds": [1e-8, 1e-2], "scale": "log"},
    {"name": "depth", "type": "int", "bounds": [1, 12]},
    {"name": "width", "type": "int", "bounds": [8, 1024], "scale": "log"},
    {"name": "amp", "type": "bool"},
    {"name": "optimizer", "type": "categorical",
     "choices": ["adam", "rmsprop", "sgd"]},
    {"name": "activation", "type": "categorical",
     "choices": ["gelu", "relu", "silu", "tanh"]},
    {"name": "momentum", "type": "float", "bounds": [0.0, 0.99],
     "when": {"optimizer": ["rmsprop", "sgd"]}},
]
SEED = 20261123
START = 1767225600.0  # the logs begin here
CONFIG = {
    "seed": 17, "initial_random_trials": 6, "candidate_pool_size": 600,
    "batch_size": 1, "max_pending_trials": None, "durability": "full",
    "max_pending_age_seconds": None,
    "surrogate": {"type": "rbf_proxy", "length_scale": 0.2},
    "acquisition": {"type": "ei", "kappa": 1.5, "xi": 0.01}, "paths": {},
}


def draw(rng, p):
    if p["type"] == "bool":
        return rng.random() < 0.5
    if p["type"] == "categorical":
        return rng.choice(p["choices"])
    lo, hi = p["bounds"]
    if p.get("scale") == "log":
        value = math.exp(rng.uniform(math.log(lo), math.log(hi)))
    else:
        value = rng.uniform(lo, hi)
    return round(value) if p["type"] == "int" else value


def point(rng):
    params = {p["name"]: draw(rng, p) for p in PARAMETERS}
    if params["optimizer"] == "adam":
        del params["momentum"]
    return params


def loss(rng, params):
    return (sum(params[f"f{i}"] ** 2 for i in range(4)) / 10
            + (math.log10(params["lr"]) + 3) ** 2
            + abs(params["depth"] - 5) / 5
            + (0.3 if params["optimizer"] == "sgd" else 0.0)
            + rng.gauss(0, 0.05))


def observation(rng, trial):
    params = point(rng)
    failed = rng.random() < 0.05
    row = {
        "trial_id": trial, "params": params,
        "objectives": {"loss": None if failed else loss(rng, params)},
        "status": "failed" if failed else "ok",
        "artifact_path": f"state/trials/trial_{trial}/ingest_payload.json",
        "suggested_at": START + trial * 60,
        "completed_at": START + trial * 60 + 45.25,
    }
    if failed:
        row["terminal_reason"] = "exit=1: diverged"
        row["penalty_objective"] = None
    return row


def decision(trial):
    counts = {"accepted": 600, "attempted": 600, "enabled": False,
              "feasible_ratio": 1.0, "phase": "candidate-pool",
              "reject_counts": {}, "rejected": 0, "requested": 600,
              "warning": None}
    return {"trial_id": trial, "timestamp": START + trial * 60,
            "telemetry": {"suggest_latency_seconds": 0.0125},
            "decision": {"strategy": "surrogate_acquisition",
                         "surrogate_backend": "rbf_proxy",
                         "acquisition_type": "ei", "predicted_mean": 1.25,
                         "predicted_std": 0.75, "acquisition_score": 0.5,
                         "constraint_status": counts}}


def events(trial):
    at = START + trial * 60
    yield {"event": "suggestion_created", "timestamp": at, "trial_id": trial}
    yield {"event": "ingest_applied", "timestamp": at + 45, "status": "ok",
           "trial_id": trial}


def dump(path, document):
    with open(path, "w", encoding="ascii") as f:
        json.dump(document, f, indent=2)
        f.write("\n")


def log(path, lines):
    with open(path, "w", encoding="ascii") as f:
        for line in lines:
            f.write(json.dumps(line, sort_keys=True) + "\n")


def best_of(rows):
    ok = [r for r in rows if r["status"] == "ok"]
    if not ok:
        return None
    row = min(ok, key=lambda r: (r["objectives"]["loss"], r["trial_id"]))
    return {"trial_id": row["trial_id"], "objective_name": "loss",
            "objective_value": row["objectives"]["loss"],
            "updated_at": row["completed_at"]}


def manifest(row):
    ok = row["status"] == "ok"
    return {
        "created_at": row["suggested_at"], "updated_at": row["completed_at"],
        "trial_id": row["trial_id"], "status": row["status"],
        "terminal_reason": row.get("terminal_reason"),
        "params": row["params"], "objective_name": "loss",
        "objective_value": row["objectives"]["loss"],
        "objective_vector": row["objectives"],
        "scalarized_objective": row["objectives"]["loss"] if ok else None,
        "scalarization_policy": None, "penalty_objective": None,
        "suggested_at": row["suggested_at"],
        "completed_at": row["completed_at"], "last_heartbeat_at": None,
        "heartbeat_count": 0, "lease_token": None,
        "artifact_path": row["artifact_path"],
        "artifacts": {"ingest_payload": row["artifact_path"]},
    }


def payload(row):
    copy = {"schema_version": "0.3.0"}
    for key in ("trial_id", "params", "objectives", "status",
                "terminal_reason"):
        if key in row:
            copy[key] = row[key]
    return copy


def make_trials(rows, directory):
    for row in rows:
        trial = f"{directory}/state/trials/trial_{row['trial_id']}"
        os.makedirs(trial)
        dump(f"{trial}/manifest.json", manifest(row))
        dump(f"{trial}/ingest_payload.json", payload(row))


def make(n, directory, trials=False):
    rng = random.Random(SEED)
    rows = [observation(rng, i) for i in range(1, n + 1)]
    os.makedirs(f"{directory}/state")
    dump(f"{directory}/bo_config.json", {**CONFIG, "max_trials": n + 100})
    dump(f"{directory}/parameter_space.json", {"parameters": PARAMETERS})
    dump(f"{directory}/objective_schema.json",
         {"primary_objective": {"name": "loss", "direction": "minimize"}})
    if n == 0:
        return
    dump(f"{directory}/state/bo_state.json", {
        "schema_version": "0.3.0", "meta": {"created_at": START, "seed": 17},
        "observations": rows, "pending": [], "next_trial_id": n + 1,
        "best": best_of(rows)})
    log(f"{directory}/state/acquisition_log.jsonl",
        (decision(i) for i in range(1, n + 1)))
    log(f"{directory}/state/event_log.jsonl",
        (e for i in range(1, n + 1) for e in events(i)))
    if trials:
        make_trials(rows, directory)


if __name__ == "__main__":
    make(int(sys.argv[1]), sys.argv[2])
