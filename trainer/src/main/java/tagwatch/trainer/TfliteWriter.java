// SPDX-License-Identifier: Apache-2.0
package tagwatch.trainer;

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
import org.tensorflow.lite.schema.FullyConnectedOptions;
import org.tensorflow.lite.schema.Model;
import org.tensorflow.lite.schema.Operator;
import org.tensorflow.lite.schema.OperatorCode;
import org.tensorflow.lite.schema.Padding;
import org.tensorflow.lite.schema.Pool2DOptions;
import org.tensorflow.lite.schema.QuantizationParameters;
import org.tensorflow.lite.schema.ReshapeOptions;
import org.tensorflow.lite.schema.SoftmaxOptions;
import org.tensorflow.lite.schema.SubGraph;
import org.tensorflow.lite.schema.Tensor;
import org.tensorflow.lite.schema.TensorType;

/**
 * Writes weights as a TensorFlow Lite model (schema version 3): input {@code [rows, window,
 * classes]}, output {@code [rows, classes]}, probabilities. The number of rows is left open, which
 * the models of 2020 with their constant RESHAPE did not: a row alone costs much more than one of
 * many.
 */
final class TfliteWriter {
  /** XNNPACK reads weights where they lie, and faults on a wrong alignment. */
  private static final int ALIGNMENT = 16;

  private static final int OPEN = -1;
  private static final int SCHEMA = 3;
  private static final byte INT8_STEPS = 127;

  private final FlatBufferBuilder builder = new FlatBufferBuilder(1 << 17);
  private final List<Integer> buffers = new ArrayList<>();
  private final List<Integer> tensors = new ArrayList<>();
  private final List<Integer> operators = new ArrayList<>();
  private final Map<Integer, Integer> versions = new LinkedHashMap<>();
  private final WeightFormat format;

  private TfliteWriter(WeightFormat format) {
    this.format = format;
    buffers.add(Buffer.createBuffer(builder, 0));
  }

  static ByteBuffer write(Weights weights, WeightFormat format) {
    return new TfliteWriter(format).model(weights);
  }

  private ByteBuffer model(Weights weights) {
    Topology topology = weights.topology();
    List<Topology.Layer> layers = topology.layers();
    int input = flow("input", 1, topology.window(), topology.classes());
    int current = reshape("steps", input, 1, topology.window(), topology.classes());
    for (int i = 0; i < layers.size(); i++) {
      Topology.Layer layer = layers.get(i);
      current =
          layer.convolution()
              ? convolution("convolution" + i, layer, current, weights, i)
              : dense("dense" + i, layer, current, weights, i);
    }
    int output = flow("output", 1, topology.classes());
    operator(
        BuiltinOperator.SOFTMAX,
        1,
        new int[] {current},
        output,
        BuiltinOptions.SoftmaxOptions,
        SoftmaxOptions.createSoftmaxOptions(builder, 1f));
    return finish(input, output);
  }

  private ByteBuffer finish(int input, int output) {
    int graph =
        SubGraph.createSubGraph(
            builder,
            SubGraph.createTensorsVector(builder, array(tensors)),
            SubGraph.createInputsVector(builder, new int[] {input}),
            SubGraph.createOutputsVector(builder, new int[] {output}),
            SubGraph.createOperatorsVector(builder, array(operators)),
            builder.createString("main"));
    List<Integer> codes = new ArrayList<>();
    versions.forEach(
        (code, version) ->
            codes.add(
                OperatorCode.createOperatorCode(
                    builder, (byte) Math.min(code, Byte.MAX_VALUE), 0, version, code)));
    Model.finishModelBuffer(
        builder,
        Model.createModel(
            builder,
            SCHEMA,
            Model.createOperatorCodesVector(builder, array(codes)),
            Model.createSubgraphsVector(builder, new int[] {graph}),
            builder.createString("tagwatch"),
            Model.createBuffersVector(builder, array(buffers)),
            0,
            0,
            0));
    return ByteBuffer.wrap(builder.sizedByteArray()).order(ByteOrder.LITTLE_ENDIAN);
  }

  // The first dimension is written as 1 and declared open beside: engines without support for open
  // dimensions take the 1.
  private int reshape(String name, int from, int... shape) {
    int[] wanted = new int[shape.length + 1];
    wanted[0] = OPEN;
    System.arraycopy(shape, 0, wanted, 1, shape.length);
    int dimensions =
        tensor(
            name + "/shape", TensorType.INT32, new int[] {wanted.length}, buffer(bytes(wanted)), 0);
    int[] flows = wanted.clone();
    flows[0] = 1;
    int to = flow(name, flows);
    operator(
        BuiltinOperator.RESHAPE,
        1,
        new int[] {from, dimensions},
        to,
        BuiltinOptions.ReshapeOptions,
        ReshapeOptions.createReshapeOptions(
            builder, ReshapeOptions.createNewShapeVector(builder, wanted)));
    return to;
  }

  private int convolution(String name, Topology.Layer layer, int from, Weights weights, int index) {
    int kernel =
        weights(
            name,
            new int[] {layer.outputs(), 1, Topology.KERNEL, layer.inputs()},
            stepsBeforeInputs(layer, weights.of(index)));
    int to = flow(name, 1, 1, layer.steps(), layer.outputs());
    operator(
        BuiltinOperator.CONV_2D,
        format == WeightFormat.FLOAT ? 1 : 5,
        new int[] {from, kernel, biases(name, weights.biases(index))},
        to,
        BuiltinOptions.Conv2DOptions,
        Conv2DOptions.createConv2DOptions(
            builder, Padding.SAME, 1, 1, ActivationFunctionType.RELU, 1, 1));
    return layer.pooled() ? pool(name + "/pool", layer, to) : to;
  }

