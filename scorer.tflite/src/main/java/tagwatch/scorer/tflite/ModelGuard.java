// SPDX-License-Identifier: Apache-2.0
package tagwatch.scorer.tflite;

import static tagwatch.scorer.tflite.Refusal.require;

import java.nio.ByteBuffer;
import java.util.Arrays;
import tagwatch.scorer.tflite.Refusal.Reason;

/**
 * Checks a TensorFlow Lite file in Java before native code sees a byte of it. The library's own
 * verifier only knows whether tables lie inside the file; a graph with a cycle, a bias that is too
 * short or a shape that lies would still take the process down with it.
 *
 * <p>A whitelist: what is not known to be harmless is refused, with the tensor or operator and the
 * reason.
 */
public final class ModelGuard {
  /** Multiplications of one window; the 2020 network needs 0.3 million. */
  private static final long MOST_WORK = 50_000_000;

  /** Any batch but 1 shows what depends on it. */
  private static final int OTHER_BATCH = 3;

  private final Graph graph;

  private ModelGuard(Graph graph) {
    this.graph = graph;
  }

  /**
   * Lets the file pass or throws.
   *
   * @param content the whole file, from position to limit; not changed
   * @param window events that the graph's input has to take
   * @param classes that input and output have to have
   * @return whether the graph works for any number of windows at once; else for one only
   * @throws Refusal names the part of the file, what was found and what is allowed
   */
  public static boolean check(ByteBuffer content, int window, int classes) {
    try {
      ModelGuard guard = new ModelGuard(GraphReader.read(content));
      guard.ends(window, classes);
      guard.flow(1);
      guard.chain();
      return guard.takesBatches();
    } catch (IndexOutOfBoundsException | NegativeArraySizeException | ArithmeticException e) {
      throw new Refusal(Reason.STRUCTURE, "file: malformed: " + e);
    }
  }

  private void ends(int window, int classes) {
    end(graph.tensor(graph.input()), "input", 1, window, classes);
    end(graph.tensor(graph.output()), "output", 1, classes);
    Graph.Node last = graph.nodes().get(graph.nodes().size() - 1);
    require(
        last.kind() == OperatorKind.SOFTMAX && last.output() == graph.output(),
        Reason.ENDS,
        "subgraph: last operator",
        last.name(),
        OperatorKind.SOFTMAX + ", which computes the output: probabilities are wanted");
  }

  /**
   * What is computed is used, once: the optimiser of XNNPACK runs off its list of nodes where a
   * result is left lying.
   */
  private void chain() {
    int[] uses = new int[graph.tensors().size()];
    boolean[] computed = new boolean[uses.length];
    computed[graph.input()] = true;
    for (Graph.Node node : graph.nodes()) {
      computed[node.output()] = true;
      for (int input : node.inputs()) {
        if (input != Graph.NO_TENSOR) {
          uses[input]++;
        }
      }
    }
    for (TensorSpec tensor : graph.tensors()) {
      int wanted = tensor.index() == graph.output() ? 0 : 1;
      require(
          !computed[tensor.index()] || uses[tensor.index()] == wanted,
          Reason.INPUTS,
          tensor.name() + ": uses",
          uses[tensor.index()],
          wanted);
    }
  }

  private static void end(TensorSpec tensor, String called, int... shape) {
    require(
        !tensor.constant() && tensor.type() == TensorType.FLOAT32,
        Reason.ENDS,
        called + ", " + tensor.name(),
        tensor.constant() ? "contents" : tensor.type(),
        "FLOAT32 without contents");
    require(
        Arrays.equals(tensor.shape(), shape),
        Reason.ENDS,
        called + ", " + tensor.name(),
        Arrays.toString(tensor.shape()),
        Arrays.toString(shape) + " (" + called + " of this model)");
  }

  private boolean takesBatches() {
    try {
      flow(OTHER_BATCH);
      return true;
    } catch (Refusal e) {
      return false;
    }
  }

  /** Follows the shapes through the graph; what is read has to be there, what is there stays. */
  private void flow(int batch) {
    int[][] shapes = new int[graph.tensors().size()][];
    for (TensorSpec tensor : graph.tensors()) {
      shapes[tensor.index()] = tensor.constant() ? tensor.shape() : null;
    }
    shapes[graph.input()] = Shapes.batched(graph.tensor(graph.input()).shape(), batch);
    long work = 0;
    for (Graph.Node node : graph.nodes()) {
      for (int i = 0; i < node.inputs().length; i++) {
        int input = node.inputs()[i];
        require(
            input == Graph.NO_TENSOR || shapes[input] != null,
            Reason.INPUTS,
            node.name() + ": input " + i,
            input == Graph.NO_TENSOR ? "" : graph.tensor(input).name() + ", not computed yet",
            "what was computed before, or a constant");
      }
      TensorSpec output = graph.tensor(node.output());
      require(
          shapes[node.output()] == null && output.type() == TensorType.FLOAT32,
          Reason.INPUTS,
          node.name() + ": output",
          output.name() + ", " + (output.constant() ? "a constant" : "computed before"),
          "a FLOAT32 tensor of its own");
      int[] shape = node.kind().rule.apply(new OperatorCall(graph, node, shapes));
      boolean weights = node.kind() == OperatorKind.DEQUANTIZE;
      int[] declared =
          weights || batch == 1 ? output.shape() : Shapes.batched(output.shape(), batch);
      require(
          Arrays.equals(shape, declared),
          Reason.OUTPUT_SHAPE,
          node.name() + ": output, " + output.name(),
          Arrays.toString(declared),
          Arrays.toString(shape) + ", which the operator yields");
      shapes[node.output()] = shape;
      work += work(node, shape);
      require(work <= MOST_WORK * batch, Reason.SIZE, node.name() + ": work", work, MOST_WORK);
    }
  }

  /** Multiplications: each element of the output takes a slice of the kernel. */
  private long work(Graph.Node node, int[] shape) {
    boolean kernel =
        node.kind() == OperatorKind.CONV_2D || node.kind() == OperatorKind.FULLY_CONNECTED;
    if (!kernel) {
      return Shapes.elements(shape);
    }
    TensorSpec weights = graph.tensor(node.inputs()[1]);
    return Shapes.elements(shape) * (weights.elements() / weights.shape()[0]);
  }
}
