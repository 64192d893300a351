# SPDX-License-Identifier: GPL-2.0
# Reads the files extractors and table. Which features a hook has follows from its parameters alone.
#   -v form=ids         the numbers of the hooks, for C
#   -v form=slots       what a hook's handler extracts and how its features are called, for C
#   -v form=vocabulary  one line a hook: id, name, name:type of each feature
#   -v form=count       how many features there are

BEGIN { FS = "\t" }

function die(text) {
	printf "%s:%d: %s\n", FILENAME, FNR, text > "/dev/stderr"
	failed = 1
	exit 1
}

function constant(label) {
	gsub(/-/, "_", label)
	return toupper(label)
}

# What a number means is told by its name: the C types are all alike.
function scalar(type, name) {
	if (name ~ /^(req)?prot$/) return "protection"
	if (name == "mode" && (type == "umode_t" || type == "int")) return "mode"
	if (name == "cap") return "capability"
	if (name == "family") return "address-family"
	if (type ~ /^k[ug]id_t$/) return "uid-class"
	if (type == "bool" || type == "fmode_t" || type == "gfp_t") return "flags"
	if (name ~ /fl(a)?g(s)?$|^mask$|^mode$|^ia_valid$|^opts$|^alter$|^kern$|^ckall$/) return "flags"
	if (name ~ /size$|len$|^pages$|^nsops$|^backlog$|^arg[0-9]?$|^addr$/ || type == "loff_t") return "size-class"
	return "command"
}

function is_scalar(type) {
	return type ~ /^(unsigned |long |short )*(int|long|short|char|unsigned|bool|u8|u16|u32|u64|size_t|loff_t|umode_t|fmode_t|gfp_t|pid_t|dev_t|kuid_t|kgid_t)$/ ||
		type ~ /^enum /
}

function add(feature) {
	features = features (slots ? " " : "") feature
	slots++
}

# In a hook that makes or frees an object, its pointers lead nowhere yet or no more.
function unborn(hook) { return hook ~ /alloc|free|_delete$|^sk_clone/ }

function argument(hook, declaration, next_name,    type, name, n, i, part, pair) {
	sub(/^ /, "", declaration)
	if (declaration == "" || declaration == "void") return
	gsub(/const /, "", declaration)
	match(declaration, /[A-Za-z_0-9]+$/)
	name = substr(declaration, RSTART)
	type = substr(declaration, 1, RSTART - 1)
	sub(/ $/, "", type)
	if (type == "char *" && name ~ /name$|^type$|^description$/) type = "name"
	if (is_scalar(type)) {
		calls = calls sprintf(" \\\n\ts[%d] = TW_%s(%s);", slots, constant(scalar(type, name)), \
			type ~ /^k[ug]id_t$/ ? "__" substr(type, 1, 4) "_val(" name ")" : name)
		add(name ":" scalar(type, name))
		return
	}
	if (unborn(hook)) return
	if (type "+" in extract) {
		calls = calls sprintf(" \\\n\ttw_extract_%s(s + %d, %s, %s);", extract[type "+"], slots, name, next_name)
		type = type "+"
	} else if (type in extract) {
		calls = calls sprintf(" \\\n\ttw_extract_%s(s + %d, %s);", extract[type], slots, name)
	} else {
		return
	}
	n = split(shape[type], part, " ")
	for (i = 1; i <= n; i++) add(name "." part[i])
}

function name_of(declaration) {
	match(declaration, /[A-Za-z_0-9]+$/)
	return substr(declaration, RSTART)
}

function describe(    i, n, part, pair, text) {
	n = split(features, part, " ")
	for (i = 1; i <= n; i++) {
		split(part[i], pair, ":")
		text = text sprintf(" \\\n\tTW_FEATURE(TWN_FEATURE_%s, \"%s\")", constant(pair[2]), pair[1])
	}
	return text
}

/^#/ { next }
FILENAME ~ /extractors$/ {
	extract[$1] = $2
	shape[$1] = $3
	next
}
NF != 6 { die("six fields expected, not " NF) }

{
	features = calls = ""
	slots = 0
	n = $4 == "-" ? 0 : split($6, part, ",")
	for (i = 1; i <= n; i++) argument($2, part[i], name_of(part[i + 1]))
	if (slots > 32) die($2 " has " slots " features, 32 is the most that a message carries")
	total += slots
	hooks += $4 != "-"
	if ($1 > last) last = $1
	if (form == "ids") {
		ids = ids sprintf("#define TW_HOOK_%s %d\n", $2, $1)
		denials = denials sprintf("#define TW_CAN_DENY_%s %d\n", $2, $3 == "deny")
	} else if (form == "slots" && $4 != "-") {
		printf "#define TW_SLOTS_%s %d\n", $2, slots
		printf "#define TW_EXTRACT_%s(s) do {%s \\\n\t} while (0)\n", $2, calls
		printf "#define TW_FEATURES_%s%s\n\n", $2, describe()
	} else if (form == "vocabulary" && $4 != "-") {
		printf "%d %s%s\n", $1, $2, slots ? " " features : ""
	}
}

END {
	if (failed) exit 1
	if (form == "ids") printf "%s\n%s\n#define TW_HOOK_LAST %d\n", ids, denials, last
	if (form == "count") printf "%d features of %d hooks\n", total, hooks
}
