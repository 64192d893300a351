// SPDX-License-Identifier: Apache-2.0
package tagwatch.recording.internal;

/** Bytes do not follow the format. Whoever knows the file and the place adds them. */
public final class MalformedException extends Exception {
  private static final long serialVersionUID = 1L;

  /** What did not match, with the values. */
  public MalformedException(String reason) {
    super(reason);
  }
}
