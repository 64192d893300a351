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
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;
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
import tagwatch.event.Verdict;
import tagwatch.player.Alert;
import tagwatch.player.Gate;
import tagwatch.player.LearnReport;
import tagwatch.player.LearnRequest;
import tagwatch.player.ModelStatus;
import tagwatch.player.Player;
import tagwatch.player.PlayerException;
import tagwatch.player.PlayerStatus;
import tagwatch.player.Progress;
import tagwatch.player.Provider;
import tagwatch.player.RehearseReport;
import tagwatch.player.RehearseRequest;
import tagwatch.player.SessionStatus;
import tagwatch.player.SwapStatus;
import tagwatch.player.TagStatus;
import tagwatch.policy.Policy;
import tagwatch.scorer.Learner;
import tagwatch.scorer.ScorerEngine;
import tagwatch.transport.Enforcement;
import tagwatch.transport.Finding;
import tagwatch.transport.Transport;
import tagwatch.transport.TransportException;
import tagwatch.transport.Unloaded;
import tagwatch.transport.VerdictInForce;

/**
 * The player. What is to run (configurations, models, orders) and what is there (engines, policies,
 * transports) changes at any time and from any thread; the coordinator brings the two together.
 */
@Component(
    immediate = true,
    service = {Player.class, PlayerComponent.class})
