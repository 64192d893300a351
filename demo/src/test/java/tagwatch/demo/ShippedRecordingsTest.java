// SPDX-License-Identifier: Apache-2.0
package tagwatch.demo;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** The recorded run that comes along, for machines where live monitoring does not work. */
class ShippedRecordingsTest {
  private static final Path FOLDER = Path.of("recordings");

  @Test
  void shouldBeCompleteAndUnderOneMegabyte() throws Exception {
    long bytes = Files.size(FOLDER.resolve(ReplayDemo.RUN));
    for (Path file : Recorder.all(FOLDER)) {
      assertThat(file).isRegularFile();
      bytes += Files.size(file);
    }
    assertThat(bytes).isLessThan(1_000_000);
  }

  @Test
  void shouldComeFromALiveRunInWhichEveryAttackWasStopped() throws Exception {
    DemoResult run = DemoResult.fromJson(Files.readString(FOLDER.resolve(ReplayDemo.RUN)));
    assertThat(run.backend()).isEqualTo("ebpf-syscall");
    assertThat(run.exitCode()).isZero();
    assertThat(run.control().commandsCompleted()).isEqualTo(Loot.COMMANDS);
  }
}
