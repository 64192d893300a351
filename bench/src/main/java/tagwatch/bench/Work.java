// SPDX-License-Identifier: Apache-2.0
package tagwatch.bench;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a workload says of itself.
 *
 * @param calls system calls that it made in its loop
 * @param nanos that they took
 */
record Work(long calls, long nanos) {
  private static final Pattern SAID = Pattern.compile("calls=(\\d+) ns=(\\d+)");

  /** Runs {@code workload what n argument…} to its end. */
  static Work of(Path workload, String what, long n, List<Path> arguments) throws IOException {
    List<String> command = new ArrayList<>(List.of(workload.toString(), what, Long.toString(n)));
    arguments.forEach(argument -> command.add(argument.toString()));
    return parse(Lab.run(command.toArray(String[]::new)));
  }

  static Work parse(String said) throws BenchException {
    Matcher numbers = SAID.matcher(said);
    if (!numbers.find()) {
      throw new BenchException("the workload did not say what it did, but: '" + said + "'");
    }
    return new Work(Long.parseLong(numbers.group(1)), Long.parseLong(numbers.group(2)));
  }

  /** Millions of calls a second. */
  double millionsPerSecond() {
    return calls * 1e3 / nanos;
  }

  double nanosPerCall() {
    return (double) nanos / calls;
  }
}
