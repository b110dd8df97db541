/* config: defaults, every key, every refusal, unknown keys. */
#include "documents.h"

#include "contract/config.h"

static struct config *
try_config(const char *text, struct err *err)
{
	struct document d = document(text);
	struct config *c = config_from_json(d.v, "c", err);

	document_free(&d);
	return c;
}

static struct config *
make_config(const char *text)
{
	struct err err = { 0, "" };
	struct config *c = try_config(text, &err);

	if (c == NULL)
		fail_msg("%s", err.text);
	return c;
}

static void
test_defaults(void **state)
{
	struct config *c = make_config("{}");

	(void)state;
	assert_int_equal(c->seed, 17);
	assert_int_equal(c->max_trials, 40);
	assert_int_equal(c->initial_random_trials, 6);
	assert_int_equal(c->candidate_pool_size, 600);
	assert_int_equal(c->batch_size, 1);
	assert_int_equal(c->max_pending_trials, 0);
	assert_true(c->max_pending_age == 86400);
	assert_true(c->lock_timeout == 45);
	assert_false(c->worker_leases);
	assert_int_equal(c->surrogate, SURROGATE_RBF_PROXY);
	assert_true(c->length_scale == 0.2);
	assert_int_equal(c->gp_min_fit_observations, 0);
	assert_int_equal(c->acquisition, ACQ_UCB);
	assert_true(c->kappa == 1.5 && c->xi == 0.01);
	assert_false(c->botorch_flag);
	assert_true(c->fallback_to_proxy);
	assert_false(c->relaxed);
	assert_int_equal(c->noise, -1);
	assert_int_equal(c->allowed_statuses, 15);
	assert_int_equal(c->archives_max_count, 0);
	assert_int_equal(c->archives_max_bytes, 0);
	assert_true(c->archives_max_age == 0);
	assert_int_equal(c->event_log_max_bytes, 0);
	assert_int_equal(c->acquisition_log_max_bytes, 0);
	assert_false(c->stopping);
	assert_false(c->has_result_schema);
	assert_null(c->ingest_schema);
	assert_int_equal(c->nunknown, 0);
	config_free(c);
	config_free(NULL);
}

static void
test_default_paths(void **state)
{
	static const struct {
		enum path_id id;
		const char *key, *path;
	} want[] = {
		{ PATH_STATE, "state_file", "state/bo_state.json" },
		{ PATH_CSV, "observations_csv", "state/observations.csv" },
		{ PATH_ACQUISITION, "acquisition_log_file",
		    "state/acquisition_log.jsonl" },
		{ PATH_EVENTS, "event_log_file", "state/event_log.jsonl" },
		{ PATH_TRIALS, "trials_dir", "state/trials" },
		{ PATH_IMPORTS, "import_reports_dir",
		    "state/import_reports" },
		{ PATH_REPORT_JSON, "report_json_file",
		    "state/report.json" },
		{ PATH_REPORT_MD, "report_md_file", "state/report.md" },
		{ PATH_LOCK, "lock_file", "state/.looptimum.lock" },
	};
	struct config *c = make_config("{'paths':{}}");
	size_t i;

	(void)state;
	assert_int_equal(LENGTH(want), PATH_COUNT);
	for (i = 0; i < LENGTH(want); i++) {
		assert_string_equal(path_key[want[i].id], want[i].key);
		assert_string_equal(c->path[want[i].id], want[i].path);
	}
	config_free(c);
}

