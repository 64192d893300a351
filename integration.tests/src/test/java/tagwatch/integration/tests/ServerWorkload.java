// SPDX-License-Identifier: Apache-2.0
package tagwatch.integration.tests;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import tagwatch.event.Executable;
import tagwatch.event.Feature;
import tagwatch.event.FeatureType;
import tagwatch.event.Hook;
import tagwatch.event.TaskKey;
import tagwatch.event.TaskStart;
import tagwatch.event.Vocabulary;
import tagwatch.recording.RecordingHeader;
import tagwatch.recording.RecordingOptions;
import tagwatch.recording.RecordingWriter;

/**
 * Recordings of servers that fork a worker for each request, as a busybox httpd does. The same seed
 * gives the same bytes.
 *
 * <pre>
 *   server (boot, then poll accept fork … wait4)
 *     ├─ worker: static page      up to three at a time, interleaved
 *     ├─ worker: CGI script (exec)
 *     └─ attacker: socket connect dup2 … then reads what it should not
 *          └─ its child, the same
 * </pre>
 */
final class ServerWorkload {
  /** Longer than any model's window here, so that only the server's first events warm up. */
  private static final int BOOT_EVENTS = 24;

  private static final int WORKERS = 3;
  private static final long STEP_NS = 50_000;
  private static final int ATTACK_EVENTS = 400;
  private static final List<String> HOOKS =
      List.of(
          "poll",
          "accept",
          "fork",
          "wait4",
          "read",
          "open",
          "fstat",
          "write",
          "close",
          "exit_group",
          "brk",
          "mmap",
          "execve",
          "socket",
          "connect",
          "dup2",
          "unlink",
          "chmod");

  static final Vocabulary VOCABULARY = vocabulary("test-server");

  /** What is in a file: events and processes by tag, process ids of the attackers. */
  record Written(
      Path file,
      Map<Integer, Long> events,
      Map<Integer, Integer> processes,
      Set<Integer> attackers) {
    long events(int tag) {
      return events.get(tag);
    }

    long total() {
      return events.values().stream().mapToLong(Long::longValue).sum();
    }
  }

  private final Random random;
  private final List<Server> servers = new ArrayList<>();
  private final Set<Integer> attackers = new HashSet<>();
  private final ByteBuffer slots = ByteBuffer.allocate(2).order(ByteOrder.nativeOrder());
  private RecordingWriter writer;
  private long nowNs = 1_000_000_000L;
  private int nextThreadId = 2000;

  ServerWorkload(long seed) {
    random = new Random(seed);
  }

  static Vocabulary vocabulary(String name) {
    List<Hook> hooks = new ArrayList<>();
    for (String hook : HOOKS) {
      List<Feature> features =
          hook.equals("open") ? List.of(new Feature("path", FeatureType.PATH_CLASS)) : List.of();
      hooks.add(new Hook(hooks.size() + 1, hook, features));
    }
    return new Vocabulary(name, Map.of(), hooks);
  }

  /** A server with so many requests, all of them benign. */
  ServerWorkload server(int tag, int requests) {
    return server(tag, requests, requests);
  }

  /** A server whose request of that number is an attack. */
  ServerWorkload server(int tag, int requests, int attackAt) {
    servers.add(new Server(tag, requests, attackAt));
    return this;
  }

  Written write(Path file) throws IOException {
    RecordingHeader header =
        new RecordingHeader(
            5, nowNs, "test", "generated", VOCABULARY, Map.of("workload", "server"));
    try (RecordingWriter opened = RecordingWriter.open(file, header, RecordingOptions.DEFAULT)) {
      writer = opened;
      for (Server server : servers) {
        server.boot();
      }
      List<Server> busy = new ArrayList<>(servers);
      while (!busy.isEmpty()) {
        busy.get(random.nextInt(busy.size())).step();
        busy.removeIf(Server::idle);
      }
    }
    Map<Integer, Long> events = new TreeMap<>();
    Map<Integer, Integer> processes = new TreeMap<>();
    for (Server server : servers) {
      events.put(server.tag, server.events);
      processes.put(server.tag, server.processes);
    }
    return new Written(file, events, processes, Set.copyOf(attackers));
  }

  /** A task and what it is still going to do. */
  private static final class Task {
    final TaskStart start;
    final int number;
    final List<String> script;
    long sequence;
    int done;

