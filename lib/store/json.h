/*
 * json: strict reading, fields that know their path, writing in our form.
 *
 * Reading.  Text is scanned before libjq sees it, because libjq takes much
 * that JSON is not: json_scan refuses duplicate keys, NaN and Infinity,
 * numbers that overflow a double, integers beyond 2^53, invalid UTF-8,
 * nesting deeper than 256 and trailing garbage, each with line and column.
 *
 * Fields.  A struct json is a borrowed jv plus where it stands: file and
 * path.  It lives as long as the root jv, which the caller owns and frees
 * with jv_free.  Getters fail with "FILE: .path: expected X, got Y".
 *
 * Writing.  A struct jw appends to a buf, in the order of the calls (style
 * JW_LOG sorts keys).  Reals carry a point or an exponent, integers do not.
 */
#ifndef LO_STORE_JSON_H
#define LO_STORE_JSON_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <jv.h>

#include "base/buf.h"
#include "base/err.h"

#define JSON_DEPTH 256

/* ------------------------------------------------------------- text */

/* A piece of text that holds one JSON value (or an object's key, without
 * its quotes and with its escapes). */
struct span {
	const char *p;
	size_t len;
};

/* Check that text is exactly one JSON value with white space around it.
 * file names the source in the message; line counts from first_line. */
int	json_scan(const char *text, size_t len, const char *file,
	    size_t first_line, struct err *);

/* Scan, then parse.  The caller frees the result; invalid jv on error. */
jv	json_parse(const char *text, size_t len, const char *file,
	    struct err *);

/* Parse text that json_scan accepted before. */
jv	json_parse_scanned(struct span, struct err *);

/*
 * Walk the members of an object or the elements of an array in text that
 * json_scan accepted:
 *	struct json_walk w = json_walk(value);
 *	while (json_next(&w)) use(w.key, w.value);
 * For arrays key.p is NULL.  Anything but a container has no members.
 */
struct json_walk {
	struct span key, value;
	const char *at, *end;
	bool object;
};
struct json_walk json_walk(struct span);
bool	json_next(struct json_walk *);
/* The member named key, or an empty span. */
struct span json_find(struct span object, const char *key);
/* Several in one walk, an empty span for each that is not there; keys end
 * in NULL. */
void	json_find_all(struct span object, const char *const keys[],
	    struct span *found);

/* How many containers the value has within each other, itself included. */
size_t	json_depth(struct span scanned);

/* Cut the first value off text that holds scanned values one after the
 * other; false when there is none left. */
bool	json_split(struct span *text, struct span *value);

/*
 * A stream of values: one object, concatenated values, JSONL.  Returns 1
 * and the value's text in *value (valid until the next call), 0 at the end
 * of input, -1 on error.  A value is returned as soon as it is complete,
 * even though the writer stays open.  After a syntax error the stream is
 * at its end.  *line is the line on which the value began.  On a
 * descriptor that does not block, 2: nothing complete yet, call again.
 */
struct json_stream;
struct json_stream *json_stream_new(int fd, const char *file);
int	json_stream_next(struct json_stream *, struct span *value,
	    size_t *line, struct err *);
void	json_stream_free(struct json_stream *);

/* ----------------------------------------------------------- fields */

struct json {
	jv v;			/* invalid kind: there is no such member */
	const struct json *up;
	const char *key;	/* NULL for an element */
	int index;
	const char *file;
};

struct json json_root(jv borrowed, const char *file);
struct json json_member(const struct json *object, const char *key);
struct json json_element(const struct json *array, int index);
bool	json_present(const struct json *);	/* is there, perhaps null */
bool	json_is_null(const struct json *);	/* absent or null */
/* "FILE: .a.b[2]: expected EXPECTED, got VALUE"; returns -1. */
int	json_expected(const struct json *, const char *expected,
	    struct err *);
/* The same with words of the caller's: "FILE: .a.b[2]: WORDS". */
int	json_complain(const struct json *, struct err *, const char *fmt, ...)
	    __attribute__((format(printf, 3, 4)));
/* Path such as ".parameters[2].bounds" ("." for the root), appended. */
void	json_path(const struct json *, struct buf *);

/* 0, or -1 if absent or of another kind.  Text is borrowed, and must hold
 * no NUL byte. */
int	json_real(const struct json *, double *, struct err *);
int	json_int(const struct json *, int64_t lo, int64_t hi, int64_t *,
	    struct err *);
int	json_bool(const struct json *, bool *, struct err *);
int	json_text(const struct json *, const char **, struct err *);
int	json_object(const struct json *, struct err *);
int	json_array(const struct json *, int *length, struct err *);

/* Every key of the object must stand in the NULL-terminated list. */
int	json_only(const struct json *, const char *const keys[],
	    struct err *);
bool	json_is_one_of(const char *key, const char *const keys[]);

/* Members in file order: *i starts at jv_object_iter(v). */
bool	json_each(const struct json *object, int *i, const char **key,
	    struct json *member);

/* ---------------------------------------------------------- writing */

enum jw_style {
	JW_COMPACT,	/* {"a":1,"b":[2.0]}                 stdout */
	JW_PRETTY,	/* two spaces, as json.dumps(indent=2)  documents */
	JW_LOG		/* {"a": 1, "b": [2.0]}, ASCII, sorted keys  logs */
};

struct jw_level;
struct jw {
	struct buf *out;
	enum jw_style style;
	int depth;		/* indentation begins here */
	bool colour;		/* as jq colours */
	bool after_key;
	struct jw_level *stack;
	size_t nstack, cap;
};

void	jw_init(struct jw *, struct buf *out, enum jw_style);
/* Every container must be closed by then. */
void	jw_release(struct jw *);
void	jw_object(struct jw *);
void	jw_array(struct jw *);
void	jw_end(struct jw *);		/* closes either */
void	jw_key(struct jw *, const char *);
void	jw_keyn(struct jw *, const char *, size_t);
void	jw_null(struct jw *);
void	jw_bool(struct jw *, bool);
void	jw_int(struct jw *, int64_t);
void	jw_real(struct jw *, double);	/* NaN and infinities: null */
void	jw_text(struct jw *, const char *);	/* NULL: null */
void	jw_textn(struct jw *, const char *, size_t);
/* A borrowed jv; integral numbers are written as integers. */
void	jw_jv(struct jw *, jv);
/* The same, but what is a real in the scanned text like, at the same place,
 * is written as one: 1.0 stays 1.0. */
void	jw_like(struct jw *, jv, struct span like);
/* The members of an object so, but those in the list (NULL: all). */
void	jw_members_like(struct jw *, jv object, struct span like,
	    const char *const but[]);
/* Scanned JSON text, brought into this style; numbers keep their text.  No
 * text at all: null. */
void	jw_raw(struct jw *, struct span);
/* The bytes as they are, placed as one value. */
void	jw_bytes(struct jw *, struct span);

/* Scanned JSON text in another style, without parsing its numbers;
 * colour as jq does it. */
void	json_restyle(struct span, enum jw_style, bool colour, struct buf *);

/* "key": ... in one call */
#define JW_KEY(w, key, kind, ...) \
	do { jw_key(w, key); jw_##kind(w, __VA_ARGS__); } while (0)

#endif
