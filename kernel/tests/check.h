/* SPDX-License-Identifier: GPL-2.0 */
/* Tests that tell in the TAP format how they went. */
#ifndef TAGWATCH_CHECK_H
#define TAGWATCH_CHECK_H

#include <stdbool.h>
#include <stdio.h>

struct test {
	const char *name;
	void (*run)(void);
};

extern bool test_failed;

__attribute__((format(printf, 4, 5)))
void check_failed(const char *file, int line, const char *condition, const char *format, ...);

/* Goes on after a failure: what follows may tell more. */
#define CHECK(condition, ...)							\
	do {									\
		if (!(condition))						\
			check_failed(__FILE__, __LINE__, #condition, " " __VA_ARGS__);	\
	} while (0)

#define CHECK_EQUAL(actual, expected)						\
	do {									\
		long long actual_ = (long long)(actual), expected_ = (long long)(expected); \
		if (actual_ != expected_) {					\
			test_failed = true;					\
			printf("# %s:%d: %s is %lld, expected %lld\n", __FILE__, __LINE__, #actual, \
			       actual_, expected_);				\
		}								\
	} while (0)

/* Returns how many failed. */
int run_tests(const struct test *tests, int count, const char *only);

#endif
