// SPDX-License-Identifier: Apache-2.0
package tagwatch.swap.load;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.osgi.framework.Bundle;

/** What the kernel sees of a tagged program that somebody else keeps busy. */
final class KernelFeed implements Feed {
  static final String EBPF = "ebpf-syscall";

  private static final long RECORDING_MS = 2_000;

  /** Short of what fits the agent's heap. */
  private static final int ENOUGH = 60_000;

  private final Scene scene;
  private final TagSettings settings;
  private final Bundle bundle;
  private final Supplier<Witness> witness;

  KernelFeed(Scene scene, TagSettings settings, Bundle bundle, Supplier<Witness> witness) {
    this.scene = scene;
    this.settings = settings;
    this.bundle = bundle;
    this.witness = witness;
  }

  @Override
  public List<String> models() throws Exception {
    settings.watch("learn");
    Scene.await("events", () -> witness.get().seen().accepted(), accepted -> accepted > 0);
    Path training = scene.work("training.twr");
    long before = witness.get().seen().accepted();
    long end = System.nanoTime() + RECORDING_MS * 1_000_000;
    scene.player.record(scene.tag, training);
    while (System.nanoTime() < end && witness.get().seen().accepted() - before < ENOUGH) {
      Thread.sleep(5);
    }
    scene.player.stopRecording(scene.tag);
    scene.unwatch();
    return List.of(
        scene.learn(training, "markov", Map.of("order", "5")),
        scene.learn(training, "markov", Map.of("order", "3")));
  }

  @Override
  public void begin() throws Exception {
    settings.watch();
    Scene.await("scores", () -> scene.status().accounting().scored(), scored -> scored > 0);
  }

  @Override
  public void restart() throws Exception {
    bundle.stop(Bundle.STOP_TRANSIENT);
    long before = witness.get().seen().accepted();
    bundle.start(Bundle.START_TRANSIENT);
    Scene.await("the kernel's events", () -> witness.get().seen().accepted(), now -> now > before);
  }

  /** Whoever keeps the program busy has to end that; the source stays. */
  @Override
  public void end() throws Exception {
    long[] last = {-1};
    Scene.await(
        "the end of the load",
        () -> {
          Thread.sleep(100);
          long before = last[0];
          last[0] = witness.get().seen().accepted();
          return last[0] == before;
        },
        quiet -> quiet);
  }
}
