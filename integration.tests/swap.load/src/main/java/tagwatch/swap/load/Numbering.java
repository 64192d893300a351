// SPDX-License-Identifier: Apache-2.0
package tagwatch.swap.load;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import tagwatch.event.Hook;
import tagwatch.event.Vocabulary;

/**
 * Events that say which they are, so that whoever sees three of a task in a row knows the task and
 * the place: one event names the task, the next two the frame of three that they are in.
 *
 * <pre>
 *   k      0       1      2       3       4      5
 *        task-t  low-0  high-0  task-t  low-1  high-0  …
 * </pre>
 *
 * <p>A task that begins again, after a restart of its source, has another name in turn.
 */
final class Numbering {
  static final int TASKS = 200;

  /** Names of a task: one for each other of its lives. */
  static final int LIVES = 2;

  private static final int FRAME = 3;
  private static final int DIGITS = 64;
  private static final int FIRST_LOW = 1 + TASKS * LIVES;
  private static final int FIRST_HIGH = FIRST_LOW + DIGITS;
  static final int HOOKS = FIRST_HIGH + DIGITS - 1;

  /** Places repeat after so many events of a task. */
  static final int PERIOD = FRAME * DIGITS * DIGITS;

  /** Events that are needed to tell where one is. */
  static final int NEEDED = FRAME;

  static final int NOWHERE = -1;

  private Numbering() {}

  static Vocabulary vocabulary() {
    List<Hook> hooks = new ArrayList<>();
    for (int id = 1; id <= HOOKS; id++) {
      hooks.add(new Hook(id, name(id), List.of()));
    }
    return new Vocabulary("numbered", Map.of(), hooks);
  }

  private static String name(int id) {
    if (id < FIRST_LOW) {
      return String.format(Locale.ROOT, "task-%03d", id - 1);
    }
    return id < FIRST_HIGH
        ? String.format(Locale.ROOT, "low-%02d", id - FIRST_LOW)
        : String.format(Locale.ROOT, "high-%02d", id - FIRST_HIGH);
  }

  /**
   * The hook of an event.
   *
   * @param name of the task: its number, plus {@link #TASKS} in each other life
   * @param place the task's own count, from 0
   */
  static int hook(int name, long place) {
    int frame = (int) (place / FRAME % (DIGITS * DIGITS));
    return switch ((int) (place % FRAME)) {
      case 0 -> 1 + name;
      case 1 -> FIRST_LOW + frame % DIGITS;
      default -> FIRST_HIGH + frame / DIGITS;
    };
  }

  /**
   * Where the last of some events in a row is: {@code name * PERIOD + place % PERIOD}, or {@link
   * #NOWHERE} if they are not a piece of one task without a hole or a repetition.
   *
   * @param hooks at least {@link #NEEDED}
   */
  static int locate(int[] hooks, int count) {
    int last = hooks[count - 1];
    int before = hooks[count - 2];
    int first = hooks[count - 3];
    int name;
    int place;
    if (isTask(last) && isHigh(before) && isLow(first)) {
      name = last - 1;
      place = FRAME * (frame(first, before) + 1);
    } else if (isLow(last) && isTask(before) && isHigh(first)) {
      name = before - 1;
      int lowBefore = FIRST_LOW + (last - FIRST_LOW + DIGITS - 1) % DIGITS;
      place = FRAME * (frame(lowBefore, first) + 1) + 1;
    } else if (isHigh(last) && isLow(before) && isTask(first)) {
      name = first - 1;
      place = FRAME * frame(before, last) + 2;
    } else {
      return NOWHERE;
    }
    for (int back = 0; back < count; back++) {
      if (hooks[count - 1 - back] != hook(name, (long) place - back + PERIOD)) {
        return NOWHERE;
      }
    }
    return name * PERIOD + place % PERIOD;
  }

  private static boolean isTask(int hook) {
    return hook >= 1 && hook < FIRST_LOW;
  }

  private static boolean isLow(int hook) {
    return hook >= FIRST_LOW && hook < FIRST_HIGH;
  }

  private static boolean isHigh(int hook) {
    return hook >= FIRST_HIGH && hook <= HOOKS;
  }

  private static int frame(int low, int high) {
    return (high - FIRST_HIGH) * DIGITS + low - FIRST_LOW;
  }
}