  private int pool(String name, Topology.Layer layer, int from) {
    int to = flow(name, 1, 1, layer.steps() / 2, layer.outputs());
    operator(
        BuiltinOperator.MAX_POOL_2D,
        1,
        new int[] {from},
        to,
        BuiltinOptions.Pool2DOptions,
        Pool2DOptions.createPool2DOptions(
            builder, Padding.VALID, 2, 1, 2, 1, ActivationFunctionType.NONE));
    return to;
  }

  private int dense(String name, Topology.Layer layer, int from, Weights weights, int index) {
    int matrix = weights(name, new int[] {layer.outputs(), layer.inputs()}, weights.of(index));
    int to = flow(name, 1, layer.outputs());
    byte activation = layer.rectified() ? ActivationFunctionType.RELU : ActivationFunctionType.NONE;
    operator(
        BuiltinOperator.FULLY_CONNECTED,
        format == WeightFormat.FLOAT ? 1 : 3,
        new int[] {from, matrix, biases(name, weights.biases(index))},
        to,
        BuiltinOptions.FullyConnectedOptions,
        FullyConnectedOptions.createFullyConnectedOptions(
            builder, activation, (byte) 0, false, false));
    return to;
  }

  /** What flows between operators. */
  private int flow(String name, int... shape) {
    int[] open = shape.clone();
    open[0] = OPEN;
    return tensor(
        name, TensorType.FLOAT32, shape, 0, 0, Tensor.createShapeSignatureVector(builder, open));
  }

  private int biases(String name, float[] values) {
    return tensor(
        name + "/biases", TensorType.FLOAT32, new int[] {values.length}, buffer(bytes(values)), 0);
  }

  private int weights(String name, int[] shape, float[] values) {
    if (format == WeightFormat.FLOAT) {
      return tensor(name + "/weights", TensorType.FLOAT32, shape, buffer(bytes(values)), 0);
    }
    // One scale an output where the kernels read several. The plain ones of a dense layer read the
    // first scale only, and are silent about it.
    int outputs = shape.length > 2 ? shape[0] : 1;
    int each = values.length / outputs;
    float[] scales = new float[outputs];
    byte[] steps = new byte[values.length];
    for (int output = 0; output < outputs; output++) {
      float largest = Float.MIN_NORMAL;
      for (int i = output * each; i < (output + 1) * each; i++) {
        largest = Math.max(largest, Math.abs(values[i]));
      }
      scales[output] = largest / INT8_STEPS;
      for (int i = output * each; i < (output + 1) * each; i++) {
        steps[i] = (byte) Math.round(values[i] / scales[output]);
      }
    }
    int quantization =
        QuantizationParameters.createQuantizationParameters(
            builder,
            0,
            0,
            QuantizationParameters.createScaleVector(builder, scales),
            QuantizationParameters.createZeroPointVector(builder, new long[outputs]),
            (byte) 0,
            0,
            0);
    return tensor(name + "/weights", TensorType.INT8, shape, buffer(steps), quantization);
  }

  private int tensor(String name, byte type, int[] shape, int buffer, int quantization) {
    return tensor(name, type, shape, buffer, quantization, 0);
  }

  private int tensor(
      String name, byte type, int[] shape, int buffer, int quantization, int signature) {
    tensors.add(
        Tensor.createTensor(
            builder,
            Tensor.createShapeVector(builder, shape),
            type,
            buffer,
            builder.createString(name),
            quantization,
            false,
            0,
            signature,
            true,
            0));
    return tensors.size() - 1;
  }

  private int buffer(byte[] bytes) {
    builder.createUnintializedVector(1, bytes.length, ALIGNMENT).put(bytes);
    buffers.add(Buffer.createBuffer(builder, builder.endVector()));
    return buffers.size() - 1;
  }

  private void operator(
      int code, int version, int[] inputs, int output, byte optionsType, int options) {
    versions.put(code, version);
    int index = List.copyOf(versions.keySet()).indexOf(code);
    operators.add(
        Operator.createOperator(
            builder,
            index,
            Operator.createInputsVector(builder, inputs),
            Operator.createOutputsVector(builder, new int[] {output}),
            optionsType,
            options,
            0,
            (byte) 0,
            0,
            0));
  }

  /** From output, input, step to TensorFlow's order: output, step, input. */
  private static float[] stepsBeforeInputs(Topology.Layer layer, float[] weights) {
    float[] ordered = new float[weights.length];
    int inputs = layer.inputs();
    for (int output = 0; output < layer.outputs(); output++) {
      for (int input = 0; input < inputs; input++) {
        for (int step = 0; step < Topology.KERNEL; step++) {
          ordered[(output * Topology.KERNEL + step) * inputs + input] =
              weights[(output * inputs + input) * Topology.KERNEL + step];
        }
      }
    }
    return ordered;
  }

  private static byte[] bytes(float[] values) {
    ByteBuffer bytes =
        ByteBuffer.allocate(values.length * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    bytes.asFloatBuffer().put(values);
    return bytes.array();
  }

  private static byte[] bytes(int[] values) {
    ByteBuffer bytes =
        ByteBuffer.allocate(values.length * Integer.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    bytes.asIntBuffer().put(values);
    return bytes.array();
  }

  private static int[] array(List<Integer> values) {
    return values.stream().mapToInt(Integer::intValue).toArray();
  }
}
