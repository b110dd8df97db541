/* knob_run: tools, run and remembered.  See knob.h. */
#include <sys/stat.h>
#include <sys/wait.h>

#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#ifdef __ELF__
#include <elf.h>
#endif

#include "base/xmem.h"
#include "store/file.h"

#include "knob.h"
#include "task.h"

#define ARGUMENTS 64

static const char *
directory(void)
{
	const char *dir = getenv("OPT_BENCH_CACHE");

	return dir != NULL && *dir != '\0' ? dir : "build/opt-bench-cache";
}

/* Where it is in PATH, which is what tells an updated tool from the old. */
static bool
find(const struct knob_tool *tool, struct stat *st)
{
	const char *path = getenv("PATH"), *end;
	char *file;
	bool found = false;

	for (; path != NULL && *path != '\0' && !found; path = end) {
		end = path + strcspn(path, ":");
		file = xasprintf("%.*s/%s", (int)(end - path), path,
		    tool->name);
		found = access(file, X_OK) == 0 && stat(file, st) == 0;
		free(file);
		end += *end == ':';
	}
	return found;
}

bool
knob_exists(const struct knob_tool *tool)
{
	struct stat st;

#ifndef __ELF__
	if (tool->size == knob_code_size)
		return false;
#endif
	return find(tool, &st);
}

static void
die(const char *what)
{
	fprintf(stderr, "opt-bench: cannot write %s\n", what);
	exit(1);
}

/* Through a file of our own and rename: others may do the same now. */
static void
put(const char *path, const struct buf *text)
{
	char *temp = xasprintf("%s.%ld", path, (long)getpid());
	int fd = open(temp, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);

	if (fd < 0 || file_write_all(fd, text->p, text->len) < 0 ||
	    close(fd) < 0 || rename(temp, path) < 0)
		die(path);
	free(temp);
}

static void
prepare(const struct knob_tool *tool, const char *source)
{
	struct buf text = BUF_INIT;

	(void)mkdir("build", 0777);
	(void)mkdir(directory(), 0777);
	if (access(source, R_OK) == 0)
		return;
	knob_sample(&text, tool->functions);
	put(source, &text);
	buf_release(&text);
}

static void
child(char *const *argv)
{
	int null = open("/dev/null", O_RDWR);

	if (null < 0 || dup2(null, 0) < 0 || dup2(null, 1) < 0 ||
	    dup2(null, 2) < 0)
		_exit(127);
	execvp(argv[0], argv);
	_exit(127);
}

static bool
run(const struct knob_tool *tool, const char *arguments, const char *source,
    char *output)
{
	char *text = xstrdup(arguments), *name = xstrdup(tool->name), *save;
	char *last = xstrdup(source), flag[] = "-o", *argv[ARGUMENTS];
	size_t n = 0;
	int status;
	pid_t pid;

	argv[n++] = name;
	for (argv[n] = strtok_r(text, " ", &save); argv[n] != NULL &&
	    n < ARGUMENTS - 5; argv[n] = strtok_r(NULL, " ", &save))
		n++;
	argv[n++] = flag;
	argv[n++] = output;
	argv[n++] = last;
	argv[n] = NULL;
	pid = fork();
	if (pid == 0)
		child(argv);
	if (pid < 0 || waitpid(pid, &status, 0) != pid)
		status = 1;
	free(text);
	free(name);
	free(last);
	return status == 0;
}

static double
fresh(const struct knob_tool *tool, const char *arguments)
{
	char *source = xasprintf("%s/%s", directory(), tool->source);
	char *output = xasprintf("%s/%s.%ld.out", directory(), tool->name,
	    (long)getpid());
	double size = -1;

	prepare(tool, source);
	if (run(tool, arguments, source, output))
		size = tool->size(output);
	(void)unlink(output);
	free(source);
	free(output);
	return size;
}

/* A kept file is the key, a line break and the value. */
static bool
kept(const char *path, const char *key, double *value)
{
	struct buf text = BUF_INIT;
	struct err err;
	size_t len = strlen(key);
	bool found = file_slurp_path(path, &text, &err) == 1 &&
	    text.len > len + 1 && memcmp(text.p, key, len) == 0 &&
	    text.p[len] == '\n';

	if (found)
		*value = strtod(text.p + len + 1, NULL);
	buf_release(&text);
	return found;
}

double
knob_measure(const struct knob_tool *tool, const char *arguments)
{
	struct buf text = BUF_INIT;
	struct stat st;
	char *key, *path;
	double value;

	if (!find(tool, &st))
		return -1;
	key = xasprintf("%s %lld %lld %zu %s", tool->name,
	    (long long)st.st_size, (long long)st.st_mtime, tool->functions,
	    arguments);
	path = xasprintf("%s/%016llx", directory(),
	    (unsigned long long)task_hash(key));
	if (!kept(path, key, &value)) {
		value = fresh(tool, arguments);
		buf_addf(&text, "%s\n%.0f\n", key, value);
		put(path, &text);
	}
	buf_release(&text);
	free(key);
	free(path);
	return value;
}

double
knob_file_size(const char *path)
{
	struct stat st;

	return stat(path, &st) == 0 ? (double)st.st_size : -1;
}

#ifdef __ELF__
double
knob_code_size(const char *path)
{
	struct buf text = BUF_INIT;
	struct err err;
	double size = -1;
	Elf64_Ehdr head;
	Elf64_Shdr section;
	size_t i, at;

	if (file_slurp_path(path, &text, &err) != 1 ||
	    text.len < sizeof(head))
		goto out;
	memcpy(&head, text.p, sizeof(head));
	if (memcmp(head.e_ident, ELFMAG, SELFMAG) != 0 ||
	    head.e_ident[EI_CLASS] != ELFCLASS64)
		goto out;
	size = 0;
	for (i = 0; i < head.e_shnum; i++) {
		at = head.e_shoff + i * sizeof(section);
		if (at + sizeof(section) > text.len)
			break;
		memcpy(&section, text.p + at, sizeof(section));
		if (section.sh_flags & SHF_EXECINSTR)
			size += (double)section.sh_size;
	}
out:
	buf_release(&text);
	return size;
}
#else
double
knob_code_size(const char *path)
{
	(void)path;
	return -1;
}
#endif
