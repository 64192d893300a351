// SPDX-License-Identifier: Apache-2.0
package tagwatch.cli;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import tagwatch.demo.DemoOptions;

/** The tree that this command line was built in; the script {@code tagwatch} says where it is. */
final class Tree {
  private static final String ROOT = "tagwatch.root";
  private static final String NETWORK = "tflite";

  /** A trainer holds a whole recording, and what is not PyTorch's is worth compiling well. */
  private static final List<String> TRAINER_OPTIONS =
      List.of("-Xmx1g", "-XX:TieredStopAtLevel=4", "-XX:ReservedCodeCacheSize=64m");

  private Tree() {}

  static Path root() throws Failure {
    String root = System.getProperty(ROOT);
    if (root == null) {
      throw new Failure(
          ExitCode.MISSING, "system property " + ROOT + " is not set; use the script ./tagwatch");
    }
    return Path.of(root);
  }

  /** What a device runs: framework and bundles in one jar. */
  static Path runtime() throws Failure {
    return built("dist/target/executable/runtime.jar");
  }

  /**
   * What a command is executed in.
   *
   * @param jar framework and bundles in one jar
   * @param options of the Java machine
   */
  record Frame(Path jar, List<String> options) {}

  /** What learns models of a format: a device's own runtime, or the host's with PyTorch. */
  static Frame learner(String format) throws Failure {
    if (!format.equals(NETWORK)) {
      return new Frame(runtime(), List.of());
    }
    List<String> options = new ArrayList<>(TRAINER_OPTIONS);
    options.add("-Dtagwatch.trainer.natives=" + natives());
    return new Frame(trainer(), options);
  }

  /** What the demo learns with, if its engine needs it. */
  static DemoOptions.Trainer demoTrainer(String format) throws Failure {
    return NETWORK.equals(format)
        ? new DemoOptions.Trainer(trainer(), natives(), TRAINER_OPTIONS)
        : null;
  }

  private static Path trainer() throws Failure {
    return built("dist/target/executable/trainer.jar");
  }

  private static Path natives() throws Failure {
    return built("trainer/target/natives");
  }

  private static Path built(String path) throws Failure {
    Path found = root().resolve(path);
    if (!Files.isReadable(found)) {
      throw new Failure(
          ExitCode.MISSING, "there is no " + found + "; make it with ./tagwatch build");
    }
    return found;
  }
}
