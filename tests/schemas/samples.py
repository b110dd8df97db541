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
        jitter=0.0, probability_ok=0.9, failure_weight=1.5,
        candidates_scored=800,
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
        ("trust_radius", 0), ("branch_best_trial_id", 0),
        ("length_scales", []), ("length_scales", {"lr": 0}),
        ("noise_variance", 0.0), ("signal_variance", None),
        ("constant_mean", None), ("threshold", "1"),
        ("threshold_warped", None), ("log_posterior", None),
        ("jitter", -1e-9), ("probability_ok", 1.5),
        ("failure_weight", 0.9),
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
    event("trial_voided", trial_id=1, reason="wrong data set"),
    event("trial_void_undone", trial_id=1),
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
REBUILD = {"rebuilt": "state/bo_state.json.rebuilt", "placed": False,
           "kept": None, "observations": 3, "pending": 1,
           "next_trial_id": 6, "best": {
               "trial_id": 3, "objective_name": "loss",
               "objective_value": 0.5, "updated_at": 1.5},
           "lost": [5], "unknown": ["trial 5: gone"]}
INIT = {"campaign": "demo", "files": [
    "bo_config.json", "objective_schema.json", "parameter_space.json"]}

REPORT_TRIAL = {
    "trial_id": 3, "status": "ok", "objective_name": "loss",
    "objective_value": 0.5, "objective_vector": {"loss": 0.5, "speed": 3.0},
    "scalarized_objective": -0.5, "scalarization_policy": "weighted_sum",
    "penalty_objective": None, "suggested_at": 1.5, "completed_at": 2.5,
    "artifact_path": None, "terminal_reason": None}
REPORT_FAILED = dict(
    REPORT_TRIAL, trial_id=4, status="killed", objective_value=None,
    objective_vector={"loss": None, "speed": None},
    scalarized_objective=None, terminal_reason="signal=SIGKILL")
REPORT_OBJECTIVE = {"name": "loss", "direction": "minimize",
                    "tolerance": 0.0,
                    "failure_handling": "record_and_continue"}
REPORT = {
    "schema_version": "0.3.0", "generated_at": 9.5,
    "objective": {"name": "loss", "direction": "minimize",
                  "best_objective_name": "scalarized",
                  "scalarization_policy": "weighted_sum"},
    "objective_config": {
        "primary_objective": REPORT_OBJECTIVE, "secondary_objectives": [],
        "objectives": [REPORT_OBJECTIVE], "objective_names": ["loss"],
        "scalarization": {"policy": "weighted_sum",
                          "weights": {"loss": 1.0}}},
    "counts": {"observations": 2, "pending": 0,
               "observations_by_status": {"ok": 1, "failed": 0, "killed": 1,
                                          "timeout": 0},
               "failure_rate": 0.5},
    "best": BEST, "best_params": PARAMS,
    "top_trials": [dict(REPORT_TRIAL, params=PARAMS)],
    "terminal_trials": [REPORT_FAILED],
    "objective_trace": [REPORT_TRIAL, REPORT_FAILED],
    "pareto_front": {"count": 1, "trial_ids": [3],
                     "trials": [dict(REPORT_TRIAL, params=PARAMS)]},
    "runtime_summary": {"count": 1, "min_seconds": 1.0, "max_seconds": 1.0,
                        "mean_seconds": 1.0, "total_seconds": 1.0}}
REPORT_GOOD = [
    (("best",), None), (("best_params",), None), (("top_trials",), []),
    (("runtime_summary",), None),
    (("objective_trace", 0, "scalarization_policy"), ABSENT)]
REPORT_BAD = [((key,), ABSENT) for key in REPORT] + [
    ((key,), 7) for key in REPORT if key != "generated_at"] + [
    (("objective_trace", 0, key), ABSENT) for key in REPORT_TRIAL
    if key != "scalarization_policy"] + [
    (("objective_trace", 0, "params"), PARAMS),
    (("terminal_trials", 0, "params"), PARAMS),
    (("terminal_trials", 0, "status"), "ok"),
    (("top_trials", 0, "params"), ABSENT),
    (("pareto_front", "trials", 0, "params"), ABSENT),
    (("objective_config", "primary_objective", "tolerance"), ABSENT),
    (("counts", "failure_rate"), 1.5), (("mine",), 1)]

