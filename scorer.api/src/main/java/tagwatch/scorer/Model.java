// SPDX-License-Identifier: Apache-2.0
package tagwatch.scorer;

import java.nio.ByteBuffer;
import java.util.Map;
import org.osgi.annotation.versioning.ProviderType;

/** A model as an engine sees it. Immutable; any thread may call. */
@ProviderType
public interface Model {
  /** Where it comes from, for messages: a path, or {@code learned for tag 13107}. */
  String origin();

  /** Number of events before the one that is scored; 1–127. */
  int window();

  /**
   * Number of classes: the symbols that the model lists and, as the last class, every other event;
   * 2–32767.
   */
  int classes();

  /** The engine's own part of the model: a fresh read-only view, position 0, little endian. */
  ByteBuffer content();

  /** Options for the engine from the manifest, e.g. {@code xnnpack=true}. */
  Map<String, String> options();
}
