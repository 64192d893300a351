// SPDX-License-Identifier: Apache-2.0
package tagwatch.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import tagwatch.event.Executable;
import tagwatch.event.TaskStart;
import tagwatch.transport.EventSink;
import tagwatch.transport.EventSource;
import tagwatch.transport.TransportCounter;

/** A sink that remembers everything and checks the order in which it is called. */
final class Witness implements EventSink {
  /** One session. */
  static final class Seen {
    final TaskStart start;
    final List<Integer> hooks = new ArrayList<>();
    final List<Long> sequences = new ArrayList<>();
    final List<Integer> features = new ArrayList<>();

    /** Path of each program, and how many events came before it. */
    final List<String> programs = new ArrayList<>();

    long gaps;
    long lastSequence = -1;

    Seen(TaskStart start) {
      this.start = start;
    }

    boolean exited() {
      return lastSequence >= 0;
    }
  }

  final List<Seen> sessions = new ArrayList<>();
  long accepted;
  boolean full;

  Seen of(int tid) {
    for (int i = sessions.size() - 1; i >= 0; i--) {
      if (sessions.get(i).start.task().threadId() == tid) {
        return sessions.get(i);
      }
    }
    return null;
  }

  boolean exited(int tid) {
    return of(tid) != null && of(tid).exited();
  }

  private Seen live(int handle) {
    assertThat(sessions.get(handle).exited()).as("session %d is over", handle).isFalse();
    return sessions.get(handle);
  }

  @Override
  public int taskStarted(TaskStart start) {
    sessions.add(new Seen(start));
    return sessions.size() - 1;
  }

  @Override
  public void taskExecuted(int handle, Executable executable, long timestampNs) {
    live(handle).programs.add(executable.path() + " after " + live(handle).hooks.size());
  }

  @Override
  public boolean event(
      int handle,
      int hookId,
      long sequence,
      long timestampNs,
      ByteBuffer features,
      int offset,
      int length) {
    Seen seen = live(handle);
    if (full) {
      return false;
    }
    seen.hooks.add(hookId);
    seen.sequences.add(sequence);
    for (int i = 0; i < length; i += Short.BYTES) {
      seen.features.add(Short.toUnsignedInt(features.getShort(offset + i)));
    }
    accepted++;
    return true;
  }

  @Override
  public void gap(int handle, long lost) {
    live(handle).gaps += lost;
  }

  @Override
  public void taskExited(int handle, long timestampNs, long lastSequence) {
    live(handle).lastSequence = lastSequence;
  }

  /** Polls until something holds, and once more until nothing comes. */
  void drain(EventSource source, BooleanSupplier condition, String what) {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
    while (!condition.getAsBoolean()) {
      if (System.nanoTime() > end) {
        throw new AssertionError("never came: " + what);
      }
      if (source.poll(this, 4096) == 0) {
        source.awaitEvents(TimeUnit.MILLISECONDS.toNanos(10));
      }
    }
    while (source.poll(this, 4096) > 0) {
      // until it is quiet
    }
  }

  /** What has been emitted is on one account and on one only. */
  void assertBooksAreEven(EventSource source) {
    var counters = source.counters();
    assertThat(counters.get(TransportCounter.EMITTED))
        .as("%s, accepted %d", counters, accepted)
        .isEqualTo(
            accepted
                + counters.get(TransportCounter.LOST)
                + counters.get(TransportCounter.UNCOVERED));
  }
}
