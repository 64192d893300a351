// SPDX-License-Identifier: Apache-2.0
package tagwatch.player;

/**
 * Times without an agent, as its supervisor counted them: the process ended by itself or was
 * killed, and was started again.
 *
 * @param count how many
 * @param seconds all together, from the end of one process until the next one's shell answered
 * @param last why the last one began, e.g. {@code exit code 3}; empty if there was none
 */
public record OutageStatus(long count, double seconds, String last) {
  /** Never without. */
  public static final OutageStatus NONE = new OutageStatus(0, 0, "");
}
