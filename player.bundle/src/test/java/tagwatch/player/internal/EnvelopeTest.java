// SPDX-License-Identifier: Apache-2.0
package tagwatch.player.internal;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import tagwatch.player.RehearseReport.Bin;
import tagwatch.player.RehearseReport.Span;

class EnvelopeTest {
  @Test
  void shouldKeepEachScoreWhileThereIsRoom() {
    Envelope envelope = new Envelope(4, 1);
    envelope.add(0, 1);
    envelope.add(1, 3);
    envelope.add(1, 2);
    envelope.add(3, 5);

    assertThat(envelope.spans())
        .containsExactly(new Span(0, 1, 1, 1, 1), new Span(1, 2, 2, 3, 2), new Span(3, 4, 5, 5, 1));
  }

  @Test
  void shouldJoinNeighboursWhenItIsFullAndLoseNoPeak() {
    Envelope envelope = new Envelope(4, 1);
    envelope.add(0, 1);
    envelope.add(1, 9);
    envelope.add(2, 2);
    envelope.add(9, 4);

    assertThat(envelope.spans()).containsExactly(new Span(0, 4, 1, 9, 3), new Span(8, 12, 4, 4, 1));
  }

  @Test
  void shouldStaySmallHoweverLongTheLine() {
    Envelope envelope = new Envelope(100, 1e-5);
    for (int i = 0; i < 1_000_000; i++) {
      envelope.add(i * 0.01, i % 1000);
    }

    List<Span> spans = envelope.spans();
    assertThat(spans).hasSizeBetween(50, 100);
    assertThat(spans.stream().mapToLong(Span::count).sum()).isEqualTo(1_000_000);
    assertThat(spans.get(spans.size() - 1).to()).isGreaterThan(9999);
  }

  @Test
  void shouldCountWhatIsBeyondTheLastBinIntoIt() {
    Tally tally = new Tally();
    tally.add(0);
    tally.add(0.0199f);
    tally.add(0.03f);
    tally.add(1e9f);

    assertThat(tally.histogram().bins())
        .containsExactly(new Bin(0, 2), new Bin(1, 1), new Bin(1999, 1));
  }
}
