// SPDX-License-Identifier: Apache-2.0
package tagwatch.demo;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;

/** The overflow is real: the code that it injects reads a file that the server never opens. */
@EnabledIfSystemProperty(named = "os.arch", matches = "amd64")
class GatewayTest {
  @TempDir Path folder;

  @Test
  void shouldServeAndBeExploited() throws Exception {
    Path secret = Files.writeString(folder.resolve("secret"), "the crown jewels");
    try (Gateway gateway = Gateway.build(folder)) {
      gateway.start();

      assertThat(gateway.use(50, 1)).isZero();
      assertThat(gateway.exploit(secret)).contains("kept").contains("the crown jewels");

      gateway.start();
      assertThat(gateway.use(5, 2)).isZero();
    }
  }
}
