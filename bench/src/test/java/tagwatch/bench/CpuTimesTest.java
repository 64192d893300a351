// SPDX-License-Identifier: Apache-2.0
package tagwatch.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;

class CpuTimesTest {
  @Test
  void shouldReadTimeOnProcessorFromSchedstat() {
    assertThat(CpuTimes.ofSchedstat("112416 3801208 2\n")).isEqualTo(112_416);
  }

  @Test
  void shouldAddUserAndSystemTicksOfStatWhateverTheNameHolds() {
    String stat = "4711 (a) R ((b) S 1 4711 4711 0 -1 4194560 1 0 0 0 12 30 0 0 20 0 1 0 9 1 1 1\n";

    assertThat(CpuTimes.ofStat(stat)).isEqualTo(420_000_000);
  }

  @Test
  void shouldAddThreadsWithSamePrefixOnly() {
    CpuTimes before = new CpuTimes(Map.of("tagwatch-score-1", 10L, "tagwatch-drain-x", 100L));
    CpuTimes after =
        new CpuTimes(
            Map.of("tagwatch-score-1", 15L, "tagwatch-score-2", 7L, "tagwatch-drain-x", 170L));

    assertThat(after.since(before, "tagwatch-score")).isEqualTo(12);
    assertThat(after.since(before, "tagwatch-drain")).isEqualTo(70);
  }

  @Test
  void shouldCountTimeOfLiveThread() throws IOException {
    Path self = Files.readSymbolicLink(Path.of("/proc/thread-self"));
    long thread = Long.parseLong(self.getFileName().toString());
    long pid = ProcessHandle.current().pid();
    CpuTimes before = CpuTimes.of(pid, Map.of(thread, "self"));
    long end = System.nanoTime() + 30_000_000;
    while (System.nanoTime() < end) {
      Thread.onSpinWait();
    }

    assertThat(CpuTimes.of(pid, Map.of(thread, "self")).since(before, "self")).isPositive();
  }

  @Test
  void shouldLeaveOutThreadThatHasEnded() throws IOException {
    // the largest id that Linux can be set to give, plus one
    assertThat(CpuTimes.of(ProcessHandle.current().pid(), Map.of(4_194_305L, "gone")).nanos())
        .isEmpty();
  }
}
