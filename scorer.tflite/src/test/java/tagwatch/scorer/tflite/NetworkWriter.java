// SPDX-License-Identifier: Apache-2.0
package tagwatch.scorer.tflite;

import com.google.flatbuffers.FlatBufferBuilder;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.tensorflow.lite.schema.ActivationFunctionType;
import org.tensorflow.lite.schema.Buffer;
import org.tensorflow.lite.schema.BuiltinOperator;
import org.tensorflow.lite.schema.BuiltinOptions;
import org.tensorflow.lite.schema.Conv2DOptions;
import org.tensorflow.lite.schema.ExpandDimsOptions;
import org.tensorflow.lite.schema.FullyConnectedOptions;
import org.tensorflow.lite.schema.Metadata;
import org.tensorflow.lite.schema.Model;
import org.tensorflow.lite.schema.Operator;
import org.tensorflow.lite.schema.OperatorCode;
import org.tensorflow.lite.schema.Padding;
import org.tensorflow.lite.schema.Pool2DOptions;
import org.tensorflow.lite.schema.QuantizationParameters;
import org.tensorflow.lite.schema.ReshapeOptions;
import org.tensorflow.lite.schema.SoftmaxOptions;
import org.tensorflow.lite.schema.SqueezeOptions;
import org.tensorflow.lite.schema.SubGraph;
import org.tensorflow.lite.schema.Tensor;
import org.tensorflow.lite.schema.TensorType;

/** Writes networks as TensorFlow Lite files, in the ways that converters have written them. */
final class NetworkWriter {
  /** How weights are stored. */
  enum Storage {
    FLOAT,
    /** One scale a tensor, as the first converters with int8 weights. */
    INT8_BY_TENSOR,
    /** One scale for each output of a convolution, activations quantised asymmetrically. */
    INT8_BY_CHANNEL,
    /** Converted back by an operator before each use. */
    INT8_DEQUANTISED,
    FLOAT16_DEQUANTISED
  }

  /** How one-dimensional layers are made of two-dimensional operators. */
  enum Style {
    /** TOCO, 2020: the batch of 1 stands in each shape, which is a constant of two axes. */
    FIXED,
    /** Shapes that leave the batch open. */
    OPEN,
    /** EXPAND_DIMS and SQUEEZE around each layer, as the converter that came after TOCO. */
    SQUEEZED
  }

  private static final int SCHEMA = 3;
  private static final int QUANTISED_FROM = 1024;

  private final FlatBufferBuilder out = new FlatBufferBuilder(1 << 17);
  private final List<Integer> buffers = new ArrayList<>();
  private final List<Integer> tensors = new ArrayList<>();
  private final List<Integer> operators = new ArrayList<>();
  private final Map<List<Integer>, Integer> codes = new LinkedHashMap<>();
  private final Weights weights;
  private final Storage storage;
  private final Style style;

  private NetworkWriter(Weights weights, Storage storage, Style style) {
    this.weights = weights;
    this.storage = storage;
    this.style = style;
  }

  static byte[] write(Weights weights, Storage storage, Style style) {
    return new NetworkWriter(weights, storage, style).network();
  }

  private byte[] network() {
    buffers.add(Buffer.createBuffer(out, 0));
    int input = activation("input", 1, weights.window, weights.classes);
    int current = input;
    int steps = weights.window;
    int layer = 0;
    for (; weights.convolution(layer); layer++) {
      current = convolution(layer, current, steps);
      if (weights.pooled(layer)) {
        current = pooling(layer, current, steps);
        steps /= 2;
      }
    }
    current = shaped("flat", current, 1, weights.inputs(layer));
    for (; layer < weights.layers(); layer++) {
      current = dense(layer, current);
    }
    int output = activation("Identity", 1, weights.classes);
    operator(
        BuiltinOperator.SOFTMAX,
        1,
        output,
        BuiltinOptions.SoftmaxOptions,
        SoftmaxOptions.createSoftmaxOptions(out, 1f),
        current);
    return finished(input, output);
  }

  private int convolution(int layer, int from, int steps) {
    int channels = weights.channels(layer);
    int filters = weights.outputs(layer);
    int image = shaped("image" + layer, from, 1, 1, steps, channels);
    int kernel = kernel(layer, filters, 1, Weights.KERNEL, channels);
    int bias = floats("bias" + layer, weights.biases[layer], filters);
    int result = activation("conv" + layer, 1, 1, steps, filters);
    boolean hybrid = storage.name().startsWith("INT8_BY");
    operator(
        BuiltinOperator.CONV_2D,
        hybrid ? (storage == Storage.INT8_BY_CHANNEL ? 5 : 2) : 1,
        result,
        BuiltinOptions.Conv2DOptions,
        Conv2DOptions.createConv2DOptions(
            out, Padding.SAME, 1, 1, ActivationFunctionType.RELU, 1, 1),
        image,
        kernel,
        bias);
    return result;
  }

