#include <stdlib.h>
#include <string.h>

#include "base/xmem.h"
#include "contract/config.h"
#include "contract/config_read.h"
#include "store/json.h"

const char *const path_key[PATH_COUNT] = {
	"state_file", "observations_csv", "acquisition_log_file",
	"event_log_file", "trials_dir", "import_reports_dir",
	"report_json_file", "report_md_file", "lock_file"
};

static const char *const path_default[PATH_COUNT] = {
	"state/bo_state.json", "state/observations.csv",
	"state/acquisition_log.jsonl", "state/event_log.jsonl",
	"state/trials", "state/import_reports", "state/report.json",
	"state/report.md", "state/.looptimum.lock"
};

const char *const trial_status_name[TRIAL_STATUS_COUNT] = {
	"ok", "failed", "killed", "timeout"
};

/* In the order of the enums, then the other names of gp. */
const char *const config_surrogates[] = {
	"rbf_proxy", "gp", "random", "auto", "botorch_gp", NULL
};
const char *const config_acquisitions[] = {
	"auto", "ei", "ei_proxy", "ucb", "ehvi", NULL
};

static struct config *
defaults(void)
{
	struct config *c = xcalloc(1, sizeof(*c));
	int i;

	c->seed = 17;
	c->max_trials = 40;
	c->initial_random_trials = 6;
	c->candidate_pool_size = 600;
	c->batch_size = 1;
	c->max_pending_age = 86400;
	c->lock_timeout = 45;
	c->surrogate = SURROGATE_RBF_PROXY;
	c->length_scale = 0.2;
	c->acquisition = ACQ_UCB;
	c->kappa = 1.5;
	c->xi = 0.01;
	c->fallback_to_proxy = true;
	c->noise = -1;
	c->allowed_statuses = (1u << TRIAL_STATUS_COUNT) - 1;
	for (i = 0; i < PATH_COUNT; i++)
		c->path[i] = xstrdup(path_default[i]);
	return c;
}

struct config *
config_from_json(jv doc, const char *file, struct err *err)
{
	struct json root = json_root(doc, file);
	struct json stop = json_member(&root, "stopping");
	struct json improvement = json_member(&stop, "min_improvement");
	struct json flags = json_member(&root, "feature_flags");
	struct json botorch = json_member(&flags, "enable_botorch_gp");
	struct config *c = defaults();

	if (config_read(c, &root, err) != 0) {
		config_free(c);
		return NULL;
	}
	c->stopping = !json_is_null(&improvement) && c->patience_trials > 0;
	c->has_botorch_flag = json_present(&botorch);
	if (c->botorch_flag)
		c->surrogate = SURROGATE_GP;
	return c;
}

void
config_free(struct config *c)
{
	size_t i;

	if (c == NULL)
		return;
	for (i = 0; i < PATH_COUNT; i++)
		free(c->path[i]);
	for (i = 0; i < c->nunknown; i++)
		free(c->unknown[i]);
	free(c->unknown);
	free(c->ingest_schema);
	free(c);
}

int
trial_status_from(const char *text)
{
	int i;

	for (i = 0; i < TRIAL_STATUS_COUNT; i++)
		if (strcmp(text, trial_status_name[i]) == 0)
			return i;
	return -1;
}

const char *
surrogate_name(enum surrogate_type type)
{
	return config_surrogates[type];
}

bool
surrogate_from(const char *text, enum surrogate_type *type)
{
	int i;

	for (i = 0; config_surrogates[i] != NULL; i++)
		if (strcmp(text, config_surrogates[i]) == 0) {
			*type = i > SURROGATE_RANDOM ? SURROGATE_GP :
			    (enum surrogate_type)i;
			return true;
		}
	return false;
}

const char *
acquisition_name(enum acquisition_type type)
{
	return config_acquisitions[type];
}
