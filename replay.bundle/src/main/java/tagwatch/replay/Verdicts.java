// SPDX-License-Identifier: Apache-2.0
package tagwatch.replay;

import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import tagwatch.event.TaskKey;
import tagwatch.event.TaskStart;
import tagwatch.event.Verdict;
import tagwatch.transport.VerdictInForce;

/** The processes of a replay and who of them is under a verdict. */
final class Verdicts {
  private record TagVerdict(Verdict verdict, TaskKey target, long sinceNs) {}

  private final Map<TaskKey, ReplayedProcess> processes = new LinkedHashMap<>();
  private final Map<Integer, TagVerdict> tags = new HashMap<>();

  /** The process of a task that starts; it inherits as it would in the kernel. */
  ReplayedProcess started(TaskStart start, Optional<ReplayedTask> parent) {
    ReplayedProcess process =
        processes.computeIfAbsent(
            start.process(),
            key -> born(key, parent.map(ReplayedTask::process).orElse(null), start.tag()));
    process.taskStarted();
    return process;
  }

  private ReplayedProcess born(TaskKey key, ReplayedProcess parent, int tag) {
    ReplayedProcess process = new ReplayedProcess(key, parent, tag);
    TagVerdict all = tags.get(tag);
    if (all != null) {
      process.block(all.verdict, all.target, all.sinceNs);
    }
    return process;
  }

  void exited(ReplayedProcess process) {
    if (process.taskExited()) {
      processes.remove(process.key());
    }
  }

  void enforce(ReplayedProcess target, Verdict verdict, long nowNs) {
    Collection<ReplayedProcess> all = processes.values();
    switch (verdict.scope()) {
      case PROCESS -> target.block(verdict, target.key(), nowNs);
      case SUBTREE ->
          all.stream()
              .filter(process -> process.descendsFrom(target))
              .forEach(process -> process.block(verdict, target.key(), nowNs));
      case TAG -> {
        tags.put(target.tag(), new TagVerdict(verdict, target.key(), nowNs));
        all.stream()
            .filter(process -> process.tag() == target.tag())
            .forEach(process -> process.block(verdict, target.key(), nowNs));
      }
    }
  }

  /** Lifts the process's verdict, and from others what was pronounced on this one. */
  void release(ReplayedProcess target) {
    target.release();
    tags.values().removeIf(all -> all.target.equals(target.key()));
    processes.values().forEach(process -> process.release(target.key()));
  }

  List<VerdictInForce> inForce() {
    return processes.values().stream()
        .filter(ReplayedProcess::blocked)
        .map(ReplayedProcess::inForce)
        .toList();
  }
}
