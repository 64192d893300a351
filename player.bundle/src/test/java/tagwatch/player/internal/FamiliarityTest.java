// SPDX-License-Identifier: Apache-2.0
package tagwatch.player.internal;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import tagwatch.player.Gate;
import tagwatch.player.PlayerException;

class FamiliarityTest {
  private static final float THRESHOLD = 3;

  private final Scene scene = new Scene();
  private final FakeSource source = new FakeSource("d");

  @BeforeEach
  void play() throws PlayerException {
    scene.gate(Gate.MONITOR);
    scene.source(source);
    scene.stream.takeOver(
        Scene.binding(Scene.model("m", 3, 10, THRESHOLD), new Scene.Engine(Scene.PLAIN)));
  }

  @AfterEach
  void close() {
    scene.close();
  }

  @Test
  void shouldTellOfAnOrdinaryPairOnce() throws PlayerException {
    int task = scene.started(1, 0);
    for (int i = 1; i <= 40; i++) {
      scene.event(task, i % 2, i);
    }
    scene.quiet();
    assertThat(source.familiar).containsExactlyInAnyOrder("7: 0 1", "7: 1 0");
  }

  @Test
  void shouldNotTellOfWhatTheScorerDidNotExpect() throws PlayerException {
    int task = scene.started(1, 0);
    scene.events(task, Scene.CALM, 1, 20);
    scene.event(task, Scene.LOUD, 21);
    scene.event(task, Scene.CALM, 22);
    scene.quiet();
    assertThat(source.familiar).contains("7: 0 0").doesNotContain("7: 0 9");
  }

  @Test
  void shouldNotTellOfAnythingWhileTheScoreIsHigh() throws PlayerException {
    int task = scene.started(1, 0);
    scene.events(task, Scene.LOUD, 1, 20);
    scene.event(task, Scene.CALM, 21);
    scene.quiet();
    assertThat(source.familiar).isEmpty();
  }

  @Test
  void shouldTellANewSourceAgain() throws PlayerException {
    int task = scene.started(1, 0);
    scene.events(task, Scene.CALM, 1, 20);
    scene.quiet();
    FakeSource next = new FakeSource("e");
    scene.source(next);
    scene.events(task, Scene.CALM, 21, 1);
    scene.quiet();
    assertThat(next.familiar).containsExactly("7: 0 0");
  }
}
