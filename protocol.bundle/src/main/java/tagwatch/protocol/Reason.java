// SPDX-License-Identifier: Apache-2.0
package tagwatch.protocol;

import java.util.List;

/** Why the kernel refuses a request; the numbers are those of {@code enum twn_reason}. */
enum Reason {
  OK("done"),
  UNKNOWN_OP("the kernel side does not know this request: it is older than the agent"),
  BAD_LENGTH("the kernel side expects another length"),
  BAD_VERSION("the kernel side speaks another version"),
  NOT_CAPABLE("CAP_SYS_ADMIN is missing: run the agent as root"),
  BAD_NAMESPACE("the agent has to run in the initial user, pid and network namespace"),
  BAD_KEY("the key is not that of this boot: is the key file that of this kernel?"),
  TAG_HELD("another agent holds the tag"),
  NOT_REGISTERED("the registration has expired"),
  NO_TASK("there is no such task any more"),
  OTHER_TAG("the task carries another tag"),
  UNTOUCHABLE("pid 1 and agents are never touched"),
  INVALID("a value is out of range"),
  UNSUPPORTED("this kernel side cannot do that"),
  NO_MEMORY("the kernel has no memory"),
  FULL("the kernel side has no room for one more registration"),
  INACTIVE("the security module is not active: name it in lsm= of the kernel's command line");

  private static final List<Reason> BY_NUMBER = List.of(values());

  private final String meaning;

  Reason(String meaning) {
    this.meaning = meaning;
  }

  int number() {
    return BY_NUMBER.indexOf(this);
  }

  String meaning() {
    return meaning;
  }

  /** {@link MalformedMessageException} for a number that the protocol does not have. */
  static Reason of(int number) {
    if (number < 0 || number >= BY_NUMBER.size()) {
      throw new MalformedMessageException("unknown reason " + Integer.toUnsignedString(number));
    }
    return BY_NUMBER.get(number);
  }
}
