// SPDX-License-Identifier: Apache-2.0
package tagwatch.cli;

import java.io.IOException;
import java.io.InputStream;
import java.util.Properties;
import picocli.CommandLine.IVersionProvider;

/** The version as Maven wrote it into the jar. */
final class Version implements IVersionProvider {
  private static final String PROPERTIES = "/META-INF/maven/tagwatch/cli/pom.properties";

  @Override
  public String[] getVersion() throws IOException {
    return new String[] {"tagwatch " + number() + " (Java " + Runtime.version() + ")"};
  }

  private static String number() throws IOException {
    try (InputStream in = Version.class.getResourceAsStream(PROPERTIES)) {
      if (in == null) {
        return "(not from a jar)";
      }
      Properties properties = new Properties();
      properties.load(in);
      return properties.getProperty("version");
    }
  }
}
