// SPDX-License-Identifier: Apache-2.0
package tagwatch.cli;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/**
 * A command line for the agent's shell, made of words that are to arrive as they are. Everything
 * that Gogo could take for its own is escaped: a file named {@code $(x)} must not become a command.
 */
final class GogoLine {
  private static final String PLAIN = "/._-+:,@";

  private final List<String> words = new ArrayList<>();

  GogoLine(String command) {
    words.add("tagwatch:" + command);
  }

  GogoLine word(Object word) {
    words.add(escaped(word.toString()));
    return this;
  }

  GogoLine words(Collection<?> more) {
    more.forEach(this::word);
    return this;
  }

  /** An option with its value, if there is one. */
  GogoLine option(String name, Object value) {
    return value == null ? this : word(name).word(value);
  }

  /** A switch, if it is on. */
  GogoLine flag(String name, boolean on) {
    return on ? word(name) : this;
  }

  private static String escaped(String word) {
    if (word.isEmpty()) {
      return "''";
    }
    StringBuilder text = new StringBuilder();
    word.codePoints()
        .forEach(
            c -> {
              if (Character.isLetterOrDigit(c) || PLAIN.indexOf(c) >= 0) {
                text.appendCodePoint(c);
              } else if (Character.isISOControl(c)) {
                text.append('\'').appendCodePoint(c).append('\'');
              } else {
                text.append('\\').appendCodePoint(c);
              }
            });
    return text.toString();
  }

  @Override
  public String toString() {
    return String.join(" ", words);
  }
}
