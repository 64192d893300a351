// SPDX-License-Identifier: Apache-2.0
package tagwatch.swap.load;

import java.io.InputStream;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;

/**
 * The ways in which the bundle of an engine is replaced. The original is stopped meanwhile; what is
 * replaced are copies of it.
 */
final class ScorerSwaps {
  private final BundleContext context;
  private final Scene scene;
  private final RetiredLoaders retired;
  private final Bundle original;
  private final BundleCopy copy;
  private Bundle present;
  private int locations;

  ScorerSwaps(BundleContext context, Scene scene, Bundle original, RetiredLoaders retired)
      throws Exception {
    this.context = context;
    this.scene = scene;
    this.retired = retired;
    this.original = original;
    this.copy = new BundleCopy(original);
    present = install(copy.next());
    original.stop(Bundle.STOP_TRANSIENT);
    inService();
  }

  private Bundle install(InputStream jar) throws Exception {
    Bundle bundle = context.installBundle("swap.load:" + locations++, jar);
    bundle.start();
    return bundle;
  }

  /** A new version beside the old one, which then goes. */
  void beside() throws Exception {
    InputStream jar = copy.next();
    Bundle before = present;
    present = install(jar);
    retired.add(before);
    before.uninstall();
    inService();
  }

  /** A new version in place of the old one: no engine in between. */
  void update() throws Exception {
    InputStream jar = copy.next();
    retired.add(present);
    present.update(jar);
    inService();
  }

  /** The old one goes before the new one comes: no engine in between. */
  void reinstall() throws Exception {
    InputStream jar = copy.next();
    retired.add(present);
    present.uninstall();
    present = install(jar);
    inService();
  }

  private void inService() throws Exception {
    Scene.await(
        "scorer " + copy.version(),
        () -> scene.status().engine(),
        engine -> engine.contains(copy.version()));
  }

  /** Leaves everything as it was before. */
  void end() throws Exception {
    original.start(Bundle.START_TRANSIENT);
    retired.add(present);
    present.uninstall();
    Scene.await(
        "the scorer of before",
        () -> scene.status().engine(),
        engine -> engine.contains(original.getVersion().toString()));
  }
}
