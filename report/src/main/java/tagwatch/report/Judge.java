// SPDX-License-Identifier: Apache-2.0
package tagwatch.report;

import static tagwatch.report.Check.State.FAILED;
import static tagwatch.report.Check.State.MET;
import static tagwatch.report.Check.State.MISSING;
import static tagwatch.report.Check.State.NOTE;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import tagwatch.report.Judgement.Readiness;

/**
 * The rules by which a model is judged. Each rule is one question; the model may enforce if none
 * fails and none that is needed is without an answer.
 */
final class Judge {
  /** Fewer processes than these without an alarm leave room for one alarm in a hundred. */
  static final int ENOUGH_PROCESSES = 300;

  /** So many events of a few long-lived processes are as good. */
  static final long ENOUGH_EVENTS = 100_000;

  /** Share of the threshold above which normal data comes close. */
  static final double CLOSE = 0.8;

  /** How many times the next process's score one that sets the threshold alone has. */
  static final double ALONE = 3;

  /** Share of events without a class that is no accident. */
  static final double MANY_UNKNOWN = 0.001;

  private static final int NAMED = 5;
  private static final double RULE_OF_THREE = 3;

  private final Rehearsed.Model model;
  private final List<Subject> subjects;
  private final Loss loss;
  private final Saturation saturation;

  Judge(Rehearsed.Model model, List<Subject> subjects, Loss loss, Saturation saturation) {
    this.model = model;
    this.subjects = subjects;
    this.loss = loss;
    this.saturation = saturation;
  }

  Judgement judgement() {
    List<Check> checks = new ArrayList<>();
    checks.add(falseAlarms());
    checks.add(attack());
    margin().ifPresent(checks::add);
    checks.add(saturation());
    coverage().ifPresent(checks::add);
    heldOutForReal().ifPresent(checks::add);
    alone().ifPresent(checks::add);
    build().ifPresent(checks::add);
    whole().ifPresent(checks::add);
    curve().ifPresent(checks::add);
    Readiness readiness = readiness(checks);
    return new Judgement(
        readiness,
        switch (readiness) {
          case READY -> "Ready to enforce";
          case NOT_YET -> "Not ready to enforce yet";
          case NO -> "Do not enforce with this model";
        },
        summary(checks),
        checks,
        checks.stream()
            .filter(check -> check.state() != MET)
            .map(Check::remedy)
            .filter(remedy -> !remedy.isEmpty())
            .distinct()
            .toList());
  }

  private static Readiness readiness(List<Check> checks) {
    Set<Check.State> states = checks.stream().map(Check::state).collect(Collectors.toSet());
    if (states.contains(FAILED)) {
      return Readiness.NO;
    }
    return states.contains(MISSING) ? Readiness.NOT_YET : Readiness.READY;
  }

  private static String summary(List<Check> checks) {
    return checks.get(0).answer() + " " + checks.get(1).answer();
  }

  private List<Rehearsed.Recording> of(Role role) {
    return subjects.stream().filter(s -> s.role() == role).map(Subject::recording).toList();
  }

  private static String joined(List<String> names) {
    String shown = names.stream().limit(NAMED).collect(Collectors.joining(", "));
    return names.size() > NAMED ? shown + " and " + (names.size() - NAMED) + " more" : shown;
  }

  private Check falseAlarms() {
    String question = "Does it leave normal use alone?";
    List<Rehearsed.Recording> normal = of(Role.NORMAL);
    if (normal.isEmpty()) {
      return new Check(
          "false-alarms",
          MISSING,
          question,
          "No normal recording was given that the model has not seen, so nobody knows how often it"
              + " would stop a process that does nothing wrong."
              + parts(),
          "Record normal use again, apart from the training, and give it with --normal.");
    }
    long processes = normal.stream().mapToLong(Rehearsed.Recording::processes).sum();
    long events = normal.stream().mapToLong(Rehearsed.Recording::events).sum();
    long above = normal.stream().mapToLong(Rehearsed.Recording::processesAbove).sum();
    if (above > 0) {
      return new Check(
          "false-alarms",
          FAILED,
          question,
          String.format(
              "%s of %s normal processes (%s) would have been stopped.",
              Figures.count(above),
              Figures.count(processes),
              Figures.percent((double) above / processes)),
          "Look at the events that surprised most in normal use: record what is missing and learn"
              + " again, or raise the threshold.");
    }
    String none =
        String.format(
            "None of %s with %s events would have been stopped.",
            Figures.count(processes, "normal process", "normal processes"), Figures.count(events));
    if (processes >= ENOUGH_PROCESSES) {
      return new Check(
          "false-alarms",
          MET,
          question,
          none
              + String.format(
                  " With 95 %% confidence fewer than 1 process in %s will be.",
                  Figures.count((long) (processes / RULE_OF_THREE))),
          "");
    }
    if (events >= ENOUGH_EVENTS) {
      return new Check("false-alarms", MET, question, none, "");
    }
    return new Check(
        "false-alarms",
        MISSING,
        question,
        none
            + String.format(
                " That is too few to tell: as many as %s could still be.",
                Figures.percent(Math.min(1, RULE_OF_THREE / processes))),
        String.format(
            "Record more normal use for --normal: at least %d processes, or %s events.",
            ENOUGH_PROCESSES, Figures.count(ENOUGH_EVENTS)));
  }

