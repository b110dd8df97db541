# shellcheck disable=SC2154,SC2016 # run sets stderr; $ is for jq
# lo-events: the event log for other programs.

load helper

teardown() {
	local pid

	for pid in $(jobs -p); do
		kill -s KILL "$pid" 2>/dev/null || :
	done
}

# A campaign with one event of each kind that an evaluator can cause.
busy_campaign() {
	make_campaign .
	lo-suggest -n 5 --jsonl >s
	head -1 s | payload 0.5 | lo-ingest >/dev/null
	sed -n 2p s | payload null timeout | lo-ingest >/dev/null
	lo-cancel 3 >/dev/null
	lo-retire 4 >/dev/null
	sed -n 4p s | payload 0.25 | lo-ingest >/dev/null	# late
	lo-heartbeat 5 >/dev/null
	head -1 s | payload 0.5 | lo-ingest >/dev/null		# duplicate
	lo-void --reason wrong 1 >/dev/null
	lo-void --undo 1 >/dev/null
}

# log LINE...: append to the event log by hand.
log() {
	mkdir -p state
	printf '%s\n' "$@" >>state/event_log.jsonl
}

event() {
	log "{\"event\": \"$1\", \"timestamp\": ${2:-1.5}${3:+, $3}}"
}

# has N FILE: at least N whole lines.
has() {
	[ "$(wc -l <"$2")" -ge "$1" ]
}

@test "each source event has its topic, lock events and heartbeats none" {
	busy_campaign
	run -0 --separate-stderr lo-events
	[ "$stderr" = "" ]
	[ "$(jq -r '[.topic, .source_event, .payload.trial_id] |
	    join(" ")' <<<"$output")" = "$(cat <<-'END'
		suggested suggestion_created 1
		suggested suggestion_created 2
		suggested suggestion_created 3
		suggested suggestion_created 4
		suggested suggestion_created 5
		ingested ingest_applied 1
		failed ingest_applied 2
		failed trial_canceled 3
		failed trial_retired 4
		ingested ingest_late_applied 4
		failed trial_voided 1
		ingested trial_void_undone 1
	END
	)" ]
}

@test "topics of events that other commands log" {
	make_campaign .
	for e in observations_imported observations_exported \
	    report_generated campaign_reset campaign_restored \
	    campaign_restore_failed archives_pruned \
	    governance_override_used governance_violations_detected \
	    lock_acquired lock_released heartbeat ingest_duplicate_noop \
	    something_new; do
		event $e
	done
	event ingest_late_applied 1.5 '"status": "killed"'
	event ingest_applied 1.5 '"status": "ok"'
	run -0 lo-events -rf '[.topic, .source_event] | join(" ")'
	[ "$output" = "$(cat <<-'END'
		ingested observations_imported
		reset campaign_reset
		restore campaign_restored
		restore campaign_restore_failed
		failed ingest_late_applied
		ingested ingest_applied
	END
	)" ]
}

@test "the document: id, time, position, payload" {
	make_campaign .
	event lock_acquired 1.25
	event trial_canceled 1753000000.123457 '"trial_id": 3, "reason": "\u00e4 \"b\"", "extra": {"a": [1.0, null]}'
	run -0 lo-events
	[ "${#lines[@]}" -eq 1 ]
	same "$output" '{"topic": "failed",
	    "event_id": "2:trial_canceled:1753000000123457",
	    "source_event": "trial_canceled",
	    "occurred_at": 1753000000.123457,
	    "cursor": {"line_number": 2, "byte_offset":
	    '"$(wc -c <state/event_log.jsonl)"'},
	    "payload": {"trial_id": 3, "reason": "ä \"b\"",
	    "extra": {"a": [1.0, null]}}}'
}

@test "an event without a time" {
	make_campaign .
	log '{"event": "campaign_reset"}'
	run -0 lo-events -f '[.event_id, .occurred_at]'
	[ "$output" = '["1:campaign_reset:0",null]' ]
}

