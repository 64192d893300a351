// SPDX-License-Identifier: Apache-2.0
package tagwatch.protocol;

import java.io.IOException;

/** The kernel's side answered with a reason. */
final class RefusedException extends IOException {
  private static final long serialVersionUID = 1L;

  private final Reason reason;

  RefusedException(String request, Reason reason, int detail) {
    super(request + " refused: " + reason.meaning() + detail(reason, detail));
    this.reason = reason;
  }

  private static String detail(Reason reason, int detail) {
    return switch (reason) {
      case TAG_HELD -> ", its port id is " + Integer.toUnsignedString(detail);
      case BAD_LENGTH, BAD_VERSION -> ": " + detail;
      case INVALID -> ", at offset " + detail;
      default -> "";
    };
  }

  Reason reason() {
    return reason;
  }
}
