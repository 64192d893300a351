// SPDX-License-Identifier: Apache-2.0
package tagwatch.ebpf;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import tagwatch.event.Executable;
import tagwatch.event.TaskKey;

class TaskTableTest {
  @Test
  void shouldAgreeWithAMapOverRandomAdditionsAndRemovals() {
    Random random = new Random(42);
    TaskTable table = new TaskTable();
    Map<Integer, Session> expected = new HashMap<>();
    for (int i = 0; i < 50_000; i++) {
      int tid = 1 + random.nextInt(2000);
      if (expected.containsKey(tid)) {
        table.remove(tid);
        expected.remove(tid);
      } else {
        TaskKey key = new TaskKey(tid, i);
        Session session = new Session(key, key, i, Executable.UNKNOWN, 0);
        table.add(session);
        expected.put(tid, session);
      }
    }
    assertThat(table.size()).isEqualTo(expected.size());
    assertThat(table.all()).containsExactlyInAnyOrderElementsOf(expected.values());
    for (int tid = 1; tid <= 2000; tid++) {
      assertThat(table.get(tid)).isSameAs(expected.get(tid));
    }
  }

  @Test
  void shouldIgnoreTheRemovalOfAnUnknownTask() {
    TaskTable table = new TaskTable();
    table.remove(7);
    assertThat(table.size()).isZero();
  }
}