static void
test_every_key(void **state)
{
	struct config *c = make_config("{'seed':-3,'max_trials':7,"
	    "'initial_random_trials':0,'candidate_pool_size':1,"
	    "'batch_size':4,'max_pending_trials':9,"
	    "'max_pending_age_seconds':0.5,'lock_timeout_seconds':0,"
	    "'worker_leases':{'enabled':true},"
	    "'surrogate':{'type':'random','length_scale':0.7,"
	    "'gp_min_fit_observations':5},"
	    "'acquisition':{'type':'ehvi','kappa':-1,'xi':0.25},"
	    "'durability':'relaxed','noise':true,"
	    "'feature_flags':{'fallback_to_proxy_if_unavailable':false,"
	    "'enable_botorch_gp':false,'enable_service_api_preview':true,"
	    "'enable_dashboard_preview':true,'enable_auth_preview':true,"
	    "'enable_multi_controller_preview':true},"
	    "'governance':{'allowed_statuses':['timeout','ok']},"
	    "'retention':{'archives':{'max_count':1,'max_age_seconds':0.5,"
	    "'max_total_bytes':2},'logs':{'event_log_max_bytes':3,"
	    "'acquisition_log_max_bytes':4}},"
	    "'stopping':{'min_improvement':0,'patience_trials':8},"
	    "'paths':{'state_file':'../s.json','lock_file':'/tmp/l'}}");

	(void)state;
	assert_int_equal(c->seed, -3);
	assert_int_equal(c->max_trials, 7);
	assert_int_equal(c->initial_random_trials, 0);
	assert_int_equal(c->candidate_pool_size, 1);
	assert_int_equal(c->batch_size, 4);
	assert_int_equal(c->max_pending_trials, 9);
	assert_true(c->max_pending_age == 0.5);
	assert_true(c->lock_timeout == 0);
	assert_true(c->worker_leases);
	assert_int_equal(c->surrogate, SURROGATE_RANDOM);
	assert_true(c->length_scale == 0.7);
	assert_int_equal(c->gp_min_fit_observations, 5);
	assert_int_equal(c->acquisition, ACQ_EHVI);
	assert_true(c->kappa == -1 && c->xi == 0.25);
	assert_true(c->relaxed);
	assert_int_equal(c->noise, 1);
	assert_false(c->fallback_to_proxy);
	assert_int_equal(c->allowed_statuses,
	    1u << TRIAL_OK | 1u << TRIAL_TIMEOUT);
	assert_int_equal(c->archives_max_count, 1);
	assert_true(c->archives_max_age == 0.5);
	assert_int_equal(c->archives_max_bytes, 2);
	assert_int_equal(c->event_log_max_bytes, 3);
	assert_int_equal(c->acquisition_log_max_bytes, 4);
	assert_true(c->stopping);
	assert_true(c->min_improvement == 0);
	assert_int_equal(c->patience_trials, 8);
	assert_string_equal(c->path[PATH_STATE], "../s.json");
	assert_string_equal(c->path[PATH_LOCK], "/tmp/l");
	assert_string_equal(c->path[PATH_CSV], "state/observations.csv");
	assert_int_equal(c->nunknown, 0);
	config_free(c);
}

/* null is "not set" where there is a meaning for it. */
static void
test_nulls(void **state)
{
	struct config *c = make_config("{'max_pending_trials':null,"
	    "'max_pending_age_seconds':null,'noise':null,"
	    "'surrogate':{'gp_min_fit_observations':null},"
	    "'governance':null,'retention':{'archives':{'max_count':null,"
	    "'max_age_seconds':null,'max_total_bytes':null},"
	    "'logs':{'event_log_max_bytes':null,"
	    "'acquisition_log_max_bytes':null}},'paths':null,"
	    "'stopping':{'min_improvement':null,'patience_trials':null}}");

	(void)state;
	assert_int_equal(c->max_pending_trials, 0);
	assert_true(c->max_pending_age == 0);
	assert_int_equal(c->noise, -1);
	assert_int_equal(c->archives_max_count, 0);
	assert_true(c->archives_max_age == 0);
	assert_int_equal(c->event_log_max_bytes, 0);
	assert_false(c->stopping);
	assert_int_equal(c->nunknown, 0);
	config_free(c);
}

static void
test_integral_numbers(void **state)
{
	struct config *c = make_config("{'seed':18.0,'max_trials':1e1,"
	    "'noise':false,'max_pending_age_seconds':0}");

	(void)state;
	assert_int_equal(c->seed, 18);
	assert_int_equal(c->max_trials, 10);
	assert_int_equal(c->noise, 0);
	assert_true(c->max_pending_age == 0);
	config_free(c);
}

static void
test_durability(void **state)
{
	struct config *c = make_config("{'durability':'full'}");

	(void)state;
	assert_false(c->relaxed);
	config_free(c);
}

