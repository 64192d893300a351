// SPDX-License-Identifier: Apache-2.0
package tagwatch.transport;

import java.util.Locale;

/** What a source counts; each with what a rising value means to an operator. */
public enum TransportCounter {
  /** Identity: emitted = delivered + lost + uncovered, once nothing is on its way. */
  EMITTED("events that the kernel counted for the watched tags since the source was opened"),
  /** See {@link #EMITTED}. */
  LOST("emitted but never accepted: the agent is too slow or the ring too small"),
  /** See {@link #EMITTED}. */
  UNCOVERED("snapshot mode: overwritten in the kernel before they were fetched; fetch more often"),
  /** Already contained in delivered. */
  RECOVERED(
      "first lost, then brought by a behaviour image; rising: short of loss, but close to it"),
  /** Part of no identity. */
  OUTAGE_LOST("lost while no agent was attached, before this source was opened"),
  /** Part of no identity. */
  DUPLICATES("events seen twice and delivered once, e.g. after a change of mode"),
  /** Part of no identity. */
  STORAGE_FAILURES("tasks that run unwatched because the kernel had no memory for their state"),
  /** Part of no identity. */
  LATE_TAGS("programs whose tag was not known at exec and was added a moment later"),
  /** Part of no identity. */
  TASKS("tagged tasks that came into view"),
  /** Part of no identity. */
  VERDICT_HITS("calls that met a verdict in the kernel: a blocked process tried to go on");

  private final String meaning;

  TransportCounter(String meaning) {
    this.meaning = meaning;
  }

  /** Name in shells, metrics and JSON, e.g. {@code outage_lost}. */
  public String label() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** What it counts and what a rising value means. */
  public String meaning() {
    return meaning;
  }
}
