// SPDX-License-Identifier: Apache-2.0
package tagwatch.player.internal;

import java.util.Comparator;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.PriorityQueue;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.LongConsumer;
import java.util.stream.Stream;
import org.agrona.collections.Int2ObjectHashMap;
import tagwatch.event.TaskKey;
import tagwatch.player.RehearseReport.RehearsedProcess;
import tagwatch.player.RehearseReport.RehearsedRecording;
import tagwatch.player.UnknownReason;
import tagwatch.policy.Detection;

/**
 * One recording against one model. Events are not kept: memory grows with the tasks that live at
 * the same time, with distinct n-grams, and by some hundred bytes for each process; of those that
 * ended only the loudest keep their lines and windows.
 */
final class Trial implements TagReading.Sink, Playback.Audience {
  private static final int LOUDEST = 12;
  private static final int LINE_SPANS = 300;
  private static final int TIMELINE_SPANS = 600;
  private static final double FIRST_SPAN_S = 1e-5;
  private static final int REPORTED_EVERY = 4096;
  private static final double NANOSECONDS = 1e9;

  /** A process. */
  private static final class Actor {
    final int processId;
    final boolean first;
    long events;
    int tasks;
    float score = Float.NEGATIVE_INFINITY;
    long atEvent;
    double atSeconds;
    long aboveEvent = -1;
    double aboveSeconds = -1;
    AnomalyDetection detection;
    Voice loudest;

    Actor(EventLog.Trace trace) {
      this.processId = trace.start.process().threadId();
      this.first = trace.start.parent().isEmpty();
    }
  }

  /** A task of a process. */
  private static final class Voice {
    final EventLog.Trace trace;
    final Actor actor;
    Envelope line;

    Voice(EventLog.Trace trace, Actor actor) {
      this.trace = trace;
      this.actor = actor;
    }
  }

  private final int tag;
  private final SymbolTable symbols;
  private final ModelManifest model;
  private final Playback playback;
  private final EventCensus census;
  private final Novelty.Count novelty;
  private final LongConsumer progress;
  private final Map<TaskKey, Actor> actors = new HashMap<>();
  private final Int2ObjectHashMap<Voice> voices = new Int2ObjectHashMap<>();
  private final PriorityQueue<Actor> loudest =
      new PriorityQueue<>(Comparator.comparing((Actor actor) -> actor.score));
  private final Tally scores = new Tally();
  private final Tally peaks = new Tally();
  private final Envelope timeline = new Envelope(TIMELINE_SPANS, FIRST_SPAN_S);
  private final Set<String> otherBuilds = new TreeSet<>();
  private long events;
  private int tasks;
  private long gaps;
  private long alarms;
  private Actor firstAbove;
  private long firstNs = -1;
  private long lastNs;

  /**
   * Ready for the first record.
   *
   * @param total events that will come
   * @param progress told now and then how many have come
   */
  Trial(SymbolTable symbols, ScorerBinding binding, long total, LongConsumer progress)
      throws ScorerBinding.ScoringException {
    this.symbols = symbols;
    this.model = binding.model.manifest();
    this.tag = model.tag();
    this.playback = new Playback(symbols, binding, this);
    this.census = new EventCensus(symbols, model);
    this.novelty = new Novelty.Count(total, binding.window);
    this.progress = progress;
  }

  @Override
  public void started(EventLog.Trace trace) {
    tasks++;
    Actor actor = actors.computeIfAbsent(trace.start.process(), absent -> new Actor(trace));
    if (actor.tasks++ == 0) {
      // one that had ended, but for a thread of its own that comes into view only now
      loudest.remove(actor);
    }
    voices.put(trace.number, new Voice(trace, actor));
    novelty.started(trace);
    playback.started(trace);
  }

  @Override
  public void event(EventLog.Trace trace, short symbol, long sequence, long timeNs) {
    if (firstNs < 0) {
      firstNs = timeNs;
    }
    lastNs = Math.max(lastNs, timeNs);
    events++;
    if (events % REPORTED_EVERY == 0) {
      progress.accept(events);
    }
    voices.get(trace.number).actor.events++;
    novelty.event(trace, census.seen(symbol));
    playback.event(trace, symbol, sequence, timeNs);
  }

  @Override
  public void broken(EventLog.Trace trace) {
    gaps++;
    novelty.broken(trace);
    playback.broken(trace);
  }