IMPORTED = {"imported": 2, "rejected": 0, "format": "csv",
            "mode": "strict", "next_trial_id": 3, "remaining": 18}

IMPORT_REPORT = {
    "mode": "permissive", "import_source": "o.csv", "row_format": "csv",
    "imported_at": 1.5, "requested_count": 2, "accepted_count": 1,
    "rejected_count": 1, "accepted_trial_ids": [1],
    "rejected_rows": [{"row_number": 2, "row_format": "csv",
                       "error": "row 2: no", "row": {"status": "done"},
                       "source_trial_id": "7"}]}

ROW = {"trial_id": 1, "params": PARAMS, "objectives": {"loss": 0.5},
       "status": "ok", "suggested_at": None, "completed_at": 2.5,
       "runtime_seconds": 1.0}

EVENT = {"topic": "failed", "event_id": "3:trial_canceled:1753000000250000",
         "source_event": "trial_canceled", "occurred_at": 1753000000.25,
         "cursor": {"line_number": 3, "byte_offset": 250},
         "payload": {"trial_id": 7, "reason": "canceled"}}

EVENT_SAMPLE_BAD = [((key,), ABSENT) for key in EVENT] + [
    (("topic",), "canceled"), (("topic",), "ingested"),
    (("event_id",), "3:trial_canceled"), (("event_id",), 3),
    (("source_event",), "heartbeat"), (("occurred_at",), "now"),
    (("cursor", "line_number"), 0), (("cursor", "byte_offset"), ABSENT),
    (("cursor", "check"), 1), (("payload", "trial_id"), 0),
    (("payload", "event"), "trial_canceled"),
    (("payload", "timestamp"), 1.5), (("trial_id",), 7)]

CURSOR = {"line_number": 3, "byte_offset": 250, "check": 4294967295}

TRACE = {"trial_id": 7, "status": "ok", "decided_at": 1.5,
         "suggest_latency_seconds": 0.25, "suggested_at": 1.5,
         "completed_at": 2.5, "runtime_seconds": None,
         "terminal_reason": None, "voided": False, "params": PARAMS,
         "objective_name": "loss", "objective_value": 0.5,
         "objectives": {"loss": 0.5},
         "predictions": [{"objective_name": "loss", "predicted_mean": 0.25,
                          "predicted_std": 0.5, "measured": 0.5,
                          "difference": 0.25, "deviations": 0.5}],
         "decision": {"strategy": "surrogate_acquisition"}}

NO_TRIAL = dict(TRACE, status="none", suggested_at=None, completed_at=None,
                params=None, objective_value=None, predictions=[],
                objectives={"loss": None})

EXPECTED = ("predictions", 0)

TRACE_BAD = BAD_ID + [((key,), ABSENT) for key in TRACE] + [
    (("status",), "success"), (("status",), "failed"),
    (("status",), "none"), (("status",), "pending"),
    (("params",), None), (("objectives",), {}),
    (("objectives", "loss"), "0.5"), (("voided",), None),
    (("lease_token",), HEX), (("decision",), []),
    (("predictions",), None), (EXPECTED + ("measured",), ABSENT),
    (EXPECTED + ("predicted_mean",), None),
    (EXPECTED + ("predicted_std",), -1), (EXPECTED + ("error",), 1)]

LATE = {"policy_id": "retention.archives.max_count", "message": "2 are",
        "details": {"archive_count": 2, "max_count": 1}}
EDGES = [60, 300, 3600, 21600, 86400]
AGES = {"bucket_edges_seconds": EDGES,
        "buckets": [{"bucket_id": "bucket_%d" % i, "count": 0,
                     "lower_bound_seconds": ([0] + EDGES)[i],
                     "upper_bound_seconds": EDGES[i]} for i in range(5)] +
        [{"bucket_id": "bucket_overflow", "lower_bound_seconds": 86400,
          "upper_bound_seconds": None, "count": 1}],
        "pending_count": 1, "known_age_count": 1, "unknown_age_count": 0,
        "oldest_pending_age_seconds": 90000.5}
