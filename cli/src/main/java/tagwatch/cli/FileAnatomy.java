// SPDX-License-Identifier: Apache-2.0
package tagwatch.cli;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Where every field of a good TensorFlow Lite file lies, so that a campaign can change what means
 * something. Independent of the guard's own reader: an error in one is not repeated in the other.
 */
final class FileAnatomy {
  /** What a place holds. */
  enum Kind {
    /** A number in a table. */
    SCALAR,
    /** A distance to something else. */
    OFFSET,
    /** Elements of a vector. */
    LENGTH,
    /** A number in a vector: a size of a shape, an input of an operator. */
    ELEMENT,
    /** Which fields a table has, and where. */
    VTABLE,
    /** Weights and other contents. */
    CONTENT
  }

  /** So many bytes with a meaning. */
  record Place(Kind kind, String path, int at, int size) {}

  private record Field(String name, int size, String table, boolean vector) {}

  private static final int WEIGHTS_FROM = 64;
  private static final int UNION_TYPE = 3;

  private static final Map<String, List<Field>> SCHEMA =
      Map.ofEntries(
          table(
              "Model",
              number("version", 4),
              tables("operator_codes", "OperatorCode"),
              tables("subgraphs", "SubGraph"),
              numbers("description", 1),
              tables("buffers", "Buffer"),
              numbers("metadata_buffer", 4),
              tables("metadata", "Metadata"),
              tables("signature_defs", "SignatureDef")),
          table(
              "OperatorCode",
              number("deprecated_builtin_code", 1),
              numbers("custom_code", 1),
              number("version", 4),
              number("builtin_code", 4)),
          table(
              "SubGraph",
              tables("tensors", "Tensor"),
              numbers("inputs", 4),
              numbers("outputs", 4),
              tables("operators", "Operator"),
              numbers("name", 1)),
          table(
              "Tensor",
              numbers("shape", 4),
              number("type", 1),
              number("buffer", 4),
              numbers("name", 1),
              one("quantization", "Quantization"),
              number("is_variable", 1),
              number("sparsity", 4),
              numbers("shape_signature", 4),
              number("has_rank", 1)),
          table(
              "Quantization",
              numbers("min", 4),
              numbers("max", 4),
              numbers("scale", 4),
              numbers("zero_point", 8),
              number("details_type", 1),
              number("details", 4),
              number("quantized_dimension", 4)),
          table(
              "Operator",
              number("opcode_index", 4),
              numbers("inputs", 4),
              numbers("outputs", 4),
              number("builtin_options_type", 1),
              one("builtin_options", "Options"),
              numbers("custom_options", 1),
              number("custom_options_format", 1),
              numbers("mutating_variable_inputs", 1),
              numbers("intermediates", 4)),
          table("Buffer", numbers("data", 1), number("offset", 8), number("size", 8)),
          table("Metadata", numbers("name", 1), number("buffer", 4)),
          table("SignatureDef", number("inputs", 4), number("outputs", 4)),
          // by the number of the union
          table(
              "Options1",
              number("padding", 1),
              number("stride_w", 4),
              number("stride_h", 4),
              number("function", 1),
              number("dilation_w", 4),
              number("dilation_h", 4)),
          table(
              "Options5",
              number("padding", 1),
              number("stride_w", 4),
              number("stride_h", 4),
              number("filter_width", 4),
              number("filter_height", 4),
              number("function", 1)),
          table(
              "Options8",
              number("function", 1),
              number("weights_format", 1),
              number("keep_num_dims", 1),
              number("asymmetric", 1)),
          table("Options9", number("beta", 4)),
          table("Options11", number("function", 1)),
          table("Options17", numbers("new_shape", 4)),
          table("Options30", numbers("squeeze_dims", 4)));

  private final ByteBuffer bytes;
  private final List<Place> places = new ArrayList<>();
  private final Set<Integer> seen = new HashSet<>();

