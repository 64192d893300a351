// SPDX-License-Identifier: Apache-2.0
package tagwatch.bench;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import tagwatch.agent.AgentClient;
import tagwatch.agent.AgentException;
import tagwatch.agent.AgentHome;
import tagwatch.agent.AgentLauncher;
import tagwatch.agent.AgentProcess;
import tagwatch.agent.ShellResult;

/**
 * An agent as it is shipped, with a folder and pins of its own. It can be stopped, which also takes
 * its programs out of the kernel, and started again.
 */
final class Watch implements AutoCloseable {
  private static final Path BPF_FILES = Path.of("/sys/fs/bpf");
  private static final long OPEN_LIMIT_MS = 20_000;
  private static final long SETTLE_LIMIT_MS = 60_000;

  /** Something that a model is learned from. */
  @FunctionalInterface
  interface Traffic {
    void run() throws IOException;
  }

  private final Lab lab;
  private final AgentHome home;
  private final Path pins;
  private final Map<Integer, Map<String, Object>> tags = new LinkedHashMap<>();
  private final Set<Path> executables = new LinkedHashSet<>();
  private AgentProcess process;
  private AgentClient client;
  private Map<Long, String> threads = Map.of();

  /** Not started yet. */
  Watch(Lab lab, String name) throws IOException {
    this.lab = lab;
    Path folder = lab.freshFolder(name);
    home = new AgentHome(folder).create();
    pins = BPF_FILES.resolve("tagwatch-bench-" + ProcessHandle.current().pid());
    lab.atEnd(this::stop);
    // every attack is a process to stop, and the budget is for a minute
    home.configure("tagwatch.policy.kill", Map.of("budget", 1000));
  }

  /**
   * Watches a tag.
   *
   * @param gate the first one
   * @param executable a program with that tag, to be known before it runs first
   */
  Watch tag(int tag, String gate, String policy, Path executable) throws IOException {
    executables.add(executable);
    home.configure(
        "tagwatch.ebpf",
        Map.of(
            "pin.directory",
            pins.getFileName().toString(),
            "executables",
            executables.stream().map(Path::toString).toList()));
    tags.put(
        tag,
        Map.of(
            "tag", tag,
            "transport", "ebpf-syscall",
            "mode", "live",
            "gate", gate,
            "policy", policy));
    return this;
  }

