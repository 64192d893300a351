// SPDX-License-Identifier: Apache-2.0
package tagwatch.transport;

/**
 * How a channel is opened.
 *
 * @param protocol which part of the kernel, 0–31
 * @param peer port id that messages go to and are accepted from; {@link #KERNEL} save in tests
 * @param queueBytes room for messages that wait to be received; the kernel may grant less
 * @param messageBytes of the longest packet
 */
public record ChannelSettings(int protocol, int peer, int queueBytes, int messageBytes) {
  /** The kernel's port id. */
  public static final int KERNEL = 0;

  private static final int MAX_PROTOCOL = 31;
  private static final int MIN_BYTES = 64;

  /** {@link IllegalArgumentException} names the field and the range. */
  public ChannelSettings {
    if (protocol < 0 || protocol > MAX_PROTOCOL) {
      throw new IllegalArgumentException("protocol=" + protocol + " is out of range 0 to 31");
    }
    if (messageBytes < MIN_BYTES || queueBytes < messageBytes) {
      throw new IllegalArgumentException(
          "messageBytes="
              + messageBytes
              + " queueBytes="
              + queueBytes
              + ": needs 64 <= message"
              + " <= queue");
    }
  }
}
