// SPDX-License-Identifier: Apache-2.0
package tagwatch.tflite.runtime;

import java.nio.file.Path;
import org.bytedeco.javacpp.Loader;
import org.bytedeco.tensorflowlite.global.tensorflowlite;

/**
 * TensorFlow Lite's natives, unpacked and mapped when the first model asks for them: a device
 * without such a model pays nothing. All threads may call.
 */
public final class TfliteNatives {
  /**
   * System property: the folder that the natives are unpacked into. It must not be mounted {@code
   * noexec}. Unset, it is the bundle's data area in a framework, and {@code ~/.javacpp/cache}
   * without one.
   */
  public static final String FOLDER = "org.bytedeco.javacpp.cachedir";

  private static final String LIMIT = "org.bytedeco.javacpp.maxBytes";
  private static final String PHYSICAL_LIMIT = "org.bytedeco.javacpp.maxPhysicalBytes";
  private static final String NO_COLLECTOR = "org.bytedeco.javacpp.noPointerGC";

  private static Path folder;
  private static boolean loaded;
  private static String failure;

  private TfliteNatives() {}

  /** Where the bundle may write; the first call counts, and only before {@link #load}. */
  static synchronized void folder(Path area) {
    if (folder == null) {
      folder = area;
    }
  }

  /**
   * Loads the natives, once. Has to be called before any class of {@code org.bytedeco} is used.
   *
   * @throws UnsatisfiedLinkError says which folder and why; this and each later call
   */
  public static synchronized void load() {
    if (loaded) {
      return;
    }
    if (failure != null) {
      // the classes of the first attempt are broken for good
      throw new UnsatisfiedLinkError(failure);
    }
    prepare();
    try {
      Loader.load(tensorflowlite.class);
      loaded = true;
    } catch (LinkageError e) {
      failure = reason(e);
      UnsatisfiedLinkError error = new UnsatisfiedLinkError(failure);
      error.initCause(e);
      throw error;
    }
  }

  private static void prepare() {
    if (folder != null) {
      setIfAbsent(FOLDER, folder.toString());
    }
    // JavaCPP's own bounds follow the Java heap. With an agent's 48 MB every allocation would
    // collect garbage, sleep, and fail in the end, because the process is larger than that.
    setIfAbsent(LIMIT, "0");
    setIfAbsent(PHYSICAL_LIMIT, "0");
    // Whoever allocates here also closes; a collector's thread would only hide a leak.
    setIfAbsent(NO_COLLECTOR, "true");
  }

  private static void setIfAbsent(String property, String value) {
    if (System.getProperty(property) == null) {
      System.setProperty(property, value);
    }
  }

  private static String reason(LinkageError cause) {
    return "TensorFlow Lite cannot be loaded on "
        + System.getProperty("os.name")
        + " "
        + System.getProperty("os.arch")
        + " from "
        + System.getProperty(FOLDER, "~/.javacpp/cache")
        + ": "
        + cause.getMessage()
        + "; there are natives for Linux on x86-64 and arm64, and -D"
        + FOLDER
        + "=FOLDER names a folder that is writable and not mounted noexec";
  }
}