@test "--topic: one, several, an unknown one" {
	busy_campaign
	[ "$(lo-events --topic suggested | wc -l)" -eq 5 ]
	run -0 lo-events --topic ingested --topic failed -rf .topic
	[ "$(sort <<<"$output" | uniq -c | tr -s ' \n' ' ')" = \
	    ' 4 failed 3 ingested ' ]
	run -0 lo-events --topic reset --topic restore
	[ "$output" = "" ]
	run -2 --separate-stderr lo-events --topic fail
	[[ $stderr == *"--topic: expected suggested, ingested, failed, reset or restore, got 'fail'"* ]]
	run -2 lo-events operand
	run -2 lo-events --topic
}

@test "filters are applied, and one that fails stops without advancing" {
	busy_campaign
	lo-events --cursor cur -f empty >out
	[ ! -s out ]
	[ "$(lo-events --cursor cur | wc -l)" -eq 0 ]
	rm cur
	run -1 --separate-stderr lo-events --cursor cur -f \
	    '.payload.trial_id | if . == 3 then error("no") else . end'
	[ "$output" = "$(printf '1\n2')" ]
	[ "$(lo-events --cursor cur | wc -l)" -eq 12 ]
}

@test "a cursor: what was seen is not seen again" {
	busy_campaign
	[ "$(lo-events --cursor cur | wc -l)" -eq 12 ]
	jq -e --argjson lines "$(wc -l <state/event_log.jsonl)" \
	    --argjson bytes "$(wc -c <state/event_log.jsonl)" \
	    '.line_number == $lines and .byte_offset == $bytes' cur
	run -0 lo-events --cursor cur
	[ "$output" = "" ]
	lo-suggest >/dev/null
	run -0 lo-events --cursor cur -c
	[ "$(json '[.topic, .payload.trial_id] | tojson')" = \
	    '["suggested",6]' ]
	# its id is the same as without a cursor
	[ "$(json .event_id)" = "$(lo-events -rf .event_id | tail -1)" ]
	# one cursor for each, with its own topics
	lo-events --cursor other --topic failed | jq -r .topic >topics
	[ "$(sort -u topics)" = failed ]
}

@test "a cursor can be made from an event" {
	busy_campaign
	lo-events -f .cursor | sed -n 7p >cur
	lo-events | tail -n +8 >want
	lo-events --cursor cur >got
	cmp want got
}

@test "the cursor's file: bad ones are refused and left alone" {
	local bad

	busy_campaign
	for bad in '' '{' '[]' '{}' '{"line_number": 1}' \
	    '{"line_number": -1, "byte_offset": 0}' \
	    '{"line_number": 0, "byte_offset": 9}' \
	    '{"line_number": 1.5, "byte_offset": 9}' \
	    '{"line_number": 1, "byte_offset": 9, "chek": 1}'; do
		echo "$bad" >cur
		run -1 --separate-stderr lo-events --cursor cur
		[ "$output" = "" ]
		[[ $stderr == "lo-events: "*cur* ]]
		[ "$(cat cur)" = "$bad" ]
	done
	mkdir dir
	run -1 lo-events --cursor dir
	run -1 --separate-stderr lo-events --cursor /dev/null
	[[ $stderr == *"expected a regular file"* ]]
	run -1 --separate-stderr lo-events --cursor state/event_log.jsonl
	[[ $stderr == *"campaign's own files"* ]]
	lo-validate --strict
	run -4 lo-events --cursor missing/cur
	[ "$(find . -name '.looptimum.tmp*')" = "" ]
}

@test "a cursor that cannot be written is found before anything is printed" {
	[ "$(id -u)" -ne 0 ] || skip 'root writes anywhere'
	busy_campaign
	mkdir closed
	chmod a-w closed
	run -4 --separate-stderr lo-events --cursor closed/cur
	[ "$output" = "" ]
	[[ $stderr == *closed/cur* ]]
}

