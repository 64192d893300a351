// SPDX-License-Identifier: Apache-2.0
package tagwatch.player.internal;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.osgi.framework.BundleContext;
import org.osgi.framework.ServiceReference;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tagwatch.event.TaskKey;
import tagwatch.event.Verdict;
import tagwatch.player.Alert;
import tagwatch.player.Gate;
import tagwatch.player.LearnReport;
import tagwatch.player.LearnRequest;
import tagwatch.player.ModelStatus;
import tagwatch.player.OutageStatus;
import tagwatch.player.Player;
import tagwatch.player.PlayerException;
import tagwatch.player.PlayerStatus;
import tagwatch.player.Progress;
import tagwatch.player.Provider;
import tagwatch.player.RehearseReport;
import tagwatch.player.RehearseRequest;
import tagwatch.player.SessionStatus;
import tagwatch.player.TagStatus;
import tagwatch.policy.Policy;
import tagwatch.scorer.Learner;
import tagwatch.scorer.ScorerEngine;
import tagwatch.transport.Enforcement;
import tagwatch.transport.EventSource;
import tagwatch.transport.Finding;
import tagwatch.transport.Transport;
import tagwatch.transport.TransportException;
import tagwatch.transport.Unloaded;
import tagwatch.transport.VerdictInForce;

/**
 * The player. What is to run (configurations, models, orders) and what is there (engines, policies,
 * transports) changes at any time and from any thread; one coordinator thread brings the two
 * together, again from the start at each change.
 */
@Component(
    immediate = true,
    service = {Player.class, PlayerComponent.class})
public final class PlayerComponent implements Player, TagStream.Watcher {
  private static final Logger LOG = LoggerFactory.getLogger(PlayerComponent.class);

  /** How long a service that goes away waits for the player to let go of it. */
  private static final long RELEASE_S = 5;

  private static final long ORDER_S = 60;
  private static final long RETRY_S = 3;
  private static final long SETTLE_MS = 200;

  private final Registry<ScorerEngine> engines = new Registry<>("engine", ScorerEngine.FORMAT);
  private final Registry<Learner> learners = new Registry<>("learner", ScorerEngine.FORMAT);
  private final Registry<Policy> policies = new Registry<>("policy", Policy.NAME);
  private final Registry<Transport> transports = new Registry<>("transport", Transport.NAME);
  private final Sources sources = new Sources(transports, this::putInService);
  private final AlertLog alerts = new AlertLog();
  private final Map<String, TagSettings> configured = new ConcurrentHashMap<>();
  private final Map<String, String> problems = new ConcurrentHashMap<>();
  private final Map<Integer, TagPlay> plays = new ConcurrentSkipListMap<>();
  private final ScheduledExecutorService coordinator =
      Executors.newSingleThreadScheduledExecutor(
          task -> {
            Thread thread = new Thread(task, "tagwatch-coordinator");
            thread.setDaemon(true);
            return thread;
          });
  private final ModelStore store;
  private final StateFile state;
  private final Instant startedAt =
      ProcessHandle.current().info().startInstant().orElseGet(Instant::now);
  private volatile long firstScoreMs = -1;
  private Future<?> settling = CompletableFuture.completedFuture(null);
  private Future<?> retry = CompletableFuture.completedFuture(null);

  /** Starts without any tag. */
  @Activate
  public PlayerComponent(BundleContext context, @Reference ModelStore store) {
    this.store = store;
    String home = context.getProperty("tagwatch.home");
    this.state = new StateFile(home == null ? null : Path.of(home, "state"));
    store.onChange(this::changed);
  }

  @Deactivate
  void deactivate() throws PlayerException {
    store.onChange(() -> {});
    try {
      order(
          () -> {
            sources.closeAll();
            plays.values().forEach(TagPlay::close);
            return null;
          });
    } finally {
      coordinator.shutdownNow();
    }
  }

  // Services.

  @Reference(cardinality = ReferenceCardinality.MULTIPLE, policy = ReferencePolicy.DYNAMIC)
  void bindEngine(ServiceReference<ScorerEngine> reference, ScorerEngine engine) {
    engines.add(reference, engine);
    changed();
  }

  void unbindEngine(ScorerEngine engine) {
    engines.remove(engine);
    changedAndDone();
  }

