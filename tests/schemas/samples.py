"""Documents that each schema must accept, and ways to break them.

SAMPLES[name] is a list of (base, good, bad): base is a good document;
good and bad are lists of (path, value), each of which changes one member
of a copy of base (... removes it) and leaves it good, or makes it bad.
"""

HEX = "0123456789abcdef0123456789abcdef"
ABSENT = ...

PARAMS = {"lr": 0.01, "depth": 4, "opt": "sgd", "amp": True}

BAD_ID = [(("trial_id",), value)
          for value in (0, -1, 1.5, "1", None, True, ABSENT)]

CONFIG = {
    "seed": 17, "max_trials": 40, "initial_random_trials": 6,
    "candidate_pool_size": 600, "batch_size": 1,
    "max_pending_trials": None, "max_pending_age_seconds": 86400,
    "lock_timeout_seconds": 45, "worker_leases": {"enabled": False},
    "surrogate": {"type": "auto", "length_scale": 0.2},
    "acquisition": {"type": "auto", "kappa": 1.5, "xi": 0.01},
    "durability": "full", "noise": None,
    "feature_flags": {"enable_botorch_gp": False,
                      "fallback_to_proxy_if_unavailable": True},
    "governance": {"allowed_statuses": ["ok", "failed"]},
    "retention": {"archives": {"max_count": 2, "max_age_seconds": 0.5,
                               "max_total_bytes": None},
                  "logs": {"event_log_max_bytes": 1,
                           "acquisition_log_max_bytes": 1}},
    "stopping": {"min_improvement": 0.0, "patience_trials": 1},
    "paths": {"state_file": "state/bo_state.json",
              "suggestion_schema_file": "../schemas/s.schema.json"},
}

CONFIG_GOOD = [
    (("seed",), -3), (("seed",), ABSENT), (("max_trials",), 0),
    (("max_pending_trials",), 1), (("max_pending_age_seconds",), None),
    (("max_pending_age_seconds",), 0.5), (("surrogate", "type"), "gp"),
    (("surrogate", "type"), "botorch_gp"), (("surrogate", "extra"), 1),
    (("surrogate", "gp_min_fit_observations"), 4), (("unknown",), {}),
    (("acquisition", "type"), "ehvi"), (("paths",), {}),
    (("feature_flags", "mine"), 1), (("noise",), True),
]

CONFIG_BAD = [
    (("seed",), 1.5), (("seed",), "17"), (("seed",), None),
    (("seed",), 9007199254740994), (("max_trials",), -1),
    (("max_trials",), 2.5), (("max_trials",), None),
    (("candidate_pool_size",), 0), (("batch_size",), 0),
    (("batch_size",), True), (("max_pending_trials",), 0),
    (("max_pending_age_seconds",), -1), (("lock_timeout_seconds",), -0.1),
    (("lock_timeout_seconds",), None), (("worker_leases",), True),
    (("worker_leases", "enabled"), 1), (("surrogate", "type"), "svm"),
    (("surrogate", "length_scale"), 0), (("acquisition", "type"), "pi"),
    (("acquisition", "kappa"), "1"), (("durability",), "none"),
    (("noise",), 0), (("feature_flags", "enable_botorch_gp"), "yes"),
    (("governance", "allowed_statuses"), []),
    (("governance", "allowed_statuses"), ["ok", "ok"]),
    (("governance", "allowed_statuses"), ["success"]),
    (("governance", "allowed_status"), ["ok"]),
    (("retention", "archive"), {}), (("retention", "logs", "max"), 1),
    (("retention", "archives", "max_count"), 0),
    (("retention", "archives", "max_age_seconds"), 0),
    (("retention", "logs", "event_log_max_bytes"), 1.5),
    (("stopping", "patience_trials"), 0),
    (("stopping", "min_improvement"), -1), (("paths",), []),
    (("paths", "state_file"), 1), (("paths", "state_file"), ""),
]

SPACE = {"parameters": [
    {"name": "lr", "type": "float", "bounds": [1e-4, 1e-1],
     "scale": "log", "description": "rate"},
    {"name": "depth", "type": "int", "bounds": [1, 8]},
    {"name": "amp", "type": "bool"},
    {"name": "opt", "type": "categorical", "choices": ["adam", "sgd", 1]},
    {"name": "momentum", "type": "float", "bounds": [0, 1],
     "when": {"opt": "sgd", "depth": [2, 3], "amp": True}},
    {"name": "k", "type": "int", "bounds": [-3, 3]},
    {"name": "size", "type": "categorical", "choices": [1, 2.5, "2"]},
]}


def param(number, *path):
    return ("parameters", number) + path


SPACE_GOOD = [
    (param(0, "scale"), "linear"), (param(5, "bounds"), [3, 3]),
    (param(5, "bounds"), [-8, -1]), (param(6, "choices"), [1, "1"]),
    (param(4, "when", "depth"), 2), (param(2, "description"), ""),
]

