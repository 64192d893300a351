// SPDX-License-Identifier: Apache-2.0
package tagwatch.ebpf;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tagwatch.elf.ElfFile;
import tagwatch.elf.ElfFormatException;
import tagwatch.event.Executable;

/** Which executables carry a tag, told to the kernel. Any thread may call. */
final class Tags {
  private static final Logger LOG = LoggerFactory.getLogger(Tags.class);
  private static final Path PROC = Path.of("/proc");
  private static final int UNTAGGED = 1;
  private static final int REMEMBERED = 4096;

  private final KernelPart kernel;
  private final Set<Integer> watched;
  private final Map<FileKey, Executable> known = new ConcurrentHashMap<>();

  Tags(KernelPart kernel, Set<Integer> watched) {
    this.kernel = kernel;
    this.watched = watched;
  }

  /** What the kernel says about an open file, and who asked, as the kernel numbers processes. */
  private record Named(FileKey key, int agentTgid, long agentStart) {}

  /** One at a time: the kernel program has one place for the descriptor that is wanted. */
  private synchronized Named name(Descriptor file) throws IOException {
    kernel.control().value(Layout.CONTROL_WANTED_FD, file.fd());
    ByteBuffer answer = kernel.fileKey().run(LibC.gettid());
    if (answer.remaining() < Layout.FILE_SIZE + Layout.PROCESS_SIZE) {
      throw new IOException("the kernel does not show file descriptor " + file.fd());
    }
    return new Named(
        FileKey.read(answer, 0),
        answer.getInt(Layout.FILE_SIZE + Layout.PROCESS_TGID),
        answer.getLong(Layout.FILE_SIZE + Layout.PROCESS_START));
  }

  /** Tells the kernel who the agent is, so that no verdict ever hits it. */
  void nameAgent() throws IOException {
    try (Descriptor self = Descriptor.open(PROC.resolve("self/exe"))) {
      Named named = name(self);
      kernel.control().agent(named.agentTgid(), named.agentStart());
    }
  }

  /** Forgets the tags that are not watched, and every answer that says "no tag". */
  void restart() throws IOException {
    for (BpfMap.Entry entry : kernel.exeTags().entries()) {
      if (!watched.contains(entry.value().getInt(0))) {
        kernel.exeTags().remove(entry.key());
      }
    }
    for (ByteBuffer key : kernel.exeSeen().keys()) {
      kernel.exeSeen().remove(key);
    }
    for (ByteBuffer key : kernel.watchedTags().keys()) {
      if (!watched.contains(key.getInt(0))) {
        kernel.watchedTags().remove(key);
      }
    }
    for (int tag : watched) {
      kernel.watchedTags().put(word(tag), word(1));
    }
    kernel.retire().run();
  }

  /** Reads the tag of a file and tells the kernel; true if it is a watched one. */
  boolean learn(Path path) throws IOException {
    try (Descriptor file = Descriptor.open(path)) {
      FileKey key = name(file).key();
      OptionalInt tag = tagOf(file, path);
      if (tag.isPresent() && watched.contains(tag.getAsInt())) {
        // read now: a short process is gone before its exec record is
        remember(key, file, path);
        kernel.exeTags().put(key.bytes(), word(tag.getAsInt()));
        kernel.exeSeen().remove(key.bytes());
        return true;
      }
      kernel.exeSeen().put(key.bytes(), word(UNTAGGED));
      return false;
    }
  }

  /** The kernel's own name of a file. */
  FileKey keyOf(Path path) throws IOException {
    try (Descriptor file = Descriptor.open(path)) {
      return name(file).key();
    }
  }

  /** A broken section is no tag: the program must run, and somebody must hear of it. */
  private static OptionalInt tagOf(Descriptor file, Path path) throws IOException {
    try (ElfFile elf = ElfFile.open(descriptorPath(file))) {
      return elf.tag();
    } catch (ElfFormatException e) {
      LOG.debug("{} carries no tag: {}", path, e.getMessage());
      return OptionalInt.empty();
    }
  }

  /**
   * The file behind an open descriptor, and no other, whatever became of its name. Through the
   * process and not {@code /proc/self}, where a thread would find the same anyway.
   */
  private static Path descriptorPath(Descriptor file) {
    return PROC.resolve("self/fd/" + file.fd());
  }

  /** Learns the programs of all processes that run. */
  void learnRunning() throws IOException {
    Set<Object> seen = new HashSet<>();
    try (DirectoryStream<Path> processes = Files.newDirectoryStream(PROC, "[0-9]*")) {
      for (Path process : processes) {
        Path exe = process.resolve("exe");
        try {
          // stat's numbers are good enough to see that two processes run the same file
          if (seen.add(Files.readAttributes(exe, "unix:dev,ino"))) {
            learn(exe);
          }
        } catch (IOException e) {
          LOG.trace("{} cannot be read: {}", exe, e.toString());
        }
      }
    }
  }

  /** Gives every running task its tag that it should have; returns how many got one. */
  synchronized int adopt() throws IOException {
    int adopted = 0;
    int more;
    do {
      more = kernel.adopt().run().remaining() / Long.BYTES;
      adopted += more;
    } while (more > 0);
    return adopted;
  }

  /** Forgets that the kernel was answered, so that it asks again. */
  void askAgain(FileKey key) {
    try {
      kernel.exeSeen().remove(key.bytes());
    } catch (IOException e) {
      LOG.debug("the kernel will not ask again about {}", key, e);
    }
  }

  /**
   * The program that a process executed just now.
   *
   * @param path as given to execve, in case that the process is gone already
   */
  Executable executable(int tgid, FileKey key, String path) {
    Executable executable = known.get(key);
    if (executable != null) {
      return executable;
    }
    Path exe = PROC.resolve(tgid + "/exe");
    try (Descriptor file = Descriptor.open(exe)) {
      if (name(file).key().equals(key)) {
        return remember(key, file, exe);
      }
    } catch (IOException e) {
      LOG.trace("{} is gone: {}", exe, e.toString());
    }
    return new Executable(path, "");
  }

  /** The program that a process runs now; {@link Executable#UNKNOWN} if it is gone. */
  Executable executable(int tgid) {
    Path exe = PROC.resolve(tgid + "/exe");
    try (Descriptor file = Descriptor.open(exe)) {
      FileKey key = name(file).key();
      Executable executable = known.get(key);
      return executable == null ? remember(key, file, exe) : executable;
    } catch (IOException e) {
      return Executable.UNKNOWN;
    }
  }

  private Executable remember(FileKey key, Descriptor file, Path from) throws IOException {
    if (known.size() >= REMEMBERED) {
      known.clear();
    }
    Executable executable = read(file);
    known.put(key, executable);
    LOG.trace("{} is {}", from, executable);
    return executable;
  }

  private static Executable read(Descriptor file) throws IOException {
    String path = Files.readSymbolicLink(descriptorPath(file)).toString();
    try (ElfFile elf = ElfFile.open(descriptorPath(file))) {
      return new Executable(path, elf.buildId());
    } catch (ElfFormatException e) {
      return new Executable(path, "");
    }
  }

  private static ByteBuffer word(int value) {
    return ByteBuffer.allocate(Integer.BYTES).order(ByteOrder.nativeOrder()).putInt(value);
  }
}
