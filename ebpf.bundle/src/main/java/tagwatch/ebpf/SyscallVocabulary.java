// SPDX-License-Identifier: Apache-2.0
package tagwatch.ebpf;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import tagwatch.event.Feature;
import tagwatch.event.FeatureType;
import tagwatch.event.Hook;
import tagwatch.event.HookId;
import tagwatch.event.Vocabulary;

/**
 * The vocabulary {@code linux-syscall}. The build writes it from the installed kernel headers and
 * from {@code kernel/uapi/tagwatch_syscalls.def}, together with the tables of the BPF programs.
 */
final class SyscallVocabulary {
  private static final String RESOURCE = "linux-syscall.vocabulary";
  private static final int TASK = 0;
  private static final Map<String, Integer> ABIS =
      Map.of("x86_64", 1, "i386", 2, "x32", 3, "io_uring", 4);

  private SyscallVocabulary() {}

  static Vocabulary read() {
    List<Hook> hooks = new ArrayList<>();
    hooks.add(task(Layout.TASK_FORK, "fork", "thread", FeatureType.FLAGS));
    hooks.add(task(Layout.TASK_EXEC, "exec", "path", FeatureType.PATH_CLASS));
    hooks.add(task(Layout.TASK_EXIT, "exit", "code", FeatureType.COMMAND));
    try (InputStream resource = SyscallVocabulary.class.getResourceAsStream(RESOURCE);
        BufferedReader lines =
            new BufferedReader(new InputStreamReader(resource, StandardCharsets.US_ASCII))) {
      lines.lines().map(SyscallVocabulary::hook).forEach(hooks::add);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return new Vocabulary(
        "linux-syscall",
        Map.of(TASK, "task", 1, "x86_64", 2, "i386", 3, "x32", 4, "io_uring"),
        hooks);
  }

  private static Hook task(int number, String name, String feature, FeatureType type) {
    return new Hook(HookId.of(TASK, number), "task/" + name, List.of(new Feature(feature, type)));
  }

  /** {@code x86_64 257 openat path:path-class flags:open-flags}. */
  private static Hook hook(String line) {
    String[] words = line.split(" ", -1);
    List<Feature> features = new ArrayList<>();
    for (int i = 3; i < words.length; i++) {
      int colon = words[i].indexOf(':');
      features.add(
          new Feature(
              words[i].substring(0, colon), FeatureType.ofLabel(words[i].substring(colon + 1))));
    }
    int id = HookId.of(ABIS.get(words[0]), Integer.parseInt(words[1]));
    return new Hook(id, words[0] + "/" + words[2], features);
  }
}
