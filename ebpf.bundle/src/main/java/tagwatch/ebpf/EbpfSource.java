// SPDX-License-Identifier: Apache-2.0
package tagwatch.ebpf;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tagwatch.event.TaskKey;
import tagwatch.event.TaskStart.Origin;
import tagwatch.event.Verdict;
import tagwatch.transport.Enforcement;
import tagwatch.transport.Enforcement.Outcome;
import tagwatch.transport.EventSink;
import tagwatch.transport.EventSource;
import tagwatch.transport.ImageSink;
import tagwatch.transport.Subscription;
import tagwatch.transport.Subscription.Mode;
import tagwatch.transport.TransportCounter;
import tagwatch.transport.TransportException;
import tagwatch.transport.VerdictInForce;

/** The kernel part, read by one agent. */
final class EbpfSource implements EventSource {
  private static final int NO_TAG = 0;
  private static final Logger LOG = LoggerFactory.getLogger(EbpfSource.class);

  private final TagLocks locks;
  private final KernelPart kernel;
  private final String sequenceDomain;
  private final Tally tally;
  private final Tags tags;
  private final TagQuestions questions;
  private final Delivery delivery;
  private final RingReader reader;
  private final LostEnds lostEnds;
  private final WakeUp wakeUp;
  private final Familiar familiar;
  private final Verdicts verdicts;
  private final Processes processes;
  private final boolean snapshots;
  private final long snapshotNanos;
  // against close(): touching the mapped counters after it would crash the JVM
  private final ReadWriteLock use = new ReentrantReadWriteLock();
  private boolean closed;
  private Map<TransportCounter, Long> lastCounters = Map.of();
  private List<VerdictInForce> lastVerdicts = List.of();
  private List<Image> resumed;
  private long nextSnapshot = System.nanoTime();

  private EbpfSource(
      Settings settings,
      Subscription subscription,
      TagLocks locks,
      KernelPart kernel,
      boolean found)
      throws IOException {
    this.locks = locks;
    this.kernel = kernel;
    snapshots = subscription.mode() == Mode.SNAPSHOT;
    snapshotNanos = TimeUnit.MILLISECONDS.toNanos(settings.snapshotMillis());
    sequenceDomain = kernel.sequenceDomain();
    tags = new Tags(kernel, subscription.tags());
    tags.nameAgent();
    tags.restart();
    long consumed = enterMode(kernel.control().consumedAt(kernel.ring().consumerPosition()));
    tally = new Tally(kernel.control(), consumed);
    kernel.control().lostSeen(kernel.control().count(Layout.COUNTERS_LOST));
    // before anything is adopted: what is tagged now was watched by an earlier agent
    resumed = found ? running(kernel) : List.of();
    learn(settings.executables());
    tags.learnRunning();
    int adopted = tags.adopt();
    LOG.info("watching tags {}; {} running tasks adopted", subscription.tags(), adopted);
    delivery = new Delivery(tags, subscription.tags());
    lostEnds = new LostEnds(kernel, delivery);
    wakeUp = new WakeUp(kernel);
    familiar = new Familiar(kernel.familiar());
    verdicts = new Verdicts(kernel);
    verdicts.rehearse();
    processes = new Processes(kernel.dump());
    // after all that can fail, because it has a thread
    questions = new TagQuestions(tags, tally);
    reader = new RingReader(kernel, delivery, tags, questions, tally, consumed);
  }

  /** Opens; what was taken so far is given back if that fails. */
  static EbpfSource open(Settings settings, Subscription subscription)
      throws IOException, TransportException {
    Pins pins = new Pins(settings.pinDirectory());
    TagLocks locks = TagLocks.take(settings.pinDirectory(), subscription.tags());
    KernelPart kernel = null;
    try {
      boolean found = pins.complete();
      kernel = KernelPart.open(pins, settings.ringBytes());
      return new EbpfSource(settings, subscription, locks, kernel, found);
    } catch (IOException | TransportException | RuntimeException e) {
      if (kernel != null) {
        kernel.close();
      }
      locks.close();
      throw e;
    }
  }

  /**
   * Events that were recorded in the other mode and that nobody fetched are written off here, so
   * that the accounts begin even.
   */
  private long enterMode(long consumed) throws IOException {
    int mode = snapshots ? 1 : 0;
    if (kernel.control().value(Layout.CONTROL_MODE) == mode) {
      return consumed;
    }
    kernel.control().value(Layout.CONTROL_MODE, mode);
    LongAdder writtenOff = new LongAdder();
    Image.ofAll(kernel.collect(), image -> writtenOff.add(image.newest() - image.fetchedBefore()));
    return consumed + writtenOff.sum();
  }

  private void learn(List<String> executables) throws IOException {
    for (String executable : executables) {
      Path path = Path.of(executable);
      Path folder = path.getParent();
      if (folder == null || path.getFileName() == null || !Files.isDirectory(folder)) {
        LOG.warn("executables: {} lies in no folder that exists", executable);
        continue;
      }
      try (DirectoryStream<Path> files =
          Files.newDirectoryStream(folder, path.getFileName().toString())) {
        for (Path file : files) {
          if (Files.isRegularFile(file)) {
            tags.learn(file);
          }
        }
      }
    }
  }

  @Override
  public String sequenceDomain() {
    return sequenceDomain;
  }

