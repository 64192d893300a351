// SPDX-License-Identifier: Apache-2.0
package tagwatch.event;

import java.util.List;
import java.util.Locale;

/**
 * What the 16-bit value of a feature slot means. The values of the enumerated types are fixed by
 * {@code kernel/uapi/tagwatch_event.h}; a new value is appended, an old one is never renumbered,
 * because recordings and models keep them.
 */
public enum FeatureType {
  /** Which part of the file system a path names; see {@link #valueName(int)}. */
  PATH_CLASS(
      "none",
      "unreadable",
      "relative",
      "root",
      "etc",
      "credentials",
      "proc",
      "proc-self",
      "sys",
      "dev",
      "dev-shm",
      "tmp",
      "bin",
      "lib",
      "home",
      "var",
      "run",
      "usr-share",
      "boot",
      "relative-parent",
      "other"),
  /** {@code open(2)} flags, folded to 16 bits (see the header for the bits). */
  OPEN_FLAGS,
  /** {@code AF_*}; 0xffff when the address could not be read. */
  ADDRESS_FAMILY,
  /** Range of a port. */
  PORT_CLASS(
      "none",
      "zero",
      "dns",
      "http",
      "https",
      "ssh-telnet",
      "system",
      "user",
      "dynamic",
      "loopback-user"),
  /**
   * {@code PROT_*} bits 0–2, {@code MAP_SHARED} bit 3, {@code MAP_ANONYMOUS} bit 4, fixed bit 5.
   */
  PROTECTION,
  /** Number of significant bits of a length: 0 for 0, 1 for 1, 13 for 4096. */
  SIZE_CLASS,
  /** {@code S_IFMT} and permission bits. */
  MODE,
  /** {@code CAP_*}. */
  CAPABILITY,
  /** 0 root, 1 system account, 2 user, 3 nobody, 4 unchanged. */
  UID_CLASS("root", "system", "user", "nobody", "unchanged"),
  /** A flag word, the low 16 bits. */
  FLAGS,
  /** A small number that selects an operation, e.g. an {@code ioctl} or {@code prctl} command. */
  COMMAND;

  private final List<String> valueNames;

  FeatureType(String... valueNames) {
    this.valueNames = List.of(valueNames);
  }

  /** The type as written in recordings and manifests, e.g. {@code path-class}. */
  public String label() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /** The type with that {@link #label()}; {@link IllegalArgumentException} if there is none. */
  public static FeatureType ofLabel(String label) {
    for (FeatureType type : values()) {
      if (type.label().equals(label)) {
        return type;
      }
    }
    throw new IllegalArgumentException("unknown feature type: " + label);
  }

  /** A word for the value where the type has words, else the value in hexadecimal. */
  public String valueName(int value) {
    return value < valueNames.size() && value >= 0
        ? valueNames.get(value)
        : "0x" + Integer.toHexString(value & 0xffff);
  }

  /** The words of an enumerated type in value order; empty for the others. */
  public List<String> valueNames() {
    return valueNames;
  }
}