AGES_BAD = below("pending_age", [((key,), ABSENT) for key in AGES] + [
    (("buckets",), []), (("bucket_edges_seconds",), [60]),
    (("buckets", 0, "bucket_id"), "0"), (("buckets", 0, "count"), None),
    (("buckets", 5, "upper_bound_seconds"), "inf"),
    (("oldest_pending_age_seconds",), -1)])
THERE = {"path": "a", "exists": True}
WATCHED = {"schema_version": "0.3.0", "generated_at": 1.5,
           "project_root": "/c", "health_state": "warning",
           "status": STATUS, "hard_errors": [], "warnings": ["a: b"]}
HEALTH_GOVERNANCE = {
    "allowed_statuses": ["ok"], "pending_age": AGES,
    "retention": {
        "archives": {"max_count": 1, "max_age_seconds": None,
                     "max_total_bytes": None},
        "logs": {"event_log_max_bytes": None,
                 "acquisition_log_max_bytes": 9}},
    "footprints": {
        "archives": {
            "root": "r", "exists": True, "archive_count": 1,
            "known_age_count": 1, "total_size_bytes": 3,
            "max_known_age_seconds": 2.5, "archives": [
                {"archive_id": "i", "path": "r/i", "size_bytes": 3,
                 "age_seconds": 2.5, "manifest_present": True}]},
        "logs": {"root": "s", "total_size_bytes": 3, "files": [
            dict(THERE, label="acquisition_log_file", size_bytes=1),
            dict(THERE, label="event_log_file", size_bytes=2)]}},
    "warnings": [], "violations": [LATE]}
HEALTH = dict(
    WATCHED, governance=HEALTH_GOVERNANCE,
    summary={"hard_error_count": 0, "warning_count": 1,
             "governance_warning_count": 0,
             "governance_violation_count": 1},
    path_presence={key: THERE for key in (
        "state_file", "observations_csv", "acquisition_log_file",
        "event_log_file", "trials_dir", "import_reports_dir",
        "report_json_file", "report_md_file", "lock_file")},
    lock={"path": "l", "exists": True, "posix_locking_available": True,
          "exclusive_lock_held": False, "holder": None})
WATCHED_GOOD = [(("health_state",), "ok"), (("status",), None),
                (("warnings",), [])]
WATCHED_BAD = [
    (("health_state",), "error"), (("health_state",), "fine"),
    (("hard_errors",), ["a: b"]), (("warnings",), [""]),
    (("status",), {}), (("extra",), 1)]
HEALTH_BAD = WATCHED_BAD + [((key,), ABSENT) for key in HEALTH] + below(
    "governance",
    AGES_BAD + [((key,), ABSENT) for key in HEALTH_GOVERNANCE] + [
        (("violations", 0, "policy_id"), "x"),
        (("violations", 0, "details"), ABSENT),
        (("allowed_statuses",), []),
        (("retention", "archives", "max_count"), 0),
        (("footprints", "logs", "files"), []),
        (("footprints", "archives", "archives", 0, "path"), ABSENT)]) + [
    (("lock", "holder"), "me"), (("lock", "exists"), None),
    (("path_presence", "lock_file"), ABSENT),
    (("path_presence", "lock_file", "exists"), "yes"),
    (("summary", "warning_count"), -1)]
METRICS = dict(
    WATCHED, pending_age=AGES,
    counts={"observations": 2, "pending": 1, "leased_pending": 0,
            "stale_pending": 0, "failure_rate": 0.5,
            "observations_by_status": STATUS["observations_by_status"]},
    suggestion_latency={
        "field": "telemetry.suggest_latency_seconds", "source_path": "a",
        "entry_count": 3, "count": 2, "missing_telemetry_count": 1,
        "min_seconds": 1.0, "max_seconds": 2.0, "mean_seconds": 1.5,
        "total_seconds": 3.0, "latest_seconds": 2.0},
    governance={"warning_count": 0, "violation_count": 1,
                "warnings": [], "violations": [LATE]},
    paths={"acquisition_log_file": "a", "event_log_file": "b",
           "state_file": "c"})
