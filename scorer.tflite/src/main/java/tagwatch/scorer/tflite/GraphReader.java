// SPDX-License-Identifier: Apache-2.0
package tagwatch.scorer.tflite;

import static tagwatch.scorer.tflite.Refusal.require;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import tagwatch.scorer.tflite.Refusal.Reason;

/**
 * Reads the one graph of a TensorFlow Lite file (schema version 3) and checks each part by itself.
 * Whatever is not needed by a network that predicts the next event is refused by name: custom
 * operators, second subgraphs, variables, sparse or external contents.
 */
final class GraphReader {
  private static final int MOST_BYTES = 16 << 20;
  private static final int MOST_TENSORS = 256;
  private static final int MOST_OPERATORS = 128;
  private static final int MOST_CODES = 32;
  private static final int MOST_BUFFERS = 512;
  private static final int MOST_METADATA = 8;
  private static final int SCHEMA_VERSION = 3;

  /** {@code TFL3} behind the offset of the root. */
  private static final int IDENTIFIER = 0x334c_4654;

  /** What the library itself looks for in the metadata is allowed by name only. */
  private static final List<String> METADATA =
      List.of("min_runtime_version", "CONVERSION_METADATA", "TFLITE_METADATA");

  private final FlatTable model;
  private final FlatTable subgraph;
  private final FlatVector buffers;
  private final FlatVector codes;
  private final List<TensorSpec> tensors = new ArrayList<>();

  private GraphReader(ByteBuffer content) {
    ByteBuffer bytes = content.slice().order(ByteOrder.LITTLE_ENDIAN);
    require(
        bytes.limit() >= 2 * Integer.BYTES && bytes.limit() <= MOST_BYTES,
        Reason.SIZE,
        "file",
        bytes.limit() + " bytes",
        "8.." + MOST_BYTES);
    int identifier = bytes.getInt(Integer.BYTES);
    require(
        identifier == IDENTIFIER,
        Reason.STRUCTURE,
        "file: identifier",
        String.format("0x%08x", identifier),
        String.format("0x%08x, 'TFL3'; is this a TensorFlow Lite model?", IDENTIFIER));
    model = FlatTable.root(bytes, "model");
    buffers = tables(Schema.MODEL_BUFFERS, "buffers", 1, MOST_BUFFERS);
    codes = tables(Schema.MODEL_OPERATOR_CODES, "operator codes", 1, MOST_CODES);
    FlatVector subgraphs = tables(Schema.MODEL_SUBGRAPHS, "subgraphs", 1, 1);
    subgraph = FlatTable.element(subgraphs, 0, "subgraph");
  }

  private FlatVector tables(int field, String called, int least, int most) {
    FlatVector tables = model.vector(field, Integer.BYTES, called);
    bounded(tables.size(), "model: " + called, least, most);
    return tables;
  }

  private static void bounded(int size, String part, int least, int most) {
    require(size >= least && size <= most, Reason.SIZE, part, size, least + ".." + most);
  }

  /** The graph, each part of which is correct by itself. */
  static Graph read(ByteBuffer content) {
    return new GraphReader(content).read();
  }

  private Graph read() {
    model.knowsOnly(Schema.MODEL_FIELDS);
    subgraph.knowsOnly(Schema.SUBGRAPH_FIELDS);
    int version = model.int32(Schema.MODEL_VERSION, 0);
    require(version == SCHEMA_VERSION, Reason.FEATURE, "model: version", version, SCHEMA_VERSION);
    bufferTables();
    metadata();
    FlatVector tables = subgraph.vector(Schema.SUBGRAPH_TENSORS, Integer.BYTES, "tensors");
    bounded(tables.size(), "subgraph: tensors", 2, MOST_TENSORS);
    for (int i = 0; i < tables.size(); i++) {
      tensors.add(tensor(i, tables));
    }
    signatures();
    int input = end(Schema.SUBGRAPH_INPUTS, "inputs");
    int output = end(Schema.SUBGRAPH_OUTPUTS, "outputs");
    return new Graph(List.copyOf(tensors), input, output, operators());
  }

