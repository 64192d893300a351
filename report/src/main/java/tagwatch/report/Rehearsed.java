// SPDX-License-Identifier: Apache-2.0
package tagwatch.report;

import com.google.gson.Gson;
import com.google.gson.JsonParseException;
import java.util.List;
import java.util.Map;

/**
 * What the agent's command {@code rehearse --json} prints, by the same names; units and meanings
 * are described there. Scores and surprises are in nats.
 *
 * @param model the model that scored
 * @param recordings one for each recording
 */
public record Rehearsed(Model model, List<Recording> recordings) {
  /** A model as its manifest tells it. */
  public record Model(
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
      Map<String, String> provenance) {}

  /** A recording, scored. */
  public record Recording(
      String file,
      boolean complete,
      long events,
      int processes,
      int tasks,
      double seconds,
      long gaps,
      List<String> otherBuilds,
      long scored,
      Map<String, Long> unknown,
      long alarms,
      int processesAbove,
      Histogram scores,
      Histogram peaks,
      List<Span> timeline,
      Peak firstAbove,
      List<Peak> loudest,
      List<Event> surprising,
      Coverage coverage,
      List<Double> novelty,
      boolean saturated,
      long scoringMs) {
    /** The highest score of all; 0 if nothing was scored. */
    public float highest() {
      return loudest.isEmpty() ? 0 : loudest.get(0).score();
    }

    /** Name of the file without its folder. */
    public String name() {
      return file.substring(file.lastIndexOf('/') + 1);
    }
  }

  /** Scores by size; bins that are empty are left out. */
  public record Histogram(double width, List<Bin> bins) {}

  /** From {@code index * width} up to the next bin. */
  public record Bin(int index, long count) {}

  /** A piece of a line of scores. */
  public record Span(double from, double to, float lowest, float highest, long count) {}

  /**
   * A process and its highest score; {@code aboveEvent} and {@code aboveSeconds} are -1 if none.
   */
  public record Peak(
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
      List<Observation> surprising) {
    /** Name of the program without its folder. */
    public String program() {
      String name = executable.substring(executable.lastIndexOf('/') + 1);
      return name.isEmpty() ? "unknown program" : name;
    }
  }

  /** An event of a window. */
  public record Observation(long sequence, String hook, float surprise) {}

  /** An event with its features and how much it surprised. */
  public record Event(
      String event, boolean known, long times, long above, float highest, float mean) {}

  /** Vocabulary of the model and of the recording. */
  public record Coverage(
      int classes, int seen, List<String> unseen, long unknownEvents, List<Unknown> unknown) {}

  /** An event that the model lists no class for. */
  public record Unknown(String event, long times) {}

  /**
   * Reads the agent's answer.
   *
   * @throws IllegalArgumentException if it is none
   */
  public static Rehearsed parse(String json) {
    try {
      Rehearsed rehearsed = new Gson().fromJson(json, Rehearsed.class);
      if (rehearsed == null || rehearsed.model == null || rehearsed.recordings == null) {
        throw new IllegalArgumentException("the agent's answer has no model or no recordings");
      }
      return rehearsed;
    } catch (JsonParseException e) {
      throw new IllegalArgumentException("the agent's answer is no JSON: " + e.getMessage(), e);
    }
  }
}
