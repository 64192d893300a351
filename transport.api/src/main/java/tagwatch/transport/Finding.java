// SPDX-License-Identifier: Apache-2.0
package tagwatch.transport;

import java.util.Objects;

/**
 * What a probe found about one facility.
 *
 * @param facility its name, e.g. {@code tp_btf programs}
 * @param present whether it really works here
 * @param detail what was tried and what came back
 * @param remedy what to do about it; empty if present
 */
public record Finding(String facility, boolean present, String detail, String remedy) {
  /** All parts are required. */
  public Finding {
    Objects.requireNonNull(facility, "facility");
    Objects.requireNonNull(detail, "detail");
    Objects.requireNonNull(remedy, "remedy");
  }
}
