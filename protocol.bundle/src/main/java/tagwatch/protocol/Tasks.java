// SPDX-License-Identifier: Apache-2.0
package tagwatch.protocol;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import tagwatch.event.TaskKey;

/** The tasks of a tag as the kernel lists them. Belongs to the drain. */
final class Tasks {
  /**
   * One of them.
   *
   * @param parent null if it has no tagged one
   */
  record Listed(
      TaskKey task,
      TaskKey process,
      TaskKey parent,
      int tag,
      int origin,
      boolean exited,
      long sequence,
      long settled,
      long timeNs) {

    static Listed of(TaskRecord record) {
      return new Listed(
          record.task(),
          record.process(),
          record.parent(),
          record.tag(),
          record.origin(),
          record.exited(),
          record.sequence(),
          record.settled(),
          record.timeNs());
    }
  }

  private final Registrar registrar;
  private final Pages pages = new Pages();
  private final TaskRecord record = new TaskRecord();

  Tasks(Registrar registrar) {
    this.registrar = registrar;
  }

  /** All, or only those with news. */
  List<Listed> list(Registration registration, boolean newsOnly) throws IOException {
    List<Listed> listed = new ArrayList<>();
    pages.walk(
        registrar::ask,
        Protocol.TASKS,
        registration.tag,
        registration.session,
        newsOnly ? Protocol.PAGE_NEWS : 0,
        TaskRecord.SIZE,
        (at, size) -> listed.add(Listed.of(record.wrap(pages.exchange().bytes(), at, size))));
    return listed;
  }
}
