// SPDX-License-Identifier: Apache-2.0
package tagwatch.bench;

import java.io.IOException;

/** Something could not be measured. The message names what is missing and the remedy. */
final class BenchException extends IOException {
  private static final long serialVersionUID = 1L;

  BenchException(String message) {
    super(message);
  }

  BenchException(String message, Throwable cause) {
    super(message, cause);
  }
}