  private int pooling(int layer, int from, int steps) {
    int channels = weights.outputs(layer);
    int column = shaped("column" + layer, from, 1, steps, 1, channels);
    int result = activation("pool" + layer, 1, steps / 2, 1, channels);
    operator(
        BuiltinOperator.MAX_POOL_2D,
        1,
        result,
        BuiltinOptions.Pool2DOptions,
        Pool2DOptions.createPool2DOptions(
            out, Padding.VALID, 1, 2, 1, 2, ActivationFunctionType.NONE),
        column);
    return result;
  }

  private int dense(int layer, int from) {
    int units = weights.outputs(layer);
    boolean last = layer == weights.layers() - 1;
    int kernel = kernel(layer, units, weights.inputs(layer));
    int bias = floats("bias" + layer, weights.biases[layer], units);
    int result = activation("dense" + layer, 1, units);
    boolean asymmetric = storage == Storage.INT8_BY_CHANNEL;
    operator(
        BuiltinOperator.FULLY_CONNECTED,
        asymmetric ? 9 : storage == Storage.INT8_BY_TENSOR ? 3 : 1,
        result,
        BuiltinOptions.FullyConnectedOptions,
        FullyConnectedOptions.createFullyConnectedOptions(
            out,
            last ? ActivationFunctionType.NONE : ActivationFunctionType.RELU,
            (byte) 0,
            false,
            asymmetric),
        from,
        kernel,
        bias);
    return result;
  }

  /** The tensor in another shape, where it has not got it yet. */
  private int shaped(String name, int from, int... shape) {
    int result = activation(name, shape);
    if (style == Style.SQUEEZED && shape.length == 4) {
      squeezed(name, from, result, shape);
      return result;
    }
    int[] open = shape.clone();
    open[0] = style == Style.OPEN ? -1 : 1;
    int[] axes = style == Style.FIXED ? new int[] {1, open.length} : new int[] {open.length};
    int constant = constant(name + "/shape", TensorType.INT32, ints(open), null, axes);
    operator(
        BuiltinOperator.RESHAPE,
        1,
        result,
        BuiltinOptions.ReshapeOptions,
        ReshapeOptions.createReshapeOptions(out, ReshapeOptions.createNewShapeVector(out, open)),
        from,
        constant);
    return result;
  }

  private void squeezed(String name, int from, int result, int... shape) {
    int steps = Math.max(shape[1], shape[2]);
    int axis = shape[1] == 1 && shape[2] != 1 ? 1 : 2;
    int flat = from;
    if (!operators.isEmpty()) {
      flat = activation(name + "/squeezed", 1, steps, shape[3]);
      int given = axis == 1 && name.equals("image2") ? -2 : name.equals("image2") ? 2 : -3;
      operator(
          BuiltinOperator.SQUEEZE,
          1,
          flat,
          BuiltinOptions.SqueezeOptions,
          SqueezeOptions.createSqueezeOptions(
              out, SqueezeOptions.createSqueezeDimsVector(out, new int[] {given})),
          from);
    }
    int constant = constant(name + "/axis", TensorType.INT32, ints(axis - 4), null);
    ExpandDimsOptions.startExpandDimsOptions(out);
    int options = ExpandDimsOptions.endExpandDimsOptions(out);
    operator(
        BuiltinOperator.EXPAND_DIMS,
        1,
        result,
        BuiltinOptions.ExpandDimsOptions,
        options,
        flat,
        constant);
  }

  // Tensors.

  private int kernel(int layer, int... shape) {
    float[] values = weights.kernels[layer];
    String name = "kernel" + layer;
    // Small kernels stay float, as the converter leaves them.
    if (storage == Storage.FLOAT
        || (storage.name().contains("BY") && values.length < QUANTISED_FROM)) {
      return floats(name, values, shape);
    }
    if (storage == Storage.FLOAT16_DEQUANTISED) {
      return dequantised(
          name, constant(name + "/16", TensorType.FLOAT16, halves(values), null, shape), shape);
    }
    int slices = storage == Storage.INT8_BY_CHANNEL && weights.convolution(layer) ? shape[0] : 1;
    float[] scales = new float[slices];
    byte[] quantised = quantised(values, scales);
    int tensor = constant(name, TensorType.INT8, quantised, scales, shape);
    return storage == Storage.INT8_DEQUANTISED ? dequantised(name, tensor, shape) : tensor;
  }

  /** Symmetric: the largest of a slice becomes 127. Fills in the scales. */
  static byte[] quantised(float[] values, float[] scales) {
    byte[] quantised = new byte[values.length];
    int slice = values.length / scales.length;
    for (int s = 0; s < scales.length; s++) {
      float largest = 0;
      for (int i = s * slice; i < (s + 1) * slice; i++) {
        largest = Math.max(largest, Math.abs(values[i]));
      }
      scales[s] = largest / 127;
      for (int i = s * slice; i < (s + 1) * slice; i++) {
        quantised[i] = (byte) Math.max(-127, Math.min(127, Math.round(values[i] / scales[s])));
      }
    }
    return quantised;
  }

