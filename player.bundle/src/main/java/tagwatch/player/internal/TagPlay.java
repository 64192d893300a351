// SPDX-License-Identifier: Apache-2.0
package tagwatch.player.internal;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tagwatch.event.TaskKey;
import tagwatch.event.Verdict;
import tagwatch.event.Vocabulary;
import tagwatch.player.Gate;
import tagwatch.player.PlayerException;
import tagwatch.player.SessionStatus;
import tagwatch.player.TagStatus;
import tagwatch.policy.Policy;
import tagwatch.scorer.ModelException;
import tagwatch.scorer.ScorerEngine;
import tagwatch.transport.EventSource;
import tagwatch.transport.Transport;

/**
 * One watched tag: which model, engine, policy and gate are to be in force, and the stream that
 * plays it. Belongs to the coordinator thread, but for what says otherwise.
 */
final class TagPlay {
  private static final Logger LOG = LoggerFactory.getLogger(TagPlay.class);

  private volatile TagSettings settings;
  private final AlertLog log;
  private final StateFile state;
  private final TagStream.Watcher watcher;

  /** Engines that failed with a model are not asked again for it until they come back. */
  private final Set<ScorerEngine> failed = ConcurrentHashMap.newKeySet();

  private final Map<String, String> problems = new ConcurrentHashMap<>();
  private Intake.Side side;
  private String domain = "";
  private volatile Policy policy;
  private volatile TagStream stream;
  private volatile EventSource source;
  private volatile StoredModel model;

  /** What ran before the present model, in case that one's scorer fails. */
  private StoredModel previous;

  private volatile Gate gate;
  private volatile RecordingTap tap;

  TagPlay(TagSettings settings, AlertLog log, StateFile state, TagStream.Watcher watcher) {
    this.settings = settings;
    this.log = log;
    this.state = state;
    this.watcher = watcher;
    // After a restart events wait for the model that ran before: with the first gate they would
    // pass
    // unscored until its file is found again.
    this.gate = state.gate(settings.tag(), state.model(settings.tag()), settings.gate());
  }

  TagSettings settings() {
    return settings;
  }

  /** Another configuration; transport, mode and ring size take effect when the source is opened. */
  void configure(TagSettings next) {
    TagSettings before = settings;
    settings = next;
    StoredModel present = model;
    if (before.gate() == next.gate()) {
      return;
    }
    Gate wanted =
        present == null
            ? next.gate()
            : state.gate(next.tag(), present.manifest().version(), firstGate());
    tell("gate", () -> applyGate(wanted));
  }

  // Transport.

  void transportProblem(String problem) {
    note("transport", problem);
  }

  /** Whether the stream that is there fits the settings and the transport. */
  boolean isPrepared(Transport transport) {
    TagStream present = stream;
    return present != null
        && present.vocabulary().equals(transport.vocabulary())
        && present.retained() == settings.retained();
  }

  /** Makes the stream for a transport's vocabulary; the one there is stays if it fits. */
  void prepare(Transport transport) throws PlayerException {
    if (isPrepared(transport)) {
      return;
    }
    Vocabulary vocabulary = transport.vocabulary();
    if (stream != null) {
      closeStream();
    }
    TagStream next = new TagStream(settings.tag(), settings.retained(), vocabulary, log, watcher);
    next.start();
    stream = next;
    side = new Intake.Side(next);
    next.gate(gate);
  }

  /** The source is open: images come from it and verdicts go to it. */
  Intake.Side attach(EventSource opened, boolean live) throws PlayerException {
    if (!domain.isEmpty() && !domain.equals(opened.sequenceDomain())) {
      side.endAll(BootClock.nowNs());
    }
    domain = opened.sequenceDomain();
    stream.source(opened, live);
    source = opened;
    problems.remove("transport");
    return side;
  }

  /** The source is closed; what it delivered is still scored. */
  void detach() {
    source = null;
    tell("detach", () -> stream.source(null, false));
  }

  private interface Order {
    void run() throws PlayerException;
  }

  private void tell(String what, Order order) {
    try {
      order.run();
      problems.remove(what);
    } catch (PlayerException e) {
      problems.put(what, e.getMessage());
      LOG.error("tag {}: {}", settings.tag(), e.getMessage());
    }
  }

  // Policy.

