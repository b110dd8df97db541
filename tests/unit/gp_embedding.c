/* gp: whatever the search space, its distances are those of points in a
 * Euclidean space, so that every covariance matrix is positive semi-definite.
 * Eigenvalues are GSL's. */
#include <math.h>

#include <gsl/gsl_eigen.h>

#include "contract/encode.h"
#include "model/gp_objective.h"
#include "model/rng.h"
#include "ops/propose_rows.h"

#include "documents.h"

#define SPACES 150
#define POINTS 24
#define MOST 9			/* parameters */

/* Types by which parameter i is one of four kinds. */
enum kind { FLOAT, INT, BOOL, CATEGORICAL };

static void
add_type(struct buf *text, enum kind kind)
{
	static const char *const type[] = {
		"'type':'float','bounds':[-2,5]",
		"'type':'int','bounds':[1,4]",
		"'type':'bool'",
		"'type':'categorical','choices':['a','b','c','d']"
	};

	buf_adds(text, type[kind]);
}

/* A condition on a parameter of that kind, true for one value or two. */
static void
add_condition(struct buf *text, struct rng *rng, size_t i, enum kind kind)
{
	unsigned a = rng_below(rng, 3);

	buf_addf(text, "'p%zu':", i);
	if (kind == BOOL)
		buf_adds(text, a > 0 ? "true" : "false");
	else if (kind == INT)
		buf_addf(text, "[%u,%u]", a + 1, a + 2);
	else
		buf_addf(text, "['%c','%c']", 'a' + (char)a, 'b' + (char)a);
}

/* Trees (and more) of conditions: each parameter may hang on up to two of
 * those before it. */
static struct space *
random_space(struct rng *rng)
{
	struct buf text = BUF_INIT;
	enum kind kind[MOST];
	size_t n = 2 + rng_below(rng, MOST - 1), i, k, conditions;
	struct space *s;

	buf_adds(&text, "{'parameters':[");
	for (i = 0; i < n; i++) {
		kind[i] = (enum kind)rng_below(rng, 4);
		buf_addf(&text, "%s{'name':'p%zu',", i > 0 ? "," : "", i);
		add_type(&text, kind[i]);
		for (k = conditions = 0; k < i && conditions < 2; k++) {
			if (kind[k] == FLOAT || rng_uniform(rng) > 0.4)
				continue;
			buf_adds(&text, conditions++ > 0 ? "," :
			    ",'when':{");
			add_condition(&text, rng, k, kind[k]);
		}
		buf_adds(&text, conditions > 0 ? "}}" : "}");
	}
	buf_adds(&text, "]}");
	s = make_space(buf_str(&text));
	buf_release(&text);
	return s;
}

static void
random_rows(const struct space *s, struct rng *rng, double *row)
{
	double u[MOST], point[MOST];
	size_t i, j;

	for (i = 0; i < POINTS; i++) {
		for (j = 0; j < s->n; j++)
			u[j] = rng_uniform(rng);
		encode_sample(s, NULL, u, point);
		rows_encode(s, point, row + i * s->n);
	}
}

static double
smallest_eigenvalue(gsl_matrix *a)
{
	gsl_eigen_symm_workspace *w = gsl_eigen_symm_alloc(a->size1);
	gsl_vector *v = gsl_vector_alloc(a->size1);
	double least;

	assert_int_equal(gsl_eigen_symm(a, v, w), 0);
	least = gsl_vector_min(v);
	gsl_vector_free(v);
	gsl_eigen_symm_free(w);
	return least;
}

/* Squared distances of the rows, under weights of all sizes. */
static void
fill_distances(const struct space *s, struct rng *rng, gsl_matrix *d)
{
	double row[POINTS * MOST], w[MOST], r2;
	struct gp_dim dim[MOST];
	size_t i, j, k;

	rows_dims(s, dim);
	random_rows(s, rng, row);
	for (k = 0; k < s->n; k++)
		w[k] = pow(10, 4 * rng_uniform(rng) - 3);
	for (i = 0; i < POINTS; i++)
		for (j = 0; j < POINTS; j++) {
			for (k = 0, r2 = 0; k < s->n; k++)
				r2 += w[k] * gp_distance(&dim[k],
				    row[i * s->n + k], row[j * s->n + k]);
			gsl_matrix_set(d, i, j, r2);
		}
}

/* Schoenberg 1935: squared distances d are Euclidean exactly where
 * (d_i0 + d_0j - d_ij) / 2 has no negative eigenvalue. */
static void
seen_from_the_first(const gsl_matrix *d, gsl_matrix *g)
{
	size_t i, j;

	for (i = 0; i < POINTS; i++)
		for (j = 0; j < POINTS; j++)
			gsl_matrix_set(g, i, j, (gsl_matrix_get(d, i, 0) +
			    gsl_matrix_get(d, 0, j) -
			    gsl_matrix_get(d, i, j)) / 2);
}

static void
covariances_have_no_negative_eigenvalue(void **state)
{
	gsl_matrix *d = gsl_matrix_alloc(POINTS, POINTS);
	gsl_matrix *a = gsl_matrix_alloc(POINTS, POINTS);
	struct rng rng;
	struct space *s;
	size_t i, k, conditional = 0;

	(void)state;
	rng_init(&rng, 1, 1, RNG_RANDOM);
	for (i = 0; i < SPACES; i++) {
		s = random_space(&rng);
		for (k = 0; k < s->n; k++)
			conditional += s->param[k].nwhen > 0;
		fill_distances(s, &rng, d);
		seen_from_the_first(d, a);
		assert_true(smallest_eigenvalue(a) >=
		    -1e-12 * (1 + gsl_matrix_max(d)));
		for (k = 0; k < POINTS * POINTS; k++)
			a->data[k] = matern52(d->data[k]);
		assert_true(smallest_eigenvalue(a) >= -1e-12);
		space_free(s);
	}
	assert_true(conditional > 2 * SPACES);
	gsl_matrix_free(a);
	gsl_matrix_free(d);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(covariances_have_no_negative_eigenvalue),
	};

	return cmocka_run_group_tests_name("gp_embedding", tests, NULL,
	    NULL);
}
