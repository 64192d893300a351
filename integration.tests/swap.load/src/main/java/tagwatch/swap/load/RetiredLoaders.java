// SPDX-License-Identifier: Apache-2.0
package tagwatch.swap.load;

import java.lang.ref.WeakReference;
import java.util.ArrayList;
import java.util.List;
import org.osgi.framework.Bundle;
import org.osgi.framework.wiring.BundleWiring;

/** The class loaders of bundles that are to go. */
final class RetiredLoaders {
  private record Retired(String bundle, WeakReference<ClassLoader> loader) {}

  private static final int PATIENCE = 20;
  private static final long PAUSE_MS = 100;

  private final List<Retired> retired = new ArrayList<>();

  /** The bundle is about to be updated or uninstalled. */
  void add(Bundle bundle) {
    BundleWiring wiring = bundle.adapt(BundleWiring.class);
    if (wiring != null) {
      retired.add(
          new Retired(
              bundle.getSymbolicName() + " " + bundle.getVersion(),
              new WeakReference<>(wiring.getClassLoader())));
    }
  }

  int count() {
    return retired.size();
  }

  /** Those that are still held after some collections, by their bundles. */
  List<String> held() throws InterruptedException {
    for (int i = 0; i < PATIENCE; i++) {
      System.gc();
      if (alive().isEmpty()) {
        break;
      }
      Thread.sleep(PAUSE_MS);
    }
    return alive();
  }

  private List<String> alive() {
    return retired.stream().filter(it -> it.loader.get() != null).map(Retired::bundle).toList();
  }
}
