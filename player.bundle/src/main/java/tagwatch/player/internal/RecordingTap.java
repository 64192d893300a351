// SPDX-License-Identifier: Apache-2.0
package tagwatch.player.internal;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.agrona.DirectBuffer;
import org.agrona.collections.Int2IntHashMap;
import org.agrona.concurrent.Agent;
import org.agrona.concurrent.AgentRunner;
import org.agrona.concurrent.MessageHandler;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tagwatch.event.Executable;
import tagwatch.event.TaskStart;
import tagwatch.event.Vocabulary;
import tagwatch.player.PlayerException;
import tagwatch.recording.RecordingHeader;
import tagwatch.recording.RecordingOptions;
import tagwatch.recording.RecordingWriter;

/**
 * Copies a tag's events into a recording, on a thread of its own: compressing and syncing must
 * never hold up scoring. What finds no room on the way is recorded as a gap.
 */
final class RecordingTap {
  private static final Logger LOG = LoggerFactory.getLogger(RecordingTap.class);
  private static final int RING_BYTES = 4 << 20;
  private static final long FINISH_TIMEOUT_S = 30;

  private final Path file;
  private final EventRing ring = new EventRing(RING_BYTES);
  private final WakeableIdle idle = new WakeableIdle(ring::isEmpty);
  private final Copying copying;
  private final AgentRunner runner;

  /** Events that found no room, by handle. */
  private final Map<Integer, Long> skipped = new HashMap<>();

  private RecordingTap(Path file, RecordingWriter writer) {
    this.file = file;
    this.copying = new Copying(file, writer, ring);
    this.runner =
        new AgentRunner(idle, e -> LOG.error("recording to {} failed", file, e), null, copying);
  }

  /** Creates the file, which must not exist yet, and starts the thread. */
  static RecordingTap open(
      Path file, String source, Vocabulary vocabulary, Map<String, String> provenance)
      throws PlayerException {
    try {
      RecordingHeader header =
          new RecordingHeader(
              wallClockNs(), BootClock.nowNs(), BootClock.bootId(), source, vocabulary, provenance);
      RecordingTap tap =
          new RecordingTap(file, RecordingWriter.open(file, header, RecordingOptions.DEFAULT));
      AgentRunner.startOnThread(
          tap.runner,
          task -> {
            Thread thread = new Thread(task, tap.copying.roleName());
            thread.setDaemon(true);
            return thread;
          });
      return tap;
    } catch (IOException e) {
      throw new PlayerException("cannot record to " + file + ": " + e, e);
    }
  }

  private static long wallClockNs() {
    return System.currentTimeMillis() * 1_000_000;
  }

  Path file() {
    return file;
  }

  /** Any thread: why the recording ended early; empty if it did not. */
  String failure() {
    return copying.failure;
  }

  // Scoring thread.

  void started(int handle, TaskStart start) {
    ring.started(handle, start);
  }

  void executed(int handle, Executable executable, long timeNs) {
    ring.executed(handle, executable, timeNs);
  }

  void event(
      int handle, int hookId, long sequence, long timeNs, DirectBuffer buffer, int at, int length) {
    if (!skipped.isEmpty() && !tellSkipped(handle)) {
      skipped.merge(handle, 1L, Long::sum);
      return;
    }
    if (!ring.event(handle, hookId, sequence, timeNs, buffer, at, length)) {
      skipped.merge(handle, 1L, Long::sum);
    }
  }

  /**
   * Tells of the events that were skipped before the next one; false while there is no room. Held
   * back like other messages, a gap per refused event would fill the memory.
   */
  private boolean tellSkipped(int handle) {
    Long lost = skipped.get(handle);
    if (lost == null) {
      return true;
    }
    if (!ring.offerGap(handle, lost)) {
      return false;
    }
    skipped.remove(handle);
    return true;
  }

  void gap(int handle, long lost) {
    ring.gap(handle, lost);
  }

  void exited(int handle, long timeNs, long lastSequence) {
    Long lost = skipped.remove(handle);
    if (lost != null) {
      ring.gap(handle, lost);
    }
    ring.exited(handle, timeNs, lastSequence);
  }

  /** Call it after each batch. */
  void signal() {
    ring.letGo();
    idle.wakeUp();
  }

