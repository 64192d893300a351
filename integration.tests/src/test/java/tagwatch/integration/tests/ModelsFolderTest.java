// SPDX-License-Identifier: Apache-2.0
package tagwatch.integration.tests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import tagwatch.integration.tests.ServerWorkload.Written;
import tagwatch.player.ModelStanding;
import tagwatch.player.ModelStatus;
import tagwatch.player.PlayerException;

/** What lies in the models folder, and what is only half in it. */
class ModelsFolderTest {
  private static final int TAG = 321;
  private static final int OTHER_TAG = 322;
  private static final int RATE = 4_000;
  private static final int FOR_EVER = 0;

  private Agent agent;
  private ModelFiles model;
  private ModelFiles other;
  private String version;

  @BeforeEach
  void start() throws Exception {
    agent = new Agent("models");
    Written training =
        new ServerWorkload(1).server(TAG, 300).server(OTHER_TAG, 300).write(agent.work("t.rec"));
    Path outside = agent.work("outside");
    model = ModelFiles.of(Agent.learn(TAG, training.file(), outside, "5"));
    other = ModelFiles.of(Agent.learn(OTHER_TAG, training.file(), outside, "3"));
    agent.watch(TAG, "gate", "monitor");
    agent.replay(training.file(), RATE, FOR_EVER);
    version = model.version();
  }

  @AfterEach
  void end() throws Exception {
    agent.end();
  }

  private static Path folder(int tag, String name) {
    return Agent.models().resolve(Integer.toString(tag)).resolve(name);
  }

  private static ModelStatus found(Path folder) throws Exception {
    return Await.until(
            "found: " + folder,
            () ->
                Agent.player().models().stream()
                    .filter(it -> it.path().equals(folder.toString()))
                    .findFirst(),
            it -> it.isPresent())
        .orElseThrow();
  }

  private Path running() throws Exception {
    Path folder = model.copyTo(folder(TAG, version));
    // the player may run its own copy already, from the test before
    Await.until("known", () -> found(folder).state() == ModelStanding.INCUMBENT);
    Await.until("running", () -> Agent.tag(TAG).model().equals(version));
    Await.until("scoring", () -> Agent.tag(TAG).accounting().scored() > 0);
    return folder;
  }

  private static void scoresOn() throws Exception {
    long scored = Agent.tag(TAG).accounting().scored();
    Await.until("scoring on", () -> Agent.tag(TAG).accounting().scored() > scored);
  }

  @Test
  void shouldRunAModelAsSoonAsItsManifestIsRenamedIn() throws Exception {
    Path uncommitted = model.copyUncommitted(folder(TAG, version));
    // a whole model that came later is known: so the half one was seen, and left alone
    found(other.copyTo(folder(OTHER_TAG, "later")));
    assertThat(Agent.tag(TAG).model()).isEmpty();

    Files.move(uncommitted, uncommitted.resolveSibling(ModelFiles.MANIFEST));

    Await.until("running", () -> Agent.tag(TAG).model().equals(version));
    assertThat(found(folder(TAG, version)).state()).isEqualTo(ModelStanding.INCUMBENT);
    scoresOn();
  }

  @Test
  void shouldKeepTheRunningModelWhenItsFilesAreRemoved() throws Exception {
    Path folder = running();

    Agent.delete(folder);

    Await.until(
        "removed",
        () ->
            Agent.player().models().stream()
                .anyMatch(it -> it.version().equals(version) && it.reason().contains("gone")));
    assertThat(Agent.tag(TAG).model()).isEqualTo(version);
    scoresOn();
  }

  @Test
  void shouldKeepTheRunningModelWhenItsManifestIsOverwrittenByABadOne() throws Exception {
    Path folder = running();

    model.with("window", "5", "-3").copyTo(folder);

    ModelStatus status = Await.until("refused", () -> found(folder), it -> !it.reason().isEmpty());
    assertThat(status.reason()).contains(folder.toString(), "'window'", "-3");
    assertThat(status.state()).isEqualTo(ModelStanding.INCUMBENT);
    assertThat(status.window()).isEqualTo(5);
    scoresOn();
  }

  /** One thing that is wrong with a model. */
  interface Damage {
    ModelFiles done(ModelFiles model);
  }

  static Stream<Arguments> damages() {
    return Stream.of(
        damage("truncated", ModelFiles::truncated, ModelFiles.CONTENT, "'sha256'"),
        damage("flipped", ModelFiles::withFlippedBit, ModelFiles.CONTENT, "'sha256'"),
        field("window", "5", "-3"),
        field("window", "5", "128"),
        field("rolling", "10", "0"),
        field("tag", Integer.toString(TAG), "70000"),
        field("tagwatch", "1", "2"),
        field("content", "\"model.bin\"", "\"../model.bin\""),
        field("content", "\"model.bin\"", "\"gone.bin\"", "gone.bin"),
        field("symbols", "[", "[ \"read\", \"read\", "),
        damage("no-json", it -> it.withManifest("{ \"tagwatch\": 1,"), ModelFiles.MANIFEST),
        damage("empty", it -> it.withManifest(""), ModelFiles.MANIFEST));
  }

  private static Arguments damage(String name, Damage damage, String... named) {
    return Arguments.of(name, damage, named);
  }

  private static Arguments field(String field, String before, String after, String... named) {
    Damage damage = model -> model.with(field, before, after);
    return damage(
        field + " " + after.replaceAll("\\W", ""),
        damage,
        named.length > 0 ? named : new String[] {ModelFiles.MANIFEST, "'" + field + "'"});
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("damages")
  void shouldRefuseADamagedModelByFileAndFieldWhileTheOldOneRunsOn(
      String name, Damage damage, String[] named) throws Exception {
    running();

    Path folder = damage.done(model).copyTo(folder(TAG, name.replace(' ', '-')));

    ModelStatus refused = found(folder);
    assertThat(refused.state()).isEqualTo(ModelStanding.REFUSED);
    assertThat(refused.reason()).contains(folder.toString()).contains(named);
    assertThat(Agent.tag(TAG).model()).isEqualTo(version);
    scoresOn();
  }

  @Test
  void shouldRefuseToUseAModelWhoseDamageOnlyTheEngineCanSee() throws Exception {
    running();
    Path folder =
        model
            .truncated()
            .withChecksumOfItsContent()
            .with("version", "\"" + version + "\"", "\"markov-cunning\"")
            .copyTo(folder(TAG, "cunning"));
    ModelStatus refused =
        Await.until(
            "refused in shadow", () -> found(folder), it -> it.state() == ModelStanding.REFUSED);
    assertThat(refused.reason()).contains("truncated?");

    assertThatThrownBy(() -> Agent.player().use(TAG, "markov-cunning"))
        .isInstanceOf(PlayerException.class)
        .hasMessageContainingAll(folder.toString(), "length", "truncated?");

    assertThat(Agent.tag(TAG).model()).isEqualTo(version);
    scoresOn();
  }
}
