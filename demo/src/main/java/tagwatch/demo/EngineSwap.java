// SPDX-License-Identifier: Apache-2.0
package tagwatch.demo;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.jar.JarInputStream;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import tagwatch.agent.AgentException;

/**
 * Replaces the bundle of an engine by a new version of it in an agent that goes on watching: the
 * new one is started beside the old one before the attack, and in the middle of it the old one
 * goes.
 */
final class EngineSwap {
  private static final Pattern INSTALLED = Pattern.compile("(\\d+)\\D*$");

  /** When the old engine was told to go, and when it had been let go. */
  record Took(long beganNs, long endedNs) {
    double millis() {
      return (endedNs - beganNs) / 1e6;
    }
  }

  private final AgentShell shell;
  private final Path folder;
  private final String name;
  private final byte[] bundle;
  private final List<Took> took = new ArrayList<>();
  private String present;
  private String next = "";
  private int versions;
  private int during;

  /**
   * Finds the engine's bundle.
   *
   * @param runtime the agent's executable jar, which holds it
   * @param folder for its new versions
   */
  EngineSwap(AgentShell shell, Path runtime, Path folder, String engine)
      throws IOException, DemoException {
    this.shell = shell;
    this.folder = folder;
    this.name = "scorer." + engine;
    this.bundle = bundle(runtime);
    this.present = idOf();
  }

  private byte[] bundle(Path runtime) throws IOException, DemoException {
    try (JarFile jar = new JarFile(runtime.toFile())) {
      JarEntry found =
          jar.stream()
              .filter(entry -> entry.getName().startsWith("jar/" + name + "-"))
              .findFirst()
              .orElseThrow(
                  () -> new DemoException(runtime + " holds no bundle " + name + " to be swapped"));
      try (InputStream in = jar.getInputStream(found)) {
        return in.readAllBytes();
      }
    }
  }

  private String idOf() throws AgentException, DemoException {
    Matcher line =
        Pattern.compile("(?m)^\\s*(\\d+)\\|.*\\b" + Pattern.quote(name) + " \\(")
            .matcher(shell.order("felix:lb -s"));
    if (!line.find()) {
      throw new DemoException("the agent runs no bundle " + name);
    }
    return line.group(1);
  }

  /** Starts the next version beside the present one. */
  void prepare() throws IOException, DemoException {
    versions++;
    Path file = Files.write(folder.resolve(name + "-" + versions + ".jar"), nextVersion());
    String answer = shell.order("felix:install " + file.toUri()).strip();
    Matcher id = INSTALLED.matcher(answer);
    if (!id.find()) {
      throw new DemoException("felix:install " + file + " answered '" + answer + "'");
    }
    next = id.group(1);
    shell.order("felix:start " + next);
  }

  private byte[] nextVersion() throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (JarInputStream in = new JarInputStream(new ByteArrayInputStream(bundle))) {
      Manifest manifest = in.getManifest();
      manifest.getMainAttributes().putValue("Bundle-Version", "0.1.1.swap-" + versions);
      try (JarOutputStream out = new JarOutputStream(bytes, manifest)) {
        for (JarEntry entry = in.getNextJarEntry(); entry != null; entry = in.getNextJarEntry()) {
          out.putNextEntry(new JarEntry(entry.getName()));
          in.transferTo(out);
        }
      }
    }
    return bytes.toByteArray();
  }

  /** Lets the present version go; on a thread of its own, for the attack goes on meanwhile. */
  CompletableFuture<Took> begin() {
    String old = present;
    present = next;
    return CompletableFuture.supplyAsync(
        () -> {
          long beganNs = System.nanoTime();
          try {
            shell.order("felix:uninstall " + old);
          } catch (AgentException e) {
            throw new CompletionException(e);
          }
          return new Took(beganNs, System.nanoTime());
        });
  }

  /** Notes a swap, and whether it fell into an attack. */
  void done(Took swap, long attackBeganNs, long attackEndedNs) {
    took.add(swap);
    if (swap.beganNs() < attackEndedNs && swap.endedNs() > attackBeganNs) {
      during++;
    }
  }

  DemoResult.Swap result(int tag) throws AgentException {
    return new DemoResult.Swap(
        took.size(), during, shell.engine(tag), took.stream().map(Took::millis).toList());
  }
}
