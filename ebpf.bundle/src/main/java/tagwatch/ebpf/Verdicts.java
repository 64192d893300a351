// SPDX-License-Identifier: Apache-2.0
package tagwatch.ebpf;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tagwatch.event.TaskKey;
import tagwatch.event.Verdict;
import tagwatch.event.Verdict.Kind;
import tagwatch.event.Verdict.Scope;
import tagwatch.transport.Enforcement;
import tagwatch.transport.Enforcement.Outcome;
import tagwatch.transport.VerdictInForce;

/**
 * Verdicts: into the kernel first, where they hit the next system call, then the signal or the
 * freezer. One at a time.
 */
final class Verdicts {
  private static final Logger LOG = LoggerFactory.getLogger(Verdicts.class);

  /** In the order of {@code enum tw_scope}. */
  private static final List<Scope> SCOPES = List.of(Scope.PROCESS, Scope.SUBTREE, Scope.TAG);

  private static final int REHEARSALS = 50;
  private static final int GENERATIONS = 64;
  private static final long STOP_PATIENCE = TimeUnit.MILLISECONDS.toNanos(500);

  private final KernelPart kernel;
  private final Processes processes;
  private final Optional<Freezer> freezer;
  private final Lock turn = new ReentrantLock();

  Verdicts(KernelPart kernel) throws IOException {
    this.kernel = kernel;
    this.processes = new Processes(kernel.dump());
    this.freezer = Freezer.find();
  }

  /**
   * Goes all the way to a verdict and back for a process that cannot exist. Without it the first
   * verdict of an agent would load classes and bind native calls while the process goes on:
   * measured as 8 to 24 ms, in which an attacker completed three commands.
   */
  void rehearse() {
    TaskKey nobody = new TaskKey(Integer.MAX_VALUE, 1);
    for (int i = 0; i < REHEARSALS; i++) {
      Enforcement enforcement = enforce(nobody, 0, new Verdict(Kind.KILL, Scope.SUBTREE));
      if (enforcement.outcome() != Outcome.GONE) {
        LOG.warn("rehearsal of a verdict: {}", enforcement);
        return;
      }
    }
  }

  /** Carries out a verdict on a process that is known to be tagged. */
  Enforcement enforce(TaskKey process, int tag, Verdict verdict) {
    if (verdict.kind() == Kind.ALERT) {
      return new Enforcement(Outcome.DONE, "an alert changes nothing in the kernel");
    }
    if (verdict.kind() == Kind.DENY) {
      return new Enforcement(
          Outcome.REFUSED, "system call tracepoints cannot deny a call; use suspend or kill");
    }
    if (untouchable(process)) {
      return new Enforcement(
          Outcome.REFUSED, "process " + process.threadId() + " is pid 1 or the agent itself");
    }
    turn.lock();
    try {
      return carryOut(process, tag, verdict);
    } catch (IOException e) {
      return new Enforcement(
          Outcome.FAILED, verdict + " on process " + process.threadId() + ": " + e.getMessage());
    } finally {
      turn.unlock();
    }
  }

  private boolean untouchable(TaskKey process) {
    return process.threadId() == 1
        || process.threadId() == kernel.control().value(Layout.CONTROL_AGENT_TGID);
  }

  private Enforcement carryOut(TaskKey process, int tag, Verdict verdict) throws IOException {
    // before the entries: a hook that sees an entry but not the gate would let a call pass
    kernel.control().value(Layout.CONTROL_VERDICTS, 1);
    int phase = verdict.kind() == Kind.SUSPEND ? Layout.PHASE_STOPPING : Layout.PHASE_FULL;
    put(process, tag, verdict, phase, process);
    if (verdict.scope() == Scope.TAG) {
      // one that starts later meets it at its first call; there is nobody to stop it, so it dies
      kernel.tagVerdicts().put(word(tag), value(tag, verdict, Layout.PHASE_FULL, now(), process));
    }
    Set<TaskKey> hit = new LinkedHashSet<>();
    String detail = act(process, tag, verdict);
    hit.add(process);
    for (int generation = 0; generation < GENERATIONS; generation++) {
      Set<TaskKey> more = reached(process, hit, tag, verdict.scope());
      if (more.isEmpty()) {
        break;
      }
      for (TaskKey other : more) {
        put(other, tag, verdict, phase, process);
      }
      for (TaskKey other : more) {
        if (act(other, tag, verdict) == null) {
          kernel.verdicts().remove(key(other));
        }
        hit.add(other);
      }
    }
    if (detail == null) {
      kernel.verdicts().remove(key(process));
      if (hit.size() == 1 && verdict.scope() != Scope.TAG) {
        closeGate();
        return new Enforcement(Outcome.GONE, "process " + process.threadId() + " has ended");
      }
      detail = "process " + process.threadId() + " has ended";
    }
    return new Enforcement(Outcome.DONE, detail + "; processes: " + hit.size());
  }

