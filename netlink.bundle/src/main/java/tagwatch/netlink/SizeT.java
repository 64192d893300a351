// SPDX-License-Identifier: Apache-2.0
package tagwatch.netlink;

import com.sun.jna.IntegerType;
import com.sun.jna.Native;

/** {@code size_t}: as wide as the machine's. */
public final class SizeT extends IntegerType {
  private static final long serialVersionUID = 1L;

  /** 0; JNA needs it. */
  public SizeT() {
    this(0);
  }

  /** That value. */
  public SizeT(long value) {
    super(Native.SIZE_T_SIZE, value, true);
  }
}
