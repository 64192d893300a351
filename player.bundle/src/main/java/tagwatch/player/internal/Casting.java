// SPDX-License-Identifier: Apache-2.0
package tagwatch.player.internal;

import java.io.IOException;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tagwatch.player.Gate;
import tagwatch.player.PlayerException;
import tagwatch.player.ShadowStatus;
import tagwatch.scorer.ScorerEngine;

/**
 * Which model and which scorer play a tag: who is in service, who stands in for it, who is in
 * shadow. Belongs to the coordinator thread, but for what says otherwise.
 */
final class Casting {
  private static final Logger LOG = LoggerFactory.getLogger(Casting.class);

  /** Opening a model, warming the scorer, scoring the retained rings. */
  private static final long PREPARATION_MS = 10_000;

  /** So long the scorer before stays open: a new one may fail at its thousandth call. */
  private static final long PROBATION_NS = 10_000_000_000L;

  /** What there is to choose from. */
  record Stock(ModelStore models, Registry<ScorerEngine> engines, ModelArchive archive) {}

  /** Is told that something is to be looked at again. */
  interface Prompter {
    /** In so many milliseconds. */
    void reconcileIn(long ms);

    /** A model in shadow is not fit. */
    void withdrawn(Shadow shadow, String reason);
  }

  private final Supplier<TagSettings> settings;
  private final Stock stock;
  private final LastGoodFile state;
  private final Complaints complaints;
  private final SwapLog swaps;
  private final Problems problems;
  private final Prompter prompter;
  private final int tag;

  /** Engines that failed with a model are not asked again for it until they come back. */
  private final Set<ScorerEngine> failed = ConcurrentHashMap.newKeySet();

  private final Map<String, ShadowStatus> figures = new ConcurrentHashMap<>();
  private long standInSinceNs;
  private volatile TagStream stream;
  private volatile StoredModel model;
  private volatile Shadow shadow;
  private volatile Gate gate;

  Casting(
      Supplier<TagSettings> settings,
      Stock stock,
      LastGoodFile state,
      Complaints complaints,
      SwapLog swaps,
      Problems problems,
      Prompter prompter) {
    this.settings = settings;
    this.tag = settings.get().tag();
    this.stock = stock;
    this.state = state;
    this.complaints = complaints;
    this.swaps = swaps;
    this.problems = problems;
    this.prompter = prompter;
    // After a restart events wait for the model that ran before: with the first gate they would
    // pass
    // unscored until its file is found again.
    this.gate = ownGate(state.of(tag).model(), settings.get().gate());
  }

  // Any thread.

  Gate gate() {
    return gate;
  }

  StoredModel model() {
    return model;
  }

  /** The model in shadow; null if none. */
  StoredModel inShadow() {
    Shadow present = shadow;
    return present == null ? null : present.model;
  }

  LastGood lastGood() {
    return state.of(tag);
  }

  /** The gate that a model has or would begin with. */
  Gate gateOf(String version) {
    StoredModel present = model;
    return present != null && present.manifest().version().equals(version)
        ? gate
        : ownGate(version, firstGate());
  }

  /** How a model did in shadow; empty if it never was since the start. */
  Optional<ShadowStatus> figures(String version) {
    Shadow present = shadow;
    return present != null && present.model.manifest().version().equals(version)
        ? Optional.of(present.status())
        : Optional.ofNullable(figures.get(version));
  }

  /** What scores a model now; empty if nothing does. */
  String engineOf(String version) {
    Shadow shadowing = shadow;
    ScorerBinding by = stream == null ? null : stream.inService();
    if (by != null && by.model.manifest().version().equals(version)) {
      return by.provider;
    }
    return shadowing != null && shadowing.model.manifest().version().equals(version)
        ? shadowing.binding.provider
        : "";
  }

  boolean uses(ScorerEngine engine) {
    TagStream present = stream;
    ScorerBinding by = present == null ? null : present.inService();
    Shadow shadowing = shadow;
    return (by != null && by.engine == engine)
        || (shadowing != null && shadowing.binding.engine == engine);
  }

