// SPDX-License-Identifier: Apache-2.0
package tagwatch.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import tagwatch.recording.DamagePolicy;
import tagwatch.recording.RecordingHeader;
import tagwatch.recording.RecordingReader;
import tagwatch.recording.RecordingSummary;

/** {@code recording}: what is in a recording. */
@Command(
    name = "recording",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    description = "Look into recordings, or make them of what other systems wrote.",
    subcommands = {RecordingCommand.Show.class, RecordingImport.class},
    synopsisSubcommandLabel = "(show | import)",
    footerHeading = "%nExamples:%n",
    footer = {
      "  ./tagwatch recording show server.twr",
      "  ./tagwatch recording import traces.tsv.gz --out traces.twr"
    })
final class RecordingCommand {
  private RecordingCommand() {}

  /**
   * A recording, as {@code --json} shows it.
   *
   * @param file the path as given
   * @param bytes its size
   * @param began when it began, ISO 8601
   * @param source where its events come from
   * @param vocabulary name of the vocabulary
   * @param hooks how many it lists
   * @param tags of its tasks
   * @param events recorded
   * @param processes thread groups
   * @param tasks threads
   * @param lost events that the recorder knew to be lost
   * @param seconds from the first to the last record
   * @param complete whether it was closed in order
   * @param tornBytes that cannot be used
   * @param provenance what the recorder noted
   */
  record Answer(
      String file,
      long bytes,
      String began,
      String source,
      String vocabulary,
      int hooks,
      Set<Integer> tags,
      long events,
      long processes,
      long tasks,
      long lost,
      double seconds,
      boolean complete,
      long tornBytes,
      Map<String, String> provenance) {

    static Answer of(Path file) throws IOException {
      // Strict: the totals stand at the end of a file, and say nothing about damage before it.
      try (RecordingReader reader = RecordingReader.open(file, DamagePolicy.STRICT)) {
        RecordingHeader header = reader.header();
        RecordingSummary summary = reader.summary();
        return new Answer(
            file.toString(),
            Files.size(file),
            Instant.ofEpochSecond(0, header.wallClockNs()).toString(),
            header.source(),
            header.vocabulary().name(),
            header.vocabulary().hooks().size(),
            summary.tags(),
            summary.events(),
            summary.processes(),
            summary.tasks(),
            summary.lost(),
            summary.durationNs() / 1e9,
            summary.complete(),
            summary.tornBytes(),
            header.provenance());
      }
    }

    void print(PrintWriter out) {
      out.printf(Locale.ROOT, "%s: %,d bytes, began %s%n", file, bytes, began);
      out.printf(
          Locale.ROOT, "  source      %s, vocabulary %s (%d hooks)%n", source, vocabulary, hooks);
      out.printf(Locale.ROOT, "  tags        %s%n", tags);
      out.printf(
          Locale.ROOT,
          "  events      %,d in %.1f s, %,d known to be lost%n",
          events,
          seconds,
          lost);
      out.printf(Locale.ROOT, "  processes   %,d (%,d tasks)%n", processes, tasks);
      out.printf(
          Locale.ROOT,
          "  end         %s%n",
          complete
              ? "complete"
              : "torn: the writer ended before it closed the file; all that is counted here can be"
                  + " used, "
                  + tornBytes
                  + " bytes behind it cannot");
      provenance.forEach((key, value) -> out.printf(Locale.ROOT, "  %-11s %s%n", key, value));
      out.flush();
    }
  }

  /** {@code recording show}. */
  @Command(
      name = "show",
      mixinStandardHelpOptions = true,
      versionProvider = Version.class,
      description = "Show what a recording holds and whether it is complete.")
  static final class Show implements Callable<Integer> {
    @Spec CommandSpec spec;
    @Mixin JsonOption json;

    @Parameters(paramLabel = "FILE", description = "A recording.")
    Path file;

    @Override
    public Integer call() throws IOException {
      Answer answer = Answer.of(file);
      if (json.wanted()) {
        json.print(spec.commandLine().getOut(), answer);
      } else {
        answer.print(spec.commandLine().getOut());
      }
      return ExitCode.OK;
    }
  }
}
