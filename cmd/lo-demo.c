#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/xmem.h"
#include "cli/tool.h"

static const struct tool_spec spec = {
	.name = "lo-demo",
	.synopsis = "[-s STEPS] [--keep]",
	.about = "run a throw-away campaign through the pipe",
	.example = "lo-demo -s 10"
};

/* sh knows the status of a pipe's last program only, so the others say in
 * a file that they failed. */
#define INGEST "lo-ingest -cf '{trial_id, result}'"
#define PIPE "lo-suggest | lo-eval -- ./evaluate | " INGEST
#define CHECKED_PIPE "{ { lo-suggest || echo >&3; } | " \
	"{ lo-eval -- ./evaluate || echo >&3; } | " INGEST "; } " \
	"3>../failed && test ! -s ../failed"

static volatile sig_atomic_t caught;

static void
catch_signal(int sig)
{
	caught = sig;
}

/* Show a command, then let sh do it; returns its exit status. */
static int
step(const char *shown, const char *command)
{
	int status;

	fprintf(stderr, "$ %s\n", shown);
	status = system(command);
	if (status != -1 && WIFSIGNALED(status))
		caught = WTERMSIG(status);
	if (status == -1 || caught)
		return LO_IO;
	return WEXITSTATUS(status);
}

static void
say_durability(const struct tool *t)
{
	if (system("grep -q '\"durability\": *\"relaxed\"' "
	    "bo_config.json") == 0)
		tool_warn(t, "\"durability\": \"relaxed\" here: safe against "
		    "kill, not against power loss");
}

/* In a source tree: where to go on. */
static void
say_next(void)
{
	char *bin = tool_bin();
	char *readme = xasprintf("%s/../README.md", bin != NULL ? bin : "");
	char *source = xasprintf("%s/../cmd", bin != NULL ? bin : "");

	if (bin != NULL && access(readme, F_OK) == 0 &&
	    access(source, F_OK) == 0)
		fprintf(stderr, "\nTo go on, see \"Five minutes\" in README.md,"
		    " after\n\n    export PATH=%s:$PATH\n", bin);
	free(source);
	free(readme);
	free(bin);
}

/* The campaign from its beginning to its end, in the current directory. */
static int
play(const struct tool *t, int64_t steps)
{
	char *init = xasprintf("lo-init -t demo --trials %lld campaign",
	    (long long)steps);
	int status = step(init, init);

	free(init);
	if (status != LO_DONE)
		return status;
	fprintf(stderr, "$ cd campaign\n");
	if (chdir("campaign") != 0)
		return LO_IO;
	while (status == LO_DONE && steps-- > 0)
		status = step(PIPE, CHECKED_PIPE);
	if (status == LO_DONE)
		status = step("lo-status -H", "lo-status -H");
	if (status == LO_DONE)
		status = step("lo-best --args", "lo-best --args");
	if (status == LO_DONE)
		say_durability(t);
	return status;
}

int
main(int argc, char **argv)
{
	struct sigaction action = { .sa_handler = catch_signal };
	int64_t steps = 20;
	bool keep = false;
	const struct opt options[] = {
		{ 's', "steps", "STEPS", OPT_COUNT, &steps,
		    "how many trials (default: 20)", 0 },
		{ 0, "keep", NULL, OPT_FLAG, &keep,
		    "do not remove the campaign at the end", 0 },
		OPT_END
	};
	struct tool t;
	struct err err;
	char *dir;
	int status;

	tool_init(&t, &spec, options, argc, argv);
	sigaction(SIGINT, &action, NULL);
	sigaction(SIGTERM, &action, NULL);
	sigaction(SIGHUP, &action, NULL);
	dir = tool_scratch(&err);
	if (dir == NULL)
		return tool_end(&t, tool_fail(&t, &err));
	status = play(&t, steps);
	if (status != LO_DONE)
		tool_warn(&t, caught ? "interrupted" :
		    "the last command failed");
	if (keep)
		tool_warn(&t, "the campaign is kept in %s/campaign", dir);
	tool_scratch_end(&t, dir, keep);
	if (status == LO_DONE)
		say_next();
	if (caught) {
		signal(caught, SIG_DFL);
		raise(caught);
	}
	return tool_end(&t, status);
}
