// SPDX-License-Identifier: Apache-2.0
package tagwatch.demo;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Test traffic must be other traffic: else a low number of false alarms proves nothing. */
class TrafficTest {
  @TempDir Path folder;
  private Site device;
  private Site sensors;

  @BeforeEach
  void layOutSites() throws Exception {
    device = new DeviceSite(folder.resolve("device"), busybox("device"));
    sensors = new SensorSite(folder.resolve("sensors"), busybox("sensors"));
  }

  private PrivateBusybox busybox(String name) {
    Path home = folder.resolve(name);
    return new PrivateBusybox(home.resolve("busybox"), home.resolve("bin"), 1);
  }

  @Test
  void shouldBeTheSameForTheSameSeed() {
    for (Site site : List.of(device, sensors)) {
      assertThat(site.visits(Audience.TEST, 200, 3))
          .isEqualTo(site.visits(Audience.TEST, 200, 3))
          .isNotEqualTo(site.visits(Audience.TEST, 200, 4));
    }
  }

  @Test
  void shouldSendFormsThatTrainingDidNotContain() {
    for (Site site : List.of(device, sensors)) {
      Set<String> trained = bodies(site.visits(Audience.TRAINING, 1000, 1));
      Set<String> tested = bodies(site.visits(Audience.TEST, 1000, 2));
      assertThat(tested).isNotEmpty().doesNotContainAnyElementsOf(trained);
    }
  }

  @Test
  void shouldAskForPagesAndProgramsInOtherWays() {
    Set<String> trained = targets(device.visits(Audience.TRAINING, 1000, 1));
    Set<String> tested = targets(device.visits(Audience.TEST, 1000, 2));
    tested.removeIf(target -> target.equals("/") || target.matches(".*/(status|list|form).cgi.*"));
    assertThat(tested).hasSizeGreaterThan(50).doesNotContainAnyElementsOf(trained);
    assertThat(Audience.TEST.concurrency())
        .doesNotContainAnyElementsOf(Audience.TRAINING.concurrency());
  }

  @Test
  void shouldNeverRunTheUntrainedProgramInTraining() {
    String target = DeviceSite.untrained().request().target();
    assertThat(targets(device.visits(Audience.TRAINING, 2000, 1))).doesNotContain(target);
    assertThat(targets(device.visits(Audience.TEST, 2000, 1))).doesNotContain(target);
  }

  private static Set<String> bodies(List<Visit> visits) {
    return visits.stream()
        .map(visit -> visit.request().body())
        .filter(body -> !body.isEmpty())
        .collect(Collectors.toCollection(HashSet::new));
  }

  private static Set<String> targets(List<Visit> visits) {
    return visits.stream()
        .map(visit -> visit.request().target())
        .collect(Collectors.toCollection(HashSet::new));
  }
}
