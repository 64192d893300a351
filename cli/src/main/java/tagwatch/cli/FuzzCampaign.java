// SPDX-License-Identifier: Apache-2.0
package tagwatch.cli;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.lang.ProcessBuilder.Redirect;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.Timer;
import java.util.TimerTask;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;

/** Runs workers one after the other until every mutant has an outcome. */
final class FuzzCampaign {
  /** A new process now and then, so that a slow corruption is found near its cause. */
  private static final long MUTANTS_PER_PROCESS = 2500;

  private static final long STUCK_MS = 60_000;

  private final Path base;
  private final long seed;
  private final long count;
  private final boolean xnnpack;
  private final ProgressBar bar;
  private final List<Crash> crashes = new ArrayList<>();
  private final SortedMap<String, Long> refused = new TreeMap<>();
  private long accepted;
  private long done;

  /**
   * A mutant that its process did not survive.
   *
   * @param mutant its number
   * @param how the exit code, or that it went on for ever
   */
  record Crash(long mutant, String how) {}

  /**
   * The result.
   *
   * @param base the file that was changed
   * @param seed of the campaign
   * @param count of mutants
   * @param xnnpack whether mutants were run with XNNPACK, too
   * @param crashes mutants that ended their process, or hung
   * @param crashed which ones
   * @param accepted opened and run
   * @param refused by reason
   */
  record Answer(
      String base,
      long seed,
      long count,
      boolean xnnpack,
      int crashes,
      List<Crash> crashed,
      long accepted,
      SortedMap<String, Long> refused) {}

  FuzzCampaign(Path base, long seed, long count, boolean xnnpack, ProgressBar bar) {
    this.base = base;
    this.seed = seed;
    this.count = count;
    this.xnnpack = xnnpack;
    this.bar = bar;
  }

  Answer run() throws IOException, InterruptedException {
    while (done < count) {
      worker(Math.min(count, done + MUTANTS_PER_PROCESS));
    }
    return new Answer(
        base.toString(), seed, count, xnnpack, crashes.size(), crashes, accepted, refused);
  }

  private void worker(long end) throws IOException, InterruptedException {
    Process process = new ProcessBuilder(command(end)).redirectError(Redirect.DISCARD).start();
    boolean[] stuck = new boolean[1];
    Timer timer = new Timer("fuzz-watchdog", true);
    try (BufferedReader lines =
        new BufferedReader(
            new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
      TimerTask watchdog = watchdog(timer, process, stuck);
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        watchdog.cancel();
        outcome(line.substring(line.indexOf(' ') + 1));
        watchdog = watchdog(timer, process, stuck);
      }
    } finally {
      timer.cancel();
      process.destroyForcibly();
      process.waitFor(1, TimeUnit.MINUTES);
    }
    if (done < end) {
      String how = stuck[0] ? "stuck" : "exit code " + process.exitValue();
      crashes.add(new Crash(done, how));
      outcome("crashed");
    }
  }

  private static TimerTask watchdog(Timer timer, Process process, boolean[] stuck) {
    TimerTask task =
        new TimerTask() {
          @Override
          public void run() {
            stuck[0] = true;
            process.destroyForcibly();
          }
        };
    timer.schedule(task, STUCK_MS);
    return task;
  }

  private void outcome(String word) {
    done++;
    if (word.equals(FuzzWorker.ACCEPTED)) {
      accepted++;
    } else if (!word.equals("crashed")) {
      refused.merge(word, 1L, Long::sum);
    }
    bar.report("mutants, " + crashes.size() + " crashed", (double) done / count);
  }

  private List<String> command(long end) {
    return List.of(
        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
        "-XX:+UseSerialGC",
        "-XX:TieredStopAtLevel=1",
        "-Xshare:auto",
        "-XX:-CreateCoredumpOnCrash",
        "-XX:+SuppressFatalErrorMessage",
        "-cp",
        System.getProperty("java.class.path"),
        FuzzWorker.class.getName(),
        base.toString(),
        Long.toString(seed),
        Long.toString(done),
        Long.toString(end),
        Boolean.toString(xnnpack));
  }
}
