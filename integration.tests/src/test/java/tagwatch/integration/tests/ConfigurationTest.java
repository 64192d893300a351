// SPDX-License-Identifier: Apache-2.0
package tagwatch.integration.tests;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tagwatch.integration.tests.ServerWorkload.Written;
import tagwatch.player.Gate;
import tagwatch.player.TagStatus;

/** Configuration files, good and bad. */
class ConfigurationTest {
  private static final int TAG = 331;
  private static final int OTHER_TAG = 332;
  private static final Path FILE = Agent.HOME.resolve("conf").resolve("tagwatch.tag-web.cfg");

  private Agent agent;

  @BeforeEach
  void start() throws Exception {
    agent = new Agent("configuration");
  }

  @AfterEach
  void end() throws Exception {
    agent.end();
    Await.until("without problems", () -> problems(), List::isEmpty);
  }

  private static List<String> problems() throws Exception {
    return Agent.player().status().problems();
  }

  private void write(Path file, String... lines) throws Exception {
    Path beside = agent.work(file.getFileName().toString());
    Files.write(beside, List.of(lines));
    Files.move(beside, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
  }

  private void watched(String... more) throws Exception {
    write(FILE, good(more));
    Await.until(
        "watched", () -> Agent.player().tags().stream().anyMatch(status -> status.tag() == TAG));
  }

  private static String[] good(String... more) {
    String[] lines = new String[more.length + 2];
    lines[0] = "tag = " + TAG;
    lines[1] = "transport = replay";
    System.arraycopy(more, 0, lines, 2, more.length);
    return lines;
  }

  @Test
  void shouldWatchATagWhileItsFileIsThere() throws Exception {
    watched("policy = suspend", "gate = learn");

    TagStatus status = Agent.tag(TAG);
    assertThat(status.policy()).isEqualTo("suspend");
    assertThat(status.gate()).isEqualTo(Gate.LEARN);
    assertThat(status.mode()).isEqualTo("live");
    assertThat(status.transport()).isEqualTo("replay (waiting)");

    Files.delete(FILE);
    Await.until("not watched", () -> Agent.player().tags().isEmpty());
  }

  @ParameterizedTest
  @CsvSource({
    "retained, -5",
    "retained, 100",
    "retained, many",
    "gate, open",
    "mode, dead",
    "failSafe, nuke",
    "tag, 70000",
    "tag, web",
    "policy, ''"
  })
  void shouldRefuseABadFieldByNameAndKeepWhatWasConfigured(String field, String value)
      throws Exception {
    watched("policy = suspend");

    write(FILE, good("policy = kill", field + " = " + value));

    List<String> problems = Await.until("refused", () -> problems(), it -> !it.isEmpty());
    assertThat(problems)
        .singleElement()
        .asString()
        .contains(FILE.getFileName().toString(), "'" + field + "'", value);
    assertThat(Agent.tag(TAG).policy()).isEqualTo("suspend");

    write(FILE, good("policy = kill"));
    Await.until("mended", () -> Agent.tag(TAG).policy().equals("kill"));
    assertThat(problems()).isEmpty();
  }

  @Test
  void shouldTellOfABadFileThatWasNeverGood() throws Exception {
    write(FILE, good("retained = -5"));

    assertThat(Await.until("refused", () -> problems(), it -> !it.isEmpty()))
        .singleElement()
        .asString()
        .contains(FILE.getFileName().toString(), "'retained'", "-5");
    assertThat(Agent.player().tags()).isEmpty();
  }

  @Test
  void shouldRefuseASecondFileForTheSameTag() throws Exception {
    watched("policy = suspend");
    Path second = FILE.resolveSibling("tagwatch.tag-again.cfg");

    write(second, good("policy = kill"));

    assertThat(Await.until("refused", () -> problems(), it -> !it.isEmpty()))
        .singleElement()
        .asString()
        .contains("'tag'", Integer.toString(TAG), "web", "again");
    assertThat(Agent.tag(TAG).policy()).isEqualTo("suspend");
  }

  @Test
  void shouldRefuseAPolicyThatNeedsAVerdictWhichTheTransportLacks() throws Exception {
    Written live = new ServerWorkload(1).server(TAG, 20).write(agent.work("live.rec"));
    agent.replay(live.file(), 1_000_000, 1);
    watched("policy = deny", "failSafe = suspend");

    assertThat(Await.until("refused", () -> Agent.tag(TAG).problems(), it -> !it.isEmpty()))
        .anySatisfy(
            problem ->
                assertThat(problem).contains("'deny'", "DENY", "'replay'", "suspend/subtree"));

    write(FILE, good("policy = kill"));
    Await.until("accepted", () -> Agent.tag(TAG).problems().isEmpty());
  }

  @Test
  void shouldNameAPolicyThatIsNotThere() throws Exception {
    Written live = new ServerWorkload(1).server(TAG, 20).write(agent.work("live.rec"));
    agent.replay(live.file(), 1_000_000, 1);
    watched("policy = forgive");

    assertThat(Await.until("refused", () -> Agent.tag(TAG).problems(), it -> !it.isEmpty()))
        .anySatisfy(
            problem -> assertThat(problem).contains("'forgive'", "alert, deny, kill, suspend"));
  }

  @Test
  void shouldKeepTheReplayThatRunsWhenTheNextRecordingIsDamaged() throws Exception {
    Written live = new ServerWorkload(1).server(TAG, 20).write(agent.work("live.rec"));
    Written other = new ServerWorkload(1).server(OTHER_TAG, 20).write(agent.work("other.rec"));
    byte[] bytes = Files.readAllBytes(other.file());
    bytes[bytes.length / 2] ^= 1;
    Path damaged = Files.write(agent.work("damaged.rec"), bytes);
    watched();
    agent.replay(live.file(), 1_000_000, 1);
    Agent.settled(live);

    agent.replay(damaged, 1_000_000, 1);

    Agent.logged("the replay before it stays", damaged.toString());
    assertThat(Agent.tag(TAG).transport()).isEqualTo("replay");
    assertThat(Agent.tag(TAG).accounting().delivered()).isEqualTo(live.total());
  }
}