  /** What learning saw when it held parts of its recordings out; they are too like the rest. */
  private String parts() {
    String parts = model.provenance().get("heldOut.parts");
    String above = model.provenance().get("heldOut.above");
    return parts == null || above == null || parts.equals("0")
        ? ""
        : " While it was learned, "
            + above
            + " of "
            + parts
            + " parts that were held out rose above the threshold.";
  }

  private Check attack() {
    String question = "Does it notice an attack?";
    List<Rehearsed.Recording> attacks = of(Role.ATTACK);
    if (attacks.isEmpty()) {
      return new Check(
          "attack",
          MISSING,
          question,
          "No recording of an attack was given, so nobody knows whether it would notice one.",
          "Attack a copy of the program while it is recorded, and give the recording with"
              + " --attack.");
    }
    List<Rehearsed.Recording> unnoticed =
        attacks.stream().filter(attack -> attack.processesAbove() == 0).toList();
    if (!unnoticed.isEmpty()) {
      Rehearsed.Recording first = unnoticed.get(0);
      return new Check(
          "attack",
          FAILED,
          question,
          String.format(
              "The attack in %s is not noticed: its highest score is %s of a threshold of %s.",
              first.name(), Figures.nats(first.highest()), Figures.nats(model.threshold())),
          "Tell events apart by features (learn --features path,family), learn without the process"
              + " that sets the threshold, or take another threshold rule.");
    }
    Rehearsed.Recording first = attacks.get(0);
    Rehearsed.Peak alarm = first.firstAbove();
    String noticed =
        String.format(
            "The attack is noticed at event %s of process %d (%s), and its score goes up to %s"
                + " times the threshold.",
            Figures.count(alarm.aboveEvent()),
            alarm.processId(),
            alarm.program(),
            Figures.times(first.highest() / model.threshold()));
    String others =
        attacks.size() == 1
            ? ""
            : " So " + (attacks.size() == 2 ? "is the other." : "are the others.");
    return new Check("attack", MET, question, noticed + others, "");
  }

  private Optional<Check> margin() {
    List<Rehearsed.Recording> normal = of(Role.NORMAL);
    double highest = normal.stream().mapToDouble(Rehearsed.Recording::highest).max().orElse(0);
    if (normal.isEmpty() || highest > model.threshold()) {
      return Optional.empty();
    }
    double share = highest / model.threshold();
    boolean close = share > CLOSE;
    return Optional.of(
        new Check(
            "margin",
            close ? NOTE : MET,
            "Is there room below the threshold?",
            String.format(
                "Normal use reaches %s, which is %s of the threshold of %s.",
                Figures.nats(highest), Figures.percent(share), Figures.nats(model.threshold())),
            close ? "Keep the gate at monitor for a while: normal use comes close." : ""));
  }

  private Check saturation() {
    String question = "Was the training long enough?";
    if (!saturation.known()) {
      return new Check(
          "saturation",
          NOTE,
          question,
          "The model does not tell how much new its recordings brought at their end.",
          "Give the recording that it was trained on with --training.");
    }
    String answer =
        String.format(
            "The last tenth of the training brought %s new n-grams per 1,000 events; %s or fewer,"
                + " twice, count as saturated.",
            Figures.times(saturation.last()), Figures.times(Saturation.LIMIT));
    return saturation.saturated()
        ? new Check("saturation", MET, question, answer, "")
        : new Check(
            "saturation",
            MISSING,
            question,
            answer,
            "Record the training longer, or use more of what the program can do meanwhile.");
  }

