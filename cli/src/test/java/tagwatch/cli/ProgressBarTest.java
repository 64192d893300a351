// SPDX-License-Identifier: Apache-2.0
package tagwatch.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

final class ProgressBarTest {
  private final StringWriter shown = new StringWriter();
  private final PrintWriter err = new PrintWriter(shown, true);
  private final AtomicLong clock = new AtomicLong();

  @Test
  void shouldEstimateWhatIsLeft() {
    ProgressBar bar = new ProgressBar(err, true, clock::get);
    bar.report("counting", 0);
    passSeconds(30);
    bar.report("counting", 0.25);

    assertThat(shown.toString())
        .endsWith("[#######                       ]  25 % counting, 1:30 min left");
  }

  @Test
  void shouldWriteFewLinesIntoALog() {
    ProgressBar bar = new ProgressBar(err, false, clock::get);
    for (int percent = 0; percent <= 100; percent++) {
      bar.report("counting", percent / 100.0);
      passSeconds(1);
    }
    bar.report("writing", 0.5);

    assertThat(shown.toString().lines()).hasSize(12).noneMatch(line -> line.contains("\r"));
    assertThat(shown.toString()).contains(" 10 % counting, 1:30 min left").contains("writing");
  }

  @Test
  void shouldWipeTheLineAtTheEnd() {
    try (ProgressBar bar = new ProgressBar(err, true, clock::get)) {
      bar.note("12 events in 1 s");
    }

    assertThat(shown.toString()).startsWith("\r12 events in 1 s").endsWith("\r");
  }

  @Test
  void shouldTellProgressFromComplaints() {
    List<String> complaints = new ArrayList<>();
    String errors = "counting 10 %\rcounting 40 %\nbroken file x.twr\n\nwriting 100 %\n";
    OneShot.listen(
        new ByteArrayInputStream(errors.getBytes(StandardCharsets.UTF_8)),
        new ProgressBar(err, false, clock::get),
        complaints::add);

    assertThat(complaints).containsExactly("broken file x.twr");
    assertThat(shown.toString()).contains(" 10 % counting").contains("100 % writing");
  }

  private void passSeconds(int seconds) {
    clock.addAndGet(seconds * 1_000_000_000L);
  }
}
