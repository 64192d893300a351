// SPDX-License-Identifier: Apache-2.0
package tagwatch.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The workload that reads files, tagged, with the files that it reads. */
record Desk(Path workload, List<Path> files) {
  private static final int[] SIZES = {40, 700, 1_500, 2_100};

  /** Events that a model is learned from: short of what fits the agent's heap, and saturated. */
  private static final long TRAINING = 60_000;

  static Desk of(Lab lab, int tag) throws IOException {
    List<Path> files = new ArrayList<>();
    for (int size : SIZES) {
      Path file = lab.folder().resolve("file-" + size);
      Files.write(file, new byte[size]);
      files.add(file);
    }
    return new Desk(lab.compile("workload", tag), List.copyOf(files));
  }

  /** Reads files for about so many system calls. */
  Work mix(long calls) throws IOException {
    return Work.of(workload, "mix", calls, files);
  }

  /** Makes a model of it, for a watch that runs. */
  void teach(Watch watch, int tag) throws IOException {
    watch.learn(tag, () -> mix(TRAINING));
  }
}