  void reconcilePolicy(Registry<Policy> policies, Registry<Transport> transports) {
    if (stream == null) {
      return;
    }
    Set<Verdict.Kind> offered =
        transports
            .best(settings.transport())
            .map(best -> best.service().verdicts())
            .orElse(Set.of(Verdict.Kind.ALERT));
    Policy best = policies.best(settings.policy()).map(Registry.Registered::service).orElse(null);
    String problem = "";
    if (best == null) {
      problem =
          "policy '"
              + settings.policy()
              + "' is not there, the fail-safe "
              + settings.failSafe()
              + " is used; there are "
              + policies.names();
    } else if (!offered.containsAll(best.requires())) {
      problem =
          "policy '"
              + settings.policy()
              + "' needs "
              + best.requires()
              + ", transport '"
              + settings.transport()
              + "' has "
              + offered
              + "; the fail-safe "
              + settings.failSafe()
              + " is used";
      best = null;
    }
    note("policy", problem);
    policy = best;
    Policy next = best;
    tell(
        "policy order",
        () ->
            stream.ask(
                "change the policy",
                () -> {
                  stream.alarms.policy(next, settings.failSafe());
                  return null;
                }));
  }

  private void note(String subject, String problem) {
    if (problem.isEmpty()) {
      problems.remove(subject);
    } else if (!problem.equals(problems.put(subject, problem))) {
      LOG.warn("tag {}: {}", settings.tag(), problem);
    }
  }

  // Model and engine.

  /** Chooses the model: the one that ran before, else the first that is found. */
  void reconcileModel(ModelStore store, Registry<ScorerEngine> engines) {
    if (stream == null) {
      return;
    }
    if (model == null) {
      String before = state.model(settings.tag());
      StoredModel found = candidate(store, before);
      if (found == null) {
        note(
            "model",
            !before.isEmpty()
                ? "model " + before + " ran before and is not in the models folder"
                : gate == Gate.LEARN ? "" : "no model: events wait for one (tagwatch:learn)");
        return;
      }
      try {
        use(found, engines);
      } catch (PlayerException e) {
        note("model", e.getMessage());
      }
      return;
    }
    reopen(engines);
  }

  /** The model that ran before, be its file gone or not; without one the first that is found. */
  private StoredModel candidate(ModelStore store, String before) {
    List<StoredModel> known = new ArrayList<>(store.of(settings.tag()));
    if (previous != null) {
      known.add(previous);
    }
    if (before.isEmpty()) {
      return known.isEmpty() ? null : known.get(0);
    }
    return known.stream()
        .filter(model -> model.manifest().version().equals(before))
        .findFirst()
        .orElse(null);
  }

  private Gate firstGate() {
    return settings.gate() == Gate.ENFORCE ? Gate.ENFORCE : Gate.MONITOR;
  }

  /** Puts a model in service; the present one stays if that fails. */
  void use(StoredModel next, Registry<ScorerEngine> engines) throws PlayerException {
    if (stream == null) {
      throw new PlayerException(
          "tag " + settings.tag() + " is not played: " + problems.getOrDefault("transport", ""));
    }
    if (!next.manifest().vocabulary().equals(stream.vocabulary().name())) {
      throw new PlayerException(
          "model "
              + next.manifest().version()
              + " is for the vocabulary "
              + next.manifest().vocabulary()
              + ", transport '"
              + settings.transport()
              + "' speaks "
              + stream.vocabulary().name());
    }
    if (next.window() + next.manifest().rolling() > settings.retained()) {
      throw new PlayerException(
          "model "
              + next.manifest().version()
              + " needs window + rolling = "
              + (next.window() + next.manifest().rolling())
              + " retained events, tag "
              + settings.tag()
              + " keeps "
              + settings.retained()
              + "; set 'retained' higher");
    }
    failed.clear();
    open(next, engines);
    StoredModel before = model;
    if (before != null && !before.manifest().version().equals(next.manifest().version())) {
      previous = before;
    }
    state.running(settings.tag(), next.manifest().version());
    try {
      applyGate(state.gate(settings.tag(), next.manifest().version(), firstGate()));
    } finally {
      // last: who sees the model sees its gate too
      model = next;
      note("model", missingHooks(next));
      note("scorer", "");
    }
  }

  private String missingHooks(StoredModel it) {
    List<String> hooks =
        it.manifest().symbols().stream().map(symbol -> symbol.split(" ", 2)[0]).distinct().toList();
    List<String> missing = stream.vocabulary().missing(hooks);
    return missing.isEmpty()
        ? ""
        : "model "
            + it.manifest().version()
            + " lists hooks that the transport never reports: "
            + missing;
  }

  private void open(StoredModel next, Registry<ScorerEngine> engines) throws PlayerException {
    String format = next.manifest().format();
    StringBuilder reasons = new StringBuilder();
    for (Registry.Registered<ScorerEngine> candidate : engines.all(format)) {
      if (failed.contains(candidate.service())) {
        continue;
      }
      try {
        takeOver(
            ScorerBinding.open(
                next, candidate.service(), candidate.name() + " (" + candidate.bundle() + ")"));
        note("engine", reasons.toString());
        return;
      } catch (ModelException | PlayerException e) {
        failed.add(candidate.service());
        reasons.append(reasons.isEmpty() ? "" : "; ").append(e.getMessage());
      }
    }
    throw new PlayerException(
        reasons.isEmpty()
            ? "no engine for format '" + format + "' is there; there are " + engines.names()
            : reasons.toString());
  }

