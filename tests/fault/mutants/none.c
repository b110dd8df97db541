/* wrap:
 * tools: lo-ingest
 * check: power.py --tool ingest-typed --recoveries 0 --states 15
 * No fault: this one must survive, or the others say nothing. */
extern int no_fault;
