// SPDX-License-Identifier: Apache-2.0
package tagwatch.swap.load;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.ServiceReference;
import org.osgi.service.cm.ConfigurationAdmin;
import tagwatch.player.Accounting;
import tagwatch.player.Player;
import tagwatch.scorer.ScorerEngine;

/**
 * Swaps of all kinds while events stream.
 *
 * @param tag to use
 * @param transport {@code replay}: numbered events of 200 processes, open loop; {@code
 *     ebpf-syscall}: what a tagged program does that somebody else keeps busy
 * @param network folder of a TensorFlow Lite model of numbered events to replay for; empty: the
 *     load learns Markov models
 * @param rate events a second of the replay; 0: half of what one thread can score with the network
 * @param lastingS seconds that it takes at least
 * @param swaps how many of each kind: scorer, model, policy, transport
 */
public record Load(
    int tag, String transport, String network, int rate, int lastingS, Map<String, Integer> swaps) {
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

  /** Runs it; {@code swapped} is run when all swaps are done, so that the load can end. */
  public LoadFigures run(Surroundings in, Consumer<String> told, Runnable swapped)
      throws Exception {
    Scene scene = new Scene(in.context(), in.player(), in.admin(), tag);
    try {
      boolean replayed = transport.equals(ReplayFeed.REPLAY);
      TagSettings settings = new TagSettings(scene, transport, replayed ? "enforce" : "monitor");
      Supplier<Witness> watching = in.witnessing()::witness;
      Feed feed =
          replayed
              ? new ReplayFeed(scene, settings, in.bundle("replay.bundle"), watching, rate(in))
              : new KernelFeed(scene, settings, in.bundle("ebpf.bundle"), watching);
      List<String> markov = feed.models();
      List<String> models =
          network.isEmpty() ? markov : List.of(network(scene, "-first"), network(scene, "-second"));
      told.accept("models " + models);
      // what was learned from is none of the load
      Witness witness = in.witnessing().begin();
      feed.begin();
      if (!network.isEmpty()) {
        scene.player.use(tag, models.get(0));
      }
      RetiredLoaders retired = new RetiredLoaders();
      Campaign.Outcome outcome =
          swapAll(
              in,
              scene,
              campaign(witness, settings, feed, models)
                  .with(Campaign.Kind.SCORER, "other model and back", andBack(scene, markov)),
              retired,
              told);
      swapped.run();
      feed.end();
      Accounting accounting =
          Scene.await(
              "rest", () -> scene.status().accounting(), it -> it.waiting() == 0 && it.balanced());
      return LoadFigures.of(
          replayed, outcome, accounting, witness.seen(), retired.count(), retired.held());
    } finally {
      scene.end();
    }
  }

  private String network(Scene scene, String suffix) throws Exception {
    return scene.install(Path.of(network), suffix, Scene.UNREACHABLE);
  }

  /** To a Markov model and back: beside a network that is another engine each time. */
  private Campaign.Way andBack(Scene scene, List<String> markov) {
    return () -> {
      String present = scene.status().model();
      String other = markov.get(0).equals(present) ? markov.get(1) : markov.get(0);
      scene.player.use(tag, other);
      scene.player.use(tag, present);
    };
  }

  private int rate(Surroundings in) throws Exception {
    if (rate > 0 || network.isEmpty()) {
      return rate;
    }
    ServiceReference<ScorerEngine> engine =
        in.context()
            .getServiceReferences(ScorerEngine.class, "(" + ScorerEngine.FORMAT + "=tflite)")
            .iterator()
            .next();
    double capacity = Capacity.rowsPerSecond(in.context().getService(engine), Path.of(network));
    in.context().ungetService(engine);
    return (int) (capacity / 2);
  }

  private Campaign campaign(Witness witness, TagSettings settings, Feed feed, List<String> models) {
    Campaign campaign =
        new Campaign(witness)
            .with(Campaign.Kind.MODEL, "used", settings.nextModel(models))
            .with(Campaign.Kind.POLICY, "configured", settings::nextPolicy)
            .with(Campaign.Kind.TRANSPORT, "restarted", feed::restart);
    swaps.forEach(
        (kind, count) ->
            campaign.wanting(Campaign.Kind.valueOf(kind.toUpperCase(Locale.ROOT)), count));
    return campaign;
  }

  private Campaign.Outcome swapAll(
      Surroundings in,
      Scene scene,
      Campaign campaign,
      RetiredLoaders retired,
      Consumer<String> told)
      throws Exception {
    ScorerSwaps scorers =
        new ScorerSwaps(
            in.context(),
            scene,
            in.bundle(network.isEmpty() ? "scorer.markov" : "scorer.tflite"),
            retired);
    try {
      return campaign
          .with(Campaign.Kind.SCORER, "new version beside", scorers::beside)
          .with(Campaign.Kind.SCORER, "updated in place", scorers::update)
          .with(Campaign.Kind.SCORER, "uninstalled and installed", scorers::reinstall)
          .run(
              lastingS * 1_000_000_000L,
              done -> {
                if (done % 50 == 0) {
                  told.accept(done + " swaps");
                }
              });
    } finally {
      scorers.end();
    }
  }
}
