// SPDX-License-Identifier: Apache-2.0
package tagwatch.replay;

import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.LongSupplier;
import tagwatch.event.Executable;
import tagwatch.event.TaskKey;
import tagwatch.event.TaskStart;
import tagwatch.recording.RecordingException;
import tagwatch.recording.RecordingVisitor;
import tagwatch.transport.EventSink;
import tagwatch.transport.TransportCounter;

/**
 * Plays the kernel's part: filters by tag, keeps the images and the verdicts, puts what is due into
 * the ring, and counts. Whoever calls holds the source's lock.
 */
final class ReplayKernel implements RecordingVisitor, ReplayRing.Outcome {
  private static final int THREAD_ID_STRIDE = 1 << 22;
  private static final ReplayedTask[] UNWATCHED = {};

  private final Set<Integer> tags;
  private final int copies;
  private final ReplayRing ring;
  private final LongSupplier shiftNs;
  private final Verdicts verdicts = new Verdicts();
  private final Map<TaskKey, ReplayedTask> live = new HashMap<>();
  private final ArrayDeque<EventStore> images = new ArrayDeque<>();
  private ReplayedTask[][] byNumber = new ReplayedTask[64][];
  private long nowNs;
  private long scheduled;
  private long emitted;
  private long lost;
  private long recovered;
  private long tasks;
  private long hits;

  ReplayKernel(Set<Integer> tags, int copies, ReplayRing ring, LongSupplier shiftNs) {
    this.tags = tags;
    this.copies = copies;
    this.ring = ring;
    this.shiftNs = shiftNs;
  }

  Verdicts verdicts() {
    return verdicts;
  }

  /** The task, if it is watched and has not exited. */
  Optional<ReplayedTask> task(TaskKey key) {
    return Optional.ofNullable(live.get(key));
  }

  /** Events of the watched tags that have come by, those under a verdict included. */
  long scheduled() {
    return scheduled;
  }

  /** Time since boot of what came by last. */
  long nowNs() {
    return nowNs;
  }

  void recovered(int count) {
    recovered += count;
    lost -= count;
  }

  Map<TransportCounter, Long> counters() {
    Map<TransportCounter, Long> values = new EnumMap<>(TransportCounter.class);
    values.put(TransportCounter.EMITTED, emitted);
    values.put(TransportCounter.LOST, lost);
    values.put(TransportCounter.RECOVERED, recovered);
    values.put(TransportCounter.TASKS, tasks);
    values.put(TransportCounter.VERDICT_HITS, hits);
    return values;
  }

  /** Everything that still runs ends: another recording follows. */
  void passEnded() {
    for (int number = 0; number < byNumber.length; number++) {
      for (ReplayedTask task : watched(number)) {
        exit(task, nowNs, task.lastEmitted());
      }
      byNumber[number] = null;
    }
  }

  private ReplayedTask[] watched(int number) {
    ReplayedTask[] watched = number < byNumber.length ? byNumber[number] : null;
    return watched == null ? UNWATCHED : watched;
  }

  @Override
  public void taskStarted(int number, TaskStart start) {
    if (number >= byNumber.length) {
      byNumber = Arrays.copyOf(byNumber, Math.max(byNumber.length * 2, number + 1));
    }
    if (!tags.contains(start.tag())) {
      byNumber[number] = null;
      return;
    }
    ReplayedTask[] started = new ReplayedTask[copies];
    for (int copy = 0; copy < copies; copy++) {
      started[copy] = begin(shifted(start, copy));
    }
    byNumber[number] = started;
  }

  private ReplayedTask begin(TaskStart start) {
    nowNs = start.timestampNs();
    ReplayedProcess process = verdicts.started(start, start.parent().map(live::get));
    EventStore image = images.isEmpty() ? new EventStore(ReplayedTask.IMAGE) : images.pop();
    ReplayedTask task = new ReplayedTask(start, process, image);
    live.put(start.task(), task);
    announceUnlessBlocked(task);
    return task;
  }

  /** A child of a blocked process would not exist: nobody hears of it while the verdict is on. */
  private boolean announceUnlessBlocked(ReplayedTask task) {
    if (task.process().blocked()) {
      return false;
    }
    if (!task.announced()) {
      task.announce();
      tasks++;
      ring.notice(sink -> task.handle(sink.taskStarted(task.start())));
    }
    return true;
  }

