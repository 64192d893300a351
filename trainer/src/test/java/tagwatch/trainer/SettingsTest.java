// SPDX-License-Identifier: Apache-2.0
package tagwatch.trainer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tagwatch.scorer.ModelException;

class SettingsTest {

  @ParameterizedTest
  @CsvSource({
    "window,3",
    "window,128",
    "width,0",
    "epochs,0",
    "patience,x",
    "batch,8193",
    "rate,0",
    "rate,NaN",
    "rate,1",
    "seed,1.5",
    "weights,int4",
    "resume,yes",
    "repeats,0"
  })
  void shouldNameOptionValueAndWhatIsAllowed(String option, String value) {
    assertThatThrownBy(() -> Settings.parse(Map.of(option, value)))
        .isInstanceOf(ModelException.class)
        .hasMessageContaining("'" + option + "'")
        .hasMessageContaining(value)
        .hasMessageContaining(Settings.described().get(option).replaceAll(" \\([^)]*\\)$", ""));
  }

  @Test
  void shouldBeTheNetworkOf2020UnlessTold() throws Exception {
    Settings settings = Settings.parse(Map.of());

    Topology topology = new Topology(settings.window(), 17, settings.width());

    // what the published model for 17 classes has, counted from its file
    assertThat(Weights.count(topology.sizes())).isEqualTo(30_673);
  }

  @Test
  void shouldNotTellACourseApartByHowItsResultIsWritten() throws Exception {
    assertThat(Settings.parse(Map.of("weights", "int8", "resume", "false")).course())
        .isEqualTo(Settings.parse(Map.of()).course());
    assertThat(Settings.parse(Map.of("seed", "2")).course())
        .isNotEqualTo(Settings.parse(Map.of()).course());
  }
}
