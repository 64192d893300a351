// SPDX-License-Identifier: Apache-2.0
package tagwatch.swap.load;

import java.util.List;

/** Where a load's events come from. */
interface Feed {
  /** Watches the tag and learns its models; their versions. */
  List<String> models() throws Exception;

  /** Lets events come, until the first ones are scored. */
  void begin() throws Exception;

  /** Ends the source and opens it again. */
  void restart() throws Exception;

  /** Ends it for good. */
  void end() throws Exception;
}
