// SPDX-License-Identifier: Apache-2.0
package tagwatch.protocol;

import java.nio.file.Path;
import java.util.List;
import java.util.OptionalInt;
import tagwatch.transport.ChannelSettings;

/**
 * What can be configured.
 *
 * @param netlink protocol number of the socket, 0–31
 * @param peer port id of the kernel's side; {@link ChannelSettings#KERNEL} save in tests
 * @param queueBytes room for messages that wait to be read
 * @param keyFile this boot's key of the extended protocol
 * @param legacyKey build key of a kernel side of 2020; empty: such a kernel side is not spoken to
 * @param snapshotMillis snapshot mode: time between two looks for tasks with news
 * @param readySlots snapshot mode: unfetched events at which a task is fetched at once; 0: never
 * @param denyHooks names of the hooks that a deny verdict refuses; empty: all that can
 */
record Settings(
    int netlink,
    int peer,
    int queueBytes,
    Path keyFile,
    OptionalInt legacyKey,
    int snapshotMillis,
    int readySlots,
    List<String> denyHooks) {

  /** What holds without a configuration. */
  static final Settings DEFAULT =
      new Settings(
          Protocol.NETLINK,
          ChannelSettings.KERNEL,
          8 << 20,
          Path.of(Protocol.KEY_PATH),
          OptionalInt.empty(),
          100,
          48,
          List.of());

  /** {@link IllegalArgumentException} names the field, the value and the range. */
  Settings {
    if (snapshotMillis < 1 || snapshotMillis > 60_000) {
      throw new IllegalArgumentException(
          "snapshot.millis=" + snapshotMillis + " is out of range 1 to 60000");
    }
    if (readySlots < 0 || readySlots > Protocol.RING_SLOTS) {
      throw new IllegalArgumentException("ready.slots=" + readySlots + " is out of range 0 to 128");
    }
    if (queueBytes < Protocol.MESSAGE_MAX || queueBytes > 1 << 30) {
      throw new IllegalArgumentException(
          "queue.bytes=" + queueBytes + " is out of range 32768 to 1073741824");
    }
    if (netlink < 0 || netlink > 31) {
      throw new IllegalArgumentException("netlink=" + netlink + " is out of range 0 to 31");
    }
    denyHooks = List.copyOf(denyHooks);
  }

  /** How each channel is opened; netlink's own header comes on top of the longest message. */
  ChannelSettings channel() {
    return new ChannelSettings(netlink, peer, queueBytes, 2 * Protocol.MESSAGE_MAX);
  }
}
