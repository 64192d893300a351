// SPDX-License-Identifier: Apache-2.0
package tagwatch.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.OptionalInt;
import java.util.concurrent.Callable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import tagwatch.elf.ElfFile;

/** {@code record}: what tagged processes do, into a file. */
@Command(
    name = "record",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    description = {
      "Record what tagged processes do, until Ctrl-C or the given end.",
      "Through the agent that runs in --home; if none does, through a private one, as root."
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  ./tagwatch record --tag 13107 --seconds 60 --out server.twr",
      "  ./tagwatch record --exe /usr/local/bin/server --out server.twr"
    })
final class RecordCommand implements Callable<Integer> {
  private static final long LOOK_MS = 250;

  @Spec CommandSpec spec;
  @Mixin HomeOption home;
  @Mixin JsonOption json;

  @ArgGroup(multiplicity = "1")
  Subject subject;

  @ArgGroup End end = new End();

  @Option(
      names = "--out",
      paramLabel = "FILE",
      required = true,
      description = "The recording; must not exist yet.")
  Path out;

  /** Whom to record. */
  static final class Subject {
    @Option(
        names = "--tag",
        paramLabel = "TAG",
        converter = Tag.class,
        required = true,
        description = "All processes with this tag.")
    Integer tag;

    @Option(
        names = "--exe",
        paramLabel = "FILE",
        required = true,
        description = "All processes with the tag of this executable.")
    Path executable;
  }

  /** When to end, besides Ctrl-C. */
  static final class End {
    @Option(names = "--seconds", paramLabel = "S", description = "End after so many seconds.")
    Double seconds;

    @Option(names = "--events", paramLabel = "N", description = "End after so many events.")
    Long events;

    boolean reached(double elapsed, long recorded) {
      return (seconds != null && elapsed >= seconds) || (events != null && recorded >= events);
    }
  }

  @Override
  public Integer call() throws Exception {
    Path file = out.toAbsolutePath();
    if (Files.exists(file)) {
      throw new Failure(
          ExitCode.FAILED, file + ": there is such a file already; name another, or remove it");
    }
    int tag = subject.tag != null ? subject.tag : tagOf(subject.executable);
    try (Interruption interruption = new Interruption();
        Recorder recorder = Recorder.open(home.path(), tag)) {
      record(recorder, file, interruption);
      return interruption.finish(show(file));
    }
  }

  private void record(Recorder recorder, Path file, Interruption interruption)
      throws IOException, Failure, InterruptedException {
    long began = System.nanoTime();
    long before = recorder.delivered();
    recorder.start(file);
    try (ProgressBar bar = new ProgressBar(spec.commandLine().getErr())) {
      boolean over = false;
      while (!over) {
        over = interruption.await(waitMs(began));
        double elapsed = (System.nanoTime() - began) / 1e9;
        long events = recorder.delivered() - before;
        bar.note(String.format(Locale.ROOT, "%,d events in %.0f s", events, elapsed));
        over |= end.reached(elapsed, events);
      }
    }
    recorder.stop();
  }

  private long waitMs(long began) {
    if (end.seconds == null) {
      return LOOK_MS;
    }
    double left = end.seconds - (System.nanoTime() - began) / 1e9;
    return Math.max(1, Math.min(LOOK_MS, (long) Math.ceil(left * 1e3)));
  }

  private int show(Path file) throws IOException {
    RecordingCommand.Answer answer = RecordingCommand.Answer.of(file);
    PrintWriter result = spec.commandLine().getOut();
    if (json.wanted()) {
      json.print(result, answer);
    } else {
      answer.print(result);
    }
    if (answer.events() == 0) {
      spec.commandLine()
          .getErr()
          .println("tagwatch: no event was recorded; does a process with this tag run?");
    }
    return ExitCode.OK;
  }

  private static int tagOf(Path executable) throws IOException, Failure {
    try (ElfFile elf = ElfFile.open(executable)) {
      OptionalInt tag = elf.tag();
      if (tag.isEmpty()) {
        throw new Failure(
            ExitCode.FAILED,
            executable + " has no tag; give it one with ./tagwatch tag set TAG " + executable);
      }
      return tag.getAsInt();
    }
  }
}
