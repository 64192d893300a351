// SPDX-License-Identifier: Apache-2.0
package tagwatch.scorer.tflite;

import java.nio.FloatBuffer;
import org.bytedeco.javacpp.FloatPointer;
import org.bytedeco.javacpp.Pointer;
import org.bytedeco.tensorflowlite.Interpreter;
import org.bytedeco.tensorflowlite.InterpreterBuilder;
import tagwatch.scorer.tflite.Refusal.Reason;

/**
 * An interpreter for a fixed number of windows at once. One-hot windows are written into its input
 * and probabilities read from its output in place: no call allocates or copies a tensor.
 */
final class Network implements AutoCloseable {
  private static final int OK = 0;

  private final Interpreter interpreter;
  private final FloatBuffer input;
  private final FloatBuffer output;
  private final int rows;
  private final int classes;

  /** Where the input has ones, so that only those have to be taken back. */
  private final int[] ones;

  private int used;

  private Network(Interpreter interpreter, int rows, int window, int classes) {
    this.interpreter = interpreter;
    this.rows = rows;
    this.classes = classes;
    this.input = floats(interpreter.typed_input_tensor_float(0), "input", rows * window * classes);
    this.output = floats(interpreter.typed_output_tensor_float(0), "output", rows * classes);
    this.ones = new int[rows * window];
    for (int i = 0; i < input.limit(); i++) {
      input.put(i, 0);
    }
  }

  private static FloatBuffer floats(FloatPointer pointer, String called, int size) {
    if (pointer == null || pointer.isNull()) {
      throw new Refusal(Reason.INTERPRETER, called + ": TensorFlow Lite gave it no memory");
    }
    return pointer.capacity(size).asBuffer();
  }

  /** Opens an interpreter; the model outlives it. */
  static Network open(NativeModel model, int threads, int rows, int window, int classes) {
    Interpreter interpreter = new Interpreter((Pointer) null);
    try {
      try (InterpreterBuilder builder = new InterpreterBuilder(model.model(), model.kernels())) {
        done(builder.apply(interpreter, threads), "make an interpreter");
      }
      done(interpreter.AllocateTensors(), "allocate the tensors");
      if (rows > 1) {
        int[] shape = {rows, window, classes};
        done(interpreter.ResizeInputTensor(interpreter.inputs().get(0), shape), "take a batch");
        done(interpreter.AllocateTensors(), "allocate the tensors of a batch");
      }
      sized(interpreter.input_tensor(0).bytes(), "input", (long) rows * window * classes);
      sized(interpreter.output_tensor(0).bytes(), "output", (long) rows * classes);
      return new Network(interpreter, rows, window, classes);
    } catch (RuntimeException e) {
      interpreter.close();
      throw e;
    }
  }

  private static void done(int status, String what) {
    if (status != OK) {
      throw new Refusal(
          Reason.INTERPRETER,
          "TensorFlow Lite could not " + what + " (status " + status + "); see standard error");
    }
  }

  private static void sized(long found, String called, long elements) {
    Refusal.require(
        found == elements * Float.BYTES,
        Reason.INTERPRETER,
        called,
        found + " bytes",
        elements * Float.BYTES);
  }

  int rows() {
    return rows;
  }

  /** Sets an event of a window, rows counted through: row times window plus step. */
  void set(int step, int event) {
    int at = step * classes + event;
    input.put(at, 1);
    ones[used++] = at;
  }

  /** Infers from what was set, and makes the input empty again. */
  void infer() {
    int status = interpreter.Invoke();
    clear();
    if (status != OK) {
      throw new IllegalStateException("TensorFlow Lite could not infer (status " + status + ")");
    }
  }

  /** Forgets what was set. */
  void clear() {
    for (int i = 0; i < used; i++) {
      input.put(ones[i], 0);
    }
    used = 0;
  }

  /** Probability of a class after the window of a row. */
  float probability(int row, int event) {
    return output.get(row * classes + event);
  }

  @Override
  public void close() {
    interpreter.close();
  }
}
