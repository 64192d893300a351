// SPDX-License-Identifier: Apache-2.0
package tagwatch.ebpf;

import static tagwatch.ebpf.NativeException.bpf;

import com.sun.jna.Memory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import tagwatch.transport.Finding;

/**
 * Tries what the transport needs. Lists prove nothing: a kernel may name a facility and refuse it,
 * so everything is really loaded or made, and undone.
 */
final class Probe {
  private static final Path BTF = Path.of("/sys/kernel/btf/vmlinux");
  // mov r0, 0; exit
  private static final byte[] DO_NOTHING = {
    (byte) 0xb7, 0, 0, 0, 0, 0, 0, 0, (byte) 0x95, 0, 0, 0, 0, 0, 0, 0
  };
  private static final int LOAD_OPTIONS = 40;
  private static final int MAP_OPTIONS = 32;
  private static final int TASK_STORAGE = 29;
  private static final int NO_PREALLOC = 1;

  private final List<Finding> findings = new ArrayList<>();

  private interface Attempt {
    String run() throws IOException;
  }

  List<Finding> run() {
    boolean library =
        attempt(
            "libbpf",
            "apt install libbpf1 (1.0 or later)",
            () -> {
              LibBpf.load();
              return "libbpf.so.1 is loaded";
            });
    attempt("64-bit x86", "use a transport for this machine", Probe::machine);
    attempt("BTF", "boot a kernel built with CONFIG_DEBUG_INFO_BTF=y", Probe::btf);
    if (library) {
      // else libbpf prints each refusal to the agent's standard error
      BpfLog log = new BpfLog();
      try {
        kernel();
      } finally {
        log.close();
      }
    }
    attempt("BPF file system", "mount -t bpf bpf /sys/fs/bpf", Probe::bpfFileSystem);
    attempt(
        "cgroup-v2 freezer",
        "mount -t cgroup2 cgroup2 /sys/fs/cgroup/unified; until then SIGSTOP suspends",
        Probe::freezer);
    return findings;
  }

  private void kernel() {
    String rights = "run as root or with CAP_BPF, CAP_PERFMON and CAP_SYS_RESOURCE";
    attempt("ring buffer", "Linux 5.8 or later; " + rights, Probe::ringBuffer);
    for (String hook :
        List.of("sys_enter", "sched_process_fork", "sched_process_exec", "sched_process_exit")) {
      attempt(
          "tp_btf/" + hook,
          rights + "; if root is refused too, the kernel is locked down against BPF tracing",
          () -> program(hook, LibBpf.BPF_TRACE_RAW_TP));
    }
    attempt(
        "iter/task", "Linux 6.1 or later; " + rights, () -> program("task", LibBpf.BPF_TRACE_ITER));
    attempt("task storage", "Linux 5.11 or later with CONFIG_BPF_LSM or 6.1", Probe::taskStorage);
    boolean uring =
        LibBpf.libbpf_find_vmlinux_btf_id("io_uring_submit_req", LibBpf.BPF_TRACE_RAW_TP) > 0
            || LibBpf.libbpf_find_vmlinux_btf_id("io_uring_submit_sqe", LibBpf.BPF_TRACE_RAW_TP)
                > 0;
    findings.add(
        new Finding(
            "io_uring tracepoint",
            uring,
            uring ? "requests are seen" : "not in the kernel's BTF",
            uring ? "" : "without it io_uring is unseen: kernel.io_uring_disabled=2"));
  }

  private boolean attempt(String facility, String remedy, Attempt attempt) {
    try {
      findings.add(new Finding(facility, true, attempt.run(), ""));
      return true;
    } catch (IOException | UnsatisfiedLinkError e) {
      findings.add(new Finding(facility, false, String.valueOf(e.getMessage()), remedy));
      return false;
    }
  }

  private static String machine() throws IOException {
    String machine = System.getProperty("os.arch");
    if (!machine.equals("amd64")) {
      throw new IOException("this is " + machine);
    }
    return machine;
  }

  private static String btf() throws IOException {
    if (!Files.isReadable(BTF)) {
      throw new IOException(BTF + " is missing or not readable");
    }
    return BTF.toString();
  }

  private static String ringBuffer() throws IOException {
    int fd =
        LibBpf.bpf_map_create(LibBpf.BPF_MAP_TYPE_RINGBUF, "tw_probe", 0, 0, Mapping.PAGE, null);
    try (Descriptor map = new Descriptor(bpf(fd, "bpf_map_create of a ring"));
        Ring ring = new Ring(map.fd(), Mapping.PAGE)) {
      return "made and mapped, producer at " + ring.producerPosition();
    }
  }

  private static String program(String target, int attachType) throws IOException {
    int id = bpf(LibBpf.libbpf_find_vmlinux_btf_id(target, attachType), "BTF of " + target);
    try (Memory instructions = new Memory(DO_NOTHING.length);
        Memory options = new Memory(LOAD_OPTIONS)) {
      instructions.write(0, DO_NOTHING, 0, DO_NOTHING.length);
      options.clear();
      options.setLong(0, LOAD_OPTIONS);
      options.setInt(12, attachType);
      options.setInt(32, id);
      int fd =
          LibBpf.bpf_prog_load(
              LibBpf.BPF_PROG_TYPE_TRACING,
              "tw_probe",
              "GPL",
              instructions,
              DO_NOTHING.length / 8,
              options);
      new Descriptor(bpf(fd, "bpf_prog_load")).close();
      return "loaded";
    }
  }

  /** Needs BTF for key and value, which only a whole object brings: asks for the type's refusal. */
  private static String taskStorage() throws IOException {
    try (Memory options = new Memory(MAP_OPTIONS)) {
      options.clear();
      options.setLong(0, MAP_OPTIONS);
      options.setInt(24, NO_PREALLOC);
      int fd = LibBpf.bpf_map_create(TASK_STORAGE, "tw_probe", 4, 8, 0, options);
      if (fd == -LibC.EPERM) {
        throw new NativeException("bpf_map_create of task storage", LibC.EPERM);
      }
      if (fd >= 0) {
        new Descriptor(fd).close();
      }
      return "known to the kernel";
    }
  }

  private static String bpfFileSystem() throws IOException {
    if (!Pins.mounted()) {
      throw new IOException(Pins.BPF_FILE_SYSTEM + " is not mounted; opening tries to mount it");
    }
    return Pins.BPF_FILE_SYSTEM.toString();
  }

  private static String freezer() throws IOException {
    Freezer freezer =
        Freezer.find().orElseThrow(() -> new IOException("no cgroup-v2 hierarchy is mounted"));
    Path group = Files.createTempDirectory(freezer.root(), "tagwatch-probe");
    try {
      if (!Files.exists(group.resolve("cgroup.freeze"))) {
        throw new IOException(group + " has no cgroup.freeze: Linux 5.2 or later");
      }
    } finally {
      Files.delete(group);
    }
    return freezer.root().toString();
  }
}
