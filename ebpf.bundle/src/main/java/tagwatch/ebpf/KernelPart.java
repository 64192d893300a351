// SPDX-License-Identifier: Apache-2.0
package tagwatch.ebpf;

import com.sun.jna.Memory;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import tagwatch.transport.TransportException;

/** The pinned maps and programs, as an agent uses them. */
final class KernelPart implements AutoCloseable {
  private static final Path BOOT_ID = Path.of("/proc/sys/kernel/random/boot_id");
  private static final int MAP_INFO = 96;

  private final Descriptor controlMap;
  private final Descriptor countersMap;
  private final Descriptor eventsMap;
  private final int mapId;
  private final Control control;
  private final Ring ring;
  private final Descriptor familiarMap;
  private final Mapping familiar;
  private final int ringSize;
  private final BpfMap exeTags;
  private final BpfMap exeSeen;
  private final BpfMap verdicts;
  private final BpfMap tagVerdicts;
  private final BpfMap watchedTags;
  private final BpfIterator dump;
  private final BpfIterator collect;
  private final BpfIterator adopt;
  private final BpfIterator retire;
  private final BpfIterator fileKey;

  private KernelPart(Pins pins) throws IOException {
    controlMap = Descriptor.pinned(pins.of(Pins.CONTROL));
    countersMap = Descriptor.pinned(pins.of("counters"));
    eventsMap = Descriptor.pinned(pins.of("events"));
    mapId = info(controlMap, 4);
    ringSize = info(eventsMap, 16);
    control = new Control(controlMap.fd(), countersMap.fd());
    ring = new Ring(eventsMap.fd(), ringSize);
    familiarMap = Descriptor.pinned(pins.of("familiar"));
    familiar = Mapping.of(familiarMap.fd(), 0, Layout.FAMILIAR_SIZE, true);
    exeTags = map(pins, "exe_tags", Layout.FILE_SIZE, 4);
    exeSeen = map(pins, "exe_seen", Layout.FILE_SIZE, 4);
    verdicts = map(pins, "verdicts", Layout.PROCESS_SIZE, Layout.VERDICT_SIZE);
    tagVerdicts = map(pins, "tag_verdicts", 4, Layout.VERDICT_SIZE);
    watchedTags = map(pins, "watched_tags", 4, 4);
    dump = iterator(pins, "dump");
    collect = iterator(pins, "collect");
    adopt = iterator(pins, "adopt");
    retire = iterator(pins, "retire");
    fileKey = iterator(pins, "file_key");
  }

  /**
   * Uses what is pinned, or loads and pins it.
   *
   * @throws TransportException if what is pinned has another layout
   */
  static KernelPart open(Pins pins, int ringBytes) throws IOException, TransportException {
    if (!pins.complete()) {
      KernelObject.install(pins, ringBytes);
    }
    requireLayout(pins);
    return new KernelPart(pins);
  }

  /** What is pinned; {@link TransportException} if nothing is, or with another layout. */
  static KernelPart pinned(Pins pins) throws IOException, TransportException {
    if (!pins.complete()) {
      throw new TransportException("nothing is pinned at " + pins.directory());
    }
    requireLayout(pins);
    return new KernelPart(pins);
  }

  private static void requireLayout(Pins pins) throws IOException, TransportException {
    try (Descriptor map = Descriptor.pinned(pins.of(Pins.CONTROL));
        Mapping page = Mapping.of(map.fd(), 0, Layout.CONTROL_SIZE, false)) {
      int found = page.buffer().getInt(Layout.CONTROL_LAYOUT);
      if (found != Layout.VERSION) {
        throw new TransportException(
            "the programs pinned at "
                + pins.directory()
                + " have layout "
                + found
                + ", this agent needs "
                + Layout.VERSION
                + ": run ./tagwatch unload, which shows the verdicts in force first");
      }
    }
  }

  private static BpfMap map(Pins pins, String name, int keySize, int valueSize) throws IOException {
    return new BpfMap(name, Descriptor.pinned(pins.of(name)), keySize, valueSize);
  }

  private static BpfIterator iterator(Pins pins, String name) throws IOException {
    return new BpfIterator(name, Descriptor.pinned(pins.of(name)));
  }

  private static int info(Descriptor map, int offset) throws IOException {
    try (Memory info = new Memory(MAP_INFO);
        Memory length = new Memory(4)) {
      info.clear();
      length.setInt(0, MAP_INFO);
      NativeException.bpf(
          LibBpf.bpf_obj_get_info_by_fd(map.fd(), info, length), "bpf_obj_get_info_by_fd");
      return info.getInt(offset);
    }
  }

  /** Sequences are counted in these maps: the same as long as they stay loaded. */
  String sequenceDomain() throws IOException {
    return "ebpf:" + Files.readString(BOOT_ID).strip() + ":" + mapId;
  }

  Control control() {
    return control;
  }

  Ring ring() {
    return ring;
  }

  /** {@code struct tw_familiar}. */
  ByteBuffer familiar() {
    return familiar.buffer();
  }

  int ringSize() {
    return ringSize;
  }

  int eventsFd() {
    return eventsMap.fd();
  }

  BpfMap exeTags() {
    return exeTags;
  }

  BpfMap exeSeen() {
    return exeSeen;
  }

  BpfMap verdicts() {
    return verdicts;
  }

  BpfMap tagVerdicts() {
    return tagVerdicts;
  }

  BpfMap watchedTags() {
    return watchedTags;
  }

  BpfIterator dump() {
    return dump;
  }

  BpfIterator collect() {
    return collect;
  }

  BpfIterator adopt() {
    return adopt;
  }

  BpfIterator retire() {
    return retire;
  }

  BpfIterator fileKey() {
    return fileKey;
  }

  /** Leaves the pins. Nobody may read the ring or the counters any more. */
  @Override
  public void close() {
    ring.close();
    control.close();
    for (BpfMap map : new BpfMap[] {exeTags, exeSeen, verdicts, tagVerdicts, watchedTags}) {
      map.close();
    }
    for (BpfIterator iterator : new BpfIterator[] {dump, collect, adopt, retire, fileKey}) {
      iterator.close();
    }
    familiar.close();
    familiarMap.close();
    eventsMap.close();
    countersMap.close();
    controlMap.close();
  }
}
