// SPDX-License-Identifier: Apache-2.0
package tagwatch.demo;

import java.io.IOException;
import java.nio.file.Path;

/** The two servers of the demo, each with a userland of its own. */
final class Servers {
  private Servers() {}

  /** The one that is attacked. */
  static ProtectedServer device(Path folder, int tag, int port)
      throws IOException, DemoException, InterruptedException {
    PrivateBusybox busybox = PrivateBusybox.copy(PrivateBusybox.installed(), folder, tag);
    return ProtectedServer.start(busybox, new DeviceSite(folder, busybox), port);
  }

  /** The one beside it. */
  static ProtectedServer sensors(Path folder, int tag)
      throws IOException, DemoException, InterruptedException {
    PrivateBusybox busybox = PrivateBusybox.copy(PrivateBusybox.installed(), folder, tag);
    return ProtectedServer.start(busybox, new SensorSite(folder, busybox), 0);
  }
}
