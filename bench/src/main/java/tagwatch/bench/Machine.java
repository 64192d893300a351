// SPDX-License-Identifier: Apache-2.0
package tagwatch.bench;

import com.google.gson.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** What a figure must never be read without. */
final class Machine {
  private static final Path PROC = Path.of("/proc");

  private Machine() {}

  static JsonObject describe() throws IOException {
    JsonObject machine = new JsonObject();
    machine.addProperty(
        "processors", Runtime.getRuntime().availableProcessors() + " × " + processor());
    machine.addProperty("memory", first(PROC.resolve("meminfo"), "MemTotal"));
    machine.addProperty(
        "kernel", System.getProperty("os.version") + " " + System.getProperty("os.arch"));
    machine.addProperty("java", System.getProperty("java.vm.version"));
    machine.addProperty(
        "clocksource",
        oneLine(Path.of("/sys/devices/system/clocksource/clocksource0/current_clocksource")));
    machine.addProperty("load", oneLine(PROC.resolve("loadavg")));
    return machine;
  }

  private static String processor() throws IOException {
    String name = first(PROC.resolve("cpuinfo"), "model name");
    return name.equals("unknown") ? System.getProperty("os.arch") : name;
  }

  /** The value of the first line {@code key : value}. */
  private static String first(Path file, String key) throws IOException {
    try (var lines = Files.lines(file)) {
      return lines
          .filter(line -> line.startsWith(key))
          .map(line -> line.substring(line.indexOf(':') + 1).strip())
          .findFirst()
          .orElse("unknown");
    }
  }

  private static String oneLine(Path file) throws IOException {
    return Files.exists(file) ? Files.readString(file).strip() : "unknown";
  }
}