  private void bufferTables() {
    for (int i = 0; i < buffers.size(); i++) {
      FlatTable buffer = FlatTable.element(buffers, i, "buffer " + i);
      buffer.knowsOnly(Schema.BUFFER_FIELDS);
      buffer.absent(Schema.BUFFER_OFFSET, Long.BYTES, "offset outside of the file's tables");
      buffer.absent(Schema.BUFFER_SIZE, Long.BYTES, "size outside of the file's tables");
    }
  }

  private void metadata() {
    FlatVector entries = model.vector(Schema.MODEL_METADATA, Integer.BYTES, "metadata");
    bounded(entries.size(), "model: metadata", 0, MOST_METADATA);
    for (int i = 0; i < entries.size(); i++) {
      FlatTable entry = FlatTable.element(entries, i, "metadata " + i);
      entry.knowsOnly(Schema.METADATA_FIELDS);
      String name = entry.text(Schema.METADATA_NAME, "name");
      require(METADATA.contains(name), Reason.FEATURE, entry.name(), "'" + name + "'", METADATA);
      bufferIndex(entry.uint32(Schema.METADATA_BUFFER), entry.name());
    }
    FlatVector old = model.vector(Schema.MODEL_METADATA_BUFFER, Integer.BYTES, "metadata buffers");
    for (int i = 0; i < old.size(); i++) {
      bufferIndex(Integer.toUnsignedLong(old.int32(i)), old.name());
    }
  }

  private int bufferIndex(long index, String part) {
    require(
        index < buffers.size(),
        Reason.STRUCTURE,
        part + ": buffer",
        index,
        "0.." + (buffers.size() - 1));
    return (int) index;
  }

  /** Names for the ends of the graph; nobody here calls by them, but the library reads them. */
  private void signatures() {
    FlatVector signatures = model.vector(Schema.MODEL_SIGNATURES, Integer.BYTES, "signatures");
    bounded(signatures.size(), "model: signatures", 0, 1);
    for (int i = 0; i < signatures.size(); i++) {
      FlatTable signature = FlatTable.element(signatures, i, "signature " + i);
      signature.knowsOnly(Schema.SIGNATURE_FIELDS);
      long graph = signature.uint32(Schema.SIGNATURE_SUBGRAPH);
      require(graph == 0, Reason.STRUCTURE, signature.name() + ": subgraph", graph, 0);
      named(signature.vector(Schema.SIGNATURE_INPUTS, Integer.BYTES, "inputs"));
      named(signature.vector(Schema.SIGNATURE_OUTPUTS, Integer.BYTES, "outputs"));
    }
  }

  private void named(FlatVector entries) {
    bounded(entries.size(), entries.name(), 1, 1);
    FlatTable entry = FlatTable.element(entries, 0, entries.name());
    entry.knowsOnly(Schema.TENSOR_MAP_FIELDS);
    entry.text(Schema.TENSOR_MAP_NAME, "name");
    tensorIndex((int) Math.min(entry.uint32(Schema.TENSOR_MAP_INDEX), MOST_TENSORS), entry.name());
  }

  private int tensorIndex(int index, String part) {
    require(
        index >= 0 && index < tensors.size(),
        Reason.STRUCTURE,
        part,
        "tensor " + index,
        "0.." + (tensors.size() - 1));
    return index;
  }

  private int end(int field, String called) {
    FlatVector ends = subgraph.vector(field, Integer.BYTES, called);
    require(ends.size() == 1, Reason.ENDS, ends.name(), ends.size(), 1);
    return tensorIndex(ends.int32(0), ends.name());
  }

