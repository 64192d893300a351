// SPDX-License-Identifier: Apache-2.0
package tagwatch.policy.stock;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tagwatch.event.Verdict;

class SettingsTest {
  private static final String PID = "tagwatch.policy.kill";

  @Test
  void shouldHaveTheDefaultsForWhatIsMissing() {
    assertThat(Settings.of(PID, Map.of()))
        .isEqualTo(Settings.DEFAULT)
        .isEqualTo(new Settings(Verdict.Scope.SUBTREE, 20, true));
  }

  @Test
  void shouldReadTypedValuesAndText() {
    Settings expected = new Settings(Verdict.Scope.TAG, 5, false);
    assertThat(Settings.of(PID, Map.of("scope", "tag", "budget", 5, "spareRoot", false)))
        .isEqualTo(expected);
    assertThat(Settings.of(PID, Map.of("scope", " Tag ", "budget", "5", "spareRoot", "false")))
        .isEqualTo(expected);
  }

  @Test
  void shouldNamePidFieldValueRangeAndFile() {
    Map<String, Object> configuration =
        Map.of("budget", "-3", "felix.fileinstall.filename", "file:/etc/tagwatch.policy.kill.cfg");
    assertThatThrownBy(() -> Settings.of(PID, configuration))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "tagwatch.policy.kill: budget is -3, allowed: a whole number from 0 to 1000"
                + " (in file:/etc/tagwatch.policy.kill.cfg)");
  }

  @ParameterizedTest
  @ValueSource(strings = {"-1", "1001", "many", "", "2.5", "99999999999"})
  void shouldRefuseBudgetsOutOfRange(String budget) {
    assertThatThrownBy(() -> Settings.of(PID, Map.of("budget", budget)))
        .hasMessageContaining("budget is " + budget + ", allowed");
  }

  @Test
  void shouldRefuseUnknownScopesAndWordsForTruth() {
    assertThatThrownBy(() -> Settings.of(PID, Map.of("scope", "world")))
        .hasMessage("tagwatch.policy.kill: scope is world, allowed: process, subtree or tag");
    assertThatThrownBy(() -> Settings.of(PID, Map.of("spareRoot", "maybe")))
        .hasMessageContaining("spareRoot is maybe, allowed: true or false");
  }

  @Test
  void shouldRefuseToSpareTheRootOfATagThatIsActedUponAsAWhole() {
    assertThatThrownBy(() -> Settings.of(PID, Map.of("scope", "tag")))
        .hasMessageContaining("scope is tag")
        .hasMessageContaining("set spareRoot=false");
  }
}
