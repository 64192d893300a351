// SPDX-License-Identifier: Apache-2.0
package tagwatch.replay;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tagwatch.event.TaskKey;
import tagwatch.event.Verdict;
import tagwatch.transport.Enforcement;
import tagwatch.transport.EventSink;
import tagwatch.transport.EventSource;
import tagwatch.transport.ImageSink;
import tagwatch.transport.Subscription;
import tagwatch.transport.TransportCounter;
import tagwatch.transport.VerdictInForce;

/**
 * A replay in progress. The schedule is open-loop: which events are due depends on the clock alone,
 * and what is due but does not fit into the ring is lost, however late the next poll comes. So poll
 * first does what the schedule would have done since the last one, and needs no second thread. The
 * schedule starts with the first poll.
 */
final class ReplaySource implements EventSource {
  private static final Logger LOG = LoggerFactory.getLogger(ReplaySource.class);
  private static final Enforcement GONE =
      new Enforcement(Enforcement.Outcome.GONE, "no such task in the replay");

  /** Bounds a poll that finds only events of other tags or under a verdict. */
  private static final int RECORDS_PER_FAST_POLL = 1 << 16;

  /** Fair: a drain that polls without a pause must not keep a verdict waiting. */
  private final ReentrantLock lock = new ReentrantLock(true);

  private final String sequenceDomain;
  private final ReplaySettings settings;
  private final ReplayClock clock;
  private final ReplayRing ring;
  private final Playlist playlist;
  private final ReplayKernel kernel;
  private boolean started;
  private long startNs;
  private boolean ended;
  private volatile boolean exhausted;

  ReplaySource(
      String sequenceDomain,
      Subscription subscription,
      ReplaySettings settings,
      List<CheckedRecording> recordings,
      ReplayClock clock) {
    this.sequenceDomain = sequenceDomain;
    this.settings = settings;
    this.clock = clock;
    ring = new ReplayRing(settings.ringCapacity());
    playlist = new Playlist(recordings, settings.loops(), this::passEnded);
    kernel = new ReplayKernel(subscription.tags(), settings.processes(), ring, playlist::shiftNs);
  }

  private void passEnded() {
    kernel.passEnded();
  }

  @Override
  public String sequenceDomain() {
    return sequenceDomain;
  }

  @Override
  public int poll(EventSink sink, int limit) {
    lock.lock();
    try {
      if (!ended) {
        advance(limit);
      }
      int done = ring.deliver(sink, limit, kernel);
      exhausted = ended && ring.isEmpty();
      return done;
    } finally {
      lock.unlock();
    }
  }

  private void advance(int limit) {
    try {
      if (settings.speed().fast()) {
        fill(limit);
      } else {
        catchUp();
      }
    } catch (IOException e) {
      LOG.error("Replay ends early, the recording changed while it was played: {}", e.getMessage());
      ended = true;
    }
  }

  private void fill(int limit) throws IOException {
    int most = RECORDS_PER_FAST_POLL;
    while (ring.size() < limit && ring.free() >= settings.processes() && most-- > 0) {
      if (!playlist.next(kernel)) {
        ended = true;
        return;
      }
    }
  }

  private void catchUp() throws IOException {
    if (!started) {
      started = true;
      startNs = clock.nanoTime();
    }
    long elapsedNs = clock.nanoTime() - startNs;
    while (true) {
      long recordedNs = playlist.nextScheduleNs();
      if (recordedNs == Long.MAX_VALUE) {
        ended = true;
        return;
      }
      if (settings.speed().dueNs(kernel.scheduled(), recordedNs) > elapsedNs) {
        return;
      }
      playlist.next(kernel);
    }
  }

  @Override
  public void awaitEvents(long maxNanos) {
    long waitNs = Math.min(maxNanos, untilDueNs());
    if (waitNs > 0) {
      clock.park(waitNs);
    }
  }

