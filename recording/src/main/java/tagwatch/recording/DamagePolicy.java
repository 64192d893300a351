// SPDX-License-Identifier: Apache-2.0
package tagwatch.recording;

/**
 * What a reader does about a damaged block. A torn tail is no damage, see {@link RecordingSummary}.
 */
public enum DamagePolicy {
  /** Everything before it is shown, then {@link RecordingException} is thrown. */
  STOP,
  /** The whole file is checked when it is opened, and refused there. */
  STRICT,
  /**
   * It is skipped and reported, see {@link RecordingVisitor#skipped}; a damaged header is refused.
   */
  SALVAGE
}
