// SPDX-License-Identifier: Apache-2.0
package tagwatch.replay;

import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import tagwatch.event.Executable;
import tagwatch.event.TaskStart;
import tagwatch.transport.EventSink;
import tagwatch.transport.EventSource;
import tagwatch.transport.Subscription;

/** Measures by hand how fast a recording goes through poll: {@code FILE TAG LOOPS}. */
final class ReplayThroughput {
  private ReplayThroughput() {}

  public static void main(String[] arguments) throws Exception {
    ReplaySettings settings =
        new ReplaySettings(
            List.of(Path.of(arguments[0])),
            Speed.parse("fast"),
            Integer.parseInt(arguments[2]),
            1,
            1 << 14);
    ReplayTransport transport = ReplayTransport.of(settings, new AtomicLong(), ReplayClock.SYSTEM);
    Subscription all =
        new Subscription(Set.of(Integer.parseInt(arguments[1])), Subscription.Mode.LIVE);
    for (int round = 0; round < 5; round++) {
      try (EventSource source = transport.open(all)) {
        Counting sink = new Counting();
        long start = System.nanoTime();
        long cpuStart = ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
        while (!source.exhausted()) {
          source.poll(sink, 1 << 12);
        }
        long nanos = System.nanoTime() - start;
        long cpu = ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime() - cpuStart;
        System.out.printf(
            "%d events, %.1f M events/s, %.1f ns/event, %.1f ns CPU/event, check %d, %s%n",
            sink.events,
            sink.events * 1e3 / nanos,
            (double) nanos / sink.events,
            (double) cpu / sink.events,
            sink.sum,
            source.counters());
      }
    }
  }

  private static final class Counting implements EventSink {
    private long events;
    private long sum;
    private int handles;

    @Override
    public int taskStarted(TaskStart start) {
      return handles++;
    }

    @Override
    public void taskExecuted(int handle, Executable executable, long timestampNs) {
      sum++;
    }

    @Override
    public boolean event(
        int handle,
        int hookId,
        long sequence,
        long timeNs,
        ByteBuffer slots,
        int from,
        int length) {
      events++;
      sum += hookId + sequence + (length > 0 ? slots.getShort(from) : 0);
      return true;
    }

    @Override
    public void gap(int handle, long lost) {
      sum++;
    }

    @Override
    public void taskExited(int handle, long timestampNs, long lastSequence) {
      sum++;
    }
  }
}