  private long untilDueNs() {
    lock.lock();
    try {
      if (ended) {
        return ring.isEmpty() ? Long.MAX_VALUE : 0;
      }
      if (!started || !ring.isEmpty()) {
        return 0;
      }
      long recordedNs = playlist.nextScheduleNs();
      if (recordedNs == Long.MAX_VALUE) {
        return 0;
      }
      long dueNs = settings.speed().dueNs(kernel.scheduled(), recordedNs);
      return dueNs - (clock.nanoTime() - startNs);
    } catch (IOException e) {
      // the next poll meets it too, and says so
      return 0;
    } finally {
      lock.unlock();
    }
  }

  @Override
  public boolean exhausted() {
    return exhausted;
  }

  @Override
  public int image(TaskKey task, ImageSink sink) {
    EventStore copy = new EventStore(ReplayedTask.IMAGE);
    int count;
    lock.lock();
    try {
      Optional<ReplayedTask> found = kernel.task(task);
      if (found.isEmpty()) {
        return -1;
      }
      count = found.get().copyImage(copy, ring.head());
    } finally {
      lock.unlock();
    }
    int recovered = show(copy, count, sink);
    lock.lock();
    try {
      kernel.recovered(recovered);
    } finally {
      lock.unlock();
    }
    return count;
  }

  private static int show(EventStore image, int count, ImageSink sink) {
    int recovered = 0;
    for (int i = 0; i < count; i++) {
      boolean missing =
          sink.event(
              image.hookId(i),
              image.sequence(i),
              image.timestampNs(i),
              image.features(),
              image.offset(i),
              image.length(i));
      recovered += missing ? 1 : 0;
    }
    return recovered;
  }

  @Override
  public Enforcement enforce(TaskKey task, Verdict verdict) {
    if (!ReplayTransport.VERDICTS.contains(verdict.kind())) {
      return new Enforcement(
          Enforcement.Outcome.REFUSED, "a replay has no " + verdict + ", only suspend and kill");
    }
    if (verdict.kind() == Verdict.Kind.ALERT) {
      return new Enforcement(Enforcement.Outcome.DONE, "an alert does nothing to a process");
    }
    lock.lock();
    try {
      return kernel.task(task).map(found -> block(found, verdict)).orElse(GONE);
    } finally {
      lock.unlock();
    }
  }

  private Enforcement block(ReplayedTask task, Verdict verdict) {
    ReplayedProcess process = task.process();
    if (process.key().threadId() == 1) {
      return new Enforcement(Enforcement.Outcome.REFUSED, "pid 1 is never blocked");
    }
    kernel.verdicts().enforce(process, verdict, kernel.nowNs());
    return new Enforcement(
        Enforcement.Outcome.DONE,
        verdict
            + ": a replayed process cannot be stopped, pid "
            + process.key().threadId()
            + " emits no further event instead");
  }

  @Override
  public Enforcement release(TaskKey task) {
    lock.lock();
    try {
      return kernel.task(task).map(this::lift).orElse(GONE);
    } finally {
      lock.unlock();
    }
  }

  private Enforcement lift(ReplayedTask task) {
    kernel.verdicts().release(task.process());
    return new Enforcement(
        Enforcement.Outcome.DONE,
        "pid " + task.process().key().threadId() + " emits its events again");
  }

  @Override
  public List<VerdictInForce> verdictsInForce() {
    lock.lock();
    try {
      return kernel.verdicts().inForce();
    } finally {
      lock.unlock();
    }
  }

  @Override
  public Map<TransportCounter, Long> counters() {
    lock.lock();
    try {
      return kernel.counters();
    } finally {
      lock.unlock();
    }
  }

  @Override
  public void close() {
    lock.lock();
    try {
      ended = true;
      playlist.close();
    } catch (IOException e) {
      LOG.warn("A recording could not be closed: {}", e.getMessage());
    } finally {
      lock.unlock();
    }
  }
}
