// SPDX-License-Identifier: Apache-2.0
package tagwatch.cli;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** The tree that this command line was built in; the script {@code tagwatch} says where it is. */
final class Tree {
  private static final String ROOT = "tagwatch.root";

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
    Path jar = root().resolve("dist/target/executable/runtime.jar");
    if (!Files.isReadable(jar)) {
      throw new Failure(ExitCode.MISSING, "there is no " + jar + "; make it with ./tagwatch build");
    }
    return jar;
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
    if (!format.equals("tflite")) {
      return new Frame(runtime(), List.of());
    }
    Path jar = root().resolve("dist/target/executable/trainer.jar");
    Path natives = root().resolve("trainer/target/natives");
    if (!Files.isReadable(jar) || !Files.isDirectory(natives)) {
      throw new Failure(
          ExitCode.MISSING,
          "there is no " + jar + " or no " + natives + "; make them with ./tagwatch build");
    }
    return new Frame(
        jar,
        List.of(
            "-Dtagwatch.trainer.natives=" + natives,
            // the layers themselves are PyTorch's, everything between them is worth compiling well
            "-XX:TieredStopAtLevel=4"));
  }
}
