// SPDX-License-Identifier: Apache-2.0
package tagwatch.integration.tests;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.osgi.framework.Bundle;
import org.osgi.framework.FrameworkUtil;
import org.osgi.framework.wiring.BundleWire;
import org.osgi.framework.wiring.BundleWiring;

/** The runs in {@code api/} show that an API resolves alone; this shows that it is wired so. */
class ApiPurityTest {
  private static final Bundle[] BUNDLES =
      FrameworkUtil.getBundle(ApiPurityTest.class).getBundleContext().getBundles();

  @ParameterizedTest
  @ValueSource(strings = {"event.api", "transport.api", "scorer.api", "policy.api"})
  void shouldDependOnNothingButEventApi(String api) {
    assertThat(dependencies(api))
        .allSatisfy(
            name -> assertThat(Set.of("event.api", "org.apache.felix.framework")).contains(name));
  }

  @Test
  void shouldLeaveProvidersWithoutDependants() {
    for (Bundle bundle : BUNDLES) {
      assertThat(dependencies(bundle))
          .as(bundle.getSymbolicName())
          .doesNotContain("scorer.markov", "policy.bundle", "replay.bundle", "ebpf.bundle");
    }
  }

  private static List<String> dependencies(String name) {
    return Arrays.stream(BUNDLES)
        .filter(bundle -> bundle.getSymbolicName().equals(name))
        .map(ApiPurityTest::dependencies)
        .findFirst()
        .orElseThrow();
  }

  private static List<String> dependencies(Bundle bundle) {
    BundleWiring wiring = bundle.adapt(BundleWiring.class);
    return wiring.getRequiredWires(null).stream()
        .map(BundleWire::getProvider)
        .map(provider -> provider.getSymbolicName())
        .distinct()
        .toList();
  }
}
