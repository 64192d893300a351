// SPDX-License-Identifier: Apache-2.0
package tagwatch.ebpf;

import static tagwatch.ebpf.NativeException.bpf;

import com.sun.jna.Memory;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;

/** A map of keys and values of fixed size. Any thread may call; close when nobody does. */
final class BpfMap implements AutoCloseable {
  private final String name;
  private final Descriptor descriptor;
  private final int keySize;
  private final int valueSize;

  BpfMap(String name, Descriptor descriptor, int keySize, int valueSize) {
    this.name = name;
    this.descriptor = descriptor;
    this.keySize = keySize;
    this.valueSize = valueSize;
  }

  /** An entry as bytes in native order. */
  record Entry(ByteBuffer key, ByteBuffer value) {}

  void put(ByteBuffer key, ByteBuffer value) throws NativeException {
    try (Memory k = copy(key, keySize);
        Memory v = copy(value, valueSize)) {
      bpf(
          LibBpf.bpf_map_update_elem(descriptor.fd(), k, v, LibBpf.BPF_ANY),
          "update of map " + name);
    }
  }

  /** Null if there is no such key. */
  ByteBuffer get(ByteBuffer key) throws NativeException {
    try (Memory k = copy(key, keySize);
        Memory v = new Memory(valueSize)) {
      int result = LibBpf.bpf_map_lookup_elem(descriptor.fd(), k, v);
      return found(result, "lookup in map ") ? bytes(v, valueSize) : null;
    }
  }

  /** False if there was no such key. */
  boolean remove(ByteBuffer key) throws NativeException {
    try (Memory k = copy(key, keySize)) {
      return found(LibBpf.bpf_map_delete_elem(descriptor.fd(), k), "deletion from map ");
    }
  }

  /** What was there; entries that come or go meanwhile may be missing or seen twice. */
  List<Entry> entries() throws NativeException {
    List<Entry> entries = new ArrayList<>();
    for (ByteBuffer key : keys()) {
      ByteBuffer value = get(key);
      if (value != null) {
        entries.add(new Entry(key, value));
      }
    }
    return entries;
  }

  List<ByteBuffer> keys() throws NativeException {
    List<ByteBuffer> keys = new ArrayList<>();
    try (Memory key = new Memory(keySize);
        Memory next = new Memory(keySize)) {
      Memory from = null;
      while (found(LibBpf.bpf_map_get_next_key(descriptor.fd(), from, next), "next key of map ")) {
        keys.add(bytes(next, keySize));
        key.write(0, next.getByteArray(0, keySize), 0, keySize);
        from = key;
      }
    }
    return keys;
  }

  private boolean found(int result, String call) throws NativeException {
    if (result == -LibC.ENOENT) {
      return false;
    }
    bpf(result, call + name);
    return true;
  }

  private static Memory copy(ByteBuffer from, int size) {
    Memory memory = new Memory(size);
    for (int i = 0; i < size; i++) {
      memory.setByte(i, from.get(i));
    }
    return memory;
  }

  private static ByteBuffer bytes(Memory memory, int size) {
    return ByteBuffer.wrap(memory.getByteArray(0, size)).order(ByteOrder.nativeOrder());
  }

  @Override
  public void close() {
    descriptor.close();
  }
}
