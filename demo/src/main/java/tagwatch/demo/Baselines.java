// SPDX-License-Identifier: Apache-2.0
package tagwatch.demo;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import tagwatch.evaluation.Stide;
import tagwatch.recording.TraceFile.Trace;

/**
 * Simple methods, learned from the recording that the models were learned from, and judged on the
 * recorded events of the attacks that the models saw.
 */
final class Baselines {
  static final String UNSEEN_CALLS = "unseen-calls";
  static final String EXEC_LIST = "exec-allow-list";
  static final String STIDE = "stide-6";

  private static final int FRAME = 20;

  private final Stide calls;
  private final Stide windows;
  private final Set<String> programs;
  private int limit;

  Baselines(List<RecordedTask> training) {
    List<Trace> traces = training.stream().map(RecordedTask::trace).toList();
    calls = new Stide(1, traces);
    windows = new Stide(6, traces);
    programs =
        training.stream()
            .flatMap(task -> task.execs().stream())
            .map(RecordedTask.Exec::path)
            .collect(Collectors.toSet());
  }

  /**
   * Sets the threshold of STIDE to the lowest that raises at most so many false alarms on benign
   * traffic: as many as the model had, so that both are compared at the same rate.
   */
  void calibrate(List<RecordedTask> benign, long falseAlarms) {
    TreeMap<Integer, Integer> counts = new TreeMap<>();
    benign.forEach(task -> counts.merge(windows.mostUnseen(task.trace(), FRAME), 1, Integer::sum));
    limit = FRAME;
    long above = 0;
    while (limit > 0) {
      above += counts.getOrDefault(limit, 0);
      if (above > falseAlarms) {
        break;
      }
      limit--;
    }
  }

  /** Unseen windows of the last {@value #FRAME} that STIDE tolerates. */
  int limit() {
    return limit;
  }

  /** How many of the tasks raise an alarm, by method. */
  Map<String, Long> alarms(List<RecordedTask> tasks) {
    Map<String, Long> alarms = new LinkedHashMap<>();
    for (String method : List.of(UNSEEN_CALLS, EXEC_LIST, STIDE)) {
      alarms.put(method, tasks.stream().filter(task -> alarmAt(method, task).isPresent()).count());
    }
    return alarms;
  }

  /** Events of each task that raises an alarm, up to the alarm, in the order of the tasks. */
  List<Long> alarmsAt(String method, List<RecordedTask> tasks) {
    return tasks.stream()
        .map(task -> alarmAt(method, task))
        .filter(OptionalInt::isPresent)
        .map(event -> (long) event.getAsInt())
        .toList();
  }

  private OptionalInt alarmAt(String method, RecordedTask task) {
    return switch (method) {
      case UNSEEN_CALLS -> calls.alarmAt(task.trace(), 1, 0);
      case STIDE -> windows.alarmAt(task.trace(), FRAME, limit);
      default ->
          task.execs().stream()
              .filter(exec -> !programs.contains(exec.path()))
              .mapToInt(RecordedTask.Exec::after)
              .findFirst();
    };
  }
}
