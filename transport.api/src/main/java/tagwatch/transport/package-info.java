// SPDX-License-Identifier: Apache-2.0
/**
 * SPI of the source of events and the place where verdicts go. Transport bundles implement {@link
 * tagwatch.transport.Transport} and {@link tagwatch.transport.EventSource}; the player calls them
 * and implements {@link tagwatch.transport.EventSink} and {@link tagwatch.transport.ImageSink}.
 *
 * <p>Also the SPI of a kernel message channel: channel bundles implement {@link
 * tagwatch.transport.ChannelProvider} and {@link tagwatch.transport.Channel}; transports that speak
 * a protocol over messages call them.
 */
@Export
@Version("1.1.0")
package tagwatch.transport;

import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
