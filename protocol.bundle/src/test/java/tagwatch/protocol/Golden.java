// SPDX-License-Identifier: Apache-2.0
package tagwatch.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.nio.ByteOrder;
import java.util.HexFormat;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * Bytes as they lie on the wire, written field by field in little-endian order: {@code 54574e32
 * 81}. A field that starts with {@code =} is text or raw bytes, {@code 0*8} are so many zeros; all
 * others turn around in big-endian order.
 */
record Golden(String fields) {
  byte[] bytes(ByteOrder order) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    for (String field : fields.strip().split("\\s+", -1)) {
      if (field.startsWith("0*")) {
        bytes.writeBytes(new byte[Integer.parseInt(field.substring(2))]);
      } else if (field.startsWith("=")) {
        bytes.writeBytes(HexFormat.of().parseHex(field.substring(1)));
      } else {
        bytes.writeBytes(turned(HexFormat.of().parseHex(field), order));
      }
    }
    return bytes.toByteArray();
  }

  private static byte[] turned(byte[] field, ByteOrder order) {
    if (order == ByteOrder.LITTLE_ENDIAN) {
      return field;
    }
    byte[] turned = new byte[field.length];
    for (int i = 0; i < field.length; i++) {
      turned[i] = field[field.length - 1 - i];
    }
    return turned;
  }

  UnsafeBuffer buffer(ByteOrder order) {
    return new UnsafeBuffer(bytes(order));
  }

  void assertEquals(UnsafeBuffer written, ByteOrder order) {
    byte[] expected = bytes(order);
    byte[] actual = new byte[expected.length];
    written.getBytes(0, actual);
    assertThat(HexFormat.of().formatHex(actual)).isEqualTo(HexFormat.of().formatHex(expected));
  }
}
