// SPDX-License-Identifier: Apache-2.0
package tagwatch.agent;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * The text of a configuration file as Felix File Install reads it.
 *
 * <p>Plain values are written as a person would. One value that is not plain makes File Install's
 * quoted form necessary, and that form only counts if every value of the file has it. Within quotes
 * everything special is written as {@code \\uXXXX}: File Install first replaces {@code ${...}} and
 * drops some backslashes, then reads the quotes, and these escapes pass the first step unharmed.
 */
final class ConfigurationFile {
  private static final Pattern KEY = Pattern.compile("[A-Za-z0-9_.]+");
  private static final Pattern PLAIN = Pattern.compile("[A-Za-z0-9/._][A-Za-z0-9/._:,@%+-]*");

  private ConfigurationFile() {}

  static String text(Map<String, ?> values) {
    boolean plain = values.values().stream().allMatch(ConfigurationFile::isPlain);
    StringBuilder text = new StringBuilder();
    new TreeMap<>(values)
        .forEach(
            (key, value) ->
                text.append(checked(key))
                    .append(" = ")
                    .append(plain ? value.toString() : typed(value))
                    .append('\n'));
    return text.toString();
  }

  private static String checked(String key) {
    if (!KEY.matcher(key).matches()) {
      throw new IllegalArgumentException(
          "'" + key + "' is not a configuration key: letters, digits, points and underscores");
    }
    return key;
  }

  private static boolean isPlain(Object value) {
    return !(value instanceof List) && PLAIN.matcher(value.toString()).matches();
  }

  private static String typed(Object value) {
    if (value instanceof List<?> list) {
      return list.stream()
          .map(element -> quoted(element.toString()))
          .collect(Collectors.joining(", ", "[ ", " ]"));
    }
    return quoted(value.toString());
  }

  private static String quoted(String value) {
    StringBuilder quoted = new StringBuilder("\"");
    value
        .chars()
        .forEach(
            c -> {
              if (c == ' ' || PLAIN.matcher("." + (char) c).matches()) {
                quoted.append((char) c);
              } else {
                quoted.append(String.format("\\u%04x", c));
              }
            });
    return quoted.append('"').toString();
  }
}
