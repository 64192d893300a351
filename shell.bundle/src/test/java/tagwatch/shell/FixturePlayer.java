// SPDX-License-Identifier: Apache-2.0
package tagwatch.shell;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CountDownLatch;
import tagwatch.event.Executable;
import tagwatch.event.TaskKey;
import tagwatch.event.Verdict;
import tagwatch.player.Accounting;
import tagwatch.player.Alert;
import tagwatch.player.Gate;
import tagwatch.player.LearnReport;
import tagwatch.player.LearnRequest;
import tagwatch.player.ModelStanding;
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
import tagwatch.player.ShadowStatus;
import tagwatch.player.SwapStatus;
import tagwatch.player.TagStatus;
import tagwatch.player.UnknownReason;
import tagwatch.policy.Detection;
import tagwatch.transport.Enforcement;
import tagwatch.transport.Finding;
import tagwatch.transport.TransportCounter;
import tagwatch.transport.Unloaded;
import tagwatch.transport.VerdictInForce;

/** A player that always shows the same, and notes what it is ordered to do. */
final class FixturePlayer implements Player {
  static final TaskKey LISTENER = new TaskKey(4700, 1_000);
  static final TaskKey CGI = new TaskKey(4711, 2_000);
  static final TaskKey THREAD = new TaskKey(4701, 1_500);
  static final Executable BUSYBOX = new Executable("/srv/busybox", "ab12");

  /** Orders, as text. */
  final List<String> orders = new ArrayList<>();

  /** Counted down when a model that never ends is being learned, and when that was given up. */
  final CountDownLatch learning = new CountDownLatch(1);

  final CountDownLatch learningGivenUp = new CountDownLatch(1);

  private Gate gate = Gate.MONITOR;

  /** A detection with a window of three events. */
  record Found(
      Cause cause,
      TaskKey task,
      TaskKey process,
      int tag,
      Executable executable,
      boolean root,
      float score,
      float threshold,
      List<Observation> window,
      List<Observation> mostSurprising,
      String modelVersion,
      long timestampNs)
      implements Detection {}

  @Override
  public PlayerStatus status() {
    Map<TransportCounter, Long> counters = new EnumMap<>(TransportCounter.class);
    counters.put(TransportCounter.EMITTED, 1000L);
    counters.put(TransportCounter.LOST, 0L);
    counters.put(TransportCounter.OUTAGE_LOST, 3L);
    return new PlayerStatus(
        61_500,
        812,
        Map.of("ebpf-syscall", counters),
        new OutageStatus(2, 3.5, "exit code 3"),
        Map.of(13107, List.of(swap())),
        List.of("x.cfg: refused"));
  }

  @Override
  public List<TagStatus> tags() {
    return List.of(
        new TagStatus(
            13107,
            "ebpf-syscall",
            "live",
            gate,
            "kill",
            "markov-1c9a",
            "markov-2d0b",
            "markov scorer.markov 1.0.0",
            3.25f,
            3,
            2,
            1,
            "",
            accounting(),
            Map.of("scorer", 1L, "model", 1L, "policy", 0L, "transport", 0L),
            Optional.of(swap()),
            640,
            List.of("model is stale: another build-id")));
  }

  static SwapStatus swap() {
    return new SwapStatus(
        2, "model", "markov-0b8f", "markov-1c9a", 1_792_000_000_000L, 31, 4, 180, 2_540);
  }

  static Accounting accounting() {
    Map<UnknownReason, Long> unknown = new EnumMap<>(UnknownReason.class);
    for (UnknownReason reason : UnknownReason.values()) {
      unknown.put(reason, reason == UnknownReason.WARM_UP ? 12L : 0L);
    }
    return new Accounting(1000, 980, unknown, 8, 40, 2, 0, 0);
  }

  @Override
  public List<SessionStatus> sessions() {
    return List.of(
        session(CGI, CGI, 4701, "/srv/cgi", 20, 7.5f, ""),
        session(LISTENER, LISTENER, 0, "/srv/busybox", 900, 0.25f, ""),
        session(THREAD, LISTENER, 4700, "/srv/busybox", 80, Float.NaN, "suspend/process"));
  }

  static SessionStatus session(
      TaskKey task,
      TaskKey process,
      int parent,
      String path,
      long events,
      float score,
      String verdict) {
    return new SessionStatus(
        13107, task, process, parent, new Executable(path, ""), events, score, score, verdict);
  }

