// SPDX-License-Identifier: Apache-2.0
package tagwatch.shell;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import tagwatch.player.LearnRequest;

class LearnOrderTest {
  @Test
  void shouldCollectRepeatedOptionsAndRecordings() throws CommandFailure {
    LearnRequest request =
        order("13107", "20")
            .models("", "/home")
            .option("order=5")
            .arguments(new String[] {"a.rec", "--option", "smoothing=kn", "/abs/b.rec"})
            .request();
    assertThat(request)
        .isEqualTo(
            new LearnRequest(
                13107,
                List.of(Path.of("/srv/a.rec"), Path.of("/abs/b.rec")),
                Path.of("/home/models"),
                "markov",
                Map.of("order", "5", "smoothing", "kn"),
                List.of("path", "flags"),
                20,
                "max:2"));
  }

  @Test
  void shouldNameWhatIsWrong() {
    assertThatThrownBy(() -> order("", "20")).hasMessageContaining("--tag is missing");
    assertThatThrownBy(() -> order("70000", "20")).hasMessageContaining("--tag 70000");
    assertThatThrownBy(() -> order("1", "-3")).hasMessageContaining("--rolling -3");
    assertThatThrownBy(() -> order("1", "x")).hasMessageContaining("from 1 to 128");
    assertThatThrownBy(() -> order("1", "20").models("", null)).hasMessageContaining("--models");
    assertThatThrownBy(() -> order("1", "20").option("order")).hasMessageContaining("name=value");
    assertThatThrownBy(() -> order("1", "20").arguments(new String[] {"--oops", "a"}))
        .hasMessageContaining("--oops");
    assertThatThrownBy(() -> order("1", "20").arguments(new String[0]))
        .hasMessageContaining("no recording");
  }

  private static LearnOrder order(String tag, String rolling) throws CommandFailure {
    return new LearnOrder(Path.of("/srv"), tag, "markov", rolling, "max:2", "path,flags");
  }
}
