// SPDX-License-Identifier: Apache-2.0
package tagwatch.recording.internal;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import tagwatch.event.Vocabulary;
import tagwatch.recording.RecordingHeader;
import tagwatch.recording.RecordingOptions;
import tagwatch.recording.RecordingWriter;
import tagwatch.recording.TraceFile;

/** Traces as a recording: each a process of its own, one after the other; hooks have no names. */
public final class TraceConversion {
  private static final ByteBuffer NO_FEATURES = ByteBuffer.allocate(0);

  private TraceConversion() {}

  /** See {@link tagwatch.recording.ForeignRecording#convert}. */
  public static void convert(List<Path> files, int tag, Path target) throws IOException {
    RecordingHeader header =
        new RecordingHeader(
            0, 0, "", "import", new Vocabulary("traces", Map.of(), List.of()), Map.of());
    try (RecordingWriter writer = RecordingWriter.open(target, header, RecordingOptions.DEFAULT)) {
      int number = 0;
      long timeNs = 0;
      for (Path file : files) {
        try (TraceFile traces = TraceFile.open(file)) {
          for (Optional<TraceFile.Trace> next = traces.next();
              next.isPresent();
              next = traces.next()) {
            TraceFile.Trace trace = next.get();
            ImportedProcess process =
                new ImportedProcess(writer, ++number, tag, trace.name(), timeNs);
            for (int id : trace.ids()) {
              timeNs += ImportedProcess.EVENT_NS;
              process.event(id, NO_FEATURES, 0, timeNs);
            }
            process.exit(timeNs);
          }
        }
      }
    }
  }
}