public final class PlayerComponent
    implements Player, TagStream.Watcher, Casting.Prompter, Sources.Watcher {
  private static final Logger LOG = LoggerFactory.getLogger(PlayerComponent.class);

  /** The services that there are. */
  record Providers(
      Registry<ScorerEngine> engines,
      Registry<Learner> learners,
      Registry<Policy> policies,
      Registry<Transport> transports) {
    Providers() {
      this(
          new Registry<>("engine", ScorerEngine.FORMAT),
          new Registry<>("learner", ScorerEngine.FORMAT),
          new Registry<>("policy", Policy.NAME),
          new Registry<>("transport", Transport.NAME));
    }
  }

  private final Providers providers = new Providers();
  private final Sources sources =
      new Sources(providers.transports, play -> play.reconcile(providers), this);
  private final AlertLog alerts = new AlertLog();
  private final Complaints complaints = new Complaints(alerts);
  private final Map<String, TagSettings> configured = new ConcurrentHashMap<>();
  private final Map<String, String> problems = new ConcurrentHashMap<>();
  private final Map<Integer, TagPlay> plays = new ConcurrentSkipListMap<>();
  private final Coordinator coordinator = new Coordinator(this::reconcile);
  private final Watchdog watchdog = new Watchdog(plays::values, this::lost, sources::relieve);
  private final Interventions interventions = new Interventions(plays::values);
  private final ModelStore store;
  private final Casting.Stock stock;
  private final LastGoodFile state;
  private final Outages outages;
  private final Instant startedAt =
      ProcessHandle.current().info().startInstant().orElseGet(Instant::now);
  private volatile long firstScoreMs = -1;

  /** Starts without any tag. */
  @Activate
  public PlayerComponent(BundleContext context, @Reference ModelStore store) {
    this.store = store;
    String home = context.getProperty("tagwatch.home");
    Path folder = home == null ? null : Path.of(home, "state");
    this.state = new LastGoodFile(folder);
    this.stock = new Casting.Stock(store, providers.engines, new ModelArchive(folder));
    this.outages = new Outages(folder);
    store.onChange(coordinator::changed);
    watchdog.start();
  }

  @Deactivate
  void deactivate() throws PlayerException {
    store.onChange(() -> {});
    try {
      coordinator.order(
          () -> {
            sources.closeAll();
            plays.values().forEach(TagPlay::close);
            return null;
          });
    } finally {
      coordinator.end();
      watchdog.end();
    }
  }

  // Services.

  @Reference(cardinality = ReferenceCardinality.MULTIPLE, policy = ReferencePolicy.DYNAMIC)
  void bindEngine(ServiceReference<ScorerEngine> reference, ScorerEngine engine) {
    providers.engines.add(reference, engine);
    coordinator.changed();
  }

  void unbindEngine(ScorerEngine engine) {
    gone(providers.engines, engine);
  }

  @Reference(cardinality = ReferenceCardinality.MULTIPLE, policy = ReferencePolicy.DYNAMIC)
  void bindLearner(ServiceReference<Learner> reference, Learner learner) {
    providers.learners.add(reference, learner);
  }

  void unbindLearner(Learner learner) {
    providers.learners.remove(learner);
  }

  @Reference(cardinality = ReferenceCardinality.MULTIPLE, policy = ReferencePolicy.DYNAMIC)
  void bindPolicy(ServiceReference<Policy> reference, Policy policy) {
    providers.policies.add(reference, policy);
    coordinator.changed();
  }

  void unbindPolicy(Policy policy) {
    gone(providers.policies, policy);
  }

  @Reference(cardinality = ReferenceCardinality.MULTIPLE, policy = ReferencePolicy.DYNAMIC)
  void bindTransport(ServiceReference<Transport> reference, Transport transport) {
    providers.transports.add(reference, transport);
    coordinator.changed();
  }

  /** Its configuration changed: what is open was opened with the old one. */
  void updatedTransport(Transport transport) {
    coordinator.execute(() -> sources.close(transport));
    coordinator.configurationChanged();
  }

  void unbindTransport(Transport transport) {
    gone(providers.transports, transport);
  }

  /**
   * Waits until the service is not used any more. One that unregisters itself while it is called is
   * let go of when it has returned: to wait for that here would be to wait for oneself.
   */
  private <T> void gone(Registry<T> registry, T service) {
    registry.remove(service);
    if (Thread.currentThread() instanceof WatchedThread || Aside.isHere()) {
      coordinator.changed();
    } else {
      coordinator.changedAndDone(service.getClass().getName());
    }
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
    coordinator.configurationChanged();
  }

  void misconfigured(String pid, String problem) {
    problems.put(pid, problem);
    LOG.error("configuration refused, what was configured before stays: {}", problem);
  }

  void unconfigured(String pid) {
    configured.remove(pid);
    problems.remove(pid);
    coordinator.configurationChanged();
  }

  // Coordination: coordinator thread.

  private boolean reconcile() {
    reconcileTags();
    boolean again = sources.reconcile(plays.values());
    plays.values().forEach(play -> play.reconcile(providers));
    return again;
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
              plays.computeIfAbsent(
                  tag,
                  absent -> new TagPlay(settings, alerts, stock, state, complaints, this, this));
          play.configure(settings);
        });
  }

  // What streams and shadows tell: their threads.

  @Override
  public void scorerFailed(TagStream stream, ScorerBinding binding, String reason) {
    coordinator.execute(
        () -> {
          TagPlay play = plays.get(stream.tag);
          if (play != null) {
            play.casting.scorerFailed(binding, reason);
          }
        });
  }

  @Override
  public void policyFailed(TagStream stream, Alarms.Judge judge, String reason) {
    complaints.again(stream.tag, stream.alarms.gate(), judge, reason);
  }

  @Override
  public void firstScore() {
    if (firstScoreMs < 0) {
      firstScoreMs = upMs();
    }
  }

  @Override
  public void reconcileIn(long ms) {
    coordinator.changedIn(ms);
  }

  @Override
  public void withdrawn(Shadow shadow, String reason) {
    coordinator.execute(
        () -> plays.values().forEach(play -> play.casting.shadowFailed(shadow, reason)));
  }

  /** A scoring thread did not come back; its successor is at work already. */
  private void lost(TagPlay play, TagStream stream, Shift.Callee in) {
    String what =
        "did not come back from a call within "
            + play.settings().watchdogMs()
            + " ms; its thread is left behind, another one goes on";
    complaints.about(stream.tag, stream.alarms.gate(), in.provider(), "", what);
    if (in instanceof Alarms.Judge judge) {
      play.policy.lose(judge.policy());
      coordinator.changed();
    } else if (in instanceof Enforcing.Target target) {
      coordinator.execute(() -> sources.close(target.source()));
      coordinator.changed();
    }
  }

  @Override
  public void failed(List<TagPlay> of, Enforcing.Target target, String reason) {
    for (TagPlay play : of) {
      complaints.again(
          play.settings().tag(), play.casting.gate(), target, reason + "; it is asked again");
    }
  }

  @Override
  public void lost(List<TagPlay> of, Enforcing.Target target) {
    for (TagPlay play : of) {
      complaints.about(
          play.settings().tag(),
          play.casting.gate(),
          target.provider(),
          "",
          "its source did not come back from a call; its thread is left behind, and it is opened"
              + " again");
    }
    coordinator.execute(() -> sources.close(target.source()));
    coordinator.changed();
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
    Map<Integer, List<SwapStatus>> swaps = new TreeMap<>();
    plays.forEach((tag, play) -> swaps.put(tag, play.swaps.all()));
    return new PlayerStatus(
        upMs(),
        firstScoreMs,
        sources.counters(),
        outages.status(),
        swaps,
        List.copyOf(problems.values()));
  }

  @Override
  public List<TagStatus> tags() {
    return plays.values().stream().map(TagPlay::status).toList();
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
    all.addAll(providers.engines.providers(engine -> users(play -> play.casting.uses(engine))));
    all.addAll(providers.learners.providers(learner -> ""));
    all.addAll(providers.policies.providers(policy -> users(play -> play.policy.uses(policy))));
    all.addAll(providers.transports.providers(sources::users));
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
    coordinator.order(
        () -> {
          play.casting.setGate(gate);
          play.reconcile(providers);
          return null;
        });
  }

  @Override
  public void use(int tag, String version) throws PlayerException {
    TagPlay play = play(tag);
    coordinator.order(
        () -> {
          play.casting.use(version);
          return null;
        });
  }

  @Override
  public void promote(int tag, String version) throws PlayerException {
    TagPlay play = play(tag);
    coordinator.order(
        () -> {
          play.casting.promote(version);
          return null;
        });
  }

  @Override
  public String rollback(int tag) throws PlayerException {
    TagPlay play = play(tag);
    return coordinator.order(play.casting::rollback);
  }

  @Override
  public void record(int tag, Path file) throws PlayerException {
    TagPlay play = play(tag);
    coordinator.order(
        () -> {
          play.record(file);
          return null;
        });
  }

  @Override
  public long stopRecording(int tag) throws PlayerException {
    TagPlay play = play(tag);
    return coordinator.order(play::stopRecording);
  }

  @Override
  public LearnReport learn(LearnRequest request, Progress progress) throws PlayerException {
    return new Learning(
            format -> providers.learners.best(format).map(Registry.Registered::service),
            format -> providers.engines.best(format).map(Registry.Registered::service),
            providers.learners.names())
        .learn(request, progress);
  }

  @Override
  public RehearseReport rehearse(RehearseRequest request, Progress progress)
      throws PlayerException {
    return new Trials(format -> providers.engines.best(format).map(Registry.Registered::service))
        .rehearse(request, progress);
  }

  @Override
  public Enforcement block(int processId, Verdict verdict) throws PlayerException {
    return interventions.block(processId, verdict);
  }

  @Override
  public Enforcement release(int processId) throws PlayerException {
    return interventions.release(processId);
  }

  @Override
  public List<VerdictInForce> verdicts() {
    return sources.verdicts();
  }

  @Override
  public Map<String, List<Finding>> probe() {
    Map<String, List<Finding>> findings = new TreeMap<>();
    for (String name : providers.transports.names()) {
      providers.transports.best(name).ifPresent(best -> findings.put(name, best.service().probe()));
    }
    return findings;
  }

  @Override
  public Map<String, Unloaded> unload() throws PlayerException {
    Map<String, Unloaded> unloaded = new TreeMap<>();
    for (String name : providers.transports.names()) {
      Optional<Registry.Registered<Transport>> best = providers.transports.best(name);
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
