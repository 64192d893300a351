// SPDX-License-Identifier: Apache-2.0
package tagwatch.bench;

import com.google.gson.JsonObject;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import org.openjdk.jmh.results.Result;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.Options;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;
import tagwatch.agent.AgentLauncher;

/** The CNN by itself, in a fork that has the agent's options, and whether it leaks. */
final class TfliteLine implements Line {
  private static final int CYCLES = 10_000;
  private static final double MOST_GROWTH_KB = 5 * 1024;

  /** Microseconds a window, by weights and batch. */
  private static final Map<String, Double> GOALS =
      Map.of("float 1", 2.5, "int8 1", 1.8, "float 64", 2.0, "int8 64", 1.1);

  @Override
  public String name() {
    return "tflite";
  }

  @Override
  public void measure(Lab lab, Report report) throws IOException {
    Path log = lab.folder().resolve("jmh-tflite.log");
    Options options =
        new OptionsBuilder()
            .include(CnnScoring.class.getName())
            .forks(1)
            .jvmArgs(AgentLauncher.JVM_OPTIONS.toArray(String[]::new))
            .warmupIterations(2)
            .warmupTime(TimeValue.milliseconds(500))
            .measurementIterations(lab.quick() ? 3 : 6)
            .measurementTime(TimeValue.milliseconds(lab.quick() ? 200 : 1000))
            .output(log.toString())
            .build();
    lab.say("scoring windows, one by one and 64 at once");
    try {
      List<RunResult> results = new ArrayList<>(new Runner(options).run());
      if (results.isEmpty()) {
        throw new BenchException("JMH measured nothing; its output: " + Files.readString(log));
      }
      results.forEach(result -> report.add(row(result)));
    } catch (RunnerException e) {
      throw new BenchException("JMH: " + e.getMessage(), e);
    }
    report.add(growth(lab, lab.quick() ? CYCLES / 10 : CYCLES));
  }

  private Row row(RunResult run) {
    Result<?> result = run.getPrimaryResult();
    String weights = run.getParams().getParam("weights");
    String batch = run.getParams().getParam("batch");
    return new Row(
        name(),
        "CNN, " + weights + ", batches of " + batch,
        result.getScore() / 1e3,
        result.getStatistics().getMin() / 1e3,
        result.getStatistics().getMax() / 1e3,
        (int) result.getStatistics().getN(),
        "µs/window",
        OptionalDouble.of(GOALS.get(weights + " " + batch)),
        new JsonObject());
  }

  private Row growth(Lab lab, int cycles) throws IOException {
    lab.say("opening and closing a model " + cycles + " times");
    List<String> command =
        new ArrayList<>(
            List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString()));
    command.addAll(AgentLauncher.JVM_OPTIONS);
    command.addAll(
        List.of(
            "-cp",
            System.getProperty("java.class.path"),
            OpenCycles.class.getName(),
            Integer.toString(cycles)));
    Process process =
        new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.DISCARD).start();
    String[] kilobytes =
        new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8)
            .strip()
            .split(" ", -1);
    if (kilobytes.length != 2) {
      throw new BenchException("a process that opened and closed models ended early");
    }
    double grown = Double.parseDouble(kilobytes[1]) - Double.parseDouble(kilobytes[0]);
    return new Row(
        name(),
        "growth in " + cycles + " openings",
        grown,
        grown,
        grown,
        1,
        "kB",
        OptionalDouble.of(MOST_GROWTH_KB),
        new JsonObject());
  }
}