  @Reference(cardinality = ReferenceCardinality.MULTIPLE, policy = ReferencePolicy.DYNAMIC)
  void bindLearner(ServiceReference<Learner> reference, Learner learner) {
    learners.add(reference, learner);
  }

  void unbindLearner(Learner learner) {
    learners.remove(learner);
  }

  @Reference(cardinality = ReferenceCardinality.MULTIPLE, policy = ReferencePolicy.DYNAMIC)
  void bindPolicy(ServiceReference<Policy> reference, Policy policy) {
    policies.add(reference, policy);
    changed();
  }

  void unbindPolicy(Policy policy) {
    policies.remove(policy);
    changedAndDone();
  }

  @Reference(cardinality = ReferenceCardinality.MULTIPLE, policy = ReferencePolicy.DYNAMIC)
  void bindTransport(ServiceReference<Transport> reference, Transport transport) {
    transports.add(reference, transport);
    changed();
  }

  /** Its configuration changed: what is open was opened with the old one. */
  void updatedTransport(Transport transport) {
    try {
      coordinator.execute(() -> sources.close(transport));
      configurationChanged();
    } catch (RejectedExecutionException e) {
      LOG.debug("a transport was configured after the end of the player");
    }
  }

  void unbindTransport(Transport transport) {
    transports.remove(transport);
    changedAndDone();
  }

  // Configurations.

  void configured(String pid, TagSettings settings) {
    for (Map.Entry<String, TagSettings> other : configured.entrySet()) {
      if (!other.getKey().equals(pid) && other.getValue().tag() == settings.tag()) {
        misconfigured(
            pid,
            pid
                + ": field 'tag' is "
                + settings.tag()
                + ", which "
                + other.getKey()
                + " already watches");
        return;
      }
    }
    problems.remove(pid);
    configured.put(pid, settings);
    configurationChanged();
  }

  void misconfigured(String pid, String problem) {
    problems.put(pid, problem);
    LOG.error("configuration refused, what was configured before stays: {}", problem);
  }

  void unconfigured(String pid) {
    configured.remove(pid);
    problems.remove(pid);
    configurationChanged();
  }

  // Coordination.

  /**
   * Configurations come in bunches, in any order: a transport that was opened between its tag's and
   * its own would be opened with its defaults first.
   */
  private synchronized void configurationChanged() {
    try {
      settling.cancel(false);
      settling = coordinator.schedule(this::reconcile, SETTLE_MS, TimeUnit.MILLISECONDS);
    } catch (RejectedExecutionException e) {
      LOG.debug("a configuration came after the end of the player");
    }
  }

  private void changed() {
    try {
      coordinator.execute(this::reconcile);
    } catch (RejectedExecutionException e) {
      LOG.debug("a change came after the end of the player");
    }
  }

