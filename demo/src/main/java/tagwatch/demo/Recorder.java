// SPDX-License-Identifier: Apache-2.0
package tagwatch.demo;

import java.nio.file.Path;
import java.util.List;
import tagwatch.agent.AgentException;

/** Records parts of a run, each tag into a file of its own. */
final class Recorder {
  /** What models are learned from. */
  static final String TRAINING = "training";

  /** What they are tested with. */
  static final String BENIGN = "benign";

  /** The attack with nobody stopping it. */
  static final String ATTACK = "attack";

  private final AgentShell shell;
  private final Path folder;

  Recorder(AgentShell shell, Path folder) {
    this.shell = shell;
    this.folder = folder;
  }

  void begin(int tag, String part) throws AgentException {
    shell.record(tag, file(tag, part));
  }

  void end(int tag) throws AgentException {
    shell.stopRecording(tag);
  }

  Path file(int tag, String part) {
    return file(folder, tag, part);
  }

  static Path file(Path folder, int tag, String part) {
    return folder.resolve(part + "-" + tag + ".twr");
  }

  /** All files of a complete run. */
  static List<Path> all(Path folder) {
    return List.of(
        file(folder, LiveDemo.DEVICE, TRAINING),
        file(folder, LiveDemo.SENSORS, TRAINING),
        file(folder, LiveDemo.DEVICE, BENIGN),
        file(folder, LiveDemo.SENSORS, BENIGN),
        file(folder, LiveDemo.DEVICE, ATTACK));
  }
}
