/*
 * plot: the pictures of a campaign as charts; private to ops.
 *
 * A builder adds one or more charts, or none and says why: -1, LO_REFUSED.
 * Values are those of the (scalarized) objective, trials stand by their
 * ids.  Tables hold at most PLOT_TABLE rows and say what is left out.
 */
#ifndef LO_OPS_PLOT_H
#define LO_OPS_PLOT_H

#include "ops/report.h"
#include "plot/chart.h"

#define PLOT_TABLE 500

struct plot_source {
	const struct report *r;
	bool terminal;		/* fewer things are told apart there */
	size_t param;		/* of a slice */
};

typedef int plot_builder(const struct plot_source *, struct charts *,
	    struct err *);

plot_builder plot_history, plot_trials, plot_timeline, plot_failures;
plot_builder plot_parallel, plot_slice, plot_importance, plot_pareto;
plot_builder plot_calibration;

/* Shared by them. */
double	plot_value(const struct report *, const struct observation *);
/* "loss (lower is better)"; the caller frees. */
char	*plot_value_label(const struct report *);
/* Do values call for a log scale: positive, over three decades? */
bool	plot_spans(size_t n, const double *value);
/* The same of the values of all ok trials. */
bool	plot_values_span(const struct report *);
/* Where failures are marked: beyond the worst. */
double	plot_worst(bool maximize);
/* One row of so many belongs into the table; says so in the chart. */
size_t	plot_every(struct chart *, size_t n);
/* "2026-11-24 12:00:00" (UTC); nothing for NaN. */
void	plot_time(double at, struct buf *);
void	plot_cell_time(struct chart *, double at);

#endif
