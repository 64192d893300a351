// SPDX-License-Identifier: Apache-2.0
package tagwatch.cli;

import java.nio.file.Files;
import java.nio.file.Path;

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
}
