// SPDX-License-Identifier: Apache-2.0
package tagwatch.protocol;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.agrona.collections.Int2ObjectHashMap;
import tagwatch.event.Executable;
import tagwatch.event.TaskKey;
import tagwatch.event.TaskStart;
import tagwatch.event.TaskStart.Origin;
import tagwatch.transport.EventSink;

/**
 * The sessions of a source and their way to the sink. Belongs to the drain, save what says
 * otherwise. They outlive registrations: an agent that had to register again goes on where it was.
 */
final class Sessions {
  private static final int REMEMBERED = 1024;

  // a thread id has at most one session; who asks compares the start time
  private final Int2ObjectHashMap<Session> byThread = new Int2ObjectHashMap<>();
  private final Map<TaskKey, Integer> tags = new ConcurrentHashMap<>();
  private final Set<TaskKey> ended = new HashSet<>();
  private final Queue<TaskKey> endedInOrder = new ArrayDeque<>();

  /** The session of a task; null if there is none, or only one of an earlier task with its id. */
  Session find(int tid, long startTime) {
    Session session = byThread.get(tid);
    return session != null && session.task.startTimeNs() == startTime ? session : null;
  }

  Session find(TaskKey task) {
    return find(task.threadId(), task.startTimeNs());
  }

  /** The session of the task that has that thread id; null if there is none. */
  Session byThread(int tid) {
    return byThread.get(tid);
  }

  /** All tasks that are watched. Any thread may call. */
  Set<TaskKey> tasks() {
    return tags.keySet();
  }

  /** The tag of a task that is watched; null if it is not. Any thread may call. */
  Integer tagOf(TaskKey task) {
    return tags.get(task);
  }

  /** Whether its end was told a short while ago. */
  boolean hasEnded(TaskKey task) {
    return ended.contains(task);
  }

  List<Session> all() {
    return new ArrayList<>(byThread.values());
  }

  /** Starts a session; one of an earlier task with the same id ended without our hearing of it. */
  Session start(EventSink sink, TaskStart start, long last) {
    Session former = byThread.get(start.task().threadId());
    if (former != null) {
      end(sink, former, start.timestampNs(), former.last);
    }
    int handle = sink.taskStarted(start);
    Session session = new Session(start, handle, last);
    byThread.put(start.task().threadId(), session);
    tags.put(start.task(), start.tag());
    // execve of another thread brings a name back that has ended
    if (ended.remove(start.task())) {
      endedInOrder.remove(start.task());
    }
    return session;
  }

  /** The start of a task as the kernel tells it. */
  static TaskStart told(
      TaskKey task,
      TaskKey process,
      TaskKey parent,
      int tag,
      Executable executable,
      long time,
      Origin origin) {
    return new TaskStart(
        task, process, Optional.ofNullable(parent), tag, executable, Math.max(0, time), origin);
  }

  void end(EventSink sink, Session session, long time, long lastSequence) {
    byThread.remove(session.task.threadId());
    tags.remove(session.task);
    if (ended.add(session.task)) {
      endedInOrder.add(session.task);
      if (endedInOrder.size() > REMEMBERED) {
        ended.remove(endedInOrder.remove());
      }
    }
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

  /** A forked child runs its parent's program. */
  Executable inherited(TaskKey parent) {
    Session from = parent == null ? null : find(parent);
    return from == null ? null : from.executable;
  }
}
