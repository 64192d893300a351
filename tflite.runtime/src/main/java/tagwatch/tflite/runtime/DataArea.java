// SPDX-License-Identifier: Apache-2.0
package tagwatch.tflite.runtime;

import java.io.File;
import org.osgi.annotation.bundle.Header;
import org.osgi.framework.BundleActivator;
import org.osgi.framework.BundleContext;
import org.osgi.framework.Constants;

/**
 * Has the natives unpacked into the framework's storage: a device's {@code /tmp} is often mounted
 * noexec, its agent's home cannot be, since other natives live there too.
 */
@Header(name = Constants.BUNDLE_ACTIVATOR, value = "${@class}")
public final class DataArea implements BundleActivator {
  @Override
  public void start(BundleContext context) {
    File area = context.getDataFile("natives");
    if (area != null) {
      TfliteNatives.folder(area.toPath().toAbsolutePath());
    }
  }

  /** Nothing to undo: natives stay mapped for the life of the process. */
  @Override
  public void stop(BundleContext context) {}
}
