// SPDX-License-Identifier: Apache-2.0
package tagwatch.recording.internal;

import java.util.HashMap;
import java.util.Map;

/**
 * What the 16-bit sequence numbers of a collector's rows tell about lost events. Whether they count
 * the events of a registration or of a process depended on the build; the rows themselves show it.
 */
final class CollectorSequence {
  private static final int MASK = 0xffff;

  private final Map<Integer, Integer> lastOfTag = new HashMap<>();
  private final Map<Integer, Integer> lastOfProcess = new HashMap<>();
  private long rows;
  private long nextOfTag;
  private long nextOfProcess;
  private boolean decided;

  /** Tag and pid of a row in one number. */
  static int process(int[] row) {
    return row[2] << Short.SIZE | row[1];
  }

  static boolean sameTag(int process, int other) {
    return process >>> Short.SIZE == other >>> Short.SIZE;
  }

  /** Looks at a row of the first reading. */
  void see(int[] row) {
    rows++;
    int sequence = row[row.length - 1];
    nextOfTag += follows(lastOfTag.put(row[2], sequence), sequence);
    nextOfProcess += follows(lastOfProcess.put(process(row), sequence), sequence);
  }

  private static int follows(Integer last, int sequence) {
    return last == null || ((last + 1) & MASK) == sequence ? 1 : 0;
  }

  /** Whether all processes of a tag are counted together. */
  boolean sharedByProcesses() {
    return nextOfTag >= nextOfProcess;
  }

  /** How many events are missing before a row of the second reading. */
  long lostBefore(int[] row) {
    if (!decided) {
      decided = true;
      lastOfTag.clear();
      lastOfProcess.clear();
    }
    // numbers that follow each other hardly ever count something else
    if (2 * Math.max(nextOfTag, nextOfProcess) < rows) {
      return 0;
    }
    int sequence = row[row.length - 1];
    Integer last =
        sharedByProcesses()
            ? lastOfTag.put(row[2], sequence)
            : lastOfProcess.put(process(row), sequence);
    int jump = last == null ? 0 : (sequence - last - 1) & MASK;
    // half around: not many lost, but one that came late
    return jump > MASK / 2 ? 0 : jump;
  }
}
