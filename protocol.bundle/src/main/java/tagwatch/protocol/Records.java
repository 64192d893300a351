// SPDX-License-Identifier: Apache-2.0
package tagwatch.protocol;

/**
 * A message whose fixed part is followed by records, each starting with its own 16-bit size.
 *
 * @param <F> the message itself
 */
abstract class Records<F extends Records<F>> extends Answer<F> {
  /** Receives one record. */
  @FunctionalInterface
  interface Visitor {
    /** The record lies at {@code offset} of the message's buffer and has {@code size} bytes. */
    void record(int offset, int size);
  }

  private final int first;
  private final int countOffset;

  Records(int size, int countOffset) {
    super(size);
    this.first = size;
    this.countOffset = countOffset;
  }

  int count() {
    return s32(countOffset);
  }

  F count(int count) {
    return s32(countOffset, count);
  }

  /**
   * Visits all records, and only if each lies within the message; {@link MalformedMessageException}
   * else.
   */
  void forEach(int minimum, Visitor visitor) {
    int count = count();
    check(count, minimum);
    int at = first;
    for (int i = 0; i < count; i++) {
      int size = u16(at);
      visitor.record(offset() + at, size);
      at += size;
    }
  }

  private void check(int count, int minimum) {
    long at = first;
    if (count < 0 || at + (long) count * minimum > available()) {
      throw new MalformedMessageException(count + " records in " + available() + " bytes");
    }
    for (int i = 0; i < count; i++) {
      require(at + Short.BYTES);
      int size = u16((int) at);
      if (size < minimum || size % Long.BYTES != 0) {
        throw new MalformedMessageException("record " + i + " has size " + size);
      }
      at += size;
      require(at);
    }
  }
}