SPACE_BAD = [
    (("parameters",), []), (("parameters",), ABSENT),
    (("parameters",), {}), (("version",), 1),
    (param(0, "name"), ""), (param(0, "name"), ABSENT),
    (param(0, "name"), 1), (param(0, "type"), "real"),
    (param(0, "type"), ABSENT), (param(0, "bounds"), ABSENT),
    (param(0, "bounds"), [1]), (param(0, "bounds"), [1, 2, 3]),
    (param(0, "bounds"), ["a", "b"]), (param(0, "bounds"), [0, 1]),
    (param(0, "scale"), "ln"), (param(0, "choices"), [1]),
    (param(0, "step"), 0.1), (param(1, "bounds"), [1, 2.5]),
    (param(1, "bounds"), [1, None]), (param(2, "bounds"), [0, 1]),
    (param(2, "scale"), "log"), (param(2, "choices"), [True, False]),
    (param(3, "choices"), []), (param(3, "choices"), ABSENT),
    (param(3, "choices"), ["a", "a"]), (param(3, "choices"), [True]),
    (param(3, "choices"), [None]), (param(3, "bounds"), [0, 1]),
    (param(3, "scale"), "log"), (param(4, "when"), {}),
    (param(4, "when"), "opt"), (param(4, "when", "opt"), []),
    (param(4, "when", "opt"), None), (param(4, "when", "opt"), {}),
    (param(4, "when", "depth"), [2, 2]),
]

OBJECTIVES = {
    "primary_objective": {"name": "loss", "direction": "minimize"},
    "secondary_objectives": [
        {"name": "speed", "direction": "maximize", "tolerance": 0.0,
         "failure_handling": "record_and_continue"}],
    "scalarization": {"policy": "weighted_tchebycheff",
                      "weights": {"loss": 2, "speed": 0.5},
                      "reference_point": {"loss": 0, "speed": -1}},
}

OBJECTIVES_GOOD = [
    (("scalarization",), ABSENT),
    (("scalarization",), {"policy": "lexicographic"}),
    (("scalarization",), {"policy": "primary_only"}),
    (("scalarization",), {"policy": "weighted_sum",
                          "weights": {"loss": 1, "speed": 1}}),
    (("scalarization", "reference_point"), ABSENT),
]

OBJECTIVES_BAD = [
    (("primary_objective",), ABSENT), (("primary_objective",), "loss"),
    (("primary_objective", "name"), ""),
    (("primary_objective", "name"), ABSENT),
    (("primary_objective", "direction"), ABSENT),
    (("primary_objective", "direction"), "min"),
    (("primary_objective", "tolerance"), -1),
    (("primary_objective", "weight"), 1),
    (("primary_objective", "failure_handling"), 1),
    (("secondary_objectives",), {}), (("secondary_objectives",), ["x"]),
    (("objectives",), []), (("scalarization", "policy"), ABSENT),
    (("scalarization", "policy"), "sum"),
    (("scalarization", "weights"), ABSENT),
    (("scalarization", "weights"), {}),
    (("scalarization", "weights", "loss"), 0),
    (("scalarization", "weights", "loss"), "2"),
    (("scalarization", "reference_point", "loss"), None),
    (("scalarization", "policy"), "weighted_sum"),
    (("scalarization", "policy"), "lexicographic"),
    (("scalarization", "ideal"), {}),
]

ONE_OBJECTIVE = {"primary_objective": {"name": "a", "direction": "maximize"}}

CONSTRAINTS = {
    "bound_tightening": [{"param": "lr", "min": 0.001, "max": 0.01}],
    "linear_inequalities": [
        {"terms": [{"param": "lr", "coefficient": 1},
                   {"param": "depth", "coefficient": -2.5}],
         "operator": "<=", "rhs": 1}],
    "forbidden_combinations": [{"when": {"opt": "sgd", "amp": [True]}}],
}

TIGHT = ("bound_tightening", 0)
LINEAR = ("linear_inequalities", 0)
COMBINED = ("forbidden_combinations", 0)

CONSTRAINTS_GOOD = [
    (("bound_tightening",), ABSENT), (("linear_inequalities",), []),
    (TIGHT + ("min",), ABSENT), (TIGHT + ("max",), ABSENT),
    (LINEAR + ("operator",), ">="), (COMBINED + ("when", "opt"), 1),
]

