// SPDX-License-Identifier: Apache-2.0
package tagwatch.transport;

import java.nio.ByteBuffer;
import org.osgi.annotation.versioning.ProviderType;

/** Receives the events of a behaviour image, oldest first, on the thread that asked for it. */
@ProviderType
@FunctionalInterface
public interface ImageSink {
  /**
   * One event of the image; the parameters are those of {@link EventSink#event}.
   *
   * @return true if the event was missing and is hereby delivered; the source then no longer counts
   *     it as lost
   */
  boolean event(
      int hookId, long sequence, long timestampNs, ByteBuffer features, int offset, int length);
}
