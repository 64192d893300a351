// SPDX-License-Identifier: Apache-2.0
package tagwatch.swap.load;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import tagwatch.event.Executable;
import tagwatch.event.TaskKey;
import tagwatch.event.TaskStart;
import tagwatch.event.Verdict;
import tagwatch.transport.Enforcement;
import tagwatch.transport.EventSink;
import tagwatch.transport.EventSource;
import tagwatch.transport.ImageSink;
import tagwatch.transport.TransportCounter;
import tagwatch.transport.VerdictInForce;

/**
 * A source whose events the witness sees, on the drain thread. Numbered ones get the name that
 * tells the lives of a task apart.
 */
final class WitnessedSource implements EventSource, EventSink {
  private static final int NOT_NUMBERED = -1;

  /** Reading the clock for each event would cost more than the event. */
  private static final int EVENTS_PER_CLOCK = 32;

  private final EventSource real;
  private final Witness witness;
  private final boolean numbered;
  private final Map<TaskKey, Integer> nameOf = new ConcurrentHashMap<>();
  private int[] names = new int[1024];
  private long[] sequences = new long[1024];
  private EventSink sink;
  private long nowNs;
  private int untilClock;
  private long acceptedHere;

  WitnessedSource(EventSource real, Witness witness, boolean numbered) {
    this.real = real;
    this.witness = witness;
    this.numbered = numbered;
  }

  @Override
  public String sequenceDomain() {
    return real.sequenceDomain();
  }

  @Override
  public int poll(EventSink to, int limit) {
    sink = to;
    untilClock = 0;
    return real.poll(this, limit);
  }

  @Override
  public int taskStarted(TaskStart start) {
    int handle = sink.taskStarted(start);
    if (handle == EventSink.REFUSED) {
      return handle;
    }
    if (handle >= names.length) {
      int size = Math.max(names.length * 2, handle + 1);
      names = Arrays.copyOf(names, size);
      sequences = Arrays.copyOf(sequences, size);
    }
    names[handle] =
        numbered
            ? witness.begin(start.task().threadId() - NumberedRecording.FIRST_THREAD)
            : NOT_NUMBERED;
    nameOf.put(start.task(), names[handle]);
    sequences[handle] = 0;
    return handle;
  }

  @Override
  public void taskExecuted(int handle, Executable executable, long timestampNs) {
    sink.taskExecuted(handle, executable, timestampNs);
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
    if (sequence <= sequences[handle]) {
      witness.disorder();
    }
    sequences[handle] = sequence;
    int name = names[handle];
    int hook = name == NOT_NUMBERED ? hookId : Numbering.hook(name, sequence - 1);
    if (!sink.event(handle, hook, sequence, timestampNs, features, offset, length)) {
      return false;
    }
    acceptedHere++;
    if (name == NOT_NUMBERED) {
      witness.accepted(1);
    } else {
      if (untilClock-- == 0) {
        nowNs = System.nanoTime();
        untilClock = EVENTS_PER_CLOCK;
      }
      witness.accepted(name, sequence - 1, nowNs);
    }
    return true;
  }

  @Override
  public void gap(int handle, long lost) {
    sink.gap(handle, lost);
  }

  @Override
  public void taskExited(int handle, long timestampNs, long lastSequence) {
    sink.taskExited(handle, timestampNs, lastSequence);
  }

  @Override
  public void awaitEvents(long maxNanos) {
    real.awaitEvents(maxNanos);
  }

  @Override
  public boolean exhausted() {
    return real.exhausted();
  }

  @Override
  public int image(TaskKey task, ImageSink images) {
    int name = nameOf.getOrDefault(task, NOT_NUMBERED);
    return real.image(
        task,
        (hookId, sequence, timestampNs, features, offset, length) -> {
          int hook = name == NOT_NUMBERED ? hookId : Numbering.hook(name, sequence - 1);
          boolean missing = images.event(hook, sequence, timestampNs, features, offset, length);
          if (missing && name == NOT_NUMBERED) {
            witness.accepted(1);
          } else if (missing) {
            witness.accepted(name, sequence - 1, System.nanoTime());
          }
          return missing;
        });
  }

  @Override
  public Enforcement enforce(TaskKey task, Verdict verdict) {
    return real.enforce(task, verdict);
  }

  @Override
  public Enforcement release(TaskKey task) {
    return real.release(task);
  }

  @Override
  public List<VerdictInForce> verdictsInForce() {
    return real.verdictsInForce();
  }

  @Override
  public Map<TransportCounter, Long> counters() {
    return real.counters();
  }

  @Override
  public void close() {
    witness.closing(real, acceptedHere);
    real.close();
  }
}