CONSTRAINTS_BAD = [
    (("rules",), []), (("bound_tightening",), {}),
    (TIGHT + ("param",), ABSENT), (TIGHT + ("min",), "0"),
    (TIGHT, {"param": "lr"}), (TIGHT + ("scale",), "log"),
    (LINEAR + ("terms",), []), (LINEAR + ("terms",), ABSENT),
    (LINEAR + ("operator",), "<"), (LINEAR + ("operator",), ABSENT),
    (LINEAR + ("rhs",), ABSENT), (LINEAR + ("rhs",), None),
    (LINEAR + ("name",), "x"), (LINEAR + ("terms", 0, "param"), ABSENT),
    (LINEAR + ("terms", 0, "coefficient"), ABSENT),
    (LINEAR + ("terms", 0, "weight"), 1), (COMBINED + ("when",), {}),
    (COMBINED + ("when",), ABSENT), (COMBINED + ("when", "opt"), []),
    (COMBINED + ("when", "opt"), None), (COMBINED + ("unless",), {}),
]

SUGGESTION = {"schema_version": "0.3.0", "trial_id": 7, "params": PARAMS,
              "suggested_at": 1753000000.25}

SUGGESTION_BAD = BAD_ID + [
    (("schema_version",), ABSENT), (("schema_version",), "0.4.0"),
    (("schema_version",), 0.3), (("params",), ABSENT), (("params",), []),
    (("params", "lr"), None), (("params", "lr"), [0.1]),
    (("suggested_at",), ABSENT), (("suggested_at",), "today"),
    (("lease_token",), "x"), (("lease_token",), HEX.upper()),
    (("lease_token",), HEX + "0"), (("lease_token",), None),
]

PAYLOAD = {"schema_version": "0.3.0", "trial_id": 7, "params": PARAMS,
           "objectives": {"loss": 0.5, "speed": 3}, "status": "ok"}
FAILED_PAYLOAD = dict(PAYLOAD, status="failed", terminal_reason="exit=1",
                      objectives={"loss": None, "speed": None},
                      penalty_objective=9.0)

PAYLOAD_BAD = BAD_ID + [
    (("params",), ABSENT), (("params",), [1]), (("objectives",), ABSENT),
    (("objectives",), {}), (("objectives",), 0.5),
    (("objectives", "loss"), "0.5"), (("objectives", "loss"), True),
    (("status",), "done"), (("status",), None),
    (("schema_version",), "0.3"), (("schema_version",), 3),
    (("runtime_seconds",), -1), (("runtime_seconds",), "1"),
    (("heartbeat_at",), "now"), (("heartbeat_meta",), []),
    (("heartbeat_note",), 1), (("lease_token",), ""),
]

BEST = {"trial_id": 3, "objective_name": "scalarized",
        "objective_value": -0.5, "updated_at": 1753000000.0,
        "scalarization_policy": "weighted_sum",
        "objective_vector": {"loss": 0.5, "speed": 3.0}}


def below(prefix, changes):
    return [((prefix,) + path, value) for path, value in changes]


BEST_BAD = BAD_ID + [
    (("objective_name",), ABSENT), (("objective_value",), None),
    (("objective_value",), ABSENT), (("updated_at",), ABSENT),
    (("scalarization_policy",), "sum"),
    (("scalarization_policy",), ABSENT),
    (("objective_vector",), ABSENT),
    (("objective_vector", "loss"), None),
]

RESULT = {"trial_id": 3, "result": "ingested", "status": "ok",
          "observations": 3, "best": BEST}
REJECTED = {"trial_id": None, "result": "rejected", "status": None,
            "observations": 0, "best": None, "error": "<stdin>:1: ..."}

OBSERVATION = {"trial_id": 1, "params": PARAMS,
               "objectives": {"loss": 0.5}, "status": "ok",
               "artifact_path": "state/trials/trial_1/ingest_payload.json",
               "suggested_at": 1.5, "completed_at": 2.5}
FAILED = {"trial_id": 2, "params": {}, "objectives": {"loss": None},
          "status": "killed", "artifact_path": None, "suggested_at": 1.5,
          "completed_at": 2.5, "terminal_reason": "signal=SIGSEGV",
          "penalty_objective": None}
CLAIM = {"host": "h", "boot_id": "", "pid": 12, "start_time": 0}

STATE = {"schema_version": "0.3.0",
         "meta": {"created_at": 1.5, "seed": 17, "txn": {}},
         "observations": [OBSERVATION, FAILED],
         "pending": [dict(SUGGESTION, claim=CLAIM, heartbeat_count=1,
                          last_heartbeat_at=3.5)],
         "next_trial_id": 8, "best": BEST, "note": "kept"}

STATE_GOOD = [
    (("meta", "seed"), None), (("best",), None), (("pending",), []),
    (("observations",), []), (("schema_version",), "0.3.7"),
    (("observations", 0, "mine"), {}),
    (("observations", 0, "suggested_at"), ABSENT),
    (("observations", 0, "source_trial_id"), "17"),
]

