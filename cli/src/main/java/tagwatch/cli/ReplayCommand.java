// SPDX-License-Identifier: Apache-2.0
package tagwatch.cli;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.function.Predicate;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code replay}: what a model would have said about a recording. */
@Command(
    name = "replay",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    description = {
      "Run recordings against a model and show the alerts and where the events went.",
      "Needs no rights: nothing of this machine is watched."
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  ./tagwatch replay attack.twr --models /var/lib/tagwatch/models",
      "  ./tagwatch replay a.twr b.twr --models m --speed 100000 --json"
    })
final class ReplayCommand implements Callable<Integer> {
  private static final String RECORDED = "recorded";

  @Spec CommandSpec spec;
  @Mixin JsonOption json;

  @Parameters(arity = "1..*", paramLabel = "RECORDING", description = "Played one after the other.")
  List<Path> recordings;

  @Option(
      names = "--models",
      paramLabel = "DIR",
      required = true,
      description = "A models folder: TAG/VERSION/manifest.json.")
  Path models;

  @Option(
      names = "--model",
      paramLabel = "VERSION",
      description = "Which model of the tag (default: the newest).")
  String version;

  @Option(
      names = "--tag",
      paramLabel = "TAG",
      converter = Tag.class,
      description = "Whose events (default: the only tag that has both events and a model).")
  Integer tag;

  @Option(
      names = "--speed",
      paramLabel = "SPEED",
      defaultValue = "fast",
      description = "fast, recorded, or events a second (default: ${DEFAULT-VALUE}).")
  String speed;

  /**
   * The result.
   *
   * @param tag the tag
   * @param model version of the model
   * @param threshold nats; null if the model does not run
   * @param events of the tag in the recordings
   * @param seconds that it took
   * @param accounting where they went
   * @param alerts all of them, in full
   */
  record Answer(
      int tag,
      String model,
      JsonElement threshold,
      long events,
      double seconds,
      JsonObject accounting,
      JsonArray alerts) {

    void print(PrintWriter out) {
      out.printf(Locale.ROOT, "tag %d, model %s, threshold %s nats%n", tag, model, threshold);
      out.printf(Locale.ROOT, "%,d events in %.1f s%n", events, seconds);
      accounting
          .entrySet()
          .forEach(e -> out.printf(Locale.ROOT, "  %-10s %s%n", e.getKey(), e.getValue()));
      out.printf(Locale.ROOT, "%d alert%s%n", alerts.size(), alerts.size() == 1 ? "" : "s");
    }
  }

  @Override
  public Integer call() throws Exception {
    checkSpeed();
    TagEvents counted = TagEvents.count(recordings);
    ModelFolder model = choose(counted.tags());
    long expected = counted.of(model.tag());
    PrintWriter out = spec.commandLine().getOut();
    try (Replay replay = Replay.start(recordings, speed, model)) {
      long began = System.nanoTime();
      try (ProgressBar bar = new ProgressBar(spec.commandLine().getErr())) {
        replay.play(expected, !speed.equals(RECORDED), bar);
      }
      show(replay, model, expected, (System.nanoTime() - began) / 1e9, out);
    }
    return ExitCode.OK;
  }

  private void show(
      Replay replay, ModelFolder model, long expected, double seconds, PrintWriter out)
      throws IOException, Failure {
    JsonObject status = replay.status();
    Answer answer =
        new Answer(
            model.tag(),
            model.version(),
            status.get("threshold"),
            expected,
            seconds,
            status.getAsJsonObject("accounting"),
            replay.alerts());
    if (json.wanted()) {
      json.print(out, answer);
      return;
    }
    answer.print(out);
    if (!answer.alerts().isEmpty()) {
      out.print(replay.alertsAsText());
    }
    out.flush();
  }

  private void checkSpeed() throws Failure {
    Predicate<String> word = Set.of("fast", RECORDED)::contains;
    if (!word.test(speed) && !speed.matches("[0-9]+(\\.[0-9]+)?")) {
      throw new Failure(
          ExitCode.USAGE,
          "--speed '" + speed + "' is neither fast nor recorded nor a number of events a second");
    }
  }

  private ModelFolder choose(Set<Integer> tagsWithEvents) throws IOException, Failure {
    if (tag != null) {
      return ModelFolder.find(models, tag, version);
    }
    List<Integer> both =
        tagsWithEvents.stream().filter(t -> ModelFolder.exists(models, t)).sorted().toList();
    if (both.size() != 1) {
      throw new Failure(
          both.isEmpty() ? ExitCode.FAILED : ExitCode.USAGE,
          both.isEmpty()
              ? "no model in "
                  + models
                  + " for the recordings' tags "
                  + tagsWithEvents
                  + "; make one with ./tagwatch learn"
              : "events and models are there for the tags " + both + "; choose one with --tag");
    }
    return ModelFolder.find(models, both.get(0), version);
  }

  /** The element of an array of objects whose field has that value; null if there is none. */
  static JsonObject find(JsonArray array, String field, String value) {
    for (JsonElement element : array) {
      if (element.getAsJsonObject().get(field).getAsString().equals(value)) {
        return element.getAsJsonObject();
      }
    }
    return null;
  }
}
