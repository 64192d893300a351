// SPDX-License-Identifier: Apache-2.0
package tagwatch.event;

/**
 * Hook ids of sources that see several ABIs: the ABI in the upper byte, the call number below.
 *
 * <p>Nothing is masked: a number that does not fit keeps its own id, {@link #OUT_OF_RANGE}. Masking
 * would let a made-up number pass as an ordinary call.
 */
public final class HookId {
  /** Number of every call whose real number needs more than 24 bits; no kernel has such a call. */
  public static final int OUT_OF_RANGE = 0xff_ffff;

  private HookId() {}

  /** The id of a call; the number is saturated to {@link #OUT_OF_RANGE}, not cut. */
  public static int of(int abi, int number) {
    if (abi < 0 || abi > 0x7f) {
      throw new IllegalArgumentException("abi out of range 0..127: " + abi);
    }
    return abi << 24 | (number < 0 || number > OUT_OF_RANGE ? OUT_OF_RANGE : number);
  }

  /** The ABI of an id. */
  public static int abi(int id) {
    return id >>> 24;
  }

  /** The call number of an id. */
  public static int number(int id) {
    return id & 0xff_ffff;
  }
}
