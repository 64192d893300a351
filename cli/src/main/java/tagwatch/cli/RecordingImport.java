// SPDX-License-Identifier: Apache-2.0
package tagwatch.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import picocli.CommandLine.TypeConversionException;
import tagwatch.recording.ForeignRecording;

/** {@code recording import}: recordings of what other systems wrote. */
@Command(
    name = "import",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    description = {
      "Make a recording of files of another system, plain or gzip:",
      "  traces     a line a process, name<TAB>hook ids separated by spaces",
      "  exein-csv  rows of the 2020 collector: hook, pid, tag, all features, sequence"
    })
final class RecordingImport implements Callable<Integer> {
  @Spec CommandSpec spec;
  @Mixin JsonOption json;

  @Parameters(arity = "1..*", paramLabel = "FILE", description = "Files to import, in order.")
  List<Path> files;

  @Option(
      names = "--format",
      paramLabel = "FORMAT",
      converter = FormatConverter.class,
      description = "traces or exein-csv (default: as the first file looks).")
  ForeignRecording.Format format;

  @Option(
      names = "--tag",
      paramLabel = "TAG",
      converter = Tag.class,
      defaultValue = "" + ImportedRecordings.TAG_OF_TRACES,
      description = "Tag of traces; exein-csv has tags (default: ${DEFAULT-VALUE}).")
  Integer tag;

  @Option(names = "--out", paramLabel = "FILE", required = true, description = "A new recording.")
  Path out;

  /** A format by its label. */
  static final class FormatConverter implements ITypeConverter<ForeignRecording.Format> {
    @Override
    public ForeignRecording.Format convert(String label) {
      try {
        return ForeignRecording.Format.ofLabel(label);
      } catch (IllegalArgumentException e) {
        throw new TypeConversionException(e.getMessage());
      }
    }
  }

  @Override
  public Integer call() throws IOException, Failure {
    if (Files.exists(out)) {
      throw new Failure(ExitCode.FAILED, out + ": exists; a recording is never overwritten");
    }
    ForeignRecording.convert(format == null ? looks() : format, files, tag, out);
    RecordingCommand.Answer answer = RecordingCommand.Answer.of(out);
    if (json.wanted()) {
      json.print(spec.commandLine().getOut(), answer);
    } else {
      answer.print(spec.commandLine().getOut());
    }
    return ExitCode.OK;
  }

  private ForeignRecording.Format looks() throws IOException, Failure {
    Optional<ForeignRecording.Format> found = ForeignRecording.formatOf(files.get(0));
    return found.orElseThrow(
        () -> new Failure(ExitCode.USAGE, files.get(0) + ": is a recording already"));
  }
}
