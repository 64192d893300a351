// SPDX-License-Identifier: Apache-2.0
package tagwatch.ebpf;

import java.nio.ByteBuffer;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import tagwatch.event.Executable;
import tagwatch.event.TaskKey;
import tagwatch.event.TaskStart;
import tagwatch.event.TaskStart.Origin;
import tagwatch.transport.EventSink;

/**
 * The sessions of a source and their way to the sink. Belongs to the drain, save {@link
 * #processOf}.
 */
final class Delivery {
  private static final Origin[] ORIGINS = {Origin.FORKED, Origin.EXECUTED, Origin.ADOPTED};

  private final TaskTable table = new TaskTable();
  private final Map<TaskKey, TaskKey> processes = new ConcurrentHashMap<>();
  private final Tags tags;
  private final Set<Integer> watched;

  Delivery(Tags tags, Set<Integer> watched) {
    this.tags = tags;
    this.watched = watched;
  }

  /** The process of a task that is watched; null if it is not. Any thread may call. */
  TaskKey processOf(TaskKey task) {
    return processes.get(task);
  }

  TaskTable table() {
    return table;
  }

  /** The session of a task; null if there is none, or only one of an earlier task with its id. */
  Session find(int tid, long startTime) {
    Session session = table.get(tid);
    return session != null && session.startTime == startTime ? session : null;
  }

  /** Starts a session; one of an earlier task with the same id ended without our hearing of it. */
  Session start(
      EventSink sink,
      TaskKey task,
      TaskKey process,
      TaskKey parent,
      int tag,
      Executable executable,
      long time,
      Origin origin,
      long last) {
    Session former = table.get(task.threadId());
    if (former != null) {
      end(sink, former, time, former.last);
    }
    int handle = EventSink.REFUSED;
    if (watched.contains(tag)) {
      handle =
          sink.taskStarted(
              new TaskStart(
                  task, process, Optional.ofNullable(parent), tag, executable, time, origin));
    }
    Session session = new Session(task, process, handle, executable, last);
    session.lastTime = time;
    table.add(session);
    processes.put(task, process);
    return session;
  }

  /** Starts a session from an image. */
  Session start(EventSink sink, Image image, Origin origin, long last) {
    TaskKey process = image.process();
    return start(
        sink,
        image.task(),
        process,
        image.parent(),
        image.tag(),
        executableOf(image.parent(), process),
        image.timestampNs(),
        origin,
        last);
  }

  /** Starts a session from a {@code struct tw_task_event}. */
  Session start(EventSink sink, ByteBuffer data, int record, Executable executable) {
    long start = data.getLong(record + Layout.EVENT_START);
    TaskKey task = new TaskKey(data.getInt(record + Layout.EVENT_TID), start);
    TaskKey process =
        new TaskKey(
            data.getInt(record + Layout.EVENT_TGID),
            data.getLong(record + Layout.TASK_EVENT_LEADER_START));
    int parentTid = data.getInt(record + Layout.TASK_EVENT_PARENT_TID);
    TaskKey parent =
        parentTid == 0
            ? null
            : new TaskKey(parentTid, data.getLong(record + Layout.TASK_EVENT_PARENT_START));
    return start(
        sink,
        task,
        process,
        parent,
        Short.toUnsignedInt(data.getShort(record + Layout.EVENT_TAG)),
        executable == null ? executableOf(parent, process) : executable,
        data.getLong(record + Layout.EVENT_TIME),
        origin(data.getShort(record + Layout.TASK_EVENT_ORIGIN)),
        0);
  }

  static Origin origin(int number) {
    return ORIGINS[number];
  }

  void end(EventSink sink, Session session, long time, long lastSequence) {
    table.remove(session.tid);
    processes.remove(session.task);
    if (session.handle != EventSink.REFUSED) {
      sink.taskExited(session.handle, time, lastSequence);
    }
  }

  void executed(EventSink sink, Session session, Executable executable, long time) {
    session.executable = executable;
    if (session.handle != EventSink.REFUSED) {
      sink.taskExecuted(session.handle, executable, time);
    }
  }

  /** A forked child runs its parent's program: asking the kernel for each would cost a walk. */
  private Executable executableOf(TaskKey parent, TaskKey process) {
    Session from = parent == null ? null : find(parent.threadId(), parent.startTimeNs());
    return from != null ? from.executable : tags.executable(process.threadId());
  }
}