  private FileAnatomy(byte[] file) {
    bytes = ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN);
  }

  private static Map.Entry<String, List<Field>> table(String name, Field... fields) {
    return Map.entry(name, List.of(fields));
  }

  private static Field number(String name, int size) {
    return new Field(name, size, null, false);
  }

  private static Field numbers(String name, int size) {
    return new Field(name, size, null, true);
  }

  private static Field one(String name, String table) {
    return new Field(name, Integer.BYTES, table, false);
  }

  private static Field tables(String name, String table) {
    return new Field(name, Integer.BYTES, table, true);
  }

  /** All places of a file; the file has to be a good one. */
  static List<Place> of(byte[] file) {
    FileAnatomy anatomy = new FileAnatomy(file);
    anatomy.place(Kind.OFFSET, "root", 0, Integer.BYTES);
    anatomy.table("Model", anatomy.target(0), "model");
    return List.copyOf(anatomy.places);
  }

  /** Numbers that stand at the places with that path, e.g. a tensor's shape. */
  static int[] numbers(byte[] file, List<Place> places, String path) {
    ByteBuffer bytes = ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN);
    return places.stream()
        .filter(place -> place.path().equals(path) && place.kind() == Kind.ELEMENT)
        .mapToInt(place -> bytes.getInt(place.at()))
        .toArray();
  }

  private void place(Kind kind, String path, int at, int size) {
    places.add(new Place(kind, path, at, size));
  }

  private int target(int at) {
    return at + bytes.getInt(at);
  }

  private void table(String type, int at, String path) {
    List<Field> fields = SCHEMA.getOrDefault(type, List.of());
    // Equal tables may be shared; once is enough.
    if (!seen.add(at)) {
      return;
    }
    place(Kind.OFFSET, path + ".vtable", at, Integer.BYTES);
    int vtable = at - bytes.getInt(at);
    int length = Short.toUnsignedInt(bytes.getShort(vtable));
    for (int entry = 0; entry < length; entry += Short.BYTES) {
      place(Kind.VTABLE, path + ".vtable", vtable + entry, Short.BYTES);
    }
    for (int i = 0; i < fields.size() && 4 + 2 * i < length; i++) {
      int offset = Short.toUnsignedInt(bytes.getShort(vtable + 4 + 2 * i));
      if (offset != 0) {
        field(fields.get(i), at, at + offset, path + "." + fields.get(i).name());
      }
    }
  }

  private void field(Field field, int table, int at, String path) {
    if (field.vector()) {
      place(Kind.OFFSET, path, at, Integer.BYTES);
      vector(field, target(at), path);
    } else if (field.table() == null) {
      place(Kind.SCALAR, path, at, field.size());
    } else {
      place(Kind.OFFSET, path, at, Integer.BYTES);
      String type = field.table().equals("Options") ? options(table) : field.table();
      table(type, target(at), path);
    }
  }

  private String options(int operator) {
    int vtable = operator - bytes.getInt(operator);
    int offset = Short.toUnsignedInt(bytes.getShort(vtable + 4 + 2 * UNION_TYPE));
    return "Options" + (offset == 0 ? 0 : bytes.get(operator + offset));
  }

  private void vector(Field field, int at, String path) {
    place(Kind.LENGTH, path, at, Integer.BYTES);
    int size = bytes.getInt(at);
    int first = at + Integer.BYTES;
    if (field.table() != null) {
      for (int i = 0; i < size; i++) {
        int element = first + i * Integer.BYTES;
        place(Kind.OFFSET, path + "[" + i + "]", element, Integer.BYTES);
        table(field.table(), target(element), path + "[" + i + "]");
      }
    } else if (field.size() == Byte.BYTES && size > 0) {
      // Small contents are shapes and axes: numbers with a meaning each.
      int step = size <= WEIGHTS_FROM && size % Integer.BYTES == 0 ? Integer.BYTES : size;
      for (int i = 0; i < size; i += step) {
        place(Kind.CONTENT, path, first + i, step);
      }
    } else {
      for (int i = 0; i < size; i++) {
        place(Kind.ELEMENT, path, first + i * field.size(), field.size());
      }
    }
  }
}
