// SPDX-License-Identifier: Apache-2.0
package tagwatch.cli;

import java.io.IOException;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import tagwatch.cli.Finding.Need;

/** What can be found out about a machine without the kernel programs. */
final class HostChecks {
  private static final int COMMAND_SECONDS = 10;
  private static final int CAP_SYS_ADMIN = 21;
  private static final Path BTF = Path.of("/sys/kernel/btf/vmlinux");

  private HostChecks() {}

  /** What no transport looks at. */
  static List<Finding> machine() throws IOException {
    return List.of(
        java(),
        kernel(),
        rights(),
        busybox(),
        program("clang", Need.BUILD),
        program("make", Need.BUILD),
        program("gcc", Need.BUILD),
        program("mvn", "maven", Need.BUILD));
  }

  /** What a transport tries itself, for where there is none to ask. */
  static List<Finding> facilities() throws IOException {
    return List.of(btf(), libbpf(), bpffs(), freezer());
  }

  private static Finding java() {
    int feature = Runtime.version().feature();
    return Finding.of(
        Need.LIVE,
        "Java 17 or later",
        feature >= 17,
        "version " + Runtime.version() + " on " + System.getProperty("os.arch"),
        install("openjdk-17-jdk-headless"));
  }

  private static Finding kernel() throws IOException {
    String release = Files.readString(Path.of("/proc/sys/kernel/osrelease")).strip();
    String[] parts = release.split("[^0-9]+", 3);
    int number =
        parts.length < 2 || parts[0].isEmpty()
            ? 0
            : Integer.parseInt(parts[0]) * 1000 + Integer.parseInt(parts[1]);
    return Finding.of(
        Need.LIVE,
        "kernel 6.1 or later",
        number >= 6001,
        "release " + release,
        "boot a kernel from 6.1 on, e.g. that of Debian 12");
  }

  private static Finding rights() throws IOException {
    String effective =
        Files.readAllLines(Path.of("/proc/self/status")).stream()
            .filter(line -> line.startsWith("CapEff:"))
            .map(line -> line.substring("CapEff:".length()).strip())
            .findFirst()
            .orElse("0");
    return Finding.of(
        Need.LIVE,
        "rights of root",
        new BigInteger(effective, 16).testBit(CAP_SYS_ADMIN),
        "effective capabilities " + effective,
        "run as root, in a container with CAP_SYS_ADMIN");
  }

  private static Finding btf() {
    boolean readable = Files.isReadable(BTF);
    return Finding.of(
        Need.LIVE,
        "BTF of the kernel",
        readable,
        BTF + (readable ? " is readable" : " is not there or not readable"),
        "boot a kernel with CONFIG_DEBUG_INFO_BTF=y; Debian's have it");
  }

  private static Finding libbpf() throws IOException {
    Optional<Path> library = Optional.empty();
    for (String folder : List.of("/usr/lib", "/lib", "/usr/lib64", "/usr/local/lib")) {
      if (library.isEmpty() && Files.isDirectory(Path.of(folder))) {
        try (Stream<Path> files = Files.find(Path.of(folder), 2, HostChecks::isLibbpf)) {
          library = files.findFirst();
        }
      }
    }
    return Finding.of(
        Need.LIVE,
        "libbpf 1",
        library.isPresent(),
        library.map(Path::toString).orElse("no libbpf.so.1 in the library folders"),
        install("libbpf1"));
  }

  private static boolean isLibbpf(Path file, Object attributes) {
    return file.endsWith("libbpf.so.1");
  }

  private static Finding bpffs() throws IOException {
    boolean mounted =
        mounts("bpf").stream().anyMatch(mount -> mount.equals(Path.of("/sys/fs/bpf")));
    boolean possible = mounted || Files.isDirectory(Path.of("/sys/fs/bpf"));
    return Finding.of(
        Need.LIVE,
        "file system for pins (bpffs)",
        possible,
        mounted
            ? "mounted at /sys/fs/bpf"
            : possible
                ? "not mounted, but the agent can mount it at /sys/fs/bpf"
                : "there is no /sys/fs/bpf",
        "mount -t bpf bpf /sys/fs/bpf");
  }

  private static Finding freezer() throws IOException {
    Set<Path> roots = mounts("cgroup2");
    for (Path root : roots) {
      try (DirectoryStream<Path> groups = Files.newDirectoryStream(root, Files::isDirectory)) {
        for (Path group : groups) {
          // The root group has none: it cannot be frozen.
          if (Files.exists(group.resolve("cgroup.freeze"))) {
            return Finding.of(Need.ENFORCE, "cgroup v2 freezer", true, "under " + root, "");
          }
        }
      }
    }
    return freezerInNewGroup(roots);
  }

  private static Finding freezerInNewGroup(Set<Path> roots) {
    String detail = "no cgroup v2 is mounted";
    for (Path root : roots) {
      Path group = root.resolve("tagwatch-doctor-" + ProcessHandle.current().pid());
      try {
        Files.createDirectory(group);
        boolean freezes = Files.exists(group.resolve("cgroup.freeze"));
        Files.delete(group);
        if (freezes) {
          return Finding.of(Need.ENFORCE, "cgroup v2 freezer", true, "under " + root, "");
        }
        detail = "a new group under " + root + " has no cgroup.freeze";
      } catch (IOException e) {
        detail = "no group can be made under " + root + ": " + Failure.sentence(e);
      }
    }
    return Finding.of(
        Need.ENFORCE,
        "cgroup v2 freezer",
        false,
        detail,
        "mount -t cgroup2 cgroup2 /sys/fs/cgroup, as root; else suspend stops with SIGSTOP");
  }

  private static Finding busybox() throws IOException {
    Set<String> applets = new TreeSet<>(output("busybox", "--list").lines().toList());
    List<String> missing =
        Stream.of("httpd", "nc", "sh").filter(applet -> !applets.contains(applet)).toList();
    return Finding.of(
        Need.DEMO,
        "busybox with httpd, nc, sh",
        missing.isEmpty(),
        missing.isEmpty() ? applets.size() + " applets" : "without " + String.join(", ", missing),
        install("busybox"));
  }

  private static Finding program(String name, Need need) {
    return program(name, name, need);
  }

  private static Finding program(String name, String debianPackage, Need need) {
    Optional<Path> found =
        Stream.of(Optional.ofNullable(System.getenv("PATH")).orElse("").split(":"))
            .map(folder -> Path.of(folder, name))
            .filter(Files::isExecutable)
            .findFirst();
    return Finding.of(
        need,
        name,
        found.isPresent(),
        found.map(Path::toString).orElse("not in $PATH"),
        install(debianPackage));
  }

  private static String install(String debianPackage) {
    return "apt-get install --no-install-recommends " + debianPackage + ", or ./tagwatch setup";
  }

  /** Where file systems of that type are mounted. */
  private static Set<Path> mounts(String type) throws IOException {
    Set<Path> points = new TreeSet<>();
    for (String line : Files.readAllLines(Path.of("/proc/self/mounts"))) {
      String[] fields = line.split(" ", 4);
      if (fields.length > 2 && fields[2].equals(type)) {
        points.add(Path.of(fields[1]));
      }
    }
    return points;
  }

  /** Output of a program; empty if it is not there or fails. */
  private static String output(String... command) {
    try {
      Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
      process.getOutputStream().close();
      String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      return process.waitFor(COMMAND_SECONDS, TimeUnit.SECONDS) && process.exitValue() == 0
          ? output
          : "";
    } catch (IOException e) {
      return "";
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return "";
    }
  }
}