  /** Relieves the shadow's thread if it has been in one call for so long. */
  void relieve(long afterNs) {
    Shadow present = shadow;
    if (present != null && present.relieve(afterNs)) {
      prompter.withdrawn(present, "it did not come back from a call");
    }
  }

  // The stream comes and goes.

  void play(TagStream next) throws PlayerException {
    stream = next;
    next.gate(gate);
  }

  /** The stream is about to be closed; the model that ran is found again by its copy. */
  void stop() {
    endShadow();
    try {
      Takeover out = Takeover.of(stream, null, new Pause());
      Closing.of(out.before().binding());
      Closing.of(out.before().standIn());
    } catch (PlayerException e) {
      LOG.error("tag {}: {}", tag, e.getMessage());
    }
    stream = null;
    model = null;
  }

  // Gate.

  private Gate ownGate(String version, Gate otherwise) {
    return state.of(tag).gates().getOrDefault(version, otherwise);
  }

  private Gate firstGate() {
    return settings.get().gate() == Gate.ENFORCE ? Gate.ENFORCE : Gate.MONITOR;
  }

  /** Somebody sets the gate of the incumbent. */
  void setGate(Gate next) throws PlayerException {
    StoredModel present = model;
    if (next != Gate.LEARN && present == null) {
      throw new PlayerException(
          "tag "
              + tag
              + " has no model: learn one first (tagwatch:learn), then set the gate "
              + next.label());
    }
    apply(next);
    if (present != null) {
      state.change(tag, it -> it.gate(present.manifest().version(), next));
    }
  }

  /** The configured gate changed; one that was set by hand stays. */
  void configuredGate(Gate configured) {
    StoredModel present = model;
    Gate wanted = present == null ? configured : ownGate(present.manifest().version(), firstGate());
    try {
      apply(wanted);
    } catch (PlayerException e) {
      problems.note("gate", e.getMessage());
    }
  }

  private void apply(Gate next) throws PlayerException {
    TagStream present = stream;
    if (present != null) {
      present.gate(next);
    }
    gate = next;
    problems.note("gate", "");
  }

  // Who is in service.

  /** Compares who plays with what there is, from the start. */
  void reconcile() {
    if (stream == null) {
      return;
    }
    failed.retainAll(
        stock.engines.all().stream().map(Registry.Registered::service).collect(Collectors.toSet()));
    if (model == null) {
      first();
    } else {
      reopen();
    }
    dismissStandIn();
    if (model != null) {
      reconcileShadow();
    }
  }

  private void first() {
    LastGood last = state.of(tag);
    StoredModel found = last.model().isEmpty() ? firstFound() : restored(last);
    if (found == null) {
      problems.note(
          "model",
          !last.model().isEmpty()
              ? "model " + last.model() + " ran before, and neither it nor its copy is there"
              : gate == Gate.LEARN ? "" : "no model: events wait for one (tagwatch:learn)");
      return;
    }
    try {
      appoint(found, ownGate(found.manifest().version(), firstGate()));
    } catch (PlayerException e) {
      problems.note("model", e.getMessage());
    }
  }

  private StoredModel firstFound() {
    List<StoredModel> known = stock.models.of(tag);
    return known.isEmpty() ? null : known.get(0);
  }

  /** The copy comes first: a file of that name may have another content now. */
  private StoredModel restored(LastGood last) {
    return stock
        .archive
        .find(tag, last.content())
        .or(() -> stock.models.find(tag, last.model()))
        .orElse(null);
  }

  private StoredModel known(String version) throws PlayerException {
    LastGood last = state.of(tag);
    return stock
        .models
        .find(tag, version)
        .or(() -> version.equals(last.before()) ? find(last.beforeContent()) : Optional.empty())
        .or(() -> version.equals(last.model()) ? find(last.content()) : Optional.empty())
        .orElseThrow(
            () ->
                new PlayerException(
                    "no model "
                        + version
                        + " for tag "
                        + tag
                        + "; known are "
                        + stock.models.of(tag).stream()
                            .map(it -> it.manifest().version())
                            .toList()));
  }

  private Optional<StoredModel> find(String key) {
    return stock.archive.find(tag, key);
  }