  /** For a service that goes away: it must not be used any more when this returns. */
  private void changedAndDone() {
    try {
      coordinator.submit(this::reconcile).get(RELEASE_S, TimeUnit.SECONDS);
    } catch (RejectedExecutionException e) {
      LOG.debug("a service went away after the end of the player");
    } catch (TimeoutException | ExecutionException e) {
      LOG.error("a service goes away and is still in use after {} s", RELEASE_S, e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void putInService(TagPlay play) {
    play.reconcilePolicy(policies, transports);
    play.reconcileModel(store, engines);
  }

  private void reconcile() {
    try {
      reconcileTags();
      boolean again = sources.reconcile(plays.values());
      for (TagPlay play : plays.values()) {
        putInService(play);
      }
      retry.cancel(false);
      if (again) {
        retry = coordinator.schedule(this::reconcile, RETRY_S, TimeUnit.SECONDS);
      }
    } catch (RuntimeException | LinkageError e) {
      LOG.error("the coordinator failed; it tries again in {} s", RETRY_S, e);
      retry.cancel(false);
      retry = coordinator.schedule(this::reconcile, RETRY_S, TimeUnit.SECONDS);
    }
  }

  private void reconcileTags() {
    Map<Integer, TagSettings> wanted =
        configured.values().stream().collect(Collectors.toMap(TagSettings::tag, it -> it));
    for (TagPlay play : new ArrayList<>(plays.values())) {
      if (!wanted.containsKey(play.settings().tag())) {
        plays.remove(play.settings().tag());
        sources.reconcile(plays.values());
        play.close();
      }
    }
    wanted.forEach(
        (tag, settings) -> {
          TagPlay play =
              plays.computeIfAbsent(tag, absent -> new TagPlay(settings, alerts, state, this));
          play.configure(settings);
        });
  }

  private <T> T order(Callable<T> order) throws PlayerException {
    try {
      Future<T> answer = coordinator.submit(order);
      return answer.get(ORDER_S, TimeUnit.SECONDS);
    } catch (ExecutionException e) {
      if (e.getCause() instanceof PlayerException refused) {
        throw refused;
      }
      throw new PlayerException("failed: " + e.getCause(), e.getCause());
    } catch (TimeoutException e) {
      throw new PlayerException("the coordinator did not answer within " + ORDER_S + " s", e);
    } catch (RejectedExecutionException e) {
      throw new PlayerException("the player has ended", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new PlayerException("interrupted", e);
    }
  }

  @Override
  public void scorerFailed(TagStream stream, ScorerBinding binding, String reason) {
    try {
      coordinator.execute(
          () -> {
            TagPlay play = plays.get(stream.tag);
            if (play != null) {
              play.scorerFailed(binding, reason, engines);
            }
          });
    } catch (RejectedExecutionException e) {
      LOG.debug("a scorer failed after the end of the player: {}", reason);
    }
  }

  @Override
  public void firstScore() {
    if (firstScoreMs < 0) {
      firstScoreMs = upMs();
    }
  }

  private long upMs() {
    return Duration.between(startedAt, Instant.now()).toMillis();
  }

  private TagPlay play(int tag) throws PlayerException {
    TagPlay play = plays.get(tag);
    if (play == null) {
      throw new PlayerException("tag " + tag + " is not watched; watched are " + plays.keySet());
    }
    return play;
  }

  // Player.

  @Override
  public PlayerStatus status() {
    return new PlayerStatus(
        upMs(),
        firstScoreMs,
        sources.counters(),
        OutageStatus.NONE,
        Map.of(),
        List.copyOf(problems.values()));
  }

  @Override
  public List<TagStatus> tags() {
    List<TagStatus> tags = new ArrayList<>();
    for (TagPlay play : plays.values()) {
      tags.add(play.status());
    }
    return tags;
  }

  @Override
  public List<SessionStatus> sessions() throws PlayerException {
    List<SessionStatus> sessions = new ArrayList<>();
    for (TagPlay play : plays.values()) {
      sessions.addAll(play.sessions());
    }
    sessions.sort(
        Comparator.comparing(SessionStatus::tag)
            .thenComparing(session -> session.process().threadId())
            .thenComparing(session -> session.task().threadId()));
    return sessions;
  }

  @Override
  public List<Alert> alerts() {
    return alerts.all();
  }

  @Override
  public Optional<Alert> alert(long id) {
    return alerts.find(id);
  }

  @Override
  public List<ModelStatus> models() {
    return new ModelList(store, plays.values()).list();
  }

  @Override
  public List<Provider> providers() {
    List<Provider> all = new ArrayList<>();
    all.addAll(engines.providers(engine -> users(play -> play.uses(engine))));
    all.addAll(learners.providers(learner -> ""));
    all.addAll(policies.providers(policy -> users(play -> play.uses(policy))));
    all.addAll(transports.providers(sources::users));
    return all;
  }

  private String users(Predicate<TagPlay> uses) {
    return plays.values().stream()
        .filter(uses)
        .map(play -> "tag " + play.settings().tag())
        .collect(Collectors.joining(", "));
  }

  @Override
  public void gate(int tag, Gate gate) throws PlayerException {
    TagPlay play = play(tag);
    order(
        () -> {
          play.setGate(gate);
          return null;
        });
  }

  @Override
  public void use(int tag, String version) throws PlayerException {
    TagPlay play = play(tag);
    order(
        () -> {
          play.use(
              store
                  .find(tag, version)
                  .orElseThrow(
                      () ->
                          new PlayerException(
                              "no model "
                                  + version
                                  + " for tag "
                                  + tag
                                  + "; known are "
                                  + store.of(tag).stream()
                                      .map(model -> model.manifest().version())
                                      .toList())),
              engines);
          return null;
        });
  }

  @Override
  public void promote(int tag, String version) throws PlayerException {
    throw new PlayerException("tag " + tag + " has no model in shadow");
  }

  @Override
  public String rollback(int tag) throws PlayerException {
    throw new PlayerException("tag " + tag + ": no other model ran before");
  }

  @Override
  public void record(int tag, Path file) throws PlayerException {
    TagPlay play = play(tag);
    order(
        () -> {
          play.record(file);
          return null;
        });
  }

  @Override
  public long stopRecording(int tag) throws PlayerException {
    TagPlay play = play(tag);
    return order(play::stopRecording);
  }

  @Override
  public LearnReport learn(LearnRequest request, Progress progress) throws PlayerException {
    return new Learning(
            format -> learners.best(format).map(Registry.Registered::service),
            format -> engines.best(format).map(Registry.Registered::service),
            learners.names())
        .learn(request, progress);
  }

  @Override
  public RehearseReport rehearse(RehearseRequest request, Progress progress)
      throws PlayerException {
    return new Trials(format -> engines.best(format).map(Registry.Registered::service))
        .rehearse(request, progress);
  }

  @Override
  public Enforcement block(int processId, Verdict verdict) throws PlayerException {
    SessionStatus session = session(processId);
    Enforcement enforcement = sourceOf(session).enforce(session.task(), verdict);
    if (enforcement.outcome() == Enforcement.Outcome.DONE && verdict.kind() != Verdict.Kind.ALERT) {
      play(session.tag()).verdict(session.process(), verdict);
    }
    return enforcement;
  }

  @Override
  public Enforcement release(int processId) throws PlayerException {
    Optional<SessionStatus> session = find(processId);
    if (session.isPresent()) {
      Enforcement enforcement = sourceOf(session.get()).release(session.get().task());
      // also when there was nothing to lift: it has none now
      play(session.get().tag()).verdict(session.get().process(), null);
      return enforcement;
    }
    for (VerdictInForce verdict : verdicts()) {
      if (verdict.process().threadId() == processId) {
        return releaseAnywhere(verdict.process());
      }
    }
    throw new PlayerException("process " + processId + " is not watched and has no verdict");
  }

  private Enforcement releaseAnywhere(TaskKey process) throws PlayerException {
    for (TagPlay play : plays.values()) {
      EventSource source = play.source();
      if (source != null
          && source.verdictsInForce().stream().anyMatch(it -> it.process().equals(process))) {
        return source.release(process);
      }
    }
    throw new PlayerException("no open transport has a verdict on process " + process.threadId());
  }

  private Optional<SessionStatus> find(int processId) throws PlayerException {
    return sessions().stream()
        .filter(it -> it.process().threadId() == processId)
        .min(Comparator.comparing(it -> it.task().threadId() == processId ? 0 : 1));
  }

  private SessionStatus session(int processId) throws PlayerException {
    return find(processId)
        .orElseThrow(
            () ->
                new PlayerException(
                    "process " + processId + " is not watched; tagwatch:ps lists what is"));
  }

  private EventSource sourceOf(SessionStatus session) throws PlayerException {
    EventSource source = play(session.tag()).source();
    if (source == null) {
      throw new PlayerException("the transport of tag " + session.tag() + " is not open");
    }
    return source;
  }

  @Override
  public List<VerdictInForce> verdicts() {
    return sources.verdicts();
  }

  @Override
  public Map<String, List<Finding>> probe() {
    Map<String, List<Finding>> findings = new TreeMap<>();
    for (String name : transports.names()) {
      transports.best(name).ifPresent(best -> findings.put(name, best.service().probe()));
    }
    return findings;
  }

  @Override
  public Map<String, Unloaded> unload() throws PlayerException {
    Map<String, Unloaded> unloaded = new TreeMap<>();
    for (String name : transports.names()) {
      Optional<Registry.Registered<Transport>> best = transports.best(name);
      if (best.isPresent()) {
        try {
          unloaded.put(name, best.get().service().unload());
        } catch (TransportException e) {
          throw new PlayerException(name + ": " + e.getMessage(), e);
        }
      }
    }
    return unloaded;
  }
}
