// SPDX-License-Identifier: Apache-2.0
package tagwatch.cli;

import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import tagwatch.recording.ForeignRecording;

/** Recordings, and what other systems wrote made into recordings until this is closed. */
final class ImportedRecordings implements Closeable {
  /** Traces belong to no tag. */
  static final int TAG_OF_TRACES = 1;

  private final List<Path> files;
  private final TemporaryFolder folder;

  private ImportedRecordings(List<Path> files, TemporaryFolder folder) {
    this.files = files;
    this.folder = folder;
  }

  static ImportedRecordings of(List<Path> given, Integer tag) throws IOException {
    List<Path> files = new ArrayList<>();
    Map<ForeignRecording.Format, List<Path>> foreign = new EnumMap<>(ForeignRecording.Format.class);
    for (Path file : given) {
      Optional<ForeignRecording.Format> format = ForeignRecording.formatOf(file);
      format.ifPresentOrElse(
          known -> foreign.computeIfAbsent(known, first -> new ArrayList<>()).add(file),
          () -> files.add(file));
    }
    if (foreign.isEmpty()) {
      return new ImportedRecordings(files, null);
    }
    TemporaryFolder folder = TemporaryFolder.create();
    try {
      for (Map.Entry<ForeignRecording.Format, List<Path>> all : foreign.entrySet()) {
        // Together, since which features a hook has is seen from all files.
        Path target = folder.path().resolve(name(all.getValue()) + ".twr");
        ForeignRecording.convert(
            all.getKey(), all.getValue(), tag == null ? TAG_OF_TRACES : tag, target);
        files.add(target);
      }
      return new ImportedRecordings(files, folder);
    } catch (IOException | RuntimeException e) {
      folder.close();
      throw e;
    }
  }

  private static String name(List<Path> originals) {
    return String.join("+", originals.stream().map(file -> file.getFileName().toString()).toList());
  }

  List<Path> files() {
    return files;
  }

  @Override
  public void close() throws IOException {
    if (folder != null) {
      folder.close();
    }
  }
}