  private TaskStart shifted(TaskStart start, int copy) {
    return new TaskStart(
        shifted(start.task(), copy),
        shifted(start.process(), copy),
        start.parent().map(parent -> shifted(parent, copy)),
        start.tag(),
        start.executable(),
        start.timestampNs() + shiftNs.getAsLong(),
        start.origin());
  }

  private TaskKey shifted(TaskKey key, int copy) {
    return new TaskKey(
        key.threadId() + copy * THREAD_ID_STRIDE, key.startTimeNs() + shiftNs.getAsLong());
  }

  @Override
  public void taskExecuted(int number, Executable executable, long timestampNs) {
    nowNs = timestampNs + shiftNs.getAsLong();
    long atNs = nowNs;
    for (ReplayedTask task : watched(number)) {
      if (announceUnlessBlocked(task)) {
        tell(task, (sink, handle) -> sink.taskExecuted(handle, executable, atNs));
      }
    }
  }

  /** A call about a task, made once its handle is known. */
  private interface Call {
    void make(EventSink sink, int handle);
  }

  private void tell(ReplayedTask task, Call call) {
    ring.notice(
        sink -> {
          if (!task.refused()) {
            call.make(sink, task.handle());
          }
        });
  }

  @Override
  public void event(
      int number,
      int hookId,
      long sequence,
      long timestampNs,
      ByteBuffer features,
      int offset,
      int length) {
    ReplayedTask[] watched = watched(number);
    if (watched.length == 0) {
      return;
    }
    nowNs = timestampNs + shiftNs.getAsLong();
    scheduled += watched.length;
    for (ReplayedTask task : watched) {
      if (task.refused()) {
        continue;
      }
      if (announceUnlessBlocked(task)) {
        emit(task, hookId, sequence, features, offset, length);
      } else {
        task.suppress(sequence);
        hits++;
      }
    }
  }

  private void emit(
      ReplayedTask task, int hookId, long recorded, ByteBuffer features, int offset, int length) {
    missing(task.missingBefore(recorded));
    long sequence = task.emit(recorded);
    emitted++;
    long position = ReplayedTask.NOT_IN_RING;
    if (ring.free() > 0) {
      position = ring.put(task, hookId, sequence, nowNs, features, offset, length);
    } else {
      lost++;
    }
    task.keep(hookId, sequence, nowNs, features, offset, length, position);
  }

  /** What was lost when it was recorded shows as a jump again, so it counts again. */
  private void missing(long count) {
    emitted += count;
    lost += count;
  }

  @Override
  public void gap(int number, long count) {
    for (ReplayedTask task : watched(number)) {
      if (!task.refused() && announceUnlessBlocked(task)) {
        task.gap(count);
        missing(count);
        tell(task, (sink, handle) -> sink.gap(handle, count));
      }
    }
  }

  @Override
  public void taskExited(int number, long timestampNs, long lastSequence) {
    nowNs = timestampNs + shiftNs.getAsLong();
    for (ReplayedTask task : watched(number)) {
      if (!task.refused() && !task.process().blocked()) {
        missing(task.missingBefore(lastSequence + 1));
      }
      exit(task, nowNs, task.lastSequence(lastSequence));
    }
    if (number < byNumber.length) {
      byNumber[number] = null;
    }
  }

  private void exit(ReplayedTask task, long atNs, long lastSequence) {
    if (task.announced()) {
      tell(task, (sink, handle) -> sink.taskExited(handle, atNs, lastSequence));
    }
    live.remove(task.start().task());
    images.push(task.image());
    verdicts.exited(task.process());
  }

  @Override
  public void beacon(long timestampNs, long wallClockNs) {
    nowNs = timestampNs + shiftNs.getAsLong();
  }

  @Override
  public void skipped(long events, RecordingException cause) {
    throw new IllegalStateException("a replay skips nothing", cause);
  }

  @Override
  public void accepted() {
    // emitted, and not lost: that says it
  }

  @Override
  public void declined() {
    lost++;
  }

  @Override
  public void unwanted() {
    emitted--;
  }
}
