// SPDX-License-Identifier: Apache-2.0
package tagwatch.demo;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
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

  private static final long LIMIT_NS = 20_000_000_000L;

  /** When the new version was told to start, and when it scored. */
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

  /** Installs the next version. */
  void prepare() throws IOException, DemoException {
    versions++;
    Path file = Files.write(folder.resolve(name + "-" + versions + ".jar"), nextVersion());
    String answer = shell.order("felix:install " + file.toUri()).strip();
    Matcher id = INSTALLED.matcher(answer);
    if (!id.find()) {
      throw new DemoException("felix:install " + file + " answered '" + answer + "'");
    }
    next = id.group(1);
  }

  private byte[] nextVersion() throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (JarInputStream in = new JarInputStream(new ByteArrayInputStream(bundle))) {
      Manifest manifest = in.getManifest();
      manifest.getMainAttributes().putValue("Bundle-Version", version());
      try (JarOutputStream out = new JarOutputStream(bytes, manifest)) {
        for (JarEntry entry = in.getNextJarEntry(); entry != null; entry = in.getNextJarEntry()) {
          out.putNextEntry(new JarEntry(entry.getName()));
          byte[] content = in.readAllBytes();
          out.write(entry.getName().matches("OSGI-INF/[^/]+\\.xml") ? ranked(content) : content);
        }
      }
    }
    return bytes.toByteArray();
  }

  private String version() {
    return "0.1.1.swap-" + versions;
  }

  private byte[] ranked(byte[] component) {
    String property =
        "<property name=\"service.ranking\" type=\"Integer\" value=\"" + versions + "\"/>";
    return new String(component, StandardCharsets.UTF_8)
        .replaceFirst("<service\\b", Matcher.quoteReplacement(property + "<service"))
        .getBytes(StandardCharsets.UTF_8);
  }

  /** Starts the new version; on a thread of its own, for the attack goes on meanwhile. */
  CompletableFuture<Took> begin(int tag) {
    return CompletableFuture.supplyAsync(
        () -> {
          long beganNs = System.nanoTime();
          try {
            shell.order("felix:start " + next);
            while (!shell.engine(tag).contains(version())) {
              if (System.nanoTime() - beganNs > LIMIT_NS) {
                throw new AgentException(name + " " + version() + " does not score after 20 s");
              }
            }
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