METRICS_BAD = WATCHED_BAD + AGES_BAD + [
    ((key,), ABSENT) for key in METRICS] + [
    (("counts", "failure_rate"), 1.5), (("counts", "pending"), ABSENT),
    (("suggestion_latency", "min_seconds"), ABSENT),
    (("suggestion_latency", "field"), "latency"),
    (("governance", "violations", 0, "message"), ""),
    (("paths", "state_file"), None)]
RIGHTS = {"readable": True, "writable": True}
DOCTOR = {
    "schema_version": "0.3.0", "generated_at": 1.5, "version": "0.1.0",
    "platform": "Linux-6-x86_64", "project_root": "/c", "pid": 7,
    "backend": {"configured": "auto", "effective": "gp",
                "acquisition": "auto", "fallback_to_proxy": True},
    "libraries": {"jq": "1.6", "gsl": "2.7", "libcsv": "3.0.3",
                  "zlib": "1.3", "libc": None},
    "filesystem": {
        "path": "/c/state", "type": "tmpfs", "flock": True,
        "ofd_lock": None, "rename": True, "fsync": False,
        "advice": None, "exclusive_create": True, "hard_link": None,
        "fsync_seconds": 0.001, "directory_fsync_seconds": None,
        "space": {"free_bytes": 1e9, "free_files": None},
        "clock": {"file_system_ahead_seconds": -0.5,
                  "campaign_ahead_seconds": None},
        "permissions": dict({key: RIGHTS for key in HEALTH["path_presence"]},
                            project_root=RIGHTS, state_dir=None)},
    "objective": {"name": "loss", "direction": "minimize",
                  "best_objective_name": "scalarized",
                  "scalarization_policy": "weighted_sum"},
    "status": STATUS}
DOCTOR_BAD = [((key,), ABSENT) for key in DOCTOR] + [
    (("extra",), 1), (("pid",), 0), (("backend", "effective"), "auto"),
    (("backend", "configured"), ABSENT), (("libraries", "gsl"), 2.7),
    (("filesystem", "flock"), "yes"), (("filesystem", "type"), ABSENT),
    (("filesystem", "permissions", "lock_file"), ABSENT),
    (("filesystem", "permissions", "lock_file"), "rw"),
    (("filesystem", "clock", "campaign_ahead_seconds"), -1),
    (("objective", "direction"), "up"), (("status",), {})]

