// SPDX-License-Identifier: Apache-2.0
package tagwatch.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.gson.JsonParser;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class AgentOutputTest {
  @Test
  void shouldReadThreadIdsInHexadecimalAndInDecimal() {
    String dump =
        """
        2026-11-01 10:00:00
        Full thread dump OpenJDK 64-Bit Server VM (17.0.15+6-Debian-1deb12u1 mixed mode, sharing):

        "tagwatch-drain-ebpf-syscall" #31 daemon prio=5 os_prio=0 cpu=1.5ms elapsed=9.01s \
        tid=0x00007f2c nid=0x1d2f runnable  [0x00007f2c]
           java.lang.Thread.State: RUNNABLE
        "tagwatch-score-13107" #32 [7472] daemon prio=5 os_prio=0 cpu=2ms elapsed=9s \
        tid=0x00007f2d nid=7472 waiting on condition  [0x00007f2d]
        "VM Thread" os_prio=0 cpu=3ms elapsed=9s tid=0x00007f2e nid=0x1d20 runnable
        """;

    assertThat(ThreadNames.of(dump))
        .isEqualTo(
            Map.of(
                0x1d2fL, "tagwatch-drain-ebpf-syscall",
                7472L, "tagwatch-score-13107",
                0x1d20L, "VM Thread"));
  }

  @Test
  void shouldReadTotalOfClassHistogram() throws BenchException {
    String histogram =
        """
        4711:
         num     #instances         #bytes  class name (module)
        -------------------------------------------------------
           1:         40000        2000000  [B (java.base@17.0.15)
        Total         90000        4500000
        """;

    assertThat(HeapHistogram.bytes(histogram)).isEqualTo(4_500_000);
    assertThatThrownBy(() -> HeapHistogram.bytes("no such process"))
        .hasMessageContaining("no such process");
  }

  @Test
  void shouldReadCountOfWorkload() throws BenchException {
    Work work = Work.parse("calls=2000000 ns=500000000\n");

    assertThat(work.millionsPerSecond()).isEqualTo(4);
    assertThat(work.nanosPerCall()).isEqualTo(250);
    assertThatThrownBy(() -> Work.parse("Killed")).hasMessageContaining("Killed");
  }

  @Test
  void shouldAddAccountsOfAllSourcesAndTags() {
    Books books =
        Books.of(
            JsonParser.parseString(
                    """
                    {"sources":{"a":{"emitted":10,"lost":1},"b":{"emitted":5}},
                     "tags":{"1":{"delivered":9,"scored":6,"unknown":{"gap":1,"warm-up":1},
                                  "waiting":1,"recovered":0},
                             "2":{"delivered":5,"scored":5,"unknown":{},"waiting":0,
                                  "recovered":2}}}
                    """)
                .getAsJsonObject());

    assertThat(books).isEqualTo(new Books(15, 1, 14, 11, 2, 1, 2));
    assertThat(books.balanced()).isTrue();
    assertThat(books.since(new Books(5, 1, 4, 4, 0, 0, 0)))
        .isEqualTo(new Books(10, 0, 10, 7, 2, 1, 2));
  }

  @Test
  void shouldNotBalanceIfOneEventIsMissing() {
    assertThat(new Books(15, 1, 13, 11, 1, 1, 0).balanced()).isFalse();
    assertThat(new Books(15, 1, 14, 11, 1, 1, 0).balanced()).isFalse();
  }

  @Test
  void shouldTakeKillsOnlyFromAlertsThatEndedAProcess() {
    String alerts =
        """
        [{"id":1,"blocked":true,"decidedNs":5000,"exitedNs":9000,"callsAfter":9,
          "detection":{"timestampNs":1000}},
         {"id":2,"blocked":true,"decidedNs":101000,"exitedNs":251000,"callsAfter":3,
          "detection":{"timestampNs":1000}},
         {"id":3,"blocked":false,"decidedNs":2000,"exitedNs":5000,"callsAfter":0,
          "detection":{"timestampNs":1000}},
         {"id":4,"blocked":true,"decidedNs":2,"exitedNs":null,"callsAfter":null,
          "detection":{"timestampNs":1}},
         {"id":5,"blocked":true,"decidedNs":3000,"exitedNs":1000,"callsAfter":0,
          "detection":{"timestampNs":1000}}]
        """;

    assertThat(Kill.of(JsonParser.parseString(alerts).getAsJsonArray(), 1))
        .isEqualTo(List.of(new Kill(250, 100, 3)));
  }
}
