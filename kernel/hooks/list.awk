# SPDX-License-Identifier: GPL-2.0
# Reads a kernel's include/linux/lsm_hook_defs.h and writes one line for each hook, separated by
# tabs: name, type of the result, neutral result, parameters.

# White space differs between releases where nothing else does.
function trim(text) {
	gsub(/[ \t]+/, " ", text)
	gsub(/ ?\* ?/, " *", text)
	gsub(/\* \*/, "**", text)
	sub(/^ /, "", text)
	sub(/ $/, "", text)
	return text
}

function finish(    i, n, part, name, parameters) {
	sub(/^[ \t]*LSM_HOOK\(/, "", text)
	sub(/\)[ \t]*$/, "", text)
	n = split(text, part, ",")
	name = trim(part[3])
	for (i = 4; i <= n; i++)
		parameters = parameters (i > 4 ? ", " : "") trim(part[i])
	printf "%s\t%s\t%s\t%s\n", name, trim(part[1]), trim(part[2]), parameters
	count++
}

/^LSM_HOOK\(/ { collecting = 1; text = "" }
collecting {
	text = text " " $0
	opened = gsub(/\(/, "(", text)
	closed = gsub(/\)/, ")", text)
	if (opened == closed) {
		finish()
		collecting = 0
	}
}

END {
	if (!count) {
		print "list.awk: no LSM_HOOK() found" > "/dev/stderr"
		exit 1
	}
}
