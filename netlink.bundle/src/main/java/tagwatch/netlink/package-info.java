// SPDX-License-Identifier: Apache-2.0
/**
 * Channel {@code netlink}: messages over AF_NETLINK.
 *
 * <p>Three layers: {@code LibC} has the raw names and {@code MessageHeader}, {@code Packet} the raw
 * layouts; {@code NetlinkSocket} throws with errno's text; {@code NetlinkChannel} speaks the SPI.
 * Nothing here knows the width of a pointer: the layouts are those of whatever Linux runs it.
 */
package tagwatch.netlink;
