// SPDX-License-Identifier: Apache-2.0
package tagwatch.transport;

import java.io.IOException;
import org.osgi.annotation.versioning.ConsumerType;

/** Opens channels of one kind; a service with the property {@link #NAME}. Any thread may call. */
@ConsumerType
public interface ChannelProvider {
  /** Service property: the kind of channel, e.g. {@code netlink}. */
  String NAME = "channel.name";

  /**
   * Opens a channel with a port id of its own.
   *
   * @throws IOException names the call that failed and the reason
   */
  Channel open(ChannelSettings settings) throws IOException;
}