    Task(TaskStart start, int number, List<String> script) {
      this.start = start;
      this.number = number;
      this.script = script;
    }
  }

  /** A server with its workers. */
  private final class Server {
    final int tag;
    final int requests;
    final int attackAt;
    final List<Task> workers = new ArrayList<>();
    Task listener;
    int served;
    long events;
    int processes;

    Server(int tag, int requests, int attackAt) {
      this.tag = tag;
      this.requests = requests;
      this.attackAt = attackAt;
    }

    void boot() throws IOException {
      listener = start(Optional.empty(), List.of());
      for (int i = 0; i < BOOT_EVENTS; i++) {
        emit(listener, i % 2 == 0 ? "poll" : "brk");
      }
    }

    boolean idle() {
      return served == requests && workers.isEmpty();
    }

    void step() throws IOException {
      if (served < requests && workers.size() < WORKERS && random.nextInt(8) == 0) {
        request();
      } else if (!workers.isEmpty()) {
        advance(workers.get(random.nextInt(workers.size())));
      }
    }

    private void request() throws IOException {
      for (String hook : List.of("poll", "accept", "fork")) {
        emit(listener, hook);
      }
      boolean attack = served == attackAt;
      served++;
      Task worker = start(Optional.of(listener), attack ? attack(true) : benign());
      workers.add(worker);
      if (attack) {
        attackers.add(worker.start.task().threadId());
      }
    }

    private void advance(Task worker) throws IOException {
      String next = worker.script.get(worker.done++);
      if (next.equals("execve /bin")) {
        writer.taskExecuted(worker.number, new Executable("/bin/cgi", ""), nowNs);
      }
      emit(worker, next);
      if (next.equals("fork")) {
        Task child = start(Optional.of(worker), attack(false));
        workers.add(child);
        attackers.add(child.start.task().threadId());
      }
      if (worker.done == worker.script.size()) {
        writer.taskExited(worker.number, nowNs, worker.sequence);
        workers.remove(worker);
        emit(listener, "wait4");
      }
    }

    private Task start(Optional<Task> parent, List<String> script) throws IOException {
      TaskKey key = new TaskKey(nextThreadId++, nowNs);
      TaskStart start =
          new TaskStart(
              key,
              key,
              parent.map(it -> it.start.task()),
              tag,
              new Executable("/srv/httpd-" + tag, "ab" + tag),
              nowNs,
              parent.isEmpty() ? TaskStart.Origin.EXECUTED : TaskStart.Origin.FORKED);
      processes++;
      return new Task(start, writer.taskStarted(start), script);
    }

    private void emit(Task task, String call) throws IOException {
      String[] words = call.split(" ", 2);
      int length = 0;
      if (words[0].equals("open")) {
        slots.putShort(0, (short) FeatureType.PATH_CLASS.valueNames().indexOf(words[1]));
        length = 2;
      }
      nowNs += STEP_NS;
      int hook = HOOKS.indexOf(words[0]) + 1;
      writer.event(task.number, hook, ++task.sequence, nowNs, slots, 0, length);
      events++;
    }
  }

  private List<String> benign() {
    List<String> script = new ArrayList<>(List.of("read"));
    switch (random.nextInt(3)) {
      case 0 -> {
        script.addAll(List.of("open var", "fstat"));
        for (int blocks = 1 + random.nextInt(3); blocks > 0; blocks--) {
          script.addAll(List.of("read", "write"));
        }
        script.add("close");
      }
      case 1 -> script.addAll(List.of("open var", "write"));
      default ->
          script.addAll(
              List.of(
                  "execve /bin",
                  "brk",
                  "open lib",
                  "fstat",
                  "mmap",
                  "mmap",
                  "close",
                  "brk",
                  "read",
                  "open var",
                  "read",
                  "close",
                  "write"));
    }
    script.addAll(List.of("close", "exit_group"));
    return script;
  }

  private List<String> attack(boolean forks) {
    List<String> script = new ArrayList<>(List.of("read", "socket", "connect"));
    script.addAll(List.of("dup2", "dup2", "dup2", "execve /sh", "open credentials"));
    if (forks) {
      script.addAll(List.of("chmod", "fork"));
    }
    List<String> calls = List.of("open credentials", "unlink", "chmod", "connect", "write");
    for (int i = 0; i < ATTACK_EVENTS; i++) {
      script.add(calls.get(random.nextInt(calls.size())));
    }
    script.add("exit_group");
    return script;
  }
}
