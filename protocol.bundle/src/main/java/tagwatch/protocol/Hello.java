// SPDX-License-Identifier: Apache-2.0
package tagwatch.protocol;

/**
 * {@code struct twn_hello}.
 *
 * <pre>
 *   32                 40           44      46      48         50   52         56
 *   +------------------+------------+-------+-------+----------+----+----------+
 *   | domain           | vocabulary | hooks | slots | features | 0  | verdicts |
 *   +------------------+------------+-------+-------+----------+----+----------+
 * </pre>
 */
final class Hello extends Answer<Hello> {
  static final int DOMAIN = Answer.SIZE;
  static final int VOCABULARY = DOMAIN + Long.BYTES;
  static final int HOOKS = VOCABULARY + Integer.BYTES;
  static final int RING_SLOTS = HOOKS + Short.BYTES;
  static final int SLOT_FEATURES = RING_SLOTS + Short.BYTES;
  static final int VERDICTS = SLOT_FEATURES + 2 * Short.BYTES;
  static final int SIZE = VERDICTS + Integer.BYTES;

  Hello() {
    super(SIZE);
  }

  long domain() {
    return s64(DOMAIN);
  }

  Hello domain(long domain) {
    return s64(DOMAIN, domain);
  }

  int vocabulary() {
    return s32(VOCABULARY);
  }

  Hello vocabulary(int vocabulary) {
    return s32(VOCABULARY, vocabulary);
  }

  int hooks() {
    return u16(HOOKS);
  }

  Hello hooks(int hooks) {
    return u16(HOOKS, hooks);
  }

  int ringSlots() {
    return u16(RING_SLOTS);
  }

  Hello ringSlots(int slots) {
    return u16(RING_SLOTS, slots);
  }

  int slotFeatures() {
    return u16(SLOT_FEATURES);
  }

  Hello slotFeatures(int features) {
    return u16(SLOT_FEATURES, features);
  }

  /** Whether the kernel side has that kind of verdict. */
  boolean has(int verdictKind) {
    return (s32(VERDICTS) >>> verdictKind & 1) != 0;
  }

  Hello verdicts(int mask) {
    return s32(VERDICTS, mask);
  }
}