  @Override
  public int poll(EventSink sink, int limit) {
    if (closed) {
      return 0;
    }
    if (!resumed.isEmpty()) {
      resumed.forEach(image -> delivery.start(sink, image, Origin.RESUMED, 0));
      resumed = List.of();
    }
    // what was fetched comes before what the ring brought meanwhile: last images end sessions
    int handed = reader.images().deliver(sink, limit, reader);
    if (handed < limit) {
      handed += reader.poll(sink, limit - handed);
    }
    if (snapshots && handed < limit) {
      handed += pollSnapshots(sink, limit - handed);
    }
    if (handed == 0) {
      lostEnds.check(sink, reader.position());
    }
    return handed;
  }

  private static List<Image> running(KernelPart kernel) throws IOException {
    List<Image> running = new ArrayList<>();
    Image.ofAll(
        kernel.dump(),
        image -> {
          if (!image.exited()) {
            running.add(image.identity());
          }
        });
    return running;
  }

  private int pollSnapshots(EventSink sink, int limit) {
    if (System.nanoTime() - nextSnapshot < 0) {
      return 0;
    }
    reader.images().fetch();
    nextSnapshot = System.nanoTime() + snapshotNanos;
    return reader.images().deliver(sink, limit, reader);
  }

  @Override
  public void awaitEvents(long maxNanos) {
    if (closed) {
      return;
    }
    long nanos = maxNanos;
    if (snapshots) {
      nanos = Math.min(nanos, nextSnapshot - System.nanoTime());
    } else {
      kernel.control().lostSeen(kernel.control().count(Layout.COUNTERS_LOST));
    }
    verdicts.relax();
    wakeUp.await(reader.position(), nanos);
  }

  @Override
  public boolean awaitUnfamiliar(long maxNanos) {
    if (closed || snapshots) {
      return EventSource.super.awaitUnfamiliar(maxNanos);
    }
    return wakeUp.awaitUnfamiliar(maxNanos);
  }

  @Override
  public void familiar(int tag, int previousHook, int hook) {
    use.readLock().lock();
    try {
      if (!closed) {
        familiar.mark(tag, previousHook, hook);
      }
    } finally {
      use.readLock().unlock();
    }
  }

  private <T> T open(Supplier<T> action, T afterwards) {
    use.readLock().lock();
    try {
      return closed ? afterwards : action.get();
    } finally {
      use.readLock().unlock();
    }
  }

  @Override
  public int image(TaskKey task, ImageSink sink) {
    return open(() -> show(task, sink), -1);
  }

  private int show(TaskKey task, ImageSink sink) {
    Image image = processes.imageOf(task);
    if (image == null) {
      return -1;
    }
    int shown = 0;
    for (long sequence = image.oldest(); sequence <= image.newest(); sequence++) {
      shown++;
      if (sink.event(
          image.hookId(sequence),
          sequence,
          image.timeOf(sequence),
          image.buffer(),
          image.featuresOf(sequence),
          Layout.FEATURES_SIZE)) {
        tally.recovered.incrementAndGet();
      }
    }
    return shown;
  }

  @Override
  public Enforcement enforce(TaskKey task, Verdict verdict) {
    return open(
        () -> {
          TaskKey process = processOf(task);
          return process == null ? gone(task) : carryOut(process, verdict);
        },
        closedAlready());
  }

  @Override
  public Enforcement release(TaskKey task) {
    return open(
        () -> {
          TaskKey process = processOf(task);
          // a verdict on a whole tag outlives the process that it came from
          return verdicts.release(process == null ? task : process);
        },
        closedAlready());
  }

  private TaskKey processOf(TaskKey task) {
    TaskKey process = delivery.processOf(task);
    if (process == null) {
      Image image = processes.imageOf(task);
      process = image == null ? null : image.process();
    }
    return process;
  }

  private Enforcement carryOut(TaskKey process, Verdict verdict) {
    if (verdict.scope() != Verdict.Scope.TAG) {
      return verdicts.enforce(process, NO_TAG, verdict);
    }
    // only a verdict on a whole tag needs it, and looking costs what a signal costs
    Image image = processes.imageOf(process);
    return image == null ? gone(process) : verdicts.enforce(process, image.tag(), verdict);
  }

  private static Enforcement gone(TaskKey task) {
    return new Enforcement(Outcome.GONE, "no tagged task " + task);
  }

  private static Enforcement closedAlready() {
    return new Enforcement(Outcome.FAILED, "the source is closed");
  }

  @Override
  public List<VerdictInForce> verdictsInForce() {
    return open(this::verdictsNow, lastVerdicts);
  }

  private List<VerdictInForce> verdictsNow() {
    try {
      return verdicts.inForce();
    } catch (IOException e) {
      LOG.warn("the verdicts cannot be read: {}", e.getMessage());
      return List.of();
    }
  }

  @Override
  public Map<TransportCounter, Long> counters() {
    return open(tally::counters, lastCounters);
  }

  @Override
  public void close() {
    use.writeLock().lock();
    try {
      if (closed) {
        return;
      }
      lastCounters = tally.counters();
      lastVerdicts = verdictsNow();
      kernel.control().lostSeen(kernel.control().count(Layout.COUNTERS_LOST));
      closed = true;
      questions.close();
      reader.images().close();
      wakeUp.close();
      kernel.close();
      locks.close();
    } finally {
      use.writeLock().unlock();
    }
  }
}