SAMPLES = {
    "health": [(HEALTH, WATCHED_GOOD + [
        (("governance", "pending_age"), None),
        (("lock", "holder"), {"pid": 7})], HEALTH_BAD)],
    "metrics": [(METRICS, WATCHED_GOOD + [
        (("pending_age",), None), (("counts",), None),
        (("suggestion_latency", "min_seconds"), None)], METRICS_BAD)],
    "doctor": [(DOCTOR, [
        (("backend",), None), (("backend", "botorch_enabled"), True),
        (("objective",), None), (("status",), None)], DOCTOR_BAD)],
    "report": [(REPORT, REPORT_GOOD, REPORT_BAD)],
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
    "trial_result": [
        ({"trial_id": 3, "result": "canceled", "status": "killed",
          "reason": "canceled"},
         [(("result",), "retired"), (("result",), "voided")],
         BAD_ID + [(("result",), ABSENT), (("result",), "ok"),
                   (("result",), "heartbeat"), (("status",), "ok"),
                   (("status",), ABSENT), (("reason",), ABSENT),
                   (("reason",), ""), (("heartbeat_count",), 1),
                   (("extra",), 1)]),
        ({"trial_id": 3, "result": "restored", "status": "ok"},
         [(("reason",), "it was right"), (("status",), "failed")],
         [(("status",), ABSENT), (("heartbeat_at",), 1.5)]),
        ({"trial_id": 3, "result": "heartbeat", "heartbeat_at": 1.5,
          "heartbeat_count": 1}, [(("heartbeat_at",), 2)],
         [(("heartbeat_at",), ABSENT), (("heartbeat_count",), 0),
          (("heartbeat_count",), ABSENT), (("reason",), "x"),
          (("status",), "ok")])],
    "import_result": [
        (IMPORTED, [(("remaining",), 0)],
         [(("imported",), 0), (("imported",), ABSENT), (("rejected",), 1),
          (("format",), "xml"), (("mode",), "lax"), (("mode",), ABSENT),
          (("next_trial_id",), 1), (("remaining",), -1), (("extra",), 1),
          (("import_report_path",), "r.json")]),
        ({**IMPORTED, "mode": "permissive", "rejected": 2,
          "import_report_path": "state/import_reports/r.json"}, [],
         [(("import_report_path",), ABSENT),
          (("import_report_path",), "")])],
    "export_result": [
        ({"exported": 2, "format": "csv", "path": "o.csv"},
         [(("exported",), 0), (("format",), "jsonl")],
         [(("exported",), -1), (("exported",), ABSENT), (("path",), ""),
          (("path",), None), (("format",), "auto"), (("extra",), 1)])],
    "import_report": [(IMPORT_REPORT, [
        (("rejected_rows",), []), (("rejected_rows", 0, "row"), "text"),
        (("rejected_rows", 0, "source_trial_id"), ABSENT)], [
        ((key,), ABSENT) for key in IMPORT_REPORT] + [
        (("mode",), "strict"), (("accepted_count",), 0),
        (("accepted_trial_ids",), []), (("accepted_trial_ids", 0), "1"),
        (("rejected_rows", 0, "row_number"), 0),
        (("rejected_rows", 0, "error"), ""),
        (("rejected_rows", 0, "row"), ABSENT),
        (("rejected_rows", 0, "extra"), 1), (("extra",), 1)])],
    "observation_row": [
        (ROW, [(("trial_id",), ABSENT), (("trial_id",), "a"),
               (("penalty_objective",), None), (("lease_token",), None),
               (("heartbeat_meta",), {"a": [1]})],
         [(("status",), "success"), (("status",), ABSENT),
          (("params",), ABSENT), (("objectives", "loss"), None),
          (("objectives",), ABSENT), (("penalty_objective",), 1),
          (("runtime_seconds",), -1), (("lease_token",), ""),
          (("trial_id",), 1.5), (("heartbeat_count",), 0.5),
          (("heartbeat_meta",), "x"), (("extra",), 1)]),
        ({**ROW, "status": "failed", "objectives": {"loss": None}},
         [(("objectives",), ABSENT), (("penalty_objective",), 2.5)],
         [(("objectives", "loss"), 1.0), (("terminal_reason",), 3)])],
    "bo_state": [(STATE, STATE_GOOD, STATE_BAD)],
    "event": [(EVENT, [(("occurred_at",), None), (("payload",), {})],
               EVENT_SAMPLE_BAD)],
    "event_cursor": [
        (CURSOR, [(("check",), ABSENT), (("line_number",), 0)],
         [(("line_number",), ABSENT), (("byte_offset",), ABSENT),
          (("byte_offset",), -1), (("line_number",), 1.5),
          (("check",), 4294967296), (("check",), "x"),
          (("topic",), "failed")])],
    "trace": [(TRACE, [(("predictions",), []), (("decision",), None),
                       (("source_trial_id",), "31"),
                       (("retry_of",), 3)], TRACE_BAD),
              (NO_TRIAL, [(("status",), "lost")],
               [(("decision",), None), (("params",), {}),
                (("suggested_at",), 1.5)])],
    "acquisition_log": [
        (DECISION, [(IN + ("fallback_reason",), "why")], DECISION_BAD),
        (GP_DECISION, [(IN + ("search_phase",), "local"),
                       (IN + ("search_phase",), "descent"),
                       (IN + ("trust_radius",), 0.1),
                       (IN + ("search_phase",), "branch"),
                       (IN + ("branch_best_trial_id",), 3),
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
    "rebuild": [
        (REBUILD, [(("best",), None), (("lost",), []), (("placed",), True),
                   (("unknown",), [])],
         [(("rebuilt",), ""), (("rebuilt",), ABSENT), (("placed",), ABSENT),
          (("kept",), "x"), (("observations",), -1),
          (("next_trial_id",), 0), (("best", "trial_id"), ABSENT),
          (("lost",), [5, 5]), (("lost",), ["5"]), (("unknown",), [1]),
          (("extra",), 1)])],
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