  private void takeOver(ScorerBinding opened) throws PlayerException {
    stream.takeOver(opened);
    LOG.info(
        "tag {}: model {} is scored by {}",
        settings.tag(),
        opened.model.manifest().version(),
        opened.provider);
  }

  /** The engines changed: the best one for the present model takes over. */
  private void reopen(Registry<ScorerEngine> engines) {
    List<Registry.Registered<ScorerEngine>> all = engines.all(model.manifest().format());
    failed.retainAll(all.stream().map(Registry.Registered::service).collect(Collectors.toSet()));
    ScorerEngine best =
        all.stream()
            .map(Registry.Registered::service)
            .filter(engine -> !failed.contains(engine))
            .findFirst()
            .orElse(null);
    ScorerBinding present = stream.inService();
    if (present != null && present.engine == best) {
      return;
    }
    boolean presentStays =
        present != null && all.stream().anyMatch(engine -> engine.service() == present.engine);
    try {
      open(model, engines);
    } catch (PlayerException e) {
      if (presentStays) {
        note("engine", e.getMessage());
      } else {
        tell("engine order", () -> stream.takeOver(null));
        note("engine", "events wait for a scorer: " + e.getMessage());
      }
    }
  }

  /** The scorer threw or gave nonsense and is out of service. */
  void scorerFailed(ScorerBinding by, String reason, Registry<ScorerEngine> engines) {
    LOG.error("tag {}: scorer withdrawn: {}", settings.tag(), reason);
    if (stream == null || model == null) {
      return;
    }
    failed.add(by.engine);
    reopen(engines);
    StoredModel fallback = previous;
    if (stream.inService() == null && fallback != null) {
      // given up first: two models that both fail must not take turns for ever
      previous = null;
      tell("fallback", () -> use(fallback, engines));
      previous = null;
    }
    note("scorer", "withdrawn: " + reason);
  }

  // Gate.

  void setGate(Gate next) throws PlayerException {
    StoredModel present = model;
    if (next != Gate.LEARN && present == null) {
      throw new PlayerException(
          "tag "
              + settings.tag()
              + " has no model: learn one first (tagwatch:learn), then set the gate "
              + next.label());
    }
    applyGate(next);
    if (present != null) {
      state.put(settings.tag(), present.manifest().version(), next);
    }
  }

  private void applyGate(Gate next) throws PlayerException {
    if (stream != null) {
      stream.gate(next);
    }
    gate = next;
  }

  // Recording.

  void record(Path file) throws PlayerException {
    if (stream == null) {
      throw new PlayerException(
          "tag " + settings.tag() + " is not played: " + problems.getOrDefault("transport", ""));
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

  StoredModel model() {
    return model;
  }

  boolean uses(ScorerEngine engine) {
    TagStream present = stream;
    ScorerBinding by = present == null ? null : present.inService();
    return by != null && by.engine == engine;
  }

  boolean uses(Policy candidate) {
    return policy == candidate;
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
    StoredModel running = model;
    RecordingTap recording = tap;
    List<String> found = new ArrayList<>(problems.values());
    if (recording != null && !recording.failure().isEmpty()) {
      found.add("recording: " + recording.failure());
    }
    if (!staleness().isEmpty()) {
      found.add(staleness());
    }
    TagStream.Snapshot snapshot = snapshot(present, found);
    List<SessionStatus> sessions = snapshot.sessions();
    return new TagStatus(
        settings.tag(),
        settings.transport() + (source == null ? " (waiting)" : ""),
        settings.mode().name().toLowerCase(Locale.ROOT),
        gate,
        settings.policy(),
        running == null ? "" : running.manifest().version(),
        "",
        by == null ? "" : by.provider,
        running == null ? Float.NaN : running.manifest().threshold(),
        sessions.size(),
        (int) sessions.stream().map(SessionStatus::process).distinct().count(),
        present == null ? 0 : present.alarms.count(),
        recording == null ? "" : recording.file().toString(),
        snapshot.accounting(),
        Map.of("scorer", 0L, "model", 0L, "policy", 0L, "transport", 0L),
        Optional.empty(),
        0,
        found);
  }

  // End.

  private void closeStream() {
    if (tap != null) {
      tell("recording", this::stopRecording);
    }
    tell("engine order", () -> stream.takeOver(null));
    stream.close();
    stream = null;
    if (model != null) {
      // its file may be gone: kept, it can go on in the next stream
      previous = model;
      model = null;
    }
    domain = "";
  }

  void close() {
    if (stream != null) {
      closeStream();
    }
  }
}
