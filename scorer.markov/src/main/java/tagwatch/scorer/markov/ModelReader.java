// SPDX-License-Identifier: Apache-2.0
package tagwatch.scorer.markov;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.zip.CRC32C;
import tagwatch.scorer.Model;
import tagwatch.scorer.ModelException;

/**
 * Reads models and believes nothing in them: every number is held against the bytes that are there
 * before anything is allocated for it.
 */
final class ModelReader {
  /** Peak while a model is opened: the counts, the compiler's arrays, and its tables. */
  private static final int BYTES_PER_NGRAM = 180;

  private static final int SHORTEST = ModelLayout.ngramsOffset(1) + ModelLayout.CHECKSUM_LENGTH;

  private final Model model;
  private final ByteBuffer content;
  private final Refusals refusals;

  private ModelReader(Model model) {
    this.model = model;
    content = model.content().slice().order(ByteOrder.LITTLE_ENDIAN);
    refusals = new Refusals(model.origin());
  }

  /** The message names the origin, the field, the value found and what is allowed. */
  static MarkovModel read(Model model) throws ModelException {
    return new ModelReader(model).read();
  }

  private MarkovModel read() throws ModelException {
    frame();
    checksum();
    int order = order();
    int classes = classes();
    Smoothing smoothing = smoothing();
    long sequences = Integer.toUnsignedLong(content.getInt(ModelLayout.SEQUENCES_OFFSET));
    refusals.require(sequences > 0, "sequences", sequences, "1..4294967295");
    int[] levelStarts = levelStarts(order);
    content.position(ModelLayout.ngramsOffset(order));
    Ngrams ngrams =
        new NgramReader(content, refusals, classes, levelStarts).read(events(), sequences);
    return new MarkovModel(smoothing, classes, sequences, ngrams);
  }

  /** Magic, version, length: without them nothing else means anything. */
  private void frame() throws ModelException {
    int found = content.limit();
    refusals.require(found >= SHORTEST, "content", found + " bytes", "at least " + SHORTEST);
    long magic = content.getLong(ModelLayout.MAGIC_OFFSET);
    refusals.require(
        magic == ModelLayout.MAGIC,
        "magic",
        String.format("0x%016x", magic),
        String.format("0x%016x; is this a markov model?", ModelLayout.MAGIC));
    int version = Short.toUnsignedInt(content.getShort(ModelLayout.VERSION_OFFSET));
    refusals.require(version == ModelLayout.VERSION, "version", version, ModelLayout.VERSION);
    long length = Integer.toUnsignedLong(content.getInt(ModelLayout.LENGTH_OFFSET));
    refusals.require(
        length == found, "length", length, found + ", the bytes that are there; truncated?");
  }

  private void checksum() throws ModelException {
    int end = content.limit() - ModelLayout.CHECKSUM_LENGTH;
    int stored = content.getInt(end);
    content.limit(end);
    CRC32C checksum = new CRC32C();
    checksum.update(content.duplicate());
    int computed = (int) checksum.getValue();
    refusals.require(
        stored == computed,
        "checksum",
        String.format("0x%08x", stored),
        String.format("0x%08x for this content; damaged?", computed));
  }

  private int order() throws ModelException {
    int order = Byte.toUnsignedInt(content.get(ModelLayout.ORDER_OFFSET));
    refusals.require(
        order >= 1 && order <= MarkovModel.MOST_ORDER,
        "order",
        order,
        "1.." + MarkovModel.MOST_ORDER);
    refusals.require(
        order == model.window(), "order", order, model.window() + ", the window of the model");
    return order;
  }

  private int classes() throws ModelException {
    int classes = Short.toUnsignedInt(content.getShort(ModelLayout.CLASSES_OFFSET));
    refusals.require(
        classes >= 2 && classes <= MarkovModel.MOST_CLASSES,
        "classes",
        classes,
        "2.." + MarkovModel.MOST_CLASSES);
    refusals.require(
        classes == model.classes(),
        "classes",
        classes,
        model.classes() + ", the classes of the model");
    return classes;
  }

  private Smoothing smoothing() throws ModelException {
    int code = Byte.toUnsignedInt(content.get(ModelLayout.SMOOTHING_OFFSET));
    Smoothing smoothing =
        Smoothing.ofCode(code)
            .orElseThrow(() -> refusals.refusal("smoothing", code, Smoothing.codes()));
    int reserved = Short.toUnsignedInt(content.getShort(ModelLayout.RESERVED_OFFSET));
    refusals.require(reserved == 0, "reserved", reserved, 0);
    return smoothing;
  }

  private long events() throws ModelException {
    long events = content.getLong(ModelLayout.EVENTS_OFFSET);
    refusals.require(
        events >= 1 && events <= ModelLayout.MOST_EVENTS,
        "events",
        Long.toUnsignedString(events),
        "1.." + ModelLayout.MOST_EVENTS);
    return events;
  }

  /** First node of each length, once it is certain that so many n-grams can be there. */
  private int[] levelStarts(int order) throws ModelException {
    int available = content.limit() - ModelLayout.ngramsOffset(order);
    refusals.require(
        available > 0,
        "length",
        content.limit() + ModelLayout.CHECKSUM_LENGTH,
        "at least the header of order " + order);
    int[] starts = new int[order + 3];
    starts[1] = 1;
    long bytes = 0;
    for (int length = 1; length <= order + 1; length++) {
      String field = "n-grams of length " + length;
      long nodes = Integer.toUnsignedLong(content.getInt(ModelLayout.levelOffset(length)));
      bytes += nodes * (length > order ? 2 : 3);
      refusals.require(
          nodes >= 1 && bytes <= available,
          field,
          nodes,
          "at least 1 and what fits into " + available + " bytes with the shorter ones");
      refusals.require(
          starts[length] + nodes <= Ngrams.MOST, field, nodes, Ngrams.MOST + " of all lengths");
      starts[length + 1] = (int) (starts[length] + nodes);
    }
    checkHeap(starts[order + 2]);
    return starts;
  }

  private void checkHeap(int nodes) throws ModelException {
    long needed = ((long) nodes * BYTES_PER_NGRAM) >> 20;
    long allowed = (Runtime.getRuntime().maxMemory() / 2) >> 20;
    refusals.require(
        needed <= allowed,
        "n-grams",
        nodes + ", " + needed + " MiB to open",
        allowed + " MiB, half of the heap; raise -Xmx or learn with a lower order");
  }
}
