// SPDX-License-Identifier: Apache-2.0
package tagwatch.demo;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;

/** What a server serves, and the traffic that it is meant for. */
abstract class Site {
  private final Path root;
  private final Path data;

  /**
   * Lays out an empty site.
   *
   * @param folder in which the site's folders are created
   */
  Site(Path folder) throws IOException {
    this.root = Files.createDirectories(folder.resolve("www"));
    this.data = Files.createDirectories(folder.resolve("data"));
    Files.createDirectories(root.resolve("cgi-bin"));
    Files.writeString(
        configuration(),
        ".css:text/css\n.png:image/png\n.html:text/html\n.json:application/json\n");
  }

  /** Folder that is served. */
  final Path root() {
    return root;
  }

  /** Folder that the programs of the site write to. */
  final Path data() {
    return data;
  }

  /** The server's configuration file. */
  final Path configuration() {
    return root.resolveSibling("httpd.conf");
  }

  /** The front page: tells whether the server works. */
  abstract Visit front();

  /** Benign visits; the same seed gives the same ones. */
  abstract List<Visit> visits(Audience audience, int count, long seed);

  /** Installs programs from the class path folder; their interpreter is the private busybox. */
  final void install(PrivateBusybox busybox, String folder, String... programs) throws IOException {
    for (String program : programs) {
      String text =
          read(folder + "/" + program)
              .replace("@BIN@", busybox.bin().toString())
              .replace("@ROOT@", root.toString())
              .replace("@DATA@", data.toString());
      Path file = Files.writeString(root.resolve("cgi-bin").resolve(program), text);
      Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
    }
  }

  private static String read(String resource) throws IOException {
    try (InputStream in = Site.class.getResourceAsStream(resource)) {
      if (in == null) {
        throw new IOException("not on the class path: tagwatch/demo/" + resource);
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
  }
}