@test "a full disk or a reader that went away: 4, the cursor stays" {
	busy_campaign
	run -4 --separate-stderr sh -c 'lo-events --cursor cur >/dev/full'
	[[ $stderr == "lo-events: standard output: "* ]]
	jq -e '.line_number == 0 and .byte_offset == 0' cur
	mkfifo fifo
	exec 5<>fifo
	exec 6>fifo 5<&-
	run -4 --separate-stderr sh -c 'lo-events --cursor cur >&6'
	[ "$stderr" = "" ]
	exec 6>&-
	jq -e '.line_number == 0 and .byte_offset == 0' cur
	[ "$(lo-events --cursor cur | wc -l)" -eq 12 ]
}

@test "a torn last line waits for its newline" {
	make_campaign .
	event campaign_reset
	printf '{"event": "campaign_restored", "timestamp": 2.5}' \
	    >>state/event_log.jsonl
	run -0 --separate-stderr lo-events --cursor cur -rf .topic
	[ "$output" = reset ]
	[ "$stderr" = "" ]
	echo >>state/event_log.jsonl
	run -0 lo-events --cursor cur -rf .topic
	[ "$output" = restore ]
}

@test "a bad line is said with its number and passed over, exit status 1" {
	local bad

	make_campaign .
	for bad in '{"event": oops}' '[]' ''; do
		rm -rf state cur
		event campaign_reset
		log "$bad"
		event campaign_restored 2.5
		run -1 --separate-stderr lo-events --cursor cur -rf .topic
		[ "$output" = "$(printf 'reset\nrestore')" ]
		[ "${#stderr_lines[@]}" -eq 1 ]
		[[ $stderr == "lo-events: state/event_log.jsonl"*2* ]]
		run -0 --separate-stderr lo-events --cursor cur
		[ "$output$stderr" = "" ]
	done
}

@test "another log under the cursor: starts over and says so" {
	busy_campaign
	lo-events --cursor cur >/dev/null
	# shorter
	rm state/event_log.jsonl
	event campaign_reset
	run -0 --separate-stderr lo-events --cursor cur -rf .topic
	[ "$output" = reset ]
	[[ $stderr == "lo-events: state/event_log.jsonl: "*"starting over at its beginning" ]]
	# of the same length, and longer
	sed 's/1\.5/2.5/' state/event_log.jsonl >new
	cat new >state/event_log.jsonl
	run -0 --separate-stderr lo-events --cursor cur -rf .occurred_at
	[ "$output" = 2.5 ]
	[[ $stderr == *"starting over"* ]]
	sed 's/2\.5/3.5/' state/event_log.jsonl >new
	cat new new >state/event_log.jsonl
	run -0 --separate-stderr lo-events --cursor cur -rf .occurred_at
	[ "$output" = "$(printf '3.5\n3.5')" ]
	[[ $stderr == *"starting over"* ]]
}

@test "the same log as another file goes on where it was" {
	busy_campaign
	lo-events --cursor cur >/dev/null
	cp state/event_log.jsonl copy
	mv copy state/event_log.jsonl
	event campaign_reset
	run -0 --separate-stderr lo-events --cursor cur -rf .topic
	[ "$output" = reset ]
	[ "$stderr" = "" ]
}

@test "a log that is missing, or a campaign in which nothing happened" {
	make_campaign c
	snapshot c >before
	run -0 --separate-stderr lo-events -C c
	[ "$output$stderr" = "" ]
	run -0 lo-events -C c --cursor cur
	snapshot c >after
	cmp before after
	jq -e '.line_number == 0' cur
}

@test "a change that a crash left in the journal is seen, once" {
	command -v strace >/dev/null || skip 'no strace'
	busy_campaign
	lo-events --follow >out 2>err 3>&- &
	wait_for 10 has 12 out
	lo-events --cursor cur >/dev/null
	# killed right behind the rename that commits
	run strace -f -o /dev/null -e trace=renameat,rename,renameat2 \
	    -e inject=renameat,rename,renameat2:signal=KILL:when=2 \
	    lo-suggest
	[ -e state/.looptimum.journal ]
	run -1 grep -q '"trial_id": 6' state/event_log.jsonl
	run -0 lo-events --cursor cur -rf '[.topic, .payload.trial_id] | join(" ")'
	[ "$output" = 'suggested 6' ]
	wait_for 10 has 13 out
	lo-suggest >/dev/null
	[ ! -e state/.looptimum.journal ]
	run -0 lo-events --cursor cur -rf '[.topic, .payload.trial_id] | join(" ")'
	[ "$output" = 'suggested 7' ]
	wait_for 10 has 14 out
	kill $!
	[ "$(jq -r .event_id out)" = "$(lo-events -rf .event_id)" ]
	[ ! -s err ]
}

