# SPDX-License-Identifier: GPL-2.0
# awk -f update.awk TABLE LIST: the table as it has to be for the hooks of LIST (from list.awk).
# An id belongs to a name for good: a hook that is gone keeps it, a new one gets the next free one.
# What changed goes to standard error, one line each; the exit code is 1 if anything did.

BEGIN { FS = OFS = "\t"; last = 0 }

# Refusing makes sense where the caller hands the answer on to the program as a lack of rights.
function can_deny(name, result, neutral) {
	if (result != "int" || neutral != "0") return "-"
	if (name ~ /alloc|free|getsec|secid|secctx|init_security|audit|show_options|killpriv/) return "-"
	if (name ~ /ismaclabel|skipcap|xfrm|eat_lsm|mnt_opts|vm_enough|notification|rcv_skb/) return "-"
	if (name ~ /listsecurity|copy_up|setsecurity|fs_context|conn_request|ib_|sctp|mptcp/) return "-"
	return "deny"
}

function say(what, name, detail) {
	printf "%-9s %s%s\n", what, name, detail > "/dev/stderr"
	changes++
}

FNR == 1 { file++ }
/^#/ { if (file == 1) heading = heading $0 "\n"; next }

file == 1 {
	order[++rows] = $2
	id[$2] = $1
	deny[$2] = $3
	signature[$2] = $4 OFS $5 OFS $6
	if ($1 > last) last = $1
	next
}

{
	now = $2 OFS $3 OFS $4
	here[$1] = 1
	if (!($1 in id)) {
		id[$1] = ++last
		deny[$1] = can_deny($1, $2, $3)
		order[++rows] = $1
		say("appeared", $1, ": " $2 " (" $4 "), id " last)
	} else if (signature[$1] ~ /^\?/) {
		# known by name alone
		deny[$1] = can_deny($1, $2, $3)
	} else if (signature[$1] ~ /^-/) {
		say("returned", $1, ": " $2 " (" $4 ")")
		deny[$1] = can_deny($1, $2, $3)
	} else if (signature[$1] != now) {
		split(signature[$1], was, OFS)
		say("changed", $1, ": " was[1] " " was[2] " (" was[3] ") is now " $2 " " $3 " (" $4 ")")
		if ($2 != "int" || $3 != "0") deny[$1] = "-"
	}
	signature[$1] = now
}

END {
	printf "%s", heading
	for (i = 1; i <= rows; i++) {
		name = order[i]
		if (!(name in here)) {
			if (signature[name] !~ /^-/) say("vanished", name, "")
			deny[name] = "-"
			signature[name] = "-" OFS "-" OFS "-"
		}
		print id[name], name, deny[name], signature[name]
	}
	exit changes > 0
}