STATE_BAD = [
    (("schema_version",), ABSENT), (("schema_version",), "0.4.0"),
    (("schema_version",), "1.0.3"), (("meta",), ABSENT),
    (("meta", "created_at"), ABSENT), (("meta", "seed"), 1.5),
    (("observations",), {}), (("observations",), ABSENT),
    (("pending",), None), (("next_trial_id",), 0),
    (("next_trial_id",), ABSENT), (("best",), ABSENT), (("best",), {}),
    (("observations", 0, "status"), "pending"),
    (("observations", 0, "status"), "success"),
    (("observations", 0, "status"), "failed"),
    (("observations", 0, "objectives"), {}),
    (("observations", 0, "objectives", "loss"), None),
    (("observations", 0, "params", "lr"), None),
    (("observations", 0, "completed_at"), ABSENT),
    (("observations", 1, "status"), "ok"),
    (("observations", 1, "objectives", "loss"), 1.0),
    (("observations", 1, "terminal_reason"), ABSENT),
    (("observations", 1, "penalty_objective"), ABSENT),
    (("observations", 1, "penalty_objective"), "9"),
    (("pending", 0, "params"), ABSENT),
    (("pending", 0, "suggested_at"), ABSENT),
    (("pending", 0, "suggested_at"), None),
    (("pending", 0, "lease_token"), ""),
    (("pending", 0, "claim"), None),
    (("pending", 0, "claim", "pid"), "12"),
    (("pending", 0, "claim", "boot_id"), ABSENT),
    (("pending", 0, "heartbeat_count"), -1),
] + below("best", BEST_BAD) + [
    (("observations", 0) + path, value) for path, value in BAD_ID] + [
    (("pending", 0) + path, value) for path, value in BAD_ID]

DECISION = {
    "trial_id": 9, "timestamp": 1.5,
    "telemetry": {"suggest_latency_seconds": 0.001},
    "decision": {
        "strategy": "surrogate_acquisition",
        "surrogate_backend": "rbf_proxy", "acquisition_type": "ei",
        "predicted_mean": 0.5, "predicted_std": 0.1,
        "acquisition_score": 0.01, "length_scale": 0.2,
        "constraint_status": {
            "enabled": True, "phase": "candidate-pool", "requested": 600,
            "accepted": 500, "attempted": 4800, "rejected": 4300,
            "feasible_ratio": 0.104, "warning": "constraints reduced ...",
            "reject_counts": {"linear_inequalities[0]": 4000,
                              "forbidden_combinations[12]": 300}}}}

GP_DECISION = {
    "trial_id": 9, "timestamp": 1.5, "telemetry": {},
    "decision": dict(
        DECISION["decision"], surrogate_backend="gp", seed=17,
        version="0.1.0", taught="00ff" * 4, fit="new",
        search_phase="global", length_scales={"lr": 0.5, "n": 2.0},
        noise_variance=1e-6, signal_variance=1.0, constant_mean=-0.1,
        threshold=0.5, threshold_warped=-1.0, log_posterior=-12.0,
        jitter=0.0, probability_ok=0.9, candidates_scored=800,
        observations_used=7, failures_used=1, pending_used=1,
        pending_conditioned=1, rows_used=8, rows_known=8,
        model={"n": 8, "theta": [0.1, 0.2], "params": ["lr"]})}

SEVERAL_DECISION = {
    "trial_id": 9, "timestamp": 1.5, "telemetry": {},
    "decision": dict(
        DECISION["decision"], surrogate_backend="gp",
        acquisition_type="ehvi", front_size=3, hypervolume=1.5,
        hypervolume_reference={"loss": 2.0, "size": 9.0},
        objectives={name: {
            "predicted_mean": -1.5, "predicted_std": 0.1,
            "length_scales": {"lr": 0.5}, "noise_variance": 1e-6,
            "signal_variance": 1.0, "constant_mean": -0.1,
            "log_posterior": -12.0, "jitter": 0.0}
            for name in ("loss", "size")})}

WARMUP = {
    "trial_id": 1, "timestamp": 1.5, "telemetry": {},
    "decision": {
        "strategy": "initial_random", "surrogate_backend": None,
        "constraint_error_reason": "constraints eliminated all ...",
        "constraint_status": {
            "enabled": False, "phase": "initial-random", "requested": 1,
            "accepted": 1, "attempted": 1, "rejected": 0,
            "feasible_ratio": 1.0, "reject_counts": {}, "warning": None}}}

IN = ("decision",)
STATUS_OF = IN + ("constraint_status",)

SEVERAL_BAD = [
    (IN + path, value) for path, value in (
        (("front_size",), -1), (("hypervolume",), None),
        (("hypervolume_reference", "loss"), None),
        (("objectives",), {}), (("objectives", "loss"), 1.5),
        (("objectives", "loss", "predicted_std"), -1),
        (("objectives", "loss", "length_scales"), ABSENT),
        (("objectives", "size", "length_scales", "lr"), 0),
        (("objectives", "size", "jitter"), -1e-9))]

