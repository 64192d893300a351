// SPDX-License-Identifier: Apache-2.0
package tagwatch.ebpf;

import java.util.ArrayList;
import java.util.List;

/**
 * Sessions by thread id, open addressing: the hot path must not box its keys. A thread id has at
 * most one session; who asks compares the start time. Belongs to the drain.
 */
final class TaskTable {
  private static final int FIRST_CAPACITY = 256;

  private Session[] slots = new Session[FIRST_CAPACITY];
  private int size;

  Session get(int tid) {
    int mask = slots.length - 1;
    int at = slot(tid, mask);
    while (slots[at] != null && slots[at].tid != tid) {
      at = (at + 1) & mask;
    }
    return slots[at];
  }

  /** The thread id must not be there. */
  void add(Session session) {
    if (2 * (size + 1) > slots.length) {
      grow();
    }
    insert(session);
    size++;
  }

  void remove(int tid) {
    int mask = slots.length - 1;
    int hole = slot(tid, mask);
    while (slots[hole] != null && slots[hole].tid != tid) {
      hole = (hole + 1) & mask;
    }
    if (slots[hole] == null) {
      return;
    }
    size--;
    // closing the gap keeps every probe sequence whole without tombstones
    int at = hole;
    while (true) {
      slots[hole] = null;
      do {
        at = (at + 1) & mask;
        if (slots[at] == null) {
          return;
        }
      } while (between(hole, slot(slots[at].tid, mask), at));
      slots[hole] = slots[at];
      hole = at;
    }
  }

  int size() {
    return size;
  }

  List<Session> all() {
    List<Session> all = new ArrayList<>(size);
    for (Session session : slots) {
      if (session != null) {
        all.add(session);
      }
    }
    return all;
  }

  /** True if home lies cyclically in (hole, at]. */
  private static boolean between(int hole, int home, int at) {
    return hole <= at ? hole < home && home <= at : hole < home || home <= at;
  }

  private static int slot(int tid, int mask) {
    int mixed = tid * 0x9E3779B9;
    return (mixed ^ mixed >>> 15) & mask;
  }

  private void grow() {
    Session[] old = slots;
    slots = new Session[2 * old.length];
    for (Session session : old) {
      if (session != null) {
        insert(session);
      }
    }
  }

  private void insert(Session session) {
    int mask = slots.length - 1;
    int at = slot(session.tid, mask);
    while (slots[at] != null) {
      at = (at + 1) & mask;
    }
    slots[at] = session;
  }
}
