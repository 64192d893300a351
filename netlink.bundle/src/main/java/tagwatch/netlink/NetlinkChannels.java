// SPDX-License-Identifier: Apache-2.0
package tagwatch.netlink;

import java.io.IOException;
import org.osgi.service.component.annotations.Component;
import tagwatch.transport.Channel;
import tagwatch.transport.ChannelProvider;
import tagwatch.transport.ChannelSettings;

/** Opens channels on AF_NETLINK. */
@Component(property = ChannelProvider.NAME + "=" + NetlinkChannels.NAME)
public final class NetlinkChannels implements ChannelProvider {
  static final String NAME = "netlink";

  @Override
  public Channel open(ChannelSettings settings) throws IOException {
    return new NetlinkChannel(settings);
  }
}
