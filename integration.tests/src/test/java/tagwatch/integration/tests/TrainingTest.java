// SPDX-License-Identifier: Apache-2.0
package tagwatch.integration.tests;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import tagwatch.integration.tests.ServerWorkload.Written;
import tagwatch.player.LearnReport;
import tagwatch.player.LearnRequest;

/** A network: learned with PyTorch, judged and run with TensorFlow Lite, all of it as bundles. */
class TrainingTest {
  private static final int TAG = 381;
  private static final int RATE = 40_000;
  private static final Map<String, String> SMALL =
      Map.of("width", "8", "window", "6", "epochs", "8", "seed", "3");

  private Agent agent;
  private Written live;

  @BeforeEach
  void start() throws Exception {
    agent = new Agent("training");
    live = new ServerWorkload(5).server(TAG, 60).write(agent.work("live.rec"));
  }

  @AfterEach
  void end() throws Exception {
    agent.end();
  }

  private LearnReport learn(Path models, String resume) throws Exception {
    Map<String, String> options = new HashMap<>(SMALL);
    options.put("resume", resume);
    return Agent.player()
        .learn(
            new LearnRequest(
                TAG, List.of(live.file()), models, "tflite", options, List.of(), 20, "max:2"),
            (step, done) -> {});
  }

  @Test
  void shouldRunWhatItLearned() throws Exception {
    LearnReport report = learn(Agent.models(), "true");

    assertThat(report.heldOutLoss()).isPositive().isLessThan((float) Math.log(report.classes()));
    assertThat(report.markovLoss()).isPositive();
    assertThat(report.heldOutEvents()).isPositive();
    assertThat(report.provenance()).containsKeys("loss.training", "loss.heldOut", "seed");
    assertThat(report.threshold()).isEqualTo(2 * report.highest());
    agent.watch(TAG, "gate", "monitor");
    agent.replay(live.file(), RATE, 0);
    Await.until("running", () -> Agent.tag(TAG).model().equals(report.version()));
    Await.until("scored", () -> Agent.tag(TAG).accounting().scored() > 100);
  }

  @Test
  void shouldWriteTheSameFilesForTheSameSeed() throws Exception {
    LearnReport one = learn(agent.work("one"), "false");
    LearnReport other = learn(agent.work("other"), "false");

    for (String file : List.of("model.bin", "manifest.json")) {
      assertThat(other.folder().resolve(file)).hasSameBinaryContentAs(one.folder().resolve(file));
    }
    assertThat(Files.size(one.folder().resolve("model.bin"))).isEqualTo(one.bytes());
  }
}
