// SPDX-License-Identifier: Apache-2.0
package tagwatch.bench;

import java.util.HashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Names of a Java process's threads by their thread ids. From a thread dump, because {@code comm}
 * keeps 15 characters only, and which ones depends on the version of Java.
 */
final class ThreadNames {
  // "tagwatch-drain-ebpf-syscall" #25 daemon prio=5 … nid=0x1d2f runnable; decimal since Java 21
  private static final Pattern THREAD =
      Pattern.compile("^\"(.*)\" .*\\bnid=(0x[0-9a-f]+|[0-9]+)\\b.*", Pattern.MULTILINE);

  private ThreadNames() {}

  static Map<Long, String> of(String threadDump) {
    Map<Long, String> names = new HashMap<>();
    Matcher thread = THREAD.matcher(threadDump);
    while (thread.find()) {
      names.put(Long.decode(thread.group(2)), thread.group(1));
    }
    return names;
  }
}