  /** Starts it and waits until it watches. */
  Watch start() throws IOException {
    for (int tag : tags.keySet()) {
      home.unconfigure("tagwatch.tag-" + tag);
    }
    process = new AgentLauncher(home, lab.runtime()).start();
    client = process.client();
    // The tags come last: a transport that has not been told its pins yet would open others.
    for (Map.Entry<Integer, Map<String, Object>> tag : tags.entrySet()) {
      home.configureTag(tag.getKey().toString(), tag.getValue());
    }
    awaitOpen();
    if (!tags.isEmpty() && !Files.isDirectory(pins)) {
      throw new BenchException(
          "the agent keeps its kernel part elsewhere than in "
              + pins
              + "; see './tagwatch unload'");
    }
    String names = jcmd("Thread.print");
    threads =
        ThreadNames.of(names).entrySet().stream()
            .filter(thread -> thread.getValue().startsWith("tagwatch-"))
            .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue));
    return this;
  }

  private void awaitOpen() throws IOException {
    long deadline = System.nanoTime() + OPEN_LIMIT_MS * 1_000_000;
    while (true) {
      String obstacle = obstacle();
      if (obstacle.isEmpty()) {
        return;
      }
      if (System.nanoTime() > deadline) {
        throw new BenchException("the agent does not watch: " + obstacle);
      }
      Lab.pause(50);
    }
  }

  private String obstacle() throws AgentException {
    JsonArray known = tags();
    if (known.size() < tags.size()) {
      return "it took up " + known.size() + " of " + tags.size() + " tags: " + status();
    }
    for (JsonElement element : known) {
      JsonObject tag = element.getAsJsonObject();
      if (tag.get("transport").getAsString().contains("waiting")) {
        return "tag " + tag.get("tag") + ": " + tag.get("problems");
      }
    }
    return "";
  }

  AgentClient client() {
    return client;
  }

  long pid() {
    return process.pid();
  }

  JsonObject status() throws AgentException {
    return client.executeJson("tagwatch:status").getAsJsonObject();
  }

  private JsonArray tags() throws AgentException {
    return client.executeJson("tagwatch:tags").getAsJsonArray();
  }

  Books books() throws AgentException {
    return Books.of(client.executeJson("tagwatch:counters").getAsJsonObject());
  }

  /** Waits until nothing is on its way, and gives the accounting then. */
  Books settled() throws IOException {
    long deadline = System.nanoTime() + SETTLE_LIMIT_MS * 1_000_000;
    Books last = books();
    while (true) {
      Lab.pause(60);
      Books now = books();
      if (now.equals(last) && now.balanced() && now.waiting() == 0) {
        return now;
      }
      if (System.nanoTime() > deadline) {
        throw new BenchException("the agent does not come to rest: " + now);
      }
      last = now;
    }
  }

  /** CPU time of the agent's threads that touch events. */
  CpuTimes cpu() throws IOException {
    return CpuTimes.of(process.pid(), threads);
  }

  /** Resident memory in MB. */
  double residentMb() throws BenchException {
    return process
            .rssKb()
            .orElseThrow(() -> new BenchException("the agent " + process.pid() + " has ended"))
        / 1024.0;
  }

  /** Bytes of all live objects on the heap. */
  long heapBytes() throws IOException {
    return HeapHistogram.bytes(jcmd("GC.class_histogram"));
  }

  private String jcmd(String command) throws IOException {
    Path jcmd = Path.of(System.getProperty("java.home"), "bin", "jcmd");
    return Lab.run(jcmd.toString(), Long.toString(process.pid()), command);
  }

  /** Records traffic, learns a model of order 5 by the white paper's rule, and waits for it. */
  void learn(int tag, Traffic traffic) throws IOException {
    Path recording = home.root().resolve("training-" + tag + ".twr");
    order("tagwatch:record " + tag + " '" + recording + "'");
    traffic.run();
    settled();
    order("tagwatch:record " + tag + " stop");
    order(
        "tagwatch:learn --tag "
            + tag
            + " --engine markov --option order=5 --rolling 20 --threshold max:2 --models '"
            + home.models()
            + "' '"
            + recording
            + "'");
    awaitModel(tag);
  }

  /** Waits until the tag's model scores. */
  void awaitModel(int tag) throws IOException {
    long deadline = System.nanoTime() + OPEN_LIMIT_MS * 1_000_000;
    while (!scoring(tag)) {
      if (System.nanoTime() > deadline) {
        throw new BenchException("no model scores tag " + tag + ": " + tags());
      }
      Lab.pause(100);
    }
  }

  private boolean scoring(int tag) throws AgentException {
    for (JsonElement element : tags()) {
      JsonObject one = element.getAsJsonObject();
      if (one.get("tag").getAsInt() == tag) {
        return !one.get("engine").getAsString().isEmpty();
      }
    }
    return false;
  }

  /** Gives an order to the shell. */
  void order(String command) throws AgentException {
    ShellResult result = client.execute(command);
    if (!result.succeeded()) {
      throw new AgentException("'" + command + "': " + result.error());
    }
  }

  /** Ends the agent and takes its programs out of the kernel. */
  synchronized void stop() throws IOException {
    if (process != null) {
      client.close();
      process.stop();
      process = null;
      // What tagwatch:unload does, without a framework of its own: nobody else uses these pins.
      Lab.delete(pins);
    }
  }

  @Override
  public void close() throws IOException {
    stop();
  }
}
