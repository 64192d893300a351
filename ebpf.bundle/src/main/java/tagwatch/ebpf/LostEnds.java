// SPDX-License-Identifier: Apache-2.0
package tagwatch.ebpf;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tagwatch.event.TaskKey;
import tagwatch.transport.EventSink;

/** Ends the sessions of tasks whose exit record found no room in the ring. Belongs to the drain. */
final class LostEnds {
  private static final Logger LOG = LoggerFactory.getLogger(LostEnds.class);

  private final KernelPart kernel;
  private final Delivery delivery;
  private long seen;
  private List<Session> suspects = List.of();
  private long proven;

  LostEnds(KernelPart kernel, Delivery delivery) {
    this.kernel = kernel;
    this.delivery = delivery;
  }

  /** Called when the ring was found empty up to {@code position}. */
  void check(EventSink sink, long position) {
    if (!suspects.isEmpty() && position >= proven) {
      endSuspects(sink);
    }
    long lost = kernel.control().count(Layout.COUNTERS_LOST_ENDS);
    if (lost != seen) {
      seen = lost;
      suspect();
    }
  }

  /**
   * Whoever has a session and is dead is a suspect; its exit record may still lie before the
   * producer's position of now, but not behind it.
   */
  private void suspect() {
    try {
      Set<TaskKey> alive = new HashSet<>();
      Image.ofAll(
          kernel.dump(),
          image -> {
            if (!image.exited()) {
              alive.add(image.task());
            }
          });
      suspects = new ArrayList<>();
      for (Session session : delivery.table().all()) {
        if (!alive.contains(session.task)) {
          suspects.add(session);
        }
      }
      proven = kernel.ring().producerPosition();
    } catch (IOException e) {
      LOG.warn("ended tasks cannot be looked for: {}", e.getMessage());
    }
  }

  private void endSuspects(EventSink sink) {
    for (Session session : suspects) {
      if (delivery.find(session.tid, session.startTime) == session) {
        delivery.end(sink, session, session.lastTime, session.last);
      }
    }
    suspects = List.of();
  }
}
