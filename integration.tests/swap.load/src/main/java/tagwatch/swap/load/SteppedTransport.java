// SPDX-License-Identifier: Apache-2.0
package tagwatch.swap.load;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;
import tagwatch.event.Executable;
import tagwatch.event.TaskKey;
import tagwatch.event.TaskStart;
import tagwatch.event.Verdict;
import tagwatch.event.Vocabulary;
import tagwatch.recording.RecordingException;
import tagwatch.recording.RecordingReader;
import tagwatch.recording.RecordingVisitor;
import tagwatch.transport.Enforcement;
import tagwatch.transport.EventSink;
import tagwatch.transport.EventSource;
import tagwatch.transport.Finding;
import tagwatch.transport.ImageSink;
import tagwatch.transport.Subscription;
import tagwatch.transport.Transport;
import tagwatch.transport.TransportCounter;
import tagwatch.transport.VerdictInForce;

/**
 * One tag's part of a recording as a transport that stops where it is told to: again and again, in
 * each pass as other tasks.
 */
final class SteppedTransport implements Transport {
  static final String STEPPED = "stepped";

  /** Start times of two passes lie so far apart that no two tasks are the same. */
  private static final long PASS_NS = 3_600_000_000_000L;

  /** Shows a record to a sink, as of that pass. */
  private interface Step {
    void show(EventSink sink, long shiftNs, Map<Integer, Integer> handles);
  }

  private record Told(boolean event, Step step) {}

  private final Vocabulary vocabulary;
  private final List<Told> records = new ArrayList<>();
  private int events;
  private volatile Thread drain;
  private volatile long wanted;
  private volatile long shown;

  SteppedTransport(Path recording, int tag) throws IOException {
    try (RecordingReader reader = RecordingReader.open(recording)) {
      vocabulary = reader.header().vocabulary();
      Collector collector = new Collector(tag);
      while (reader.next(collector)) {
        // all of it
      }
    }
  }

  /** Events of a pass. */
  int events() {
    return events;
  }

  /** The pass that a task belongs to. */
  static long passOf(TaskKey task) {
    return task.startTimeNs() / PASS_NS - 1;
  }

  /** Shows that many events in all, over all passes, and returns when the sink has them. */
  void goTo(long count) throws InterruptedException {
    wanted = count;
    while (shown < count) {
      LockSupport.unpark(drain);
      Thread.sleep(0, 100_000);
    }
  }

  private final class Collector implements RecordingVisitor {
    private final int tag;
    private final Map<Integer, Boolean> watched = new HashMap<>();

    Collector(int tag) {
      this.tag = tag;
    }

    private void add(int task, boolean event, Step step) {
      if (watched.getOrDefault(task, false)) {
        records.add(new Told(event, step));
        events += event ? 1 : 0;
      }
    }

    @Override
    public void taskStarted(int task, TaskStart start) {
      watched.put(task, start.tag() == tag);
      add(
          task,
          false,
          (sink, shiftNs, handles) -> handles.put(task, sink.taskStarted(shifted(start, shiftNs))));
    }

    @Override
    public void taskExecuted(int task, Executable executable, long timestampNs) {
      add(
          task,
          false,
          (sink, shiftNs, handles) ->
              sink.taskExecuted(handles.get(task), executable, timestampNs + shiftNs));
    }

    @Override
    public void event(
        int task,
        int hookId,
        long sequence,
        long timestampNs,
        ByteBuffer features,
        int offset,
        int length) {
      ByteBuffer slots = ByteBuffer.allocate(length).order(ByteOrder.nativeOrder());
      slots.put(0, features, offset, length);
      add(
          task,
          true,
          (sink, shiftNs, handles) ->
              sink.event(
                  handles.get(task), hookId, sequence, timestampNs + shiftNs, slots, 0, length));
    }

    @Override
    public void gap(int task, long lost) {
      add(task, false, (sink, shiftNs, handles) -> sink.gap(handles.get(task), lost));
    }

    @Override
    public void taskExited(int task, long timestampNs, long lastSequence) {
      add(
          task,
          false,
          (sink, shiftNs, handles) ->
              sink.taskExited(handles.remove(task), timestampNs + shiftNs, lastSequence));
      watched.remove(task);
    }

    @Override
    public void beacon(long timestampNs, long wallClockNs) {
      // nobody here asks for the time of day
    }

    @Override
    public void skipped(long lost, RecordingException cause) {
      throw new IllegalStateException("a damaged recording proves nothing", cause);
    }
  }

  private static TaskStart shifted(TaskStart start, long shiftNs) {
    return new TaskStart(
        shifted(start.task(), shiftNs),
        shifted(start.process(), shiftNs),
        start.parent().map(parent -> shifted(parent, shiftNs)),
        start.tag(),
        start.executable(),
        start.timestampNs() + shiftNs,
        start.origin());
  }

  private static TaskKey shifted(TaskKey key, long shiftNs) {
    // a start time of this pass, whatever the recording's was
    return new TaskKey(key.threadId(), shiftNs + key.startTimeNs() % PASS_NS);
  }

  @Override
  public Vocabulary vocabulary() {
    return vocabulary;
  }

  @Override
  public Set<Verdict.Kind> verdicts() {
    return Set.of(Verdict.Kind.ALERT);
  }

  @Override
  public List<Finding> probe() {
    return List.of();
  }

  @Override
  public EventSource open(Subscription subscription) {
    return new Source();
  }

  private final class Source implements EventSource {
    private final Map<Integer, Integer> handles = new HashMap<>();
    private int next;
    private long pass;

    @Override
    public String sequenceDomain() {
      return STEPPED;
    }

    @Override
    public int poll(EventSink sink, int limit) {
      drain = Thread.currentThread();
      long before = shown;
      int polled = 0;
      while (polled < limit && before + polled < wanted) {
        Told told = records.get(next);
        told.step.show(sink, (pass + 1) * PASS_NS, handles);
        polled += told.event ? 1 : 0;
        next++;
        if (next == records.size()) {
          endOfPass(sink);
        }
      }
      shown = before + polled;
      return polled;
    }

    private void endOfPass(EventSink sink) {
      handles.values().forEach(handle -> sink.taskExited(handle, (pass + 2) * PASS_NS - 1, 0));
      handles.clear();
      next = 0;
      pass++;
    }

    @Override
    public void awaitEvents(long maxNanos) {
      if (shown >= wanted) {
        LockSupport.parkNanos(this, maxNanos);
      }
    }

    @Override
    public int image(TaskKey task, ImageSink sink) {
      return -1;
    }

    @Override
    public Enforcement enforce(TaskKey task, Verdict verdict) {
      return new Enforcement(Enforcement.Outcome.REFUSED, "a recorded process cannot be stopped");
    }

    @Override
    public Enforcement release(TaskKey task) {
      return new Enforcement(Enforcement.Outcome.GONE, "no such task");
    }

    @Override
    public List<VerdictInForce> verdictsInForce() {
      return List.of();
    }

    @Override
    public Map<TransportCounter, Long> counters() {
      return Map.of(TransportCounter.EMITTED, shown, TransportCounter.LOST, 0L);
    }

    @Override
    public void close() {
      // nothing is held
    }
  }
}
