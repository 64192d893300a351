// SPDX-License-Identifier: Apache-2.0
package tagwatch.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;

/** Real agents, killed. The long run is {@code ./tagwatch bench swap --kills 200}. */
class KilledAgentsTest {
  private static final Path ROOT = Path.of("..").toAbsolutePath().normalize();
  private static final int KILLS = 8;

  @Test
  void shouldRunACompleteSetAfterEachKill() throws Exception {
    Path runtime = ROOT.resolve("dist/target/executable/runtime.jar");
    Assumptions.assumeTrue(Files.exists(runtime), "no agent is built: ./tagwatch build");
    PrintWriter progress = new PrintWriter(System.out, true, StandardCharsets.UTF_8);

    try (Lab lab = Lab.open(new Lab.Options(runtime, true, 1), progress)) {
      lab.begin("kills");
      KilledAgents.Result result =
          new KilledAgents(lab, ROOT.resolve("demo/recordings")).kill(KILLS);

      System.out.println(result.text());
      assertThat(result.mixtures()).isEmpty();
      assertThat(result.kills()).isEqualTo(KILLS);
      assertThat(result.swaps()).isPositive();
    }
  }
}
