// SPDX-License-Identifier: Apache-2.0
package tagwatch.cli;

import java.util.Locale;

/**
 * What the doctor found about one thing.
 *
 * @param facility its name
 * @param present whether it works here
 * @param detail what was tried and what came back
 * @param remedy what to do about it; empty if present
 * @param needed for what: {@code live}, {@code module}, {@code enforce}, {@code demo}, {@code
 *     build} or {@code test}
 */
record Finding(String facility, boolean present, String detail, String remedy, String needed) {
  static Finding of(Need need, String facility, boolean present, String detail, String remedy) {
    return new Finding(facility, present, detail, present ? "" : remedy, need.label());
  }

  /** What cannot be done without it. */
  enum Need {
    /** Watching this kernel. */
    LIVE,
    /** Verdicts that outlive the agent, and {@code suspend} without signals. */
    ENFORCE,
    /** Seeing calls that take another way into the kernel. */
    COVERAGE,
    /** Watching through the security module, on a kernel that was built with it. */
    MODULE,
    /** The demo. */
    DEMO,
    /** The build. */
    BUILD;

    String label() {
      return name().toLowerCase(Locale.ROOT);
    }
  }
}