  private Set<TaskKey> reached(TaskKey process, Set<TaskKey> hit, int tag, Scope scope)
      throws IOException {
    if (scope == Scope.PROCESS) {
      return Set.of();
    }
    Set<TaskKey> found =
        scope == Scope.TAG
            ? processes.where(image -> image.tag() == tag)
            : processes.where(image -> descends(image, hit));
    found.removeAll(hit);
    found.removeIf(this::untouchable);
    found.remove(process);
    return found;
  }

  private static boolean descends(Image image, Set<TaskKey> hit) {
    for (TaskKey ancestor : hit) {
      if (image.descendsFrom(ancestor)) {
        return true;
      }
    }
    return false;
  }

  /** What was done; null if the process is gone. */
  private String act(TaskKey process, int tag, Verdict verdict) throws IOException {
    if (verdict.kind() == Kind.KILL) {
      return processes.signal(process, LibC.SIGKILL) ? "killed" : null;
    }
    return suspend(process, tag, verdict);
  }

  private String suspend(TaskKey process, int tag, Verdict verdict) throws IOException {
    if (processes.imageOf(process) == null) {
      return null;
    }
    String how = "frozen";
    try {
      freezer.orElseThrow(() -> new IOException("no cgroup-v2 hierarchy")).freeze(process);
    } catch (IOException e) {
      LOG.info("process {}: {}; SIGSTOP instead", process.threadId(), e.getMessage());
      how = "stopped";
      if (!processes.signal(process, LibC.SIGSTOP)) {
        return null;
      }
      awaitStop(process);
    }
    // from here on a call can only mean that somebody else let it go on
    put(process, tag, verdict, Layout.PHASE_FULL, process);
    return how;
  }

  private static void awaitStop(TaskKey process) throws IOException {
    long end = System.nanoTime() + STOP_PATIENCE;
    while (!stopped(process.threadId())) {
      if (System.nanoTime() > end) {
        throw new IOException("it does not stop");
      }
      LockSupport.parkNanos(TimeUnit.MICROSECONDS.toNanos(200));
    }
  }

  private static boolean stopped(int tgid) throws IOException {
    try (Stream<Path> threads = Files.list(Path.of("/proc", Integer.toString(tgid), "task"))) {
      for (Path thread : (Iterable<Path>) threads::iterator) {
        String stat = Files.readString(thread.resolve("stat"));
        char state = stat.charAt(stat.lastIndexOf(')') + 2);
        if ("TtZX".indexOf(state) < 0) {
          return false;
        }
      }
      return true;
    }
  }

  /** Lifts the verdict on a process, and on those that got it with this one as their origin. */
  Enforcement release(TaskKey process) {
    turn.lock();
    try {
      Set<TaskKey> released = new HashSet<>();
      for (BpfMap.Entry entry : kernel.verdicts().entries()) {
        if (isOrigin(entry, process) && kernel.verdicts().remove(entry.key())) {
          released.add(process(entry.key(), 0));
        }
      }
      boolean wholeTag = false;
      for (BpfMap.Entry entry : kernel.tagVerdicts().entries()) {
        if (process(entry.value(), Layout.VERDICT_ORIGIN).equals(process)) {
          wholeTag |= kernel.tagVerdicts().remove(entry.key());
        }
      }
      for (TaskKey each : released) {
        letGo(each);
      }
      closeGate();
      return released.isEmpty() && !wholeTag
          ? new Enforcement(Outcome.GONE, "no verdict on process " + process.threadId())
          : new Enforcement(Outcome.DONE, "released; processes: " + released.size());
    } catch (IOException e) {
      return new Enforcement(
          Outcome.FAILED, "release of process " + process.threadId() + ": " + e.getMessage());
    } finally {
      turn.unlock();
    }
  }

  private static boolean isOrigin(BpfMap.Entry entry, TaskKey process) {
    return process(entry.key(), 0).equals(process)
        || process(entry.value(), Layout.VERDICT_ORIGIN).equals(process);
  }

  private void letGo(TaskKey process) throws IOException {
    try {
      if (freezer.isPresent()) {
        freezer.get().thaw(process);
      }
    } catch (IOException e) {
      LOG.info("process {} cannot be thawed: {}", process.threadId(), e.getMessage());
    }
    processes.signal(process, LibC.SIGCONT);
  }

