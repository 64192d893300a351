// SPDX-License-Identifier: Apache-2.0
package tagwatch.event;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;

/**
 * The numbers that the security module of 2020 gave its hooks: what its models, its wire and its
 * collector's files hold instead of names. 3 to 209; the places below are no hooks.
 *
 * <p>The table is the order of that module's own list. Models published with it may come from a
 * build with one more socket hook before 133, which would shift what stands behind; so a name is a
 * strong hint, a number is what was written.
 */
public final class ExeinHooks {
  /** Name of the vocabulary. */
  public static final String VOCABULARY = "exein-2020";

  private static final String TABLE = "exein-2020-hooks.csv";

  private ExeinHooks() {}

  /** The hooks without features, since the list does not tell of any. */
  public static Vocabulary vocabulary() {
    try (InputStream table = ExeinHooks.class.getResourceAsStream(TABLE);
        BufferedReader lines =
            new BufferedReader(new InputStreamReader(table, StandardCharsets.UTF_8))) {
      return new Vocabulary(VOCABULARY, Map.of(), lines.lines().map(ExeinHooks::hook).toList());
    } catch (IOException e) {
      throw new UncheckedIOException(TABLE + " in this bundle cannot be read", e);
    }
  }

  private static Hook hook(String line) {
    int comma = line.indexOf(',');
    return new Hook(
        Integer.parseInt(line.substring(0, comma)), line.substring(comma + 1), List.of());
  }
}