  private Optional<Check> coverage() {
    List<Rehearsed.Recording> normal = of(Role.NORMAL);
    if (normal.isEmpty()) {
      return Optional.empty();
    }
    String question = "Does it know the words of normal use?";
    long unknown = normal.stream().mapToLong(it -> it.coverage().unknownEvents()).sum();
    long events = normal.stream().mapToLong(Rehearsed.Recording::events).sum();
    if (unknown == 0) {
      return Optional.of(
          new Check(
              "coverage",
              MET,
              question,
              "Every event of normal use is one that the training had shown.",
              ""));
    }
    List<String> names =
        normal.stream()
            .flatMap(it -> it.coverage().unknown().stream())
            .map(Rehearsed.Unknown::event)
            .distinct()
            .toList();
    return Optional.of(
        new Check(
            "coverage",
            (double) unknown / events > MANY_UNKNOWN ? MISSING : NOTE,
            question,
            String.format(
                "%s of normal use (%s) never occurred in the training: %s.",
                Figures.count(unknown, "event", "events"),
                Figures.percent((double) unknown / events),
                joined(names)),
            "Record a training in which these occur: " + joined(names) + "."));
  }

  /** What was trained on is no proof. */
  private Optional<Check> heldOutForReal() {
    String told = model.provenance().getOrDefault("recordings", "");
    Set<String> trained =
        Arrays.stream(told.split(",", -1)).map(String::strip).collect(Collectors.toSet());
    List<String> both =
        of(Role.NORMAL).stream()
            .map(Rehearsed.Recording::name)
            .filter(trained::contains)
            .distinct()
            .toList();
    return both.isEmpty()
        ? Optional.empty()
        : Optional.of(
            new Check(
                "held-out",
                MISSING,
                "Is the normal use new to the model?",
                joined(both) + " has the name of a recording that the model was trained on.",
                "Give a recording with --normal that was not used for training."));
  }

  private Optional<Check> alone() {
    List<Rehearsed.Peak> loudest =
        of(Role.TRAINING).stream()
            .flatMap(it -> it.loudest().stream())
            .sorted((a, b) -> Float.compare(b.score(), a.score()))
            .toList();
    if (loudest.size() < 2 || loudest.get(0).score() <= ALONE * loudest.get(1).score()) {
      return Optional.empty();
    }
    return Optional.of(
        new Check(
            "threshold-setter",
            model.rule().startsWith("max") ? MISSING : NOTE,
            "Does one process alone set the threshold?",
            String.format(
                "Process %d (%s) scores %s, %s times the next: the threshold may be high enough to"
                    + " hide an attack.",
                loudest.get(0).processId(),
                loudest.get(0).program(),
                Figures.nats(loudest.get(0).score()),
                Figures.times(loudest.get(0).score() / loudest.get(1).score())),
            "Look whether process "
                + loudest.get(0).processId()
                + " belongs into the training; learn without it, or with a quantile rule."));
  }

  private Optional<Check> build() {
    List<String> others =
        subjects.stream()
            .filter(s -> s.role() != Role.TRAINING)
            .flatMap(s -> s.recording().otherBuilds().stream())
            .distinct()
            .toList();
    return others.isEmpty()
        ? Optional.empty()
        : Optional.of(
            new Check(
                "build",
                MISSING,
                "Is it the same program?",
                "The recordings show another build of the program than the training did ("
                    + joined(others)
                    + "): the agent scores such processes, and never stops them.",
                "Record and learn again with the build that is in use."));
  }

  private Optional<Check> whole() {
    List<String> faults =
        subjects.stream()
            .map(Subject::recording)
            .filter(it -> it.gaps() > 0 || !it.complete())
            .map(
                it ->
                    it.name()
                        + (it.complete() ? "" : " was cut short")
                        + (it.gaps() > 0
                            ? " has " + Figures.count(it.gaps(), "gap", "gaps") + " in it"
                            : ""))
            .toList();
    return faults.isEmpty()
        ? Optional.empty()
        : Optional.of(
            new Check(
                "whole",
                NOTE,
                "Are the recordings whole?",
                joined(faults) + ": what is missing was not judged.",
                "Record again with less load, or a larger ring."));
  }

  private Optional<Check> curve() {
    int epochs = loss.heldOut().size();
    if (epochs < 2) {
      return Optional.empty();
    }
    int best = loss.bestEpoch();
    boolean improving = best == epochs;
    return Optional.of(
        new Check(
            "loss",
            improving ? NOTE : MET,
            "Had it learned all it could?",
            String.format(
                "The held-out loss was lowest, %s nats, after epoch %d of %d.",
                Figures.nats(loss.heldOut().get(best - 1)), best, epochs),
            improving ? "It was still improving when training ended: allow more epochs." : ""));
  }
}
