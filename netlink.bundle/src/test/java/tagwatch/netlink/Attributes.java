// SPDX-License-Identifier: Apache-2.0
package tagwatch.netlink;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;

/** {@code struct nlattr}: length with this header, type; padded to 4 bytes. */
final class Attributes {
  private Attributes() {}

  static Map<Integer, byte[]> read(ByteBuffer buffer, int offset, int end) {
    Map<Integer, byte[]> attributes = new HashMap<>();
    int at = offset;
    while (at + 4 <= end) {
      int length = Short.toUnsignedInt(buffer.getShort(at));
      byte[] value = new byte[length - 4];
      buffer.get(at + 4, value);
      attributes.put(Short.toUnsignedInt(buffer.getShort(at + 2)) & 0x3fff, value);
      at += (length + 3) & ~3;
    }
    return attributes;
  }

  static String text(byte[] value) {
    return new String(value, 0, value.length - 1, StandardCharsets.US_ASCII);
  }

  static int number(byte[] value) {
    ByteBuffer bytes = ByteBuffer.wrap(value).order(ByteOrder.nativeOrder());
    return value.length == 2 ? Short.toUnsignedInt(bytes.getShort(0)) : bytes.getInt(0);
  }
}
