// SPDX-License-Identifier: Apache-2.0
package tagwatch.bench;

import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import tagwatch.agent.AgentClient;
import tagwatch.agent.AgentException;
import tagwatch.agent.AgentHome;
import tagwatch.agent.AgentLauncher;
import tagwatch.agent.AgentProcess;
import tagwatch.agent.ShellResult;

/**
 * The loads, each in an agent of its own with the bundle {@code swap.load} dropped in, which swaps
 * and counts from inside.
 */
final class SwapLoads {
  /** Of each load: scorers, models, policies, transports. */
  private static final String SWAPS = "200 100 50 20";

  private static final Path BPF_FILES = Path.of("/sys/fs/bpf");

  /**
   * More than is shipped: the load and the witness live in the agent's heap too. All of it resident
   * from the start, so that what grows is a leak and not the heap.
   */
  private static final List<String> HEAP = List.of("-Xms128m", "-Xmx128m", "-XX:+AlwaysPreTouch");

  private static final double SLICE_S = 0.5;

  private SwapLoads() {}

  /** Open-loop replay of 200 processes. */
  static JsonObject replay(Lab lab, int rate, int seconds) throws IOException {
    AgentHome home = home(lab, "replay");
    try (AgentProcess agent = start(lab, home)) {
      lab.say("%d events a second, swaps %s (scorer, model, policy, transport)", rate, SWAPS);
      Path swapped = home.root().resolve("swapped");
      return ask(
          agent.client(),
          "load:run %d replay '' %d %d %s '%s'".formatted(Lab.TAG, rate, seconds, SWAPS, swapped));
    }
  }

  /** The same for a network, at half of what it can score. */
  static JsonObject network(Lab lab, Path root, int seconds) throws IOException {
    AgentHome home = home(lab, "network");
    try (AgentProcess agent = start(lab, home)) {
      Path training = home.root().resolve("training.twr");
      agent.client().execute("load:training %d '%s'".formatted(Lab.TAG, training));
      lab.say("learning a network");
      String network = learn(root, training, home.root().resolve("networks"));
      lab.say("half of its capacity, swaps %s", SWAPS);
      Path swapped = home.root().resolve("swapped");
      return ask(
          agent.client(),
          "load:run %d replay '%s' 0 %d %s '%s'"
              .formatted(Lab.TAG, network, seconds, SWAPS, swapped));
    }
  }

  /** One pass is enough: how well it predicts is of no interest here. */
  private static String learn(Path root, Path training, Path models) throws IOException {
    String said =
        Lab.run(
            root.resolve("tagwatch").toString(),
            "learn",
            training.toString(),
            "--engine",
            "tflite",
            "--option",
            "epochs=1",
            "--tag",
            Integer.toString(Lab.TAG),
            "--models",
            models.toString(),
            "--json");
    return JsonParser.parseString(lastObject(said)).getAsJsonObject().get("folder").getAsString();
  }

  private static String lastObject(String said) {
    return said.substring(said.lastIndexOf("\n{") + 1);
  }

  /** A tagged web server with visitors, through the kernel. */
  static JsonObject kernel(Lab lab, int seconds) throws IOException {
    AgentHome home = home(lab, "kernel");
    Path pins = BPF_FILES.resolve("tagwatch-bench-" + ProcessHandle.current().pid());
    lab.atEnd(() -> Lab.delete(pins));
    try (WebServer server = WebServer.start(lab, Lab.TAG)) {
      home.configure(
          "tagwatch.ebpf",
          Map.of(
              "pin.directory",
              pins.getFileName().toString(),
              "executables",
              List.of(server.executable().toString())));
      try (AgentProcess agent = start(lab, home)) {
        Path swapped = home.root().resolve("swapped");
        ExecutorService visitors = Executors.newSingleThreadExecutor();
        try {
          visitors.execute(() -> visit(server, swapped));
          lab.say("a web server under load, swaps %s", SWAPS);
          return ask(
              agent.client(),
              "load:run %d ebpf-syscall '' 0 %d %s '%s'"
                  .formatted(Lab.TAG, seconds, SWAPS, swapped));
        } finally {
          visitors.shutdownNow();
        }
      } finally {
        Lab.delete(pins);
      }
    }
  }

  private static void visit(WebServer server, Path swapped) {
    try {
      while (!Files.exists(swapped) && !Thread.currentThread().isInterrupted()) {
        HttpLoad.rate(server.port(), WebServer.PAGE, SLICE_S);
        HttpLoad.rate(server.port(), WebServer.CGI, SLICE_S);
      }
    } catch (IOException e) {
      // the load ends early, which its counts show
      Thread.currentThread().interrupt();
    }
  }

  /** The recorded attack of the demo, cut at each of its events. */
  static JsonObject straddle(Lab lab, Path recordings) throws IOException {
    AgentHome home = home(lab, "attack");
    try (AgentProcess agent = start(lab, home)) {
      lab.say("the recorded attack, cut at each of its events");
      return ask(
          agent.client(),
          "load:straddle 13107 '%s' '%s'"
              .formatted(
                  recordings.resolve("training-13107.twr"),
                  recordings.resolve("attack-13107.twr")));
    }
  }

  static AgentHome home(Lab lab, String name) throws IOException {
    AgentHome home = new AgentHome(lab.freshFolder(name)).create();
    Path bundle = bundle();
    Files.copy(bundle, home.bundles().resolve(bundle.getFileName()));
    return home;
  }

  private static AgentLauncher launcher(AgentHome home, Lab lab) {
    AgentLauncher launcher = new AgentLauncher(home, lab.runtime());
    HEAP.forEach(launcher::option);
    return launcher;
  }

  private static AgentProcess start(Lab lab, AgentHome home) throws IOException {
    AgentProcess agent = launcher(home, lab).start();
    lab.atEnd(agent::close);
    long deadline = System.nanoTime() + 20_000_000_000L;
    while (!agent.client().execute("help").output().contains("load:run")) {
      if (System.nanoTime() > deadline) {
        throw new BenchException("the bundle swap.load did not start; see " + home.log());
      }
      Lab.pause(50);
    }
    return agent;
  }

  private static JsonObject ask(AgentClient client, String command) throws IOException {
    ShellResult result = client.execute(command);
    if (!result.succeeded()) {
      throw new AgentException("'" + command + "': " + result.error());
    }
    // what bundles that start meanwhile log goes to whoever runs the command
    String answer = lastObject(result.output());
    try {
      return JsonParser.parseString(answer).getAsJsonObject();
    } catch (JsonParseException | IllegalStateException e) {
      throw new BenchException("'" + command + "' answered " + result.output(), e);
    }
  }

  /** It lies among the libraries of this program. */
  private static Path bundle() throws BenchException {
    return Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator, -1))
        .map(Path::of)
        .filter(file -> file.getFileName().toString().startsWith("swap.load-"))
        .findFirst()
        .orElseThrow(
            () -> new BenchException("the bundle swap.load is not on the class path; build anew"));
  }
}
