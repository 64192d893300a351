// SPDX-License-Identifier: Apache-2.0
package tagwatch.recording.internal;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.zip.Inflater;
import tagwatch.event.Feature;
import tagwatch.event.FeatureType;
import tagwatch.event.Hook;
import tagwatch.event.Vocabulary;
import tagwatch.recording.RecordingHeader;

/** The header of a file, see {@code FORMAT.md}. */
public final class HeaderCodec {
  private static final int MAGIC_OFFSET = 0;
  private static final int VERSION_OFFSET = MAGIC_OFFSET + Long.BYTES;
  private static final int RESERVED_OFFSET = VERSION_OFFSET + Short.BYTES;
  private static final int COMPRESSED_OFFSET = RESERVED_OFFSET + Short.BYTES;
  private static final int UNCOMPRESSED_OFFSET = COMPRESSED_OFFSET + Integer.BYTES;
  private static final int PAYLOAD_OFFSET = UNCOMPRESSED_OFFSET + Integer.BYTES;

  /** Length of the part that says how long the rest is. */
  public static final int PREFIX = PAYLOAD_OFFSET;

  private HeaderCodec() {}

  /** The header as it stands in the file, ready to be written. */
  public static ByteBuffer encode(RecordingHeader header, int level) {
    Column payload = new Column(1 << 12);
    payload.signed(header.wallClockNs());
    payload.signed(header.bootTimeNs());
    payload.string(header.bootId());
    payload.string(header.source());
    vocabulary(payload, header.vocabulary());
    strings(payload, header.provenance());
    if (payload.length() > Format.MAX_UNCOMPRESSED) {
      throw new IllegalArgumentException(
          "header too long: bytes=" + payload.length() + " max=" + Format.MAX_UNCOMPRESSED);
    }
    try (Deflate deflate = new Deflate(level)) {
      int end = deflate.compress(payload.bytes(), payload.length(), PAYLOAD_OFFSET);
      ByteBuffer bytes = ByteBuffer.allocate(end + Integer.BYTES).order(ByteOrder.LITTLE_ENDIAN);
      bytes.put(0, deflate.output(), 0, end);
      bytes.putLong(MAGIC_OFFSET, Format.MAGIC);
      bytes.putShort(VERSION_OFFSET, Format.VERSION);
      bytes.putShort(RESERVED_OFFSET, (short) 0);
      bytes.putInt(COMPRESSED_OFFSET, end - PAYLOAD_OFFSET);
      bytes.putInt(UNCOMPRESSED_OFFSET, payload.length());
      bytes.putInt(end, Format.crc(bytes.array(), 0, end));
      return bytes;
    }
  }

  private static void vocabulary(Column to, Vocabulary vocabulary) {
    to.string(vocabulary.name());
    Map<Integer, String> spaces = new TreeMap<>(vocabulary.nameSpaces());
    to.varint(spaces.size());
    spaces.forEach(
        (abi, prefix) -> {
          to.varint(abi & 0xff);
          to.string(prefix);
        });
    to.varint(vocabulary.hooks().size());
    for (Hook hook : vocabulary.hooks()) {
      to.varint(Integer.toUnsignedLong(hook.id()));
      to.string(hook.name());
      to.varint(hook.features().size());
      for (Feature feature : hook.features()) {
        to.string(feature.name());
        to.string(feature.type().label());
      }
    }
  }

  private static void strings(Column to, Map<String, String> strings) {
    to.varint(strings.size());
    strings.forEach(
        (key, value) -> {
          to.string(key);
          to.string(value);
        });
  }

