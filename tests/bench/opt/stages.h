/*
 * stages: two simulations of a decision at each of many stages.
 *
 * Both average over 100 paths whose random numbers are always the same, so
 * each is one deterministic function.
 */
#ifndef TESTS_BENCH_OPT_STAGES_H
#define TESTS_BENCH_OPT_STAGES_H

#define PEST_STAGES 25
#define CONTAMINATION_STAGES 21

/* Pest control: no pesticide (0) or one of four; Oh, Tomczak, Gavves and
 * Welling 2019, "Combinatorial Bayesian Optimization using the Graph
 * Cartesian Product", and the program beside it.  Pests grow tolerant of
 * what is used often, and what is used often costs less. */
double	stages_pest(const int *choice);

/* Contamination of food on its way: act (1) at a cost of 1, or not; Hu, Hu,
 * Xu, Wang and Cao 2010, with the constants of Baptista and Poloczek 2018,
 * a weight of 1e-2 on the number of actions. */
double	stages_contamination(const int *act);

#endif
