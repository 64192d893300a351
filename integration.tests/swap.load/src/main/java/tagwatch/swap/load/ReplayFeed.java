// SPDX-License-Identifier: Apache-2.0
package tagwatch.swap.load;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.osgi.framework.Bundle;

/** Open-loop replay of numbered events of {@link Numbering#TASKS} processes. */
final class ReplayFeed implements Feed {
  static final String REPLAY = "replay";

  private static final String PID = "tagwatch.replay";

  /** A pass lasts some seconds, so that tasks also begin and end under load. */
  private static final int PASS_S = 6;

  private static final int SHORTEST_PASS = 500;

  /** What a stalled machine may hold back. */
  private static final int RING = 1 << 18;

  private final Scene scene;
  private final TagSettings settings;
  private final Bundle bundle;
  private final Supplier<Witness> witness;
  private final int rate;

  ReplayFeed(
      Scene scene, TagSettings settings, Bundle bundle, Supplier<Witness> witness, int rate) {
    this.scene = scene;
    this.settings = settings;
    this.bundle = bundle;
    this.witness = witness;
    this.rate = rate;
  }

  @Override
  public List<String> models() throws Exception {
    Path training = scene.work("training.twr");
    NumberedRecording.writeTraining(training, scene.tag);
    return List.of(
        scene.learn(training, "markov", Map.of("order", "5")),
        scene.learn(training, "markov", Map.of("order", "3")));
  }

  @Override
  public void begin() throws Exception {
    Path load = scene.work("load.twr");
    NumberedRecording.write(
        load, scene.tag, Math.max(SHORTEST_PASS, rate * PASS_S / Numbering.TASKS));
    settings.watch();
    scene.configure(
        PID,
        Map.of(
            "file",
            load.toString(),
            "speed",
            Integer.toString(rate),
            "loop",
            0,
            "ring.capacity",
            RING));
    Scene.await("scores", () -> witness.get().seen().scored(), scored -> scored > rate / 10);
  }

  @Override
  public void restart() throws Exception {
    bundle.stop(Bundle.STOP_TRANSIENT);
    long before = witness.get().seen().accepted();
    bundle.start(Bundle.START_TRANSIENT);
    Scene.await("replay", () -> witness.get().seen().accepted(), now -> now > before);
  }

  @Override
  public void end() throws Exception {
    scene.unconfigure(PID);
    scene.closed(REPLAY);
  }
}
