// SPDX-License-Identifier: Apache-2.0
package tagwatch.shell;

import java.util.function.Function;
import tagwatch.player.PlayerException;

/**
 * What a command answers: the value itself, for scripts, and its text, JSON if that was asked for.
 *
 * @param value from the player
 * @param text for the screen
 */
public record Reply(Object value, String text) {

  /** Asks the player. */
  @FunctionalInterface
  interface Query<T> {
    T get() throws PlayerException;
  }

  static <T> Reply of(boolean json, Query<T> query, Function<T, String> text)
      throws CommandFailure {
    try {
      T value = query.get();
      return new Reply(value, json ? Json.text(value) : text.apply(value));
    } catch (PlayerException | IllegalArgumentException e) {
      throw new CommandFailure(e.getMessage(), e);
    }
  }

  @Override
  public String toString() {
    return text;
  }
}
