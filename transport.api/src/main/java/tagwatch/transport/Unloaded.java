// SPDX-License-Identifier: Apache-2.0
package tagwatch.transport;

import java.util.List;

/**
 * What was taken out of the kernel.
 *
 * @param ended verdicts that were in force until then
 * @param removed names of what was removed, e.g. paths of pins
 * @param remarks what a person should know, e.g. that verdicts could not be read
 */
public record Unloaded(List<VerdictInForce> ended, List<String> removed, List<String> remarks) {
  /** Nothing was there. */
  public static final Unloaded NOTHING = new Unloaded(List.of(), List.of(), List.of());

  /** Copies the lists. */
  public Unloaded {
    ended = List.copyOf(ended);
    removed = List.copyOf(removed);
    remarks = List.copyOf(remarks);
  }
}
