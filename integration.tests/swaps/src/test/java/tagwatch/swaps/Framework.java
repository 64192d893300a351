// SPDX-License-Identifier: Apache-2.0
package tagwatch.swaps;

import org.osgi.framework.BundleContext;
import org.osgi.framework.FrameworkUtil;
import org.osgi.framework.ServiceReference;
import org.osgi.service.cm.ConfigurationAdmin;
import tagwatch.player.Player;
import tagwatch.swap.load.Load;
import tagwatch.swap.load.Witnessing;

/** The framework that these tests run in. */
final class Framework {
  static final BundleContext CONTEXT = FrameworkUtil.getBundle(Framework.class).getBundleContext();

  private static final long PATIENCE_MS = 30_000;

  private Framework() {}

  /** Never given back: Configuration Admin's dies with the last use of it. */
  static <T> T service(Class<T> type) throws InterruptedException {
    long deadline = System.nanoTime() + PATIENCE_MS * 1_000_000;
    while (System.nanoTime() < deadline) {
      ServiceReference<T> reference = CONTEXT.getServiceReference(type);
      if (reference != null) {
        return CONTEXT.getService(reference);
      }
      Thread.sleep(5);
    }
    throw new AssertionError("no service " + type.getName());
  }

  static Load.Surroundings surroundings() throws InterruptedException {
    return new Load.Surroundings(
        CONTEXT,
        service(Player.class),
        service(ConfigurationAdmin.class),
        service(Witnessing.class));
  }
}
