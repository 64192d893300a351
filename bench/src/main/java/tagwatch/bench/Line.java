// SPDX-License-Identifier: Apache-2.0
package tagwatch.bench;

import java.io.IOException;

/** A line of the report: something that is measured by itself. */
interface Line {
  /** As on the command line. */
  String name();

  /** Measures and reports. */
  void measure(Lab lab, Report report) throws IOException;
}
