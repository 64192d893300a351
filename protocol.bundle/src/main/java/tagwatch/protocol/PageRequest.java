// SPDX-License-Identifier: Apache-2.0
package tagwatch.protocol;

/**
 * {@code struct twn_page_request}.
 *
 * <pre>
 *   24                 32        36        40
 *   +------------------+---------+---------+
 *   | cursor           | flags   | 0       |
 *   +------------------+---------+---------+
 * </pre>
 */
final class PageRequest extends Request<PageRequest> {
  static final int CURSOR = Request.SIZE;
  static final int FLAGS = CURSOR + Long.BYTES;
  static final int SIZE = FLAGS + 2 * Integer.BYTES;

  PageRequest() {
    super(SIZE);
  }

  long cursor() {
    return s64(CURSOR);
  }

  PageRequest cursor(long cursor) {
    return s64(CURSOR, cursor);
  }

  int flags() {
    return s32(FLAGS);
  }

  PageRequest flags(int flags) {
    return s32(FLAGS, flags);
  }
}
