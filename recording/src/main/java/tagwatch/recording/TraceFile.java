// SPDX-License-Identifier: Apache-2.0
package tagwatch.recording;

import java.io.BufferedReader;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import tagwatch.recording.internal.TextFile;

/**
 * Reads traces in the form in which research collections are passed on: a line a trace, {@code
 * name<TAB>ids separated by spaces}, plain or gzip. An id is a hook id of whatever system the
 * collection comes from; nothing else of an event is known. Empty lines are passed over.
 *
 * <p>One thread at a time.
 */
public final class TraceFile implements Closeable {
  private final Path file;
  private final BufferedReader lines;
  private long line;

  private TraceFile(Path file, BufferedReader lines) {
    this.file = file;
    this.lines = lines;
  }

  /**
   * A process.
   *
   * @param name as in the file
   * @param ids its events in order; not to be changed
   */
  // handed out as it is, never compared
  @SuppressWarnings("ArrayRecordComponent")
  public record Trace(String name, int[] ids) {}

  /** Opens a file; whether it is compressed is seen from its first bytes, not from its name. */
  public static TraceFile open(Path file) throws IOException {
    return new TraceFile(file, TextFile.open(file));
  }

  /** All traces of a file, in its order. */
  public static List<Trace> read(Path file) throws IOException {
    List<Trace> traces = new ArrayList<>();
    try (TraceFile open = open(file)) {
      for (Optional<Trace> next = open.next(); next.isPresent(); next = open.next()) {
        traces.add(next.get());
      }
    }
    return traces;
  }

  /**
   * The next trace; empty at the end.
   *
   * @throws IOException that names file and line, if the line is no trace
   */
  public Optional<Trace> next() throws IOException {
    String text;
    try {
      do {
        text = lines.readLine();
        line++;
      } while (text != null && text.isBlank());
    } catch (IOException e) {
      throw new IOException(file + ":" + line + ": " + e.getMessage(), e);
    }
    return text == null ? Optional.empty() : Optional.of(trace(text));
  }

  private Trace trace(String text) throws IOException {
    int tab = text.indexOf('\t');
    if (tab < 1) {
      throw new IOException(
          file + ":" + line + ": '" + start(text) + "' is not of the form name<TAB>ids");
    }
    int[] ids = new int[(text.length() - tab) / 2 + 1];
    int count = 0;
    for (int at = tab + 1; at < text.length(); ) {
      int end = text.indexOf(' ', at);
      end = end < 0 ? text.length() : end;
      if (end > at) {
        ids[count++] = id(text.substring(at, end));
      }
      at = end + 1;
    }
    return new Trace(text.substring(0, tab), Arrays.copyOf(ids, count));
  }

  private int id(String text) throws IOException {
    // A pattern, because parseInt would also take "+5" and digits of other scripts.
    try {
      if (text.matches("[0-9]{1,10}")) {
        return Integer.parseInt(text);
      }
    } catch (NumberFormatException e) {
      throw new IOException(refusal(text), e);
    }
    throw new IOException(refusal(text));
  }

  private String refusal(String text) {
    return file
        + ":"
        + line
        + ": hook id '"
        + start(text)
        + "', allowed is 0.."
        + Integer.MAX_VALUE;
  }

  private static String start(String text) {
    return text.substring(0, Math.min(40, text.length()));
  }

  @Override
  public void close() throws IOException {
    lines.close();
  }
}
