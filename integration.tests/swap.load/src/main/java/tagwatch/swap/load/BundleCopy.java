// SPDX-License-Identifier: Apache-2.0
package tagwatch.swap.load;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Collections;
import java.util.Enumeration;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import org.osgi.framework.Bundle;
import org.osgi.framework.Constants;

/** New versions of an installed bundle: the same content under another version. */
final class BundleCopy {
  private final Bundle original;
  private int made;

  BundleCopy(Bundle original) {
    this.original = original;
  }

  /** The version that was made last. */
  String version() {
    return "0.1.1.copy-" + made;
  }

  /** The next version. */
  InputStream next() throws IOException {
    made++;
    Manifest manifest;
    try (InputStream in = original.getEntry(JarFile.MANIFEST_NAME).openStream()) {
      manifest = new Manifest(in);
    }
    manifest.getMainAttributes().putValue(Constants.BUNDLE_VERSION, version());
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (JarOutputStream out = new JarOutputStream(bytes, manifest)) {
      add(out, "/");
    }
    return new ByteArrayInputStream(bytes.toByteArray());
  }

  private void add(JarOutputStream out, String folder) throws IOException {
    Enumeration<String> paths = original.getEntryPaths(folder);
    if (paths == null) {
      return;
    }
    for (String path : Collections.list(paths)) {
      if (path.endsWith("/")) {
        add(out, path);
      } else if (!path.equals(JarFile.MANIFEST_NAME)) {
        out.putNextEntry(new JarEntry(path));
        try (InputStream in = original.getEntry(path).openStream()) {
          in.transferTo(out);
        }
      }
    }
  }
}
