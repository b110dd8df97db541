/*
 * config: bo_config.json as a struct.  See bo_config(5).
 */
#ifndef LO_CONTRACT_CONFIG_H
#define LO_CONTRACT_CONFIG_H

#include <stdbool.h>
#include <stdint.h>

#include <jv.h>

#include "base/buf.h"
#include "base/err.h"

enum surrogate_type { SURROGATE_RBF_PROXY, SURROGATE_GP, SURROGATE_RANDOM };
enum acquisition_type {
	ACQ_AUTO, ACQ_EI, ACQ_EI_PROXY, ACQ_UCB, ACQ_EHVI
};

/* Runtime paths, in the order of their keys in struct config. */
enum path_id {
	PATH_STATE, PATH_CSV, PATH_ACQUISITION, PATH_EVENTS, PATH_TRIALS,
	PATH_IMPORTS, PATH_REPORT_JSON, PATH_REPORT_MD, PATH_LOCK,
	PATH_COUNT
};
extern const char *const path_key[PATH_COUNT];	/* "state_file", ... */

/* Statuses of observations, in the order of every document. */
enum trial_status {
	TRIAL_OK, TRIAL_FAILED, TRIAL_KILLED, TRIAL_TIMEOUT,
	TRIAL_STATUS_COUNT
};
extern const char *const trial_status_name[TRIAL_STATUS_COUNT];
/* -1 if the text is none of them. */
int	trial_status_from(const char *);

struct config {
	int64_t seed;
	int64_t max_trials;
	int64_t initial_random_trials;
	int64_t candidate_pool_size;
	int64_t batch_size;
	int64_t max_pending_trials;	/* 0: no limit */
	double max_pending_age;		/* seconds; 0: never stale */
	double lock_timeout;		/* seconds */
	bool worker_leases;

	enum surrogate_type surrogate;
	double length_scale;		/* of rbf_proxy, unit cube */
	int64_t gp_min_fit_observations;	/* 0: not given */
	enum acquisition_type acquisition;
	double kappa, xi;

	bool botorch_flag;		/* feature_flags.enable_botorch_gp */
	bool has_botorch_flag;		/* the key is there */
	bool fallback_to_proxy;
	bool relaxed;			/* durability */
	int noise;			/* -1 not said, 0 none, 1 noisy */

	unsigned allowed_statuses;	/* bit 1 << enum trial_status */
	/* retention; 0: no limit */
	int64_t archives_max_count, archives_max_bytes;
	double archives_max_age;
	int64_t event_log_max_bytes, acquisition_log_max_bytes;

	bool stopping;			/* min_improvement, patience given */
	double min_improvement;
	int64_t patience_trials;

	char *path[PATH_COUNT];		/* as configured, or the default */
	bool has_result_schema;		/* paths.result_schema_file ... */
	char *ingest_schema;		/* paths.ingest_schema_file or NULL */

	char **unknown;			/* paths of unknown keys */
	size_t nunknown;
};

/* Parse a document; file is its name for messages.  Missing keys get the
 * defaults of Looptimum 0.4.  Returns NULL on error. */
struct config *config_from_json(jv borrowed, const char *file, struct err *);
void	config_free(struct config *);

/* The path of the i-th known key (".surrogate.type"), those of "paths" left
 * out; NULL behind the last. */
const char *config_key(size_t i);
const char *surrogate_name(enum surrogate_type);	/* "rbf_proxy"... */
/* False if the text names no surrogate ("auto" and "botorch_gp" do). */
bool	surrogate_from(const char *, enum surrogate_type *);
const char *acquisition_name(enum acquisition_type);

#endif
