// SPDX-License-Identifier: Apache-2.0
package tagwatch.player.internal;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import tagwatch.event.TaskKey;
import tagwatch.event.Verdict;
import tagwatch.event.Vocabulary;
import tagwatch.player.PlayerException;
import tagwatch.player.SessionStatus;
import tagwatch.player.TagStatus;
import tagwatch.transport.EventSource;
import tagwatch.transport.Transport;

/**
 * One watched tag: the stream that plays it, and what is to be in force there. Belongs to the
 * coordinator thread, but for what says otherwise.
 */
final class TagPlay {
  /** So long events stay in the ring for a scorer that is expected. */
  private static final long HOLD_NS = 250_000_000L;

  final Casting casting;
  final PolicyChoice policy;
  final SwapLog swaps = new SwapLog();
  private final AlertLog log;
  private final TagStream.Watcher watcher;
  private final Problems problems;
  private volatile TagSettings settings;
  private volatile TagStream stream;
  private volatile EventSource source;
  private volatile RecordingTap tap;
  private Intake.Side side;
  private String domain = "";
  private String transport = "";

  TagPlay(
      TagSettings settings,
      AlertLog log,
      Casting.Stock stock,
      LastGoodFile state,
      Complaints complaints,
      Casting.Prompter prompter,
      TagStream.Watcher watcher) {
    this.settings = settings;
    this.log = log;
    this.watcher = watcher;
    this.problems = new Problems(settings.tag());
    this.policy = new PolicyChoice(problems, swaps);
    this.casting = new Casting(this::settings, stock, state, complaints, swaps, problems, prompter);
  }

  TagSettings settings() {
    return settings;
  }

  /** Another configuration; transport, mode and ring size take effect when the source is opened. */
  void configure(TagSettings next) {
    TagSettings before = settings;
    settings = next;
    if (before.gate() != next.gate()) {
      casting.configuredGate(next.gate());
    }
  }

  // Transport.

  void transportProblem(String problem) {
    problems.note("transport", problem);
  }

  /** Whether the stream that is there fits the settings and the vocabulary. */
  boolean isPrepared(Vocabulary vocabulary) {
    TagStream present = stream;
    return present != null
        && present.vocabulary().equals(vocabulary)
        && present.retained() == settings.retained();
  }

  /** Makes the stream for a transport's vocabulary; the one there is stays if it fits. */
  void prepare(Transport next) throws PlayerException {
    Vocabulary vocabulary = next.vocabulary();
    if (isPrepared(vocabulary)) {
      return;
    }
    if (stream != null) {
      closeStream();
    }
    TagStream fresh =
        new TagStream(settings.tag(), settings.retained(), HOLD_NS, vocabulary, log, watcher);
    fresh.start();
    stream = fresh;
    side = new Intake.Side(fresh);
    casting.play(fresh);
  }

  /** The source is open: images come from it and verdicts go to it. */
  Intake.Side attach(EventSource opened, String provider, boolean live) throws PlayerException {
    String opening = opened.sequenceDomain();
    if (!domain.isEmpty() && !domain.equals(opening)) {
      side.elsewhere();
    }
    domain = opening;
    Pause pause = new Pause();
    stream.source(new Enforcing.Target(opened, provider), live, pause);
    if (!transport.isEmpty()) {
      swaps.add(SwapLog.Kind.TRANSPORT, transport, provider, 0, 0, 0, pause);
    }
    transport = provider;
    source = opened;
    problems.note("transport", "");
    return side;
  }

  /** The source is closed; what it delivered is still scored. */
  void detach() {
    source = null;
    try {
      stream.source(null, false, new Pause());
      problems.note("detach", "");
    } catch (PlayerException e) {
      problems.note("detach", e.getMessage());
    }
  }

  // Model and policy.

  /** Compares model, scorer and policy with what there is. */
  void reconcile(PlayerComponent.Providers providers) {
    if (stream != null) {
      policy.reconcile(settings, stream, providers.policies(), providers.transports());
      casting.reconcile();
    }
  }