  @Override
  public List<Alert> alerts() {
    List<Detection.Observation> window =
        List.of(
            new Detection.Observation(40, "x86_64/read", 0.5f),
            new Detection.Observation(41, "x86_64/openat path=credentials", 8f),
            new Detection.Observation(42, "x86_64/execve", Float.NaN));
    Detection found =
        new Found(
            Detection.Cause.ANOMALY,
            CGI,
            CGI,
            13107,
            BUSYBOX,
            false,
            4.25f,
            3.25f,
            window,
            List.of(window.get(1)),
            "markov-1c9a",
            5_000_000_000L);
    return List.of(
        new Alert(
            1,
            1_792_000_000_123L,
            found,
            42,
            Gate.ENFORCE,
            "",
            "",
            new Verdict(Verdict.Kind.KILL, Verdict.Scope.SUBTREE),
            new Enforcement(Enforcement.Outcome.DONE, "killed in the kernel"),
            5_000_084_000L,
            List.of(0.5f, Float.NaN, 1f, 4.25f),
            OptionalLong.of(5_000_120_000L),
            OptionalLong.of(0)));
  }

  @Override
  public Optional<Alert> alert(long id) {
    return alerts().stream().filter(alert -> alert.id() == id).findFirst();
  }

  @Override
  public List<ModelStatus> models() {
    return List.of(
        new ModelStatus(
            13107,
            "markov-1c9a",
            "markov",
            "/m/13107/markov-1c9a",
            "00ff",
            ModelStanding.INCUMBENT,
            "",
            gate,
            "markov scorer.markov 1.0.0",
            5,
            20,
            3.25f,
            Optional.of(new ShadowStatus(1_791_999_000_000L, 44_000, 0, 2, 1, 850)),
            Map.of("order", "5", "events", "44088")));
  }

  @Override
  public List<Provider> providers() {
    return List.of(
        new Provider("engine", "markov", "scorer.markov 1.0.0", 0, "tag 13107"),
        new Provider("learner", "markov", "scorer.markov 1.0.0", 0, ""),
        new Provider("policy", "kill", "policy.bundle 1.0.0", 0, "tag 13107"),
        new Provider("transport", "replay", "replay.bundle 1.0.0", 0, ""));
  }

  @Override
  public void gate(int tag, Gate newGate) throws PlayerException {
    if (tag != 13107) {
      throw new PlayerException("tag " + tag + " is not configured; configured: 13107");
    }
    gate = newGate;
    orders.add("gate " + tag + " " + newGate.label());
  }

  @Override
  public void use(int tag, String version) {
    orders.add("use " + tag + " " + version);
  }

  @Override
  public void promote(int tag, String version) {
    orders.add("promote " + tag + " " + version);
  }

  @Override
  public String rollback(int tag) {
    orders.add("rollback " + tag);
    return "markov-0b8f";
  }

  @Override
  public void record(int tag, Path file) {
    orders.add("record " + tag + " " + file);
  }

  @Override
  public long stopRecording(int tag) {
    return 44_088;
  }

  @Override
  public LearnReport learn(LearnRequest request, Progress progress) throws PlayerException {
    orders.add(request.toString());
    progress.report("counting", 0);
    progress.report("counting", 0.001);
    progress.report("counting", 0.5);
    if (request.options().containsKey("forever")) {
      learning.countDown();
      awaitInterruption();
    }
    progress.report("writing", 1);
    return new LearnReport(
        "markov-77",
        Path.of("/m/13107/markov-77"),
        "beef",
        2048,
        44_088,
        1300,
        1310,
        57,
        5,
        3.25f,
        request.rule(),
        new LearnReport.ThresholdSetter(4700, "/srv/busybox", 851, 17, 1.6f, List.of("5.1 read")),
        1.625f,
        Float.NaN,
        0.5f,
        0.625f,
        9000,
        List.of(9.5, 0.5),
        false,
        List.of("one process only"),
        Map.of("seed", "7"),
        1234,
        2048);
  }

  private void awaitInterruption() throws PlayerException {
    try {
      Thread.sleep(60_000);
    } catch (InterruptedException e) {
      learningGivenUp.countDown();
      Thread.currentThread().interrupt();
      throw new PlayerException("learning was interrupted", e);
    }
  }

  @Override
  public RehearseReport rehearse(RehearseRequest request, Progress progress)
      throws PlayerException {
    orders.add("rehearse " + request);
    throw new PlayerException("no model in " + request.model());
  }

  @Override
  public Enforcement block(int processId, Verdict verdict) {
    orders.add("block " + processId + " " + verdict);
    return processId == 1
        ? new Enforcement(Enforcement.Outcome.REFUSED, "never process 1")
        : new Enforcement(Enforcement.Outcome.DONE, "in force");
  }

  @Override
  public Enforcement release(int processId) {
    return new Enforcement(Enforcement.Outcome.DONE, "goes on");
  }

  @Override
  public List<VerdictInForce> verdicts() {
    return List.of(
        new VerdictInForce(
            CGI, new Verdict(Verdict.Kind.KILL, Verdict.Scope.SUBTREE), 5_000_000_000L));
  }

  @Override
  public Map<String, List<Finding>> probe() {
    return Map.of("ebpf-syscall", List.of(new Finding("ring buffer", true, "made one", "")));
  }

  @Override
  public Map<String, Unloaded> unload() {
    return Map.of("ebpf-syscall", new Unloaded(verdicts(), List.of("events"), List.of()));
  }
}