  /** Length of the whole header, once its first {@link #PREFIX} bytes are known. */
  public static int length(ByteBuffer prefix) throws MalformedException {
    if (prefix.getLong(MAGIC_OFFSET) != Format.MAGIC) {
      throw new MalformedException(
          String.format(
              "magic is %016x, of a recording it is %016x",
              Long.reverseBytes(prefix.getLong(MAGIC_OFFSET)), Long.reverseBytes(Format.MAGIC)));
    }
    short version = prefix.getShort(VERSION_OFFSET);
    if (version != Format.VERSION || prefix.getShort(RESERVED_OFFSET) != 0) {
      throw new MalformedException(
          "format version is "
              + version
              + "."
              + prefix.getShort(RESERVED_OFFSET)
              + ", this reader knows "
              + Format.VERSION
              + ".0: use a newer one");
    }
    int compressed = limited("compressed length", prefix.getInt(COMPRESSED_OFFSET));
    limited("uncompressed length", prefix.getInt(UNCOMPRESSED_OFFSET));
    return PAYLOAD_OFFSET + compressed + Integer.BYTES;
  }

  private static int limited(String field, int length) throws MalformedException {
    if (length < 0 || length > Format.MAX_COMPRESSED) {
      throw new MalformedException(
          field
              + " out of range 0.."
              + Format.MAX_COMPRESSED
              + ": "
              + Integer.toUnsignedLong(length));
    }
    return length;
  }

  /** Reads a whole header. */
  public static RecordingHeader decode(byte[] bytes) throws MalformedException {
    ByteBuffer whole = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    int end = bytes.length - Integer.BYTES;
    Format.requireCrc("the header", whole.getInt(end), Format.crc(bytes, 0, end));
    byte[] payload = new byte[whole.getInt(UNCOMPRESSED_OFFSET)];
    Inflater inflater = new Inflater(true);
    try {
      Deflate.expand(
          inflater, bytes, PAYLOAD_OFFSET, end - PAYLOAD_OFFSET, payload, payload.length);
    } finally {
      inflater.end();
    }
    ColumnCursor from = new ColumnCursor("header").wrap(payload, 0, payload.length);
    long wallClockNs = from.signed();
    long bootTimeNs = from.signed();
    String bootId = from.string("boot id");
    String source = from.string("source");
    Vocabulary vocabulary = vocabulary(from);
    Map<String, String> provenance = new TreeMap<>();
    for (int left = from.count("provenance entries"); left > 0; left--) {
      String key = from.string("provenance key");
      provenance.put(key, from.string("provenance value"));
    }
    from.expectEnd();
    return new RecordingHeader(wallClockNs, bootTimeNs, bootId, source, vocabulary, provenance);
  }

  private static Vocabulary vocabulary(ColumnCursor from) throws MalformedException {
    String name = from.string("vocabulary name");
    Map<Integer, String> spaces = new HashMap<>();
    for (int left = from.count("name spaces"); left > 0; left--) {
      int abi = from.bounded("name space", 0xff);
      spaces.put(abi, from.string("name space prefix"));
    }
    List<Hook> hooks = new ArrayList<>();
    for (int left = from.count("hooks"); left > 0; left--) {
      int id = hookId(from);
      String hook = from.string("hook name");
      hooks.add(new Hook(id, hook, features(from)));
    }
    try {
      return new Vocabulary(name, spaces, hooks);
    } catch (IllegalArgumentException e) {
      throw new MalformedException("vocabulary: " + e.getMessage());
    }
  }

  private static List<Feature> features(ColumnCursor from) throws MalformedException {
    List<Feature> features = new ArrayList<>();
    for (int left = from.count("features"); left > 0; left--) {
      String name = from.string("feature name");
      String label = from.string("feature type");
      try {
        features.add(new Feature(name, FeatureType.ofLabel(label)));
      } catch (IllegalArgumentException e) {
        throw new MalformedException("feature " + name + ": " + e.getMessage());
      }
    }
    return features;
  }

  static int hookId(ColumnCursor from) throws MalformedException {
    long id = from.varint();
    if (id >>> 32 != 0) {
      throw new MalformedException("hook id of more than 32 bits: " + Long.toUnsignedString(id));
    }
    return (int) id;
  }
}
