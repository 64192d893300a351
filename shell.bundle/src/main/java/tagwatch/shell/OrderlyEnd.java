// SPDX-License-Identifier: Apache-2.0
package tagwatch.shell;

import org.osgi.framework.BundleContext;
import org.osgi.framework.BundleException;
import org.osgi.framework.launch.Framework;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Stops the framework when the process is told to end (SIGTERM, Ctrl-C, {@link System#exit}). The
 * launcher does not, and without it recordings would have a torn tail and the socket would stay.
 */
@Component(service = {})
public final class OrderlyEnd {
  // What runs longer is given up; whoever sent the signal waits for this process.
  private static final long STOPPED_WITHIN_MS = 10_000;

  private static final Logger LOG = LoggerFactory.getLogger(OrderlyEnd.class);

  private final Framework framework;
  private final Thread hook = new Thread(this::stopFramework, "tagwatch-end");

  /** Called by the framework. */
  @Activate
  public OrderlyEnd(BundleContext context) {
    framework = context.getBundle(0).adapt(Framework.class);
    Runtime.getRuntime().addShutdownHook(hook);
  }

  @Deactivate
  void forget() {
    try {
      Runtime.getRuntime().removeShutdownHook(hook);
    } catch (IllegalStateException e) {
      // The process is ending: it is the hook that stops this component.
      return;
    }
  }

  private void stopFramework() {
    try {
      framework.stop();
      framework.waitForStop(STOPPED_WITHIN_MS);
    } catch (BundleException e) {
      LOG.warn("the framework did not stop", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
