# SPDX-License-Identifier: GPL-2.0
# Reads tagwatch_syscalls.def, then the installed system call and io_uring headers. Writes the
# feature tables for C (-v form=c) or the vocabulary for the agent (-v form=vocabulary).

function die(text) {
	printf "%s:%d: %s\n", FILENAME, FNR, text > "/dev/stderr"
	failed = 1
	exit 1
}

function slots_in_c(call,    i, n, part, text, at) {
	n = split(slots[call], part, " ")
	for (i = 1; i <= n; i++) {
		split(part[i], at, /[:@]/)
		text = text sprintf("{ TW_EXTRACT_%s, %d }, ", constant(at[2]), at[3])
	}
	return text
}

function constant(label) {
	gsub(/-/, "_", label)
	return toupper(label)
}

# The type by which the agent knows what an extractor gives.
function type_of(extractor) {
	if (extractor == "open-how") return "open-flags"
	if (extractor == "domain") return "address-family"
	if (extractor == "map-protection") return "protection"
	return extractor
}

function slots_in_words(call,    i, n, part, text, at) {
	n = split(slots[call], part, " ")
	for (i = 1; i <= n; i++) {
		split(part[i], at, /[:@]/)
		text = text " " at[1] ":" type_of(at[2])
	}
	return text
}

function call(abi, name, number) {
	if (form == "vocabulary")
		printf "%s %d %s%s\n", abi, number, name, slots_in_words(name)
	else if (name in slots)
		table[abi] = table[abi] sprintf("\t[%d] = { { %s} }, /* %s */\n", number, slots_in_c(name), name)
	seen[abi]++
}

/^#/ && FILENAME ~ /\.def$/ { next }
FILENAME ~ /\.def$/ && NF > 1 {
	if (NF > 5) die("more than four features for " $1)
	name = $1
	$1 = ""
	slots[name] = $0
	next
}
FILENAME ~ /unistd_64\.h$/ && /^#define __NR_/ { call("x86_64", substr($2, 6), $3) }
FILENAME ~ /unistd_32\.h$/ && /^#define __NR_/ { call("i386", substr($2, 6), $3) }
FILENAME ~ /unistd_x32\.h$/ && /^#define __NR_/ { sub(/\)/, "", $5); call("x32", substr($2, 6), $5) }
FILENAME ~ /io_uring\.h$/ && /^\tIORING_OP_[A-Z0-9_]+,/ {
	sub(/,.*/, "", $1)
	if ($1 != "IORING_OP_LAST" && form == "vocabulary")
		printf "io_uring %d %s\n", opcode, tolower(substr($1, 11))
	opcode++
}

END {
	if (failed) exit 1
	if (!seen["x86_64"] || !seen["i386"] || !seen["x32"]) {
		print "no system call numbers found: is linux-libc-dev installed?" > "/dev/stderr"
		exit 1
	}
	if (form == "c")
		for (abi in table)
			printf "static const struct tw_shape shapes_%s[TW_SHAPES] = {\n%s};\n", abi, table[abi]
}
