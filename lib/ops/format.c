#include <string.h>
#include <strings.h>
#include <sys/stat.h>

#include "ops/format.h"

const char *
format_name(enum record_format format)
{
	return format == FORMAT_CSV ? "csv" : "jsonl";
}

static bool
ends_in(const char *file, const char *end)
{
	size_t n = strlen(file), m = strlen(end);

	return n > m && strcasecmp(file + n - m, end) == 0;
}

/* A pipe that has a name. */
static bool
is_pipe(const char *file)
{
	struct stat st;

	return stat(file, &st) == 0 && !S_ISREG(st.st_mode) &&
	    !S_ISDIR(st.st_mode);
}

int
format_of(enum record_format *format, const char *file, struct err *err)
{
	if (*format != FORMAT_AUTO)
		return 0;
	*format = FORMAT_JSONL;
	if (file == NULL || ends_in(file, ".jsonl") ||
	    ends_in(file, ".ndjson"))
		return 0;
	if (ends_in(file, ".csv"))
		*format = FORMAT_CSV;
	else if (!is_pipe(file))
		return err_set(err, LO_USAGE, "%s: expected a name that "
		    "ends in .csv, .jsonl or .ndjson; with another one say "
		    "--format csv or --format jsonl", file);
	return 0;
}

int
op_format(const char *name, enum record_format *format)
{
	*format = strcmp(name, "csv") == 0 ? FORMAT_CSV :
	    strcmp(name, "jsonl") == 0 ? FORMAT_JSONL : FORMAT_AUTO;
	return *format != FORMAT_AUTO ? 0 : -1;
}
