// SPDX-License-Identifier: Apache-2.0
package tagwatch.replay;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntPredicate;
import tagwatch.event.Executable;
import tagwatch.event.TaskStart;
import tagwatch.transport.EventSink;

/** Writes down what it gets. */
final class RecordingSink implements EventSink {
  final List<String> lines = new ArrayList<>();
  final List<TaskStart> starts = new ArrayList<>();
  IntPredicate takes = number -> true;
  IntPredicate refuses = threadId -> false;
  int offered;
  int accepted;

  @Override
  public int taskStarted(TaskStart start) {
    if (refuses.test(start.task().threadId())) {
      return REFUSED;
    }
    starts.add(start);
    lines.add("started " + start.task().threadId());
    return starts.size() - 1;
  }

  private int threadId(int handle) {
    return starts.get(handle).task().threadId();
  }

  @Override
  public void taskExecuted(int handle, Executable executable, long timestampNs) {
    lines.add("executed " + threadId(handle) + " " + executable.path());
  }

  @Override
  public boolean event(
      int handle,
      int hookId,
      long sequence,
      long timestampNs,
      ByteBuffer features,
      int offset,
      int length) {
    if (!takes.test(offered++)) {
      return false;
    }
    accepted++;
    lines.add(threadId(handle) + " #" + sequence + " " + features.getShort(offset));
    return true;
  }

  @Override
  public void gap(int handle, long lost) {
    lines.add("gap " + threadId(handle) + " " + lost);
  }

  @Override
  public void taskExited(int handle, long timestampNs, long lastSequence) {
    lines.add("exited " + threadId(handle) + " #" + lastSequence);
  }
}
