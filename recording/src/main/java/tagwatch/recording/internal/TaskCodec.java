// SPDX-License-Identifier: Apache-2.0
package tagwatch.recording.internal;

import java.util.List;
import java.util.Optional;
import tagwatch.event.Executable;
import tagwatch.event.TaskKey;
import tagwatch.event.TaskStart;

/** A task's start and program as bytes. */
final class TaskCodec {
  private static final int LEADER = 1;
  private static final int HAS_PARENT = 2;
  private static final int KNOWN_FLAGS = LEADER | HAS_PARENT;

  /** By their number in the file, which does not depend on the order in the source. */
  private static final List<TaskStart.Origin> ORIGINS =
      List.of(
          TaskStart.Origin.FORKED,
          TaskStart.Origin.EXECUTED,
          TaskStart.Origin.ADOPTED,
          TaskStart.Origin.RESUMED);

  private TaskCodec() {}

  static void write(Column to, TaskStart start) {
    boolean leader = start.process().equals(start.task());
    to.single((leader ? LEADER : 0) | (start.parent().isPresent() ? HAS_PARENT : 0));
    to.single(ORIGINS.indexOf(start.origin()));
    key(to, start.task());
    if (!leader) {
      key(to, start.process());
    }
    start.parent().ifPresent(parent -> key(to, parent));
    to.varint(start.tag());
    write(to, start.executable());
  }

  static void write(Column to, Executable executable) {
    to.string(executable.path());
    to.string(executable.buildId());
  }

  static TaskStart start(ColumnCursor from, long timestampNs) throws MalformedException {
    int flags = from.single();
    if ((flags & ~KNOWN_FLAGS) != 0) {
      throw new MalformedException("unknown flags of a task: " + flags);
    }
    TaskStart.Origin origin = ORIGINS.get(from.bounded("origin", ORIGINS.size() - 1));
    TaskKey task = key(from);
    TaskKey process = (flags & LEADER) != 0 ? task : key(from);
    Optional<TaskKey> parent =
        (flags & HAS_PARENT) != 0 ? Optional.of(key(from)) : Optional.empty();
    int tag = from.bounded("tag", 0xffff);
    return new TaskStart(task, process, parent, tag, executable(from), timestampNs, origin);
  }

  static Executable executable(ColumnCursor from) throws MalformedException {
    String path = from.string("path");
    return new Executable(path, from.string("build id"));
  }

  private static void key(Column to, TaskKey key) {
    to.varint(key.threadId());
    to.varint(key.startTimeNs());
  }

  private static TaskKey key(ColumnCursor from) throws MalformedException {
    int threadId = from.bounded("thread id", Integer.MAX_VALUE);
    long startTimeNs = from.varint();
    if (threadId == 0 || startTimeNs < 0) {
      throw new MalformedException(
          "not a task: threadId=" + threadId + " startTimeNs=" + startTimeNs);
    }
    return new TaskKey(threadId, startTimeNs);
  }
}
