// SPDX-License-Identifier: Apache-2.0
package tagwatch.demo;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import tagwatch.agent.AgentException;
import tagwatch.agent.AgentHome;
import tagwatch.agent.AgentLauncher;
import tagwatch.agent.AgentProcess;

/** An agent of the demo's own that watches this kernel: its folder, its configuration, its life. */
final class LiveAgent {
  private static final long OPEN_LIMIT_MS = 15_000;

  private final AgentHome home;
  private final Path pins;
  private final List<Watched> watched;
  private final boolean spareRoot;
  private final AgentLauncher launcher;
  private AgentProcess process;
  private AgentShell shell;

  /**
   * Configures it; nothing is started yet.
   *
   * @param spareRoot whether the first process of a tree is left alone
   */
  LiveAgent(Workplace workplace, Path runtime, List<Watched> watched, boolean spareRoot)
      throws IOException {
    this.home = new AgentHome(workplace.folder().resolve("agent")).create();
    this.pins = workplace.pins();
    this.watched = List.copyOf(watched);
    this.spareRoot = spareRoot;
    this.launcher = new AgentLauncher(home, runtime);
    workplace.atEnd(this::stop);
  }

  AgentHome home() {
    return home;
  }

  AgentShell shell() {
    return shell;
  }

  boolean alive() {
    return process.alive();
  }

  /** Starts it with that first gate for all tags. */
  void start(String gate) throws IOException {
    configure(gate);
    process = launcher.start();
    shell = new AgentShell(process.client());
  }

  synchronized void stop() {
    if (process != null) {
      process.stop();
      process = null;
    }
  }

  private void configure(String gate) throws IOException {
    home.configure(
        "tagwatch.ebpf",
        Map.of(
            "pin.directory",
            pins.getFileName().toString(),
            "executables",
            watched.stream().map(program -> program.executable().toString()).toList()));
    // every attack is a process to stop, and a budget is for a minute
    home.configure(
        "tagwatch.policy.kill", Map.of("budget", 1000, "spareRoot", Boolean.toString(spareRoot)));
    for (Watched program : watched) {
      home.configureTag(
          Integer.toString(program.tag()),
          Map.of(
              "tag", program.tag(),
              "transport", "ebpf-syscall",
              "mode", "live",
              "gate", gate,
              "policy", "kill"));
    }
  }

  /** Waits until it watches; gives what keeps it from that, empty if nothing does. */
  String obstacle() throws AgentException, InterruptedException {
    long deadline = System.nanoTime() + OPEN_LIMIT_MS * 1_000_000;
    while (true) {
      List<String> reasons = waiting();
      if (reasons.isEmpty() || System.nanoTime() > deadline) {
        return String.join("; ", reasons);
      }
      Thread.sleep(100);
    }
  }

  private List<String> waiting() throws AgentException {
    List<String> reasons = new ArrayList<>();
    int tags = 0;
    for (JsonElement element : shell.tags()) {
      tags++;
      JsonObject tag = element.getAsJsonObject();
      if (tag.get("transport").getAsString().contains("waiting")) {
        reasons.add("tag " + tag.get("tag") + ": " + text(tag.getAsJsonArray("problems")));
      }
    }
    if (tags < watched.size()) {
      reasons.add("the agent took up " + tags + " of " + watched.size() + " tags");
    }
    return reasons;
  }

  /** On one line: the reason stands in the demo's first. */
  private static String text(JsonArray problems) {
    StringBuilder text = new StringBuilder();
    for (JsonElement problem : problems) {
      text.append(text.isEmpty() ? "" : "; ");
      text.append(problem.getAsString().strip().replaceAll("\\s*\\n\\s*", "; "));
    }
    return text.toString();
  }

  /** Resident memory in KiB. */
  long residentKb() throws IOException {
    return memoryKb("VmRSS:");
  }

  /** The most resident memory that it ever had, in KiB. */
  long peakKb() throws IOException {
    return memoryKb("VmHWM:");
  }

  private long memoryKb(String field) throws IOException {
    return Files.readAllLines(Path.of("/proc", Long.toString(process.pid()), "status")).stream()
        .filter(line -> line.startsWith(field))
        .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")))
        .findFirst()
        .orElse(0);
  }
}
