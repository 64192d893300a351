// SPDX-License-Identifier: Apache-2.0
package tagwatch.cli;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import com.google.gson.JsonPrimitive;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import tagwatch.scorer.tflite.TfliteScorer;

/** {@code score}: what a model of 2020 says about windows, record by record. */
@Command(
    name = "score",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    description = {
      "Score windows with a network and parameters as published in 2020.",
      "Reads JSON lines with seq (a process), step, window (hook ids, oldest first) and next (the",
      "hook that came); prints a JSON line for each: output (probabilities in class order), error",
      "(surprise in nats), mean (of the last errors, which start as zeros) and signal (1 if the",
      "mean is above the threshold). A seq that was not seen before is a new process."
    },
    footerHeading = "%nExample:%n",
    footer =
        "  ./tagwatch score --ini config-13107.ini --model model-13107.tflite --in windows.jsonl")
final class ScoreCommand implements Callable<Integer> {
  @Spec CommandSpec spec;

  @Option(names = "--ini", paramLabel = "FILE", required = true, description = "The parameters.")
  Path ini;

  @Option(names = "--model", paramLabel = "FILE", required = true, description = "The network.")
  Path model;

  @Option(names = "--in", paramLabel = "FILE", required = true, description = "JSON lines.")
  Path in;

  @Option(
      names = "--xnnpack",
      description = "Use the XNNPACK kernels: several times faster, not the same to the last bit.")
  boolean xnnpack;

  private PublishedParameters parameters;
  private TfliteScorer scorer;
  private Map<Integer, Short> classOfHook;
  private final Map<String, PublishedScore> processes = new HashMap<>();

  /**
   * One line of the result; seq and step as they came.
   *
   * @param output probabilities in the network's class order
   * @param error surprise of the next hook, nats
   * @param mean the anomaly score
   * @param signal 1 if the score is above the threshold
   */
  // printed, never compared
  @SuppressWarnings("ArrayRecordComponent")
  record Answer(
      JsonElement seq, JsonElement step, float[] output, float error, float mean, int signal) {}

  @Override
  public Integer call() throws IOException, Failure {
    parameters = PublishedParameters.read(ini);
    classOfHook = parameters.classOfHook();
    JsonOption json = new JsonOption();
    PrintWriter out = new PrintWriter(spec.commandLine().getOut(), false);
    try (TfliteScorer opened = NetworkFile.read(model, parameters, xnnpack).open();
        BufferedReader lines = Files.newBufferedReader(in, StandardCharsets.UTF_8)) {
      scorer = opened;
      int number = 0;
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        number++;
        if (!line.isBlank()) {
          json.print(out, answer(line, in + ", line " + number));
        }
      }
    }
    return ExitCode.OK;
  }

  private Answer answer(String line, String place) throws Failure {
    JsonObject record = object(line, place);
    JsonElement seq = value(record, "seq", place);
    short[] row = new short[parameters.window() + 1];
    window(value(record, "window", place), row, place);
    row[parameters.window()] = classOf(value(record, "next", place), "next", place);

    float[] probabilities = new float[parameters.classes()];
    scorer.predict(row, probabilities);
    float[] output = new float[probabilities.length];
    for (int i = 0; i < output.length; i++) {
      output[i] = probabilities[parameters.classOfOutput(i)];
    }
    float error = TfliteScorer.surprise(probabilities[row[parameters.window()]]);
    float mean =
        processes
            .computeIfAbsent(seq.toString(), unseen -> new PublishedScore(parameters.rolling()))
            .add(error);
    // Not above is not enough: a score that is no number must not pass as normal.
    int signal = mean <= parameters.threshold() ? 0 : 1;
    return new Answer(seq, record.get("step"), output, error, mean, signal);
  }

  private static JsonObject object(String line, String place) throws Failure {
    try {
      JsonElement json = JsonParser.parseString(line);
      if (json.isJsonObject()) {
        return json.getAsJsonObject();
      }
    } catch (JsonParseException e) {
      throw new Failure(ExitCode.FAILED, place + ": is not JSON: " + e.getMessage(), e);
    }
    throw new Failure(ExitCode.FAILED, place + ": is no JSON object");
  }

  private static JsonElement value(JsonObject record, String field, String place) throws Failure {
    JsonElement value = record.get(field);
    if (value == null || value.isJsonNull()) {
      throw new Failure(ExitCode.FAILED, place + ": field '" + field + "' is missing");
    }
    return value;
  }

  private void window(JsonElement value, short[] row, String place) throws Failure {
    JsonArray ids = value.isJsonArray() ? value.getAsJsonArray() : new JsonArray();
    if (ids.size() != parameters.window()) {
      throw new Failure(
          ExitCode.FAILED,
          place
              + ": field 'window' has "
              + ids.size()
              + " ids, allowed are "
              + parameters.window()
              + ", as in "
              + ini);
    }
    for (int i = 0; i < parameters.window(); i++) {
      row[i] = classOf(ids.get(i), "window[" + i + "]", place);
    }
  }

  private short classOf(JsonElement id, String field, String place) throws Failure {
    if (id instanceof JsonPrimitive number
        && number.isNumber()
        && number.getAsString().matches("-?[0-9]{1,9}")) {
      return classOfHook.getOrDefault(
          Integer.parseInt(number.getAsString()), (short) (parameters.classes() - 1));
    }
    throw new Failure(
        ExitCode.FAILED, place + ": field '" + field + "' is " + id + ", allowed is a hook id");
  }
}