  /** Somebody wants this model in service at once. */
  void use(String version) throws PlayerException {
    StoredModel next = known(version);
    failed.clear();
    Shadow rehearsed = shadow;
    if (rehearsed != null && rehearsed.model.manifest().version().equals(version)) {
      endShadow();
    }
    appoint(next, ownGate(version, firstGate()));
  }

  /** Somebody wants the model in shadow in service. */
  void promote(String version) throws PlayerException {
    Shadow rehearsed = shadow;
    String inShadow = rehearsed == null ? "" : rehearsed.model.manifest().version();
    if (inShadow.isEmpty() || !(version.isEmpty() || version.equals(inShadow))) {
      String withdrawn = state.of(tag).withdrawn().get(version);
      throw new PlayerException(
          withdrawn != null
              ? "model " + version + " was withdrawn: " + withdrawn
              : "tag "
                  + tag
                  + (inShadow.isEmpty()
                      ? " has no model in shadow"
                      : " has model " + inShadow + " in shadow, not " + version)
                  + "; tagwatch:use puts a model in service without a time in shadow");
    }
    Gate inherited = ownGate(inShadow, gate);
    endShadow();
    appoint(rehearsed.model, inherited);
    state.change(tag, it -> it.gate(inShadow, inherited));
  }

  /** Somebody wants the model before back. */
  String rollback() throws PlayerException {
    String before = state.of(tag).before();
    if (before.isEmpty()) {
      throw new PlayerException("tag " + tag + ": no other model ran before");
    }
    failed.clear();
    appoint(known(before), ownGate(before, firstGate()));
    return before;
  }

  /** Puts a model in service; the present one stays if that fails. */
  private void appoint(StoredModel next, Gate itsGate) throws PlayerException {
    requireFit(next);
    StoredModel before = model;
    boolean another =
        before == null || !before.manifest().version().equals(next.manifest().version());
    if (another) {
      failed.clear();
    }
    String key = keep(next);
    ScorerBinding by = open(next);
    String version = next.manifest().version();
    try {
      apply(itsGate);
    } finally {
      // last: who sees the model sees its gate too
      model = next;
      problems.note("model", missingHooks(next));
      problems.note("scorer", "");
      record(by, it -> it.incumbent(version, key));
    }
  }

  private String keep(StoredModel next) throws PlayerException {
    try {
      return stock.archive.keep(next);
    } catch (IOException e) {
      throw new PlayerException(
          "model " + next.manifest().version() + " cannot be kept for a restart: " + e, e);
    }
  }

  /** Notes what runs, and removes copies of what no longer matters. */
  private void record(ScorerBinding by, UnaryOperator<LastGood> change) {
    TagSettings now = settings.get();
    LastGood set =
        state.change(
            tag,
            it ->
                change
                    .apply(it)
                    .with(
                        by == null ? it.engine() : by.provider,
                        now.transport(),
                        now.mode().name().toLowerCase(Locale.ROOT),
                        now.policy()));
    stock.archive.retain(
        tag,
        Stream.of(set.content(), set.beforeContent(), set.shadowContent())
            .collect(Collectors.toSet()));
  }