  /**
   * Ends the recording and waits until the file is complete. The scoring thread must have let go of
   * it.
   *
   * @return events in the file
   */
  long finish() throws PlayerException {
    skipped.forEach(ring::gap);
    skipped.clear();
    try {
      long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(FINISH_TIMEOUT_S);
      while (!ring.letGo() && System.nanoTime() - end < 0) {
        idle.wakeUp();
        Thread.sleep(1);
      }
      copying.finishing = true;
      idle.wakeUp();
      boolean complete = copying.finished.await(FINISH_TIMEOUT_S, TimeUnit.SECONDS);
      runner.close();
      if (!complete) {
        throw new PlayerException(
            file + ": did not end within " + FINISH_TIMEOUT_S + " s; its tail is torn");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new PlayerException(file + ": interrupted while it ended; its tail is torn", e);
    }
    if (!failure().isEmpty()) {
      throw new PlayerException(file + ": " + failure());
    }
    return copying.events;
  }

  /** The recording thread. */
  private static final class Copying implements Agent, EventRing.Consumer {
    private static final int LIMIT = 256;
    private static final long BEACON_NS = 1_000_000_000L;
    private static final int NOT_KNOWN = -1;
    private static final int MAX_SLOT_BYTES = 2048;

    private final Path file;
    private final RecordingWriter writer;
    private final EventRing ring;
    private final MessageHandler handler;
    private final Int2IntHashMap tasks = new Int2IntHashMap(NOT_KNOWN);
    private final ByteBuffer slots =
        ByteBuffer.allocateDirect(MAX_SLOT_BYTES).order(ByteOrder.nativeOrder());
    private final CountDownLatch finished = new CountDownLatch(1);
    private long lastBeacon;
    private volatile String failure = "";
    private volatile long events;
    private volatile boolean finishing;

    Copying(Path file, RecordingWriter writer, EventRing ring) {
      this.file = file;
      this.writer = writer;
      this.ring = ring;
      this.handler = ring.handlerOf(this);
    }

    @Override
    public String roleName() {
      return "tagwatch-record";
    }

    @Override
    public int doWork() {
      // Read first: what was put into the ring before it was set must not be left there. And the
      // ring is asked, because a read that meets only padding gives 0 too.
      boolean ending = finishing;
      int work = ring.read(handler, LIMIT);
      if (ending && ring.isEmpty() && finished.getCount() > 0) {
        finish();
      }
      return work;
    }

    private void finish() {
      try {
        if (failure.isEmpty()) {
          writer.beacon(BootClock.nowNs(), wallClockNs());
          events = writer.eventsWritten();
        }
        writer.close();
      } catch (IOException e) {
        failed(e);
      }
      finished.countDown();
    }

    private void failed(IOException e) {
      if (failure.isEmpty()) {
        failure = e.toString();
        LOG.error("recording to {} ended early; what is written stays usable", file, e);
      }
    }

    @Override
    public void event(
        int handle,
        int hookId,
        long sequence,
        long timeNs,
        DirectBuffer buffer,
        int at,
        int length) {
      if (!failure.isEmpty()) {
        return;
      }
      buffer.getBytes(at, slots, 0, length);
      try {
        writer.event(tasks.get(handle), hookId, sequence, timeNs, slots, 0, length);
        if (timeNs - lastBeacon > BEACON_NS) {
          lastBeacon = timeNs;
          writer.beacon(BootClock.nowNs(), wallClockNs());
        }
      } catch (IOException e) {
        failed(e);
      }
    }

    private interface Write {
      void run() throws IOException;
    }

    private void write(Write change) {
      try {
        if (failure.isEmpty()) {
          change.run();
        }
      } catch (IOException e) {
        failed(e);
      }
    }

    @Override
    public void started(int handle, TaskStart start) {
      write(() -> tasks.put(handle, writer.taskStarted(start)));
    }

    @Override
    public void executed(int handle, Executable executable, long timeNs) {
      write(() -> writer.taskExecuted(tasks.get(handle), executable, timeNs));
    }

    @Override
    public void gap(int handle, long lost) {
      write(() -> writer.gap(tasks.get(handle), lost));
    }

    @Override
    public void exited(int handle, long timeNs, long lastSequence) {
      write(() -> writer.taskExited(tasks.remove(handle), timeNs, lastSequence));
    }
  }
}