GP_BAD = [
    (IN + (key,), value) for key, value in (
        ("taught", "00FF" * 4), ("taught", "ff"), ("taught", 7),
        ("version", ""), ("fit", "old"), ("search_phase", "lokal"),
        ("length_scales", []), ("length_scales", {"lr": 0}),
        ("noise_variance", 0.0), ("signal_variance", None),
        ("constant_mean", None), ("threshold", "1"),
        ("threshold_warped", None), ("log_posterior", None),
        ("jitter", -1e-9), ("probability_ok", 1.5),
        ("candidates_scored", 0), ("observations_used", 0),
        ("failures_used", 0.5), ("pending_used", -1),
        ("pending_conditioned", -1), ("rows_used", 0),
        ("rows_known", 1.5), ("model", []), ("seed", "17"))]

DECISION_BAD = BAD_ID + [
    (("timestamp",), ABSENT), (("decision",), ABSENT),
    (("telemetry",), ABSENT),
    (("telemetry", "suggest_latency_seconds"), "1"),
    (IN + ("strategy",), ABSENT), (IN + ("strategy",), "guess"),
    (IN + ("surrogate_backend",), ABSENT),
    (IN + ("surrogate_backend",), None),
    (IN + ("surrogate_backend",), "svm"),
    (IN + ("acquisition_type",), ABSENT),
    (IN + ("predicted_mean",), ABSENT), (IN + ("predicted_mean",), None),
    (IN + ("predicted_std",), -1), (IN + ("acquisition_score",), ABSENT),
    (IN + ("constraint_status",), ABSENT),
    (STATUS_OF + ("phase",), "warm-up"),
    (STATUS_OF + ("enabled",), None),
    (STATUS_OF + ("requested",), 1.5),
    (STATUS_OF + ("accepted",), ABSENT),
    (STATUS_OF + ("rejected",), -1),
    (STATUS_OF + ("feasible_ratio",), 1.5),
    (STATUS_OF + ("feasible_ratio",), None),
    (STATUS_OF + ("warning",), ABSENT),
    (STATUS_OF + ("reject_counts", "rule one"), 1),
    (STATUS_OF + ("reject_counts", "linear_inequalities[0]"), 0),
]


def event(name, **members):
    return dict({"event": name, "timestamp": 1.5}, **members)


VIOLATION = {"policy_id": "governance.allowed_statuses", "message": "m",
             "details": {}}

EVENTS = [
    event("lock_acquired", command="suggest", pid=7, wait_seconds=0.0),
    event("lock_released", command="suggest", pid=7),
    event("suggestion_created", trial_id=1),
    event("ingest_applied", trial_id=1, status="ok"),
    event("ingest_duplicate_noop", trial_id=1),
    event("ingest_late_applied", trial_id=1, status="ok"),
    event("trial_canceled", trial_id=1, reason="canceled"),
    event("trial_retired", trial_id=1, reason="retired_manual",
          mode="manual"),
    event("heartbeat", trial_id=1, heartbeat_at=1.5),
    event("observations_imported", import_source="a.csv", imported_at=1.5,
          row_format="csv", import_mode="strict", requested_count=2,
          accepted_count=2, rejected_count=0),
    event("observations_exported", export_path="/tmp/a", exported_at=1.5,
          row_format="jsonl", exported_count=2),
    event("report_generated", report_json="state/report.json",
          report_md="state/report.md"),
    event("campaign_reset", archive_enabled=True, archive_path="a",
          removed_count=5, missing_count=2),
    event("campaign_restored", archive_id="a", archive_path="b",
          legacy_archive=False, restored_count=1, overwritten_count=0,
          ignored_count=0),
    event("campaign_restore_failed", archive_id="a", error="no room"),
    event("archives_pruned", pruned_count=0, keep_last=None,
          older_than_seconds=1.5),
    event("governance_override_used", command="suggest",
          policy_id="governance.allowed_statuses", trial_id=1,
          status="killed", source="auto_stale_retire",
          allowed_statuses=["ok"]),
    event("governance_violations_detected", command="ingest",
          violation_count=1, policy_ids=["governance.allowed_statuses"],
          violations=[VIOLATION]),
]

ARCHIVE_ID = "reset-20260102-030405-1767323045123456789"

ARCHIVE_ENTRY = {"label": "state_file", "source_rel": "state/bo_state.json",
                 "archive_rel": "state/bo_state.json", "path_type": "file"}
TRIALS_ENTRY = {"label": "trials_dir", "source_rel": "../out/trials",
                "archive_rel": "outside/trials_dir",
                "path_type": "directory"}

ARCHIVE_MANIFEST = {
    "manifest_version": 1, "archive_type": "reset", "archive_id": ARCHIVE_ID,
    "created_at": 1767323045.123456, "source_root": "/srv/campaign",
    "entries": [ARCHIVE_ENTRY, TRIALS_ENTRY],
}