@test "--follow: events as they come" {
	busy_campaign
	lo-events --follow >out 2>err 3>&- &
	wait_for 10 has 12 out
	tail -1 s | payload 0.75 | lo-ingest >/dev/null
	wait_for 10 has 13 out
	lo-suggest >/dev/null
	wait_for 10 has 14 out
	kill -s TERM $!
	wait $! || status=$?
	[ "$status" -eq 143 ]
	[ ! -s err ]
	[ "$(tail -2 out | jq -r '[.topic, .payload.trial_id] |
	    join(" ")')" = "$(printf 'ingested 5\nsuggested 6')" ]
	[ "$(jq -r .event_id out)" = "$(lo-events -rf .event_id)" ]
}

@test "--follow: from before the first event on" {
	make_campaign .
	lo-events --follow --topic suggested >out 2>err 3>&- &
	sleep 0.3
	lo-suggest >/dev/null
	wait_for 10 has 1 out
	kill $!
}

@test "--follow: goes on after kill -9, nothing lost and nothing twice" {
	busy_campaign
	lo-events --follow --cursor cur >one 2>err 3>&- &
	seen() { jq -e --argjson n "$(wc -l <state/event_log.jsonl)" \
	    '.line_number == $n' cur >/dev/null 2>&1; }
	wait_for 10 seen
	kill -s KILL $!
	wait $! || :
	lo-suggest -n 3 >/dev/null
	lo-events --cursor cur >two
	lo-events >all
	cat one two | cmp - all
	[ "$(find . -name '.looptimum.tmp*')" = "" ]
}

@test "--follow: SIGINT and SIGTERM kill it, the cursor is whole" {
	local sig

	busy_campaign
	cat >signalled.py <<-'END'
		import os, signal, subprocess, sys, time
		signal.signal(signal.SIGINT, signal.default_int_handler)
		n = getattr(signal, sys.argv[1])
		p = subprocess.Popen(["lo-events", "--follow", "--cursor",
		    "cur"], stdout=open("out", "w"))
		want = open("state/event_log.jsonl").read().count("\n")
		for i in range(200):
		    time.sleep(0.05)
		    try:
		        if '"line_number":%d,' % want in open("cur").read():
		            break
		    except OSError:
		        pass
		p.send_signal(n)
		sys.exit(0 if p.wait(10) == -n else 1)
	END
	for sig in SIGINT SIGTERM SIGHUP; do
		rm -f cur
		python3 signalled.py $sig 3>&-
		[ "$(wc -l <out)" -eq 12 ]
		[ "$(lo-events --cursor cur | wc -l)" -eq 0 ]
	done
}

@test "--follow: a reset or restore in between" {
	busy_campaign
	lo-events --follow --cursor cur >out 2>err 3>&- &
	wait_for 10 has 12 out
	# replaced
	echo '{"event": "campaign_reset", "timestamp": 9.5}' >new
	mv new state/event_log.jsonl
	wait_for 10 has 13 out
	[ "$(tail -1 out | jq -r .event_id)" = 1:campaign_reset:9500000 ]
	grep -q 'starting over' err
	event suggestion_created 10.5 '"trial_id": 1'
	wait_for 10 has 14 out
	[ "$(tail -1 out | jq .cursor.line_number)" -eq 2 ]
	# cut short
	: >state/event_log.jsonl
	wait_for 10 grep -c -q . err
	event campaign_restored 11.5
	wait_for 10 has 15 out
	[ "$(tail -1 out | jq -r .event_id)" = 1:campaign_restored:11500000 ]
	# gone for a moment
	mv state/event_log.jsonl away
	sleep 0.5
	cat away >state/event_log.jsonl
	event campaign_reset 12.5
	wait_for 10 has 16 out
	[ "$(tail -1 out | jq -r .event_id)" = 2:campaign_reset:12500000 ]
	kill $!
	wait $! || :
	[ "$(grep -c 'starting over' err)" -eq 2 ]
}

@test "--follow: lo-reset and lo-archive restore, nothing after is lost" {
	local id follower

	busy_campaign
	lo-events --follow --cursor cur >out 2>err 3>&- &
	follower=$!
	wait_for 10 has 12 out
	lo-reset -y >/dev/null
	lo-suggest >/dev/null
	wait_for 10 has 14 out
	[ "$(tail -n +13 out | jq -r .event_id)" = "$(lo-events -rf .event_id)" ]
	id=$(basename state/reset_archives/reset-*)
	lo-archive restore -y "$id" >/dev/null
	lo-cancel 5 >/dev/null
	# all that the archive's log says, with the ids it had, and what is new
	wait_for 10 has 28 out
	sleep 0.5
	[ "$(wc -l <out)" -eq 28 ]
	[ "$(tail -n +15 out | jq -r .event_id)" = "$(lo-events -rf .event_id)" ]
	cmp <(head -12 out | jq -r .event_id) \
	    <(sed -n 15,26p out | jq -r .event_id)
	[ "$(tail -2 out | jq -r .topic | tr '\n' ' ')" = 'restore failed ' ]
	[ "$(grep -c 'starting over' err)" -eq 2 ]
	[ "$(lo-events --cursor cur | wc -l)" -eq 0 ]
	kill $follower
}

@test "--follow: a torn line waits, a bad one is passed over" {
	make_campaign .
	event campaign_reset
	printf '{"event": "campaign_re' >>state/event_log.jsonl
	lo-events --follow >out 2>err 3>&- &
	wait_for 10 has 1 out
	sleep 0.5
	[ "$(wc -l <out)" -eq 1 ]
	log 'stored", "timestamp": 2}' 'bad' \
	    '{"event": "campaign_reset", "timestamp": 3}'
	wait_for 10 has 3 out
	kill $!
	[ "$(jq -r .source_event out | tr '\n' ' ')" = \
	    'campaign_reset campaign_restored campaign_reset ' ]
	grep -q 'event_log.jsonl.*3' err
}

@test "--follow: ends when its reader has gone, though nothing happens" {
	busy_campaign
	run -0 timeout 20 bash -c 'lo-events --follow 2>err | head -1 >out
		[ "${PIPESTATUS[0]}" -eq 4 ]'
	[ ! -s err ]
	has 1 out
}

@test "--follow: a broken state or contract file does not end it" {
	busy_campaign
	lo-events --follow >out 2>err 3>&- &
	wait_for 10 has 12 out
	echo '{' >parameter_space.json
	event campaign_reset 9.5
	wait_for 10 has 13 out
	kill $!
}

@test "nothing is changed and the lock is not waited for" {
	busy_campaign
	snapshot state >../before
	lo-events >/dev/null
	snapshot state >../after
	cmp ../before ../after
	command -v flock >/dev/null || skip 'no flock(1)'
	exec 7<state/.looptimum.lock
	flock 7
	[ "$(lo-events | wc -l)" -eq 12 ]
	exec 7<&-
}

@test "a moved log, links, no input" {
	make_campaign . '.paths.event_log_file = "logs/what.jsonl"'
	lo-suggest >/dev/null
	echo '{"line_number": 0, "byte_offset": 0}' >real-cur
	ln -s real-cur cur
	run -0 sh -c 'lo-events --cursor cur -rf .topic <&-'
	[ "$output" = suggested ]
	[ -L cur ]
	jq -e '.line_number > 0' real-cur
}

@test "many events, in chunks" {
	make_campaign .
	mkdir state
	jq -n -c 'range(1000) | {event: "suggestion_created",
	    timestamp: (. + 0.5), trial_id: (. + 1)}' >state/event_log.jsonl
	run -0 lo-events --cursor cur -f .payload.trial_id
	[ "$output" = "$(seq 1000)" ]
}
