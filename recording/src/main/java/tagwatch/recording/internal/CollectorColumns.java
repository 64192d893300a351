// SPDX-License-Identifier: Apache-2.0
package tagwatch.recording.internal;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.IntStream;
import tagwatch.event.Feature;
import tagwatch.event.FeatureType;
import tagwatch.event.Hook;
import tagwatch.event.Vocabulary;

/**
 * Which columns of a collector's file are features of which hook: those that are not zero in all of
 * its rows. A hook's features are ordered by how many values they take, few first, because models
 * tell events apart by the first ones, and a column of addresses or sizes would tell all apart.
 */
final class CollectorColumns {
  private static final int FIRST = 3;
  private static final int MANY = 256;
  private static final int MOST_FEATURES = 1024;

  private final Map<Integer, List<Set<Integer>>> valuesOf = new TreeMap<>();
  private final Map<Integer, int[]> columnsOf = new HashMap<>();
  private String[] names = {};
  private int width;

  void names(String[] cells) {
    names = cells;
  }

  /** All files together have one width: what a column means is only good for one build. */
  void width(Path file, long line, int columns) throws IOException {
    if (width != 0 && width != columns) {
      throw new IOException(
          file + ":" + line + ": " + columns + " columns, the file before it has " + width);
    }
    width = columns;
  }

  void see(int[] row) {
    List<Set<Integer>> values =
        valuesOf.computeIfAbsent(
            row[0],
            hook -> IntStream.range(0, row.length).mapToObj(i -> Set.<Integer>of()).toList());
    for (int column = FIRST; column < row.length - 1; column++) {
      Set<Integer> seen = values.get(column);
      if (seen.isEmpty() && row[column] == 0) {
        continue;
      }
      if (seen.isEmpty()) {
        List<Set<Integer>> grown = new ArrayList<>(values);
        grown.set(column, new HashSet<>());
        valuesOf.put(row[0], grown);
        values = grown;
        seen = grown.get(column);
      }
      if (seen.size() < MANY) {
        seen.add(row[column]);
      }
    }
  }

  /** The hooks of 2020 with the features that were seen; what the table does not list, too. */
  Vocabulary vocabulary(Vocabulary known) {
    List<Hook> hooks = new ArrayList<>();
    for (Hook hook : known.hooks()) {
      if (!valuesOf.containsKey(hook.id())) {
        hooks.add(hook);
      }
    }
    valuesOf.forEach(
        (hook, values) -> {
          int[] columns =
              IntStream.range(0, values.size())
                  .filter(column -> !values.get(column).isEmpty())
                  .boxed()
                  // one value alone tells nothing
                  .sorted(
                      Comparator.comparing(
                          column -> {
                            int count = values.get(column).size();
                            return count == 1 ? Integer.MAX_VALUE : count;
                          }))
                  .limit(MOST_FEATURES)
                  .mapToInt(Integer::intValue)
                  .toArray();
          columnsOf.put(hook, columns);
          hooks.add(
              new Hook(
                  hook,
                  known.nameOf(hook),
                  Arrays.stream(columns)
                      .mapToObj(column -> new Feature(name(column), FeatureType.FLAGS))
                      .toList()));
        });
    hooks.sort(Comparator.comparing(Hook::id));
    return new Vocabulary(known.name(), known.nameSpaces(), hooks);
  }

  private String name(int column) {
    return column < names.length ? names[column].strip() : "f" + (column - FIRST);
  }

  /**
   * Puts a row's features into slots.
   *
   * @return their length in bytes
   */
  int slots(int[] row, ByteBuffer slots) {
    int[] columns = columnsOf.get(row[0]);
    for (int i = 0; i < columns.length; i++) {
      slots.putShort(i * Short.BYTES, (short) row[columns[i]]);
    }
    return columns.length * Short.BYTES;
  }
}