  private void requireFit(StoredModel next) throws PlayerException {
    if (stream == null) {
      throw new PlayerException("tag " + tag + " is not played: " + problems.of("transport"));
    }
    ModelManifest manifest = next.manifest();
    if (!manifest.vocabulary().equals(stream.vocabulary().name())) {
      throw new PlayerException(
          "model "
              + manifest.version()
              + " is for the vocabulary "
              + manifest.vocabulary()
              + ", transport '"
              + settings.get().transport()
              + "' speaks "
              + stream.vocabulary().name());
    }
    int needed = next.window() + manifest.rolling();
    if (needed > settings.get().retained()) {
      throw new PlayerException(
          "model "
              + manifest.version()
              + " needs window + rolling = "
              + needed
              + " retained events, tag "
              + tag
              + " keeps "
              + settings.get().retained()
              + "; set 'retained' higher");
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

  /** Has the best engine that can do it score the model. */
  private ScorerBinding open(StoredModel next) throws PlayerException {
    String format = next.manifest().format();
    StringBuilder reasons = new StringBuilder();
    for (Registry.Registered<ScorerEngine> candidate : stock.engines.all(format)) {
      if (failed.contains(candidate.service())) {
        continue;
      }
      try {
        ScorerBinding by = takeOver(next, candidate);
        problems.note("engine", reasons.toString());
        return by;
      } catch (PlayerException e) {
        failed.add(candidate.service());
        complaints.about(tag, gate, provider(candidate), next.manifest().version(), e.getMessage());
        reasons.append(reasons.isEmpty() ? "" : "; ").append(e.getMessage());
      }
    }
    throw new PlayerException(
        reasons.isEmpty()
            ? "no engine for format '" + format + "' is there; there are " + stock.engines.names()
            : reasons.toString());
  }

  private static String provider(Registry.Registered<ScorerEngine> candidate) {
    return candidate.name() + " (" + candidate.bundle() + ")";
  }

  private ScorerBinding takeOver(StoredModel next, Registry.Registered<ScorerEngine> candidate)
      throws PlayerException {
    final ScorerBinding present = stream.inService();
    boolean keep = present != null && stock.engines.has(present.engine);
    Attempt attempt =
        new Attempt(stream, next, candidate.service(), provider(candidate), settings.get());
    long began = System.nanoTime();
    Pause pause = new Pause();
    Takeover done = attempt.takeOver(keep, pause, PREPARATION_MS);
    standInSinceNs = System.nanoTime();
    Closing.of(done.before().standIn());
    if (keep) {
      prompter.reconcileIn(PROBATION_NS / 1_000_000 + 1);
    } else {
      Closing.of(done.before().binding());
    }
    told(present, attempt.binding(), began, done, pause);
    return attempt.binding();
  }

  private void told(
      ScorerBinding before, ScorerBinding now, long began, Takeover done, Pause pause) {
    String version = now.model.manifest().version();
    LOG.info("tag {}: model {} is scored by {}", tag, version, now.provider);
    boolean sameModel = model == null || model.manifest().version().equals(version);
    if (before != null || model != null) {
      swaps.add(
          sameModel ? SwapLog.Kind.SCORER : SwapLog.Kind.MODEL,
          before == null ? "" : sameModel ? before.provider : before.model.manifest().version(),
          sameModel ? now.provider : version,
          System.nanoTime() - began,
          done.rounds(),
          done.prepared(),
          pause);
    }
  }

  /** The engines changed: the best one for the present model takes over. */
  private void reopen() {
    ScorerEngine best =
        stock.engines.all(model.manifest().format()).stream()
            .map(Registry.Registered::service)
            .filter(engine -> !failed.contains(engine))
            .findFirst()
            .orElse(null);
    ScorerBinding present = stream.inService();
    if (present != null && present.engine == best) {
      return;
    }
    try {
      ScorerBinding by = open(model);
      record(by, it -> it);
    } catch (PlayerException e) {
      problems.note("engine", e.getMessage());
      if (present != null && !stock.engines.has(present.engine)) {
        problems.note("engine", "events wait for a scorer: " + e.getMessage());
        letGo();
      }
    }
  }

  private void letGo() {
    try {
      Takeover out = Takeover.of(stream, null, new Pause());
      Closing.of(out.before().binding());
      Closing.of(out.before().standIn());
    } catch (PlayerException e) {
      LOG.error("tag {}: {}", tag, e.getMessage());
    }
  }

  /** The scorer before is let go of once the new one has proved itself, or its engine is gone. */
  private void dismissStandIn() {
    if (System.nanoTime() - standInSinceNs < PROBATION_NS && !standInIsGone()) {
      return;
    }
    try {
      Closing.of(stream.dismissStandIn());
    } catch (PlayerException e) {
      LOG.error("tag {}: {}", tag, e.getMessage());
    }
  }

  private boolean standInIsGone() {
    ScorerBinding standIn = stream.standIn();
    return standIn != null && !stock.engines.has(standIn.engine);
  }

  /** The scorer threw, gave nonsense, was too slow or did not come back, and is out of service. */
  void scorerFailed(ScorerBinding by, String reason) {
    complaints.about(tag, gate, by.provider, by.model.manifest().version(), "withdrawn: " + reason);
    failed.add(by.engine);
    Closing.of(by);
    if (stream == null || model == null) {
      return;
    }
    ScorerBinding now = stream.inService();
    if (now == null) {
      reopen();
      now = stream.inService();
    }
    String version = by.model.manifest().version();
    if (now == null && version.equals(model.manifest().version())) {
      backTo(state.of(tag).before(), version, reason);
    } else if (now != null && now.model != model) {
      reinstate(now, version, reason);
    }
    problems.note("scorer", "withdrawn: " + reason);
  }

  /** No engine can score the model any more: the one before comes back. */
  private void backTo(String before, String version, String reason) {
    if (before.isEmpty() || state.of(tag).withdrawn().containsKey(before)) {
      return;
    }
    try {
      appoint(known(before), ownGate(before, firstGate()));
      state.change(tag, it -> it.withdrawn(version, reason));
    } catch (PlayerException e) {
      problems.note("model", e.getMessage());
    }
  }

  /** The stand-in, of another model, is in service already. */
  private void reinstate(ScorerBinding now, String version, String reason) {
    String back = now.model.manifest().version();
    try {
      String key = keep(now.model);
      apply(ownGate(back, firstGate()));
      model = now.model;
      record(now, it -> it.incumbent(back, key).withdrawn(version, reason));
    } catch (PlayerException e) {
      problems.note("model", e.getMessage());
    }
  }

  // Who is in shadow.

  private void reconcileShadow() {
    if (shadow != null && !stock.engines.has(shadow.binding.engine)) {
      endShadow();
    }
    StoredModel fresh = gate == Gate.LEARN ? null : fresh();
    String wanted = fresh == null ? "" : fresh.manifest().version();
    String present = shadow == null ? "" : shadow.model.manifest().version();
    if (wanted.equals(present)) {
      return;
    }
    endShadow();
    if (fresh != null) {
      tryInShadow(fresh);
    }
  }

  /** The model that was found last of those that never ran; else the one that was in shadow. */
  private StoredModel fresh() {
    LastGood set = state.of(tag);
    StoredModel last = null;
    for (StoredModel candidate : stock.models.of(tag)) {
      String version = candidate.manifest().version();
      boolean stood =
          version.equals(model.manifest().version())
              || set.ran().contains(version)
              || set.withdrawn().containsKey(version);
      last = stood ? last : candidate;
    }
    return last != null || set.shadow().isEmpty() ? last : find(set.shadowContent()).orElse(null);
  }

  private void tryInShadow(StoredModel fresh) {
    String version = fresh.manifest().version();
    Optional<Registry.Registered<ScorerEngine>> engine =
        stock.engines.all(fresh.manifest().format()).stream()
            .filter(it -> !failed.contains(it.service()))
            .findFirst();
    if (engine.isEmpty()) {
      return;
    }
    String provider = provider(engine.get());
    try {
      requireFit(fresh);
      String key = keep(fresh);
      Attempt attempt =
          new Attempt(stream, fresh, engine.get().service(), provider, settings.get());
      Shadow next =
          new Shadow(
              stream,
              attempt.open(PREPARATION_MS),
              settings.get().shadowAlarms(),
              prompter::withdrawn);
      next.start();
      shadow = next;
      record(null, it -> it.inShadow(version, key));
      LOG.info("tag {}: model {} is in shadow, scored by {}", tag, version, provider);
    } catch (PlayerException e) {
      withdraw(version, provider, e.getMessage());
    }
  }

  private void withdraw(String version, String provider, String reason) {
    state.change(tag, it -> it.withdrawn(version, reason));
    complaints.about(
        tag, gate, provider, version, "model " + version + " is not fit to be promoted: " + reason);
  }

  /** The model in shadow is not fit. */
  void shadowFailed(Shadow which, String reason) {
    if (shadow == which) {
      String version = which.model.manifest().version();
      endShadow();
      withdraw(version, which.binding.provider, reason);
    }
  }

  private void endShadow() {
    Shadow ending = shadow;
    shadow = null;
    if (ending != null) {
      figures.put(ending.model.manifest().version(), ending.status());
      ending.release();
      Closing.of(ending.binding);
    }
  }
}
