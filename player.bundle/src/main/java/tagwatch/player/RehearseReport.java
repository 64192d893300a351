// SPDX-License-Identifier: Apache-2.0
package tagwatch.player;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import tagwatch.policy.Detection;

/**
 * What a model says about recordings, computed with the engine and the sessions that will run.
 *
 * @param model the model
 * @param recordings one for each recording, in the order of the request
 */
public record RehearseReport(RehearsedModel model, List<RehearsedRecording> recordings) {
  /** Copies the list. */
  public RehearseReport {
    recordings = List.copyOf(recordings);
  }

  /**
   * A model as its manifest tells it.
   *
   * @param tag the tag it was learned for
   * @param version names it
   * @param format its engine's format
   * @param folder that it was read from
   * @param sha256 of its content
   * @param bytes size of its content
   * @param classes of the model, the one for everything else included
   * @param features that tell events of one hook apart
   * @param window events of context
   * @param rolling events that the anomaly score is the mean of
   * @param threshold nats
   * @param rule that gave it
   * @param buildIds of the programs that it was learned from
   * @param provenance how it was learned
   */
  public record RehearsedModel(
      int tag,
      String version,
      String format,
      String folder,
      String sha256,
      long bytes,
      int classes,
      List<String> features,
      int window,
      int rolling,
      float threshold,
      String rule,
      List<String> buildIds,
      Map<String, String> provenance) {
    /** Copies the collections. */
    public RehearsedModel {
      features = List.copyOf(features);
      buildIds = List.copyOf(buildIds);
      provenance = new TreeMap<>(provenance);
    }
  }

  /**
   * A recording, scored.
   *
   * @param file its path
   * @param complete whether its end is there
   * @param events of the tag
   * @param processes thread groups that came into view
   * @param tasks tasks that came into view
   * @param seconds from the first to the last of the tag's events
   * @param gaps places where events are missing
   * @param otherBuilds build ids of programs at the root of a tree that the model was not learned
   *     from; empty also if the model names none
   * @param scored events that got a score
   * @param unknown events that did not, by reason; every reason is present
   * @param alarms how often a task's score rose above the threshold: the alerts of a replay
   * @param processesAbove processes with such a score
   * @param scores all scores
   * @param peaks the highest score of each process
   * @param timeline the scores of all tasks over the seconds of the recording
   * @param firstAbove the process that is the first to rise above the threshold
   * @param loudest the processes with the highest scores, highest first
   * @param surprising the events that surprised most, most surprising first
   * @param coverage which of the model's classes occurred, and which events it has no class for
   * @param novelty new n-grams per 1,000 events in each tenth of the recording
   * @param saturated whether hardly anything new came at the end
   * @param scoringMs milliseconds that reading and scoring took
   */
  public record RehearsedRecording(
      String file,
      boolean complete,
      long events,
      int processes,
      int tasks,
      double seconds,
      long gaps,
      List<String> otherBuilds,
      long scored,
      Map<UnknownReason, Long> unknown,
      long alarms,
      int processesAbove,
      Histogram scores,
      Histogram peaks,
      List<Span> timeline,
      Optional<RehearsedProcess> firstAbove,
      List<RehearsedProcess> loudest,
      List<SurprisingEvent> surprising,
      Coverage coverage,
      List<Double> novelty,
      boolean saturated,
      long scoringMs) {
    /** Copies the collections. */
    public RehearsedRecording {
      otherBuilds = List.copyOf(otherBuilds);
      unknown = Map.copyOf(unknown);
      timeline = List.copyOf(timeline);
      loudest = List.copyOf(loudest);
      surprising = List.copyOf(surprising);
      novelty = List.copyOf(novelty);
    }
  }

  /**
   * Scores by size.
   *
   * @param width of a bin, nats
   * @param bins those that are not empty, in order
   */
  public record Histogram(double width, List<Bin> bins) {
    /** Copies the list. */
    public Histogram {
      bins = List.copyOf(bins);
    }
  }

  /**
   * A bin of a histogram.
   *
   * @param index from {@code index * width} up to {@code (index + 1) * width}
   * @param count scores in it; the last bin also has all that is higher
   */
  public record Bin(int index, long count) {}

  /**
   * A piece of a line of scores.
   *
   * @param from where it begins: an event's number or seconds
   * @param to where it ends
   * @param lowest score in it, nats
   * @param highest score in it, nats
   * @param count scores in it
   */
  public record Span(double from, double to, float lowest, float highest, long count) {}

  /**
   * A process and its highest score.
   *
   * @param processId its process id at the time
   * @param executable what it ran when its score was highest
   * @param first whether it is the first of its tree, e.g. a server's listener
   * @param events of the process
   * @param score its highest, nats
   * @param atEvent its task's own count of the event with that score
   * @param atSeconds of the recording
   * @param aboveEvent its task's own count of the first event above the threshold; -1 if none
   * @param aboveSeconds of the recording; -1 if none
   * @param line the score of its loudest task over the task's events
   * @param surprising the most surprising events of the window with the highest score
   */
  public record RehearsedProcess(
      int processId,
      String executable,
      boolean first,
      long events,
      float score,
      long atEvent,
      double atSeconds,
      long aboveEvent,
      double aboveSeconds,
      List<Span> line,
      List<Detection.Observation> surprising) {
    /** Copies the lists. */
    public RehearsedProcess {
      line = List.copyOf(line);
      surprising = List.copyOf(surprising);
    }
  }

  /**
   * An event with its features and how much it surprised.
   *
   * @param event hook and features, e.g. {@code x86_64/openat path=etc}
   * @param known whether the model has a class for it
   * @param times how often it occurred
   * @param above how often its surprise was above the threshold
   * @param highest its highest surprise, nats
   * @param mean its mean surprise, nats
   */
  public record SurprisingEvent(
      String event, boolean known, long times, long above, float highest, float mean) {}

  /**
   * Vocabulary of a model and of a recording.
   *
   * @param classes that the model lists, the one for everything else not counted
   * @param seen those of them that occurred
   * @param unseen names of those that did not occur, in the model's order; at most 100
   * @param unknownEvents events that the model lists no class for
   * @param unknown those events by name, the commonest first; at most 100
   */
  public record Coverage(
      int classes, int seen, List<String> unseen, long unknownEvents, List<UnknownEvent> unknown) {
    /** Copies the lists. */
    public Coverage {
      unseen = List.copyOf(unseen);
      unknown = List.copyOf(unknown);
    }
  }

  /**
   * An event that a model lists no class for.
   *
   * @param event hook and those features that the model uses
   * @param times how often it occurred
   */
  public record UnknownEvent(String event, long times) {}
}
