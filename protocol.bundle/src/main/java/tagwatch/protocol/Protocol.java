// SPDX-License-Identifier: Apache-2.0
package tagwatch.protocol;

/** Numbers of {@code kernel/uapi/tagwatch_netlink.h}, where each is explained. */
final class Protocol {
  static final int NETLINK = 31;
  static final int MAGIC = 0x324e5754;
  static final int VERSION = 1;
  static final int TYPE = 0x5457;
  static final String KEY_PATH = "/sys/kernel/security/tagwatch/key";
  static final int KEY_SIZE = 32;
  static final int RING_SLOTS = 128;
  static final int HOOKS_MAX = 512;
  static final int HOOK_WORDS = HOOKS_MAX / Long.SIZE;
  static final int FEATURES_MAX = 32;
  static final int NAME_MAX = 48;
  static final int FEATURE_NAME_MAX = 28;
  static final int PATH_MAX = 128;
  static final int MESSAGE_MAX = 32768;

  static final int HELLO = 0x80;
  static final int REGISTER = 0x81;
  static final int UNREGISTER = 0x82;
  static final int KEEP_ALIVE = 0x83;
  static final int MODE = 0x84;
  static final int IMAGE = 0x85;
  static final int VERDICT = 0x86;
  static final int TASKS = 0x87;
  static final int VERDICTS = 0x88;
  static final int HOOKS = 0x89;
  static final int FEED = 0x90;

  static final int MODE_LIVE = 0;
  static final int MODE_SNAPSHOT = 1;

  static final int VERDICT_SUSPEND = 1;
  static final int VERDICT_DENY = 2;
  static final int VERDICT_KILL = 3;
  static final int VERDICT_RELEASE = 4;

  static final int IMAGE_FETCH = 1;
  static final int PAGE_NEWS = 1;
  static final int TASK_EXITED = 1;
  static final int HOOK_CAN_DENY = 1;

  /** {@code NLM_F_REQUEST}. */
  static final int REQUEST_FLAG = 1;

  private Protocol() {}
}
