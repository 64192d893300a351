// SPDX-License-Identifier: Apache-2.0
package tagwatch.demo;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ScorePlotTest {
  @TempDir Path folder;

  @Test
  void shouldWriteAPictureInEitherFormat() throws Exception {
    Sighting alert = Samples.sighting(1, true, 23, 50_000);
    Path png = folder.resolve("new/score.png");
    Path svg = folder.resolve("score.svg");
    ScorePlot.write(alert, png);
    ScorePlot.write(alert, svg);
    assertThat(Files.readAllBytes(png)).startsWith(0x89, 'P', 'N', 'G');
    assertThat(Files.readString(svg).contains("<svg")).isTrue();
    assertThat(Files.size(svg)).isGreaterThan(10_000);
  }
}
