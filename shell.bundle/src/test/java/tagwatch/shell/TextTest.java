// SPDX-License-Identifier: Apache-2.0
package tagwatch.shell;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import tagwatch.event.TaskKey;
import tagwatch.player.SessionStatus;

class TextTest {
  private final FixturePlayer player = new FixturePlayer();

  @Test
  void shouldAlignWordsLeftAndNumbersRight() {
    assertThat(
            new Table("NAME", "COUNT", "MEAN")
                .row("a", 7L, 0.5)
                .row("long", 44_088L, Float.NaN)
                .row("", 1_000_000L, 12f)
                .toString())
        .isEqualTo(
            """
            NAME      COUNT   MEAN
            a             7   0.50
            long     44,088      -
            -     1,000,000  12.00
            """);
  }

  @Test
  void shouldSayThatThereIsNothingInsteadOfHeadingsAlone() {
    assertThat(new Table("A").orElse("nothing")).isEqualTo("nothing");
    assertThatThrownBy(() -> new Table("A").row(1, 2)).hasMessageContaining("2 cells under 1");
  }

  @Test
  void shouldDrawFromZeroToTheHighest() {
    assertThat(Chart.sparkline(Arrays.asList(0f, 1f, 4f, 8f, Float.NaN, 9f), 8))
        .isEqualTo("▁▂▅█ █");
    assertThat(Chart.sparkline(List.of(0f), 0)).isEqualTo("▁");
    assertThat(Chart.bar(8, 8, 4)).isEqualTo("████");
    assertThat(Chart.bar(3, 8, 4)).isEqualTo("█▌");
    assertThat(Chart.bar(0.001f, 8, 4)).isEqualTo("▏");
    assertThat(Chart.bar(Float.NaN, 8, 4)).isEmpty();
  }

  /**
   *
   *
   * <pre>
   * 4700 busybox
   *   {4701} a thread of it, which forked
   *   4711 cgi
   * </pre>
   */
  @Test
  void shouldShowThreadsAndChildrenUnderTheirProcess() {
    assertThat(ProcessTree.text(player.sessions()))
        .isEqualTo(
            """
            TASK        TAG  EVENTS  SCORE  HIGHEST  VERDICT          EXECUTABLE
            4700      13107     900   0.25     0.25  -                /srv/busybox
              {4701}  13107      80      -        -  suspend/process  /srv/busybox
              4711    13107      20   7.50     7.50  -                /srv/cgi
            """);
    assertThat(ProcessTree.text(List.of())).isEqualTo("no watched process runs");
  }

  @Test
  void shouldShowARingOfParentsOnce() {
    TaskKey one = new TaskKey(1, 0);
    TaskKey two = new TaskKey(2, 0);
    List<SessionStatus> ring =
        List.of(
            FixturePlayer.session(one, one, 2, "/a", 1, 0, ""),
            FixturePlayer.session(two, two, 1, "/b", 1, 0, ""));
    assertThat(ProcessTree.text(ring).lines()).hasSize(3);
  }

  @Test
  void shouldTellWhyAProcessWasBlocked() {
    assertThat(new AlertText(player.alerts().get(0), ZoneOffset.UTC).text())
        .isEqualTo(
            """
            Alert 1: process 4711 was blocked (kill/subtree, done)
              time         2026-10-14 17:46:40.123
              executable   /srv/busybox
              task         4711 of tag 13107
              cause        anomaly
              score        4.25 nats, threshold 3.25, at event 42
              model        markov-1c9a, gate enforce
              verdict      kill/subtree: killed in the kernel
              in force     84 µs after the event
              ended        120 µs after the event
              calls after  0

            Most surprising (surprise in nats)
                    41     8.00 ████████████████████████ x86_64/openat path=credentials

            Window, oldest first (surprise in nats)
                    40     0.50 █▌                       x86_64/read
                    41     8.00 ████████████████████████ x86_64/openat path=credentials
                    42        -                          x86_64/execve

            Score over the last 4 events, 0 to 4.25 nats (threshold 3.25)
              ▁ ▂█
            """);
  }

  @Test
  void shouldShowStatusWithWhatNeedsAttention() {
    assertThat(StatusText.status(new StatusCommands.Overview(player.status(), player.tags())))
        .startsWith(
            """
            up 1 min 1 s, first score 0.81 s after the start
            2 outages, 3.5 s without an agent; the last one: exit code 3
            ebpf-syscall:  emitted 1,000  lost 0  outage_lost 3
              TAG  TRANSPORT""")
        .endsWith("13107: model is stale: another build-id\nx.cfg: refused\n");
  }
}
