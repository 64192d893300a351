// SPDX-License-Identifier: Apache-2.0
package tagwatch.swap.load;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Consumer;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.service.cm.ConfigurationAdmin;
import tagwatch.player.Accounting;
import tagwatch.player.Player;

/**
 * Open-loop replay of numbered events over 200 processes, under swaps of all kinds.
 *
 * @param tag to use
 * @param rate events a second
 * @param lastingS seconds that it takes at least
 * @param swaps of each kind
 */
public record Load(int tag, int rate, int lastingS, Map<String, Integer> swaps) {
  /** A pass lasts some seconds, so that tasks also begin and end under load. */
  private static final int PASS_S = 6;

  /** Of the replay: what a stalled machine may hold back. */
  private static final int RING = 1 << 18;

  /** Copies the map. */
  public Load {
    swaps = Map.copyOf(swaps);
  }

  /** What the load runs in. */
  public record Surroundings(
      BundleContext context, Player player, ConfigurationAdmin admin, Witnessing witnessing) {

    Bundle bundle(String name) {
      return Arrays.stream(context.getBundles())
          .filter(it -> name.equals(it.getSymbolicName()))
          .findFirst()
          .orElseThrow(() -> new IllegalStateException("there is no bundle " + name));
    }
  }

  /** Runs it. */
  public LoadFigures run(Surroundings in, Consumer<String> told) throws Exception {
    Witness witness = in.witnessing().begin();
    Scene scene = new Scene(in.context(), in.player(), in.admin(), tag);
    try {
      return run(in, scene, witness, told);
    } finally {
      scene.end();
    }
  }

  private LoadFigures run(Surroundings in, Scene scene, Witness witness, Consumer<String> told)
      throws Exception {
    Path training = scene.work("training.twr");
    NumberedRecording.writeTraining(training, tag);
    Path load = scene.work("load.twr");
    NumberedRecording.write(load, tag, Math.max(500, rate * PASS_S / Numbering.TASKS));
    List<String> models =
        List.of(
            scene.learn(training, "markov", Map.of("order", "5")),
            scene.learn(training, "markov", Map.of("order", "3")));
    told.accept("models " + models);
    Tag settings = new Tag(scene);
    scene.watch(settings.all());
    Replaying replay = new Replaying(scene, in.bundle("replay.bundle"), witness);
    replay.configure(
        Map.of(
            "file",
            load.toString(),
            "speed",
            Integer.toString(rate),
            "loop",
            0,
            "ring.capacity",
            RING));
    Scene.await("scores", () -> witness.seen().scored(), scored -> scored > rate / 10);
    RetiredLoaders retired = new RetiredLoaders();
    ScorerSwaps scorers = new ScorerSwaps(in.context(), scene, in.bundle("scorer.markov"), retired);
    Campaign campaign =
        new Campaign(witness)
            .with(Campaign.Kind.SCORER, "new version beside", scorers::beside)
            .with(Campaign.Kind.SCORER, "updated in place", scorers::update)
            .with(Campaign.Kind.SCORER, "uninstalled and installed", scorers::reinstall)
            .with(Campaign.Kind.MODEL, "used", settings.models(models))
            .with(Campaign.Kind.POLICY, "configured", settings::nextPolicy)
            .with(Campaign.Kind.TRANSPORT, "restarted", replay::restart);
    swaps.forEach(
        (kind, count) ->
            campaign.wanting(Campaign.Kind.valueOf(kind.toUpperCase(Locale.ROOT)), count));
    Campaign.Outcome outcome;
    try {
      outcome =
          campaign.run(
              lastingS * 1_000_000_000L,
              done -> {
                if (done % 50 == 0) {
                  told.accept(done + " swaps");
                }
              });
    } finally {
      scorers.end();
    }
    replay.end();
    Accounting accounting = settled(scene);
    return LoadFigures.of(outcome, accounting, witness.seen(), retired.count(), retired.held());
  }

  private static Accounting settled(Scene scene) throws Exception {
    return Scene.await(
        "rest", () -> scene.status().accounting(), it -> it.waiting() == 0 && it.balanced());
  }

  /** The tag's configuration as it changes. */
  private static final class Tag {
    private static final List<String> POLICIES = List.of("alert", "suspend", "kill");

    private final Scene scene;
    private int policy;
    private int model;

    Tag(Scene scene) {
      this.scene = scene;
    }

    Map<String, Object> all() {
      return Map.of(
          "transport", "replay", "gate", "enforce", "policy", POLICIES.get(policy), "mode", "live");
    }

    void nextPolicy() throws Exception {
      policy = (policy + 1) % POLICIES.size();
      scene.watch(all());
      Scene.await(
          "policy " + POLICIES.get(policy),
          () -> scene.status().policy(),
          it -> it.equals(POLICIES.get(policy)));
    }

    Campaign.Way models(List<String> versions) {
      return () -> {
        model++;
        String version = versions.get(model % versions.size());
        String present = scene.status().model();
        scene.player.use(
            scene.tag,
            version.equals(present) ? versions.get((model + 1) % versions.size()) : version);
      };
    }
  }

  /** The replay, which begins anew with each restart. */
  private static final class Replaying {
    private static final String PID = "tagwatch.replay";

    private final Scene scene;
    private final Bundle bundle;
    private final Witness witness;

    Replaying(Scene scene, Bundle bundle, Witness witness) {
      this.scene = scene;
      this.bundle = bundle;
      this.witness = witness;
    }

    void configure(Map<String, Object> settings) throws Exception {
      scene.configure(PID, settings);
    }

    void restart() throws Exception {
      bundle.stop(Bundle.STOP_TRANSIENT);
      long before = witness.seen().accepted();
      bundle.start(Bundle.START_TRANSIENT);
      Scene.await("replay", () -> witness.seen().accepted(), now -> now > before);
    }

    void end() throws Exception {
      scene.unconfigure(PID);
      Scene.await(
          "the end of the replay",
          () -> scene.player.status().sources(),
          sources -> !sources.containsKey("replay"));
    }
  }
}
