// SPDX-License-Identifier: Apache-2.0
package tagwatch.netlink;

import com.sun.jna.Pointer;
import com.sun.jna.Structure;
import com.sun.jna.Structure.FieldOrder;

/** {@code struct iovec}: where one packet lies. */
@FieldOrder({"base", "length"})
public final class Vector extends Structure {
  /** Address of the bytes. */
  public Pointer base;

  /** Bytes. */
  public SizeT length = new SizeT();
}
