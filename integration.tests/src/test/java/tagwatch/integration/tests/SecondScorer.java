// SPDX-License-Identifier: Apache-2.0
package tagwatch.integration.tests;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.jar.JarEntry;
import java.util.jar.JarInputStream;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleException;

/** The bundle {@code second.scorer}, which lies in the test bundle in any version. */
final class SecondScorer {
  /** The order of the versions in which it is updated. */
  static final String FIRST = "1.0.0";

  static final String NEXT = "1.0.1";

  private SecondScorer() {}

  static Bundle install(String version) throws IOException, BundleException {
    return Agent.CONTEXT.installBundle("test:second.scorer", jar(version));
  }

  static InputStream jar(String version) throws IOException {
    InputStream embedded =
        Agent.CONTEXT.getBundle().getEntry("bundles/second.scorer.jar").openStream();
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (JarInputStream in = new JarInputStream(embedded)) {
      Manifest manifest = in.getManifest();
      manifest.getMainAttributes().putValue("Bundle-Version", version);
      try (JarOutputStream out = new JarOutputStream(bytes, manifest)) {
        for (JarEntry entry = in.getNextJarEntry(); entry != null; entry = in.getNextJarEntry()) {
          out.putNextEntry(new JarEntry(entry.getName()));
          in.transferTo(out);
        }
      }
    }
    return new ByteArrayInputStream(bytes.toByteArray());
  }
}
