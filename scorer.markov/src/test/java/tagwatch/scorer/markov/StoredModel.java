// SPDX-License-Identifier: Apache-2.0
package tagwatch.scorer.markov;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Map;
import java.util.zip.CRC32C;
import tagwatch.scorer.LearnedModel;
import tagwatch.scorer.Model;

/** A model as the player would show it. */
record StoredModel(int window, int classes, ByteBuffer stored, Map<String, String> options)
    implements Model {

  static final String ORIGIN = "models/13107/model.twm";

  static StoredModel of(LearnedModel learned, int classes) {
    return new StoredModel(learned.window(), classes, learned.content(), Map.of());
  }

  /** A copy of the content. */
  byte[] bytes() {
    byte[] bytes = new byte[stored.remaining()];
    stored.duplicate().get(bytes);
    return bytes;
  }

  /** The same with other bytes. */
  StoredModel with(byte[] other) {
    return new StoredModel(window, classes, ByteBuffer.wrap(other), options);
  }

  /** The same with a checksum that fits, as somebody who forges a model would write it. */
  StoredModel sealed() {
    byte[] sealed = bytes();
    CRC32C checksum = new CRC32C();
    checksum.update(sealed, 0, sealed.length - Integer.BYTES);
    ByteBuffer.wrap(sealed)
        .order(ByteOrder.LITTLE_ENDIAN)
        .putInt(sealed.length - Integer.BYTES, (int) checksum.getValue());
    return with(sealed);
  }

  @Override
  public String origin() {
    return ORIGIN;
  }

  @Override
  public ByteBuffer content() {
    return stored.asReadOnlyBuffer().order(ByteOrder.LITTLE_ENDIAN);
  }
}
