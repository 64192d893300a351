// SPDX-License-Identifier: Apache-2.0
package tagwatch.bench;

import com.google.gson.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.OptionalDouble;
import org.openjdk.jmh.results.Result;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.Options;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;
import tagwatch.agent.AgentLauncher;

/** The scorer by itself, in a fork that has the agent's options. */
final class JmhLine implements Line {
  @Override
  public String name() {
    return "jmh";
  }

  @Override
  public void measure(Lab lab, Report report) throws IOException {
    Path log = lab.folder().resolve("jmh.log");
    Options options =
        new OptionsBuilder()
            .include(MarkovScoring.class.getName())
            .forks(1)
            // the model is learned in the fork, which the agent's heap has no room for
            .jvmArgs(AgentLauncher.JVM_OPTIONS.toArray(String[]::new))
            .jvmArgsAppend("-Xmx512m")
            .warmupIterations(2)
            .warmupTime(TimeValue.milliseconds(500))
            .measurementIterations(lab.quick() ? 3 : 6)
            .measurementTime(TimeValue.milliseconds(lab.quick() ? 200 : 500))
            .output(log.toString())
            .build();
    lab.say("scoring rows at order 3, 5 and 8");
    try {
      Collection<RunResult> results = new Runner(options).run();
      if (results.isEmpty()) {
        throw new BenchException("JMH measured nothing; its output: " + Files.readString(log));
      }
      results.forEach(result -> report.add(row(result)));
    } catch (RunnerException e) {
      throw new BenchException("JMH: " + e.getMessage(), e);
    }
  }

  private Row row(RunResult run) {
    Result<?> result = run.getPrimaryResult();
    return new Row(
        name(),
        "Markov, order "
            + run.getParams().getParam("order")
            + ", "
            + run.getParams().getParam("events")
            + " events",
        result.getScore(),
        result.getStatistics().getMin(),
        result.getStatistics().getMax(),
        (int) result.getStatistics().getN(),
        "ns/row",
        OptionalDouble.empty(),
        new JsonObject());
  }
}