  private TensorSpec tensor(int index, FlatVector tables) {
    FlatTable table = FlatTable.element(tables, index, "tensor " + index);
    String name = table.name() + " '" + table.text(Schema.TENSOR_NAME, "name") + "'";
    table.knowsOnly(Schema.TENSOR_FIELDS);
    int code = table.int8(Schema.TENSOR_TYPE, 0);
    TensorType type = TensorType.of(code);
    require(
        type != null, Reason.TENSOR, name + ": type", code, Arrays.toString(TensorType.values()));
    table.absent(Schema.TENSOR_IS_VARIABLE, Byte.BYTES, "variable");
    table.absent(Schema.TENSOR_SPARSITY, Integer.BYTES, "sparsity");
    table.absent(Schema.TENSOR_VARIANTS, Integer.BYTES, "variants");
    FlatVector sizes = table.vector(Schema.TENSOR_SHAPE, Integer.BYTES, "shape");
    int[] shape = Shapes.checked(sizes.int32s(Shapes.MOST_RANK + 1), name + ": shape");
    signatureShape(table, shape, name);
    ByteBuffer data = data(table, type, shape, name);
    require(
        data != null || (type == TensorType.FLOAT32 && shape.length > 0),
        Reason.TENSOR,
        name,
        type + Arrays.toString(shape) + " without contents",
        "FLOAT32 with a shape, or contents");
    return QuantisationReader.complete(
        new TensorSpec(index, name, type, shape, new float[0], 0, data), table);
  }

  /** Sizes that are open when the model is used: the batch only. */
  private static void signatureShape(FlatTable table, int[] shape, String name) {
    FlatVector open = table.vector(Schema.TENSOR_SHAPE_SIGNATURE, Integer.BYTES, "open shape");
    require(
        open.size() == 0 || open.size() == shape.length,
        Reason.TENSOR,
        name + ": open shape",
        open.size() + " axes",
        shape.length);
    for (int i = 0; i < open.size(); i++) {
      int size = open.int32(i);
      require(
          size == shape[i] || (i == 0 && size == -1),
          Reason.TENSOR,
          name + ": open shape",
          size + " at axis " + i,
          shape[i] + (i == 0 ? " or -1" : ""));
    }
  }

  /** The contents, if the tensor is a constant one. */
  private ByteBuffer data(FlatTable table, TensorType type, int[] shape, String name) {
    int index = bufferIndex(table.uint32(Schema.TENSOR_BUFFER), name);
    FlatVector data =
        FlatTable.element(buffers, index, "buffer " + index)
            .vector(Schema.BUFFER_DATA, Byte.BYTES, "data");
    if (data.size() == 0) {
      return null;
    }
    long expected = Shapes.elements(shape) * type.bytes;
    require(data.size() == expected, Reason.BUFFER, name, data.size() + " bytes", expected);
    // Kernels read whole elements; on 32-bit ARM a stray address would be a bus error.
    require(
        data.first() % type.bytes == 0,
        Reason.BUFFER,
        name + ": contents",
        "at byte " + data.first(),
        "a multiple of " + type.bytes);
    ByteBuffer view = data.view();
    if (type == TensorType.FLOAT32) {
      finite(view, name);
    }
    return view;
  }

  private static void finite(ByteBuffer floats, String name) {
    for (int at = 0; at < floats.limit(); at += Float.BYTES) {
      float value = floats.getFloat(at);
      require(
          Float.isFinite(value),
          Reason.BUFFER,
          name + ": element " + at / Float.BYTES,
          value,
          "a finite number");
    }
  }

  private List<Graph.Node> operators() {
    FlatVector tables = subgraph.vector(Schema.SUBGRAPH_OPERATORS, Integer.BYTES, "operators");
    bounded(tables.size(), "subgraph: operators", 1, MOST_OPERATORS);
    List<Graph.Node> nodes = new ArrayList<>();
    for (int i = 0; i < tables.size(); i++) {
      nodes.add(operator(FlatTable.element(tables, i, "operator " + i)));
    }
    return List.copyOf(nodes);
  }

