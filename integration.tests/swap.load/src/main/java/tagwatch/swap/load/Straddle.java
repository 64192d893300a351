// SPDX-License-Identifier: Apache-2.0
package tagwatch.swap.load;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.osgi.framework.FrameworkUtil;
import org.osgi.framework.ServiceReference;
import org.osgi.framework.ServiceRegistration;
import tagwatch.player.Alert;
import tagwatch.scorer.Model;
import tagwatch.scorer.ModelException;
import tagwatch.scorer.Scorer;
import tagwatch.scorer.ScorerEngine;
import tagwatch.transport.Transport;

/**
 * An attack that is cut by a swap at every one of its events: all of it up to there is scored by
 * one engine, the rest by the other.
 *
 * @param tag of the recorded tasks
 * @param training to learn from
 * @param attack to cut
 */
public record Straddle(int tag, Path training, Path attack) {
  private static final String MARKOV = "markov";

  /** As the demo learns it. */
  private static final Map<String, String> OPTIONS = Map.of("order", "3");

  private static final double LEARNED = 0;

  /**
   * What came of it.
   *
   * @param cuts swaps, one at each event
   * @param caught of them: every task that raises an alarm without a swap raised it no later than
   *     one window after
   * @param alarms tasks that raise an alarm without a swap
   * @param window events
   * @param worst events by which an alarm came later than without a swap; negative: earlier
   * @param missed what was not caught, for a person
   */
  public record Result(
      int cuts, int caught, int alarms, int window, long worst, List<String> missed) {}

  /** Cuts the attack everywhere, or at every so many events. */
  public Result run(Load.Surroundings in, int stride, Consumer<String> told) throws Exception {
    SteppedTransport transport = new SteppedTransport(attack, tag);
    ServiceRegistration<Transport> stepped =
        in.context()
            .registerService(
                Transport.class,
                transport,
                FrameworkUtil.asDictionary(Map.of(Transport.NAME, SteppedTransport.STEPPED)));
    Scene scene = new Scene(in.context(), in.player(), in.admin(), tag);
    try {
      scene.learn(training, MARKOV, OPTIONS, LEARNED);
      told.accept("learned");
      scene.watch(Map.of("transport", SteppedTransport.STEPPED, "gate", "monitor"));
      Scene.await("a scorer", () -> scene.status().engine(), engine -> !engine.isEmpty());
      return cut(in, scene, transport, stride, told);
    } finally {
      scene.end();
      stepped.unregister();
    }
  }

  private Result cut(
      Load.Surroundings in,
      Scene scene,
      SteppedTransport transport,
      int stride,
      Consumer<String> told)
      throws Exception {
    Twin twin = new Twin(in, scene);
    int window = scene.player.models().get(0).window();
    Passes passes = new Passes(scene, transport);
    Map<Integer, Long> expected = passes.uncut();
    int cuts = 0;
    int caught = 0;
    long worst = Long.MIN_VALUE;
    List<String> missed = new ArrayList<>();
    for (int at = 1; at < transport.events(); at += stride) {
      Map<Integer, Long> alarms = passes.cutAt(at, twin::swap);
      cuts++;
      boolean all = true;
      for (Map.Entry<Integer, Long> alarm : expected.entrySet()) {
        Long found = alarms.get(alarm.getKey());
        if (found == null || found > alarm.getValue() + window) {
          missed.add("cut at " + at + ": thread " + alarm + " became " + found);
          all = false;
        } else {
          worst = Math.max(worst, found - alarm.getValue());
        }
      }
      caught += all ? 1 : 0;
      if (cuts % 200 == 0) {
        told.accept(cuts + " cuts");
      }
    }
    twin.end();
    return new Result(cuts, caught, expected.size(), window, worst, missed);
  }

  /** The attack again and again. */
  private static final class Passes {
    private final Scene scene;
    private final SteppedTransport transport;
    private final Map<Long, Map<Integer, Long>> alarms = new HashMap<>();
    private long pass;
    private long lastAlert;

    Passes(Scene scene, SteppedTransport transport) {
      this.scene = scene;
      this.transport = transport;
      this.lastAlert = scene.player.alerts().stream().mapToLong(Alert::id).max().orElse(0);
    }

    Map<Integer, Long> uncut() throws Exception {
      return end();
    }

    Map<Integer, Long> cutAt(int at, Campaign.Way swap) throws Exception {
      scoredUpTo(pass * transport.events() + at);
      swap.swap();
      return end();
    }

    private void scoredUpTo(long events) throws Exception {
      transport.goTo(events);
      Scene.await(
          "scores",
          () -> scene.status().accounting(),
          it -> it.delivered() == events && it.waiting() == 0);
    }

    private Map<Integer, Long> end() throws Exception {
      scoredUpTo((pass + 1) * transport.events());
      for (Alert alert : scene.player.alerts()) {
        if (alert.id() > lastAlert && alert.detection().tag() == scene.tag) {
          lastAlert = alert.id();
          alarms
              .computeIfAbsent(
                  SteppedTransport.passOf(alert.detection().task()), absent -> new TreeMap<>())
              .putIfAbsent(alert.detection().task().threadId(), alert.sequence());
        }
      }
      Map<Integer, Long> found = alarms.remove(pass);
      pass++;
      return found == null ? Map.of() : found;
    }
  }

  /** A second engine of the same kind, which comes and goes. */
  private static final class Twin {
    /** Another engine in all but what it does. */
    private record Same(ScorerEngine real) implements ScorerEngine {
      @Override
      public Scorer open(Model model) throws ModelException {
        return real.open(model);
      }
    }

    private final Load.Surroundings in;
    private final Scene scene;
    private final ScorerEngine real;
    private ServiceRegistration<ScorerEngine> registration;

    Twin(Load.Surroundings in, Scene scene) throws Exception {
      this.in = in;
      this.scene = scene;
      ServiceReference<ScorerEngine> reference =
          in.context()
              .getServiceReferences(
                  ScorerEngine.class, "(" + ScorerEngine.FORMAT + "=" + MARKOV + ")")
              .iterator()
              .next();
      real = in.context().getService(reference);
    }

    void swap() throws Exception {
      boolean comes = registration == null;
      if (comes) {
        registration =
            in.context()
                .registerService(
                    ScorerEngine.class,
                    new Same(real),
                    FrameworkUtil.asDictionary(
                        Map.of(
                            ScorerEngine.FORMAT,
                            MARKOV,
                            "service.ranking",
                            Integer.MAX_VALUE / 2)));
      } else {
        registration.unregister();
        registration = null;
      }
      String bundle = in.context().getBundle().getSymbolicName() + " ";
      Scene.await(
          "another scorer",
          () -> scene.status().engine(),
          engine -> !engine.isEmpty() && engine.contains(bundle) == comes);
    }

    void end() {
      if (registration != null) {
        registration.unregister();
      }
    }
  }
}