BAD_ARCHIVE_ID = [(("archive_id",), value)
                  for value in ("", "a/b", "..", ".a", None, 1, ABSENT)]

BAD_ENTRY = [(("entries", 0) + path, value) for path, value in [
    (("label",), "import_reports_dir"), (("label",), ABSENT),
    (("source_rel",), ""), (("archive_rel",), "../x"),
    (("archive_rel",), "/x"), (("archive_rel",), "a//b"),
    (("archive_rel",), "a/.."), (("archive_rel",), "a/"),
    (("archive_rel",), "./a"), (("path_type",), "directory"),
    (("path_type",), "link"), (("path_type",), ABSENT)]]

ARCHIVE_LISTED = {
    "archive_id": ARCHIVE_ID, "archive_path": "state/reset_archives/" +
    ARCHIVE_ID, "created_at": 1767323045.123456, "age_seconds": 1.5,
    "size_bytes": 100, "integrity": "ok",
    "entries": ["state_file", "trials_dir"],
}

ARCHIVE_VERIFIED = {
    "archive_id": ARCHIVE_ID, "integrity": "ok", "restorable": True,
    "problem": None, "entries": [dict(ARCHIVE_ENTRY, present=True)],
}

RESTORED = {"archive_id": ARCHIVE_ID, "result": "restored", "legacy": False,
            "restored": ["state/bo_state.json"], "removed": [],
            "ignored": ["state/.looptimum.lock"]}

PRUNED = {"archive_id": ARCHIVE_ID, "result": "pruned", "age_seconds": 1.5,
          "size_bytes": 0}

RESET = {"result": "reset", "archive_id": ARCHIVE_ID, "archive_path": "a",
         "removed": ["state/bo_state.json", "state/trials"]}

# Whatever the event, a member it needs must be there and make sense.
EVENT_SETS = [
    (base, [(("extra",), 1)],
     [((key,), ABSENT) for key in base] +
     [((key,), {}) for key in base] + [(("event",), "surprise")])
    for base in EVENTS] + [
    (EVENTS[3], [], [(("status",), "success")] + BAD_ID),
    (EVENTS[7], [(("command",), "suggest")], [(("mode",), "auto")]),
    (EVENTS[9], [(("import_report_path",), "r.json")],
     [(("row_format",), "xml"), (("rejected_count",), -1)]),
    (EVENTS[17], [], [(("violations",), []), (("violation_count",), 0)]),
]

MANIFEST = {
    "created_at": 1.5, "updated_at": 2.5, "trial_id": 1, "status": "ok",
    "terminal_reason": None, "params": PARAMS, "objective_name": "loss",
    "objective_value": 0.5, "objective_vector": {"loss": 0.5, "b": 2},
    "scalarized_objective": 0.5, "scalarization_policy": "primary_only",
    "penalty_objective": None, "suggested_at": 1.5, "completed_at": 2.5,
    "last_heartbeat_at": None, "heartbeat_count": 0, "lease_token": None,
    "artifact_path": "a/b.json", "artifacts": {"ingest_payload": "a/b.json"},
}
PENDING_MANIFEST = dict(
    MANIFEST, status="pending", objective_value=None,
    objective_vector={"loss": None}, scalarized_objective=None,
    completed_at=None, artifact_path=None, artifacts={},
    lease_token=HEX, scalarization_policy=None)

COPY = {"schema_version": "0.3.0", "trial_id": 7, "params": PARAMS,
        "objectives": {"loss": 0.5}, "status": "ok",
        "runtime_seconds": 1.5, "my_note": [1, 2]}
FAILED_COPY = {"trial_id": 7, "params": PARAMS,
               "objectives": {"loss": None}, "status": "timeout",
               "terminal_reason": "status=timeout",
               "penalty_objective": 1.0}

STATUS = {
    "schema_version": "0.3.0", "observations": 2, "pending": 1,
    "leased_pending": 0, "next_trial_id": 8, "best": BEST,
    "stale_pending": 0,
    "observations_by_status": {"ok": 1, "failed": 0, "killed": 1,
                               "timeout": 0},
    "max_pending_age_seconds": 86400.0, "worker_leases_enabled": False,
    "paths": {"state_file": "a", "observations_csv": "b",
              "acquisition_log_file": "c", "event_log_file": "d",
              "trials_dir": "e", "lock_file": "f"},
    "budget": {"max_trials": 40, "remaining": 37}, "plateau": None,
    "pending_trials": [SUGGESTION], "best_by_model": None}

PLATEAU = {"reached": False, "improvement": None,
           "min_improvement": 0.5, "patience_trials": 3}
RECOMMENDED = {"trial_id": 3, "predicted_mean": -1.5,
               "predicted_std": 0.25}
