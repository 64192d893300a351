// SPDX-License-Identifier: Apache-2.0
package tagwatch.player;

/**
 * A swappable part: a scoring engine, a policy or a transport.
 *
 * @param kind {@code engine}, {@code learner}, {@code policy} or {@code transport}
 * @param name the name that configuration and models use
 * @param bundle symbolic name and version of the bundle that provides it
 * @param ranking its service ranking; the highest of a name is used
 * @param inUse what uses it now, e.g. {@code tag 13107}; empty if nothing does
 */
public record Provider(String kind, String name, String bundle, int ranking, String inUse) {}
