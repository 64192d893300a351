// SPDX-License-Identifier: Apache-2.0
package tagwatch.ebpf;

import com.sun.jna.Callback;
import com.sun.jna.Native;
import com.sun.jna.NativeLibrary;
import com.sun.jna.Pointer;

/**
 * libbpf 1.x as it is. Functions that return an int return a negative errno on failure; those that
 * return a pointer return null and set errno.
 */
final class LibBpf {
  static final int BPF_PROG_TYPE_TRACING = 26;
  static final int BPF_TRACE_RAW_TP = 23;
  static final int BPF_TRACE_ITER = 28;
  static final int BPF_MAP_TYPE_RINGBUF = 27;
  static final int BPF_ANY = 0;

  private static boolean registered;

  private LibBpf() {}

  /** {@code libbpf_print_fn_t}; the list is a {@code va_list}. */
  interface Print extends Callback {
    int invoke(int level, String format, Pointer list);
  }

  /**
   * Binds the library; has to be called before anything else.
   *
   * @throws UnsatisfiedLinkError if it is not installed
   */
  static synchronized void load() {
    if (!registered) {
      Native.register(LibBpf.class, NativeLibrary.getInstance("libbpf.so.1"));
      registered = true;
    }
  }

  static native Pointer libbpf_set_print(Print print);

  static native int libbpf_num_possible_cpus();

  static native int libbpf_find_vmlinux_btf_id(String name, int attachType);

  static native Pointer bpf_object__open_mem(Pointer buffer, long size, Pointer options);

  static native int bpf_object__load(Pointer object);

  static native void bpf_object__close(Pointer object);

  static native Pointer bpf_object__find_map_by_name(Pointer object, String name);

  static native Pointer bpf_object__find_program_by_name(Pointer object, String name);

  static native int bpf_map__set_max_entries(Pointer map, int entries);

  static native int bpf_map__fd(Pointer map);

  static native int bpf_map__pin(Pointer map, String path);

  static native int bpf_program__set_autoload(Pointer program, int load);

  static native int bpf_program__pin(Pointer program, String path);

  static native Pointer bpf_program__attach(Pointer program);

  static native int bpf_link__pin(Pointer link, String path);

  static native int bpf_link__destroy(Pointer link);

  static native int bpf_obj_get(String path);

  static native int bpf_obj_get_info_by_fd(int fd, Pointer info, Pointer length);

  static native int bpf_map_lookup_elem(int fd, Pointer key, Pointer value);

  static native int bpf_map_update_elem(int fd, Pointer key, Pointer value, long flags);

  static native int bpf_map_delete_elem(int fd, Pointer key);

  static native int bpf_map_get_next_key(int fd, Pointer key, Pointer next);

  static native int bpf_link_create(int program, int target, int attachType, Pointer options);

  static native int bpf_iter_create(int link);

  static native int bpf_prog_load(
      int type, String name, String license, Pointer instructions, long count, Pointer options);

  static native int bpf_map_create(
      int type, String name, int keySize, int valueSize, int entries, Pointer options);
}
