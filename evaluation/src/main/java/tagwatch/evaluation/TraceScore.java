// SPDX-License-Identifier: Apache-2.0
package tagwatch.evaluation;

/**
 * A scored trace.
 *
 * @param name as in its file
 * @param score how unlikely the whole trace is, in nats
 * @param maxOnline the highest rolling mean of its surprises, in nats: what a player sees of it
 * @param alarm whether the score is above the stored threshold
 * @param alarmOnline whether the rolling mean was ever above its stored threshold
 */
public record TraceScore(
    String name, double score, double maxOnline, boolean alarm, boolean alarmOnline) {}