  private int dequantised(String name, int from, int... shape) {
    int result = tensor(name + "/float", TensorType.FLOAT32, 0, null, shape);
    operator(BuiltinOperator.DEQUANTIZE, 2, result, BuiltinOptions.NONE, 0, from);
    return result;
  }

  private int floats(String name, float[] values, int... shape) {
    ByteBuffer bytes =
        ByteBuffer.allocate(values.length * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    bytes.asFloatBuffer().put(values);
    return constant(name, TensorType.FLOAT32, bytes.array(), null, shape);
  }

  private static byte[] ints(int... values) {
    ByteBuffer bytes =
        ByteBuffer.allocate(values.length * Integer.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    bytes.asIntBuffer().put(values);
    return bytes.array();
  }

  /** IEEE halves; good enough for weights of ordinary size. */
  private static byte[] halves(float[] values) {
    ByteBuffer bytes =
        ByteBuffer.allocate(values.length * Short.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    for (float value : values) {
      int bits = Float.floatToIntBits(value);
      int exponent = ((bits >> 23) & 0xff) - 127 + 15;
      int half = exponent <= 0 ? 0 : (exponent << 10) | ((bits >> 13) & 0x3ff);
      bytes.putShort((short) (half | ((bits >> 16) & 0x8000)));
    }
    return bytes.array();
  }

  private int constant(String name, byte type, byte[] data, float[] scales, int... shape) {
    ByteBuffer place = out.createUnintializedVector(1, data.length, 16);
    place.put(data);
    buffers.add(Buffer.createBuffer(out, out.endVector()));
    return tensor(name, type, buffers.size() - 1, scales, shape);
  }

  private int activation(String name, int... shape) {
    return tensor(name, TensorType.FLOAT32, 0, null, shape);
  }

  private int tensor(String name, byte type, int buffer, float[] scales, int... shape) {
    int nameAt = out.createString(name);
    int shapeAt = Tensor.createShapeVector(out, shape);
    int quantisation = 0;
    if (scales != null) {
      int scaleAt = QuantizationParameters.createScaleVector(out, scales);
      int zeroAt = QuantizationParameters.createZeroPointVector(out, new long[scales.length]);
      quantisation =
          QuantizationParameters.createQuantizationParameters(
              out, 0, 0, scaleAt, zeroAt, (byte) 0, 0, 0);
    }
    int signature = 0;
    if (buffer == 0 && style != Style.FIXED && type == TensorType.FLOAT32 && shape[0] == 1) {
      int[] open = shape.clone();
      open[0] = -1;
      signature = Tensor.createShapeSignatureVector(out, open);
    }
    tensors.add(
        Tensor.createTensor(
            out, shapeAt, type, buffer, nameAt, quantisation, false, 0, signature, true, 0));
    return tensors.size() - 1;
  }

  // The rest of the file.

  private void operator(
      int code, int version, int output, byte optionsType, int options, int... inputs) {
    int index = codes.computeIfAbsent(List.of(code, version), unused -> codes.size());
    int inputsAt = Operator.createInputsVector(out, inputs);
    int outputsAt = Operator.createOutputsVector(out, new int[] {output});
    operators.add(
        Operator.createOperator(
            out, index, inputsAt, outputsAt, optionsType, options, 0, (byte) 0, 0, 0));
  }

  private byte[] finished(int input, int output) {
    int graph =
        SubGraph.createSubGraph(
            out,
            SubGraph.createTensorsVector(out, array(tensors)),
            SubGraph.createInputsVector(out, new int[] {input}),
            SubGraph.createOutputsVector(out, new int[] {output}),
            SubGraph.createOperatorsVector(out, array(operators)),
            out.createString("main"));
    int graphs = Model.createSubgraphsVector(out, new int[] {graph});
    int[] codeTables =
        codes.keySet().stream()
            .mapToInt(
                code ->
                    OperatorCode.createOperatorCode(
                        out, code.get(0).byteValue(), 0, code.get(1), code.get(0)))
            .toArray();
    int codesAt = Model.createOperatorCodesVector(out, codeTables);
    int runtime =
        out.createByteVector(
            "1.5.0\0\0\0\0\0\0\0\0\0\0\0".getBytes(java.nio.charset.StandardCharsets.US_ASCII));
    buffers.add(Buffer.createBuffer(out, runtime));
    int name = out.createString("min_runtime_version");
    int entry = Metadata.createMetadata(out, name, buffers.size() - 1);
    int metadata = Model.createMetadataVector(out, new int[] {entry});
    int description = out.createString("TOCO Converted.");
    int buffersAt = Model.createBuffersVector(out, array(buffers));
    int model =
        Model.createModel(out, SCHEMA, codesAt, graphs, description, buffersAt, 0, metadata, 0);
    Model.finishModelBuffer(out, model);
    return out.sizedByteArray();
  }

  private static int[] array(List<Integer> values) {
    return values.stream().mapToInt(Integer::intValue).toArray();
  }
}
