// SPDX-License-Identifier: Apache-2.0
package tagwatch.player.internal;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import tagwatch.event.TaskKey;
import tagwatch.event.TaskStart;
import tagwatch.event.Verdict;
import tagwatch.transport.Enforcement;
import tagwatch.transport.EventSink;
import tagwatch.transport.EventSource;
import tagwatch.transport.ImageSink;
import tagwatch.transport.TransportCounter;
import tagwatch.transport.VerdictInForce;

/** A source whose images are set by the test, and which notes what it is asked to enforce. */
@SuppressWarnings("NonAtomicVolatileUpdate") // one writer
class FakeSource implements EventSource {
  final String domain;
  final List<String> enforced = Collections.synchronizedList(new ArrayList<>());
  final List<String> familiar = Collections.synchronizedList(new ArrayList<>());
  final List<Integer> released = Collections.synchronizedList(new ArrayList<>());
  private final Queue<int[]> plays = new ConcurrentLinkedQueue<>();
  volatile long imageFrom = 1;
  volatile long imageTo;
  volatile int imageHook = 1;
  volatile boolean fails;
  volatile int images;
  volatile boolean closed;

  FakeSource(String domain) {
    this.domain = domain;
  }

  @Override
  public String sequenceDomain() {
    return domain;
  }

  /** Has the drain deliver events of a task. */
  void play(int task, int count, int hook) {
    plays.add(new int[] {task, count, hook});
  }

  @Override
  public int poll(EventSink sink, int limit) {
    int[] next = plays.poll();
    if (next == null) {
      return 0;
    }
    ByteBuffer slots = ByteBuffer.allocate(8).order(ByteOrder.nativeOrder());
    int handle = sink.taskStarted(Scene.start(next[0], 0, TaskStart.Origin.EXECUTED));
    for (int i = 1; i <= next[1]; i++) {
      sink.event(handle, next[2] % Scene.HOOKS, i, 1000 + i, slots, 0, 8);
    }
    return next[1];
  }

  @Override
  public void awaitEvents(long maxNanos) {
    java.util.concurrent.locks.LockSupport.parkNanos(1_000_000);
  }

  @Override
  public void familiar(int tag, int previousHook, int hook) {
    familiar.add(tag + ": " + previousHook + " " + hook);
  }

  @Override
  public int image(TaskKey task, ImageSink sink) {
    images++;
    if (fails) {
      throw new IllegalStateException("made to fail");
    }
    ByteBuffer slots = ByteBuffer.allocate(8).order(ByteOrder.nativeOrder());
    int shown = 0;
    for (long sequence = imageFrom; sequence <= imageTo; sequence++) {
      sink.event(imageHook, sequence, 500 + sequence, slots, 0, 8);
      shown++;
    }
    return shown;
  }

  @Override
  public Enforcement enforce(TaskKey task, Verdict verdict) {
    if (fails) {
      throw new IllegalStateException("made to fail");
    }
    enforced.add(task.threadId() + " " + verdict);
    return new Enforcement(Enforcement.Outcome.DONE, "noted");
  }

  @Override
  public Enforcement release(TaskKey task) {
    released.add(task.threadId());
    return new Enforcement(Enforcement.Outcome.DONE, "noted");
  }

  @Override
  public List<VerdictInForce> verdictsInForce() {
    return List.of();
  }

  @Override
  public Map<TransportCounter, Long> counters() {
    return Map.of();
  }

  @Override
  public void close() {
    closed = true;
  }
}
