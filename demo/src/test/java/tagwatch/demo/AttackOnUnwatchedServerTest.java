// SPDX-License-Identifier: Apache-2.0
package tagwatch.demo;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The servers, the traffic and the attack for real, with nobody watching. */
class AttackOnUnwatchedServerTest {
  @TempDir Path folder;
  private ProtectedServer device;
  private ProtectedServer sensors;

  @BeforeEach
  void startServers() throws Exception {
    device = Servers.device(folder.resolve("device"), 13107, 0);
    sensors = Servers.sensors(folder.resolve("sensors"), 13108);
  }

  @AfterEach
  void stopServers() {
    device.close();
    sensors.close();
  }

  @Test
  void shouldAnswerEveryBenignRequestOfBothAudiences() throws Exception {
    for (ProtectedServer server : List.of(device, sensors)) {
      for (Audience audience : Audience.values()) {
        List<Visit> visits = server.site().visits(audience, 150, 7);
        Crowd.Outcome outcome = new Crowd(server, audience).pay(visits, done -> {});
        assertThat(outcome.faults()).isEmpty();
        assertThat(outcome.requests()).isEqualTo(150);
      }
    }
  }

  @Test
  void shouldAnswerTheProgramThatTrainingNeverRuns() {
    assertThat(DeviceSite.untrained().pay(device.port())).isEmpty();
  }

  @Test
  void shouldReportWrongAnswers() {
    HttpRequest request = HttpRequest.get("/cgi-bin/status.cgi");
    assertThat(new Visit(request, 404, "", -1).pay(device.port()).orElseThrow())
        .contains("/cgi-bin/status.cgi", "status 200 instead of 404");
    assertThat(new Visit(request, 200, "no such words", -1).pay(device.port()).orElseThrow())
        .contains("does not contain 'no such words'");
    assertThat(new Visit(request, 200, "", 1).pay(device.port()).orElseThrow())
        .contains("bytes instead of 1");
  }

  @Test
  void shouldLetTheAttackerCompleteAllCommandsWhenNobodyWatches() throws Exception {
    Path drop = folder.resolve("update.sh");
    try (Attacker attacker = new Attacker(0, drop)) {
      for (int run = 0; run < 2; run++) {
        Loot loot = attacker.attack(device.port());
        assertThat(loot.connected()).isTrue();
        assertThat(loot.text()).contains("DONE-1", "root:", "DONE-3", Loot.SCRIPT_RAN, "DONE-4");
        assertThat(loot.completed()).isEqualTo(Loot.COMMANDS);
      }
    }
    assertThat(Files.readString(drop)).contains(Loot.SCRIPT_RAN);
    assertThat(device.alive()).isTrue();
    assertThat(sensors.alive()).isTrue();
  }

  @Test
  void shouldEndWithTheServerWhenClosed() {
    device.close();
    assertThat(device.alive()).isFalse();
    assertThat(ProcessHandle.of(device.pid()).map(ProcessHandle::isAlive).orElse(false)).isFalse();
  }
}
