// SPDX-License-Identifier: Apache-2.0
package tagwatch.player;

/**
 * One exchange of a part while monitoring went on.
 *
 * @param number counts the tag's swaps of all kinds, from 1
 * @param kind {@code scorer} (another engine for the same model), {@code model}, {@code policy} or
 *     {@code transport}
 * @param from what ran before, model and bundle for a scorer; empty if nothing did
 * @param to what runs now; empty if nothing does
 * @param wallClockMs milliseconds since 1970 at which it was done
 * @param preparationMs milliseconds of work beside the scoring thread: opening, warming, scoring
 *     copies of the retained rings
 * @param rounds how often copies were taken, each of what had come since the one before
 * @param pauseUs the longest time for which an event can have waited because of it, microseconds:
 *     from the moment at which the scoring thread turned to the swap until all was scored that had
 *     arrived meanwhile; -1 until that is so
 * @param rescored events that were scored again, beside and in the take-over
 */
public record SwapStatus(
    long number,
    String kind,
    String from,
    String to,
    long wallClockMs,
    long preparationMs,
    int rounds,
    long pauseUs,
    long rescored) {}
