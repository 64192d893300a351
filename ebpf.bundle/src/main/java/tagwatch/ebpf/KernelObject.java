// SPDX-License-Identifier: Apache-2.0
package tagwatch.ebpf;

import static tagwatch.ebpf.NativeException.bpf;

import com.sun.jna.Memory;
import com.sun.jna.Pointer;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.List;
import tagwatch.transport.TransportException;

/** Loads the compiled BPF programs into the kernel, attaches and pins them. */
final class KernelObject implements AutoCloseable {
  private static final String RESOURCE = "tagwatch_syscall.bpf.o";
  private static final List<String> MAPS =
      List.of(
          "tasks",
          "events",
          "counters",
          "exe_tags",
          "exe_seen",
          "verdicts",
          "tag_verdicts",
          "watched_tags",
          "familiar");
  private static final List<String> ITERATORS =
      List.of("dump", "collect", "adopt", "retire", "file_key");
  private static final List<String> HOOKS =
      List.of("sched_process_exit", "sched_process_fork", "sys_enter", "sched_process_exec");
  // newest name first; a kernel has one of them, or is built without io_uring
  private static final List<String> OPTIONAL_HOOKS =
      List.of("io_uring_submit_req", "io_uring_submit_sqe");

  private final Pointer object;

  private KernelObject(Pointer object) {
    this.object = object;
  }

  /** Loads, attaches and pins; removes the pins again if anything fails. */
  static void install(Pins pins, int ringBytes) throws IOException, TransportException {
    pins.prepare();
    try (BpfLog log = new BpfLog();
        KernelObject object = open()) {
      try {
        object.load(ringBytes);
        object.pin(pins);
      } catch (IOException e) {
        pins.remove();
        throw new TransportException(
            "the kernel refuses the BPF programs: " + e.getMessage() + "\n" + log.text(), e);
      }
    }
  }

  private static KernelObject open() throws IOException {
    byte[] bytes;
    try (InputStream resource = KernelObject.class.getResourceAsStream(RESOURCE)) {
      if (resource == null) {
        throw new IOException("this bundle was built without " + RESOURCE);
      }
      bytes = resource.readAllBytes();
    }
    // libbpf copies what it needs while it opens
    try (Memory memory = new Memory(bytes.length)) {
      memory.write(0, bytes, 0, bytes.length);
      return new KernelObject(
          bpf(
              LibBpf.bpf_object__open_mem(memory, bytes.length, null),
              "bpf_object__open_mem of " + RESOURCE));
    }
  }

  private void load(int ringBytes) throws IOException {
    int cpus = LibBpf.libbpf_num_possible_cpus();
    bpf(LibBpf.bpf_map__set_max_entries(map("events"), ringBytes), "size of the ring");
    bpf(LibBpf.bpf_map__set_max_entries(map("counters"), cpus + 1), "size of the counters");
    for (String hook : OPTIONAL_HOOKS) {
      bpf(
          LibBpf.bpf_program__set_autoload(program(hook), available(hook) ? 1 : 0),
          "autoload of " + hook);
    }
    bpf(LibBpf.bpf_object__load(object), "bpf_object__load of " + RESOURCE);
    writeControl(LibBpf.bpf_map__fd(map(Pins.CONTROL)), cpus);
  }

  private static boolean available(String hook) {
    return LibBpf.libbpf_find_vmlinux_btf_id(hook, LibBpf.BPF_TRACE_RAW_TP) > 0;
  }

  private static void writeControl(int fd, int cpus) throws IOException {
    try (Mapping page = Mapping.of(fd, 0, Layout.CONTROL_SIZE, true)) {
      page.buffer().putInt(Layout.CONTROL_LAYOUT, Layout.VERSION);
      page.buffer().putInt(Layout.CONTROL_CPUS, cpus);
    }
  }

  private void pin(Pins pins) throws IOException {
    for (String name : MAPS) {
      bpf(LibBpf.bpf_map__pin(map(name), path(pins.of(name))), "pin of map " + name);
    }
    for (String name : ITERATORS) {
      bpf(LibBpf.bpf_program__pin(program(name), path(pins.of(name))), "pin of " + name);
    }
    for (String hook : HOOKS) {
      attach(hook, pins);
    }
    for (String hook : OPTIONAL_HOOKS) {
      if (available(hook)) {
        attach(hook, pins);
      }
    }
    bpf(LibBpf.bpf_map__pin(map(Pins.CONTROL), path(pins.of(Pins.CONTROL))), "pin of control");
  }

  private void attach(String hook, Pins pins) throws IOException {
    Pointer link = bpf(LibBpf.bpf_program__attach(program(hook)), "attach of " + hook);
    try {
      bpf(LibBpf.bpf_link__pin(link, path(pins.of("link_" + hook))), "pin of the link " + hook);
    } finally {
      LibBpf.bpf_link__destroy(link);
    }
  }

  private static String path(Path path) {
    return path.toString();
  }

  private Pointer map(String name) throws IOException {
    return bpf(LibBpf.bpf_object__find_map_by_name(object, name), "map " + name);
  }

  private Pointer program(String name) throws IOException {
    return bpf(LibBpf.bpf_object__find_program_by_name(object, name), "program " + name);
  }

  @Override
  public void close() {
    LibBpf.bpf_object__close(object);
  }
}
