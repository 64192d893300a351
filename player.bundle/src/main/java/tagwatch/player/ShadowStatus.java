// SPDX-License-Identifier: Apache-2.0
package tagwatch.player;

/**
 * How a model does in shadow: it scores what the incumbent scores, and nothing follows from it.
 *
 * @param sinceMs milliseconds since 1970
 * @param scored events that it scored
 * @param missed events that it never saw, because it was too far behind; part of no identity
 * @param alarms alarms that it would have raised
 * @param unshared those of them that the incumbent did not raise
 * @param rowNs nanoseconds a row, mean of its last calls; 0 before the first
 */
public record ShadowStatus(
    long sinceMs, long scored, long missed, long alarms, long unshared, long rowNs) {}
