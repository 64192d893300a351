// SPDX-License-Identifier: Apache-2.0
package tagwatch.cli;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import java.io.PrintWriter;
import picocli.CommandLine.Option;

/** {@code --json}: standard output carries nothing but one JSON value. */
final class JsonOption {
  private static final Gson GSON = new GsonBuilder().disableHtmlEscaping().create();

  @Option(
      names = "--json",
      description = "Print the result as JSON, and nothing else on standard output.")
  boolean json;

  boolean wanted() {
    return json;
  }

  void print(PrintWriter out, Object value) {
    out.println(GSON.toJson(value));
    out.flush();
  }
}