  // Recording.

  void record(Path file) throws PlayerException {
    if (stream == null) {
      throw new PlayerException(
          "tag " + settings.tag() + " is not played: " + problems.of("transport"));
    }
    if (tap != null) {
      throw new PlayerException(
          "tag " + settings.tag() + " is being recorded to " + tap.file() + "; stop that first");
    }
    RecordingTap next =
        RecordingTap.open(
            file,
            settings.transport(),
            stream.vocabulary(),
            Map.of("tag", Integer.toString(settings.tag())));
    stream.tap(next);
    tap = next;
  }

  long stopRecording() throws PlayerException {
    RecordingTap ending = tap;
    if (ending == null) {
      throw new PlayerException("tag " + settings.tag() + " is not being recorded");
    }
    tap = null;
    stream.tap(null);
    return ending.finish();
  }

  // What others see: any thread.

  EventSource source() {
    return source;
  }

  /** Null while the tag is not played. */
  TagStream stream() {
    return stream;
  }

  List<SessionStatus> sessions() throws PlayerException {
    TagStream present = stream;
    return present == null ? List.of() : present.snapshot().sessions();
  }

  /** Which program is not the one that the model was learned from; empty if none. */
  String staleness() {
    TagStream present = stream;
    return present == null ? "" : present.staleness();
  }

  /** Order: somebody put a verdict on a process by hand, or (null) lifted it. */
  void verdict(TaskKey process, Verdict verdict) throws PlayerException {
    TagStream present = stream;
    if (present != null) {
      present.verdict(process, verdict);
    }
  }

  /** Of a stream whose scoring thread does not answer the counters are shown as they are. */
  private static TagStream.Snapshot snapshot(TagStream present, List<String> found) {
    if (present == null) {
      return new TagStream.Snapshot(List.of(), new Ledger().snapshot());
    }
    try {
      return present.snapshot();
    } catch (PlayerException e) {
      found.add(e.getMessage());
      return new TagStream.Snapshot(List.of(), present.ledger.snapshot());
    }
  }

  TagStatus status() {
    TagStream present = stream;
    ScorerBinding by = present == null ? null : present.inService();
    StoredModel running = casting.model();
    StoredModel inShadow = casting.inShadow();
    RecordingTap recording = tap;
    List<String> found = problems.all();
    if (recording != null && !recording.failure().isEmpty()) {
      found.add("recording: " + recording.failure());
    }
    if (!staleness().isEmpty()) {
      found.add(staleness());
    }
    TagStream.Snapshot snapshot = snapshot(present, found);
    List<SessionStatus> sessions = new ArrayList<>(snapshot.sessions());
    return new TagStatus(
        settings.tag(),
        settings.transport() + (source == null ? " (waiting)" : ""),
        settings.mode().name().toLowerCase(Locale.ROOT),
        casting.gate(),
        settings.policy(),
        version(running),
        version(inShadow),
        by == null ? "" : by.provider,
        running == null ? Float.NaN : running.manifest().threshold(),
        sessions.size(),
        (int) sessions.stream().map(SessionStatus::process).distinct().count(),
        present == null ? 0 : present.alarms.count(),
        recording == null ? "" : recording.file().toString(),
        snapshot.accounting(),
        swaps.counts(),
        swaps.last(),
        present == null ? 0 : present.gauge.oldestUs(),
        found);
  }

  private static String version(StoredModel model) {
    return model == null ? "" : model.manifest().version();
  }

  // End.

  private void closeStream() {
    if (tap != null) {
      try {
        stopRecording();
      } catch (PlayerException e) {
        problems.note("recording", e.getMessage());
      }
    }
    casting.stop();
    stream.close();
    stream = null;
    domain = "";
  }

  void close() {
    if (stream != null) {
      closeStream();
    }
  }
}
