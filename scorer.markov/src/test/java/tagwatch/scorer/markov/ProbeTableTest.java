// SPDX-License-Identifier: Apache-2.0
package tagwatch.scorer.markov;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.HashMap;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class ProbeTableTest {

  @Test
  void shouldFindWhatWasPutAndNothingElse() {
    SplittableRandom random = new SplittableRandom(1);
    Map<Long, Long> expected = new HashMap<>();
    ProbeTable table = new ProbeTable(0);
    for (int i = 0; i < 50_000; i++) {
      long key = random.nextLong() >>> random.nextInt(1, 60);
      long value = random.nextLong() >>> 1;
      expected.put(key, value);
      table.put(key, value);
    }

    assertThat(table.size()).isEqualTo(expected.size());
    expected.forEach((key, value) -> assertThat(table.find(key)).isEqualTo(value));
    for (long key = 0; key < 100_000; key++) {
      assertThat(table.find(key)).isEqualTo(expected.getOrDefault(key, ProbeTable.MISS));
    }
  }

  @Test
  void shouldNotGrowWhenTheSizeWasKnown() {
    for (int size : new int[] {1, 2, 3, 100, 1000, 1025, 65536}) {
      ProbeTable table = new ProbeTable(size);
      long bytes = table.bytes();
      for (int key = 0; key < size; key++) {
        table.put(key, key);
      }
      assertThat(table.bytes()).as("%d entries", size).isEqualTo(bytes);
    }
  }

  @Test
  void shouldFindKeysThatWereChosenToCollide() {
    // All belong into the first 128 slots, so that a probe would become as long as the table is
    // full.
    long multiplier = 0x9e37_79b9_7f4a_7c15L;
    int wanted = 20_000;
    ProbeTable table = new ProbeTable(wanted);
    long[] keys = new long[wanted];
    int kept = 0;
    for (long key = 0; kept < wanted; key++) {
      long mixed = (key ^ (key >>> 29)) * multiplier;
      if (mixed >>> 56 == 0) {
        keys[kept] = key;
        table.put(key, kept++);
      }
    }

    assertThat(table.size()).isEqualTo(wanted);
    for (int i = 0; i < wanted; i++) {
      assertThat(table.find(keys[i])).isEqualTo(i);
    }
  }

  @Test
  void shouldRefuseNegativeEntries() {
    ProbeTable table = new ProbeTable(1);

    assertThatThrownBy(() -> table.put(-1, 0)).hasMessage("negative entry: key=-1 value=0");
    assertThatThrownBy(() -> table.put(0, -2)).hasMessage("negative entry: key=0 value=-2");
  }
}
