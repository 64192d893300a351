// SPDX-License-Identifier: Apache-2.0
package tagwatch.swap.load;

import java.util.List;
import java.util.Map;

/** The configuration of a load's tag, as it changes. */
final class TagSettings {
  private static final List<String> POLICIES = List.of("alert", "suspend", "kill");

  private final Scene scene;
  private final String transport;
  private final String gate;
  private int policy;
  private int model;

  TagSettings(Scene scene, String transport, String gate) {
    this.scene = scene;
    this.transport = transport;
    this.gate = gate;
  }

  void watch() throws Exception {
    watch(gate);
  }

  void watch(String firstGate) throws Exception {
    scene.watch(
        Map.of(
            "transport",
            transport,
            "gate",
            firstGate,
            "policy",
            POLICIES.get(policy),
            "mode",
            "live"));
  }

  void nextPolicy() throws Exception {
    policy = (policy + 1) % POLICIES.size();
    watch();
    Scene.await(
        "policy " + POLICIES.get(policy),
        () -> scene.status().policy(),
        it -> it.equals(POLICIES.get(policy)));
  }

  Campaign.Way nextModel(List<String> versions) {
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
