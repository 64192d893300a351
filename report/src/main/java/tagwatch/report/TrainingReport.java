// SPDX-License-Identifier: Apache-2.0
package tagwatch.report;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;

/**
 * All that a report says, as it stands in the page and is printed with {@code --json}: the names
 * are part of the interface.
 *
 * @param tagwatchReport version of this format, 1
 * @param generatedAt UTC, to the second
 * @param judgement whether the model may enforce
 * @param model the model
 * @param loss its loss while it was trained
 * @param saturation of what it was trained on
 * @param subjects recordings that it scored
 * @param other another model on the same recordings; null if none was given
 */
public record TrainingReport(
    int tagwatchReport,
    String generatedAt,
    Judgement judgement,
    Rehearsed.Model model,
    Loss loss,
    Saturation saturation,
    List<Subject> subjects,
    Comparison other) {
  private static final int FORMAT = 1;

  // escapes what would end a script element; numbers that are not finite never come this far
  private static final Gson GSON = new GsonBuilder().serializeNulls().create();

  /**
   * Another model on the same recordings.
   *
   * @param model the model
   * @param loss its loss while it was trained
   * @param subjects the same recordings as it scored them
   */
  public record Comparison(Rehearsed.Model model, Loss loss, List<Subject> subjects) {}

  /** Copies the list. */
  public TrainingReport {
    subjects = List.copyOf(subjects);
  }

  /**
   * Judges.
   *
   * @param roles what the recordings show, in the order in which they were scored
   * @param other null if there is no other model
   * @throws IllegalArgumentException if there are more roles than recordings, or the other way
   */
  public static TrainingReport of(
      List<Role> roles, Rehearsed rehearsed, Rehearsed other, Instant now) {
    List<Subject> subjects = subjects(roles, rehearsed);
    Loss loss = Loss.of(rehearsed.model().provenance());
    Saturation saturation = Saturation.of(rehearsed.model(), subjects);
    return new TrainingReport(
        FORMAT,
        now.truncatedTo(ChronoUnit.SECONDS).toString(),
        new Judge(rehearsed.model(), subjects, loss, saturation).judgement(),
        rehearsed.model(),
        loss,
        saturation,
        subjects,
        other == null
            ? null
            : new Comparison(
                other.model(), Loss.of(other.model().provenance()), subjects(roles, other)));
  }

  private static List<Subject> subjects(List<Role> roles, Rehearsed rehearsed) {
    if (roles.size() != rehearsed.recordings().size()) {
      throw new IllegalArgumentException(
          roles.size() + " roles for " + rehearsed.recordings().size() + " recordings");
    }
    List<Subject> subjects = new ArrayList<>();
    for (int i = 0; i < roles.size(); i++) {
      subjects.add(new Subject(roles.get(i), rehearsed.recordings().get(i)));
    }
    return subjects;
  }

  /** One line of JSON that is safe inside an HTML script element. */
  public String json() {
    return GSON.toJson(this);
  }

  List<Rehearsed.Recording> recordings(Role role) {
    return subjects.stream().filter(s -> s.role() == role).map(Subject::recording).toList();
  }
}
