// SPDX-License-Identifier: Apache-2.0
package tagwatch.trainer;

import ai.djl.engine.Engine;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.Supplier;
import tagwatch.scorer.ModelException;

/**
 * PyTorch through DJL, started once. Its libraries are 450 MB, so they lie in a folder beside the
 * bundle instead of in it; nothing is ever downloaded.
 */
final class Torch {
  /** Framework property: folder with {@code libtorch.so} and what belongs to it. */
  static final String LIBRARIES = "tagwatch.trainer.natives";

  private static final String LIBRARY = "libtorch.so";

  private static Engine engine;

  private Torch() {}

  /** The engine; starts it if it does not run yet. */
  static synchronized Engine start(Path libraries) throws ModelException {
    if (engine == null) {
      if (!Files.isReadable(libraries.resolve(LIBRARY))) {
        throw new ModelException(
            "PyTorch's libraries are not in "
                + libraries
                + "; build the tree, or set "
                + LIBRARIES
                + " to their folder");
      }
      System.setProperty("PYTORCH_LIBRARY_PATH", libraries.toString());
      System.setProperty("PYTORCH_VERSION", "2.7.1");
      System.setProperty("PYTORCH_FLAVOR", "cpu");
      System.setProperty("ENGINE_CACHE_DIR", libraries.toString());
      System.setProperty("DJL_CACHE_DIR", libraries.toString());
      // No look-up of newer libraries, and no report to the makers of DJL.
      System.setProperty("ai.djl.offline", "true");
      System.setProperty("OPT_OUT_TRACKING", "true");
      // The layers are small: a second thread waited for the first, at ten times the cost. And the
      // order of additions, so the last digit, depends on the number of threads.
      System.setProperty("ai.djl.pytorch.num_threads", "1");
      System.setProperty("ai.djl.pytorch.num_interop_threads", "1");
      try {
        engine = within(() -> Engine.getEngine("PyTorch"));
      } catch (RuntimeException | LinkageError e) {
        throw new ModelException("PyTorch does not start from " + libraries + ": " + e, e);
      }
    }
    return engine;
  }

  /** Runs something with the class loader by which DJL finds its parts. */
  static <T> T within(Supplier<T> work) {
    Thread thread = Thread.currentThread();
    ClassLoader before = thread.getContextClassLoader();
    thread.setContextClassLoader(Engine.class.getClassLoader());
    try {
      return work.get();
    } finally {
      thread.setContextClassLoader(before);
    }
  }
}