STATUS_BAD = [((key,), ABSENT) for key in STATUS] + [
    ((key,), "x") for key in STATUS if key != "schema_version"] + [
    (("extra",), 1), (("observations",), -1), (("pending",), 1.5),
    (("observations_by_status", "ok"), ABSENT),
    (("observations_by_status", "ok"), None),
    (("paths", "lock_file"), ABSENT), (("paths", "x"), "y"),
    (("budget", "remaining"), -1), (("budget", "max_trials"), ABSENT),
    (("pending_trials", 0, "trial_id"), 0),
    (("pending_trials", 0, "params"), ABSENT),
    (("plateau",), {}), (("plateau",), dict(PLATEAU, reached=1)),
    (("plateau",), dict(PLATEAU, patience_trials=0)),
]

BEST_DOCUMENT = {"trial_id": 3, "objective_name": "loss",
                 "objective_value": 0.5, "objectives": {"loss": 0.5},
                 "params": PARAMS, "suggested_at": 1.5,
                 "completed_at": None}

VALIDATE = {"valid": True, "errors": [], "warnings": ["a: b"]}
INVALID = {"valid": False, "errors": ["a: b"], "warnings": []}
INIT = {"campaign": "demo", "files": [
    "bo_config.json", "objective_schema.json", "parameter_space.json"]}

