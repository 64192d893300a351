// SPDX-License-Identifier: Apache-2.0
package tagwatch.shell;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;

/** Rows under headings; columns of numbers are aligned to the right. */
final class Table {
  private static final Pattern NUMERIC = Pattern.compile("[-+0-9.,%]*");
  private static final String GAP = "  ";

  private final List<String[]> rows = new ArrayList<>();

  Table(String... headings) {
    rows.add(headings);
  }

  /** Adds a row with as many cells as there are headings. */
  Table row(Object... cells) {
    if (cells.length != rows.get(0).length) {
      throw new IllegalArgumentException(
          cells.length + " cells under " + rows.get(0).length + " headings");
    }
    rows.add(Arrays.stream(cells).map(Table::cell).toArray(String[]::new));
    return this;
  }

  /** The table, or that sentence if it has no row. */
  String orElse(String nothing) {
    return rows.size() == 1 ? nothing : toString();
  }

  @Override
  public String toString() {
    StringBuilder text = new StringBuilder();
    for (String[] row : rows) {
      StringBuilder line = new StringBuilder();
      for (int column = 0; column < row.length; column++) {
        line.append(column == 0 ? "" : GAP).append(padded(row[column], column));
      }
      text.append(line.toString().stripTrailing()).append('\n');
    }
    return text.toString();
  }

  private String padded(String cell, int column) {
    String padding = " ".repeat(width(column) - cell.length());
    return numeric(column) ? padding + cell : cell + padding;
  }

  private int width(int column) {
    return rows.stream().mapToInt(row -> row[column].length()).max().orElse(0);
  }

  private boolean numeric(int column) {
    return rows.stream().skip(1).allMatch(row -> NUMERIC.matcher(row[column]).matches());
  }

  /** How people read a value: grouped digits, two decimals, {@code -} for what is not there. */
  static String cell(Object value) {
    if (value == null) {
      return "-";
    } else if (value instanceof Float || value instanceof Double) {
      double number = ((Number) value).doubleValue();
      return Double.isFinite(number) ? String.format(Locale.ROOT, "%,.2f", number) : "-";
    } else if (value instanceof Long number) {
      return String.format(Locale.ROOT, "%,d", number);
    }
    String text = Json.label(value);
    return text.isEmpty() ? "-" : text;
  }
}
