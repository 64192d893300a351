// SPDX-License-Identifier: Apache-2.0
package tagwatch.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class DemoOptionsTest {
  private static DemoOptions.Builder options() {
    return DemoOptions.with(Path.of("runtime.jar"));
  }

  @Test
  void shouldHaveTheDefaultsOfTheIssue() {
    DemoOptions defaults = options().build();
    assertThat(defaults.repeat()).isEqualTo(1);
    assertThat(defaults.listenerPort()).isEqualTo(4919);
    assertThat(defaults.benignRequests()).isEqualTo(500);
    assertThat(defaults.trainingRequests()).isBetween(600, 1000);
    assertThat(defaults.keep()).isEmpty();
    assertThat(options().keep(null).plot(null).build()).isEqualTo(defaults);
  }

  @Test
  void shouldNameTheOptionAndTheRangeOfABadValue() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> options().repeat(0).build())
        .withMessage("--repeat 0 is out of range: 1 to 1000");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> options().port(65_536).build())
        .withMessageContaining("--port 65536");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> options().trainingRequests(5).build())
        .withMessageContaining("--training 5");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> options().plot(Path.of("score.gif")).build())
        .withMessageContaining("score.gif");
  }

  @Test
  void shouldRefuseCombinationsThatCannotWork() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> options().replay(true).build())
        .withMessageContaining("recordings");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> options().replay(true).recordings(Path.of("r")).serve(true).build())
        .withMessageContaining("--serve");
  }
}
