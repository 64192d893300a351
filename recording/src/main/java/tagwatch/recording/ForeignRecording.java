// SPDX-License-Identifier: Apache-2.0
package tagwatch.recording;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import tagwatch.recording.internal.CollectorFile;
import tagwatch.recording.internal.TextFile;
import tagwatch.recording.internal.TraceConversion;

/** Makes recordings of what other systems wrote. */
public final class ForeignRecording {
  private static final int OWN_MAGIC = 0x89;

  /** What other systems write; plain or gzip. */
  public enum Format {
    /** Rows of the collector of 2020: hook id, pid, tag, its whole array of features, sequence. */
    EXEIN_CSV,
    /** See {@link TraceFile}. */
    TRACES;

    /** The name on a command line. */
    public String label() {
      return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** The format with that {@link #label()}; {@link IllegalArgumentException} if there is none. */
    public static Format ofLabel(String label) {
      for (Format format : values()) {
        if (format.label().equals(label)) {
          return format;
        }
      }
      throw new IllegalArgumentException(
          "unknown format '" + label + "'; there are exein-csv and traces");
    }
  }

  private ForeignRecording() {}

  /** Tells from a file's beginning what it is; empty for a recording of our own. */
  public static Optional<Format> formatOf(Path file) throws IOException {
    try (var bytes = Files.newInputStream(file)) {
      if (bytes.read() == OWN_MAGIC) {
        return Optional.empty();
      }
    }
    try (BufferedReader text = TextFile.open(file)) {
      // a pattern of our own: a line of a hostile file may never end
      char[] start = new char[4096];
      int length = Math.max(0, text.read(start));
      String beginning = new String(start, 0, length).lines().findFirst().orElse("");
      if (beginning.indexOf('\t') > 0) {
        return Optional.of(Format.TRACES);
      }
      if (beginning.indexOf(',') > 0) {
        return Optional.of(Format.EXEIN_CSV);
      }
    }
    throw new IOException(
        file
            + ": neither a recording nor one of the files that can be imported: name<TAB>ids"
            + " (traces), or hook,pid,tag,features,sequence (exein-csv)");
  }

  /**
   * Writes one recording of some files, in their order.
   *
   * @param tag of the processes of traces; collector files say it themselves
   * @param target must not exist
   * @throws IOException that names file and line of what cannot be understood; then there is no
   *     target
   */
  public static void convert(Format format, List<Path> files, int tag, Path target)
      throws IOException {
    try {
      if (format == Format.TRACES) {
        TraceConversion.convert(files, tag, target);
      } else {
        CollectorFile.convert(files, target);
      }
    } catch (FileAlreadyExistsException e) {
      throw e;
    } catch (IOException | RuntimeException e) {
      Files.deleteIfExists(target);
      throw e;
    }
  }
}