  @Override
  public void ended(EventLog.Trace trace) {
    playback.ended(trace);
    novelty.ended(trace);
    judgeBuild(trace);
    Actor actor = voices.remove(trace.number).actor;
    if (--actor.tasks == 0) {
      retire(actor);
    }
  }

  private void judgeBuild(EventLog.Trace trace) {
    if (trace.start.parent().isEmpty() && !model.buildIds().isEmpty()) {
      Stream.of(trace.start.executable().buildId(), trace.executable.buildId())
          .filter(id -> !id.isEmpty() && !model.buildIds().contains(id))
          .forEach(otherBuilds::add);
    }
  }

  private void retire(Actor actor) {
    if (actor.detection == null) {
      return;
    }
    loudest.add(actor);
    if (loudest.size() > LOUDEST) {
      Actor quietest = loudest.remove();
      if (quietest != firstAbove) {
        quietest.detection = null;
        quietest.loudest = null;
      }
    }
  }

  @Override
  public void scored(
      EventLog.Trace trace, Session session, long at, long timeNs, ScorerBinding by) {
    float score = session.score;
    double seconds = Math.max(0, timeNs - firstNs) / NANOSECONDS;
    long sequence = session.sequenceAt(at);
    scores.add(score);
    timeline.add(seconds, score);
    census.surprised(session.symbolAt(at), session.surpriseAt(at));
    Voice voice = voices.get(trace.number);
    Actor actor = voice.actor;
    if (voice.line == null) {
      voice.line = new Envelope(LINE_SPANS, 1);
    }
    voice.line.add((double) sequence, score);
    if (score > actor.score) {
      actor.score = score;
      actor.atEvent = sequence;
      actor.atSeconds = seconds;
      actor.loudest = voice;
      actor.detection =
          new AnomalyDetection(Detection.Cause.ANOMALY, tag, session, at, timeNs, by, symbols);
    }
    if (score > by.threshold) {
      alarm(session, actor, sequence, seconds);
    } else {
      session.alarmed = false;
    }
  }

  // as the live player does: one alarm for each time that the score rises above the threshold
  private void alarm(Session session, Actor actor, long sequence, double seconds) {
    if (!session.alarmed) {
      session.alarmed = true;
      alarms++;
    }
    if (actor.aboveEvent < 0) {
      actor.aboveEvent = Math.max(0, sequence);
      actor.aboveSeconds = seconds;
      firstAbove = firstAbove == null ? actor : firstAbove;
    }
  }

  /** Throws if the scorer has failed. */
  void check() throws ScorerBinding.ScoringException {
    playback.failIfBroken();
  }

  /** What came of it; nothing may follow. */
  RehearsedRecording result(String file, boolean complete, long tookMs)
      throws ScorerBinding.ScoringException {
    playback.finish();
    voices.values().forEach(voice -> judgeBuild(voice.trace));
    actors.values().stream().filter(actor -> actor.tasks > 0).forEach(this::retire);
    List<Actor> heard = actors.values().stream().filter(actor -> actor.score >= 0).toList();
    heard.forEach(actor -> peaks.add(actor.score));
    Novelty counted = novelty.novelty();
    Map<UnknownReason, Long> unknown = new EnumMap<>(playback.accounting().unknown());
    return new RehearsedRecording(
        file,
        complete,
        events,
        actors.size(),
        tasks,
        (lastNs - firstNs) / NANOSECONDS,
        gaps,
        List.copyOf(otherBuilds),
        playback.accounting().scored(),
        unknown,
        alarms,
        (int) heard.stream().filter(actor -> actor.aboveEvent >= 0).count(),
        scores.histogram(),
        peaks.histogram(),
        timeline.spans(),
        Optional.ofNullable(firstAbove).map(Trial::describe),
        loudest(),
        census.mostSurprising(),
        census.coverage(),
        counted.perThousand(),
        counted.saturated(),
        tookMs);
  }

  private List<RehearsedProcess> loudest() {
    return loudest.stream()
        .sorted(Comparator.comparing((Actor actor) -> actor.score).reversed())
        .map(Trial::describe)
        .toList();
  }

  private static RehearsedProcess describe(Actor actor) {
    return new RehearsedProcess(
        actor.processId,
        actor.detection.executable().path(),
        actor.first,
        actor.events,
        actor.score,
        actor.atEvent,
        actor.atSeconds,
        actor.aboveEvent,
        actor.aboveSeconds,
        actor.loudest.line.spans(),
        actor.detection.mostSurprising());
  }
}