/* Plateau advice needs both of its keys. */
static void
test_half_stopping(void **state)
{
	struct config *c = make_config("{'stopping':{'patience_trials':3}}");

	(void)state;
	assert_false(c->stopping);
	config_free(c);
	c = make_config("{'stopping':{'min_improvement':0.1}}");
	assert_false(c->stopping);
	config_free(c);
}

static void
test_surrogates(void **state)
{
	static const struct {
		const char *name;
		enum surrogate_type type;
	} want[] = {
		{ "auto", SURROGATE_GP }, { "gp", SURROGATE_GP },
		{ "botorch_gp", SURROGATE_GP },
		{ "rbf_proxy", SURROGATE_RBF_PROXY },
		{ "random", SURROGATE_RANDOM },
	};
	enum surrogate_type type;
	struct config *c;
	size_t i;

	(void)state;
	for (i = 0; i < LENGTH(want); i++) {
		char *text = xasprintf("{'surrogate':{'type':'%s'}}",
		    want[i].name);

		c = make_config(text);
		assert_int_equal(c->surrogate, want[i].type);
		assert_true(surrogate_from(want[i].name, &type));
		assert_int_equal(type, want[i].type);
		config_free(c);
		free(text);
	}
	assert_false(surrogate_from("kriging", &type));
	assert_string_equal(surrogate_name(SURROGATE_RBF_PROXY), "rbf_proxy");
	assert_string_equal(surrogate_name(SURROGATE_GP), "gp");
	assert_string_equal(surrogate_name(SURROGATE_RANDOM), "random");
}

/* The feature flag rules over the type, wherever it stands. */
static void
test_botorch_flag(void **state)
{
	struct config *c = make_config("{'feature_flags':"
	    "{'enable_botorch_gp':true},'surrogate':{'type':'rbf_proxy'}}");

	(void)state;
	assert_true(c->botorch_flag);
	assert_int_equal(c->surrogate, SURROGATE_GP);
	config_free(c);
}

static void
test_acquisitions(void **state)
{
	static const char *const name[] = {
		"auto", "ei", "ei_proxy", "ucb", "ehvi"
	};
	static const enum acquisition_type type[] = {
		ACQ_AUTO, ACQ_EI, ACQ_EI_PROXY, ACQ_UCB, ACQ_EHVI
	};
	struct config *c;
	size_t i;

	(void)state;
	for (i = 0; i < LENGTH(name); i++) {
		char *text = xasprintf("{'acquisition':{'type':'%s'}}",
		    name[i]);

		c = make_config(text);
		assert_int_equal(c->acquisition, type[i]);
		assert_string_equal(acquisition_name(type[i]), name[i]);
		config_free(c);
		free(text);
	}
}

static void
test_statuses(void **state)
{
	static const char *const name[] = {
		"ok", "failed", "killed", "timeout"
	};
	int i;

	(void)state;
	for (i = 0; i < TRIAL_STATUS_COUNT; i++) {
		assert_string_equal(trial_status_name[i], name[i]);
		assert_int_equal(trial_status_from(name[i]), i);
	}
	assert_int_equal(trial_status_from("success"), -1);
	assert_int_equal(trial_status_from("pending"), -1);
}

static void
test_unknown_keys_are_kept(void **state)
{
	static const char *const want[] = {
		".note", ".surrogate.foo", ".acquisition.bar",
		".worker_leases.x", ".feature_flags.enable_ai",
		".stopping.max", ".paths.cache_dir", ".paths.x",
		".[\"surrogate.type\"]"
	};
	struct config *c = make_config("{'note':1,'surrogate':{'foo':{'a':1},"
	    "'gp_model':{'deep':1},'botorch_default':true,"
	    "'botorch_min_fit_observations':'x'},'acquisition':{'bar':1},"
	    "'worker_leases':{'x':1},'feature_flags':{'enable_ai':'yes'},"
	    "'stopping':{'max':1},'paths':{'cache_dir':1,'x':2},"
	    "'surrogate.type':'gp'}");
	size_t i;

	(void)state;
	assert_int_equal(c->nunknown, LENGTH(want));
	for (i = 0; i < LENGTH(want); i++)
		assert_string_equal(c->unknown[i], want[i]);
	assert_int_equal(c->surrogate, SURROGATE_RBF_PROXY);
	config_free(c);
}

