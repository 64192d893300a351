// SPDX-License-Identifier: Apache-2.0
package tagwatch.scorer.markov;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.zip.CRC32C;

/** Writes models; equal models give equal bytes. */
final class ModelWriter {
  private ModelWriter() {}

  /** From position 0 to the limit, little endian. */
  static ByteBuffer write(MarkovModel model) {
    byte[] ngrams = ngrams(model.ngrams());
    int offset = ModelLayout.ngramsOffset(model.order());
    int length = Math.addExact(ngrams.length, offset + ModelLayout.CHECKSUM_LENGTH);
    ByteBuffer content = ByteBuffer.allocate(length).order(ByteOrder.LITTLE_ENDIAN);
    content.putLong(ModelLayout.MAGIC_OFFSET, ModelLayout.MAGIC);
    content.putShort(ModelLayout.VERSION_OFFSET, (short) ModelLayout.VERSION);
    content.put(ModelLayout.ORDER_OFFSET, (byte) model.order());
    content.put(ModelLayout.SMOOTHING_OFFSET, (byte) model.smoothing().code());
    content.putShort(ModelLayout.CLASSES_OFFSET, (short) model.classes());
    content.putInt(ModelLayout.LENGTH_OFFSET, length);
    content.putInt(ModelLayout.SEQUENCES_OFFSET, (int) model.sequences());
    content.putLong(ModelLayout.EVENTS_OFFSET, model.ngrams().count(0));
    content.position(ModelLayout.LEVELS_OFFSET);
    for (int size = 1; size <= model.ngrams().longest(); size++) {
      content.putInt(model.ngrams().end(size) - model.ngrams().start(size));
    }
    content.put(ngrams);
    CRC32C checksum = new CRC32C();
    checksum.update(content.duplicate().flip());
    content.putInt((int) checksum.getValue());
    return content.flip();
  }

  private static byte[] ngrams(Ngrams ngrams) {
    ByteArrayOutputStream out = new ByteArrayOutputStream(4 * ngrams.nodes());
    int deepest = ngrams.start(ngrams.longest());
    for (int parent = 0; parent < deepest; parent++) {
      int lowest = 0;
      for (int node = ngrams.firstChild(parent); node < ngrams.childrenEnd(parent); node++) {
        varint(out, ngrams.event(node) - lowest);
        varint(out, ngrams.count(node));
        if (node < deepest) {
          varint(out, ngrams.children(node));
        }
        lowest = ngrams.event(node) + 1;
      }
    }
    return out.toByteArray();
  }

  private static void varint(ByteArrayOutputStream out, long value) {
    long rest = value;
    while (rest > 0x7f) {
      out.write((int) (rest & 0x7f) | 0x80);
      rest >>>= 7;
    }
    out.write((int) rest);
  }
}
