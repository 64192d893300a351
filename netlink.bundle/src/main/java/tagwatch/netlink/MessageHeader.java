// SPDX-License-Identifier: Apache-2.0
package tagwatch.netlink;

import com.sun.jna.Pointer;
import com.sun.jna.Structure;
import com.sun.jna.Structure.FieldOrder;

/** {@code struct msghdr}: what sendmsg and recvmsg are told. */
@FieldOrder({
  "name",
  "nameLength",
  "vectors",
  "vectorCount",
  "control",
  "controlLength",
  "resultFlags"
})
public final class MessageHeader extends Structure {
  /** Address of the other end. */
  public Pointer name;

  /** Bytes of that address; recvmsg overwrites it. */
  public int nameLength;

  /** Array of {@link Vector}. */
  public Pointer vectors;

  /** Elements of that array. */
  public SizeT vectorCount = new SizeT(1);

  /** Not used. */
  public Pointer control;

  /** 0. */
  public SizeT controlLength = new SizeT();

  /** {@code MSG_} bits that recvmsg sets. */
  public int resultFlags;

  int nameLengthOffset() {
    return fieldOffset("nameLength");
  }

  int resultFlagsOffset() {
    return fieldOffset("resultFlags");
  }
}