static void
test_older_schema_paths(void **state)
{
	struct config *c = make_config("{'paths':{'objective_schema_file':"
	    "'objective_schema.json','search_space_schema_file':null,"
	    "'ingest_schema_file':'../_shared/schemas/ingest.json'}}");

	(void)state;
	assert_int_equal(c->nunknown, 0);
	assert_false(c->has_result_schema);
	assert_string_equal(c->ingest_schema,
	    "../_shared/schemas/ingest.json");
	config_free(c);
	c = make_config("{'paths':{'result_schema_file':'r.json'}}");
	assert_true(c->has_result_schema);
	assert_null(c->ingest_schema);
	config_free(c);
}

static void
test_refusals(void **state)
{
	static const struct refusal refused[] = {
		{ "[]", "c: .: expected an object, got []" },
		{ "null", "c: .: expected an object, got null" },
		{ "{'seed':1.5}", "c: .seed: expected an integer, got 1.5" },
		{ "{'seed':'17'}",
		    "c: .seed: expected an integer, got '17'" },
		{ "{'seed':null}",
		    "c: .seed: expected an integer, got null" },
		{ "{'max_trials':-1}",
		    "c: .max_trials: expected an integer >= 0, got -1" },
		{ "{'initial_random_trials':-1}", "c: .initial_random_trials:"
		    " expected an integer >= 0, got -1" },
		{ "{'candidate_pool_size':0}", "c: .candidate_pool_size: "
		    "expected an integer >= 1, got 0" },
		{ "{'batch_size':0}",
		    "c: .batch_size: expected an integer >= 1, got 0" },
		{ "{'batch_size':true}",
		    "c: .batch_size: expected an integer >= 1, got true" },
		{ "{'max_pending_trials':0}", "c: .max_pending_trials: "
		    "expected an integer >= 1 or null, got 0" },
		{ "{'max_pending_age_seconds':-0.1}",
		    "c: .max_pending_age_seconds: expected a number >= 0 or "
		    "null, got -0.1" },
		{ "{'lock_timeout_seconds':-1}", "c: .lock_timeout_seconds: "
		    "expected a number >= 0, got -1" },
		{ "{'lock_timeout_seconds':null}",
		    "c: .lock_timeout_seconds: expected a number >= 0, got "
		    "null" },
		{ "{'worker_leases':true}",
		    "c: .worker_leases: expected an object, got true" },
		{ "{'worker_leases':{'enabled':1}}", "c: .worker_leases."
		    "enabled: expected true or false, got 1" },
		{ "{'surrogate':{'type':'kriging'}}", "c: .surrogate.type: "
		    "expected one of 'rbf_proxy', 'gp', 'random', 'auto', "
		    "'botorch_gp', got 'kriging'" },
		{ "{'surrogate':{'type':null}}", "c: .surrogate.type: "
		    "expected one of 'rbf_proxy', 'gp', 'random', 'auto', "
		    "'botorch_gp', got null" },
		{ "{'surrogate':{'type':'gp\\u0000'}}",
		    "c: .surrogate.type: NUL character in a string" },
		{ "{'surrogate':{'length_scale':0}}", "c: .surrogate."
		    "length_scale: expected a number > 0, got 0" },
		{ "{'surrogate':{'gp_min_fit_observations':-1}}",
		    "c: .surrogate.gp_min_fit_observations: expected an "
		    "integer >= 0 or null, got -1" },
		{ "{'acquisition':{'type':'pi'}}", "c: .acquisition.type: "
		    "expected one of 'auto', 'ei', 'ei_proxy', 'ucb', "
		    "'ehvi', got 'pi'" },
		{ "{'acquisition':{'kappa':'1'}}",
		    "c: .acquisition.kappa: expected a number, got '1'" },
		{ "{'acquisition':{'xi':null}}",
		    "c: .acquisition.xi: expected a number, got null" },
		{ "{'durability':'none'}", "c: .durability: expected one of "
		    "'full', 'relaxed', got 'none'" },
		{ "{'noise':0}",
		    "c: .noise: expected true, false or null, got 0" },
		{ "{'feature_flags':{'enable_botorch_gp':1}}",
		    "c: .feature_flags.enable_botorch_gp: expected true or "
		    "false, got 1" },
		{ "{'feature_flags':{'enable_auth_preview':1}}",
		    "c: .feature_flags.enable_auth_preview: expected true or "
		    "false, got 1" },
		{ "{'governance':{'allowed':[]}}", "c: .governance.allowed: "
		    "unknown key, expected one of allowed_statuses" },
		{ "{'governance':{'allowed_statuses':[]}}",
		    "c: .governance.allowed_statuses: expected a non-empty "
		    "list of statuses, got []" },
		{ "{'governance':{'allowed_statuses':null}}",
		    "c: .governance.allowed_statuses: expected a non-empty "
		    "list of statuses, got null" },
		{ "{'governance':{'allowed_statuses':['ok','success']}}",
		    "c: .governance.allowed_statuses[1]: expected one of "
		    "'ok', 'failed', 'killed', 'timeout', got 'success'" },
		{ "{'governance':{'allowed_statuses':['ok','ok']}}",
		    "c: .governance.allowed_statuses[1]: expected a status "
		    "that is not in the list yet, got 'ok'" },
		{ "{'retention':{'trials':{}}}", "c: .retention.trials: "
		    "unknown key, expected one of archives, logs" },
		{ "{'retention':{'archives':{'keep':1}}}",
		    "c: .retention.archives.keep: unknown key, expected one "
		    "of max_count, max_age_seconds, max_total_bytes" },
		{ "{'retention':{'logs':{'max':1}}}", "c: .retention.logs."
		    "max: unknown key, expected one of event_log_max_bytes, "
		    "acquisition_log_max_bytes" },
		{ "{'retention':{'archives':{'max_count':0}}}",
		    "c: .retention.archives.max_count: expected an integer "
		    ">= 1 or null, got 0" },
		{ "{'retention':{'archives':{'max_total_bytes':0.5}}}",
		    "c: .retention.archives.max_total_bytes: expected an "
		    "integer >= 1 or null, got 0.5" },
		{ "{'retention':{'archives':{'max_age_seconds':0}}}",
		    "c: .retention.archives.max_age_seconds: expected a "
		    "number > 0 or null, got 0" },
		{ "{'retention':{'logs':{'event_log_max_bytes':0}}}",
		    "c: .retention.logs.event_log_max_bytes: expected an "
		    "integer >= 1 or null, got 0" },
		{ "{'retention':{'logs':{'acquisition_log_max_bytes':0}}}",
		    "c: .retention.logs.acquisition_log_max_bytes: expected "
		    "an integer >= 1 or null, got 0" },
		{ "{'stopping':{'min_improvement':-1}}",
		    "c: .stopping.min_improvement: expected a number >= 0 or "
		    "null, got -1" },
		{ "{'stopping':{'patience_trials':0}}",
		    "c: .stopping.patience_trials: expected an integer >= 1 "
		    "or null, got 0" },
		{ "{'paths':'state'}",
		    "c: .paths: expected an object, got 'state'" },
		{ "{'paths':{'state_file':1}}",
		    "c: .paths.state_file: expected a string, got 1" },
		{ "{'paths':{'trials_dir':''}}",
		    "c: .paths.trials_dir: expected a path, got ''" },
	};
	struct err err;
	size_t i;

	(void)state;
	for (i = 0; i < LENGTH(refused); i++) {
		struct config *c = try_config(refused[i].text, &err);

		assert_refused(c == NULL, &err, &refused[i]);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_defaults),
		cmocka_unit_test(test_default_paths),
		cmocka_unit_test(test_every_key),
		cmocka_unit_test(test_nulls),
		cmocka_unit_test(test_integral_numbers),
		cmocka_unit_test(test_durability),
		cmocka_unit_test(test_half_stopping),
		cmocka_unit_test(test_surrogates),
		cmocka_unit_test(test_botorch_flag),
		cmocka_unit_test(test_acquisitions),
		cmocka_unit_test(test_statuses),
		cmocka_unit_test(test_unknown_keys_are_kept),
		cmocka_unit_test(test_older_schema_paths),
		cmocka_unit_test(test_refusals),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