  /**
   * Closes the gate if the last process under a verdict has ended: else every later call of every
   * tagged process would look for its verdict. Does not wait for a verdict that is being put.
   */
  void relax() {
    if (kernel.control().value(Layout.CONTROL_VERDICTS) == 0 || !turn.tryLock()) {
      return;
    }
    try {
      closeGate();
    } catch (IOException e) {
      LOG.warn("the verdicts cannot be read: {}", e.getMessage());
    } finally {
      turn.unlock();
    }
  }

  /** Closed only if nothing is in force; a fork may add an entry meanwhile, so look again. */
  private void closeGate() throws IOException {
    if (anyInForce()) {
      return;
    }
    kernel.control().value(Layout.CONTROL_VERDICTS, 0);
    if (anyInForce()) {
      kernel.control().value(Layout.CONTROL_VERDICTS, 1);
    }
  }

  private boolean anyInForce() throws IOException {
    return !kernel.verdicts().keys().isEmpty() || !kernel.tagVerdicts().keys().isEmpty();
  }

  /** Those on processes, and those on whole tags under the process that they came from. */
  List<VerdictInForce> inForce() throws IOException {
    List<VerdictInForce> inForce = new ArrayList<>();
    Set<TaskKey> named = new HashSet<>();
    for (BpfMap.Entry entry : kernel.verdicts().entries()) {
      named.add(process(entry.key(), 0));
      inForce.add(inForce(process(entry.key(), 0), entry.value()));
    }
    for (BpfMap.Entry entry : kernel.tagVerdicts().entries()) {
      TaskKey origin = process(entry.value(), Layout.VERDICT_ORIGIN);
      if (!named.contains(origin)) {
        inForce.add(inForce(origin, entry.value()));
      }
    }
    return inForce;
  }

  private static VerdictInForce inForce(TaskKey process, ByteBuffer value) {
    Kind kind = value.getInt(Layout.VERDICT_KIND) == Layout.VERDICT_KILL ? Kind.KILL : Kind.SUSPEND;
    Scope scope = SCOPES.get(value.getInt(Layout.VERDICT_SCOPE));
    return new VerdictInForce(
        process, new Verdict(kind, scope), value.getLong(Layout.VERDICT_SINCE));
  }

  private void put(TaskKey process, int tag, Verdict verdict, int phase, TaskKey origin)
      throws IOException {
    ByteBuffer before = kernel.verdicts().get(key(process));
    // idempotent: a verdict that is repeated keeps its time, and the mildest never wins
    long since = before == null ? now() : before.getLong(Layout.VERDICT_SINCE);
    TaskKey from = before == null ? origin : process(before, Layout.VERDICT_ORIGIN);
    if (before != null
        && before.getInt(Layout.VERDICT_KIND) == Layout.VERDICT_KILL
        && verdict.kind() == Kind.SUSPEND) {
      return;
    }
    kernel.verdicts().put(key(process), value(tag, verdict, phase, since, from));
  }

  private static ByteBuffer value(int tag, Verdict verdict, int phase, long since, TaskKey origin) {
    int kind = verdict.kind() == Kind.KILL ? Layout.VERDICT_KILL : Layout.VERDICT_SUSPEND;
    return ByteBuffer.allocate(Layout.VERDICT_SIZE)
        .order(ByteOrder.nativeOrder())
        .putInt(Layout.VERDICT_KIND, kind)
        .putInt(Layout.VERDICT_SCOPE, SCOPES.indexOf(verdict.scope()))
        .putInt(Layout.VERDICT_PHASE, phase)
        .putInt(Layout.VERDICT_TAG, tag)
        .putLong(Layout.VERDICT_SINCE, since)
        .putInt(Layout.VERDICT_ORIGIN, origin.threadId())
        .putLong(Layout.VERDICT_ORIGIN + Layout.PROCESS_START, origin.startTimeNs());
  }

  private static ByteBuffer key(TaskKey process) {
    return ByteBuffer.allocate(Layout.PROCESS_SIZE)
        .order(ByteOrder.nativeOrder())
        .putInt(Layout.PROCESS_TGID, process.threadId())
        .putLong(Layout.PROCESS_START, process.startTimeNs());
  }

  private static TaskKey process(ByteBuffer from, int offset) {
    return new TaskKey(from.getInt(offset), from.getLong(offset + Layout.PROCESS_START));
  }

  private static ByteBuffer word(int value) {
    return ByteBuffer.allocate(Integer.BYTES).order(ByteOrder.nativeOrder()).putInt(0, value);
  }

  private static long now() throws IOException {
    return BootClock.nanos();
  }
}
