// SPDX-License-Identifier: Apache-2.0
package tagwatch.demo;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class AttackRunTest {
  @Test
  void shouldReadAnAlertOfTheShell() {
    Sighting alert = Sighting.of(Samples.alert());
    assertThat(alert.blocked()).isTrue();
    assertThat(alert.pid()).isEqualTo(11);
    assertThat(alert.exitedNs()).hasValue(51_000);
    assertThat(alert.line())
        .isEqualTo(
            "Block process: 11 (tag 13107, busybox, score 2.50 above 2.25 at its event 23;"
                + " kill/subtree, done)");
  }

  @Test
  void shouldReadAnAlertOfALivingProcess() {
    var json = Samples.alert();
    json.remove("exitedNs");
    json.add("callsAfter", com.google.gson.JsonNull.INSTANCE);
    json.addProperty("verdict", "ALERT/PROCESS");
    Sighting alert = Sighting.of(json);
    assertThat(alert.exitedNs()).isEmpty();
    assertThat(alert.callsAfter()).isEmpty();
    assertThat(alert.blocked()).isFalse();
  }

  @Test
  void shouldMeasureTheFirstAlertThatStoppedAProcess() {
    DemoResult.Attack attack =
        AttackRun.sum(
            List.of(
                Samples.run(
                    Samples.sighting(1, false, 10, -1),
                    Samples.sighting(3, true, 40, 900_000),
                    Samples.sighting(2, true, 20, 300_000)),
                Samples.run(Samples.sighting(4, true, 24, 100_000))));
    assertThat(attack.blocked()).isEqualTo(2);
    assertThat(attack.eventsToBlockRuns()).containsExactly(20L, 24L);
    assertThat(attack.eventsToBlock()).isEqualTo(20);
    assertThat(attack.eventToVerdictUs()).isEqualTo(new Percentiles(10.0, 10.0));
    assertThat(attack.eventToKillUs()).isEqualTo(new Percentiles(100.0, 300.0));
    assertThat(attack.callsAfter()).isEqualTo(new Percentiles(2.0, 4.0));
  }

  @Test
  void shouldCallARunBlockedOnlyIfAVerdictCutItShort() {
    Sighting alertOnly = Samples.sighting(1, false, 20, 50_000);
    Sighting killed = Samples.sighting(1, true, 20, 50_000);
    Loot all = new Loot(true, "DONE-1\nDONE-2\nDONE-3\n" + Loot.SCRIPT_RAN + "\nDONE-4\n", true);
    Loot half = new Loot(true, "uid=0(root)\n", true);
    Loot goesOn = new Loot(true, "uid=0(root)\n", false);
    assertThat(new AttackRun(half, List.of(killed)).blocked()).isTrue();
    assertThat(new AttackRun(half, List.of(alertOnly)).blocked()).isFalse();
    assertThat(new AttackRun(all, List.of(killed)).blocked()).isFalse();
    assertThat(new AttackRun(goesOn, List.of(killed)).blocked()).isFalse();
    assertThat(Samples.run().detected()).isFalse();
  }
}
