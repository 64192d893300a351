// SPDX-License-Identifier: Apache-2.0
package tagwatch.integration.tests;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.osgi.framework.Bundle;
import org.osgi.framework.Constants;
import org.osgi.framework.wiring.BundleRevision;

/** What a device runs, started. */
class PlatformTest {
  @Test
  void shouldHaveStartedEveryBundle() {
    assertThat(Agent.CONTEXT.getBundles())
        .filteredOn(PlatformTest::isNoFragment)
        .filteredOn(bundle -> bundle.getState() != Bundle.ACTIVE)
        .filteredOn(bundle -> !isLazy(bundle) || bundle.getState() != Bundle.STARTING)
        .isEmpty();
  }

  private static boolean isLazy(Bundle bundle) {
    return bundle.getHeaders().get(Constants.BUNDLE_ACTIVATIONPOLICY) != null;
  }

  private static boolean isNoFragment(Bundle bundle) {
    return (bundle.adapt(BundleRevision.class).getTypes() & BundleRevision.TYPE_FRAGMENT) == 0;
  }

  @Test
  void shouldOfferThePartsOfARuntime() throws Exception {
    assertThat(Agent.player().providers())
        .extracting(provider -> provider.kind() + " " + provider.name())
        .contains(
            "engine markov",
            "learner markov",
            "policy alert",
            "policy suspend",
            "policy kill",
            "transport ebpf-syscall");
  }

  @Test
  void shouldHaveNoTwoVersionsOfABundle() {
    assertThat(Arrays.stream(Agent.CONTEXT.getBundles()).map(Bundle::getSymbolicName))
        .doesNotHaveDuplicates();
  }
}
