// SPDX-License-Identifier: Apache-2.0
package tagwatch.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

final class OneShotTest {
  private static final String LOG = "INFO: Registered provider";

  @Test
  void shouldKeepTheFrameworksLogToItself() {
    OneShot.Result done = new OneShot.Result("", 0, List.of("tagwatch: not saturated", LOG));

    assertThat(done.forPeople()).containsExactly("tagwatch: not saturated");
  }

  @Test
  void shouldShowTheLogIfNothingElseSaysWhyItFailed() {
    OneShot.Result failed = new OneShot.Result("", 1, List.of(LOG));

    assertThat(failed.forPeople()).containsExactly(LOG);
    assertThat(failed.reason()).isEqualTo("it ended with exit code 1");
  }

  @Test
  void shouldNameTheReasonAndNotWhatIsLoggedAfterIt() {
    OneShot.Result failed = new OneShot.Result("", 1, List.of("tagwatch: no such file", LOG));

    assertThat(failed.reason()).isEqualTo("no such file");
  }
}
