// SPDX-License-Identifier: Apache-2.0
package tagwatch.ebpf;

import com.sun.jna.Function;
import com.sun.jna.Memory;
import com.sun.jna.NativeLibrary;
import com.sun.jna.Pointer;

/**
 * What libbpf says while it works; errno alone does not tell why a program was refused. One at a
 * time: libbpf has a single place for its listener.
 */
final class BpfLog implements AutoCloseable {
  private static final int KEPT = 4000;
  private static final int LINE = 1024;

  private final Function format = NativeLibrary.getInstance("c").getFunction("vsnprintf");
  private final StringBuilder text = new StringBuilder();
  // a field, because native code alone does not keep a callback alive
  private final LibBpf.Print print = this::line;

  BpfLog() {
    LibBpf.libbpf_set_print(print);
  }

  private synchronized int line(int level, String pattern, Pointer list) {
    if (level == 0) {
      try (Memory line = new Memory(LINE)) {
        format.invokeInt(new Object[] {line, (long) LINE, pattern, list});
        text.append(line.getString(0));
      }
      // the verifier's verdict stands at the end
      text.delete(0, Math.max(0, text.length() - KEPT));
    }
    return 0;
  }

  synchronized String text() {
    return text.toString().strip();
  }

  /** Silence, not libbpf's own listener: that one prints to the agent's standard error. */
  @Override
  public void close() {
    LibBpf.libbpf_set_print(null);
  }
}