  private Graph.Node operator(FlatTable table) {
    table.knowsOnly(Schema.OPERATOR_FIELDS);
    OperatorKind kind = kind(table);
    String name = table.name() + " " + kind;
    for (int field : Schema.operatorUnusedVectors()) {
      FlatVector unused = table.vector(field, Byte.BYTES, "field " + field);
      require(unused.size() == 0, Reason.FEATURE, unused.name(), unused.size(), "empty");
    }
    table.absent(Schema.OPERATOR_LARGE_OFFSET, Long.BYTES, "large custom options");
    table.absent(Schema.OPERATOR_LARGE_SIZE, Long.BYTES, "large custom options");
    table.absent(Schema.OPERATOR_OPTIONS_2_TYPE, Byte.BYTES, "second options");
    table.absent(Schema.OPERATOR_OPTIONS_2, Integer.BYTES, "second options");
    noStateChanges(table);
    FlatVector outputs = table.vector(Schema.OPERATOR_OUTPUTS, Integer.BYTES, "outputs");
    require(outputs.size() == 1, Reason.OPERATOR, name + ": outputs", outputs.size(), 1);
    FlatVector inputs = table.vector(Schema.OPERATOR_INPUTS, Integer.BYTES, "inputs");
    bounded(inputs.size(), name + ": inputs", 1, OperatorKind.MOST_INPUTS);
    int[] tensorInputs = inputs.int32s(OperatorKind.MOST_INPUTS);
    for (int i = 0; i < tensorInputs.length; i++) {
      // Only a dense layer's kernel looks whether an input is left out; others run off the tensors.
      boolean optional = kind == OperatorKind.FULLY_CONNECTED && i == 2;
      if (!optional || tensorInputs[i] != Graph.NO_TENSOR) {
        tensorIndex(tensorInputs[i], name + ": input " + i);
      }
    }
    return new Graph.Node(
        name,
        kind,
        tensorInputs,
        tensorIndex(outputs.int32(0), name + ": output"),
        table.uint8(Schema.OPERATOR_OPTIONS_TYPE),
        table.table(Schema.OPERATOR_OPTIONS, name + ": options"));
  }

  private static void noStateChanges(FlatTable table) {
    FlatVector mutates = table.vector(Schema.OPERATOR_MUTATES, Byte.BYTES, "changed inputs");
    for (int i = 0; i < mutates.size(); i++) {
      require(mutates.int8(i) == 0, Reason.FEATURE, mutates.name(), "input " + i, "none");
    }
  }

  private OperatorKind kind(FlatTable operator) {
    long index = operator.uint32(Schema.OPERATOR_CODE);
    require(
        index < codes.size(),
        Reason.STRUCTURE,
        operator.name() + ": operator code",
        index,
        "0.." + (codes.size() - 1));
    FlatTable code = FlatTable.element(codes, (int) index, "operator code " + index);
    code.knowsOnly(Schema.CODE_FIELDS);
    // As the library reads it: files of 2020 have only the narrow field, newer ones both.
    int number = Math.max(code.int8(Schema.CODE_NARROW, 0), code.int32(Schema.CODE_NUMBER, 0));
    OperatorKind kind = OperatorKind.of(number);
    require(
        kind != null,
        Reason.OPERATOR,
        operator.name(),
        "built-in operator " + number,
        Arrays.toString(OperatorKind.values()));
    int version = code.int32(Schema.CODE_VERSION, 1);
    require(
        version >= 1 && version <= kind.lastVersion,
        Reason.OPERATOR,
        operator.name() + " " + kind + ": version",
        version,
        "1.." + kind.lastVersion);
    FlatVector custom = code.vector(Schema.CODE_CUSTOM, Byte.BYTES, "custom code");
    require(custom.size() == 0, Reason.OPERATOR, custom.name(), custom.size(), "empty");
    return kind;
  }
}
