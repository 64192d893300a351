// SPDX-License-Identifier: Apache-2.0
package tagwatch.recording.internal;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import tagwatch.event.ExeinHooks;
import tagwatch.recording.RecordingHeader;
import tagwatch.recording.RecordingOptions;
import tagwatch.recording.RecordingWriter;

/**
 * Files of the collector of 2020 as a recording. Rows: hook id, pid, tag, the array of all
 * features, sequence; numbers of 16 bits. A first line with names is understood, too.
 *
 * <p>They are read twice: which features belong to a hook stands nowhere, and is seen from which of
 * its rows are not zero.
 */
public final class CollectorFile {
  private static final int MOST = 0xffff;
  private static final int FIXED_BEFORE = 3;
  private static final int FIXED = FIXED_BEFORE + 1;

  /** What is done with a row; the numbers are only good during the call. */
  private interface Reader {
    void row(int[] numbers) throws IOException;
  }

  private CollectorFile() {}

  /** See {@link tagwatch.recording.ForeignRecording#convert}. */
  public static void convert(List<Path> files, Path target) throws IOException {
    CollectorColumns columns = new CollectorColumns();
    CollectorSequence sequence = new CollectorSequence();
    read(
        files,
        columns,
        row -> {
          columns.see(row);
          sequence.see(row);
        });
    RecordingHeader header =
        new RecordingHeader(
            0, 0, "", "import", columns.vocabulary(ExeinHooks.vocabulary()), Map.of());
    try (RecordingWriter writer = RecordingWriter.open(target, header, RecordingOptions.DEFAULT)) {
      write(files, columns, sequence, writer);
    }
  }

  private static void write(
      List<Path> files,
      CollectorColumns columns,
      CollectorSequence sequence,
      RecordingWriter writer)
      throws IOException {
    ByteBuffer slots = ByteBuffer.allocate(2048).order(ByteOrder.nativeOrder());
    Map<Integer, ImportedProcess> processes = new HashMap<>();
    long[] timeNs = new long[1];
    read(
        files,
        new CollectorColumns(),
        row -> {
          int key = CollectorSequence.process(row);
          timeNs[0] += ImportedProcess.EVENT_NS;
          ImportedProcess process = processes.get(key);
          if (process == null) {
            // 0 is what is left of a process id of 65,536
            int id = row[1] == 0 ? MOST + 1 : row[1];
            process = new ImportedProcess(writer, id, row[2], "", timeNs[0]);
            processes.put(key, process);
          }
          long lost = sequence.lostBefore(row);
          if (lost > 0) {
            process.gap(lost);
            if (sequence.sharedByProcesses()) {
              // whose they were is not known: nobody's context holds any more
              for (Map.Entry<Integer, ImportedProcess> other : processes.entrySet()) {
                if (other.getKey() != key && CollectorSequence.sameTag(other.getKey(), key)) {
                  other.getValue().gap(0);
                }
              }
            }
          }
          process.event(row[0], slots, columns.slots(row, slots), timeNs[0]);
        });
  }

  private static void read(List<Path> files, CollectorColumns columns, Reader reader)
      throws IOException {
    for (Path file : files) {
      try (BufferedReader lines = TextFile.open(file)) {
        int[] row = null;
        long number = 0;
        for (String line = lines.readLine(); line != null; line = lines.readLine()) {
          number++;
          if (line.isBlank()) {
            continue;
          }
          String[] cells = line.split(",", -1);
          if (number == 1 && !cells[0].strip().matches("[0-9]+")) {
            columns.names(cells);
            continue;
          }
          if (row == null) {
            row = new int[cells.length];
          }
          parse(file, number, cells, row);
          columns.width(file, number, row.length);
          reader.row(row);
        }
      } catch (IOException e) {
        throw e.getMessage() != null && e.getMessage().startsWith(file.toString())
            ? e
            : new IOException(file + ": " + e.getMessage(), e);
      }
    }
  }

  private static void parse(Path file, long line, String[] cells, int[] row) throws IOException {
    if (cells.length < FIXED || cells.length != row.length) {
      throw new IOException(
          file
              + ":"
              + line
              + ": "
              + cells.length
              + " columns, "
              + (row.length < FIXED
                  ? "a row has at least hook, pid, tag and sequence"
                  : "the rows before it have " + row.length));
    }
    for (int i = 0; i < cells.length; i++) {
      String cell = cells[i].strip();
      int value = cell.matches("[0-9]{1,5}") ? Integer.parseInt(cell) : MOST + 1;
      if (value > MOST) {
        throw new IOException(
            file
                + ":"
                + line
                + ": column "
                + (i + 1)
                + " is '"
                + cell.substring(0, Math.min(40, cell.length()))
                + "', allowed is 0.."
                + MOST);
      }
      row[i] = value;
    }
  }
}