SAMPLES = {
    "bo_config": [({}, [], []), (CONFIG, CONFIG_GOOD, CONFIG_BAD)],
    "parameter_space": [(SPACE, SPACE_GOOD, SPACE_BAD)],
    "objective_schema": [
        (ONE_OBJECTIVE, [(("secondary_objectives",), [])],
         [(("secondary_objectives",), 1)]),
        (OBJECTIVES, OBJECTIVES_GOOD, OBJECTIVES_BAD)],
    "constraints": [({}, [], []),
                    (CONSTRAINTS, CONSTRAINTS_GOOD, CONSTRAINTS_BAD)],
    "suggestion": [(SUGGESTION,
                    [(("lease_token",), HEX), (("params",), {})],
                    SUGGESTION_BAD)],
    "suggestion_bundle": [(
        {"schema_version": "0.3.0", "count": 1,
         "suggestions": [SUGGESTION]}, [],
        [(("count",), 0), (("count",), ABSENT), (("suggestions",), []),
         (("suggestions",), ABSENT), (("schema_version",), ABSENT),
         (("note",), "x")] +
        [(("suggestions", 0) + path, value)
         for path, value in SUGGESTION_BAD])],
    "ingest_payload": [
        (PAYLOAD,
         [(("status",), "success"), (("status",), ABSENT),
          (("lease_token",), HEX), (("mine",), {"a": 1}),
          (("schema_version",), ABSENT), (("runtime_seconds",), 0)],
         PAYLOAD_BAD + [(("objectives", "loss"), None),
                        (("penalty_objective",), 1),
                        (("status",), "failed")]),
        (FAILED_PAYLOAD,
         [(("status",), "killed"), (("status",), "timeout"),
          (("terminal_reason",), ABSENT), (("penalty_objective",), None)],
         PAYLOAD_BAD + [(("objectives", "loss"), 1.0), (("status",), "ok"),
                        (("status",), ABSENT), (("terminal_reason",), 1),
                        (("penalty_objective",), "9")])],
    "ingest_result": [
        (RESULT, [(("result",), "duplicate"), (("best",), None)],
         BAD_ID + below("best", BEST_BAD) +
         [(("result",), "ok"), (("result",), ABSENT),
          (("result",), "rejected"), (("status",), None),
          (("status",), "success"), (("observations",), 0),
          (("observations",), ABSENT), (("best",), ABSENT),
          (("error",), "x"), (("extra",), 1)]),
        (REJECTED, [(("trial_id",), 3), (("status",), "ok")],
         [(("error",), ABSENT), (("error",), ""),
          (("result",), "ingested"), (("observations",), -1)])],
    "bo_state": [(STATE, STATE_GOOD, STATE_BAD)],
    "acquisition_log": [
        (DECISION, [(IN + ("fallback_reason",), "why")], DECISION_BAD),
        (GP_DECISION, [(IN + ("search_phase",), "local"),
                       (IN + ("fit",), "kept")], DECISION_BAD + GP_BAD),
        (SEVERAL_DECISION, [(IN + ("hypervolume",), ABSENT)],
         SEVERAL_BAD),
        (WARMUP, [(IN + ("strategy",), "user")],
         [(IN + ("constraint_error_reason",), ""),
          (IN + ("surrogate_backend",), 0)])],
    "event_log": EVENT_SETS,
    "manifest": [
        (MANIFEST, [(("mine",), 1), (("heartbeat_note",), "n")],
         [((key,), ABSENT) for key in MANIFEST] + BAD_ID +
         [(("status",), "success"), (("status",), "pending"),
          (("status",), "failed"), (("objective_value",), None),
          (("objective_vector", "loss"), None), (("lease_token",), ""),
          (("completed_at",), None), (("heartbeat_count",), None),
          (("artifacts", "ingest_payload"), None)]),
        (PENDING_MANIFEST, [],
         [(("objective_value",), 1.0), (("completed_at",), 2.5),
          (("objective_vector", "loss"), 1.0), (("status",), "ok")])],
    "ingest_payload_copy": [
        (COPY, [],
         BAD_ID + [(("status",), ABSENT), (("status",), "success"),
                   (("status",), "failed"), (("lease_token",), HEX),
                   (("terminal_reason",), "x"),
                   (("penalty_objective",), 1),
                   (("objectives", "loss"), None), (("params",), ABSENT),
                   (("params", "lr"), None), (("runtime_seconds",), -1)]),
        (FAILED_COPY, [],
         [(("terminal_reason",), ABSENT), (("terminal_reason",), ""),
          (("failure_reason",), "x"), (("status",), "ok"),
          (("objectives", "loss"), 1.0)])],
    "status": [(STATUS, [(("best_by_model",), RECOMMENDED),
                         (("best",), None), (("pending_trials",), []),
                         (("plateau",), PLATEAU),
                         (("max_pending_age_seconds",), None)],
                STATUS_BAD)],
    "best": [(BEST_DOCUMENT, [],
              BAD_ID + [((key,), ABSENT) for key in BEST_DOCUMENT] +
              [(("objective_value",), None), (("extra",), 1),
               (("objectives", "loss"), None), (("objectives",), {}),
               (("params", "lr"), None)])],
    "validate": [
        (VALIDATE, [(("warnings",), [])],
         [(("valid",), False), (("valid",), ABSENT),
          (("errors",), ABSENT), (("errors",), ["x"]),
          (("warnings",), [1]), (("extra",), 1)]),
        (INVALID, [], [(("valid",), True), (("errors",), [])])],
    "init": [(INIT, [], [(("campaign",), ABSENT), (("campaign",), ""),
                         (("files",), []), (("files",), ABSENT),
                         (("files", 3), "bo_config.json"),
                         (("extra",), 1)])],
    "archive_manifest": [
        (ARCHIVE_MANIFEST, [(("mine",), 1), (("entries",), []),
                            (("entries", 0, "mine"), 1),
                            (("entries", 0, "archive_rel"), "..a/.b")],
         BAD_ARCHIVE_ID + BAD_ENTRY +
         [((key,), ABSENT) for key in ARCHIVE_MANIFEST] +
         [(("manifest_version",), 2), (("archive_type",), "x"),
          (("created_at",), None), (("source_root",), "")])],
    "archive_list": [
        (ARCHIVE_LISTED, [(("created_at",), None), (("age_seconds",), None),
                          (("integrity",), "legacy"), (("entries",), [])],
         BAD_ARCHIVE_ID + [((key,), ABSENT) for key in ARCHIVE_LISTED] +
         [(("integrity",), "good"), (("integrity",), "invalid_manifest"),
          (("age_seconds",), -1), (("size_bytes",), -1),
          (("entries", 0), "report_html"), (("extra",), 1)])],
    "archive_verify": [
        (ARCHIVE_VERIFIED, [(("integrity",), "legacy"), (("entries",), [])],
         BAD_ARCHIVE_ID + BAD_ENTRY +
         [((key,), ABSENT) for key in ARCHIVE_VERIFIED] +
         [(("integrity",), "missing_files"), (("problem",), "x"),
          (("restorable",), False), (("extra",), 1),
          (("entries", 0, "present"), ABSENT),
          (("entries", 0, "extra"), 1)])],
    "archive_restore": [
        (RESTORED, [(("legacy",), True), (("ignored",), [])],
         BAD_ARCHIVE_ID + [((key,), ABSENT) for key in RESTORED] +
         [(("result",), "ok"), (("restored", 0), 1), (("removed",), None),
          (("extra",), 1)])],
    "archive_prune": [
        (PRUNED, [(("age_seconds",), None)],
         BAD_ARCHIVE_ID + [((key,), ABSENT) for key in PRUNED] +
         [(("result",), "ok"), (("size_bytes",), 1.5), (("extra",), 1)])],
    "reset": [
        (RESET, [(("removed",), [])],
         [((key,), ABSENT) for key in RESET] +
         [(("result",), "ok"), (("archive_id",), "a/b"),
          (("archive_id",), None), (("archive_path",), None),
          (("removed",), ["a", "a"]), (("extra",), 1)]),
        (dict(RESET, archive_id=None, archive_path=None), [],
         [(("archive_id",), "a")])],
}
